"""What a person decides is kept in the same transaction, neutral and sealed; what is confidential is never kept."""

import pytest
from django.db import connection, transaction

from linli.assistant import actions as assistant
from linli.assistant import decide, plans
from linli.assistant.models import Ask
from linli.doors import relay
from linli.groups.models import Group
from linli.kernel.actors import BOT, SYSTEM, Actor
from linli.lessons import examples
from linli.lessons.examples import Decision
from linli.lessons.models import Example
from linli.orders import actions as orders
from linli.orders.models import Doubt, Order, Voice
from tests.assistant.talk import say
from tests.orders.people import opened

pytestmark = pytest.mark.django_db


def kept() -> list[tuple[str, str, str, str, str]]:
    rows = Example.objects.order_by("id")
    return [(e.text, e.intent, e.kind, e.category, e.source) for e in rows]


def decided(cast, words, intent="appeal", **more) -> int:
    return examples.keep(cast.actor("li_min"), [Decision(words, Example.CORRECT, intent, **more)])


@pytest.mark.parametrize(
    "words",
    [
        "我是李大勇，楼道灯坏了", "李大勇家天天漏水", "3号楼王建国总把车停在门口", "找张阿姨说说噪音的事", "漏水了打 13812345678 找我弟弟小王",
        "我身份证 330102199001011234 被占用了", "楼上天天打孩子", "楼上天天聚赌", "着火了快来人", "投诉社工小李态度恶劣", "", "。。。",
        "我老公有尿毒症，电梯坏了下不去楼", "长" * 100,
    ],
)  # fmt: skip
def test_words_that_tell_of_somebody_or_are_sealed_are_never_kept(cast, at, words):
    assert decided(cast, words) == 0 and not Example.objects.exists()


def test_doors_and_numbers_are_taken_out_and_the_text_is_encrypted(cast, at):
    assert decided(cast, "3号楼2单元502室晚上老是拖椅子", kind="noise", category="environment", urgency=0) == 1
    row = Example.objects.get()
    assert row.text == "某户晚上老是拖椅子" and (row.kind, row.category, row.urgency) == ("noise", "environment", 0)
    assert (row.decided_by, row.decided_kind) == (cast.account["li_min"].id, "worker")
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, key FROM lessons_example")
        assert not any("椅子" in str(cell) for cell in cursor.fetchone())


def test_the_same_words_decided_again_count_once_and_as_decided_last(cast, at):
    decided(cast, "晚上老是拖椅子", kind="help")
    at.move(minutes=5)
    decided(cast, "晚上老是拖椅子", kind="noise")
    decided(cast, "晚上老是拖椅子", kind="nonsense", category="nowhere")
    assert kept() == [("晚上老是拖椅子", "appeal", "", "", Example.CORRECT)]


def test_machines_decide_nothing(cast, at):
    for machine in (BOT, SYSTEM):
        assert examples.keep(machine, [Decision("晚上老是拖椅子", Example.ASK, "appeal")]) == 0


# at the doors


@pytest.fixture
def timid(monkeypatch):
    """A 小栖 that is sure of nothing, whatever the model of the day says."""
    for where, name, value in ((plans, "KIND_SURE", 1.1), (decide, "SURE", 1.1), (decide, "PERHAPS", 0.0)):
        monkeypatch.setattr(where, name, value)


def doubtful(cast, monkeypatch) -> Order:
    """小栖 makes an order of it and is not sure what of."""
    monkeypatch.setattr(plans, "KIND_SURE", 1.1)
    message = say(cast, "zhou", "晚上老是拖椅子，吵得睡不着觉")
    assert message.outcome == "order"
    return Order.objects.get(id=message.outcome_id)


def test_a_correction_is_kept_with_the_event_or_not_at_all(cast, at):
    order = opened(cast)
    voice = Voice.objects.get(order_id=order.id)
    voice.words = "晚上老是拖椅子"
    voice.save()
    with pytest.raises(RuntimeError), transaction.atomic():
        orders.correct_order(by=cast.actor("li_min"), order_id=order.id, kind="noise", category="environment")
        assert Example.objects.count() == 1
        raise RuntimeError("the decision is taken back, and what was to be learned from it")
    assert not Example.objects.exists()
    orders.correct_order(by=cast.actor("li_min"), order_id=order.id, kind="noise")
    assert kept() == [("晚上老是拖椅子", "appeal", "noise", "", Example.CORRECT)]
    orders.correct_order(by=cast.actor("li_min"), order_id=order.id, thing="桌椅")
    assert kept()[0][4] == Example.CORRECT, "a thing's name says nothing about the class"


