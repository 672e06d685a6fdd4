"""What every bench shares: its own database, the named cast, a stream of words, counts from the database afterwards."""

import csv
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ENTRIES = ROOT / "linli" / "knowledge" / "data" / "entries"
KNOWN = 0.8  # share of the questions that the seeded knowledge base can answer
EXAMPLES = ROOT / "linli" / "language" / "data" / "examples.tsv"
MIX = (("small_talk", 0.82), ("question", 0.10), ("appeal", 0.08))
SEED = 20261122


def stream(count: int, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """(intent as written, text): 82 % small talk, 10 % questions, 8 % appeals, from the project's own examples, with a
    building and unit in front of every second appeal so that matters lie at many places."""
    pools: dict[str, list[str]] = {name: [] for name, _ in MIX}
    with EXAMPLES.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle, ("text", "intent", "kind", "category"), delimiter="\t"):
            if row["intent"] in pools:
                pools[row["intent"]].append(row["text"])
    known: list[str] = []
    for path in sorted(ENTRIES.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            known += [w for row in csv.DictReader(handle) for w in (row["question"], *row["wordings"].split("|")) if w]
    dice = random.Random(seed)
    names, weights = zip(*MIX, strict=True)
    for _ in range(count):
        intent = dice.choices(names, weights)[0]
        text = dice.choice(pools[intent])
        if intent == "question" and dice.random() < KNOWN:
            text = dice.choice(known)
        if intent == "appeal" and dice.random() < 0.5:
            text = f"{dice.randint(1, 12)}号楼{dice.randint(1, 4)}单元，{text}"
        yield intent, text


def counts() -> dict[str, int]:
    """Rows in the database after the run: what the figures rest on."""
    from linli.groups.models import Message  # noqa: PLC0415  (Django is set up by the time this runs)
    from linli.ledger.models import Delivery, Event  # noqa: PLC0415
    from linli.orders.models import Order  # noqa: PLC0415

    return {
        "messages": Message.objects.filter(direction="in").count(),
        "answers": Message.objects.filter(direction="out").count(),
        "waiting": Message.objects.filter(state=0).count(),
        "orders": Order.objects.count(),
        "events": Event.objects.count(),
        "deliveries": Delivery.objects.count(),
        "open_deliveries": Delivery.objects.filter(state=0).count(),
        "failed_deliveries": Delivery.objects.filter(state=2).count(),
    }


def timed(call: Callable[[], Any]) -> float:
    """Seconds on the wall."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def cpu_ms(call: Callable[[], Any]) -> float:
    """Milliseconds of this process's CPU, user and system."""
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def noise(runs: int = 7) -> dict[str, float]:
    """How quiet the machine is: a fixed piece of Python work, its median in ms and (max − min) / median."""
    def work() -> None:
        total = 0
        for i in range(300_000):
            total += i * i % 7

    took = [timed(work) * 1000 for _ in range(runs)]
    middle = statistics.median(took)
    return {"work_ms": round(middle, 2), "spread": round((max(took) - min(took)) / middle, 3)}


def memory_kb() -> int:
    """Peak memory of this process in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def child(module: str, *args: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """Another process of the bench, with the same database."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *args], cwd=ROOT, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, text=True
    )
