"""The roster against a slow walk: any weekly pattern, single days, shifts over midnight and leave, minute by minute."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.grid import actions as grid
from linli.grid.duty import book
from linli.grid.models import RosterShift
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.ledger import stamps


PEOPLE = ("hua_yu", "jin_qiang", "li_min")
MONDAY = date(2026, 3, 2)
hours = st.integers(0, 47).map(lambda n: time(n // 2, 30 * (n % 2)))
#: (who, weekday or day of the fortnight, from, to)
weekly = st.tuples(st.sampled_from(PEOPLE), st.integers(0, 6), hours, hours)
single = st.tuples(st.sampled_from(PEOPLE), st.integers(0, 13).map(lambda n: MONDAY + timedelta(days=n)), hours, hours)
leaves = st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(0, 13 * 24), st.integers(1, 72)), max_size=2, unique_by=lambda x: x[0])


def on_roster(shifts, away, minute: datetime) -> set[str]:
    """Whose shift holds the minute: of a single day before the week's; whoever is on leave has none."""
    found: dict[bool, list[str]] = {True: [], False: []}
    for who, day, starts, ends in shifts:
        if any(w == who and a <= minute < b for w, a, b in away):
            continue
        for begins in (minute.date(), minute.date() - timedelta(days=1)):
            if (begins != day) if isinstance(day, date) else (begins.weekday() != day):
                continue
            first = datetime.combine(begins, starts)
            last = datetime.combine(begins if ends > starts else begins + timedelta(days=1), ends)
            if first <= minute < last:
                found[isinstance(day, date)].append(who)
    return set(found[True] or found[False])


@pytest.mark.django_db
def test_the_roster_is_walked_like_the_oracle(cast, at):
    street = cast.street["jinxiu"]

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.one_of(weekly, single), min_size=1, max_size=5, unique_by=lambda s: (s[1], s[2])), leaves, st.lists(st.integers(0, 14 * 1440 - 1), min_size=5, max_size=40))
    def walk(shifts, gone, minutes):
        with transaction.atomic():
            RosterShift.objects.all().delete()
            stamps.renew(["duty"])
            for who, day, starts, ends in shifts:
                when = {"day": day} if isinstance(day, date) else {"weekday": day}
                grid.set_roster_shift(by=SYSTEM, area=street, account_id=cast.account[who].id, starts=starts, ends=ends, **when)
            away = []
            for who, hour, length in gone:
                begins = datetime.combine(MONDAY, time()) + timedelta(hours=hour)
                away.append((who, begins, begins + timedelta(hours=length)))
                local = begins.replace(tzinfo=clock.LOCAL)
                grid.add_absence(by=SYSTEM, account_id=cast.account[who].id, starts_at=local, ends_at=local + timedelta(hours=length))
            known = book()
            for n in minutes:
                minute = datetime.combine(MONDAY, time()) + timedelta(minutes=n)
                got = cast.key_of(known.on_roster(street.id, minute.replace(tzinfo=clock.LOCAL)))
                wanted = on_roster(shifts, away, minute)
                assert got in wanted if wanted else got == "", (minute, wanted)
            transaction.set_rollback(True)

    walk()
