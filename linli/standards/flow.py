"""A procedure as data, read into plain objects: steps, outcomes, limits and their ladders (orders.md, "One machine, many
procedures"). No Django: the engine of `orders`, the editor at the desk and the dry run read the same thing.

A *step* has a type, somebody who does it, perhaps a limit, and outcomes that lead to other steps. A *limit* runs from a
moment of the order to another one and has a *ladder*: at so many percent somebody is reminded, or something is done.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

#: what a step is, and which state an order has in it
CLAIM, TASK, ASSESS, WAIT, RATE, REVIEW, END = "claim", "task", "assess", "wait", "rate", "review", "end"
TYPES = {
    CLAIM: "领办", TASK: "办理", ASSESS: "研判定级", WAIT: "等待", RATE: "评价", REVIEW: "复核", END: "结束",
}  # fmt: skip
#: who does a step; found by `orders.hands` from place, line, roster and organisation
WHO = {
    "place": "当班的网格责任人", "head": "社区书记", "manager": "网格管理员", "street": "街道分管领导", "section": "街道科室",
    "stability_centre": "综治中心", "centre": "云平台中心", "department": "职能部门", "district": "区级部门",
    "property": "物业公司", "line": "条线专职社工", "front_desk": "前台接办", "guide": "网格指导员", "deputy": "人大代表",
    "same": "上一步的人", "claimer": "领办的人", "opener": "发起的人", "named": "上一步指定的人", "parent": "主单的责任人",
    "other_body": "另一单位",
}  # fmt: skip
#: whom the ladder tells
WHOM = {
    "holder": "当班的人", "responsible": "责任人", "community_head": "社区书记", "street": "街道分管领导", "section": "街道科室",
    "stability_centre": "综治中心", "centre": "云平台中心", "district": "区级部门", "opener": "发起的人",
}  # fmt: skip
REMIND, DISPATCH, TAKE_BACK, RAISE, PASS = "remind", "dispatch", "take_back", "raise", "pass"
ACTS = {REMIND: "提醒", DISPATCH: "指派给", TAKE_BACK: "收回重新领办", RAISE: "上报一级", PASS: "自动转入下一步"}
#: what must be given to pass a step
NEEDS = {
    "words": "文字说明", "photo": "照片", "place": "到场位置", "date": "下一个日期", "person": "指定的人", "paper": "书面材料",
    "law": "依据的条文", "progress": "经过", "cause": "原因", "response": "处置和责任", "follow_up": "善后和改进",
}  # fmt: skip
#: the code of a step that waits for a person on a day that was agreed with her: she is reminded of it
APPOINTMENT = "appointment"
#: the parts of a closing report, each in words of its own
PARTS = ("progress", "cause", "response", "follow_up")
UNITS = {"clock": "分钟", "hours": "工作分钟", "days": "工作日"}
ANSWER, SOLVE = "answer", "solve"
#: from when a limit runs, besides "step:<code>"
FROM = {"open": "受理", "accept": "领办或指派"}
#: until when, besides "step:<code>" (leaving it)
UNTIL = {"answer": "答复居民", "handle": "办结", "touch": "责任人动手"}
#: how an order ends by an outcome or at an end; "void" only at an end
ENDINGS = {
    "done": "已办好", "no": "办不了，如实说明", "not_ours": "归别的单位管", "untrue": "不属实", "reviewed": "复核终结",
    "refused": "依法不予受理", "beyond": "超出职权", "tried": "已尽责，仍不满意", "class_a": "A 类：已解决",
    "class_b": "B 类：列入计划", "class_c": "C 类：下年再办", "class_d": "D 类：留作参考", "rejected": "未刊登",
    "undone": "处置已撤回", "void": "作废",
}  # fmt: skip
#: steps whose outcomes a person writes down
BY_PEOPLE = frozenset({TASK, ASSESS, WAIT, REVIEW})
MOST = 24
#: what reading broken data raises
BROKEN = (KeyError, TypeError, ValueError, IndexError, AttributeError)
#: after that many times an order is no longer thrown back into the pool: the centre gives it to somebody
TAKEN_BACK_AT_MOST = 2


@dataclass(frozen=True, slots=True)
class Rung:
    """At `percent` of a limit `whom` is told, and `act` is done; `outcome` names the way out of the step for "pass"."""

    percent: int
    whom: str
    act: str = REMIND
    outcome: str = ""

    def row(self) -> list[Any]:
        """As it is stored with a running clock; short when it only reminds."""
        if self.act == REMIND:
            return [self.percent, self.whom]
        return [self.percent, self.whom, self.act] + ([self.outcome] if self.outcome else [])


def rung(row: Any) -> Rung:
    """From its stored row."""
    return Rung(*row)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many minutes or working days on a calendar (`amount` in the calendar's unit; 0 with `by_kind`: the kind's)."""

    code: str
    label: str
    amount: int
    calendar: str
    starts: str
    until: str
    ladder: tuple[Rung, ...]
    clause: str = ""
    by_kind: bool = False

    def rows(self) -> list[list[Any]]:
        """The ladder as stored."""
        return [r.row() for r in self.ladder]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way out of a step.

    told: the voices read the words. result: it is the matter's result (by itself when it leads to the rating or an end).
    second: another person has to confirm it. within: [amount, calendar] since the step began, () for no such bound.
    ending: how the order ends with it. children: only when all child orders are answered. shows: the message board
    shows the matter from then on.
    """

    code: str
    label: str
    to: str
    needs: frozenset[str] = frozenset({"words"})
    told: bool = False
    result: bool = False
    second: bool = False
    within: tuple[int, str] | tuple[()] = ()
    ending: str = ""
    children: bool = False
    shows: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step; see TYPES and WHO. `pauses`: the limits that run through it stand still. `cap`: open orders that one
    person may have claimed, 0 for any number. `roles`: who may claim. `days`: how long voices may rate."""

    code: str
    label: str
    type: str
    who: str = "same"
    outcomes: tuple[Outcome, ...] = ()
    clause: str = ""
    roles: tuple[str, ...] = ()
    cap: int = 0
    days: int = 0
    ending: str = ""
    pauses: bool = False
    #: level by [seriousness-and-urgency][difficulty], outcomes "level1" … of an assessment
    matrix: tuple[tuple[int, ...], ...] = ()

    def outcome(self, code: str) -> Outcome | None:
        """The outcome of that code."""
        return next((o for o in self.outcomes if o.code == code), None)


