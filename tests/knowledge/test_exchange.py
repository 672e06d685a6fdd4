"""Entries as a table, out and in: CSV and xlsx, mistakes told by line, nothing served unread by a second person."""

import pytest

from linli.kernel.errors import BadInput, Forbidden
from linli.knowledge import actions, exchange, index
from linli.knowledge.models import Entry


@pytest.fixture(autouse=True)
def alone():
    index.drop()
    yield
    index.drop()


@pytest.mark.parametrize("form", [exchange.csv_of, exchange.xlsx_of])
def test_what_goes_out_comes_in_unchanged(cast, at, form):
    head, count = cast.actor("zhao_hui"), Entry.objects.count()
    taken = exchange.take_in(head, form(head))
    assert (taken.new, taken.changed, taken.same, taken.problems) == (0, 0, count, [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_rows_in_review_and_mistakes_by_line(cast, at, encoding):
    table = (
        "问题,答案,来源,编号,别的问法,结束日期\n"
        "菜地怎么申请？,三月登记,菜地公约,garden,想种菜|菜地抽签,2027/01/31\n"
        "没有答案,,公约,x1,,\n"
        "日子不对？,答,公约,x2,,明年\n"
        ",,,,,\n"
        "又一次,答,公约,garden,,\n"
        "老年证怎么办？,带身份证来。,公约,senior_card,,\n"
    )
    taken = exchange.take_in(cast.actor("zhao_hui"), table.encode(encoding))
    assert (taken.new, taken.changed) == (1, 1)
    assert [p.split("：")[0] for p in taken.problems] == ["第 3 行", "第 4 行", "第 6 行"]
    garden = Entry.objects.get(code="garden")
    assert garden.wordings == ["想种菜", "菜地抽签"] and garden.valid_to.year == 2027
    card = Entry.objects.get(code="senior_card")
    changed = actions.pending(card)
    assert (garden.state, card.state, changed.state, changed.answer) == (Entry.REVIEW, Entry.IN_FORCE, Entry.REVIEW, "带身份证来。")
    assert str(garden.id) not in index.current()[1]
    actions.retire_entry(by=cast.actor("zhao_hui"), entry_id=garden.id)


def test_what_is_changed_is_told_as_before_until_somebody_else_approves(cast, at):
    head, card = cast.actor("zhao_hui"), Entry.objects.get(code="senior_card")
    table = f"编号,问题,答案,来源\nsenior_card,{card.question},拿身份证到服务站，当场办。,{card.source}\n".encode()
    assert exchange.take_in(head, table).changed == 1
    index.forget()
    assert str(card.id) in index.current()[1]
    again = exchange.take_in(head, table)
    assert (again.changed, again.same) == (0, 1), "the same table twice waits once"
    changed = actions.pending(card)
    assert (changed.wordings, changed.department, changed.article, changed.read_on) == (card.wordings, card.department, card.article, card.read_on)
    with pytest.raises(Forbidden):
        actions.approve_entry(by=head, entry_id=changed.id)
    actions.approve_entry(by=cast.actor("yu_tao"), entry_id=changed.id)
    known = {e.code: e for e in index.current()[1].values()}
    assert known["senior_card"].id == changed.id and str(card.id) not in index.current()[1]


def test_formulas_stay_text(cast, at):
    head = cast.actor("zhao_hui")
    actions.save_entry(by=head, question="=1+1", answer="@答", source="公约", code="sum")
    out = exchange.csv_of(head)
    assert b"'=1+1" in out and b"'@" in out
    assert exchange.take_in(head, out).changed == 0


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\xff\xfe\x00", "甲,乙\n1,2\n".encode()])
def test_what_is_no_table_is_told(cast, at, content):
    with pytest.raises(BadInput):
        exchange.take_in(cast.actor("zhao_hui"), content)


def test_only_editors_and_staff(cast, at):
    with pytest.raises(Forbidden):
        exchange.take_in(cast.actor("li_min"), b"")
    with pytest.raises(Forbidden):
        exchange.csv_of(cast.actor("zhou"))
