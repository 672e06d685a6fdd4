"""WorkTime against the minute-by-minute oracle, and the cases that people argue about."""

from datetime import UTC, date, datetime, time, timedelta
from time import process_time

import chinese_calendar
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linli.calendars.worktime import NoOpenTime, OutOfCalendar, WorkTime, span
from linli.kernel.errors import BadInput
from tests.calendars import oracle


def days(weekdays, *spans):
    return tuple((w, a, b) for w in weekdays for a, b in spans)


T = time
OFFICE = days(range(5), (T(9), T(12)), (T(13, 30), T(17, 30)))
ROSTERS = {
    "office with lunch": OFFICE,
    "split shifts of a grid": days(range(5), (T(8, 30), T(11, 30)), (T(14), T(17)), (T(18, 30), T(20))),
    "front desk, half a Saturday": OFFICE + days([5], (T(9), T(11, 30))),
    "Wednesday to Sunday": days(range(2, 7), (T(10), T(19))),
    "weekend desk": days([5, 6], (T(9), T(16))),
    "evening to midnight": days(range(7), (T(14), T(0))),
    "night duty": days(range(5), (T(22), T(6))) + days([6], (T(20), T(23))),
    "an hour on Mondays": days([0], (T(15), T(16))),
}
SPECIAL = dict.fromkeys(chinese_calendar.holidays, False) | dict.fromkeys(chinese_calendar.workdays, True)
YEARS = frozenset(range(2004, 2027))


def build(shifts, kind="hours"):
    by_day = {}
    for weekday, a, b in shifts:
        by_day.setdefault(weekday, []).append(span(a, b))
    return WorkTime(kind, {w: tuple(v) for w, v in by_day.items()}, SPECIAL, YEARS)


HOURS = {name: build(shifts) for name, shifts in ROSTERS.items()}
DAYS = {name: build(shifts, "days") for name, shifts in ROSTERS.items()}
rosters = st.sampled_from(sorted(ROSTERS))
# 2017–2026 are published, 2027 and 2028 provisional.
anywhere = st.integers(0, 12 * 365 * 1440).map(lambda m: datetime(2017, 1, 1) + timedelta(minutes=m))
# Chance alone seldom meets the days that matter: half of the starts lie around a special day.
_near = sorted(d for d in SPECIAL if 2017 <= d.year)
around = st.tuples(st.sampled_from(_near), st.integers(-3 * 1440, 3 * 1440)).map(
    lambda p: datetime.combine(p[0], T()) + timedelta(minutes=p[1])
)
starts = st.one_of(anywhere, around)
slow = settings(max_examples=150, deadline=None)


@slow
@given(rosters, starts, st.integers(1, 3000))
@example("office with lunch", datetime(2026, 9, 30, 17, 29), 2)
@example("night duty", datetime(2026, 12, 31, 23, 0), 480)
def test_add_walks_like_the_oracle(name, start, minutes):
    minutes = min(minutes, 120) if name == "an hour on Mondays" else minutes
    expected = oracle.add(ROSTERS[name], start, minutes)
    due = HOURS[name].add(oracle.utc(start), minutes)
    assert due == oracle.utc(expected)
    assert due.tzinfo is UTC
    assert HOURS[name].between(oracle.utc(start), due) == minutes


@slow
@given(rosters, starts, st.integers(0, 20 * 1440))
@example("office with lunch", datetime(2024, 2, 9, 8), 15 * 1440)
def test_between_counts_like_the_oracle(name, start, length):
    end = start + timedelta(minutes=length)
    expected = oracle.between(ROSTERS[name], start, end)
    for calendar in (HOURS[name], DAYS[name]):
        assert calendar.minutes(oracle.utc(start), oracle.utc(end)) == expected
    assert HOURS[name].between(oracle.utc(start), oracle.utc(end)) == expected
    assert HOURS[name].between(oracle.utc(end), oracle.utc(start)) == -expected


