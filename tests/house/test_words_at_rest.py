"""Whoever holds the whole database and no key reads no word of a reporter, by whichever door it was said."""

import json
import re
from hashlib import sha256
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.urls import reverse

from linli.groups.models import Message
from linli.kernel import crypto, ids
from linli.ledger.delivery import deliver_all
from linli.orders import actions as orders
from linli.orders.models import Order, OrderText, Voice
from linli.orders.selectors import search
from tests.assistant.talk import say
from tests.doors.people import signed_in, work

#: a telling word for each door, which no title, place or answer of the machine has
TOLD = {"group": "蓝鹦鹉", "sensitive": "黑檀木", "counter": "雪貂窝", "form": "红珊瑚", "code": "银狐皮", "relay": "紫水晶", "voice": "铜风铃"}


@pytest.fixture
def spoken(cast, at):
    """A word by every door, taken in, and worked on by whoever is responsible."""
    say(cast, "zhou", f"3号楼2单元电梯又坏了，我家的{TOLD['group']}吓得不吃东西")
    say(cast, "chen", f"3号楼2单元的电梯还没修好，{TOLD['voice']}都被震响了")
    say(cast, "zhou", f"楼上有人拉大家入会交钱搞传销，客厅里摆着{TOLD['sensitive']}")
    signed_in(cast, "lu_xin").post("/desk/counter/", {
        "door": "counter", "community": str(cast.community["jinxiu"].id), "key": str(ids.new()), "phone": "19100001111", "name": "孙奶奶",
        "building": str(cast.building["jx3"].id), "words": f"水管漏水，{TOLD['counter']}都泡了",
    })  # fmt: skip
    signed_in(cast, "zhou").post(reverse("report"), {"text": f"1单元门禁坏了，{TOLD['form']}被偷了", "member": cast.member["zhou"].id})
    code = reverse("at_building", args=[cast.building["jx3"].qr])
    Client().post(code, {"text": f"电梯里的灯一直闪，照着{TOLD['code']}", "unit": "2单元", "nickname": "路过的人"})
    chat = f"郭先生 2026/3/2 9:40:12\nA座路灯坏了，看不见{TOLD['relay']}\n"
    desk = signed_in(cast, "zhang_jie")
    assert desk.post("/desk/relay/take/", {"group": str(cast.group["jxr"].id), "text": chat, "key": "k"}).status_code == 302
    work()
    for order in Order.objects.all():
        person = next((k for k, a in cast.account.items() if a.id == order.responsible_id), "zhao_hui")
        orders.note_order(by=cast.actor(person), order_id=order.id, words=f"她说的是{''.join(TOLD.values())}")
    deliver_all()
    heard = "".join(Message.objects.filter(direction=Message.IN).values_list("text", flat=True))
    assert not [t for t in TOLD.values() if t not in heard]
    assert Order.objects.count() >= 5 and Order.objects.filter(confidential=True).exists()
    return cast


def dump():
    """Every value of every table as the database holds it, (table, text): the search index's own tables too."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%%'")
            names = [name for (name,) in cursor.fetchall()]
        else:
            names = connection.introspection.table_names(cursor)
        for name in names:
            cursor.execute(f'SELECT * FROM "{name}"')
            for row in cursor.fetchall():
                for value in row:
                    yield name, bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)


def pieces(word):
    """A word's pairs of characters, as the tables may hold them: as they are, or escaped in JSON."""
    pairs = [word[n : n + 2] for n in range(len(word) - 1)]
    return [*pairs, *(json.dumps(p)[1:-1] for p in pairs)]


def test_no_word_stands_in_the_dump(spoken):
    held = list(dump())
    assert {"groups_message", "orders_voice", "orders_ordertext", "orders_word"} <= {name for name, _ in held}
    assert [1 for _, text in held if "报修" in text], "the dump reads what is in clear"
    found = {(name, door) for door, word in TOLD.items() for p in pieces(word) for name, text in held if p in text}
    assert not found


