"""Pasting again, overlapping, torn: only what is new is new, and two equal lines stay two."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.channels.relay import keys
from linli.channels.relay.align import Mark, known
from linli.channels.relay.parse import parse


def marks(words: str, minute: str = "") -> list[Mark]:
    """One line per letter; upper case letters are long lines."""
    return [Mark(c, minute, c.isupper()) for c in words]


def new(stored: str, pasted: str) -> str:
    """The letters that are new."""
    return "".join(c for c, there in zip(pasted, known(marks(stored), marks(pasted)), strict=True) if not there)


@pytest.mark.parametrize(
    ("stored", "pasted", "expected"),
    [
        ("", "AxxB", "AxxB"),  # two equal ones stay two
        ("AxxB", "AxxB", ""),  # the same paste again
        ("AxxB", "AxxBC", "C"),  # with new lines
        ("AxxB", "xBxx", "xx"),  # goes on where it ended
        ("AxxB", "xx", ""),  # a piece of it
        ("AxB", "ZAx", "Z"),  # earlier words, scrolled up to
        ("Ax", "xx", "x"),
        ("AxB", "Cx", "Cx"),  # a new 好的 is not last week's
        ("AxB", "x", "x"),
        ("Ax", "x", ""),
        ("AxB", "B", ""),
        ("ABCDEF", "ABXDEFG", "XG"),  # somebody left a line out the first time
        ("ABDE", "ABCDE", "C"),
        ("ABC", "ABC" * 2, "ABC"),
    ],
)
def test_without_times_the_longest_overlap_decides(stored, pasted, expected):
    assert new(stored, pasted) == expected


def test_with_times_the_minute_decides():
    stored = [Mark("x", "9:05"), Mark("x", "9:05"), Mark("A", "9:06", True)]
    assert known(stored, [Mark("x", "9:05")] * 3) == [True, True, False]
    assert known(stored, [Mark("x", "9:07"), Mark("A", "9:06", True), Mark("A", "9:08", True)]) == [False, True, False]


def test_the_same_chat_copied_in_two_ways():
    stored = [Mark("A", "9:05", True), Mark("x", "9:06"), Mark("B", "9:07", True)]
    assert known(stored, marks("AxB")) == [True] * 3
    assert known(marks("AxB"), [*stored, Mark("x", "9:08")]) == [True, True, True, False]


@settings(max_examples=200, deadline=None)
@given(st.text("xyAB", max_size=12), st.text("xyAB", max_size=6))
def test_a_paste_that_goes_on_adds_its_end_and_again_nothing(first, more):
    again = known(marks(first), marks(first))
    assert all(again)
    keyed = keys.dedupe_keys(marks(first), [False] * len(first), [])
    assert len(set(keyed)) == len(first)
    whole = marks(first + more)
    there = known(marks(first), whole)
    assert sum(there) >= len(first) or not first
    assert there.count(False) <= len(more)


def test_keys_count_equal_lines():
    lines = parse("周阿姨: 好的\n周阿姨: 好的\n陈师傅: 好的\n周阿姨：好 的")
    found = [keys.mark_of(x) for x in lines]
    given_keys = keys.dedupe_keys(found, [False] * 4, [])
    assert [k.partition(":")[2] for k in given_keys] == ["1", "2", "1", "1"]
    assert len(set(given_keys)) == 4
    assert keys.dedupe_keys(found[:1], [False], found)[0].endswith(":3")


def test_names_cannot_be_told_from_references():
    assert keys.sender_ref("周阿姨") == keys.sender_ref(" 周阿姨 ") != keys.sender_ref("陈师傅")
    assert "周" not in keys.sender_ref("周阿姨")
