"""Nothing that a group can send makes the language floor raise."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.language import (
    INTENTS,
    Retriever,
    examples,
    neutral,
    normalise,
    search_tokens,
    understand,
    understand_many,
)
from linli.language.danger import beaten_at_home, wants_to_die
from linli.language.staff import against_staff
from linli.language.text import readable
from tests.language.cast import JINXIU

NASTY = [
    "", " ", "\n\n", "\x00", "\ud800", "电梯\udfff坏了", "😂" * 5000, "a" * 100_000, "电梯坏了" * 25_000, "3" * 100_000, "\u200b" * 1000,
    "(" * 10_000, "[" * 5000 + "]" * 5000, "\u0301" * 3000, "ﷺ" * 3000, "1-1-1" * 4000, "-" * 9999, "二" * 9999, "号楼" * 5000,
    "你" * 5000, "?" * 3000, "138" * 3000, "\t\r\n" * 3000, "𠮷野家" * 10, "🕯" * 3000, "．" * 2000, "小栖" * 3000, "。电梯坏了;" * 500,
]  # fmt: skip


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nasty_text(text):
    u = understand(text, JINXIU)
    assert u.intent and 0 <= u.confidence <= 1
    normalise(text)
    search_tokens(text[:20_000])


@given(st.lists(st.text(alphabet=st.characters(), max_size=60), max_size=8))
@settings(max_examples=120, deadline=None)
def test_any_unicode(texts):
    found = understand_many(texts, JINXIU)
    assert len(found) == len(texts)
    for u in found:
        for field in (u.when, u.thing, u.place.text, *u.tokens, *u.parts):
            field.encode("utf-8")


PIECES = [
    "3号楼",
    "2单元",
    "电梯",
    "坏了",
    "着火",
    "小栖",
    "怎么办",
    "你",
    "有病",
    "垃圾",
    "-",
    "501",
    "，",
    "\n",
    "1、",
    "去世",
    "13812345678",
    "昨天",
    "我们这栋",
    "#",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_mix_of_telling_words(text):
    understand(text, JINXIU)


def test_only_the_first_two_thousand_characters_are_understood():
    assert understand("啊" * 2500 + "3号楼着火了", JINXIU).place.building == ""
    assert understand("好" * 100 + ",5号楼电梯坏了", JINXIU).place.building == "5号楼"


def test_wrong_lengths_are_told():
    with pytest.raises(ValueError, match="2 texts"):
        understand_many(["a", "b"], [None])
    assert understand_many([]) == []


@given(st.text(alphabet=st.characters(), max_size=50))
@settings(max_examples=60, deadline=None)
def test_retriever_takes_any_query(text):
    knowledge = Retriever.build([("a", [text, "电梯坏了怎么办"])])
    assert knowledge.answer(text).verdict in ("answer", "close", "refuse")


CONTROLS = "".join(chr(c) for c in (*range(32), 127, *range(0x80, 0xA0), 0x200B, 0x202E, 0x2028, 0xFEFF, 0xFFFE, 0xE0001, 0xD800, 0x10FFFF))


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(CONTROLS + "我不想活老公打了着火号楼，。")), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_long_lines_of_anything(piece):
    line = (piece * (100_000 // len(piece) + 1))[:100_000]
    u = understand(line, JINXIU)
    assert u.intent in INTENTS and sum(u.probs.values()) == pytest.approx(1.0)
    for read in (normalise, neutral, against_staff, wants_to_die, beaten_at_home):
        read(readable(line))


@given(st.text(alphabet=st.characters(), max_size=200))
@settings(max_examples=60, deadline=None)
def test_an_example_of_anything_can_be_written_and_read(text):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.tsv"
        examples.write(file, [examples.Example(text, "appeal")])
        assert len(examples.read(file)) <= 1
