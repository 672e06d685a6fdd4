"""The standards that come with the product: the 23 named documents, whole, and what the procedures follow says the same."""

import json
import re
from dataclasses import replace

import pytest

from linli.standards import documents, seed
from linli.standards.agreement import citations
from linli.standards.documents import LIMIT, SUBSYSTEMS, Value, problems_of
from linli.standards.flow import parse
from linli.standards.procedures import PROCEDURES

SHIPPED = {d.code: d for d in seed.shipped()}
#: domain.md A14, in its order
NAMED = {
    "general": ["标准化工作管理规范", "云平台图形符号管理规范"],
    "management": [
        "组织及岗位人员设置规范", "绩效考核管理规范", "小栖知识库管理规范", "档案管理规范", "合同管理规范", "平台信息安全管理规范", "不良舆论处置规范",
        "突发事件应急预案",
    ],
    "service": [
        "云党建工作规范", "信息发布规范", "投票管理规范", "议事规范", "物业服务规范", "微信群服务规范", "平台开发规范", "云学院管理规范", "微幸福工作规范",
        "社情民意大数据分析规程", "小栖机器人智能回复规范", "治理与服务质量监督检查规范", "投诉处理规范",
    ],
}  # fmt: skip


def find(code, shipped=SHIPPED):
    document, _, number = code.partition("-")
    return shipped[document].clause(number) if document in shipped else None


def clauses_of(code):
    return list(SHIPPED[code].clauses) if code in SHIPPED else []


def test_the_23_named_documents_stand_in_their_subsystems():
    titles = {part: {d.head.title for d in SHIPPED.values() if d.head.subsystem == part} for part in SUBSYSTEMS}
    assert sum(len(names) for names in NAMED.values()) == 23
    for part, names in NAMED.items():
        assert set(names) <= titles[part]
        for d in SHIPPED.values():
            if d.head.title in names:
                assert 8 <= len(d.clauses) <= 30, d.head.title


def test_every_module_but_the_terms_has_a_document():
    used = {(d.head.subsystem, d.head.module) for d in SHIPPED.values()}
    assert {(p, m) for p, (_, modules) in SUBSYSTEMS.items() for m in modules} - used == {("general", "terms")}


@pytest.mark.parametrize("code", sorted(SHIPPED))
def test_a_document_is_whole_and_its_numbers_stand_in_its_words(code):
    document = SHIPPED[code]
    assert problems_of(document) == []
    chapters = [int(c.number.split(".")[0]) for c in document.clauses]
    assert sorted(set(chapters)) == list(range(1, max(chapters) + 1))
    for c in document.clauses:
        numbers = re.findall(r"\d+(?:\.\d+)?", c.text)
        for v in c.values:
            if v.unit != "级":  # levels are told by words
                assert f"{abs(v.amount):g}" in numbers, f"{code}-{c.number} {v.label}"


def test_nothing_is_presented_as_a_national_standard():
    words = SHIPPED["BZH"].clause("1.3").text
    assert "示范文本" in words and "不是国家标准" in words
    for d in SHIPPED.values():
        for c in d.clauses:
            assert not re.search(r"GB/T", c.text) or (d.code, c.number) == ("BZH", "1.3")


@pytest.mark.parametrize(("code", "clause", "data"), [(code, clause, data) for code, _, clause, data in PROCEDURES])
def test_what_a_procedure_says_is_what_its_clauses_say(code, clause, data):
    assert find(clause) is not None
    wrong = [c for c in citations(parse(data), find, clauses_of) if c.missing or not c.agrees]
    assert wrong == []


def test_another_number_in_the_procedure_or_in_the_clause_is_found():
    flow = parse(next(data for code, *_, data in PROCEDURES if code == "golden_eye"))
    changed = replace(SHIPPED["HJY"], clauses=tuple(
        replace(c, values=tuple(replace(v, amount=v.amount + 1) for v in c.values)) for c in SHIPPED["HJY"].clauses
    ))  # fmt: skip
    wrong = [c for c in citations(flow, lambda code: find(code, SHIPPED | {"HJY": changed}), lambda _: list(changed.clauses)) if not c.agrees]
    assert {(c.clause, c.label, c.says) for c in wrong} >= {
        ("HJY-3.1", "待社区领办", "4 小时"), ("HJY-3.2", "到场核实", "24 小时"), ("HJY-3.3", "办结", "48 小时"), ("HJY-3.4", "街道科室裁定", "1 个工作日"),
        ("HJY-3.2", "到场核实：不属实，提出异议", "24 小时"), ("HJY-5.1", "计分", "-2 分"),
    }  # fmt: skip
    gone = replace(SHIPPED["HJY"], clauses=())
    missing = [c for c in citations(flow, lambda code: find(code, SHIPPED | {"HJY": gone}), lambda _: []) if c.missing]
    assert {c.clause for c in missing} >= {"HJY-3.1", "HJY-3.2", "HJY-3.3", "HJY-3.4", "HJY-5.1", "HJY-5.2", "HJY-5.3"}


