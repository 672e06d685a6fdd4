"""A person's words go back: to each voice at once, to the groups in their hours, and never twice."""

import json
from datetime import datetime, timedelta

import pytest

from linli.groups import actions as groups
from linli.groups.models import Member, Message
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.ledger import delivery
from linli.ledger.models import Delivery, Event
from linli.notices.models import Notice
from linli.orders import actions
from linli.orders.drafts import VoiceDraft
from linli.orders.models import Order
from linli.orders.states import Door
from tests.orders.people import WORDS, draft, opened, voice_of
from tests.secrets import tells

pytestmark = pytest.mark.django_db


def out(audience: str = "", **more) -> list[Message]:
    rows = Message.objects.filter(direction=Message.OUT, **more).order_by("id")
    return list(rows.filter(audience=audience) if audience else rows)


def again() -> None:
    """Everything is delivered a second time, as after a crash between effect and DONE on another machine."""
    Delivery.objects.update(state=Delivery.PENDING, due_at=clock.wall())
    delivery.deliver_all()


def state() -> tuple:
    messages = sorted((m.account, m.dedupe_key, m.audience, m.text) for m in Message.objects.all())
    notices = sorted((str(n.account_id), n.dedupe_key) for n in Notice.objects.all())
    orders = sorted((o.number, o.state, o.light, o.voice_count, str(o.responsible_id)) for o in Order.objects.all())
    return messages, notices, orders, Event.objects.count()


def two_groups(cast) -> Order:
    """One lift, told in the building's group and in the owners' group."""
    order = opened(cast, "chen")
    actions.add_voices(by=SYSTEM, order_id=order.id, voices=[voice_of(cast, "ma@jx"), voice_of(cast, "zhou@jx")])
    delivery.deliver_all()
    return Order.objects.get(id=order.id)


def test_every_story_twice_changes_nothing(cast, at):
    order = two_groups(cast)
    secret = opened(cast, kind="vice")
    li, head = cast.actor("li_min"), cast.actor("zhao_hui")
    actions.answer_order(by=li, order_id=order.id, words=WORDS)
    actions.transfer_order(by=li, order_id=order.id, to=cast.account["wang_fang"].id, words="小王在附近")
    actions.return_order(by=cast.actor("wang_fang"), order_id=order.id, words="请书记看看")
    for _ in range(3):
        actions.handle_order(by=head, order_id=order.id, words=WORDS)
        voice = order.voices.order_by("id").first()
        actions.rate_order(by=cast.actor("zhou"), order_id=order.id, voice_id=voice.id, rating="unsolved")
    actions.conclude_review(by=cast.actor("xie_lin"), order_id=order.id, words="按计划六月更换")
    actions.void_order(by=head, order_id=secret.id, words="核实没有此事")
    actions.correct_order(by=head, order_id=opened(cast).id, kind="abuse")
    delivery.deliver_all()
    assert delivery.open_count() == 0 and not Delivery.objects.filter(state=Delivery.FAILED).exists()
    before = state()
    again()
    assert state() == before and not Delivery.objects.exclude(state=Delivery.DONE).exists()


def test_each_group_once_and_each_person_once(cast, at):
    order = two_groups(cast)
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    delivery.deliver_all()
    told = out(Message.GROUP, outcome="told")
    assert {m.group_id for m in told} == {cast.group["jx3"].id, cast.group["jx"].id} and len(told) == 2
    own = [m for m in out(Message.OWN) if WORDS in m.text]
    assert sorted(m.to_member_id for m in own) == sorted(cast.member[k].id for k in ("zhou", "chen", "ma@jx")), "周阿姨 once"
    assert Notice.objects.filter(kind="result_ready").count() == 3
    for message in told:
        assert message.card["order"] == str(order.id) and "voice" not in message.card
        assert not tells(message.text + json.dumps(message.card, ensure_ascii=False), "周", "陈", "马", "502")


