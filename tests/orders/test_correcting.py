"""Another kind has another limit: also for what stands still, never later than somebody else's deadline; a settled doubt stays so."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from linli.grid.selectors import stamp_of_building
from linli.kernel import clock
from linli.kernel.actors import BOT, SYSTEM
from linli.orders import actions
from linli.orders.drafts import Draft
from linli.orders.models import Clock, Doubt
from linli.orders.states import Door
from linli.standards import selectors as standards
from tests.orders.people import WORDS, draft, opened, race, voice_of


def solve(order) -> Clock:
    return Clock.objects.get(order_id=order.id, name=Clock.SOLVE)


def kinds_by_length() -> tuple[str, str]:
    """A kind that has less time than the other one, both everyday ones."""
    rows = sorted((k.solve_minutes, k.code) for k in standards.listed_kinds() if not k.confidential and k.first != "street" and k.solve_calendar == "hours")
    assert rows[0][0] < rows[-1][0]
    return rows[0][1], rows[-1][1]


@pytest.mark.django_db
def test_what_stands_still_goes_on_with_the_new_kind_s_limit(cast, at):
    quick, slow = kinds_by_length()
    paused, plain = opened(cast, kind=slow), opened(cast, kind=slow)
    worker, head = cast.actor("li_min"), cast.actor("zhao_hui")
    actions.answer_order(by=worker, order_id=paused.id, words=WORDS)
    asked = actions.request_pause(by=worker, order_id=paused.id, waits_for="material", until=clock.now() + timedelta(days=2), words="等配件到货，后天装")
    actions.grant_request(by=head, request_id=asked.id)
    for order in (paused, plain):
        actions.correct_order(by=worker, order_id=order.id, kind=quick)
    assert solve(paused).state == Clock.PAUSED
    actions.resume_order(by=worker, order_id=paused.id)
    assert solve(paused).amount == solve(plain).amount == standards.kinds()[quick].solve_minutes
    assert solve(paused).due_at == solve(plain).due_at


@pytest.mark.django_db
@pytest.mark.parametrize("stands", [False, True])
def test_more_time_that_was_granted_stays_up_to_twice_the_new_limit(cast, at, stands):
    quick, slow = kinds_by_length()
    short, long = (standards.kinds()[k].solve_minutes for k in (quick, slow))
    worker, head = cast.actor("li_min"), cast.actor("zhao_hui")
    for kind, other, more, kept in ((slow, quick, 60, 60), (quick, slow, 60, 60), (slow, quick, long, short)):
        order = opened(cast, kind=kind)
        asked = actions.request_extension(by=worker, order_id=order.id, clock_name=Clock.SOLVE, amount=more, words="配件明天才到")
        actions.grant_request(by=head, request_id=asked.id)
        if stands:
            actions.answer_order(by=worker, order_id=order.id, words=WORDS)
            asked = actions.request_pause(by=worker, order_id=order.id, waits_for="material", until=clock.now() + timedelta(days=2), words="等配件到货")
            actions.grant_request(by=head, request_id=asked.id)
        actions.correct_order(by=worker, order_id=order.id, kind=other)
        assert solve(order).amount == standards.kinds()[other].solve_minutes + kept
        actions.correct_order(by=worker, order_id=order.id, kind=kind)
        assert solve(order).amount == standards.kinds()[kind].solve_minutes + more, "nothing is lost by a wrong choice"


@pytest.mark.django_db
def test_the_hotline_s_earlier_deadline_holds_for_every_kind(cast, at):
    quick, slow = kinds_by_length()
    due = clock.now() + timedelta(hours=3)
    order = actions.open_order(by=SYSTEM, draft=Draft(
        kind=quick, stamp=stamp_of_building(cast.building["jx3"]), voice=voice_of(cast), procedure="hotline", door=Door.HOTLINE, due_at=due,
    ))  # fmt: skip
    assert order.solve_due_at == due
    actions.correct_order(by=cast.actor("zhao_hui"), order_id=order.id, kind=slow)
    order.refresh_from_db()
    assert (solve(order).due_at, order.solve_due_at) == (due, due)


@pytest.mark.django_db(transaction=True)
def test_a_guess_that_comes_late_does_not_ask_again(cast, at):
    order = actions.open_order(by=BOT, draft=draft(cast, unsure=True))
    assert Doubt.objects.get(order=order).settled_at is None
    settled = threading.Event()

    def person() -> None:
        with transaction.atomic():
            actions.correct_order(by=cast.actor("li_min"), order_id=order.id)
            settled.set()
            threading.Event().wait(0.5)  # the guess reads what is not committed yet and waits for the row

    def guess() -> None:
        if connection.features.has_select_for_update:
            assert settled.wait(20)
        actions.suggest_fields(by=BOT, order_id=order.id, kind="noise")

    race(person, guess)
    assert Doubt.objects.get(order=order).settled_at is not None
