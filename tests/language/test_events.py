"""Same events in many messages: words, place and time together."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.language.events import Told, cluster, fit_together, named_places, similarities

FILLER = [
    Told(f"f{i}", t, b, "2026-02-01")
    for i, (t, b) in enumerate(
        [
            ("建议增开早班公交", "上班的人多,七点前没有车。"),
            ("医保卡换新的手续", "旧卡读不出来,想问在哪里换。"),
            ("学校门口放学拥堵", "家长的车停满两边。"),
            ("河边步道的栏杆松了", "散步的老人扶上去会晃。"),
            ("菜场里缺斤少两", "称出来少二两,摊主不认。"),
            ("图书馆周一能否开放", "孩子放假没有地方看书。"),
        ]
    )
]


def told(name, estate, text, day="2026-02-03"):
    return Told(name, f"{estate}小区{text}", f"我是{estate}小区的业主,{text},大家夜里都睡不好。", day)


MIXER = "旁边的搅拌站夜里轰鸣灰尘大"


def groups_of(messages):
    return [{messages[i].id for i in g} for g in cluster(messages)]


def test_one_estate_one_trouble_is_one_event():
    rows = [told("a", "锦绣", MIXER), told("b", "锦绣", "搅拌站灰尘轰鸣没人管", "2026-04-20"), *FILLER]
    assert {"a", "b"} in groups_of(rows)


def test_the_like_in_two_estates_stays_two():
    rows = [told("a", "锦绣", MIXER), told("b", "银河湾", MIXER), told("c", "锦绣", MIXER), *FILLER]
    found = groups_of(rows)
    assert {"a", "c"} in found and {"b"} in found


def test_one_estate_two_troubles_are_two():
    rows = [told("a", "锦绣", MIXER), Told("b", "锦绣小区幼儿园学费涨了", "每月多交四百,没有公示。"), *FILLER]
    assert all(g != {"a", "b"} for g in groups_of(rows))


def test_every_message_is_in_exactly_one_group():
    rows = [told("a", "锦绣", MIXER), *FILLER, told("b", "锦绣", MIXER)]
    assert sorted(i for g in cluster(rows) for i in g) == list(range(len(rows)))
    assert cluster([]) == [] and cluster([Told("a", "", "")]) == [[0]]


def test_places_are_names():
    estates, roads = named_places(Told("a", "反映凤凰西街锦绣小区北门积水", ""))
    assert estates == {"锦绣"} and roads == {"凤凰西"}
    assert named_places(Told("a", "积水", "没有名字")) == (frozenset(), frozenset())
    assert fit_together((frozenset({"锦绣"}), frozenset()), (frozenset({"锦绣江南"}), frozenset()))
    assert not fit_together((frozenset({"锦绣"}), frozenset()), (frozenset({"银河湾"}), frozenset()))
    assert fit_together((frozenset({"锦绣"}), frozenset()), (frozenset(), frozenset({"凤凰西"})))


def test_likeness_is_even():
    rows = [told("a", "锦绣", MIXER), told("b", "银河湾", MIXER), *FILLER]
    alike = similarities(rows, rows)
    assert np.allclose(alike, alike.T) and alike.max() <= 1.0001


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20), st.text(max_size=12)), max_size=6))
@settings(max_examples=40, deadline=None)
def test_any_text(rows):
    messages = [Told(str(i), *r) for i, r in enumerate(rows)]
    assert sum(len(g) for g in cluster(messages)) == len(messages)
