"""Never lose a word: what comes in is stored once before anything else happens to it, whatever it looks like."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.assistant import intake
from linli.groups import actions as groups
from linli.groups import selectors
from linli.groups.inbound import Inbound
from linli.groups.models import Member, Message
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.orders.models import Order, Voice


def word(cast, text, *, who="zhou", key="", at=None, **more):
    member = cast.member[who]
    group = member.group
    return Inbound(
        group_id=group.id, community_id=group.community_id, account=f"page:{group.id}", dedupe_key=key or str(ids.new()),
        text=text, member_id=member.id, sent_at=at or clock.now(), **more,
    )  # fmt: skip


def say(cast, *inbound):
    return groups.receive(Actor("resident", cast.account["zhou"].id), inbound)


def take_in_all():
    while intake.take_in():
        pass


ODD = {
    "empty": "", "blank": " \n\t ", "emoji": "🙂👍🏻👨‍👩‍👧", "one sign": "？", "NUL": "电梯\x00坏了", "lone surrogate": "电梯\ud83d坏了",
    "controls": "".join(map(chr, range(1, 32))), "marks": "\u202e\u200b\ufeff电梯", "huge": "坏" * 300_000, "many lines": "坏\n" * 9000,
    "broken bytes": b"\xb5\xe7\xcc\xdd".decode("utf-8", "replace"), "SQL": "'); DROP TABLE groups_message; --",
    "markup": "<script>alert(1)</script>", "JSON": '{"door": "counter", "order": "x"}', "percent": "%s %(a)s {0} \\", "combining": "é" * 500 + "̈" * 500,
    "astral": "\U0010ffff\U000e0001", "number": "0" * 400, "link": "http://" + "a" * 3000,
}  # fmt: skip


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_words_are_stored_and_get_an_outcome(cast, at, text):
    (row,) = say(cast, word(cast, text))
    take_in_all()
    row.refresh_from_db()
    assert (row.state, bool(row.outcome)) == (Message.DONE, True)
    assert "\x00" not in row.text
    row.text.encode()
    assert selectors.messages_for(cast.member["zhou"])


def test_a_huge_word_keeps_its_beginning_and_its_place(cast, at):
    (row,) = say(cast, word(cast, "3号楼2单元电梯坏了" + "。" * 300_000))
    row.refresh_from_db()
    assert len(row.text) == groups.messages.MAX_TEXT
    take_in_all()
    assert Order.objects.get().thing == "电梯"


def test_what_is_replayed_is_stored_once(cast, at):
    same = word(cast, "3号楼2单元电梯坏了", key="k1")
    assert len(say(cast, same)) == 1
    assert say(cast, same) == []
    take_in_all()
    assert say(cast, same, word(cast, "别的话", key="k1")) == []
    take_in_all()
    assert Message.objects.filter(direction=Message.IN).count() == 1
    assert Order.objects.count() == Voice.objects.count() == 1
    assert Message.objects.filter(direction=Message.OUT).count() == 1


def test_one_batch_may_hold_the_same_key_twice(cast, at):
    stored = say(cast, word(cast, "好的", key="k"), word(cast, "好的", key="k"), word(cast, "好的", key="j"))
    assert [m.dedupe_key for m in stored] == ["k", "j"]


def test_the_same_key_in_another_account_is_another_message(cast, at):
    first = word(cast, "好的", key="k")
    second = word(cast, "好的", who="gao", key="k")
    assert len(say(cast, first, second)) == 2


def test_out_of_order_and_future_times_change_nothing(cast, at):
    now = clock.now()
    rows = say(
        cast, word(cast, "2单元电梯坏了", at=now - timedelta(days=400)), word(cast, "电梯还没修好吗，2单元的", who="chen", at=now + timedelta(days=3)),
        word(cast, "好的", at=now - timedelta(hours=1)),
    )  # fmt: skip
    take_in_all()
    assert len(rows) == 3
    order = Order.objects.get()
    assert order.opened_at == now
    assert order.voice_count == 2


def test_a_sender_who_left_or_was_never_known(cast, at):
    member = cast.member["zhou"]
    nobody = word(cast, "3号楼1单元楼道灯不亮")
    nobody.member_id = None
    gone = word(cast, "3号楼2单元电梯坏了")
    Member.objects.filter(id=member.id).update(left_at=clock.now())
    say(cast, nobody, gone)
    take_in_all()
    assert Order.objects.count() == 2
    assert not Message.objects.filter(state=Message.NEW).exists()


@pytest.mark.parametrize(
    "hint",
    [{"door": "nowhere"}, {"building": str(ids.new())}, {"order": str(ids.new())}, {"meant": "x"}, {"kind": None}, {"unknown": [1, {"a": 2}]}],
)
def test_hints_that_lead_nowhere_lose_no_word(cast, at, hint):
    (row,) = say(cast, word(cast, "3号楼2单元电梯坏了", hint=hint))
    take_in_all()
    row.refresh_from_db()
    assert row.state == Message.DONE
    assert Order.objects.count() == 1


def test_a_message_that_breaks_its_batch_is_put_before_a_person_and_stops_nobody(cast, at):
    bad = word(cast, "3号楼2单元电梯坏了", hint={"building": "no id"})
    say(cast, word(cast, "好的"), bad, word(cast, "3号楼1单元楼道灯不亮", who="liu"))
    for _ in range(6):
        intake.take_in()
    rows = {m.text: m for m in Message.objects.filter(direction=Message.IN)}
    assert rows["好的"].state == Message.DONE
    assert rows["3号楼1单元楼道灯不亮"].outcome == "order"
    assert rows["3号楼2单元电梯坏了"].state == Message.STUCK
    assert intake.take_in() == 0


CALM = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@CALM
@given(st.lists(st.text(st.characters(), max_size=60), max_size=5))
def test_any_words_are_stored_and_taken_in(cast, at, texts):
    rows = say(cast, *[word(cast, t) for t in texts])
    assert len(rows) == len(texts)
    take_in_all()
    done = Message.objects.filter(id__in=[r.id for r in rows])
    assert all(m.state == Message.DONE and m.outcome for m in done)


THREADS, EACH = 6, 20


@pytest.mark.django_db(transaction=True)
def test_the_same_words_from_several_threads_are_stored_once(cast):
    """On PostgreSQL they really run beside each other; SQLite lets one after the other write."""
    inbound = [word(cast, f"第{n}句：3号楼2单元电梯坏了" if n == 0 else f"第{n}句，好的", key=f"k{n}") for n in range(EACH)]
    start, found, errors = threading.Barrier(THREADS), [], []

    def send(number):
        try:
            start.wait(10)
            for n in range(EACH):
                found.append(len(say(cast, inbound[(n + number) % EACH])))
        except Exception as exc:
            errors.append(exc)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(n,)) for n in range(THREADS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    assert not errors
    assert sum(found) == EACH == Message.objects.filter(direction=Message.IN).count()


@pytest.mark.django_db(transaction=True)
def test_several_workers_give_each_word_one_outcome(cast):
    say(cast, *[word(cast, f"{n % 3 + 1}单元电梯坏了", who=("zhou", "chen", "liu", "ma")[n % 4]) for n in range(24)])
    start, errors = threading.Barrier(4), []

    def work():
        try:
            start.wait(10)
            for _ in range(200):
                if not intake.take_in(limit=5) and not selectors.waiting():
                    return
        except Exception as exc:
            errors.append(exc)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    assert not errors
    done = Message.objects.filter(direction=Message.IN)
    assert set(done.values_list("state", flat=True)) == {Message.DONE}
    assert Order.objects.count() == 3
    assert Voice.objects.count() == 24
    assert connection.vendor in ("sqlite", "postgresql")
