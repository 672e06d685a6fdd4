"""Calendars in the database: seeding, areas, edits, the cache and who may change them."""

from datetime import date, datetime, time
from uuid import uuid4

import pytest
from django.db import transaction

from linli.calendars import access, actions
from linli.calendars.models import Calendar, SpecialDay
from linli.calendars.selectors import (
    get_calendar,
    list_calendars,
    list_special_days,
    own_week,
    version,
    with_shifts,
)
from linli.calendars.worktime import NoOpenTime, OutOfCalendar
from linli.kernel.actors import GUEST, SYSTEM, Actor, PostRef
from linli.kernel.errors import BadInput, Forbidden, NotFound
from linli.kernel.roles import Role
from linli.ledger.models import Event
from tests.calendars.oracle import utc

pytestmark = pytest.mark.django_db

FRIDAY = utc(datetime(2026, 3, 6, 16, 50))
SHORT = tuple((w, time(9), time(11)) for w in range(5))
STREET, COMMUNITY = "320113003", "320113003007"


def admin(**reach):
    return Actor("worker", uuid4(), posts=(PostRef(uuid4(), Role.ADMIN_SYSTEM, **reach),))


@pytest.fixture
def seeded(db):
    actions.seed_calendars(by=SYSTEM)


def test_seeding_makes_three_calendars_and_all_published_days(seeded):
    assert {c.code: c.kind for c in Calendar.objects.all()} == {
        "clock": "clock",
        "hours": "hours",
        "days": "days",
    }
    assert get_calendar("clock").add(FRIDAY, 120) == utc(datetime(2026, 3, 6, 18, 50))
    assert get_calendar("hours").add(FRIDAY, 120) == utc(datetime(2026, 3, 9, 10, 20))
    assert get_calendar("days").add(FRIDAY, 1) == utc(datetime(2026, 3, 9, 17, 30))
    national = SpecialDay.objects.get(day=date(2026, 10, 1))
    assert (national.name, national.working, national.provisional) == ("国庆节", False, False)
    assert SpecialDay.objects.get(day=date(2026, 2, 14)).name == "春节调休上班"
    assert len(list_special_days(2026)) > 25 and list_special_days(2027) == []
    assert not get_calendar("hours").is_provisional(FRIDAY)
    assert get_calendar("hours").is_provisional(utc(datetime(2027, 3, 1)))


def test_seeding_again_changes_nothing(seeded):
    before = (version(), SpecialDay.objects.count(), Event.objects.count())
    assert actions.seed_calendars(by=SYSTEM) == 0
    assert (version(), SpecialDay.objects.count(), Event.objects.count()) == before


def test_a_publication_replaces_provisional_days_and_spares_settled_ones(seeded):
    SpecialDay.objects.filter(day__year=2026).delete()
    actions.set_special_day(by=SYSTEM, day=date(2026, 2, 12), working=False, provisional=True)
    actions.set_special_day(by=SYSTEM, day=date(2026, 10, 1), working=True, name="防汛值守")
    actions.seed_calendars(by=SYSTEM)
    assert not SpecialDay.objects.filter(day=date(2026, 2, 12)).exists()
    assert SpecialDay.objects.get(day=date(2026, 10, 1)).working


def test_a_single_day_of_one_s_own_does_not_make_a_year_published(seeded):
    actions.set_special_day(by=SYSTEM, day=date(2027, 3, 1), working=False)
    office = get_calendar("hours")
    assert office.is_provisional(utc(datetime(2027, 3, 2)))
    assert not office.works_on(date(2027, 3, 1))


def test_the_nearest_area_with_a_calendar_of_its_own_wins(seeded):
    actions.save_calendar(
        by=SYSTEM, code="hours", name="老街道", kind="hours", shifts=SHORT, area_code=STREET
    )
    after = utc(datetime(2026, 3, 9, 9, 10))
    assert get_calendar("hours", STREET).add(FRIDAY, 10) == after
    assert get_calendar("hours", (COMMUNITY, STREET)).add(FRIDAY, 10) == after
    assert get_calendar("hours", COMMUNITY).add(FRIDAY, 10) == utc(datetime(2026, 3, 6, 17, 0))


def test_an_area_s_own_day_goes_before_the_district_s(seeded):
    actions.set_special_day(by=SYSTEM, day=date(2026, 3, 9), working=False, name="停电", area_code=STREET)
    actions.set_special_day(by=SYSTEM, day=date(2026, 3, 9), working=True, area_code=COMMUNITY)
    assert not get_calendar("hours", STREET).works_on(date(2026, 3, 9))
    assert get_calendar("hours", (COMMUNITY, STREET)).works_on(date(2026, 3, 9))
    assert get_calendar("hours").works_on(date(2026, 3, 9))
    actions.drop_special_day(by=SYSTEM, day=date(2026, 3, 9), area_code=STREET)
    assert get_calendar("hours", STREET).works_on(date(2026, 3, 9))


def test_a_calendar_is_built_once_and_again_after_a_change(seeded, django_assert_max_num_queries):
    first = get_calendar("hours")
    with django_assert_max_num_queries(1):
        assert get_calendar("hours") is first
    actions.save_calendar(by=SYSTEM, code="hours", name="工作时间", kind="hours", shifts=SHORT)
    second = get_calendar("hours")
    assert second is not first and second.version != first.version
    assert second.add(FRIDAY, 10) == utc(datetime(2026, 3, 9, 9, 10))


