"""Working time by place: who changes whose week, what follows what, and what was promised stays."""

from datetime import date, datetime, time

import pytest

from linli.calendars.models import Calendar, SpecialDay
from linli.calendars.selectors import get_calendar
from linli.calendars.worktime import NoOpenTime, OutOfCalendar
from linli.grid import actions, selectors
from linli.grid.actions.hours import seen_week
from linli.grid.duty import book
from linli.grid.models import Area
from linli.grid.seen import Stale
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, Forbidden, NotFound
from linli.ledger.models import Event
from linli.orders.actions import advance_clocks
from linli.orders.models import Clock, Order
from tests.desk import opened

pytestmark = pytest.mark.django_db

EARLY = [(w, time(8), time(16)) for w in range(5)]
SPLIT = [(w, a, b) for w in range(6) for a, b in ((time(8, 30), time(11, 30)), (time(13), time(17)))]
NIGHT = [(w, time(22), time(6)) for w in range(7)]


def on(*parts):
    return datetime(*parts, tzinfo=clock.LOCAL)


def due(area, start=(2026, 3, 6, 16, 50), minutes=120, code="hours"):
    return clock.local(get_calendar(code, selectors.calendar_codes(area.id)).add(on(*start), minutes)).strftime("%m-%d %H:%M")


def test_the_nearest_week_counts_community_street_district(cast, at):
    district, street, community, other = cast.district, cast.street["jinxiu"], cast.community["jinxiu"], cast.community["heping"]
    assert due(community) == due(other) == "03-09 10:20"
    actions.set_hours(by=cast.actor("lang_yue"), area=district, shifts=SPLIT)
    assert due(community) == due(other) == "03-07 10:20"
    actions.set_hours(by=cast.actor("cao_wei"), area=street, shifts=EARLY)
    assert (due(community), due(other)) == ("03-09 10:00", "03-07 10:20"), "a street's week is that of its communities"
    actions.set_hours(by=cast.actor("zhao_hui"), area=community, shifts=NIGHT)
    assert (due(community), due(cast.community["liudi"]), due(cast.grid["jinxiu1"])) == ("03-07 00:00", "03-09 10:00", "03-07 00:00")
    actions.drop_hours(by=cast.actor("zhao_hui"), area=community)
    actions.drop_hours(by=cast.actor("cao_wei"), area=street)
    assert due(community) == "03-07 10:20"
    verbs = list(Event.objects.filter(verb__startswith="grid.").order_by("id").values_list("verb", "actor_id"))[-5:]
    assert [v for v, _ in verbs] == ["grid.set_hours"] * 3 + ["grid.drop_hours"] * 2
    assert verbs[1][1] == cast.account["cao_wei"].id
    assert due(community, minutes=1, code="days") == "03-07 17:00", "working days run on the same week"


def test_the_duty_book_follows_at_once(cast, at):
    community = cast.community["jinxiu"]
    late = on(2026, 3, 2, 17)
    assert book().in_hours(community.id, late)
    actions.set_hours(by=cast.actor("cao_wei"), area=cast.street["jinxiu"], shifts=EARLY)
    assert not book().in_hours(community.id, late) and book().in_hours(cast.community["heping"].id, late)
    assert book().holder(selectors.stamp_of_building(cast.building["jx3"]), late).via == "roster"


def test_the_same_week_again_is_no_change(cast, at):
    given = {"by": cast.actor("cao_wei"), "area": cast.street["jinxiu"]}
    assert actions.set_hours(**given, shifts=EARLY)
    assert not actions.set_hours(**given, shifts=EARLY[::-1])
    event = Event.objects.get(verb="grid.set_hours")
    assert event.facts["week"] == {str(n): ["08:00-16:00"] for n in range(5)} and event.street_id == cast.street["jinxiu"].id


@pytest.mark.parametrize(("shifts", "error"), [
    ([], NoOpenTime), ([(0, time(9), time(12)), (0, time(11), time(13))], BadInput), ([(7, time(9), time(12))], BadInput),
    ([(6, time(22), time(6)), (0, time(5), time(9))], BadInput),
])  # fmt: skip
def test_a_week_that_cannot_be(cast, at, shifts, error):
    with pytest.raises(error):
        actions.set_hours(by=SYSTEM, area=cast.district, shifts=shifts)
    assert due(cast.community["jinxiu"]) == "03-09 10:20"


def test_a_grid_has_none_and_the_district_always_one(cast, at):
    with pytest.raises(BadInput):
        actions.set_hours(by=SYSTEM, area=cast.grid["jinxiu1"], shifts=EARLY)
    with pytest.raises(BadInput):
        actions.drop_hours(by=SYSTEM, area=cast.district)
    with pytest.raises(NotFound):
        actions.drop_hours(by=SYSTEM, area=cast.community["jinxiu"])