def test_the_words_are_read_and_found_all_the_same(spoken, at):
    head = spoken.actor("zhao_hui")
    for door in ("group", "voice", "counter", "form", "code"):
        [order] = search(head, TOLD[door])
        assert TOLD[door] in "".join(v.words for v in Voice.objects.filter(order=order))
    assert search(head, "绿孔雀") == []
    for row in OrderText.objects.all():
        parts = row.tokens.split()
        assert [t for t in parts if re.fullmatch(r"p[0-9a-f]{32}", t)] and all(re.fullmatch(r"p[0-9a-f]{32}|[0-9a-f]{10}", t) for t in parts)
        blind = [t for t in parts if t[0] != "p"]
        assert blind == sorted(set(blind)), "their order would tell the order of the words"


def test_another_ring_makes_other_tokens(monkeypatch):
    here = crypto.ring().blind("鹦鹉")
    assert here == crypto.ring().blind("鹦鹉") != crypto.ring().index("鹦鹉")[:10]
    assert crypto.KeyRing("k9:" + "ab" * 32).blind("鹦鹉") != here


OLD_HASH = sha256("在吗".encode()).hexdigest()


class Editor:
    """What the migrations ask of a schema editor."""

    connection = connection

    def execute(self, statement):
        # The rows are of this very transaction, which no real migration meets: their keys are checked first.
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("count", [3, 7])
def test_what_lies_there_in_clear_is_sealed_and_found(cast, at, monkeypatch, count):
    """The upgrade of a district that has been at work: words and index as the old version wrote them."""
    seal = import_module("linli.groups.migrations.0002_seal_words")
    blind = import_module("linli.orders.migrations.0012_blind_search")
    monkeypatch.setattr(seal, "BATCH", 3)
    monkeypatch.setattr(blind, "BATCH", 3)
    for n in range(count):
        say(cast, "zhou", f"3号楼2单元电梯又坏了，第{n}只蓝鹦鹉")
    before = {m.id: m.text for m in Message.objects.all()}
    order = Order.objects.first()
    places = [t for t in OrderText.objects.get(order=order).tokens.split() if t[0] == "p"]
    with connection.cursor() as cursor:
        for pk, text in before.items():
            cursor.execute("UPDATE groups_message SET text = %s WHERE id = %s", [text, pk.hex if connection.vendor == "sqlite" else pk])
        cursor.execute("UPDATE groups_message SET text = '', text_hash = %s WHERE text LIKE '%%第0只%%' AND direction = 'in'", [OLD_HASH])
        cursor.execute("UPDATE orders_ordertext SET tokens = %s", [" ".join([*places, "蓝", "鹦鹉", "蓝鹦", "电梯"])])
    assert [t for _, t in dump() if "蓝鹦" in t]
    old = old_apps()
    seal.seal(old, Editor())
    blind.forwards(old, Editor())
    assert not [t for _, t in dump() if "蓝鹦" in t]
    purged = Message.objects.exclude(text_hash="").get()
    assert (purged.text, purged.text_hash) == ("", crypto.ring().index(OLD_HASH))
    assert {m.id: m.text for m in Message.objects.exclude(id=purged.id)} == {pk: t for pk, t in before.items() if pk != purged.id}
    assert [o.id for o in search(cast.actor("zhao_hui"), "蓝鹦鹉")] == [order.id]
    say(cast, "chen", "3号楼2单元的电梯还没修好，铜风铃响")
    assert [o.id for o in search(cast.actor("zhao_hui"), "蓝鹦鹉 铜风铃")] == [order.id], "the index made anew follows"
    seal.unseal(old, Editor())
    assert [t for name, t in dump() if name == "groups_message" and "蓝鹦鹉" in t]


def old_apps():
    """The models as they stood before the words were sealed."""
    return MigrationLoader(connection).project_state([("groups", "0001_initial"), ("orders", "0009_doubt")]).apps
