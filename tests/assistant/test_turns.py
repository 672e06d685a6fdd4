"""小栖 does not talk over people, and says nothing to grief, quarrels and children; what is a matter becomes one all the same."""

import pytest

from linli.assistant.intake import take_in
from linli.groups import actions as groups
from linli.groups.inbound import Inbound
from linli.groups.models import Member, Message
from linli.kernel import clock, ids
from linli.kernel.actors import BOT
from linli.knowledge import index
from linli.orders.models import Order
from tests.assistant.talk import heard, say

pytestmark = pytest.mark.django_db
ASKED = "老年证怎么办？"


@pytest.fixture(autouse=True)
def alone():
    index.drop()
    yield
    index.drop()


@pytest.fixture
def worker(cast):
    cast.member["li"] = Member.objects.get(group=cast.member["zhou"].group, account_id=cast.account["li_min"].id)
    return "li"


def together(cast, *lines):
    """Several lines of one group, taken in at once as (who, words); their messages."""
    group = cast.member["zhou"].group
    rows = groups.receive(BOT, [
        Inbound(group.id, group.community_id, f"page:{group.id}", str(ids.new()), words, cast.member[who].id, clock.now()) for who, words in lines
    ])  # fmt: skip
    while take_in():
        pass
    return [Message.objects.get(id=r.id) for r in rows]


@pytest.mark.parametrize("words", ["你有病吧", "谁怕谁，下楼单挑", "我三年级，谁跟我玩", "我妈昨晚走了", "老年证怎么办，我今年9岁"])
def test_grief_quarrels_and_children_get_no_reply(cast, at, words):
    message = say(cast, "zhou", words)
    assert message.outcome == "left_alone" and heard(message) is None and not Order.objects.exists()


@pytest.mark.parametrize("words", ["你家要不要脸，垃圾又扔我门口臭死了", "滚！你家狗又在楼道拉屎，没素质", "我今年8岁，我家楼道的灯坏了"])
def test_what_is_a_matter_all_the_same_goes_to_a_person_without_a_word(cast, at, words):
    message = say(cast, "zhou", words)
    order = Order.objects.get(id=message.outcome_id)
    assert message.outcome == "order" and order.responsible_id and order.answer_due_at
    assert not Message.objects.filter(direction=Message.OUT).exists(), "neither in the group nor alone"


def test_a_child_in_danger_is_spoken_to_alone(cast, at):
    message = say(cast, "zhou", "我今年9岁，爸爸天天打我，身上都是伤")
    assert message.outcome == "sensitive" and heard(message).audience == Message.MEMBER


@pytest.mark.parametrize("words", [f"@陈师傅 {ASKED}", f"陈姐，{ASKED}", f"小刘，{ASKED}", f"老陈，{ASKED}", f"马老师 你知道{ASKED}"])
def test_a_question_to_a_neighbour_by_name_is_hers(cast, at, words):
    message = say(cast, "zhou", words)
    assert message.outcome == "left_alone" and heard(message) is None


@pytest.mark.parametrize("words", [f"@小栖 {ASKED}", f"各位邻居，{ASKED}", f"请问一下，{ASKED}", f"@所有人 {ASKED}", f"你好，{ASKED}", f"老年证，{ASKED}"])
def test_whoever_asks_everybody_or_the_machine_is_answered(cast, at, words):
    assert say(cast, "zhou", words).outcome == "answered"


@pytest.mark.parametrize("who", ["chen", "li"])
@pytest.mark.parametrize("words", ["去社区服务站办，带身份证就行", "我昨天刚办的，带身份证和照片"])
def test_what_people_have_answered_needs_no_second_answer(cast, at, worker, who, words):
    asked, told = together(cast, ("zhou", ASKED), (who, words))
    assert asked.outcome == "left_alone" and told.outcome in ("left_alone", "small_talk")
    assert not Message.objects.filter(direction=Message.OUT).exists()


@pytest.mark.parametrize("words", ["不知道啊", "同问", "好的", "今天天气真好", "几点开门？"])
def test_words_that_answer_nothing_leave_the_question_to_the_machine(cast, at, words):
    asked, _ = together(cast, ("zhou", ASKED), ("chen", words))
    assert asked.outcome == "answered" and heard(asked)


def test_her_own_words_answer_nothing(cast, at):
    asked, _ = together(cast, ("zhou", ASKED), ("zhou", "我妈要办，带身份证够不够我没数"))
    assert asked.outcome == "answered"


def test_a_machine_that_was_called_answers_also_when_others_did(cast, at):
    asked, _ = together(cast, ("zhou", f"小栖，{ASKED}"), ("chen", "去社区服务站办，带身份证就行"))
    assert asked.outcome == "answered"
