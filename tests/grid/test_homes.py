"""A pasted list of homes becomes units and rooms, or says which line it did not understand."""

import pytest

from linli.grid.homes import MOST, parse
from linli.kernel.errors import BadInput


@pytest.mark.parametrize(("text", "found"), [
    ("2单元 501 502 503", [("2单元", "501"), ("2单元", "502"), ("2单元", "503")]),
    ("２单元：501，502、503室\n\n1单元 101", [("2单元", "501"), ("2单元", "502"), ("2单元", "503"), ("1单元", "101")]),
    ("1单元1-2层×每层2户", [("1单元", "101"), ("1单元", "102"), ("1单元", "201"), ("1单元", "202")]),
    ("1-2单元 3层 每层1户", [("1单元", "301"), ("2单元", "301")]),
    ("1 至 2 单元 10～11层 2户", [(f"{u}单元", f"{f}0{n}") for u in (1, 2) for f in (10, 11) for n in (1, 2)]),
    ("东单元 101 101 102A", [("东单元", "101"), ("东单元", "102A")]),
    ("3单元 5-1 门面房", [("3单元", "5-1"), ("3单元", "门面房")]),
])  # fmt: skip
def test_what_people_paste(text, found):
    assert parse(text, 3) == found


def test_a_building_of_one_unit_need_not_name_it():
    assert parse("101 102\n2-3层 每层2户", 1)[:3] == [("1单元", "101"), ("1单元", "102"), ("1单元", "201")]


@pytest.mark.parametrize(("text", "said"), [
    ("", "请写是哪几户"), (" \n ", "请写是哪几户"), ("501 502", "第 1 行没写是几单元"), ("1单元 101\n4单元 101", "第 2 行写的是 4 单元"),
    ("2单元", "没有房号"), ("1单元 6-1层 每层4户", "第 1 行的楼层"), ("1单元 1-6层每层0户", "第 1 行的楼层"),
    ("1单元 <b>101</b>", "没看懂"), ("1单元 " + "9" * 33, "没看懂"), ("1单元 1-6层都住满了", "没看懂"), ("2-1单元 101", "第 1 行的单元"),
    ("1-3单元 1-99层 每层30户", f"一次最多加 {MOST} 户"),
])  # fmt: skip
def test_what_is_not_understood_is_named(text, said):
    with pytest.raises(BadInput) as told:
        parse(text, 3)
    assert said in told.value.message