def test_the_rest_of_what_procedures_hold_stands_in_clauses_too():
    flows = {code: parse(data) for code, *_, data in PROCEDURES}

    def amount(code, value):
        return next(v.amount for v in find(code).values if v.code == value)

    assert flows["pool"].step("claim").cap == amount("WTLZ-3.2", "cap")
    assert flows["group_appeal"].rate_days == amount("WXQ-4.3", "rate") == amount("TSCL-5.4", "rate") == amount("WTLZ-4.3", "rate")
    assert flows["deputies"].rate_days == amount("DB-4.3", "rate")
    assert flows["group_appeal"].again_at_most == amount("TSCL-5.4", "again") == amount("HJY-4.1", "again") == amount("WYFW-4.7", "again")
    assert flows["correction"].again_at_most == amount("SJ-3.4", "again") and flows["item"].again_at_most == amount("SX-3.1", "again")
    for procedure, clause in (("early_warning", "YJ-2.1"), ("bad_opinion", "YQ-2.1")):
        matrix = flows[procedure].step("assess").matrix
        assert [[amount(clause, f"axis_{i}{j}") for j in (1, 2, 3)] for i in (1, 2, 3)] == [list(row) for row in matrix]
    ladder = [r.percent for r in flows["group_appeal"].limits["answer"].ladder]
    assert ladder == [amount("DC-1.2", step) for step in ("first", "second", "third")]


@pytest.mark.parametrize(("kinds", "clause"), [
    (seed.DAILY + seed.TO_SORT, "WXQ-4.5"), (seed.SENSITIVE, "TSCL-5.2"), (seed.COMPLAINTS, "TSCL-6.2"),
])  # fmt: skip
def test_the_limits_of_kinds_are_those_of_their_clause(kinds, clause):
    said = {v.code: v.span for v in find(clause).values}
    assert said == {code: (minutes, "hours") for code, _, _, minutes in kinds}


@pytest.mark.parametrize("code", sorted(SHIPPED))
def test_a_file_is_written_as_it_is_read(code):
    raw = (seed.LIBRARY / f"{code}.json").read_text(encoding="utf-8")
    assert documents.dump(documents.plain(SHIPPED[code])) == raw
    assert documents.parse(json.loads(raw)).code == code


@pytest.mark.parametrize(("row", "words", "span"), [
    (("hour", "clock", 2), "2 小时", (120, "clock")), (("day", "clock", 90), "90 天", (129600, "clock")),
    (("hour", "hours", 7), "7 个工作小时", (420, "hours")), (("day", "days", 5), "5 个工作日", (5, "days")),
])  # fmt: skip
def test_a_limit_in_words_and_in_the_calendar_s_unit(row, words, span):
    unit, calendar, amount = row
    v = Value("x", "答复", LIMIT, amount, unit, calendar)
    assert (v.words, v.span) == (words, span)


@pytest.mark.parametrize(("change", "said"), [
    ({"number": "4"}, "条款号"), ({"number": "４.2"}, "条款号"), ({"text": " "}, "请填写正文"), ({"title": ""}, "请填写条款标题"),
    ({"text": "长" * 2001}, "太长"), ({"values": (Value("a", "答复", "limit", 2, "hour", "days"),)}, "请选单位和日历"),
    ({"values": (Value("a", "答复", "limit", 0, "hour", "clock"),)}, "大于 0"), ({"values": (Value("A b", "答复", "score", 1, "分"),)}, "代号"),
    ({"values": (Value("a", "答复", "threshold", 1, ""),)}, "单位"), ({"chapter": "别的名字"}, "有两个名字"),
    ({"values": (Value("a", "一", "score", 1, "分"),) * 2}, "同一个代号"), ({"number": "4.3"}, "用了两次"),
])  # fmt: skip
def test_what_is_wrong_with_a_clause_is_told(change, said):
    document = SHIPPED["WXQ"]
    changed = replace(document, clauses=tuple(replace(c, **change) if c.number == "4.2" else c for c in document.clauses))
    assert any(said in text for _, text in problems_of(changed))