def test_in_doubt_a_person_is_asked_and_her_yes_is_kept(cast, at, monkeypatch):
    order = doubtful(cast, monkeypatch)
    orders.correct_order(by=cast.actor("li_min"), order_id=order.id, thing="桌椅")
    assert Doubt.objects.get(order_id=order.id).settled_at is None and not Example.objects.exists()
    orders.correct_order(by=cast.actor("li_min"), order_id=order.id)
    assert [(e.kind, e.category, e.source) for e in Example.objects.all()] == [(order.kind, order.category, Example.CONFIRM)]
    assert Doubt.objects.get(order_id=order.id).settled_at is not None
    orders.correct_order(by=cast.actor("li_min"), order_id=order.id)
    assert Example.objects.count() == 1


def test_what_is_plain_raises_no_doubt(cast, at):
    message = say(cast, "zhou", "3号楼2单元电梯又坏了，老人下不去楼")
    assert not Doubt.objects.filter(order_id=message.outcome_id).exists()


def test_a_matter_that_turns_out_sensitive_takes_its_words_back(cast, at, monkeypatch):
    order = doubtful(cast, monkeypatch)
    orders.correct_order(by=cast.actor("li_min"), order_id=order.id)
    assert Example.objects.count() == 1
    orders.correct_order(by=cast.actor("zhao_hui"), order_id=order.id, kind="abuse")
    assert not Example.objects.exists()
    secret = opened(cast, kind="vice")
    orders.correct_order(by=cast.actor("zhao_hui"), order_id=secret.id, kind="noise")
    assert not Example.objects.exists(), "an order that was sealed stays sealed"


@pytest.mark.parametrize("yes,intent", [(True, "appeal"), (False, "small_talk")])
def test_the_one_who_was_asked_tells_whether_it_is_a_matter(cast, at, timid, yes, intent):
    message = say(cast, "zhou", PERHAPS)
    ask = Ask.objects.get(message_id=message.id)
    member = cast.member["zhou"]
    assistant.settle_ask(by=Actor("resident", member.account_id), ask_id=ask.id, member_id=member.id, yes=yes)
    assert [(e.intent, e.source) for e in Example.objects.all()] == [(intent, Example.ASK)]


def test_a_question_that_nobody_answered_teaches_nothing(cast, at, timid):
    say(cast, "zhou", PERHAPS)
    at.move(minutes=11)
    assert assistant.expire_asks() == 1
    assert not Example.objects.exists()


PERHAPS = "电动车上楼真让人担心"
CHAT = "王五 10:01\n楼下垃圾桶满了没人收\n赵六 10:02\n今晚吃啥\n赵六 10:03\n门口那个铁架子晃得厉害\n孙七 10:04\n楼上天天聚赌"


def test_ticks_that_differ_from_what_was_proposed_are_decisions(cast, at):
    worker = cast.actor("li_min")
    group = next(g for g in relay.managed(worker) if g.channel == Group.RELAY)
    look = relay.look(worker, group.id, CHAT)
    by_text = {r.line.text: r for r in look.new}
    assert by_text["楼下垃圾桶满了没人收"].tick and not by_text["门口那个铁架子晃得厉害"].tick
    ticks = {by_text["门口那个铁架子晃得厉害"].number}
    relay.take(worker, group.id, CHAT, "k1", relay.Wish(ticks=ticks))
    assert {(e.text, e.intent) for e in Example.objects.all()} == {("楼下垃圾桶满了没人收", "small_talk"), ("门口那个铁架子晃得厉害", "appeal")}
    assert {e.source for e in Example.objects.all()} == {Example.RELAY}


def test_what_was_left_as_proposed_is_no_decision(cast, at):
    worker = cast.actor("li_min")
    group = next(g for g in relay.managed(worker) if g.channel == Group.RELAY)
    proposed = {r.number for r in relay.look(worker, group.id, CHAT).new if r.tick}
    relay.take(worker, group.id, CHAT, "k2", relay.Wish(ticks=proposed))
    assert not Example.objects.exclude(text__isnull=True).filter(intent="small_talk").exists()
