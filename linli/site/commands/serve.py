"""`linli serve`: web with live on one port, and the workers, under one supervisor."""

import argparse
import socket
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
    """Start web, workers and what else is given; returns the exit code when stopped. Refuses a port that is not free."""
    host, port = env.get("LINLI_BIND"), int(env.get("LINLI_PORT"))
    if why := in_use(host, port):
        say(f"{host}:{port} cannot be listened on ({why}); stop the program that has it, or set another LINLI_PORT")
        return EX_CONFIG
    workers = max(int(env.get("LINLI_WORKERS")), 0)
    children = [Child("web", linli("web", "--with-live"))]
    children += [Child(f"worker {n + 1}", linli("work")) for n in range(workers)]
    tell_when_ready(host, port, began or time.monotonic())
    source = Path(__file__).resolve().parents[2]
    return Supervisor(children + more, watch=source if env.flag("LINLI_DEV") else None).run()


def in_use(host: str, port: int) -> str:
    """Why nobody can listen there now, "" when one can: another program would answer in our name, and we start for ever."""
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return ""
    except OSError as exc:
        return exc.strerror or str(exc)