def test_a_confidential_result_reaches_its_voice_alone(cast, at):
    order = opened(cast, kind="pyramid_selling")
    actions.answer_order(by=cast.actor("zhao_hui"), order_id=order.id, words="今晚会同派出所上门核查")
    delivery.deliver_all()
    assert out(Message.GROUP) == [] and [m.to_member_id for m in out(Message.OWN)] == [cast.member["zhou"].id]
    assert Notice.objects.filter(kind="answer_given").count() == 1


def test_made_confidential_in_the_night_the_group_does_not_hear_in_the_morning(cast, at):
    at.set(datetime(2026, 3, 2, 23))
    order = opened(cast)
    actions.answer_order(by=SYSTEM, order_id=order.id, words=WORDS)
    delivery.deliver_all()
    actions.correct_order(by=SYSTEM, order_id=order.id, kind="abuse")
    at.set(datetime(2026, 3, 3, 7, 30))
    delivery.hurry()
    delivery.deliver_all()
    assert out(Message.GROUP) == [] and delivery.open_count() == 0


@pytest.mark.parametrize(("urgency", "now"), [(0, 0), (1, 1), (2, 1)])
def test_the_quiet_hours_hold_back_what_can_wait(cast, at, urgency, now):
    at.set(datetime(2026, 3, 2, 22, 0))
    order = opened(cast, urgency=urgency)
    actions.answer_order(by=SYSTEM, order_id=order.id, words=WORDS)
    delivery.deliver_all()
    assert (len(out(Message.GROUP)), len(out(Message.OWN))) == (now, 1)
    at.set(datetime(2026, 3, 3, 6, 59))
    delivery.hurry()
    delivery.deliver_all()
    assert len(out(Message.GROUP)) == now
    at.set(datetime(2026, 3, 3, 7, 0))
    delivery.hurry()
    delivery.deliver_all()
    assert len(out(Message.GROUP)) == 1 and delivery.open_count() == 0


@pytest.mark.parametrize("secret", [False, True])
def test_merged_in_the_night_the_group_hears_the_answer_in_the_morning_unless_it_is_confidential_now(cast, at, secret):
    order, other, third = opened(cast), opened(cast, "zhou@jx", thing="轿厢"), opened(cast, "ma@jx", thing="机房")
    at.set(datetime(2026, 3, 2, 23))
    actions.answer_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    delivery.deliver_all()
    head = cast.actor("zhao_hui")
    actions.merge_orders(by=head, order_ids=[order.id], into=other.id)
    actions.merge_orders(by=head, order_ids=[other.id], into=third.id)
    if secret:
        actions.correct_order(by=head, order_id=third.id, kind="abuse")
    delivery.deliver_all()
    assert not out(outcome="told")
    at.set(datetime(2026, 3, 3, 7, 1))
    Delivery.objects.filter(state=Delivery.PENDING).update(due_at=clock.wall())
    delivery.deliver_all()
    told = [m.group_id for m in out(Message.GROUP, outcome="told") if WORDS in m.text]
    assert sorted(told) == ([] if secret else sorted(cast.group[k].id for k in ("jx3", "jx")))


def test_what_was_held_back_goes_to_no_group_that_was_muted_meanwhile(cast, at):
    at.set(datetime(2026, 3, 2, 23))
    order = two_groups(cast)
    actions.answer_order(by=SYSTEM, order_id=order.id, words=WORDS)
    delivery.deliver_all()
    groups.mute_group(by=SYSTEM, group_id=cast.group["jx3"].id)
    at.set(datetime(2026, 3, 3, 8))
    delivery.hurry()
    delivery.deliver_all()
    assert [m.group_id for m in out(Message.GROUP)] == [cast.group["jx"].id]
    assert len([m for m in out(Message.OWN) if WORDS in m.text]) == 3


def test_in_a_muted_group_reporters_hear_on_their_own_page(cast, at):
    groups.mute_group(by=SYSTEM, group_id=cast.group["jx3"].id)
    order = opened(cast, "chen")
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    delivery.deliver_all()
    assert out(Message.GROUP) == [] and len(out(Message.OWN)) == 2


