"""What is wrong with a procedure is said in plain Chinese: each problem that can be told has its broken procedure here."""

import ast
import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linli.standards import problems as module
from linli.standards.flow import parse
from linli.standards.parts import END, limit, out, over, rate, review, step
from linli.standards.problems import problems
from linli.standards.procedures import PROCEDURES
from tests.standards.test_problems import CASES, broken

CALENDARS = {"clock": "clock", "hours": "hours", "days": "days"}
Data = dict[str, Any]
LADDER = [[80, "holder"], [100, "community_head"]]


def sound() -> Data:
    """A small procedure without a fault: claimed, done, rated, reviewed; an assessment and a waiting beside it."""
    return copy.deepcopy({
        "first": "claim",
        "entries": {"grid_guide": "assess"},
        "limits": [over("solve", "办结", "accept", "handle", ladder=LADDER, amount=480, calendar="hours", clause="X-1")],
        "steps": [
            step("claim", "待领办", "claim", out("claimed", "领办", "work", ""), roles=["grid_worker"],
                 limit=limit(240, "clock", [[80, "community_head"], [100, "community_head", "dispatch"]])),
            step("work", "办理", "task", out("done", "办好了", "rate", told=True), out("wait", "要等", "wait", "words", "date"), who="claimer"),
            step("wait", "等资金", "wait", out("got", "等到了", "work")),
            step("assess", "定级", "assess", *[out(f"level{n}", f"{n}级", "work") for n in (1, 2, 3)], who="head",
                 matrix=[[3, 3, 2], [3, 2, 1], [2, 1, 1]], limit=limit(120, "clock", LADDER)),
            rate(), *review(), END,
        ],
        "again": {"to": "work", "at_most": 2, "then": "review"},
    })  # fmt: skip


def of(data: Data, code: str) -> Data:
    found: Data = next(s for s in data["steps"] if s["code"] == code)
    return found


def drop(data: Data, code: str) -> None:
    data["steps"] = [s for s in data["steps"] if s["code"] != code]


def spoil(where: str, **change: Any) -> Callable[[Data], None]:
    """Change a step ("work"), one of its outcomes ("work:done"), its limit ("claim/"), a limit over steps ("/solve")."""

    def do(data: Data) -> None:
        name, colon, outcome = where.partition(":")
        if name.startswith("/"):
            thing = next(x for x in data["limits"] if x["code"] == name[1:])
        elif name.endswith("/"):
            thing = of(data, name[:-1])["limit"]
        else:
            thing = of(data, name)
            if colon:
                thing = next(o for o in thing["outcomes"] if o["code"] == outcome)
        thing.update(change)

    return do


def whole(**change: Any) -> Callable[[Data], None]:
    return lambda data: data.update(change)


def twice(data: Data) -> None:
    data["steps"].append(step("work", "又一个办理", "task", out("done", "好了", "end"), who="head", limit=limit(60, "clock", LADDER)))


def same_way_out(data: Data) -> None:
    of(data, "work")["outcomes"].append(out("done", "也办好了", "rate"))


def dead_step(data: Data) -> None:
    data["steps"].append(step("lonely", "没人来", "task", out("done", "好了", "end"), who="head", limit=limit(60, "clock", LADDER)))


def no_way_home(data: Data) -> None:
    of(data, "work")["outcomes"].append(out("round", "转圈", "round"))
    data["steps"].append(step("round", "转圈", "task", out("round", "再转", "round"), who="head", limit=limit(60, "clock", LADDER)))


def nobody_asks(data: Data) -> None:
    data["limits"] = []


def nobody_claims(data: Data) -> None:
    of(data, "claim")["limit"]["ladder"] = LADDER


def named(data: Data) -> None:
    of(data, "wait")["outcomes"][0]["to"] = "other"
    data["steps"].append(step("other", "指定的人办", "task", out("done", "好了", "rate"), who="named", limit=limit(60, "clock", LADDER)))


def no_pool(data: Data) -> None:
    drop(data, "claim")
    data["first"] = "work"
    data["limits"][0]["starts"] = "open"
    data["limits"][0]["ladder"] = [[100, "centre", "take_back"]]


