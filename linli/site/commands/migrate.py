"""`linli migrate`: bring the tables and what comes with the product up to date."""

import argparse

from django.core.management import call_command

from linli.calendars.actions import seed_calendars
from linli.channels.sensors.actions import seed_rules
from linli.grid.models import Area
from linli.kernel.actors import SYSTEM
from linli.knowledge.actions import seed_entries
from linli.standards.seed import seed_standards


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--check"""
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 when steps are lacking")


def run(args: argparse.Namespace) -> int:
    """Apply the migrations, then add what the new version brings."""
    call_command("migrate", check_unapplied=args.check, verbosity=1)
    if not args.check and Area.objects.exists():
        # A newer version brings clauses, kinds, holidays and entries of its own; what the adopter changed stays.
        seed_standards()
        seed_calendars(by=SYSTEM)
        seed_entries(by=SYSTEM)
        seed_rules(by=SYSTEM)
    return 0
