"""Clocks and lights against a slow, obviously right walk over every minute: working hours with lunch, split and night
shifts, working days, the clock on the wall; pauses and extensions; 2017–2026 and two provisional years."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from linli.calendars import actions as calendars
from linli.calendars.worktime import WorkTime
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.orders import actions, clocks
from linli.orders.models import Clock, Order
from tests.calendars import oracle
from tests.calendars.test_worktime import DAYS, HOURS, ROSTERS, starts
from tests.orders.people import WORDS, opened

LADDER = [[50, "holder"], [80, "holder"], [100, "community_head"], [150, "street"]]
MINUTE = timedelta(minutes=1)
Pauses = list[tuple[datetime, datetime]]


def counts(name: str, minute: datetime, pauses: Pauses) -> bool:
    """Is this minute worked and not paused? `name` "" is the clock on the wall."""
    return not any(a <= minute < b for a, b in pauses) and (not name or oracle.open_at(ROSTERS[name], minute))


def reached(name: str, start: datetime, target: float, pauses: Pauses) -> datetime:
    """Walk on until so many minutes have counted."""
    return all_reached(name, start, [target], pauses)[0]


def all_reached(name: str, start: datetime, targets: list[float], pauses: Pauses) -> list[datetime]:
    """The same of several, the smallest first."""
    at, used, found = start, 0.0, []
    for target in targets:
        while used + 1 <= target or used < target and not counts(name, at, pauses):
            used += counts(name, at, pauses)
            at += MINUTE
        found.append(at + MINUTE * (target - used))
    return found


def in_a_row(gaps: list[tuple[int, int]], start: datetime) -> Pauses:
    """(minutes until a pause, its length) → moments."""
    found, at = [], start
    for wait, length in gaps:
        begin = at + timedelta(minutes=wait)
        at = begin + timedelta(minutes=length)
        found.append((begin, at))
    return found


gaps = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 4000)), max_size=3)
slow = settings(max_examples=60, deadline=None)


def planned(calendar: WorkTime, start: datetime, amount: int, pauses: Pauses) -> list[datetime]:
    return clocks.plan(calendar, oracle.utc(start), amount, LADDER, [(oracle.utc(a), oracle.utc(b)) for a, b in pauses])


@slow
@given(st.sampled_from(sorted(set(ROSTERS) - {"an hour on Mondays"})), starts, st.integers(1, 90).map(lambda n: n * 10), gaps)
@example("office with lunch", datetime(2026, 3, 2, 10), 120, [(60, 0)])
@example("night duty", datetime(2026, 12, 31, 23), 480, [(30, 3000), (10, 10)])
def test_working_hours_with_pauses_are_walked_like_the_oracle(name, start, amount, gaps):
    pauses = in_a_row(gaps, start)
    found = planned(HOURS[name], start, amount, pauses)
    assert found == [oracle.utc(m) for m in all_reached(name, start, [amount * p / 100 for p, _ in LADDER], pauses)]


@slow
@given(starts, st.integers(1, 300).map(lambda n: n * 10), gaps)
def test_the_clock_on_the_wall_with_pauses_is_walked_like_the_oracle(start, amount, gaps):
    pauses = in_a_row(gaps, start)
    found = planned(WorkTime("clock"), start, amount, pauses)
    assert found == [oracle.utc(m) for m in all_reached("", start, [amount * p / 100 for p, _ in LADDER], pauses)]


@slow
@given(st.sampled_from(["office with lunch", "split shifts of a grid", "Wednesday to Sunday", "night duty"]), starts, st.integers(1, 6), gaps)
def test_working_days_with_pauses_are_walked_like_the_oracle(name, start, amount, gaps):
    """The days end with the last shift; their open minutes are shared out over the rungs, and a pause of an hour is an hour."""
    pauses = in_a_row(gaps, start)
    total = oracle.between(ROSTERS[name], start, oracle.add_days(ROSTERS[name], start, amount))
    wanted = [oracle.utc(m) for m in all_reached(name, start, [total * p / 100 for p, _ in LADDER], pauses)]
    for got, want in zip(planned(DAYS[name], start, amount, pauses), wanted, strict=True):
        assert abs(got - want) < timedelta(milliseconds=1)


@slow
@given(starts, st.integers(1, 50).map(lambda n: n * 10), st.integers(0, 900))
def test_a_pause_of_no_length_changes_nothing(start, amount, wait):
    begin = oracle.utc(start + timedelta(minutes=wait))
    for calendar, size in ((HOURS["office with lunch"], amount), (DAYS["office with lunch"], amount // 50 + 1), (WorkTime("clock"), amount)):
        assert clocks.plan(calendar, oracle.utc(start), size, LADDER, [(begin, begin)]) == clocks.plan(calendar, oracle.utc(start), size, LADDER)


# -- the same in the database, by the verbs ----------------------------------------------------------------------


def light(name: str, start: datetime, amount: int, pauses: Pauses, now: datetime) -> str:
    """What burns: green to 80 %, yellow to 100 %, red from then on."""
    if now >= reached(name, start, amount, pauses):
        return "red"
    return "yellow" if now >= reached(name, start, amount * 0.8, pauses) else "green"


moves = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 1500)),
        st.tuples(st.just("pause"), st.integers(2, 4000)),
        st.tuples(st.just("extend"), st.integers(1, 24).map(lambda n: n * 20)),
        st.tuples(st.sampled_from(["answer", "note", "resume", "accept"]), st.just(0)),
    ),
    min_size=2, max_size=9,
)  # fmt: skip


class Twin:
    """An order in the database, and the same order as the oracle knows it."""

    def __init__(self, cast, at: clock.Frozen, roster: str, start: datetime):
        self.cast, self.at, self.roster, self.start = cast, at, roster, start
        at.set(start)
        area = cast.community["jinxiu"].code
        calendars.save_calendar(by=SYSTEM, code="hours", name="本社区", kind="hours", shifts=ROSTERS[roster], area_code=area)
        self.order = opened(cast, kind="noise", thing="噪音")  # 480 minutes of the community's working hours
        # At night the officer on duty has it; by day and in the week, whose place it is.
        self.by = cast.actor(cast.key_of(self.order.responsible_id))
        self.amount, self.pauses = 480, []
        self.answered: datetime | None = None
        self.until: datetime | None = None
        self.extended = 0

    @property
    def now(self) -> datetime:
        return clock.local(clock.now()).replace(tzinfo=None)

    def move(self, what: str, n: int) -> None:
        about = {"by": self.by, "order_id": self.order.id}
        if what == "wait":
            for _ in range(n // 60):
                self._pass(60)
            self._pass(n % 60)
        elif what == "note":
            actions.note_order(**about, words="到现场看过")
        elif what == "accept" and self.order.state == "assigned":
            actions.accept_order(**about)
        elif what == "answer" and not self.until:
            actions.answer_order(**about, words=WORDS)
            self.answered = self.answered or self.now
        elif what == "pause" and self.answered and not self.until:
            until = clock.now() + timedelta(minutes=n)
            row = actions.request_pause(**about, waits_for="unit", until=until, words="等别的单位先修")
            actions.grant_request(by=SYSTEM, request_id=row.id)
            self.pauses.append((self.now, datetime.max))
            self.until = self.now + timedelta(minutes=n)
        elif what == "resume" and self.until:
            actions.resume_order(by=SYSTEM, order_id=self.order.id)
            self._go_on(self.now)
        elif what == "extend" and not self.until and self.extended < 2 and n <= 480 - (self.amount - 480):
            row = actions.request_extension(**about, clock_name="solve", amount=n, words="要等配件")
            actions.grant_request(by=SYSTEM, request_id=row.id)
            self.amount += n
            self.extended += 1

    def _pass(self, minutes: int) -> None:
        if minutes == 0:
            return
        wanted = self.now + timedelta(minutes=minutes)
        if self.until and self.until <= wanted:
            self.at.set(self.until)
            self.tick()
            self._go_on(self.until)
        self.at.set(wanted)
        self.tick()

    def _go_on(self, at: datetime) -> None:
        self.pauses[-1] = (self.pauses[-1][0], at)
        self.until = None

    @staticmethod
    def tick() -> None:
        while actions.advance_clocks():
            pass

    def check(self) -> None:
        self.tick()
        self.order = Order.objects.get(id=self.order.id)
        solve = Clock.objects.get(order=self.order, name="solve")
        lights = []
        if not self.answered:
            lights.append(light("", self.start, 120, [], self.now))
        if self.until:
            lights.append("green")
            assert (solve.state, self.order.state) == (Clock.PAUSED, "waiting")
        else:
            assert solve.due_at == oracle.utc(reached(self.roster, self.start, self.amount, self.pauses))
            lights.append(light(self.roster, self.start, self.amount, self.pauses, self.now))
            assert solve.light == lights[-1] and self.order.solve_due_at == solve.due_at
        assert self.order.light == clocks.worst(lights), (lights, self.now)


walks = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.django_db
def test_stored_lights_are_the_oracles_after_every_deed(cast, at):
    """Pauses, extensions, answers, in any order and at any minute, on the community's own shifts."""

    @walks
    @given(st.sampled_from(["office with lunch", "split shifts of a grid", "Wednesday to Sunday", "evening to midnight"]), starts, moves)
    @example("office with lunch", datetime(2026, 2, 13, 16, 50), [("answer", 0), ("wait", 400), ("pause", 3000), ("wait", 3500), ("extend", 200)])
    @example("split shifts of a grid", datetime(2026, 3, 2, 8), [("wait", 1400), ("answer", 0), ("wait", 600), ("pause", 100), ("resume", 0)])
    def walk(roster, start, steps):
        with transaction.atomic():
            twin = Twin(cast, at, roster, start)
            twin.check()
            for what, n in steps:
                twin.move(what, n)
                twin.check()
            transaction.set_rollback(True)

    walk()