BROKEN: list[tuple[str, str, Callable[[Data], None]]] = [
    # the sentence, where it points, what was spoilt
    ("这份流程读不出来", "", whole(steps=[{"label": "没有编号"}])),
    ("有两个步骤用了同一个编号", "work", twice),
    ("请选从哪一步开始", "", whole(first="nowhere")),
    ("步骤的类型不对", "work", spoil("work", type="dance")),
    ("请选由谁来办这一步", "work", spoil("work", who="moon")),
    ("请选哪些人可以领办", "claim", spoil("claim", roles=[])),
    ("领办的角色里有不认识的", "claim", spoil("claim", roles=["king"])),
    ("领办这一步只有一个去向", "claim", spoil("claim", outcomes=[out("a", "甲", "work", ""), out("b", "乙", "work", "")])),
    ("没人领办怎么办", "claim", nobody_claims),
    ("评价的期限请填 1 到 60 天", "rate", spoil("rate", days=0)),
    ("这一步没有去向", "wait", spoil("wait", outcomes=[])),
    ("结束之后不能再有去向", "end", spoil("end", outcomes=[out("more", "还有", "work")])),
    ("定级要填满三行三列", "assess", spoil("assess", matrix=[[1, 2], [3, 3]])),
    ("对照表里的每一级都要有去向", "assess", spoil("assess", matrix=[[4, 3, 2], [3, 2, 1], [2, 1, 1]])),
    ("去向“办好了”没有选到哪一步", "work", spoil("work:done", to="nowhere")),
    ("“办好了”要填的东西里有不认识的", "work", spoil("work:done", needs=["blood"])),
    ("“要等”之后要等，请要求填下一个日期", "work", spoil("work:wait", needs=["words"])),
    ("“等到了”之后由指定的人办，请要求选人", "wait", named),
    ("有两个去向用了同一个编号", "work", same_way_out),
    ("“办结”的时限要大于 0", "solve", spoil("/solve", amount=0, by_kind=False)),
    ("“办结”有时限，请选按哪个日历算", "solve", spoil("/solve", calendar="")),
    ("没有“moon”这个日历", "solve", spoil("/solve", calendar="moon")),
    ("“办结”从什么时候算", "solve", spoil("/solve", starts="sometime")),
    ("“办结”到什么时候算", "solve", spoil("/solve", until="sometime")),
    ("“办结”到时没有人知道", "solve", spoil("/solve", ladder=[])),
    ("“办结”的百分比要从小到大", "solve", spoil("/solve", ladder=[[100, "centre"], [80, "holder"]])),
    ("“办结”的百分比要从小到大", "solve", spoil("/solve", ladder=[[0, "centre"]])),
    ("“办结”到 100% 做什么", "solve", spoil("/solve", ladder=[[100, "centre", "explode"]])),
    ("“办结”到 100% 告诉谁", "solve", spoil("/solve", ladder=[[100, "nobody"]])),
    ("“办结”：只有领办这一步可以到时指派", "solve", spoil("/solve", ladder=[[100, "centre", "dispatch"]])),
    ("“定级”到 100% 自动转入下一步，请选从哪个去向走", "assess", spoil("assess/", ladder=[[100, "centre", "pass", "level9"]])),
    ("“办结”要收回重新领办，流程里却没有领办这一步", "solve", no_pool),
    ("重办之后到哪一步", "", whole(again={"to": "nowhere", "at_most": 2, "then": "review"})),
    ("再不行之后到哪一步", "", whole(again={"to": "work", "at_most": 2, "then": "nowhere"})),
    ("有评价就要有重办", "", whole(again={})),
    ("重办几次还不行，要由另一单位复核", "", whole(again={"to": "work", "at_most": 2, "then": "work"})),
    ("步骤“没人来”走不到", "lonely", dead_step),
    ("步骤“转圈”走不到结束", "round", no_way_home),
    ("步骤“办理”没有时限", "work", nobody_asks),
]  # fmt: skip


def test_the_sound_one_has_no_problem():
    assert problems(sound(), CALENDARS) == []


@pytest.mark.parametrize("code", [code for code, *_ in PROCEDURES])
def test_what_every_district_starts_with_has_no_problem(code):
    data = next(data for c, _, _, data in PROCEDURES if c == code)
    assert problems(data, CALENDARS) == []


@pytest.mark.parametrize(("says", "where", "spoiled"), BROKEN, ids=[f"{n} {s}" for n, (s, _, _) in enumerate(BROKEN)])
def test_each_problem_is_said_in_plain_words_where_it_is(says, where, spoiled):
    data = sound()
    spoiled(data)
    found = problems(data, CALENDARS)
    assert any(p.text.startswith(says) and p.where == where for p in found), found
    assert all(re.search("[一-鿿]", p.text) and p.text.endswith(("。", "？")) for p in found)


def told() -> list[str]:
    """The Chinese sentences that the module can say, as patterns; docstrings are none."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    inner = {id(v) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for v in node.values}
    inner |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found.append("".join(re.escape(v.value) if isinstance(v, ast.Constant) else ".*" for v in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            found.append(re.escape(node.value))
    return [p for p in found if re.search("[一-鿿].*[。？]$", p)]


def test_no_problem_is_without_its_broken_procedure():
    said = []
    for _, _, spoiled in BROKEN:
        data = sound()
        spoiled(data)
        said += [p.text for p in problems(data, CALENDARS)]
    for row in ({"on": "reopen", "points": 0, "to": "finder"}, {"on": "reopen", "points": 1, "to": "everybody"}):
        said += [p.text for p in problems(sound() | {"scores": {"on": False, "rows": [row]}}, CALENDARS)]
    said += [text for change, _, _ in CASES.values() for text in broken(change).values()]
    patterns = told()
    assert len(patterns) >= 30
    missing = [p for p in patterns if not any(re.fullmatch(p, s) for s in said)]
    assert not missing, missing


@pytest.mark.parametrize("data", [{}, {"steps": None}, {"steps": [1]}, {"first": "a", "steps": [{"code": "a", "label": "甲", "type": "task", "outcomes": [{"what": 1}]}]}, {"answer": {}}])
def test_whatever_is_stored_is_read_or_refused_never_a_crash(data):
    found = problems(data, CALENDARS)
    assert found and found[0].text.startswith(("这份流程读不出来", "请选从哪一步开始"))


def test_the_first_form_of_procedures_is_still_read():
    old = {
        "answer": {"minutes": 120, "calendar": "clock", "ladder": LADDER}, "solve": {"ladder": LADDER}, "rate_days": 7, "reopen_at_most": 2,
    }  # fmt: skip
    assert problems(old, CALENDARS) == [] or [p.where for p in problems(old, CALENDARS)] == ["review"]
    flow = parse(old)
    assert (flow.first, flow.again_to, flow.again_at_most, flow.rate_days) == ("work", "work", 2, 7)
