"""The learner's process, from outside: begin one, read what it found. What learns (`trial`, and with it scikit-learn) is imported
by that process only."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from linli.language import examples

VERDICT = "verdict.json"


def start(decisions: Iterable[Sequence[str]], out: Path, home: Path, own: Path = examples.OWN) -> "subprocess.Popen[bytes]":
    """Begin `linli.language.trial` in a process of its own; poll for `verdict(out)`. Raises OSError when there can be no process."""
    words = [sys.executable, "-m", "linli.language.trial", str(out), str(home), "--own", str(own)]
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with tempfile.TemporaryFile() as source:  # has no name, and is gone with its last reader
        source.write(json.dumps([list(d) for d in decisions], ensure_ascii=False).encode())
        source.seek(0)
        return subprocess.Popen(words, stdin=source, env={**os.environ, **threads})  # noqa: S603


def verdict(out: Path) -> dict[str, Any] | None:
    """What a finished trial found: {"scores", "before", "worse", "digest", "taught", "left_out"}; None while there is none."""
    try:
        found: dict[str, Any] = json.loads((out / VERDICT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found