@pytest.mark.django_db
@pytest.mark.parametrize("roster", sorted(ROSTERS))
def test_a_community_has_its_own_shifts_and_its_neighbour_has_not(cast, at, roster):
    calendars.save_calendar(by=SYSTEM, code="hours", name="本社区", kind="hours", shifts=ROSTERS[roster], area_code=cast.community["jinxiu"].code)
    start = datetime(2026, 3, 2, 10)
    mine, theirs = opened(cast, kind="noise"), opened(cast, who="dong", kind="noise", building="ld7")
    assert mine.solve_due_at == oracle.utc(oracle.add(ROSTERS[roster], start, 480))
    assert theirs.solve_due_at == oracle.utc(datetime(2026, 3, 3, 11))


@pytest.mark.django_db
def test_a_day_that_one_community_has_off_moves_only_its_orders(cast, at):
    calendars.set_special_day(by=SYSTEM, day=datetime(2026, 3, 3).date(), working=False, name="停电检修", area_code=cast.community["jinxiu"].code)
    assert opened(cast, kind="noise").solve_due_at == oracle.utc(datetime(2026, 3, 4, 11))
    assert opened(cast, who="dong", kind="noise", building="ld7").solve_due_at == oracle.utc(datetime(2026, 3, 3, 11))


@pytest.mark.django_db
def test_no_due_time_falls_into_the_night_or_a_holiday(cast, at):
    """Local time, always: a limit in working hours ends in working hours as the wall in China shows them."""
    for day in range(0, 365, 5):
        at.set(datetime(2026, 1, 1, 23, 17) + timedelta(days=day))
        due = clock.local(Clock.objects.get(order=opened(cast, kind="noise"), name="solve").due_at)
        assert HOURS["office with lunch"].is_open(due - MINUTE) and 9 <= due.hour < 18, due
