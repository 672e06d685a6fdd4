"""A broken procedure is refused with a sentence that says what to do, beside its field."""

from copy import deepcopy

import pytest

from linli.standards import form
from linli.standards.problems import problems
from linli.standards.procedures import PROCEDURES
from tests.standards.flows import CALENDARS


def broken(change):
    """What is wrong with the empty form's procedure after a change: {(where, field, text)}."""
    data = deepcopy(form.new())
    change(data, {s["code"]: s for s in data["steps"]})
    return {(p.where, p.field): p.text for p in problems(data, CALENDARS)}


@pytest.mark.parametrize("row", PROCEDURES, ids=lambda r: r[0])
def test_nothing_is_wrong_with_what_every_district_starts_with(row):
    assert problems(row[3], CALENDARS) == []


def limit(amount=4, calendar="hours", ladder=(), **more):
    return {"amount": amount, "calendar": calendar, "ladder": list(ladder) or [[100, "responsible"]], **more}


def task(code="s2", to="end", **more):
    outs = [{"code": "done", "label": "好了", "to": to}]
    return {"code": code, "label": "第二步", "type": "task", "who": "place", "limit": limit(), "outcomes": outs, **more}


CASES = {
    "a limit without a calendar": (lambda d, s: s["s1"].update(limit=limit(calendar="")), ("s1", "limit"), "请选按哪个日历算"),
    "a calendar that does not exist": (lambda d, s: s["s1"].update(limit=limit(calendar="moon")), ("s1", "limit"), "没有“moon”这个日历"),
    "a limit of nothing": (lambda d, s: s["s1"].update(limit=limit(amount=0)), ("s1", "limit"), "要大于 0"),
    "a limit that nobody hears of": (lambda d, s: s["s1"].update(limit={"amount": 4, "calendar": "hours", "ladder": []}), ("s1", "ladder"), "没有人知道"),
    "a dead step": (lambda d, s: d["steps"].insert(1, task()), ("s2", ""), "走不到，请删掉或接上"),
    "a step that leads nowhere": (lambda d, s: s["s1"].update(outcomes=[]), ("s1", "outcomes"), "没有去向"),
    "a circle without an end": (
        lambda d, s: (s["s1"]["outcomes"].append({"code": "x", "label": "转", "to": "s2"}), d["steps"].insert(1, task(to="s3")), d["steps"].insert(2, task("s3", to="s2"))),
        ("s2", ""), "走不到结束"),
    "an outcome that leads to nothing": (lambda d, s: s["s1"]["outcomes"][0].update(to=""), ("s1", "out:done"), "没有选到哪一步"),
    "an outcome without a name": (lambda d, s: s["s1"]["outcomes"][0].update(label=" "), ("s1", "out:done"), "起个名字"),
    "a step without a name": (lambda d, s: s["s1"].update(label=""), ("s1", "label"), "起个名字"),
    "nobody to do it": (lambda d, s: s["s1"].update(who="king"), ("s1", "who"), "由谁来办"),
    "no first step": (lambda d, s: d.update(first="gone"), ("", "first"), "从哪一步开始"),
    "a claim that nobody is given": (lambda d, s: s["s1"].update(type="claim", roles=["grid_worker"]), ("s1", "ladder"), "没人领办怎么办"),
    "a rating without a way back": (lambda d, s: d.update(again={}), ("", "again"), "有评价就要有重办"),
    "reopened for ever": (lambda d, s: d["again"].update(then="s1"), ("", "again"), "另一单位复核"),
    "passing by itself to nowhere": (lambda d, s: s["s1"].update(limit=limit(ladder=[[100, "holder", "pass", "gone"]])), ("s1", "ladder"), "请选从哪个去向走"),
    "taken back without a pool": (lambda d, s: s["s1"].update(limit=limit(ladder=[[100, "holder", "take_back"]])), ("s1", "ladder"), "没有领办这一步"),
    "a bound on no calendar": (lambda d, s: s["s1"]["outcomes"][0].update(within=[4, "moon"]), ("s1", "out:done"), "按哪个日历算"),
    "a kind that leans on its own limit": (lambda d, s: s["s1"].update(limit=limit(by_kind=True)), ("s1", "limit"), "还没有自己的办结时限"),
    "a category that does not exist": (lambda d, s: d["kind"].update(category="moon"), ("", "kind"), "哪一类民情"),
    "a score for nothing": (lambda d, s: d["scores"].update(rows=[{"on": "late:gone", "points": -1}]), ("", "scores"), "什么时候记"),
    "a limit named like a step": (lambda d, s: d["limits"].append(limit(code="s1", label="x", starts="open", until="handle")), ("s1", ""), "同一个编号"),
    "a limit without a name": (lambda d, s: d["limits"].append(limit(code="l9", label="", starts="open", until="handle")), ("l9", "label"), "起个名字"),
    "a wait without a date": (lambda d, s: (s["s1"]["outcomes"][0].update(to="s2"), d["steps"].insert(1, {**task(), "type": "wait", "limit": None})), ("s1", "out:done"), "填下一个日期"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_broken_is_said_beside_its_field(name):
    change, where, words = CASES[name]
    found = broken(change)
    assert where in found and words in found[where], found


@pytest.mark.parametrize("data", [{}, {"steps": []}, {"first": "a", "steps": [{}]}, {"first": "a", "steps": [None]}, {"answer": 1, "solve": 2}])
def test_what_cannot_be_read_at_all_is_said_too(data):
    (found, *_) = problems(data, CALENDARS)
    assert found.text
