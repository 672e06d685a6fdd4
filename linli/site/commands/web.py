"""`linli web`: the pages; with `--with-live` the live door on the same port."""

import argparse

from linli.site import asgi, keys, readiness, serving, static
from linli.site.supervisor import EX_CONFIG, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--with-live"""
    parser.add_argument("--with-live", action="store_true", help="also serve /live (what `linli serve` does)")


def run(args: argparse.Namespace) -> int:
    """Serve until stopped; refuses bad keys and a database that is not up to date."""
    if found := keys.problems() or readiness.problems():
        for line in found:
            say(line)
        return EX_CONFIG
    static.collect()
    return serving.run(asgi.build(live=args.with_live))