def test_an_older_copy_of_a_week(cast, at):
    street = cast.street["jinxiu"]
    seen = seen_week(street)
    actions.set_hours(by=SYSTEM, area=street, shifts=EARLY, seen=seen)
    with pytest.raises(Stale):
        actions.set_hours(by=SYSTEM, area=street, shifts=SPLIT, seen=seen)
    with pytest.raises(Stale):
        actions.drop_hours(by=SYSTEM, area=street, seen=seen)
    assert not actions.set_hours(by=SYSTEM, area=street, shifts=EARLY, seen=seen_week(street))


def test_days_of_the_year(cast, at):
    community, street = cast.community["jinxiu"], cast.street["jinxiu"]
    given = {"by": cast.actor("zhao_hui"), "area": community, "first": date(2026, 3, 9), "last": date(2026, 3, 10)}
    assert actions.set_special_days(**given, working=False, name=" 停电 检修 ") == 2
    assert due(community) == "03-11 10:20" and due(cast.community["liudi"]) == "03-09 10:20"
    assert actions.set_special_days(**given, working=False, name="停电 检修") == 0
    assert actions.set_special_days(**given, working=False, name="停电 检修", provisional=True) == 2
    events = Event.objects.filter(verb="grid.set_special_days").order_by("id")
    assert [e.facts["days"] for e in events] == [2, 2] and "停电" not in str([e.facts for e in events])
    assert actions.set_special_days(by=cast.actor("cao_wei"), area=street, first=date(2026, 3, 7), working=True, name="调休") == 1
    assert due(cast.community["liudi"]) == "03-07 10:20" == due(community)
    assert actions.drop_special_days(by=cast.actor("zhao_hui"), area=community, first=date(2026, 3, 1), last=date(2026, 3, 31)) == 2
    assert not SpecialDay.objects.filter(area_code=community.code).exists()
    with pytest.raises(NotFound):
        actions.drop_special_days(**given)


@pytest.mark.parametrize(("given", "error"), [
    ({"first": date(2026, 3, 9), "last": date(2026, 3, 8)}, BadInput), ({"first": date(2026, 3, 9), "last": date(2026, 6, 8)}, BadInput),
    ({"first": date(2026, 3, 9), "name": "长" * 61}, BadInput), ({"first": date(1900, 3, 9)}, OutOfCalendar),
])  # fmt: skip
def test_days_that_cannot_be(cast, at, given, error):
    with pytest.raises(error):
        actions.set_special_days(by=SYSTEM, area=None, working=False, **given)


def test_beyond_one_s_reach(cast, at):
    place = {"district": cast.district, "jinxiu": cast.community["jinxiu"], "heping": cast.community["heping"], "street": cast.street["jinxiu"]}
    for key, refused in (("zhao_hui", ("district", "heping", "street")), ("cao_wei", ("district", "heping")), ("li_min", tuple(place)), ("yu_tao", tuple(place))):
        for name in refused:
            for act, more in (
                (actions.set_hours, {"shifts": EARLY}), (actions.drop_hours, {}),
                (actions.set_special_days, {"first": date(2026, 3, 9), "working": False}),
                (actions.drop_special_days, {"first": date(2026, 10, 1)}),
            ):  # fmt: skip
                with pytest.raises(Forbidden):
                    act(by=cast.actor(key), area=place[name], **more)
    assert Calendar.objects.exclude(area_code="").count() == 0
    assert SpecialDay.objects.filter(day=date(2026, 10, 1)).exists()


def test_what_was_promised_stays(cast, at):
    """An order's hour does not move with the week; the next one is promised by the new week."""
    order = opened(cast)
    promised = order.solve_due_at
    Clock.objects.filter(order=order, name=Clock.ANSWER).delete()
    actions.set_hours(by=SYSTEM, area=cast.district, shifts=[(w, time(10), time(11)) for w in range(5)])
    row = Clock.objects.get(order=order, name=Clock.SOLVE)
    at.set(clock.local(row.next_at).replace(tzinfo=None))
    advance_clocks()
    row.refresh_from_db()
    assert row.next_at == row.due_at == promised == Order.objects.get(id=order.id).solve_due_at
    assert opened(cast, thing="路灯").solve_due_at > promised


def test_an_area_without_a_week_of_its_own_has_no_row(cast, at):
    assert Calendar.objects.exclude(area_code="").count() == 0
    assert selectors.calendar_codes(cast.grid["jinxiu1"].id) == (cast.community["jinxiu"].code, cast.street["jinxiu"].code)
    assert selectors.calendar_codes(None) == selectors.calendar_codes(cast.district.id) == ()
    assert Area.objects.filter(code__in=selectors.calendar_codes(cast.street["jinxiu"].id)).count() == 1
