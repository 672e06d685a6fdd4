"""`linli keys`: keys by which other systems use the API and Open311."""

import argparse
import sys
from uuid import UUID

from linli.accounts import actions, selectors
from linli.accounts.models import Account
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import LinliError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """add LOGIN --name WHO [--days N] | list | end ID"""
    what = parser.add_subparsers(dest="what", required=True)
    add = what.add_parser("add", help="a key that acts as this account; shown once")
    add.add_argument("login", help="the account's login: its posts say what the key may do")
    add.add_argument("--name", required=True, help="which system it is for")
    add.add_argument("--days", type=int, default=actions.KEY_DAYS, help="how long it opens (365)")
    what.add_parser("list", help="all keys, without their secret part")
    end = what.add_parser("end", help="from now on the key opens nothing")
    end.add_argument("id", type=UUID)


def run(args: argparse.Namespace) -> int:
    """0 done; 1 it cannot be done, and why."""
    try:
        return _run(args)
    except LinliError as exc:
        sys.stderr.write(f"linli keys: {exc.message}\n")
        return 1


def _run(args: argparse.Namespace) -> int:
    if args.what == "list":
        for key in selectors.api_keys():
            state = "ended" if key.ended_at else "expired" if key.expires_at <= clock.wall() else "in use"
            print(f"{key.id}  {key.account.login:<20} {state:<8} until {clock.local(key.expires_at):%Y-%m-%d}  {key.name}")
    elif args.what == "end":
        actions.end_api_key(by=SYSTEM, key_id=args.id)
    else:
        account = Account.objects.filter(login=args.login).first()
        if account is None:
            sys.stderr.write(f"linli keys: there is no account `{args.login}`.\n")
            return 1
        made, key = actions.add_api_key(by=SYSTEM, account=account, name=args.name, days=args.days)
        sys.stderr.write(f"key {made.id}, until {clock.local(made.expires_at):%Y-%m-%d}. It is not shown again:\n")
        print(key)
    return 0
