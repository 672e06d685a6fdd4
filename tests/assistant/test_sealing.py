"""A confidential matter stays between its speaker and the few who handle it, whichever way it is spoken of."""

import json
import re

import pytest

from linli.assistant import actions as assistant
from linli.assistant.intake import take_in
from linli.groups import actions as groups
from linli.groups.inbound import Inbound
from linli.groups.models import Message
from linli.kernel import clock, ids
from linli.kernel.actors import SYSTEM
from linli.ledger.delivery import deliver_all
from linli.ledger.models import Event
from linli.notices.models import Notice
from linli.orders import actions as orders
from linli.orders.models import Order, Voice
from tests.assistant.talk import heard, say

SECRET = "3号楼楼上天天有人搞传销上课"


def together(cast, *lines: tuple[str, str]) -> list[Message]:
    """Several people's words that are taken in as one batch."""
    inbound = []
    for who, text in lines:
        member = cast.member[who]
        group = member.group
        inbound.append(Inbound(group.id, group.community_id, f"page:{group.id}", str(ids.new()), text, member.id, clock.now()))
    rows = groups.receive(SYSTEM, inbound)
    assert take_in() == len(rows)
    deliver_all()
    return [Message.objects.get(id=r.id) for r in rows]


ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def in_public(order: Order | None = None) -> str:
    """All that 小栖 has said where others read it; an order's id is no word (it may hold any three digits by chance)."""
    rows = Message.objects.filter(direction=Message.OUT, audience=Message.GROUP)
    said = "".join(f"{m.text}{json.dumps(m.card, ensure_ascii=False)}" for m in rows)
    return ID.sub("", said)


def test_its_speaker_asks_again_and_is_answered_alone(cast, at):
    order = Order.objects.get(id=say(cast, "zhou", SECRET).outcome_id)
    at.move(minutes=15)
    again = say(cast, "zhou", "有人管吗")
    assert again.outcome == "voice" and again.outcome_id == order.id
    reply = heard(again)
    assert reply.audience == Message.MEMBER and reply.to_member_id == cast.member["zhou"].id and not reply.card
    assert "传销" not in reply.text and in_public() == ""


def test_said_twice_it_is_one_order_and_stays_private(cast, at):
    first = say(cast, "zhou", SECRET)
    at.move(minutes=15)
    second = say(cast, "zhou", "3号楼那伙搞传销的又拉人头了")
    assert second.outcome_id == first.outcome_id and Order.objects.get().voices.count() == 2
    assert in_public() == ""


def test_a_neighbour_is_never_joined_to_it(cast, at):
    order = Order.objects.get(id=say(cast, "zhou", SECRET).outcome_id)
    at.move(minutes=15)
    for text in ("3号楼楼上天天吵死了没人管", "3号楼那件事有人管吗", SECRET):
        message = say(cast, "chen", text)
        assert message.outcome_id != order.id, text
    order.refresh_from_db()
    assert order.voice_count == 1 and "传销" not in in_public()


def test_nor_in_the_same_batch(cast, at):
    mine, other, again = together(
        cast, ("zhou", SECRET), ("chen", "3号楼楼上天天太吵了，没人管"), ("zhou", "有人管吗")
    )
    assert mine.outcome == "sensitive" and other.outcome_id != mine.outcome_id
    assert again.outcome_id == mine.outcome_id
    assert "传销" not in in_public() and "邻居也说了" not in in_public()


def test_an_emergency_of_a_sensitive_kind_gets_the_numbers_alone(cast, at):
    message = say(cast, "zhou", "快救人！3号楼楼上男的拿刀打老婆，孩子在哭")
    order = Order.objects.get(id=message.outcome_id)
    reply = heard(message)
    assert order.confidential and "110" in reply.text and reply.audience == Message.MEMBER and not reply.card


def test_a_rating_of_it_is_thanked_for_alone(cast, at):
    order = Order.objects.get(id=say(cast, "zhou", SECRET).outcome_id)
    orders.handle_order(by=cast.actor("zhao_hui"), order_id=order.id, words="已会同派出所上门核查并清退")
    deliver_all()
    at.move(hours=1)
    message = say(cast, "zhou", "还是没解决")
    order.refresh_from_db()
    assert (message.outcome, order.reopened) == ("rated", 1)
    assert heard(message).audience == Message.MEMBER and in_public() == ""


def test_corrected_to_a_sensitive_kind_it_leaves_the_public_and_does_not_come_back(cast, at):
    order = Order.objects.get(id=say(cast, "zhou", "3号楼2单元楼上太吵了，天天一屋子人").outcome_id)
    head = cast.actor("zhao_hui")
    orders.correct_order(by=head, order_id=order.id, kind="pyramid_selling")
    deliver_all()
    order.refresh_from_db()
    assert order.confidential and order.thing == "" and "吵" not in order.title
    assert Notice.objects.filter(subject_id=order.id, account_id=cast.account["ge_jun"].id).count() == 1
    before = in_public()
    orders.answer_order(by=head, order_id=order.id, words="明天上午会同派出所上门核查")
    deliver_all()
    assert in_public() == before
    orders.correct_order(by=head, order_id=order.id, kind="noise")
    order.refresh_from_db()
    assert order.confidential
    at.move(minutes=15)
    assert heard(say(cast, "zhou", "有人管吗")).audience == Message.MEMBER


@pytest.mark.parametrize("text", ["2单元502漏水了，没人管", "我家502室漏水了没人管", "我住3号楼2单元502，厨房漏水没人修"])
@pytest.mark.parametrize("who", ["zhou", "zhou@jx"])
def test_the_number_of_a_home_stands_nowhere_but_with_the_voice(cast, at, text, who):
    message = say(cast, who, text)
    order = Order.objects.get(id=message.outcome_id)
    orders.answer_order(by=cast.actor(cast.key_of(order.responsible_id)), order_id=order.id, words="管道工今天下午两点上门修")
    deliver_all()
    assert "502" not in f"{order.place_text}{order.unit}{order.title}{order.thing}"
    assert "502" not in in_public()
    facts = [json.dumps(e.facts, ensure_ascii=False) for e in Event.objects.filter(subject_id=order.id)]
    assert not any("502" in f.replace(str(order.id), "") and "漏水" in f for f in facts)
    assert "502" in Voice.objects.get(order=order, message_id=message.id).words


def test_a_photo_that_nobody_explained_becomes_a_matter_of_its_own_place(cast, at):
    message = say(cast, "zhou", "", kind="photo", blobs=["00000000-0000-0000-0000-000000000001"])
    assert message.outcome == "asked" and heard(message).audience == Message.MEMBER
    at.move(minutes=11)
    assert assistant.expire_asks() == 1
    message.refresh_from_db()
    order = Order.objects.get(id=message.outcome_id)
    assert (message.outcome, order.kind, order.voices.get().blob_ids) == ("order", "look", message.blob_ids)
