"""The parts that the procedures of `procedures` are written with, as the data they are stored as: outcomes, steps, limits, and the steps
that many of them end with."""

from typing import Any

Data = dict[str, Any]
HOUR = 60
DAY = 24 * HOUR
#: an office day of 7 working hours (9:00–12:00, 13:30–17:30)
OFFICE_DAY = 7 * HOUR
FREE = ""

LADDER = [[80, "holder"], [100, "community_head"], [150, "street"]]
#: a complaint of the community's people is none of its head's business
LADDER_UP = [[80, "responsible"], [100, "street"], [150, "street"]]
SECTION = [[80, "responsible"], [100, "street"], [150, "centre"]]
DISTRICT = [[80, "responsible"], [100, "district"], [150, "district"]]


def out(code: str, label: str, to: str, *needs: str, **more: Any) -> Data:
    """One outcome; words are needed unless said otherwise (FREE: nothing is)."""
    return {"code": code, "label": label, "to": to, "needs": [n for n in needs or ("words",) if n], **more}


def step(code: str, label: str, type_: str, *outcomes: Data, **more: Any) -> Data:
    """One step."""
    return {"code": code, "label": label, "type": type_, "outcomes": list(outcomes), **more}


def limit(amount: int, calendar: str, ladder: list, clause: str = "", **more: Any) -> Data:
    """A step's own limit."""
    return {"amount": amount, "calendar": calendar, "ladder": ladder, "clause": clause, **more}


def over(code: str, label: str, starts: str, until: str, *, ladder: list, amount: int = 0, calendar: str = "", clause: str = "") -> Data:
    """A limit over several steps; without an amount that of the matter's kind."""
    return {
        "code": code, "label": label, "starts": starts, "until": until, "amount": amount, "calendar": calendar,
        "by_kind": not amount, "ladder": ladder, "clause": clause,
    }  # fmt: skip


END = {"code": "end", "label": "结束", "type": "end", "outcomes": []}
UNTRUE = {"code": "untrue", "label": "不属实", "type": "end", "ending": "void", "outcomes": []}
AGAIN = {"to": "work", "at_most": 2, "then": "review"}


def rate(days: int = 7) -> Data:
    """The voices rate; who says nothing is counted as unrated."""
    return step("rate", "评价", "rate", out("over", "结束", "end", FREE), days=days)


def results(to: str = "rate", **more: Any) -> list[Data]:
    """Done, an honest no, not ours."""
    return [
        out("done", "办好了", to, told=True, ending="done", **more),
        out("no", "办不了，如实说明", to, told=True, ending="no", **more),
        out("not_ours", "归别的单位管", to, told=True, ending="not_ours", **more),
    ]


def review() -> list[Data]:
    """After two reopenings another body looks at it; its letter is final (投诉处理规范 5.4)."""
    own = limit(5, "days", SECTION, "TSCL-5.5")
    final = out("final", "最终答复", "reviewed", told=True, ending="reviewed")
    return [
        step("review", "另一单位复核", "review", final, who="other_body", limit=own, clause="TSCL-5.5"),
        {"code": "reviewed", "label": "复核终结", "type": "end", "ending": "reviewed", "outcomes": []},
    ]
