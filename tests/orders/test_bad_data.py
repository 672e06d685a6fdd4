"""Broken data and strange times: refused in plain words or routed to the centre, and never in silence; one broken order
keeps no other from its clock."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.calendars.models import Calendar
from linli.kernel import clock
from linli.kernel.errors import LinliError
from linli.ledger import stamps
from linli.ledger.models import Event
from linli.notices.models import Notice
from linli.orders import actions
from linli.orders.actions import Given
from linli.orders.models import Clock, Order
from linli.standards import selectors as standards
from linli.standards.models import Kind, Procedure
from tests.desk import sign_in
from tests.orders.people import WORDS, opened, race
from tests.orders.test_pool import claimed, pooled
from tests.stories.procedures.driver import Walk

pytestmark = pytest.mark.django_db


def ticks() -> None:
    for _ in range(40):
        if not actions.advance_clocks():
            return
    pytest.fail("the tick does not come to rest")


def spoil(order: Order, **data: Any) -> None:
    """Somebody has written into the table by hand."""
    row = Procedure.objects.get(code=order.procedure, version=order.procedure_version)
    Procedure.objects.filter(id=row.id).update(data=data or {"steps": "nonsense"})
    stamps.renew([standards.STAMP])


def lose(order: Order) -> None:
    Procedure.objects.filter(code=order.procedure, version=order.procedure_version).delete()
    stamps.renew([standards.STAMP])


def lose_step(order: Order) -> None:
    Order.objects.filter(id=order.id).update(step="gone")


def lose_calendar(order: Order) -> None:
    Clock.objects.filter(order=order).update(calendar="moon")


def break_ladder(order: Order) -> None:
    Clock.objects.filter(order=order).update(ladder=[["soon", "nobody"]])


BREAKS = [spoil, lose, lose_step, lose_calendar, break_ladder]


@pytest.mark.parametrize("breaks", BREAKS, ids=lambda b: b.__name__)
def test_one_broken_order_stops_no_other_and_the_centre_hears_of_it(cast, at, breaks, caplog):
    caplog.set_level(logging.CRITICAL, "linli.orders.actions.warning")
    broken, sound = pooled(cast)[0], opened(cast)
    breaks(broken)
    at.move(hours=24)
    ticks()
    sound.refresh_from_db()
    assert sound.light == "red", "its clock ran on"
    broken.refresh_from_db()
    assert cast.key_of(broken.responsible_id) == "yu_tao" and broken.responsible_via == "gap"
    told = Notice.objects.get(subject_id=broken.id, kind="order_stuck")
    assert cast.key_of(told.account_id) == "yu_tao" and told.urgent
    event = Event.objects.filter(subject_id=broken.id, verb="orders.warn_order", facts__has_key="stuck").first()
    assert event is not None and event.facts["to"] == [str(cast.account["yu_tao"].id)]
    # Not each second: in an hour, and the centre is not told again on the same day.
    again = Clock.objects.get(order=broken).next_at
    assert again == clock.now() + timedelta(hours=1)
    at.move(hours=1)
    ticks()
    assert Notice.objects.filter(subject_id=broken.id, kind="order_stuck").count() == 1


def test_what_is_mended_goes_on_by_itself(cast, at, caplog):
    caplog.set_level(logging.CRITICAL, "linli.orders.actions.warning")
    order = pooled(cast)[0]
    data = Procedure.objects.get(code="pool").data
    spoil(order)
    at.move(hours=24)
    ticks()
    Procedure.objects.filter(code="pool").update(data=data)
    stamps.renew([standards.STAMP])
    at.move(hours=1)
    ticks()
    order.refresh_from_db()
    assert order.step == "work" and order.responsible_id


@pytest.mark.parametrize("breaks", [spoil, lose, lose_step], ids=lambda b: b.__name__)
def test_verbs_on_a_broken_procedure_are_refused_in_plain_words_and_the_centre_can_still_act(cast, at, breaks):
    order = opened(cast)
    breaks(order)
    deeds = [
        lambda: actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS),
        lambda: actions.pass_step(by=cast.actor("li_min"), order_id=order.id, outcome="done", given=Given(words=WORDS)),
    ]
    for deed in deeds:
        with pytest.raises(LinliError) as refused:
            deed()
        assert (refused.value.code, refused.value.status) == ("broken_procedure", 409)
        assert "请告诉云平台中心" in refused.value.message
    centre = cast.actor("yu_tao")
    assert actions.answer_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS).state == "working", "her words still reach the resident"
    actions.assign_order(by=centre, order_id=order.id, to=cast.account["wang_fang"].id)
    assert actions.void_order(by=centre, order_id=order.id, words="流程坏了，另开一单").state == "void"


@pytest.mark.parametrize("breaks", [spoil, lose, lose_step], ids=lambda b: b.__name__)
def test_its_page_and_list_still_open(cast, at, breaks):
    order = opened(cast)
    breaks(order)
    client = sign_in(cast, "zhao_hui")
    for path in ("/desk/orders/", f"/desk/orders/{order.id}/", f"/api/orders/{order.id}", f"/api/orders/{order.id}/events"):
        assert client.get(path).status_code == 200, path
    said = client.get(f"/api/orders/{order.id}/outcomes")
    assert said.status_code == 409 and said.json()["code"] == "broken_procedure"


def test_no_order_is_opened_under_a_procedure_that_cannot_be_read(cast, at):
    spoil(opened(cast))
    before = Order.objects.count()
    with pytest.raises(LinliError) as refused:
        opened(cast)
    assert refused.value.code == "broken_procedure" and Order.objects.count() == before


def test_a_kind_that_was_taken_away(cast, at):
    order = opened(cast)
    Kind.objects.filter(code="repair").delete()
    stamps.renew([standards.STAMP])
    at.move(hours=3)
    ticks()
    order.refresh_from_db()
    assert order.light == "red", "a clock that runs needs no kind"
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    with pytest.raises(LinliError, match="请先更正事项类别"):
        actions.rate_order(by=cast.actor("zhou"), order_id=order.id, voice_id=order.voices.get().id, rating="unsolved")
    with pytest.raises(LinliError, match="没有这一类事项"):
        opened(cast)


def test_a_calendar_that_was_taken_away(cast, at):
    order = opened(cast, kind="noise")
    due = order.solve_due_at
    Calendar.objects.filter(code="hours").delete()
    stamps.renew(["calendars"])
    at.move(hours=1)
    assert Order.objects.get(id=order.id).solve_due_at == due
    with pytest.raises(LinliError, match="没有找到编号为“hours”的工作日历"):
        opened(cast, kind="noise")


# -- clocks that jump --------------------------------------------------------------------------------------------


def test_a_clock_set_back_takes_nothing_back_and_wakes_nobody_twice(cast, at):
    order = opened(cast)
    at.move(minutes=100)
    ticks()
    warned = Event.objects.filter(subject_id=order.id, verb="orders.warn_order").count()
    assert warned == 1
    at.move(minutes=-95)
    ticks()
    order.refresh_from_db()
    assert order.light == "yellow" and Event.objects.filter(subject_id=order.id, verb="orders.warn_order").count() == 1
    actions.note_order(by=cast.actor("li_min"), order_id=order.id, words="到现场看过")
    at.move(minutes=97)
    ticks()
    assert Event.objects.filter(subject_id=order.id, verb="orders.warn_order").count() == 1
    assert actions.answer_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS).answered_in_time is True


def test_a_pause_that_ends_before_it_began_is_no_pause(cast, at):
    order = opened(cast, kind="noise")
    actions.answer_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    due = Clock.objects.get(order=order, name="solve").due_at
    row = actions.request_pause(by=cast.actor("li_min"), order_id=order.id, waits_for="unit", until=clock.now() + timedelta(days=2), words="等配件")
    actions.grant_request(by=cast.actor("zhao_hui"), request_id=row.id)
    at.move(minutes=-30)
    actions.resume_order(by=cast.actor("zhao_hui"), order_id=order.id)
    solve = Clock.objects.get(order=order, name="solve")
    assert (solve.state, solve.due_at) == (Clock.RUNNING, due)


def test_a_clock_that_leaps_ahead_takes_every_rung_once_and_in_order(cast, at):
    order = opened(cast)
    at.move(days=400)
    ticks()
    rows = Event.objects.filter(subject_id=order.id, verb="orders.warn_order").order_by("id").values_list("facts__clock", "facts__percent")
    assert sorted(rows) == sorted((name, p) for name in ("answer", "solve") for p in (80, 100, 150))
    for name in ("answer", "solve"):
        assert [p for n, p in rows if n == name] == [80, 100, 150]


def test_far_beyond_every_calendar_it_is_said(cast, at):
    at.set(datetime(2300, 1, 1, 10))
    with pytest.raises(LinliError, match="太早或太远"):
        opened(cast, kind="noise")


# -- two edits at once -------------------------------------------------------------------------------------------


def test_who_saw_an_older_step_is_told_and_passes_nothing(cast, at):
    """Two tabs: "true" at the verifying would be "true" at the ruling as well."""
    order = claimed(cast.actor("zhao_hui"), pooled(cast, procedure="golden_eye")[0])
    actions.pass_step(by=cast.actor("zhao_hui"), order_id=order.id, outcome="dispute", given=Given(words=WORDS), at_step="verify")
    with pytest.raises(LinliError) as refused:
        actions.pass_step(by=cast.actor("xie_lin"), order_id=order.id, outcome="true", given=Given(words=WORDS, blobs=["0" * 64]), at_step="verify")
    assert (refused.value.code, refused.value.status) == ("moved_on", 409) and "刷新" in refused.value.message
    assert Order.objects.get(id=order.id).step == "ruling"


@pytest.mark.django_db(transaction=True)
def test_of_two_ways_out_at_once_one_is_taken(cast, at):
    order = claimed(cast.actor("zhao_hui"), pooled(cast, procedure="golden_eye")[0])
    head = cast.actor("zhao_hui")
    found = race(
        lambda: actions.pass_step(by=head, order_id=order.id, outcome="true", given=Given(words=WORDS, blobs=["0" * 64]), at_step="verify"),
        lambda: actions.pass_step(by=head, order_id=order.id, outcome="dispute", given=Given(words=WORDS), at_step="verify"),
    )
    assert sum(isinstance(f, Order) for f in found) == 1
    assert Event.objects.filter(subject_id=order.id, verb="orders.pass_step").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_request_is_decided_once(cast, at):
    order = opened(cast)
    row = actions.request_extension(by=cast.actor("li_min"), order_id=order.id, clock_name="solve", amount=60, words="要等配件")
    found = race(
        lambda: actions.grant_request(by=cast.actor("zhao_hui"), request_id=row.id),
        lambda: actions.refuse_request(by=cast.actor("cao_wei"), request_id=row.id, words="时间够用"),
        lambda: actions.grant_request(by=cast.actor("yu_tao"), request_id=row.id),
    )
    assert sum(isinstance(f, Order) for f in found) == 1
    assert all(f.code in ("already_decided", "busy") for f in found if isinstance(f, LinliError))
    assert Event.objects.filter(subject_id=order.id, verb__in=["orders.grant_request", "orders.refuse_request"]).count() == 1


def test_what_was_asked_for_at_a_step_that_is_left_is_nobodys_to_decide(cast, at):
    order = opened(cast)
    row = actions.request_extension(by=cast.actor("li_min"), order_id=order.id, clock_name="solve", amount=60, words="要等配件")
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    row.refresh_from_db()
    assert row.state == "gone"
    with pytest.raises(LinliError):
        actions.grant_request(by=cast.actor("zhao_hui"), request_id=row.id)


def test_an_outcome_confirmed_after_the_step_was_left_changes_nothing(cast, at):
    walk = Walk(cast, at, "hotline")
    actions.pass_step(by=walk.holder(), order_id=walk.order.id, outcome="refuse", given=Given(words=WORDS, law="信访工作条例第三十一条"))
    row = walk.order.requests.get(state="open")
    actions.handle_order(by=walk.holder(), order_id=walk.order.id, words=WORDS)
    with pytest.raises(LinliError):
        actions.grant_request(by=cast.actor("cao_wei"), request_id=row.id)
    assert Order.objects.get(id=walk.order.id).ending == "done"
