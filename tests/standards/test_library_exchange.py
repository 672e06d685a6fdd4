"""The library as a file: what goes out comes in equal; a file is taken in whole or not at all, mistakes by sheet and line."""

import io
import json

import pytest
from openpyxl import Workbook, load_workbook

from linli.kernel.errors import BadInput, Conflict
from linli.standards import exchange, reading, seed, shelf, texts
from linli.standards.actions import library as actions
from linli.standards.documents import plain
from linli.standards.models import Clause, Document

SHIPPED = seed.shipped()
FORMS = [exchange.as_json, exchange.as_xlsx]


def edited(change):
    """The workbook of two standards after `change(book)`."""
    book = load_workbook(io.BytesIO(exchange.as_xlsx([d for d in SHIPPED if d.code in ("WXQ", "XT")])))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def line(sheet, *cells):
    """The row in which those cells stand, one after the other from the first column."""
    return next(n for n, row in enumerate(sheet.iter_rows(values_only=True), 1) if row[: len(cells)] == cells)


@pytest.mark.parametrize("form", FORMS)
def test_what_goes_out_comes_in_equal(form):
    assert exchange.read(form(SHIPPED)) == sorted(SHIPPED, key=lambda d: d.code)


@pytest.mark.parametrize("form", FORMS)
def test_taken_in_unchanged_it_changes_nothing(cast, at, form):
    before = Document.objects.count(), Clause.objects.count()
    texts = exchange.read(form(reading.exported(cast.actor("yu_tao"))))
    taken = actions.take_in_documents(by=cast.actor("yu_tao"), texts=texts)
    assert (taken.new, taken.changed, len(taken.same)) == ([], [], len(SHIPPED))
    assert (Document.objects.count(), Clause.objects.count()) == before


@pytest.mark.parametrize("form", FORMS)
def test_into_an_empty_library_and_out_again(db, at, cast, form):
    Document.objects.all().delete()
    actions.take_in_documents(by=cast.actor("yu_tao"), texts=exchange.read(form(SHIPPED)))
    for row in Document.objects.all():
        actions.submit_document(by=cast.actor("yu_tao"), document_id=row.id)
        actions.approve_document(by=cast.actor("yuan_qing"), document_id=row.id)
    days = {"valid_from"}
    out = [{k: v for k, v in plain(d).items() if k not in days} for d in exchange.read(form(reading.exported(cast.actor("yu_tao"))))]
    assert out == [{k: v for k, v in plain(d).items() if k not in days} for d in sorted(SHIPPED, key=lambda d: d.code)]


def test_what_differs_becomes_a_draft_to_be_read(cast, at):
    def change(book):
        sheet = book["条款"]
        sheet.cell(line(sheet, "XT", "3.2"), 5).value = "意见不一致的，由街道分管领导在 3 个工作日内决定。"
        sheet.append(["XT", "3.10", "超出权限", "留底", "送出去的留一份底。"])
        sheet.append(["XT", "3.9", "超出权限", "编号", "写上编号。"])

    taken = actions.take_in_documents(by=cast.actor("yu_tao"), texts=exchange.read(edited(change)))
    assert (taken.new, taken.changed) == ([], ["WXQ", "XT"])  # both lack the day from which they are in force
    draft = Document.objects.get(code="XT", version=2)
    numbers = [c.number for c in texts.text_of(draft).clauses]
    assert draft.state == "draft" and numbers[-3:] == ["3.2", "3.9", "3.10"] and shelf.in_force("XT").version == 1
    with pytest.raises(Conflict):
        actions.take_in_documents(by=cast.actor("xie_lin"), texts=SHIPPED)