#: a reward of the resident who found the matter, never of somebody whose duty finding is
FINDER = "finder"


@dataclass(frozen=True, slots=True)
class Score:
    """Points that a place gains or loses, or that the resident who found it is given (`to`); only when the scheme is switched
    on (burden rules)."""

    on: str  # "late:<limit>", "outcome:<step>:<outcome>", "reopen"
    points: int
    clause: str = ""
    to: str = ""  # the place, or FINDER


@dataclass(frozen=True)
class Flow:
    """A procedure's version, ready to run."""

    steps: Mapping[str, Step]
    first: str
    limits: Mapping[str, Limit]
    again_to: str = ""
    again_at_most: int = 0
    again_then: str = ""
    open_by: tuple[str, ...] = ()
    #: role → the step at which its orders begin, where that is not the first
    entries: Mapping[str, str] = field(default_factory=dict)
    scores: tuple[Score, ...] = ()
    scores_on: bool = False
    confidential: bool = False
    way: str = ""

    def step(self, code: str) -> Step:
        """A step; the first one for "" (orders opened before steps were stored)."""
        return self.steps[code or self.first]

    def starting(self, moment: str) -> list[Limit]:
        """The limits that begin at "open", "accept" or "step:<code>"."""
        return self._by_start.get(moment, [])

    @cached_property
    def _by_start(self) -> dict[str, list[Limit]]:
        found: dict[str, list[Limit]] = {}
        for limit in self.limits.values():
            found.setdefault(limit.starts, []).append(limit)
        return found

    @cached_property
    def answers(self) -> bool:
        """Is an answer to a person owed?"""
        return any(x.until == "answer" for x in self.limits.values())

    @property
    def rate_days(self) -> int:
        """Days in which voices may rate; 0 where nobody is asked."""
        return next((s.days for s in self.steps.values() if s.type == RATE), 0)

    def reachable(self, code: str) -> frozenset[str]:
        """The steps that an order at this one can still come to, itself among them; reopening left aside."""
        seen, todo = {code}, [code]
        while todo:
            for outcome in self.steps[todo.pop()].outcomes:
                if outcome.to not in seen:
                    seen.add(outcome.to)
                    todo.append(outcome.to)
        return frozenset(seen)

    def first_for(self, roles: Iterable[str]) -> str:
        """The step at which an order begins that somebody with these roles opens."""
        return next((self.entries[r] for r in roles if r in self.entries), self.first)

    def gives_result(self, outcome: Outcome) -> bool:
        """Does this outcome give the matter's result?"""
        return outcome.result or self.steps[outcome.to].type in (RATE, END)


def parse(data: Mapping[str, Any]) -> Flow:
    """The stored form as objects. `problems.problems` says what is wrong with it; this raises KeyError and the like."""
    data = modern(data)
    steps: dict[str, Step] = {}
    limits = {row["code"]: _limit(row) for row in data.get("limits", ())}
    for row in data["steps"]:
        steps[row["code"]] = _step(row)
        if row.get("limit"):
            own = {"label": row["label"], "starts": f"step:{row['code']}", "until": f"step:{row['code']}"}
            clause = row["limit"].get("clause") or row.get("clause", "")
            limits[row["code"]] = _limit(own | row["limit"] | {"code": row["code"], "clause": clause})
    again = data.get("again") or {}
    scheme = data.get("scores") or {}
    return Flow(
        steps=steps, first=data["first"], limits=limits, again_to=again.get("to", ""), again_at_most=again.get("at_most", 0),
        again_then=again.get("then", ""), open_by=tuple(data.get("open_by", ())), entries=data.get("entries", {}),
        scores=tuple(Score(**s) for s in scheme.get("rows", ())), scores_on=bool(scheme.get("on")),
        confidential=bool(data.get("confidential")), way=data.get("way", ""),
    )  # fmt: skip


