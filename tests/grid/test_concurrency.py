"""Two hands on one place, colleague or week: one wins, the other is told, nothing is written twice or lost."""

from datetime import date, time

import pytest

from linli.calendars.models import Shift
from linli.grid import actions
from linli.grid.actions.hours import seen_week
from linli.grid.models import Building, Home, Post
from linli.grid.seen import Stale, seen_of
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Conflict, LinliError
from linli.kernel.roles import Role
from linli.ledger.models import Event
from tests.orders.people import race

pytestmark = pytest.mark.django_db(transaction=True)


def wrong(found):
    return [type(f) for f in found if isinstance(f, LinliError)]


def test_two_who_saw_the_same_area(cast, at):
    area = cast.community["jinxiu"]
    seen = seen_of(area)
    found = race(*[lambda n=n: actions.change_area(by=SYSTEM, area_id=area.id, roads=[f"{n}号路"], seen=seen) for n in range(4)])
    assert wrong(found) == [Stale] * 3
    assert Event.objects.filter(verb="grid.change_area").count() == 1


def test_two_buildings_want_one_name(cast, at):
    found = race(*[
        lambda key=key: actions.change_building(by=SYSTEM, building_id=cast.building[key].id, name="九号楼") for key in ("jx3", "jx5")
    ])  # fmt: skip
    assert wrong(found) == [Conflict]
    assert Building.objects.filter(name="九号楼").count() == 1


def test_one_list_of_homes_pasted_twice(cast, at):
    building = actions.add_building(by=SYSTEM, grid=cast.grid["jinxiu1"], estate="锦绣苑", name="21号楼", units=2)
    homes = [(f"{u}单元", f"{f}0{n}") for u in (1, 2) for f in range(1, 7) for n in range(1, 5)]
    found = race(*[lambda: actions.add_homes(by=SYSTEM, building=building, homes=homes)] * 3)
    assert not wrong(found) and Home.objects.filter(building=building).count() == 48
    assert Event.objects.filter(verb="grid.add_homes", subject_id=building.id).count() == 1


def test_a_post_given_twice_is_one_post(cast, at):
    li = cast.account["li_min"].id
    give = lambda: actions.add_post(by=SYSTEM, account_id=li, role=Role.COLLECTOR, area=cast.grid["jinxiu2"], starts=date(2026, 5, 1))  # noqa: E731
    found = race(*[give] * 4)
    assert len({p.id for p in found}) == 1 and Post.objects.filter(account_id=li, role=Role.COLLECTOR).count() == 1


@pytest.mark.parametrize("how", ["posts", "accounts", "both"])
def test_two_administrators_cannot_take_each_other_away(cast, at, how):
    other = cast.account["security"]
    second = actions.add_post(by=SYSTEM, account_id=other.id, role=Role.ADMIN_SYSTEM)
    first = Post.objects.get(account_id=cast.account["admin"].id, role=Role.ADMIN_SYSTEM)
    a, b = cast.actor("admin"), cast.actor("security")
    ends = [lambda: actions.end_post(by=a, post_id=second.id), lambda: actions.end_post(by=b, post_id=first.id)]
    stops = [
        lambda: actions.change_colleague(by=a, account_id=other.id, active=False),
        lambda: actions.change_colleague(by=b, account_id=cast.account["admin"].id, active=False),
    ]
    found = race(*{"posts": ends, "accounts": stops, "both": [ends[0], stops[1]]}[how])
    assert wrong(found) == [Conflict]


def test_two_weeks_from_one_page(cast, at):
    street = cast.street["jinxiu"]
    seen = seen_week(street)
    weeks = [[(w, time(h), time(h + 8)) for w in range(5)] for h in (6, 7, 8)]
    found = race(*[lambda week=week: actions.set_hours(by=SYSTEM, area=street, shifts=week, seen=seen) for week in weeks])
    assert sorted(t.__name__ for t in wrong(found)) == ["Stale", "Stale"]
    assert Shift.objects.filter(calendar__area_code=street.code, calendar__code="hours").count() == 5


def test_two_weeks_at_once_are_one_of_the_two_and_never_both(cast, at):
    weeks = [[(w, time(h), time(h + 8)) for w in range(5)] for h in (6, 7, 8)]
    assert not wrong(race(*[lambda week=week: actions.set_hours(by=SYSTEM, area=None, shifts=week) for week in weeks]))
    for code in ("hours", "days"):
        rows = Shift.objects.filter(calendar__area_code="", calendar__code=code)
        assert rows.count() == 5 and rows.values("starts").distinct().count() == 1
