"""Between talk and matter, several matters in one message, callers who repeat themselves, words after a result."""

from dataclasses import replace

import pytest

from linli.assistant import actions as assistant
from linli.assistant.decide import perhaps
from linli.assistant.models import Ask
from linli.groups import actions as groups
from linli.groups.models import Member, Message
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import NotFound
from linli.language import Understanding, understand, understand_many
from linli.ledger.delivery import deliver_all
from linli.orders import actions as orders
from linli.orders.models import Order, Voice
from tests.assistant.talk import heard, say

LIFT = "3号楼2单元电梯又坏了，老人下不去楼"
UNSURE = "太极拳队明早老时间见"
DIM = "楼上又开始了"


@pytest.fixture
def lift(cast, at) -> Order:
    return Order.objects.get(id=say(cast, "zhou", LIFT).outcome_id)


def settle(message: Message, yes: bool) -> Order | None:
    ask = Ask.objects.get(message_id=message.id)
    order = assistant.settle_ask(by=SYSTEM, ask_id=ask.id, member_id=message.member_id, yes=yes)
    deliver_all()
    message.refresh_from_db()
    return order


def unsure(text: str, u: Understanding) -> Understanding:
    """What the tests are about is what follows from a doubt, so the doubt is given and no model can take it away."""
    if text == DIM:
        return replace(u, intent="appeal", confidence=0.5, probs={**u.probs, "appeal": 0.5}, kind="noise", thing="噪音")
    if text == UNSURE:
        return replace(u, intent="small_talk", confidence=0.5, probs={**u.probs, "appeal": 0.47}, kind="", thing="")
    return u


@pytest.fixture(autouse=True)
def _doubt(monkeypatch):
    def many(texts, gazetteers=None):
        return [unsure(t, u) for t, u in zip(texts, understand_many(texts, gazetteers), strict=True)]

    monkeypatch.setattr("linli.assistant.intake.understand_many", many)
    monkeypatch.setattr("linli.assistant.actions.understand", lambda text, gazetteer=None: many([text], gazetteer)[0])


def test_between_talk_and_a_matter_lies_a_doubt():
    talk, lift = understand("谢谢大家"), understand(LIFT)
    assert not perhaps(lift) and not perhaps(talk)
    assert perhaps(unsure(DIM, talk)) and perhaps(unsure(UNSURE, talk))
    assert not perhaps(replace(unsure(DIM, talk), urgency=1)), "what hurries is never kept waiting"


@pytest.mark.parametrize("text", [UNSURE, DIM])
def test_neither_talk_nor_matter_is_asked_alone(cast, at, text):
    message = say(cast, "zhou", text)
    reply = heard(message)
    assert (message.outcome, reply.audience, reply.to_member_id) == ("asked", Message.MEMBER, message.member_id)
    assert reply.card["type"] == "ask" and not Order.objects.exists()


def test_yes_makes_it_a_matter_and_no_makes_it_talk(cast, at):
    one, other = say(cast, "zhou", DIM), say(cast, "chen", UNSURE)
    order = settle(one, True)
    assert (one.outcome, one.outcome_id, order.voices.get().words) == ("order", order.id, DIM)
    assert settle(other, False) is None and other.outcome == "small_talk" and Order.objects.count() == 1
    assert settle(one, False) is None and Order.objects.count() == 1, "the second press changes nothing"


@pytest.mark.parametrize(("words", "outcome"), [("要的", "order"), ("好，麻烦转一下", "order"), ("不用了，谢谢", "small_talk")])
def test_the_answer_may_be_written_as_well(cast, at, words, outcome):
    one = say(cast, "zhou", DIM)
    said = say(cast, "zhou", words)
    one.refresh_from_db()
    assert (said.outcome, one.outcome, Order.objects.count()) == ("settled", outcome, int(outcome == "order"))


def test_silence_keeps_what_names_a_thing_and_drops_mere_talk(cast, at):
    dim, talk = say(cast, "zhou", DIM), say(cast, "chen", UNSURE)
    at.move(minutes=11)
    assert assistant.expire_asks() == 2 and assistant.expire_asks() == 0
    dim.refresh_from_db()
    talk.refresh_from_db()
    assert (dim.outcome, talk.outcome) == ("order", "small_talk") and Order.objects.get().id == dim.outcome_id


def test_only_who_was_asked_may_answer(cast, at):
    ask = Ask.objects.get(message_id=say(cast, "zhou", DIM).id)
    with pytest.raises(NotFound):
        assistant.settle_ask(by=SYSTEM, ask_id=ask.id, member_id=cast.member["chen"].id, yes=True)


def test_a_question_that_cannot_be_settled_does_not_hold_up_the_others(cast, at):
    broken, fine = say(cast, "zhou", DIM), say(cast, "chen", DIM)
    Message.objects.filter(id=broken.id).delete()
    at.move(minutes=11)
    assert assistant.expire_asks() == 1
    fine.refresh_from_db()
    assert fine.outcome == "order"