@slow
@given(rosters, starts)
def test_open_and_next_open_are_those_of_the_oracle(name, start):
    at = oracle.utc(start)
    assert HOURS[name].is_open(at) == oracle.open_at(ROSTERS[name], start)
    assert HOURS[name].next_open(at) == oracle.utc(oracle.next_open(ROSTERS[name], start))


@slow
@given(rosters, starts, st.integers(1, 40))
def test_days_end_with_the_last_shift(name, start, n):
    due = DAYS[name].add(oracle.utc(start), n)
    assert due == oracle.utc(oracle.add_days(ROSTERS[name], start, n))
    assert DAYS[name].between(oracle.utc(start), due) == n
    assert DAYS[name].between(oracle.utc(start), due - timedelta(minutes=1)) == n - 1


@slow
@given(rosters, starts, st.integers(0, 59_999_999), st.integers(1, 900), st.integers(1, 900))
def test_limits_add_up_also_between_the_minutes(name, start, micros, first, second):
    calendar, at = HOURS[name], oracle.utc(start) + timedelta(microseconds=micros)
    assert calendar.add(calendar.add(at, first), second) == calendar.add(at, first + second)
    assert calendar.between(at, calendar.add(at, first)) == pytest.approx(first)
    assert calendar.add(at, first) <= calendar.add(at + timedelta(seconds=1), first)


def local(*args):
    return oracle.utc(datetime(*args))


@pytest.mark.parametrize(
    ("start", "minutes", "due", "why"),
    [
        ((2026, 3, 2, 11, 0), 60, (2026, 3, 2, 12, 0), "ends with the shift, not after lunch"),
        ((2026, 3, 2, 11, 0), 61, (2026, 3, 2, 13, 31), "over lunch"),
        ((2026, 3, 2, 12, 10), 30, (2026, 3, 2, 14, 0), "begun at lunch"),
        ((2026, 3, 6, 16, 50), 120, (2026, 3, 9, 10, 20), "Friday 16:50 over the weekend"),
        ((2026, 2, 13, 17, 0), 60, (2026, 2, 14, 9, 30), "make-up Saturday before the Spring Festival"),
        ((2026, 2, 14, 17, 0), 60, (2026, 2, 24, 9, 30), "over the Spring Festival"),
        ((2026, 9, 30, 17, 0), 60, (2026, 10, 8, 9, 30), "over National Day"),
        ((2027, 10, 1, 9, 0), 60, (2027, 10, 1, 10, 0), "an unpublished year runs on plain weekdays"),
        ((2026, 12, 31, 17, 0), 60, (2027, 1, 1, 9, 30), "into an unpublished year"),
        ((2020, 1, 23, 17, 0), 60, (2020, 2, 3, 9, 30), "the lengthened Spring Festival of 2020"),
        ((2026, 3, 2, 7, 0), 0, (2026, 3, 2, 7, 0), "nothing to wait for"),
    ],
)
def test_hours(start, minutes, due, why):
    assert HOURS["office with lunch"].add(local(*start), minutes) == local(*due), why


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ((2026, 3, 2, 0, 0), 1, (2026, 3, 3, 17, 30)),
        ((2026, 3, 2, 23, 59), 1, (2026, 3, 3, 17, 30)),
        ((2026, 3, 7, 10, 0), 1, (2026, 3, 9, 17, 30)),
        ((2026, 2, 13, 10, 0), 1, (2026, 2, 14, 17, 30)),
        ((2026, 2, 13, 10, 0), 3, (2026, 2, 25, 17, 30)),
        ((2026, 9, 30, 10, 0), 7, (2026, 10, 15, 17, 30)),
    ],
)
def test_days(start, n, due):
    assert DAYS["office with lunch"].add(local(*start), n) == local(*due)


