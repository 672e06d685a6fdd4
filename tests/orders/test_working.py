"""What the responsible person does, verb by verb: its event, its words, its clocks, who hears of it."""

from datetime import timedelta

import pytest

from linli.grid import actions as grid
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, Forbidden
from linli.ledger.delivery import deliver_all
from linli.ledger.models import Event
from linli.notices.models import Notice
from linli.orders import actions, selectors
from linli.orders.models import Clock, Order, Word
from tests.orders.people import WORDS, opened

pytestmark = pytest.mark.django_db


def fresh(order: Order) -> Order:
    return Order.objects.get(id=order.id)


def last(order: Order) -> Event:
    return Event.objects.filter(subject_id=order.id).order_by("id").last()


def running(order: Order) -> dict[str, Clock]:
    return {c.name: c for c in order.clocks.filter(state=Clock.RUNNING)}


def test_accepting_and_noting_stop_no_clock(cast, at):
    order, li = opened(cast), cast.actor("li_min")
    assert actions.accept_order(by=li, order_id=order.id).state == "working"
    actions.note_order(by=li, order_id=order.id, words="周阿姨说老人下不去楼")
    event = last(order)
    word = Word.objects.get(event_id=event.id)
    assert (event.verb, word.text, word.public, word.by_id) == ("orders.note_order", "周阿姨说老人下不去楼", False, li.id)
    assert "周" not in str(event.facts) and set(running(order)) == {"answer", "solve"} and fresh(order).answered_at is None


@pytest.mark.parametrize("words", ["收到", "已收到，正在处理", "好的好的！", "已转办，请耐心等待", "知道了……", "感谢您的反映，我们会尽快处理"])
def test_an_acknowledgement_is_refused_as_an_answer(cast, at, words):
    order = opened(cast)
    for verb in (actions.answer_order, actions.handle_order):
        with pytest.raises(BadInput) as refused:
            verb(by=cast.actor("li_min"), order_id=order.id, words=words)
        assert refused.value.code == "no_matter"
    assert running(order).keys() == {"answer", "solve"} and not Word.objects.filter(order=order).exists()


def test_an_answer_meets_its_clock_once_and_the_light_is_that_of_the_other(cast, at):
    order, li = opened(cast), cast.actor("li_min")
    at.move(minutes=121)
    while actions.advance_clocks():
        pass
    assert fresh(order).light == "red"
    actions.answer_order(by=li, order_id=order.id, words=WORDS)
    found = fresh(order)
    assert (found.answered_at, found.answered_in_time, found.light, found.state) == (clock.now(), False, "green", "working")
    first = found.answered_at
    at.move(minutes=5)
    actions.answer_order(by=li, order_id=order.id, words="配件已到，四点前装好")
    assert fresh(order).answered_at == first and set(running(order)) == {"solve"}


def test_a_transfer_keeps_clocks_and_tells_the_next(cast, at):
    order = opened(cast)
    before = running(order)["answer"].due_at
    to = cast.account["wang_fang"].id
    at.move(minutes=30)
    actions.transfer_order(by=cast.actor("li_min"), order_id=order.id, to=to, words="3号楼今天归小王")
    found = fresh(order)
    assert (found.responsible_id, found.responsible_via, found.state) == (to, "transfer", "assigned")
    assert running(order)["answer"].due_at == before == found.answer_due_at
    assert last(order).facts["from"] == str(cast.account["li_min"].id) and last(order).facts["to"] == str(to)
    deliver_all()
    assert Notice.objects.filter(account_id=to, subject_id=order.id, kind="order_transferred").count() == 1
    with pytest.raises(Forbidden):
        actions.transfer_order(by=cast.actor("li_min"), order_id=order.id, to=to, words="再转一次试试")


def test_a_return_goes_to_the_head_her_stand_in_or_the_centre(cast, at):
    order = opened(cast)
    actions.return_order(by=cast.actor("li_min"), order_id=order.id, words="不是社区能办的")
    assert fresh(order).responsible_id == cast.account["zhao_hui"].id
    actions.return_order(by=cast.actor("zhao_hui"), order_id=order.id, words="请平台协调")
    assert fresh(order).responsible_id == cast.account["yu_tao"].id
    other = opened(cast)
    now = clock.now()
    grid.add_absence(by=SYSTEM, account_id=cast.account["zhao_hui"].id, starts_at=now, ends_at=now + timedelta(days=1), stand_in_id=cast.account["zhang_jie"].id)
    actions.return_order(by=cast.actor("li_min"), order_id=other.id, words="不是社区能办的")
    assert fresh(other).responsible_id == cast.account["zhang_jie"].id


