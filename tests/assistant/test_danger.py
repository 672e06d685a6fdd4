"""Words of somebody who wants to die, or is beaten at home: a person at once, lines to call, and nothing in public."""

import pytest

from linli.groups.models import Message
from linli.notices.models import Notice
from linli.orders.models import Order
from tests.assistant.talk import heard, say
from tests.assistant.test_sealing import in_public


@pytest.mark.parametrize("text", ["我不想活了", "活着真没意思，药都买好了", "我女儿说想死，把自己锁屋里了"])
def test_who_wants_to_die_is_answered_alone_with_lines_to_call(cast, at, text):
    message = say(cast, "zhou", text)
    order, reply = Order.objects.get(id=message.outcome_id), heard(message)
    assert message.outcome == "sensitive" and order.confidential and order.urgency == 2 and order.responsible_id
    assert reply.audience == Message.MEMBER and reply.to_member_id == cast.member["zhou"].id and not reply.card
    assert all(line in reply.text for line in ("12356", "120", "110"))
    assert Notice.objects.filter(account_id=order.responsible_id, subject_id=order.id, urgent=True).exists()
    assert in_public() == ""


def test_said_again_it_is_the_same_matter_and_the_lines_are_named_again(cast, at):
    first = say(cast, "zhou", "我不想活了")
    at.move(minutes=3)
    again = say(cast, "zhou", "真的活够了")
    assert (again.outcome, again.outcome_id) == ("voice", first.outcome_id) and Order.objects.count() == 1
    assert "12356" in heard(again).text and in_public() == ""


def test_a_neighbour_who_says_the_same_has_a_matter_of_her_own(cast, at):
    first = say(cast, "zhou", "我不想活了")
    at.move(minutes=3)
    other = say(cast, "chen", "活着真没意思")
    assert other.outcome_id != first.outcome_id and heard(other).to_member_id == cast.member["chen"].id
    assert in_public() == ""


@pytest.mark.parametrize("text", ["我被老公打了", "他又喝酒打我，我不敢回家", "隔壁打老婆，天天哭"])
def test_violence_at_home_is_never_spoken_of_in_public(cast, at, text):
    message = say(cast, "zhou", text)
    order = Order.objects.get(id=message.outcome_id)
    assert (message.outcome, order.kind, order.confidential) == ("sensitive", "abuse", True)
    assert heard(message).audience == Message.MEMBER and "110" in heard(message).text and in_public() == ""


def test_a_lamp_in_a_building_s_group_is_that_building_s(cast, at):
    order = Order.objects.get(id=say(cast, "zhou", "灯坏了").outcome_id)
    assert order.building_id == cast.member["zhou"].group.building_id is not None
    assert (order.kind, order.category) == ("repair", "property")


@pytest.mark.parametrize("text", ["电梯修得咋样了", "电梯怎么样了", "我反映的事咋样了"])
def test_who_asks_how_it_stands_opens_nothing_new(cast, at, text):
    order = say(cast, "zhou", "3号楼2单元电梯又坏了，老人下不去楼").outcome_id
    at.move(minutes=40)
    asked = say(cast, "zhou", text)
    assert (asked.outcome, asked.outcome_id) == ("voice", order) and Order.objects.count() == 1
    assert "电梯" in heard(asked).text