def test_yellow_at_80_percent_and_the_next_level_at_150():
    hours, working_days, clock = HOURS["office with lunch"], DAYS["office with lunch"], WorkTime("clock")
    friday = local(2026, 3, 6, 16, 50)
    assert hours.share(friday, 100, 0.8) == local(2026, 3, 9, 9, 40)
    assert hours.share(friday, 100, 1) == hours.add(friday, 100)
    assert clock.share(friday, 120, 0.8) == friday + timedelta(minutes=96)
    assert clock.share(friday, 120, 1.5) == friday + timedelta(minutes=180)
    monday = local(2026, 3, 2, 9, 0)  # 14 open hours until the end of Tuesday
    assert working_days.share(monday, 1, 0.8) == local(2026, 3, 3, 14, 42)
    assert working_days.share(monday, 1, 1) == working_days.add(monday, 1) == local(2026, 3, 3, 17, 30)
    assert working_days.share(monday, 1, 1.5) == local(2026, 3, 4, 17, 30)


def test_the_clock_never_closes():
    clock = WorkTime("clock")
    night = local(2026, 10, 1, 3, 0)
    assert clock.is_open(night) and clock.next_open(night) == night
    assert clock.add(night, 120) == night + timedelta(hours=2)
    assert clock.between(night, night + timedelta(minutes=90)) == 90
    assert clock.works_on(date(2026, 10, 1)) and not clock.is_provisional(local(2030, 1, 1))


def test_a_shift_holds_its_first_moment_and_not_its_last():
    office = HOURS["office with lunch"]
    assert office.is_open(local(2026, 3, 2, 9, 0))
    assert not office.is_open(local(2026, 3, 2, 12, 0))
    assert office.next_open(local(2026, 3, 2, 12, 0)) == local(2026, 3, 2, 13, 30)


def test_provisional_years_and_days_are_told():
    office = WorkTime("hours", {0: ((540, 720),)}, SPECIAL, YEARS, tentative=frozenset({date(2026, 5, 9)}))
    assert not office.is_provisional(local(2026, 12, 31, 23, 59))
    assert office.is_provisional(local(2027, 1, 1))
    assert office.is_provisional(local(2026, 5, 9, 12))


def test_a_calendar_that_never_opens_says_so():
    for kind in ("hours", "days"):
        empty = WorkTime(kind)
        at = local(2026, 3, 2, 9)
        assert not empty.is_open(at) and empty.between(at, at + timedelta(days=9)) == 0
        for ask, args in ((empty.add, (at, 1)), (empty.next_open, (at,)), (empty.share, (at, 1, 0.8))):
            with pytest.raises(NoOpenTime) as told:
                ask(*args)
            assert told.value.code == "no_open_time"


def test_bad_questions_are_refused():
    office, working_days = HOURS["office with lunch"], DAYS["office with lunch"]
    with pytest.raises(BadInput):
        office.add(local(2026, 3, 2), -1)
    with pytest.raises(BadInput):
        working_days.add(local(2026, 3, 2), 1.5)
    with pytest.raises(OutOfCalendar):
        office.add(datetime(1990, 6, 1, tzinfo=UTC), 60)
    with pytest.raises(OutOfCalendar):
        build(OFFICE).add(local(2026, 3, 2), 10**9)
    with pytest.raises(OutOfCalendar):
        WorkTime("clock").add(local(2026, 3, 2), 10**15)
    with pytest.raises(ValueError):
        WorkTime("weeks")
    with pytest.raises(ValueError):
        WorkTime("hours", {7: ((0, 60),)})


def test_twenty_thousand_limits_a_second():
    office = build(OFFICE)
    moments = [local(2026, 1, 1) + timedelta(minutes=37 * i) for i in range(5000)]
    office.add(moments[0], 480)
    took = []
    for _ in range(3):
        begin = process_time()
        for at in moments:
            office.add(at, 480)
        took.append(process_time() - begin)
    assert len(moments) / min(took) >= 20_000
