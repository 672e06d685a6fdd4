"""The pool: one winner, a cap, a fair suggestion with its reason, and many at once."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections, transaction

from linli.grid import actions as grid
from linli.grid.selectors import stamp_of_building
from linli.kernel import clock, locks
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import Conflict, Forbidden, LinliError, WrongState
from linli.ledger.models import Event
from linli.orders import actions
from linli.orders.drafts import Draft
from linli.orders.models import Clock, Order
from tests.orders.people import WORDS, race

pytestmark = pytest.mark.django_db


def pooled(cast, n: int = 1, procedure: str = "pool", building: str = "jx3", **more) -> list[Order]:
    """Problems in the pool of 锦绣苑."""
    draft = {"kind": "sanitation", "stamp": stamp_of_building(cast.building[building]), "procedure": procedure} | more
    return actions.open_orders(by=SYSTEM, drafts=[Draft(**draft) for _ in range(n)])


def claimed(by: Actor, order: Order) -> Order:
    return actions.claim_order(by=by, order_id=order.id)


@pytest.mark.django_db(transaction=True)
def test_two_hundred_hands_on_fifty_orders_are_fifty_winners_and_150_clear_refusals(cast, at):
    """Four people want each order at the same moment; whoever waits for a lock longer than a second is told so."""
    orders = pooled(cast, 50, "golden_eye")
    people = [cast.actor(k) for k in ("li_min", "zhao_hui")]
    found = race(*[lambda o=order, by=by: claimed(by, o) for order in orders for by in people * 2])
    won = [f for f in found if isinstance(f, Order)]
    refused = [f for f in found if not isinstance(f, Order)]
    assert (len(won), len(refused)) == (50, 150) and len({o.id for o in won}) == 50
    assert all(isinstance(f, Conflict) and f.status == 409 for f in refused)
    assert {f.message for f in refused} <= {"别的同志已经领走了。", locks.Busy.message}
    rows = {o.id: o for o in Order.objects.filter(id__in=[o.id for o in orders])}
    assert all(rows[o.id].responsible_id == o.responsible_id == o.claimer_id and rows[o.id].state == "working" for o in won)
    events = Event.objects.filter(verb="orders.claim_order").values_list("subject_id", "facts__to")
    assert sorted(events) == sorted((o.id, str(o.responsible_id)) for o in won)
    assert Clock.objects.filter(name="verified").count() == 50, "each acceptance starts its clocks once"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_lock_that_somebody_holds_is_a_plain_refusal_within_a_second_or_two(cast, at):
    order = pooled(cast)[0]
    holds, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            list(Order.objects.select_for_update().filter(id=order.id))
            holds.set()
            leave.wait(20)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert holds.wait(20)
        with pytest.raises(locks.Busy) as refused:
            claimed(cast.actor("li_min"), order)
        assert (refused.value.status, refused.value.message) == (409, "别的同志正在办这一件，请过一会儿刷新再看。")
    finally:
        leave.set()
        holder.join(20)
    assert claimed(cast.actor("li_min"), order).state == "working"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_page_and_the_api_say_the_same_and_never_500(cast, at, client):
    order = pooled(cast)[0]
    client.force_login(cast.account["li_min"])
    holds, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            list(Order.objects.select_for_update().filter(id=order.id))
            holds.set()
            leave.wait(20)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert holds.wait(20)
        said = client.post(f"/api/orders/{order.id}/claim")
        assert said.status_code == 409 and said.json() == {"code": "busy", "message": locks.Busy.message}
    finally:
        leave.set()
        holder.join(20)


def test_a_cap_keeps_anybody_from_hoarding(cast, at):
    orders = pooled(cast, 12)
    me = cast.actor("li_min")
    for order in orders[:10]:
        claimed(me, order)
    with pytest.raises(WrongState, match="还有 10 件没办完") as refused:
        claimed(me, orders[10])
    assert refused.value.code == "too_many"
    actions.handle_order(by=me, order_id=orders[0].id, words=WORDS)
    assert claimed(me, orders[10]).claimer_id == me.id
    # What is sent to her counts, but nobody is kept from sending.
    sent = actions.dispatch_order(by=cast.actor("yu_tao"), order_id=orders[11].id, to=me.id)
    assert sent.responsible_id == me.id


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_over_the_cap_by_claiming_twice_at_once(cast, at):
    orders = pooled(cast, 16)
    me = cast.actor("li_min")
    for order in orders[:9]:
        claimed(me, order)
    found = race(*[lambda o=o: claimed(me, o) for o in orders[9:]])
    assert sum(isinstance(f, Order) for f in found) == 1
    assert all(isinstance(f, (WrongState, Conflict)) for f in found if not isinstance(f, Order))
    assert Order.objects.filter(claimer_id=me.id, is_open=True).count() == 10


def test_only_the_roles_of_the_procedure_claim(cast, at):
    order = pooled(cast, procedure="golden_eye")[0]
    for key in ("han_mei", "xie_lin"):  # a line worker and a section: the community claims
        with pytest.raises(Forbidden, match="不由您的岗位领办"):
            claimed(cast.actor(key), order)
    with pytest.raises(LinliError):
        claimed(cast.actor("sun_li"), order)  # of another community
    assert claimed(cast.actor("zhao_hui"), order).state == "working"


def test_who_dispatches_may_choose_only_whom_the_place_has(cast, at):
    order = pooled(cast)[0]
    for key in ("sun_li", "lian_feng", "zhou"):
        with pytest.raises(LinliError) as refused:
            actions.dispatch_order(by=cast.actor("yu_tao"), order_id=order.id, to=cast.account[key].id)
        assert refused.value.code == "bad_assignee"
    with pytest.raises(Forbidden):
        actions.dispatch_order(by=cast.actor("li_min"), order_id=order.id, to=cast.account["li_min"].id)


def away(cast, key: str, stand_in: str | None = None) -> None:
    now = clock.now()
    grid.add_absence(
        by=SYSTEM, account_id=cast.account[key].id, starts_at=now, ends_at=now + timedelta(days=2),
        stand_in_id=cast.account[stand_in].id if stand_in else None,
    )  # fmt: skip


def test_the_suggestion_is_one_name_with_its_reason(cast, at):
    order = pooled(cast)[0]

    def suggested(about: Order) -> tuple[str, str]:
        found = actions.suggest(about)
        assert found is not None
        return cast.key_of(found.account_id), found.reason

    assert suggested(order) == ("li_min", "本网格的责任社工")
    busy = pooled(cast, 4)
    for one in busy:
        claimed(cast.actor("li_min"), one)
    who, why = suggested(order)
    assert who in ("wang_fang", "zhang_jie") and why == "同社区的社工，这一片也熟"
    actions.handle_order(by=cast.actor("li_min"), order_id=busy[0].id, words=WORDS)
    assert suggested(order)[0] == "li_min", "three more are not clearly more"
    away(cast, "li_min", "wang_fang")
    assert suggested(order) == ("wang_fang", "按代班安排")
    assert suggested(pooled(cast, line="养老")[0]) == ("han_mei", "专做这一条线的社工")
    assert suggested(pooled(cast, line="jobs")[0])[0] != "han_mei", "another line is not her skill"


def test_a_suggestion_tells_nobodys_figures(cast, at):
    for one in pooled(cast, 7):
        claimed(cast.actor("li_min"), one)
    found = actions.suggest(pooled(cast)[0])
    assert found is not None and not any(c.isdigit() for c in found.reason)


def test_taken_back_with_a_reason_and_claimed_by_another(cast, at):
    order = claimed(cast.actor("li_min"), pooled(cast)[0])
    with pytest.raises(LinliError, match="收回原因"):
        actions.take_back_order(by=cast.actor("yu_tao"), order_id=order.id, words=" ")
    back = actions.take_back_order(by=cast.actor("yu_tao"), order_id=order.id, words="三天没有动静")
    assert (back.state, back.responsible_id, back.claimer_id, back.taken_back) == ("pooled", None, None, 1)
    assert claimed(cast.actor("zhao_hui"), order).responsible_id == cast.account["zhao_hui"].id


def test_many_at_once_each_with_its_own_result(cast, at):
    orders = pooled(cast, 4)
    claimed(cast.actor("zhao_hui"), orders[1])
    elsewhere = pooled(cast, building="ld2")[0]
    me = cast.actor("li_min")
    ids = [orders[0].id, orders[1].id, elsewhere.id, orders[2].id, orders[0].id]
    done = actions.do_many(by=me, verb="claim_order", order_ids=ids)
    assert [(d.order_id, d.code) for d in done] == [
        (orders[0].id, ""), (orders[1].id, "already_claimed"), (elsewhere.id, "not_found"), (orders[2].id, ""),
    ]  # fmt: skip
    assert [d.ok for d in done] == [True, False, False, True] and all(d.message for d in done if not d.ok)
    noted = actions.do_many(by=me, verb="note_order", order_ids=[o.id for o in orders[:3]], words="到现场看过")
    assert [d.ok for d in noted] == [True, True, True]
    sent = actions.do_many(by=cast.actor("yu_tao"), verb="dispatch_order", order_ids=[orders[3].id, orders[0].id], to=me.id)
    assert [d.code for d in sent] == ["", "wrong_state"]
    closed = actions.do_many(by=me, verb="handle_order", order_ids=[o.id for o in orders], words=WORDS)
    assert [d.code for d in closed] == ["", "forbidden", "", ""]
    assert sorted(Order.objects.filter(is_open=False).values_list("id", flat=True)) == sorted(o.id for o in orders if o != orders[1])


@pytest.mark.parametrize(("verb", "count", "code"), [("void_order", 1, "bad_verb"), ("note_order", 0, "bad_count"), ("note_order", 101, "bad_count")])
def test_what_cannot_be_done_many_times_is_refused_whole(cast, at, verb, count, code):
    with pytest.raises(LinliError) as refused:
        actions.do_many(by=cast.actor("li_min"), verb=verb, order_ids=[UUID(int=n) for n in range(count)], words="x")
    assert refused.value.code == code

