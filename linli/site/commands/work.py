"""`linli work`: one worker."""

import argparse
import signal

from linli.site import keys, readiness
from linli.site.supervisor import EX_CONFIG, say
from linli.site.worker import Worker


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing of its own."""


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT."""
    if found := keys.problems() or readiness.problems():
        for line in found:
            say(line)
        return EX_CONFIG
    worker = Worker()
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.run()
    return 0
