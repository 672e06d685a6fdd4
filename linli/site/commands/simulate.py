"""`linli simulate`: the demo's gentle simulator, a child of `linli demo`."""

import argparse
import signal
from threading import Event

from django.conf import settings

from linli.demo import simulator
from linli.site.supervisor import EX_CONFIG, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing of its own: it is paused and hurried by `linli.demo.simulator`'s functions."""


def run(args: argparse.Namespace) -> int:
    """Let groups talk and staff work until SIGTERM or SIGINT."""
    if not settings.LINLI_DEMO:
        say("simulate belongs to `linli demo`: it never speaks where real people do.")
        return EX_CONFIG
    ending = Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    signal.signal(signal.SIGINT, lambda *_: ending.set())
    simulator.run(ending)
    return 0
