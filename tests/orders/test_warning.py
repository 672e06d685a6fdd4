"""The ladder 80 / 100 / 150 %: each step once, to the right person, in the history and in messages."""

from datetime import datetime, timedelta

import pytest

from linli.grid import actions as grid
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.ledger.delivery import deliver_all
from linli.ledger.models import Event
from linli.notices.models import Notice
from linli.orders import actions
from linli.orders.models import Clock, Order
from tests.orders.people import WORDS, opened

pytestmark = pytest.mark.django_db


def ticks() -> None:
    for _ in range(20):
        if not actions.advance_clocks(limit=3):
            return
    pytest.fail("the tick does not come to rest")


def steps(order: Order, name: str = "answer") -> list[tuple[int, str]]:
    rows = Event.objects.filter(subject_id=order.id, verb="orders.warn_order", facts__clock=name).order_by("id")
    return [(e.facts["percent"], e.facts["light"]) for e in rows]


def told(cast, order: Order, kind: str) -> list[str]:
    return [cast.key_of(n.account_id) for n in Notice.objects.filter(subject_id=order.id, kind=kind, params__clock="answer")]


def test_each_step_at_its_minute_and_once(cast, at):
    order = opened(cast)
    for minute, many in ((95, 0), (96, 1), (119, 1), (120, 2), (179, 2), (180, 3), (900, 3)):
        at.set(datetime(2026, 3, 2, 10) + timedelta(minutes=minute))
        ticks()
        assert len(steps(order)) == many, minute
    assert steps(order) == [(80, "yellow"), (100, "red"), (150, "red")]
    assert (told(cast, order, "clock_yellow"), told(cast, order, "clock_red_head"), told(cast, order, "clock_150_street")) == (["li_min"], ["zhao_hui"], ["cao_wei"])
    order.refresh_from_db()
    assert order.responsible_id == cast.account["li_min"].id and order.light == "red"


def test_after_a_long_sleep_all_steps_are_taken_in_order(cast, at):
    order = opened(cast)
    at.move(days=3)
    ticks()
    assert steps(order) == [(80, "yellow"), (100, "red"), (150, "red")]
    assert Notice.objects.filter(subject_id=order.id, params__clock="answer").count() == 3


def test_an_answered_order_is_not_warned_of(cast, at):
    order = opened(cast)
    actions.answer_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    at.move(hours=5)
    ticks()
    assert steps(order) == []


def test_the_solve_clock_runs_in_working_hours_and_lights_by_itself(cast, at):
    order = opened(cast, kind="noise", thing="噪音")
    actions.answer_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    at.set(datetime(2026, 3, 2, 23))
    ticks()
    assert steps(order, "solve") == []
    due = Clock.objects.get(order=order, name=Clock.SOLVE).due_at
    at.set(clock.local(due).replace(tzinfo=None))
    ticks()
    order.refresh_from_db()
    assert steps(order, "solve") == [(80, "yellow"), (100, "red")] and order.light == "red"


def test_of_two_clocks_the_worse_light_shows_and_the_better_takes_over(cast, at):
    order = opened(cast)
    at.move(minutes=100)
    ticks()
    order.refresh_from_db()
    assert order.light == "yellow"
    actions.answer_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    order.refresh_from_db()
    assert order.light == "green"


def test_a_head_on_leave_is_reached_through_her_stand_in(cast, at):
    order = opened(cast)
    now = clock.now()
    grid.add_absence(by=SYSTEM, account_id=cast.account["zhao_hui"].id, starts_at=now, ends_at=now + timedelta(days=2), stand_in_id=cast.account["zhang_jie"].id)
    at.move(minutes=121)
    ticks()
    assert told(cast, order, "clock_red_head") == ["zhang_jie"]


def test_a_worker_on_leave_is_not_reminded_her_stand_in_is(cast, at):
    order = opened(cast)
    now = clock.now()
    grid.add_absence(by=SYSTEM, account_id=cast.account["li_min"].id, starts_at=now, ends_at=now + timedelta(days=2), stand_in_id=cast.account["wang_fang"].id)
    at.move(minutes=97)
    ticks()
    assert told(cast, order, "clock_yellow") == ["wang_fang"]
    order.refresh_from_db()
    assert order.responsible_id == cast.account["li_min"].id


def test_after_a_transfer_the_new_person_is_reminded_and_the_light_stays(cast, at):
    order = opened(cast)
    at.move(minutes=97)
    ticks()
    actions.transfer_order(by=cast.actor("li_min"), order_id=order.id, to=cast.account["wang_fang"].id, words="小王在附近")
    order.refresh_from_db()
    assert order.light == "yellow" and told(cast, order, "clock_yellow") == ["li_min"]
    deliver_all()
    assert Notice.objects.filter(account_id=cast.account["wang_fang"].id, subject_id=order.id).count() == 1


def test_reminders_of_the_solve_clock_wait_for_the_morning_and_answers_do_not(cast, at):
    at.set(datetime(2026, 3, 2, 22, 30))
    order = opened(cast)
    at.move(minutes=97)
    ticks()
    notice = Notice.objects.get(subject_id=order.id, kind="clock_yellow")
    assert notice.not_before == clock.now() and cast.actor(cast.key_of(notice.account_id)).has_role("duty_officer")
