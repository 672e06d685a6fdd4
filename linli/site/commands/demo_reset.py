"""`linli demo-reset`: forget the demo's data and keys."""

import argparse
import shutil
from pathlib import Path

from linli.site import env
from linli.site.supervisor import say

THINGS = ("linli.sqlite3", "linli.sqlite3-wal", "linli.sqlite3-shm", "files", "run", "demo-keys", "demo-made",
          "simulator.json", "simulator-status.json")  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing of its own."""


def run(args: argparse.Namespace) -> int:
    """Remove them; refuses where the folder is not the demo's."""
    var = Path(env.get("LINLI_VAR"))
    if not (var / "demo-keys").exists():
        say(f"{var}/ holds no demo: nothing was removed.")
        return 0 if not (var / "linli.sqlite3").exists() else 1
    for name in THINGS:
        path = var / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    say("The demo's data are gone; the next start begins at today.")
    return 0