def test_a_correction_moves_the_solve_clock_and_not_the_answer_s(cast, at):
    order = opened(cast)
    answer, solve = running(order)["answer"], running(order)["solve"]
    actions.correct_order(by=cast.actor("li_min"), order_id=order.id, kind="noise", thing="广场舞")
    found, now_solve = fresh(order), running(order)["solve"]
    assert (found.kind, found.category, found.title, found.thing) == ("noise", "environment", "广场舞 · 噪音", "广场舞")
    assert now_solve.due_at < solve.due_at and now_solve.due_at == found.solve_due_at and now_solve.amount == 480
    assert running(order)["answer"].due_at == answer.due_at
    assert "广场舞" not in str(last(order).facts)
    assert order.id in [o.id for o in selectors.search(cast.actor("li_min"), "广场舞")]


def test_a_longer_limit_takes_the_light_back_and_its_steps_are_told_anew(cast, at):
    order = opened(cast, kind="noise", thing="噪音")
    actions.answer_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    at.set(clock.local(running(order)["solve"].next_at + timedelta(minutes=1)).replace(tzinfo=None))
    actions.advance_clocks()
    assert fresh(order).light == "yellow"
    actions.correct_order(by=cast.actor("li_min"), order_id=order.id, kind="dispute")
    assert fresh(order).light == "green" and running(order)["solve"].step == 0
    at.set(clock.local(running(order)["solve"].next_at + timedelta(minutes=1)).replace(tzinfo=None))
    actions.advance_clocks()
    assert fresh(order).light == "yellow"
    assert Notice.objects.filter(subject_id=order.id, kind="clock_yellow", params__clock="solve").count() == 2


def test_a_correction_of_the_place_moves_the_grid(cast, at):
    order = opened(cast)
    actions.correct_order(by=cast.actor("zhao_hui"), order_id=order.id, building_id=cast.building["jx5"].id, unit="1单元")
    found = fresh(order)
    assert (found.grid_id, found.place_text, found.unit) == (cast.grid["jinxiu2"].id, "锦绣苑5号楼1单元", "1单元")
    for wrong in ({"building_id": cast.building["hp1"].id}, {"kind": "nonsense"}, {"category": "nonsense"}):
        with pytest.raises(BadInput):
            actions.correct_order(by=cast.actor("zhao_hui"), order_id=order.id, **wrong)


def test_in_no_building_its_place_is_said_in_words(cast, at):
    order = opened(cast)
    actions.correct_order(by=cast.actor("zhao_hui"), order_id=order.id, place=" 锦绣广场东侧 ")
    found = fresh(order)
    assert (found.building_id, found.unit, found.place_text, last(order).facts["place"]) == (None, "", "锦绣广场东侧", "changed")
    assert "锦绣广场" not in str(last(order).facts) and order.id in [o.id for o in selectors.search(cast.actor("li_min"), "锦绣广场")]
    with pytest.raises(BadInput, match="80 字"):
        actions.correct_order(by=cast.actor("zhao_hui"), order_id=order.id, place="广场" * 41)
    actions.correct_order(by=cast.actor("zhao_hui"), order_id=order.id, building_id=cast.building["jx5"].id, unit="1单元", place="锦绣广场")
    assert fresh(order).place_text == "锦绣苑5号楼1单元", "a building says more"


def test_a_result_ends_both_clocks_and_asks_the_voices(cast, at):
    order = opened(cast, "chen")
    at.move(minutes=10)
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    found = fresh(order)
    assert (found.state, found.is_open, found.light, found.handled_at) == ("handled", False, "none", clock.now())
    assert (found.answered_in_time, found.solved_in_time, found.ending) == (True, True, "done") and not running(order)
    deliver_all()
    told = Notice.objects.filter(subject_id=order.id, kind="result_ready").values_list("account_id", flat=True)
    assert set(told) == {cast.account["zhou"].id, cast.account["chen"].id}


def test_void_stops_the_clocks_and_counts_for_nothing(cast, at):
    order = opened(cast)
    with pytest.raises(Forbidden):
        actions.void_order(by=cast.actor("li_min"), order_id=order.id, words="试着按的")
    actions.void_order(by=cast.actor("zhao_hui"), order_id=order.id, words="试着按的")
    found = fresh(order)
    assert (found.state, found.is_open, found.answered_in_time, found.solved_in_time) == ("void", False, None, None)
    assert set(order.clocks.values_list("state", flat=True)) == {"stopped"}
    at.move(days=3)
    assert actions.advance_clocks() == 0


def test_words_have_a_length_and_keep_every_character(cast, at):
    order, li = opened(cast), cast.actor("li_min")
    for words in ("", "   ", "长" * 2001, "\x00"):
        with pytest.raises(BadInput):
            actions.note_order(by=li, order_id=order.id, words=words)
    actions.note_order(by=li, order_id=order.id, words="𠮷野家\x00旁边😀")
    assert Word.objects.get(order=order).text == "𠮷野家旁边😀"