@pytest.mark.parametrize("door", [Door.COUNTER, Door.PHONE, Door.REPORT, Door.QR])
def test_what_was_not_said_in_the_group_does_not_come_back_in_it(cast, at, door):
    one = draft(cast)
    one.voice.door = door
    order = actions.open_order(by=SYSTEM, draft=one)
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    delivery.deliver_all()
    assert out(Message.GROUP) == [] and len(out(Message.OWN)) == 1
    actions.add_voices(by=SYSTEM, order_id=order.id, voices=[voice_of(cast, "chen")])
    again()
    assert len(out(Message.GROUP)) == 1, "once a neighbour has said it in the group, the group hears"


def test_both_hear_when_one_spoke_for_another(cast, at):
    one = draft(cast, "liu")
    member = cast.member["chen"]
    one.voice.behalf = VoiceDraft(words="我家老人", group_id=member.group_id, member_id=member.id, account_id=member.account_id)
    order = actions.open_order(by=SYSTEM, draft=one)
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    delivery.deliver_all()
    assert {m.to_member_id for m in out(Message.OWN)} == {cast.member["liu"].id, member.id}
    assert set(Notice.objects.filter(kind="result_ready").values_list("account_id", flat=True)) == {cast.account["liu"].id, cast.account["chen"].id}


def test_taken_out_she_hears_nothing_more(cast, at):
    order = opened(cast, "chen")
    chen = order.voices.get(account_id=cast.account["chen"].id)
    actions.remove_voice(by=cast.actor("li_min"), order_id=order.id, voice_id=chen.id, words="不是诉求", own=False)
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    delivery.deliver_all()
    assert [m.to_member_id for m in out(Message.OWN)] == [cast.member["zhou"].id]


def test_taken_out_her_words_are_a_matter_of_their_own_and_she_is_told(cast, at):
    order = opened(cast, "chen")
    chen = order.voices.get(account_id=cast.account["chen"].id)
    actions.remove_voice(by=cast.actor("li_min"), order_id=order.id, voice_id=chen.id, words="他说的是 1 单元")
    delivery.deliver_all()
    other = Order.objects.exclude(id=order.id).get()
    voice = other.voices.get()
    assert (voice.account_id, voice.words, other.kind, other.building_id) == (chen.account_id, chen.words, order.kind, order.building_id)
    told = out(Message.OWN)
    assert [m.to_member_id for m in told] == [chen.member_id] and "单独记下" in told[0].text and "12:00" in told[0].text
    actions.remove_voice(by=cast.actor("li_min"), order_id=other.id, voice_id=voice.id, words="整件都不对")
    assert Order.objects.count() == 2, "an order's last voice takes nothing along"


def test_void_is_told_to_the_voices_and_not_to_the_group(cast, at):
    order = opened(cast)
    actions.void_order(by=cast.actor("zhao_hui"), order_id=order.id, words="系统测试，没有这件事")
    delivery.deliver_all()
    assert out(Message.GROUP) == [] and "没有这件事" in out(Message.OWN)[0].text


def test_open_again_is_told_on_her_own_page_by_a_result_that_is_rated(cast, at):
    order = opened(cast)
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    delivery.deliver_all()
    result = out(Message.OWN)[0]
    assert result.card["type"] == "result" and result.card["voice"] == str(order.voices.get().id)
    actions.rate_order(by=cast.actor("zhou"), order_id=order.id, voice_id=order.voices.get().id, rating="unsolved")
    delivery.deliver_all()
    assert "重新办理" in out(Message.OWN)[-1].text and len(out(Message.GROUP)) == 1
    assert Notice.objects.filter(kind="order_reopened").values_list("account_id", flat=True).get() == cast.account["li_min"].id


def test_who_left_the_group_hears_on_her_own_page_still(cast, at):
    order = opened(cast)
    Member.objects.filter(id=cast.member["zhou"].id).update(left_at=clock.now())
    at.move(hours=1)
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    delivery.deliver_all()
    assert [m.to_member_id for m in out(Message.OWN)] == [cast.member["zhou"].id]
    assert clock.now() - order.opened_at == timedelta(hours=1)