BROKEN = {
    "module": (lambda b: b["标准"].cell(2, 4).__setattr__("value", "云云"), "标准 第 2 行：治理与服务没有模块“云云”"),
    "day": (lambda b: b["标准"].cell(3, 5).__setattr__("value", "明年"), "标准 第 3 行：施行日期“明年”请写成"),
    "text": (lambda b: b["条款"].cell(4, 5).__setattr__("value", None), "条款 第 4 行：请填写正文"),
    "number": (lambda b: b["条款"].cell(5, 2).__setattr__("value", "第四条"), "条款 第 5 行：条款号“第四条”"),
    "twice": (lambda b: b["条款"].cell(3, 2).__setattr__("value", "1.1"), "条款号 1.1 用了两次"),
    "nobody's": (lambda b: b["条款"].append(["ZZ", "1.1", "a", "b", "c"]), "“标准”表里没有编号 ZZ"),
    "amount": (lambda b: b["数值"].cell(3, 6).__setattr__("value", "两"), "数值 第 3 行：数值“两”不是数字"),
    "infinite": (lambda b: b["数值"].cell(3, 6).__setattr__("value", "inf"), "数值 第 3 行：数值“inf”不是数字"),
    "unit": (lambda b: b["数值"].cell(line(b["数值"], "WXQ", "4.2"), 7).__setattr__("value", "年"), "时限的单位请从分钟、小时、天里选"),
    "lost value": (lambda b: b["数值"].cell(2, 2).__setattr__("value", "8.8"), "数值 第 2 行：“条款”表里没有 WXQ 8.8"),
    "column": (lambda b: b["条款"].cell(1, 5).__setattr__("value", "内容"), "条款 第 1 行：少了“正文”这一列"),
    "sheet": (lambda b: b.remove(b["数值"]), "少了“数值”这张表"),
    "same head": (lambda b: b["标准"].append([c.value for c in b["标准"][2]]), "标准 第 4 行：编号 WXQ 前面已经有了"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_mistake_is_told_by_sheet_and_line(name):
    change, said = BROKEN[name]
    with pytest.raises(exchange.BadFile) as found:
        exchange.read(edited(change))
    assert any(said in p for p in found.value.problems), found.value.problems


def test_all_mistakes_at_once_and_nothing_is_taken_in(cast, at):
    def change(book):
        for name in ("module", "text", "amount"):
            BROKEN[name][0](book)

    with pytest.raises(exchange.BadFile) as found:
        exchange.read(edited(change))
    assert len(found.value.problems) == 3 and found.value.message.startswith("有 3 处要改")
    good, bad = SHIPPED[0], SHIPPED[1]
    Document.objects.all().delete()
    with pytest.raises(BadInput):
        actions.take_in_documents(by=cast.actor("yu_tao"), texts=[good, type(bad)(bad.code, bad.head, ())])
    assert not Document.objects.exists()


@pytest.mark.parametrize(("content", "said"), [
    (b"", "读不出来"), (b"PK\x03\x04broken", "打不开"), (b"\xff\xfe\x00", "读不出来"), (b"[]", "没有标准"), (b"[1]", "第 1 份"), (b"3", "第 1 份"),
    (json.dumps([{"code": "WXQ"}]).encode(), "第 1 份 WXQ"), (b"{", "读不出来"),
])  # fmt: skip
def test_what_is_no_library_is_told(content, said):
    with pytest.raises(exchange.BadFile) as found:
        exchange.read(content)
    assert said in found.value.problems[0]


@pytest.mark.parametrize("change", [
    {"amount": float("inf")}, {"amount": "2"}, {"amount": None}, {"unit": 3}, {"label": ["x"]},
])  # fmt: skip
def test_values_of_another_type_are_refused(change):
    data = plain(next(d for d in SHIPPED if d.code == "XT"))
    data["chapters"][1]["clauses"][0]["values"][0] |= change
    with pytest.raises(exchange.BadFile):
        exchange.read(json.dumps([data]).encode())


def test_the_mistake_of_a_json_is_told_by_standard_and_clause():
    data = [plain(d) for d in SHIPPED if d.code == "XT"]
    data[0]["chapters"][0]["clauses"][0]["text"] = ""
    with pytest.raises(exchange.BadFile) as found:
        exchange.read(json.dumps(data).encode())
    assert found.value.problems == ["XT 第 1.1 条：请填写正文。"]


def test_no_text_becomes_a_formula():
    text = next(d for d in SHIPPED if d.code == "XT")
    odd = type(text)("XT", type(text.head)(**{**vars(text.head), "scope": "=1+1"}), text.clauses)
    out = exchange.as_xlsx([odd])
    assert load_workbook(io.BytesIO(out))["标准"].cell(2, 7).value == "'=1+1"
    assert exchange.read(out) == [odd]


def test_a_workbook_of_something_else():
    book, out = Workbook(), io.BytesIO()
    book.save(out)
    with pytest.raises(exchange.BadFile) as found:
        exchange.read(out.getvalue())
    assert len(found.value.problems) == 3
