"""The story of issue "Understanding" §5: words as people really write them, what is not known, and what is learned from people."""

import pytest

from linli.kernel import clock
from linli.knowledge import actions as knowledge
from linli.knowledge import index
from linli.knowledge.models import Entry, Gap
from linli.language import versions
from linli.lessons import actions as lessons
from linli.lessons import examples
from linli.lessons.examples import Decision
from linli.lessons.models import Example, ModelVersion
from linli.orders import actions as orders
from linli.orders.models import Order, Voice
from tests.assistant.talk import heard, say
from tests.lessons.school import MORE_PIGEONS, PIGEONS, appeals
from tests.orders.people import draft as order_draft

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def alone():
    index.drop()
    yield
    index.drop()


def order_of(message) -> Order:
    assert message.outcome in ("order", "voice"), message.outcome
    return Order.objects.get(id=message.outcome_id)


@pytest.mark.parametrize("words", ["3号楼2单元电替坏勒，我妈下不了娄", "2单元电梯又怀了，老人下不去", "2单元电梯坏嘞嘞嘞，，老娘下不来楼"])
def test_misspelt_it_is_heard_all_the_same(cast, at, words):
    order = order_of(say(cast, "zhou", words))
    assert (order.kind, order.thing) == ("repair", "电梯") and "2单元" in order.place_text
    assert order.answer_due_at and order.responsible_id


@pytest.mark.parametrize("words", ["2单元电梯又扯拐喽，老人家下不去楼", "侬阿晓得，2单元电梯又坏特了", "俺们2单元电梯又中不用咧，老太太下不去咧"])
def test_in_dialect_it_is_the_same_lift(cast, at, words):
    first = order_of(say(cast, "zhou", "3号楼2单元电梯又坏了，老人下不去楼"))
    at.move(minutes=20)
    again = say(cast, "zhou", words)
    assert order_of(again).id == first.id and Order.objects.count() == 1


def test_two_matters_in_one_message_are_two_orders_and_one_answer(cast, at):
    message = say(cast, "zhou", "3号楼门口垃圾没人扫，还有2单元电梯按钮按不动")
    assert {(o.kind, o.thing) for o in Order.objects.all()} == {("sanitation", "垃圾"), ("repair", "电梯")}
    assert "2 件事" in heard(message).text


def test_one_matter_in_three_messages_is_one_order_and_one_answer(cast, at):
    said = []
    for words in ("3号楼2单元电梯又停了", "按了没反应", "老人都下不去楼了"):
        said.append(say(cast, "zhou", words))
        at.move(seconds=40)
    assert Order.objects.count() == 1 and {order_of(m).id for m in said} == {Order.objects.get().id}
    order = Order.objects.get()
    assert order.voice_count == 1 and Voice.objects.filter(order=order).count() == 3


def test_a_follow_up_question_asks_how_her_own_matter_stands(cast, at):
    order = order_of(say(cast, "zhou", "3号楼2单元电梯又坏了，老人下不去楼"))
    at.move(minutes=30)
    message = say(cast, "zhou", "电梯啥时候能修好啊")
    assert order_of(message).id == order.id and Order.objects.count() == 1
    assert clock.local(order.answer_due_at).strftime("%-H:%M") in heard(message).text


MISSED = "老年公交卡丢了怎么补？"
KNOWN = "带上身份证到公交公司服务点挂失补办，工本费按公示的收，当天就能拿到。"


def test_a_near_miss_is_refused_goes_to_its_department_and_comes_back_as_knowledge(cast, at, deliver):
    message = say(cast, "zhou", MISSED)
    assert message.outcome == "handed" and "不敢乱答" in heard(message).text, "社保卡丢了 is near, and another matter"
    deliver()
    gap = Gap.objects.get()
    assert gap.question and gap.department and gap.due_at > clock.now()
    Gap.objects.update(department="城管")
    knowledge.answer_gap(by=cast.actor("luo_cheng"), gap_id=gap.id, words=KNOWN, source="公交公司服务公告")
    deliver()
    order = Order.objects.get(id=gap.order_id)
    assert order.answered_at and order.answered_in_time
    entry = Entry.objects.get(id=Gap.objects.get().entry_id)
    assert say(cast, "liu", MISSED).outcome != "answered", "nobody has approved it yet"
    knowledge.approve_entry(by=cast.actor("zhao_hui"), entry_id=entry.id)
    at.move(minutes=15)
    again = say(cast, "chen", "老年公交卡丢了咋补")
    assert again.outcome == "answered" and KNOWN[:12] in heard(again).text
    assert heard(again).card["source"] == "公交公司服务公告"


def test_a_correction_changes_the_next_decision(cast, at, school):
    head = cast.actor("zhao_hui")
    for words in PIGEONS:
        opened = orders.open_order(by=head, draft=draft(cast, words))
        orders.correct_order(by=head, order_id=opened.id, kind="dispute", category="culture")
        at.move(hours=1)
    assert Example.objects.filter(source=Example.CORRECT, kind="dispute").count() == len(PIGEONS)
    before = order_of(say(cast, "zhou", MORE_PIGEONS))
    assert (before.kind, before.category) != ("dispute", "culture")
    row = school.learn(by=cast.actor("yu_tao"))
    assert row.state == ModelVersion.PROMOTED and row.examples == len(PIGEONS)
    at.move(hours=40)
    after = order_of(say(cast, "kang", MORE_PIGEONS))
    assert (after.kind, after.category) == ("dispute", "culture") and after.id != before.id
    lessons.back_model(by=cast.actor("yu_tao"))
    assert versions.current(school.home) == school.small


def draft(cast, words):
    made = order_draft(cast, thing="", kind="help")
    made.voice.words = words
    return made


def test_a_worse_model_is_not_promoted_and_people_are_understood_as_before(cast, at, school):
    examples.keep(cast.actor("li_min"), [Decision(w, Example.RELAY, "small_talk") for w in appeals()])
    row = school.learn()
    assert row.state == ModelVersion.REFUSED and ("intent", "appeal") in {(w["head"], w["label"]) for w in row.reasons}
    assert versions.current(school.home) == school.small
    assert order_of(say(cast, "zhou", "楼下垃圾没人收，臭死了")).category == "environment"
