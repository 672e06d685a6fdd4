"""The learner's process, from outside: begin one, see of what the last one learned. What learns (`learning`) is imported by it only."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

Entries = Sequence[tuple[str, Sequence[str], str]]
"""(id, question and wordings, answer) of each entry of a base."""


def mark_file(target: Path) -> Path:
    """Where it stands of what `target` was made."""
    return target.with_name(f"{target.name}.mark")


def mark_of(target: Path) -> str:
    """What `start` was told that the learned file was made of; "" when nothing was learned yet."""
    file = mark_file(target)
    return file.read_text(encoding="utf-8") if file.exists() else ""


def start(entries: Entries, target: Path, mark: str = "") -> "subprocess.Popen[bytes]":
    """Learn in a process of its own that writes `target`, and `mark` beside it, when it is done; the caller polls or waits.
    It ends with the process that started it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source = target.with_name(f".{target.name}.{os.getpid()}.json")
    source.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    words = [sys.executable, "-m", "linli.language.retrieval.learning", str(source), str(target), "--mark", mark, "--parent", str(os.getpid())]
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(words, stdin=subprocess.DEVNULL, env={**os.environ, **threads})  # noqa: S603