def _limit(row: Mapping[str, Any]) -> Limit:
    return Limit(
        code=row["code"], label=row["label"], amount=int(row.get("amount", 0)), calendar=row.get("calendar", ""),
        starts=row["starts"], until=row["until"], ladder=tuple(rung(r) for r in row["ladder"]),
        clause=row.get("clause", ""), by_kind=bool(row.get("by_kind")),
    )  # fmt: skip


def _step(row: Mapping[str, Any]) -> Step:
    outcomes = tuple(
        Outcome(**{**o, "needs": frozenset(o.get("needs", ("words",))), "within": tuple(o.get("within", ()))})
        for o in row.get("outcomes", ())
    )
    return Step(
        code=row["code"], label=row["label"], type=row["type"], who=row.get("who", "same"), outcomes=outcomes,
        clause=row.get("clause", ""), roles=tuple(row.get("roles", ())), cap=int(row.get("cap", 0)),
        days=int(row.get("days", 0)), ending=row.get("ending", ""), pauses=bool(row.get("pauses", row["type"] == WAIT)),
        matrix=tuple(tuple(line) for line in row.get("matrix", ())),
    )  # fmt: skip


def plain(flow: Flow) -> dict[str, Any]:
    """The stored form of a flow, the inverse of `parse`: parse(plain(flow)) == flow."""
    own = {x.code: x for x in flow.limits.values() if x.code in flow.steps}
    return {
        "first": flow.first, "open_by": list(flow.open_by), "entries": dict(flow.entries),
        "confidential": flow.confidential, "way": flow.way,
        "limits": [
            _plain_limit(x) | {"code": x.code, "label": x.label, "starts": x.starts, "until": x.until}
            for x in flow.limits.values() if x.code not in own
        ],
        "steps": [_plain_step(s) | ({"limit": _plain_limit(own[s.code])} if s.code in own else {}) for s in flow.steps.values()],
        "again": {"to": flow.again_to, "at_most": flow.again_at_most, "then": flow.again_then},
        "scores": {"on": flow.scores_on, "rows": [_plain_score(s) for s in flow.scores]},
    }  # fmt: skip


def _plain_score(score: Score) -> dict[str, Any]:
    return {"on": score.on, "points": score.points, "clause": score.clause} | ({"to": score.to} if score.to else {})


def _plain_limit(limit: Limit) -> dict[str, Any]:
    return {
        "amount": limit.amount, "calendar": limit.calendar, "by_kind": limit.by_kind, "clause": limit.clause, "ladder": limit.rows(),
    }  # fmt: skip


def _plain_step(step: Step) -> dict[str, Any]:
    return {
        "code": step.code, "label": step.label, "type": step.type, "who": step.who, "clause": step.clause, "roles": list(step.roles),
        "cap": step.cap, "days": step.days, "ending": step.ending, "pauses": step.pauses, "matrix": [list(x) for x in step.matrix],
        "outcomes": [
            {"code": o.code, "label": o.label, "to": o.to, "needs": sorted(o.needs), "told": o.told, "result": o.result,
             "second": o.second, "within": list(o.within), "ending": o.ending, "children": o.children, "shows": o.shows}
            for o in step.outcomes
        ],
    }  # fmt: skip


def modern(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first form of procedures ({"answer": …, "solve": …}) as this one's, so that old orders keep theirs."""
    if "steps" in data:
        return data
    answer, solve = data["answer"], data["solve"]
    done = {"to": "rate", "told": True}
    return {
        "first": "work",
        "limits": [
            {"code": ANSWER, "label": "答复", "amount": answer["minutes"], "calendar": answer["calendar"], "starts": "open",
             "until": "answer", "ladder": answer["ladder"]},
            {"code": SOLVE, "label": "办结", "by_kind": True, "starts": "open", "until": "handle", "ladder": solve["ladder"]},
        ],
        "steps": [
            {"code": "work", "label": "办理", "type": TASK, "who": "place", "outcomes": [
                {"code": "done", "label": "办好了", "ending": "done", **done},
                {"code": "no", "label": "办不了，如实说明", "ending": "no", **done},
                {"code": "not_ours", "label": "归别的单位管", "ending": "not_ours", **done},
            ]},
            {"code": "rate", "label": "评价", "type": RATE, "days": data["rate_days"], "outcomes": [
                {"code": "over", "label": "结束", "to": "end", "needs": []}]},
            {"code": "review", "label": "复核", "type": REVIEW, "who": "other_body", "outcomes": [
                {"code": "final", "label": "最终答复", "to": "reviewed", "told": True, "ending": "reviewed"}]},
            {"code": "reviewed", "label": "复核终结", "type": END, "ending": "reviewed"},
            {"code": "end", "label": "结束", "type": END},
        ],
        "again": {"to": "work", "at_most": data["reopen_at_most"], "then": "review"},
    }  # fmt: skip

