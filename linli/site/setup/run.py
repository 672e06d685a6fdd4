"""The empty district: tables of the start, the file in one transaction, the first administrator."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from linli.accounts import actions as accounts
from linli.accounts.models import Account
from linli.calendars.actions import seed_calendars
from linli.channels.sensors.actions import seed_rules
from linli.grid import actions as grid
from linli.grid.models import Absence, Area, Building, Home, Organisation, Post, RosterShift
from linli.groups.models import Group
from linli.kernel.actors import SYSTEM
from linli.kernel.roles import LABELS, Role
from linli.knowledge.actions import seed_entries
from linli.site.setup import links
from linli.site.setup.places import Places
from linli.site.setup.reading import Book, Problem, read
from linli.site.setup.staff import Staff
from linli.standards.seed import seed_standards

COUNTED: dict[str, Any] = {
    "地方": Area, "单位": Organisation, "楼栋": Building, "住户": Home, "账号": Account, "岗位": Post, "群": Group,
    "值班": RosterShift, "替班": Absence,
}  # fmt: skip


class Refused(Exception):
    """The file was not taken in; nothing was changed."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__(f"{len(problems)} problems")


@dataclass
class Done:
    """What a run brought: new rows by kind, what was left as it is, the links that were made."""

    added: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    people: int = 0
    admin_link: str = ""


def seed() -> None:
    """What every district starts with; safe to run again. Must run in a transaction."""
    seed_standards()
    seed_calendars(by=SYSTEM)
    seed_entries(by=SYSTEM)
    seed_rules(by=SYSTEM)


@transaction.atomic
def load(book: Book) -> Done:
    """Take the file in through the actions: all of it, or Refused with everything that is wrong, sheet by sheet."""
    before = {name: model.objects.count() for name, model in COUNTED.items()}
    places = Places(book)
    staff = Staff(book, places)
    if any(p.sheet == "" for p in book.problems):
        raise Refused(book.problems)
    places.load()
    staff.load()
    if book.problems:
        order = {name: n for n, name in enumerate(book.lines)}
        raise Refused(sorted(set(book.problems), key=lambda p: (order.get(p.sheet, -1), p.line, p.reason)))
    after = {name: model.objects.count() for name, model in COUNTED.items()}
    return Done(
        {name: after[name] - before[name] for name in COUNTED if after[name] > before[name]}, staff.notes
    )


def init(
    file: Path | None, out: links.LinksFile | None, *, base: str, hours: int, admin: str, admin_name: str
) -> Done:
    """Make or extend the district in one transaction. Raises Refused, LinliError."""
    book = read(file) if file else None
    try:
        with transaction.atomic():
            seed()
            done = load(book) if book else Done()
            done.admin_link = _first_admin(admin, admin_name, base, hours)
            if out:
                people = links.rows_of_people(base, hours)
                done.people = len(people)
                out.write(people, links.rows_of_groups(base))
    except BaseException:
        if out:
            out.drop()
        raise
    return done


def _first_admin(login: str, name: str, base: str, hours: int) -> str:
    """Make the first administrator and her link; "" when there is one already who is not stopped."""
    admins = Post.objects.filter(role=Role.ADMIN_SYSTEM, area=None).values("account_id")
    there = Account.objects.filter(id__in=admins, is_active=True).first()
    if there is not None:
        return ""
    account = accounts.add_account(by=SYSTEM, kind=Account.STAFF, login=login, name=name)
    role = Role.ADMIN_SYSTEM
    grid.add_post(by=SYSTEM, account_id=account.id, role=role, title=LABELS[role])
    return links.link(account, base, hours)