def test_the_same_matter_that_ended_meanwhile_becomes_a_new_one(cast, lift, at):
    at.move(minutes=20)
    message = say(cast, "zhou@jx", "电梯什么时候修好啊")
    assert message.outcome == "asked"
    orders.void_order(by=cast.actor("zhao_hui"), order_id=lift.id, words="试着按的")
    order = settle(message, True)
    assert order.id != lift.id and message.outcome == "order"


def test_two_matters_in_one_message_keep_their_own_words_and_join_what_is_known(cast, lift, at):
    at.move(minutes=20)
    message = say(cast, "chen", "3号楼2单元电梯坏了没人修，另外3号楼楼道灯不亮了")
    lift.refresh_from_db()
    light = Order.objects.exclude(id=lift.id).get()
    assert lift.voice_count == 2 and light.thing != "电梯"
    assert "灯" in light.voices.get().words and "电梯" in lift.voices.get(message_id=message.id).words
    assert "2 件事" in heard(message).text


def test_what_is_no_matter_by_itself_stays_with_its_neighbour_in_the_message(cast, at):
    text = "3号楼1单元楼道灯不亮了。另外南门口垃圾堆了三天没人清。大家周末愉快"
    message = say(cast, "zhou", text)
    made = Order.objects.filter(key__startswith=f"m:{message.id}:")
    said = "".join(o.voices.get().words for o in made)
    assert made.count() == 2 and "灯" in said and "垃圾" in said
    for order in made:
        words = order.voices.get().words
        assert ("灯" in words) != ("垃圾" in words)


def test_asking_for_a_person_again_and_again_is_one_matter(cast, at):
    first = say(cast, "zhou", "人工")
    for _ in range(3):
        at.move(minutes=1)
        assert say(cast, "zhou", "转人工").outcome_id == first.outcome_id
    assert Order.objects.count() == 1
    orders.answer_order(by=cast.actor("li_min"), order_id=first.outcome_id, words="您好，我是社工小李，什么事请说")
    at.move(minutes=1)
    assert say(cast, "zhou", "人工").outcome_id != first.outcome_id, "answered: now it is another call"
    assert say(cast, "chen", "人工").outcome_id != first.outcome_id


@pytest.mark.parametrize(("text", "outcome"), [("电梯修好了吗", "voice"), ("还没修好呢", "rated"), ("电梯还是坏的，没修好", "rated"), ("修好了，谢谢", "rated")])
def test_after_a_result_a_question_is_no_rating(cast, lift, at, text, outcome):
    orders.handle_order(by=cast.actor("li_min"), order_id=lift.id, words="控制板已更换，电梯恢复运行")
    deliver_all()
    at.move(hours=1)
    message = say(cast, "zhou", text)
    lift.refresh_from_db()
    assert message.outcome == outcome and Order.objects.count() == 1
    assert lift.reopened == (1 if outcome == "rated" and "谢谢" not in text else 0)
    if outcome == "voice":
        assert "结果" in heard(message).text and lift.state == "handled"


def test_too_late_for_a_rating_it_is_a_matter_and_not_stuck(cast, lift, at):
    orders.handle_order(by=cast.actor("li_min"), order_id=lift.id, words="控制板已更换，电梯恢复运行")
    deliver_all()
    at.move(days=7, minutes=1)  # nobody closed it yet: the worker was down
    message = say(cast, "zhou", "3号楼2单元电梯还是坏的，没修好")
    assert message.state == Message.DONE and message.outcome == "order"


@pytest.mark.parametrize("text", ["你有病吧！电梯坏了三天没人修，你还笑", "你给我等着！3号楼电梯坏了没人管"])
def test_an_appeal_in_a_quarrel_is_not_lost_and_not_talked_into(cast, at, text):
    message = say(cast, "zhou", text)
    assert Order.objects.filter(id=message.outcome_id).exists()
    reply = heard(message)
    assert reply is None or reply.audience == Message.MEMBER


def test_an_emergency_in_a_muted_group_rings_and_is_told_on_her_own_page(cast, at):
    groups.mute_group(by=SYSTEM, group_id=cast.group["jx3"].id)
    message = say(cast, "zhou", "3号楼着火了，快来人！")
    order = Order.objects.get(id=message.outcome_id)
    assert order.urgency == 2 and "119" in heard(message).text and heard(message).audience == Message.OWN


def test_a_pasted_member_without_an_account_is_known_by_her_name(cast, at):
    group = cast.group["jxr"]
    member = Member.objects.create(group=group, sender_ref="relay:x", nickname="五楼老吴", joined_at=clock.now())
    cast.member["wu"] = member
    message = say(cast, "wu", "2号楼楼道灯坏了三天，没人修")
    assert Voice.objects.get(message_id=message.id).name == "五楼老吴"
