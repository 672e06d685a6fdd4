"""`linli evaluate events`: groups of one place and one event in a year of messages, judged on the rows known."""

import time
from collections import defaultdict
from pathlib import Path

from linli.language.evaluation import scores
from linli.language.evaluation.files import BadFile, read_rows
from linli.language.events import Told, cluster, similarities


def evaluate(messages: str | Path, gold: str | Path) -> dict[str, object]:
    """`pair_auc`, `b3_f`, `false_merges` (clusters that hold more than one gold event). Raises BadFile."""
    rows = read_rows(messages, "id", "title", "body")
    known = {row["id"]: row["event_id"] for row in read_rows(gold, "event_id", "id")}
    told = [Told(row["id"], row["title"], row["body"], row.get("time", "")) for row in rows]
    missing = set(known) - {t.id for t in told}
    if missing:
        raise BadFile(f"{gold}: {len(missing)} ids are not in {messages}, first {min(missing)}")
    started = time.perf_counter()
    groups = cluster(told)
    seconds = time.perf_counter() - started
    of_message = {told[i].id: number for number, group in enumerate(groups) for i in group}
    held = defaultdict(set)
    for name, event in known.items():
        held[of_message[name]].add(event)
    judged = [t for t in told if t.id in known]
    alike = similarities(judged, told)
    pairs: dict[bool, list[float]] = {True: [], False: []}
    for i, one in enumerate(judged):
        for j in range(i):
            pairs[known[one.id] == known[judged[j].id]].append(float(alike[i, j]))
    names = list(known)
    return {
        "pair_auc": scores.auc(pairs[True], pairs[False]),
        "b3_f": scores.b_cubed([known[n] for n in names], [of_message[n] for n in names]),
        "false_merges": sum(len(events) > 1 for events in held.values()),
        "clusters": len(groups),
        "rows": len(rows),
        "gold": len(known),
        "seconds": seconds,
    }
