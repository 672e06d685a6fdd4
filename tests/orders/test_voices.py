"""More people say the same: each once, each told, each able to go again."""

import pytest

from linli.insight import actions as insight
from linli.insight.models import Cell
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, NotFound, WrongState
from linli.ledger.models import Event
from linli.orders import actions
from linli.orders.drafts import VoiceDraft
from linli.orders.models import Order, Voice
from tests.orders.people import WORDS, draft, opened, voice_of

pytestmark = pytest.mark.django_db


def count(order: Order) -> int:
    order.refresh_from_db()
    return order.voice_count


def test_a_person_is_counted_once_however_often_and_wherever_she_speaks(cast, at):
    order = opened(cast, "chen")
    actions.add_voices(by=SYSTEM, order_id=order.id, voices=[voice_of(cast, "chen", "今天还是不行"), voice_of(cast, "chen@jx", "3号楼电梯还坏着")])
    assert count(order) == 2 and order.voices.count() == 4
    event = Event.objects.filter(subject_id=order.id, verb="orders.add_voices").last()
    assert event.facts["people"] == 0 and "电梯" not in str(event.facts)


def test_people_without_a_trace_are_each_new(cast, at):
    order = opened(cast)
    actions.add_voices(by=SYSTEM, order_id=order.id, voices=[VoiceDraft(words="坏了", name="甲"), VoiceDraft(words="坏了", name="乙")])
    assert count(order) == 3


def test_the_same_message_never_twice(cast, at):
    order = opened(cast)
    voice = voice_of(cast, "chen")
    voice.message_id = cast.member["chen"].id
    for _ in range(3):
        actions.add_voices(by=SYSTEM, order_id=order.id, voices=[voice, voice])
    assert order.voices.count() == 2 and Event.objects.filter(verb="orders.add_voices").count() == 1


def test_who_is_spoken_for_becomes_a_voice_too(cast, at):
    order = opened(cast)
    voice = voice_of(cast, "chen", "楼上孙奶奶让我说，她也下不去")
    voice.behalf = VoiceDraft(words=voice.words, name="孙玉兰")
    actions.add_voices(by=SYSTEM, order_id=order.id, voices=[voice])
    second = order.voices.get(for_voice_id__isnull=False)
    assert count(order) == 3 and second.name == "孙玉兰"


def test_taken_out_it_counts_no_more_and_says_nothing_of_the_result(cast, at):
    order = opened(cast, "chen", "liu")
    worker = cast.actor("li_min")
    actions.handle_order(by=worker, order_id=order.id, words=WORDS)
    for who, rating in (("zhou", "satisfied"), ("chen", "so_so")):
        voice = Voice.objects.get(order=order, account_id=cast.account[who].id)
        actions.rate_order(by=cast.actor(who), order_id=order.id, voice_id=voice.id, rating=rating)
    chen = Voice.objects.get(order=order, account_id=cast.account["chen"].id)
    actions.remove_voice(by=worker, order_id=order.id, voice_id=chen.id, words="他说的是 1 单元")
    assert count(order) == 2 and (order.satisfied, order.so_so, order.state) == (1, 0, "handled")
    liu = Voice.objects.get(order=order, account_id=cast.account["liu"].id)
    actions.remove_voice(by=worker, order_id=order.id, voice_id=liu.id, words="重复")
    assert count(order) == 1 and order.state == "closed", "everybody who is left has rated"


def test_taking_out_one_of_two_words_leaves_the_person(cast, at):
    order = opened(cast, "chen")
    extra = actions.add_voices(by=SYSTEM, order_id=order.id, voices=[voice_of(cast, "chen", "另外楼道灯也坏了")])[0]
    actions.remove_voice(by=cast.actor("li_min"), order_id=order.id, voice_id=extra.id, words="是另一件事")
    assert count(order) == 2
    with pytest.raises(NotFound):
        actions.remove_voice(by=cast.actor("li_min"), order_id=order.id, voice_id=extra.id, words="是另一件事")


def test_the_last_voice_may_go_and_the_order_stays_somebody_s(cast, at):
    order = opened(cast)
    actions.remove_voice(by=cast.actor("li_min"), order_id=order.id, voice_id=order.voices.get().id, words="说错群了")
    assert count(order) == 0 and order.responsible_id and order.is_open


def test_another_order_s_voice_and_no_reason_are_refused(cast, at):
    order, other = opened(cast), opened(cast, "chen")
    strange = other.voices.first().id
    with pytest.raises(NotFound):
        actions.remove_voice(by=cast.actor("li_min"), order_id=order.id, voice_id=strange, words="不是这件")
    with pytest.raises(BadInput):
        actions.remove_voice(by=cast.actor("li_min"), order_id=order.id, voice_id=order.voices.get().id, words="  ")


def test_nothing_is_added_when_one_of_the_orders_is_over(cast, at):
    order, over = opened(cast), opened(cast)
    actions.void_order(by=cast.actor("zhao_hui"), order_id=over.id, words="试着按的")
    with pytest.raises(WrongState):
        actions.add_voices_many(by=SYSTEM, additions={order.id: [voice_of(cast, "chen")], over.id: [voice_of(cast, "chen")]})
    assert order.voices.count() == 1 == over.voices.count()


def test_somebody_who_came_back_takes_her_matters_along(cast, at):
    order = actions.open_order(by=SYSTEM, draft=draft(cast))
    assert actions.move_voices(by=cast.actor("zhou"), source=cast.account["zhou"].id, target=cast.account["gao"].id) == 1
    assert order.voices.get().account_id == cast.account["gao"].id
    assert Event.objects.filter(subject_id=order.id, verb="orders.move_voices").count() == 1


def test_who_spoke_under_both_her_accounts_is_one_person_once_they_are_one(cast, at, deliver):
    order = opened(cast, "gao", "chen")
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    for who in ("gao", "chen"):
        voice = order.voices.get(account_id=cast.account[who].id)
        actions.rate_order(by=cast.actor(who), order_id=order.id, voice_id=voice.id, rating="satisfied")
    deliver()
    insight.refresh_cells()
    assert count(order) == 3 and order.state == "handled"
    actions.move_voices(by=cast.actor("zhou"), source=cast.account["zhou"].id, target=cast.account["gao"].id)
    assert count(order) == 2
    assert (order.satisfied, order.state) == (2, "closed"), "each of its people has said what she thinks"
    deliver()
    insight.refresh_cells()
    assert Cell.objects.filter(voices__gt=0).values_list("voices", "satisfied", "unrated").get() == (2, 2, 0)
