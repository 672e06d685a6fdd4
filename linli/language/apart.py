"""What learns or clusters does so in a process of its own, started here by its module's name: whoever serves never imports what only
that needs (scikit-learn, scipy). A trial of a new model: `trial`; the weights of a knowledge base: `retrieval.learning`; the events of
a year: `events`."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from linli.language.examples import OWN

VERDICT = "verdict.json"
_THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def start_trial(decisions: Iterable[Sequence[str]], out: Path, home: Path, own: Path = OWN) -> "subprocess.Popen[bytes]":
    """Begin to learn from decisions (text, intent, kind, category) and to try the result; poll for `verdict(out)`. `home`: where
    the versions are. Raises OSError when there can be no process."""
    words = [sys.executable, "-m", "linli.language.trial", str(out), str(home), "--own", str(own)]
    with tempfile.TemporaryFile() as source:  # has no name, and is gone with its last reader
        source.write(json.dumps([list(d) for d in decisions], ensure_ascii=False).encode())
        source.seek(0)
        return subprocess.Popen(words, stdin=source, env={**os.environ, **_THREADS})  # noqa: S603


def verdict(out: Path) -> dict[str, Any] | None:
    """What a finished trial found: {"scores", "before", "worse", "digest", "taught", "left_out"}; None while there is none."""
    try:
        found: dict[str, Any] = json.loads((out / VERDICT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def start_learning(entries: Sequence[tuple[str, Sequence[str], str]], target: Path, mark: str = "") -> "subprocess.Popen[bytes]":
    """Begin to learn the weights of a base (id, texts, answer): writes `target`, and `mark` beside it, when it is done; the caller
    polls or waits. It ends with the process that started it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source = target.with_name(f".{target.name}.{os.getpid()}.json")
    source.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    words = [sys.executable, "-m", "linli.language.retrieval.learning", str(source), str(target), "--mark", mark, "--parent", str(os.getpid())]
    return subprocess.Popen(words, stdin=subprocess.DEVNULL, env={**os.environ, **_THREADS})  # noqa: S603


def mark_file(target: Path) -> Path:
    """Where it stands what a learned file was made of."""
    return target.with_name(f"{target.name}.mark")


def mark_of(target: Path) -> str:
    """What `start_learning` was told that the learned file was made of; "" when nothing was learned yet."""
    file = mark_file(target)
    return file.read_text(encoding="utf-8") if file.exists() else ""


def clustered(messages: Sequence[tuple[str, str, str, str]]) -> list[list[int]]:
    """`events.cluster` of (id, title, body, time), waited for: groups of message numbers, the largest first. Raises
    subprocess.CalledProcessError when the process fails, OSError when there can be none."""
    if not messages:
        return []
    words = [sys.executable, "-m", "linli.language.events"]
    said = json.dumps(list(messages), ensure_ascii=False)
    done = subprocess.run(words, input=said.encode(), stdout=subprocess.PIPE, env={**os.environ, **_THREADS}, check=True)  # noqa: S603
    groups: list[list[int]] = json.loads(done.stdout)
    return groups
