"""Who has to do with an order hears of it once, at once where it cannot wait."""

from datetime import datetime

import pytest

from linli.grid.selectors import stamp_of_building
from linli.kernel import clock
from linli.ledger import delivery
from linli.notices.models import Notice
from linli.orders import actions
from linli.orders.drafts import Draft
from linli.orders.models import Order
from tests.orders.people import WORDS, opened

pytestmark = pytest.mark.django_db


def told(cast, order: Order) -> list[tuple[str, str]]:
    delivery.deliver_all()
    staff = Notice.objects.filter(subject_id=order.id).exclude(kind__in=("result_ready", "answer_given")).order_by("id")
    return [(n.kind, cast.key_of(n.account_id)) for n in staff]


def test_each_hand_over_tells_whom_it_was_handed_to_even_when_told_late(cast, at):
    order = opened(cast)
    actions.transfer_order(by=cast.actor("li_min"), order_id=order.id, to=cast.account["wang_fang"].id, words="小王在附近")
    actions.return_order(by=cast.actor("wang_fang"), order_id=order.id, words="请书记看看")
    actions.assign_order(by=cast.actor("zhao_hui"), order_id=order.id, to=cast.account["zhang_jie"].id)
    assert sorted(told(cast, order)) == sorted([
        ("order_assigned", "li_min"), ("order_transferred", "wang_fang"), ("order_returned", "zhao_hui"), ("order_assigned", "zhang_jie"),
    ])  # fmt: skip


def test_a_notice_holds_numbers_and_times_only(cast, at):
    order = opened(cast, kind="vice")
    told(cast, order)
    for notice in Notice.objects.filter(subject_id=order.id):
        assert set(notice.params) <= {"number", "due", "clock"}


def test_at_night_the_officer_is_rung_and_a_worker_is_let_sleep(cast, at):
    at.set(datetime(2026, 3, 2, 23))
    order = opened(cast)
    told(cast, order)
    assert Notice.objects.get(subject_id=order.id).not_before == clock.now()
    actions.transfer_order(by=cast.actor(cast.key_of(order.responsible_id)), order_id=order.id, to=cast.account["li_min"].id, words="明早上门看看")
    told(cast, order)
    mine = Notice.objects.get(subject_id=order.id, account_id=cast.account["li_min"].id)
    assert clock.local(mine.not_before) == datetime(2026, 3, 3, 7, tzinfo=clock.LOCAL)


def test_review_calls_the_reviewer(cast, at):
    order = opened(cast)
    for _ in range(3):
        actions.handle_order(by=cast.actor("zhao_hui"), order_id=order.id, words=WORDS)
        actions.rate_order(by=cast.actor("zhou"), order_id=order.id, voice_id=order.voices.get().id, rating="unsolved")
    kinds = told(cast, order)
    assert kinds.count(("order_reopened", "li_min")) == 2 and kinds[-1] == ("order_review", "xie_lin")


def test_who_lost_an_order_and_who_may_claim_it_hear_that_it_was_taken_back(cast, at):
    finding = Draft(kind="safety", thing="井盖松动", stamp=stamp_of_building(cast.building["jx3"]), procedure="pool")
    order = actions.open_order(by=cast.actor("zhang_jie"), draft=finding)
    told(cast, order)
    for turn in (1, 2, 3):
        Notice.objects.all().delete()
        actions.claim_order(by=cast.actor("wang_fang"), order_id=order.id)
        actions.take_back_order(by=cast.actor("yu_tao"), order_id=order.id, words="一天没有动静")
        heard = told(cast, order)
        assert ("order_taken_back", "wang_fang") in heard, turn
        if turn < 3:
            assert {kind for kind, who in heard if who != "wang_fang"} == {"order_pooled"}
    order.refresh_from_db()
    assert cast.key_of(order.responsible_id) == "yu_tao"


def test_the_centre_hears_that_it_is_hers_after_the_third_time(cast, at):
    finding = Draft(kind="safety", thing="井盖松动", stamp=stamp_of_building(cast.building["jx3"]), procedure="pool")
    order = actions.open_order(by=cast.actor("zhang_jie"), draft=finding)
    for _ in range(3):
        actions.claim_order(by=cast.actor("wang_fang"), order_id=order.id)
        actions.take_back_order(by=cast.actor("zhao_hui"), order_id=order.id, words="一天没有动静")
    assert ("order_taken_over", "yu_tao") in told(cast, order)
