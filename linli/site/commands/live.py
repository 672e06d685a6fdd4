"""`linli live`: the live door alone, without models and without language."""

import argparse

from linli.site import keys, serving
from linli.site.live import Hub
from linli.site.router import Router
from linli.site.supervisor import EX_CONFIG, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing of its own."""


def run(args: argparse.Namespace) -> int:
    """Serve /live until stopped."""
    if found := keys.problems():
        for line in found:
            say(line)
        return EX_CONFIG
    return serving.run(Router(live=Hub()))
