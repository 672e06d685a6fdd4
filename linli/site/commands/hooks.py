"""`linli hooks`: other systems that hear what happens to orders."""

import argparse
import sys
from uuid import UUID

from linli.accounts.models import Account
from linli.channels.hooks import actions, selectors
from linli.channels.hooks.body import VERBS
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import LinliError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """add URL --as LOGIN [--name WHO] [--verbs a,b] | list | again | end ID"""
    what = parser.add_subparsers(dest="what", required=True)
    add = what.add_parser("add", help="a receiver; its signing secret is shown once")
    add.add_argument("url", help="https://…; its host must stand in LINLI_HOOK_HOSTS")
    add.add_argument("--as", dest="login", required=True, help="it hears of the orders that this account may see")
    add.add_argument("--name", default="", help="which system it is")
    add.add_argument("--verbs", default="", help=f"only these, separated by commas: {', '.join(v.removeprefix('orders.') for v in VERBS)}")
    what.add_parser("list", help="all receivers: calls owed, calls given up, since when it does not answer")
    what.add_parser("again", help="make the calls that were given up once more")
    end = what.add_parser("end", help="it is called no more")
    end.add_argument("id", type=UUID)


def run(args: argparse.Namespace) -> int:
    """0 done; 1 it cannot be done, and why."""
    try:
        return _run(args)
    except LinliError as exc:
        sys.stderr.write(f"linli hooks: {exc.message}\n")
        return 1


def _run(args: argparse.Namespace) -> int:
    if args.what == "list":
        for row in selectors.overview():
            hook = row.hook
            state = "ended" if hook.ended_at else f"silent since {hook.failing_since:%Y-%m-%d %H:%M} UTC" if hook.failing_since else "well"
            print(f"{hook.id}  {state}  owed {row.owed}  given up {row.given_up}  {hook.name}  {hook.url}")
    elif args.what == "again":
        print(f"{actions.call_again(by=SYSTEM)} calls are owed again")
    elif args.what == "end":
        actions.end_hook(by=SYSTEM, hook_id=args.id)
    else:
        account = Account.objects.filter(login=args.login).first()
        if account is None:
            sys.stderr.write(f"linli hooks: there is no account `{args.login}`.\n")
            return 1
        verbs = [v.strip() for v in args.verbs.split(",") if v.strip()]
        hook = actions.add_hook(by=SYSTEM, name=args.name, url=args.url, account_id=account.id, verbs=verbs)
        sys.stderr.write(f"hook {hook.id}. Its secret (Standard Webhooks) is not shown again:\n")
        print(hook.secret)
    return 0
