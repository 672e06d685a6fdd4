"""`linli demo-prepare`: tables, the named cast and its past, and the clock that goes on from where it stood."""

import argparse
import time

from django.conf import settings
from django.core.management import call_command

from linli.demo import cast
from linli.ledger import clockrow
from linli.site.supervisor import EX_CONFIG, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing of its own."""


def run(args: argparse.Namespace) -> int:
    """Safe to call again: what is there stays."""
    if not settings.LINLI_DEMO:
        say("demo-prepare belongs to `linli demo`: it never writes into an installation with real people.")
        return EX_CONFIG
    began = time.monotonic()
    call_command("migrate", verbosity=0)
    say(f"tables are up to date ({time.monotonic() - began:.1f} s)")
    if not cast.loaded():
        began = time.monotonic()
        cast.load()
        say(f"cast loaded ({time.monotonic() - began:.1f} s)")
    clockrow.start()
    return 0
