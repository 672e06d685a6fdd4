"""`linli migrate`: bring the tables up to date."""

import argparse

from django.core.management import call_command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--check"""
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 when steps are lacking")


def run(args: argparse.Namespace) -> int:
    """Apply the migrations."""
    call_command("migrate", check_unapplied=args.check, verbosity=1)
    return 0
