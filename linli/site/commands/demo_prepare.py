"""`linli demo-prepare`: tables, the named cast and its past, and the clock that goes on from where it stood."""

import argparse

from django.conf import settings

from linli.demo import start
from linli.site.supervisor import EX_CONFIG, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--days"""
    parser.add_argument("--days", type=int, default=start.DAYS, help="days of past at the first start")


def run(args: argparse.Namespace) -> int:
    """Safe to call again: what is there stays."""
    if not settings.LINLI_DEMO:
        say("demo-prepare belongs to `linli demo`: it never writes into an installation with real people.")
        return EX_CONFIG
    start.prepare(days=args.days)
    return 0