def test_a_change_that_is_taken_back_is_not_remembered(seeded):
    before = get_calendar("hours").add(FRIDAY, 10)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.save_calendar(by=SYSTEM, code="hours", name="工作时间", kind="hours", shifts=SHORT)
        assert get_calendar("hours").add(FRIDAY, 10) != before
        raise RuntimeError
    assert get_calendar("hours").add(FRIDAY, 10) == before


def test_saving_the_same_again_is_no_change(seeded):
    save = {"by": SYSTEM, "code": "desk", "name": "前台", "kind": "hours", "shifts": SHORT}
    made = actions.save_calendar(**save)
    stamp, events = version(), Event.objects.count()
    assert actions.save_calendar(**save).id == made.id
    assert (version(), Event.objects.count()) == (stamp, events)
    assert [c.code for c in list_calendars()] == ["clock", "days", "desk", "hours"]


@pytest.mark.parametrize(
    "shifts",
    [
        [(0, time(9), time(12)), (0, time(11), time(13))],
        [(0, time(9), time(12)), (0, time(9), time(12))],
        [(0, time(22), time(6)), (1, time(5), time(9))],
        [(6, time(22), time(6)), (0, time(5), time(9))],
        [(7, time(9), time(12))],
        [(0, time(9, 0, 30), time(12))],
    ],
)
def test_shifts_that_overlap_or_make_no_sense_are_refused(db, shifts):
    with pytest.raises(BadInput):
        actions.save_calendar(by=SYSTEM, code="x", name="x", kind="hours", shifts=shifts)
    assert not Calendar.objects.exists()


def test_lunch_and_night_shifts_may_touch(db):
    shifts = [(0, time(9), time(12)), (0, time(12), time(18)), (0, time(22), time(0)), (1, time(0), time(6))]
    actions.save_calendar(by=SYSTEM, code="x", name="x", kind="hours", shifts=shifts)
    assert get_calendar("x").minutes(utc(datetime(2026, 3, 2)), utc(datetime(2026, 3, 4))) == 17 * 60


def test_an_area_s_own_calendar_goes_again(seeded):
    assert own_week("hours", STREET) == []
    actions.save_calendar(by=SYSTEM, code="hours", name="老街道", kind="hours", shifts=SHORT, area_code=STREET)
    assert own_week("hours", STREET) == sorted(SHORT)
    actions.drop_calendar(by=SYSTEM, code="hours", area_code=STREET)
    assert get_calendar("hours", STREET).add(FRIDAY, 10) == utc(datetime(2026, 3, 6, 17, 0))
    with pytest.raises(NotFound):
        actions.drop_calendar(by=SYSTEM, code="hours", area_code=STREET)
    with pytest.raises(BadInput):
        actions.drop_calendar(by=SYSTEM, code="hours", area_code="")


def test_looking_before_one_saves(seeded):
    office = get_calendar("hours")
    tried = with_shifts(office, [(w, time(22), time(6)) for w in range(5)])
    assert tried.add(FRIDAY, 120) == utc(datetime(2026, 3, 7, 0, 0))
    assert tried.special == office.special and not tried.works_on(date(2026, 10, 1))
    assert get_calendar("hours").add(FRIDAY, 120) == utc(datetime(2026, 3, 9, 10, 20))


def test_bad_input_is_told(seeded):
    with pytest.raises(NoOpenTime):
        actions.save_calendar(by=SYSTEM, code="x", name="x", kind="hours")
    with pytest.raises(BadInput):
        actions.save_calendar(by=SYSTEM, code="x", name="x", kind="weeks", shifts=SHORT)
    with pytest.raises(BadInput):
        actions.save_calendar(by=SYSTEM, code=" ", name="x", kind="hours", shifts=SHORT)
    with pytest.raises(OutOfCalendar):
        actions.set_special_day(by=SYSTEM, day=date(1950, 1, 1), working=False)
    with pytest.raises(NotFound):
        actions.drop_special_day(by=SYSTEM, day=date(2026, 3, 9))
    with pytest.raises(NotFound):
        get_calendar("no such code")


def test_only_who_answers_for_the_whole_district_changes_working_time(seeded):
    assert all(access.may(SYSTEM, verb) and access.may(admin(), verb) for verb in access.RIGHTS)
    grid_worker = Actor("worker", uuid4(), posts=(PostRef(uuid4(), Role.GRID_WORKER),))
    for actor in (GUEST, grid_worker, admin(street_id=uuid4())):
        assert not any(access.may(actor, verb) for verb in access.RIGHTS)
        with pytest.raises(Forbidden):
            actions.seed_calendars(by=actor)
        with pytest.raises(Forbidden):
            actions.save_calendar(by=actor, code="x", name="x", kind="clock")
        with pytest.raises(Forbidden):
            actions.drop_calendar(by=actor, code="x", area_code="x")
        with pytest.raises(Forbidden):
            actions.set_special_day(by=actor, day=date(2026, 3, 9), working=False)
        with pytest.raises(Forbidden):
            actions.drop_special_day(by=actor, day=date(2026, 10, 1))


def test_each_change_is_in_the_history(seeded):
    by = admin()
    calendar = actions.save_calendar(by=by, code="desk", name="前台", kind="hours", shifts=SHORT)
    row = actions.set_special_day(by=by, day=date(2026, 3, 9), working=False)
    actions.drop_special_day(by=by, day=date(2026, 3, 9))
    told = list(Event.objects.filter(actor_id=by.id).order_by("id").values_list("verb", "subject_id"))
    assert told == [
        ("calendars.save_calendar", calendar.id),
        ("calendars.set_special_day", row.id),
        ("calendars.drop_special_day", row.id),
    ]
