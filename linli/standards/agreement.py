"""Do the procedures keep to the clauses that they name? No Django: flows and clauses in, differences out.

A limit agrees when its clause holds a limit of the same length on the same calendar; the bound of an outcome when some
clause of the same standard does; a score when its clause holds the same points. Limits by the matter's kind have none here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from linli.standards.documents import CALENDARS, LIMIT, SCORE, ClauseText, Value
from linli.standards.flow import Flow

Find = Callable[[str], ClauseText | None]
WORDS = {"clock": "分钟", "hours": "个工作分钟", "days": "个工作日"}


@dataclass(frozen=True, slots=True)
class Citation:
    """One place where a procedure names a clause: `label` of the step or limit, what it says there ("" only the name), and
    whether the clause says the same. `missing`: there is no such clause in force."""

    clause: str
    label: str
    says: str = ""
    agrees: bool = True
    missing: bool = False


def said(amount: float, calendar: str) -> str:
    """2 小时, 90 天, 7 个工作小时, 5 个工作日"""
    if calendar == "clock" and amount % 1440 == 0 and amount > 2880:
        return f"{amount / 1440:g} 天"
    if calendar in ("clock", "hours") and amount % 60 == 0:
        return f"{amount / 60:g} {'小时' if calendar == 'clock' else '个工作小时'}"
    return f"{amount:g} {WORDS.get(calendar, CALENDARS.get(calendar, calendar))}"


def citations(flow: Flow, find: Find, documents: Callable[[str], list[ClauseText]]) -> list[Citation]:
    """All places of a procedure that name a clause. `find` gives a clause by its code, `documents` all clauses of a standard."""
    found = [Citation(c.clause, c.label, c.says, c.agrees, find(c.clause) is None) for c in _all(flow, find, documents)]
    return list(dict.fromkeys(found))


def _all(flow: Flow, find: Find, documents: Callable[[str], list[ClauseText]]) -> Iterator[Citation]:
    for step in flow.steps.values():
        if step.clause:
            yield Citation(step.clause, step.label)
        for outcome in step.outcomes:
            if outcome.within and step.clause:
                amount, calendar = outcome.within
                rows = [v for c in documents(step.clause.partition("-")[0]) for v in c.values]
                yield Citation(step.clause, f"{step.label}：{outcome.label}", said(amount, calendar), _has(rows, amount, calendar))
    for limit in flow.limits.values():
        if limit.clause and limit.by_kind:
            yield Citation(limit.clause, limit.label, "按事项种类")
        elif limit.clause:
            yield Citation(
                limit.clause, limit.label, said(limit.amount, limit.calendar), _has(_values(find, limit.clause), limit.amount, limit.calendar)
            )
    for score in flow.scores:
        if score.clause:
            points = [v.amount for v in _values(find, score.clause) if v.kind == SCORE]
            yield Citation(score.clause, "计分", f"{score.points:g} 分", score.points in points)


def _values(find: Find, code: str) -> tuple[Value, ...]:
    clause = find(code)
    return clause.values if clause else ()


def _has(rows: list[Value] | tuple[Value, ...], amount: float, calendar: str) -> bool:
    return any(v.kind == LIMIT and v.span == (amount, calendar) for v in rows)
