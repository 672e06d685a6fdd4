"""One question back where the kind of person matters; the choice by a tap or by a word; local facts in what is told."""

import pytest

from linli.assistant import actions
from linli.groups.models import Message
from linli.kernel.actors import Actor
from linli.knowledge import actions as knowledge
from linli.knowledge import index
from linli.knowledge.models import Entry
from linli.orders.models import Order
from tests.assistant.talk import heard, say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def alone():
    index.drop()
    yield
    index.drop()


def labels(message: Message) -> list[str]:
    return [label for _, label in heard(message).card["choices"]]


def test_it_asks_back_once_and_the_tapped_choice_is_answered(cast, at):
    message = say(cast, "zhou", "医保怎么交？")
    asked = heard(message)
    assert message.outcome == "choices" and "单位" in asked.text and len(asked.card["choices"]) >= 3
    entry = Entry.objects.get(code="medical_join")
    member = cast.member["zhou"]
    actions.choose_entry(by=Actor("resident", member.account_id), message=asked, member=member, entry_id=entry.id)
    told = Message.objects.filter(to_member_id=member.id, direction=Message.OUT).latest("id")
    assert told.card["entry"] == str(entry.id) and "医保" in told.text
    assert not Order.objects.exists()


@pytest.mark.parametrize("word", ["没单位", "没单位，打零工、做小生意", "第二个", "2", "打零工"])
def test_a_word_is_a_choice_too(cast, at, word):
    say(cast, "zhou", "医保怎么交？")
    at.move(minutes=2)
    message = say(cast, "zhou", word)
    assert (message.outcome, heard(message).card.get("entry")) == ("answered", str(Entry.objects.get(code="flexible_worker").id))


def test_a_choice_is_for_who_was_asked_and_for_some_minutes(cast, at):
    say(cast, "zhou", "医保怎么交？")
    assert say(cast, "chen", "没单位").outcome != "answered"
    at.move(minutes=11)
    assert say(cast, "zhou", "没单位").outcome != "answered"


def test_other_words_in_between_are_what_they_are(cast, at):
    say(cast, "zhou", "医保怎么交？")
    assert say(cast, "zhou", "3号楼2单元电梯又坏了，老人下不去楼").outcome == "order"
    assert say(cast, "zhou", "好的").outcome == "small_talk"


def test_local_facts_are_told_where_they_are_known(cast, at):
    entry = Entry.objects.get(code="old_age_allowance")
    assert "{高龄津贴标准}" in entry.answer
    message = say(cast, "zhou", entry.question)
    assert "满八十岁每月一百元" in heard(message).text and "{" not in heard(message).text
    other = Entry.objects.exclude(answer__contains="社区服务站电话").filter(answer__contains="{图书馆地址}").get()
    assert "{" not in heard(say(cast, "zhou", other.question)).text


def test_the_source_is_told_with_its_articles_and_the_day_it_was_read(cast, at):
    card = heard(say(cast, "zhou", Entry.objects.get(code="residence_permit").question)).card
    assert card["source"].startswith("《居住证暂行条例》第") and card["day"] == "2026-11-25"


def test_what_nobody_has_read_is_never_told(cast, at):
    unread = Entry.objects.filter(article__contains=Entry.UNREAD)
    assert unread.exists()
    for entry in unread[:3]:
        message = say(cast, "zhou", entry.question)
        reply = heard(message)
        assert reply is None or reply.text.strip() != entry.answer.strip()
        at.move(minutes=20)


def test_two_entries_that_are_close_are_offered_as_buttons_and_the_tapped_one_is_told(cast, at):
    head = cast.actor("zhao_hui")
    month, year = (
        knowledge.save_entry(by=head, question=f"小区停车{card}卡怎么办？", answer=f"带行驶证到物业办{card}卡。", source="停车公约") for card in "月年"
    )
    message = say(cast, "zhou", "小区停车卡怎么办")
    asked = heard(message)
    assert message.outcome == "choices" and asked.card["type"] == "choices" and not Order.objects.exists()
    assert {i for i, _ in asked.card["choices"]} >= {str(month.id), str(year.id)}
    member = cast.member["zhou"]
    actions.choose_entry(by=Actor("resident", member.account_id), message=asked, member=member, entry_id=year.id)
    told = Message.objects.filter(to_member_id=member.id, direction=Message.OUT).latest("id")
    assert told.card["entry"] == str(year.id) and "年卡" in told.text and told.card["source"] == "停车公约"
