"""`linli serve`: web with live on one port, and the workers, under one supervisor."""

import argparse
import time
from pathlib import Path

from linli.site import env, keys
from linli.site.supervisor import EX_CONFIG, Child, Supervisor, linli, say, tell_when_ready


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing of its own: LINLI_PORT, LINLI_BIND, LINLI_WORKERS say the rest."""


def run(args: argparse.Namespace) -> int:
    """Refuse bad keys, else serve until stopped."""
    if found := keys.problems():
        for line in found:
            say(line)
        return EX_CONFIG
    return supervise([])


def supervise(more: list[Child], began: float | None = None) -> int:
    """Start web, workers and what else is given; returns the exit code when stopped."""
    workers = max(int(env.get("LINLI_WORKERS")), 0)
    children = [Child("web", linli("web", "--with-live"))]
    children += [Child(f"worker {n + 1}", linli("work")) for n in range(workers)]
    tell_when_ready(env.get("LINLI_BIND"), int(env.get("LINLI_PORT")), began or time.monotonic())
    source = Path(__file__).resolve().parents[2]
    return Supervisor(children + more, watch=source if env.flag("LINLI_DEV") else None).run()
