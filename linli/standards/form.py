"""A procedure as fields of a form and back. No JSON, code or expression: words, numbers, ticks and choices.

Fields are `s-<step>-…`, `l-<limit>-…` and a few plain names; hidden `step`, `limit`, `…-out`, `…-rung` give the rows in
their order. `read(form_of(text)) == text` for every procedure, so that editing changes only what was changed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from linli.kernel.errors import BadInput
from linli.kernel.roles import Role
from linli.standards.flow import (
    ASSESS,
    BY_PEOPLE,
    CLAIM,
    END,
    MOST,
    RATE,
    TASK,
    Limit,
    Outcome,
    Step,
    parse,
    plain,
)
from linli.standards.parts import END as AN_END
from linli.standards.parts import HOUR, LADDER, out, over, rate, review, step
from linli.standards.problems import Problem

Values = dict[str, list[str]]
BY_KIND = "kind"
#: minutes (or days) of one unit, by the kind of its calendar, the greatest first
SIZES = {"clock": (1440, 60, 1), "hours": (60, 1), "days": (1,)}
USUAL_UNIT = "hours/60"
USUAL_LADDER: list[list[Any]] = [[80, "responsible"], [100, "community_head"]]
MOST_ROWS = 16
_ROLES = {r.value: n for n, r in enumerate(Role)}
_CODE = re.compile(r"[A-Za-z0-9_]{1,24}")


def new() -> dict[str, Any]:
    """What an empty form begins with: one step, answered in two hours, rated, reopened twice, reviewed, over."""
    done = out("done", "办好了", "rate", told=True, ending="done")
    data = {
        "first": "s1",
        "open_by": ["grid_worker", "line_worker", "grid_manager", "community_head", "front_desk", "duty_officer", "street_section", "centre"],
        "limits": [over("answer", "答复", "open", "answer", amount=2 * HOUR, calendar="clock", ladder=LADDER)],
        "steps": [step("s1", "办理", TASK, done, who="place"), rate(), *review(), AN_END],
        "again": {"to": "s1", "at_most": 2, "then": "review"},
    }  # fmt: skip
    return plain(parse(data)) | {"kind": {"label": "", "category": "welfare"}}


# -- data → form ---------------------------------------------------------------------------------------------------


def form_of(name: str, clause_code: str, data: Mapping[str, Any], calendars: Mapping[str, str]) -> Values:
    """The fields of a procedure as a browser would send them. `calendars`: code → kind."""
    flow = parse(data)
    form = _Fields(calendars)
    form.put("name", name)
    form.put("clause", clause_code)
    if kind := data.get("kind"):
        form.put("kind-category", kind.get("category", ""))
    form.put("first", flow.first)
    form.put("again-to", flow.again_to)
    form.put("again-most", flow.again_at_most or "")
    form.put("again-then", flow.again_then)
    form.put("open-by", *in_order(flow.open_by))
    form.put("way", flow.way)
    form.tick("confidential", flow.confidential)
    form.tick("scores-on", flow.scores_on)
    form.put("entry", *range(len(flow.entries)))
    for n, (role, code) in enumerate(flow.entries.items()):
        form.put(f"entry-{n}-role", role)
        form.put(f"entry-{n}-step", code)
    form.put("score", *range(len(flow.scores)))
    for n, score in enumerate(flow.scores):
        form.put(f"score-{n}-on", score.on)
        form.put(f"score-{n}-points", score.points)
        form.put(f"score-{n}-clause", score.clause)
        form.put(f"score-{n}-to", score.to)
    form.put("step", *flow.steps)
    for s in flow.steps.values():
        form.step(s, flow.limits.get(s.code))
    own = [x for x in flow.limits.values() if x.code not in flow.steps]
    form.put("limit", *(x.code for x in own))
    for x in own:
        form.limit(f"l-{x.code}", x)
        form.put(f"l-{x.code}-label", x.label)
        form.put(f"l-{x.code}-starts", x.starts)
        form.put(f"l-{x.code}-until", x.until)
    return form.values


def in_order(roles: Iterable[str]) -> list[str]:
    """Roles in the order of their list, as the page shows them; unknown ones last."""
    return sorted(roles, key=lambda r: (_ROLES.get(r, len(_ROLES)), r))


class _Fields:
    def __init__(self, calendars: Mapping[str, str]):
        self.values: Values = {}
        self.calendars = calendars

    def put(self, key: str, *values: Any) -> None:
        self.values[key] = [str(v) for v in values]

    def tick(self, key: str, on: bool) -> None:
        self.put(key, *(["1"] if on else []))

    def step(self, s: Step, limit: Limit | None) -> None:
        at = f"s-{s.code}"
        for name in ("label", "type", "who", "clause", "ending"):
            self.put(f"{at}-{name}", getattr(s, name))
        self.put(f"{at}-roles", *in_order(s.roles))
        self.put(f"{at}-cap", s.cap or "")
        self.put(f"{at}-days", s.days or "")
        self.tick(f"{at}-pauses", s.pauses)
        for i in range(3):
            for j in range(3):
                self.put(f"{at}-m{i}{j}", s.matrix[i][j] if len(s.matrix) == 3 and len(s.matrix[i]) == 3 else "")
        self.limit(at, limit)
        self.put(f"{at}-out", *(o.code for o in s.outcomes))
        for o in s.outcomes:
            self.outcome(f"{at}-o-{o.code}", o)

    def limit(self, at: str, limit: Limit | None) -> None:
        if limit is None:
            amount, unit, ladder = "", USUAL_UNIT, USUAL_LADDER
        elif limit.by_kind:
            amount, unit, ladder = str(limit.amount or ""), BY_KIND, limit.rows()
        else:
            amount, unit = self.amount(limit.amount, limit.calendar)
            ladder = limit.rows()
        self.put(f"{at}-amount", amount)
        self.put(f"{at}-unit", unit)
        self.put(f"{at}-limit-clause", limit.clause if limit else "")
        self.ladder(at, ladder)

    def ladder(self, at: str, ladder: list[list[Any]]) -> None:
        self.put(f"{at}-rung", *range(len(ladder)))
        for n, row in enumerate(ladder):
            given: list[Any] = [*row, *("", "", "remind", "")[len(row) :]]
            percent, whom, act, outcome = given
            for name, value in (("percent", percent), ("whom", whom), ("act", act), ("outcome", outcome)):
                self.put(f"{at}-r{n}-{name}", value)

    def amount(self, amount: int, calendar: str) -> tuple[str, str]:
        size = next((x for x in SIZES.get(self.calendars.get(calendar, ""), ()) if amount and amount % x == 0), 1)
        return str(amount // size), f"{calendar}/{size}"

    def outcome(self, at: str, o: Outcome) -> None:
        self.put(f"{at}-label", o.label)
        self.put(f"{at}-to", o.to)
        self.put(f"{at}-ending", o.ending)
        self.put(f"{at}-needs", *sorted(o.needs))
        for name in ("told", "result", "second", "children", "shows"):
            self.tick(f"{at}-{name}", getattr(o, name))
        within, unit = self.amount(*o.within) if o.within else ("", USUAL_UNIT)
        self.put(f"{at}-within", within)
        self.put(f"{at}-within-unit", unit)


# -- form → data ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Read:
    """What a form says, and what in it could not be read (said beside its field; nothing is guessed)."""

    name: str
    clause_code: str
    data: dict[str, Any]
    mistakes: list[Problem] = field(default_factory=list)


def read(values: Mapping[str, list[str]]) -> Read:
    """The procedure that the fields say. Raises BadInput for rows that no form of ours sends."""
    reader = _Reader(values)
    data = reader.data()
    return Read(" ".join(reader.one("name").split()), reader.one("clause"), data, reader.mistakes)


class _Reader:
    def __init__(self, values: Mapping[str, list[str]]):
        self.values = values
        self.mistakes: list[Problem] = []

    def one(self, key: str) -> str:
        return next(iter(self.values.get(key, ())), "").strip()

    def many(self, key: str) -> list[str]:
        return [v.strip() for v in self.values.get(key, ())]

    def on(self, key: str) -> bool:
        return bool(self.one(key))

    def codes(self, key: str, most: int) -> list[str]:
        found = self.many(key)
        if len(found) > most:
            raise BadInput(f"太多了，最多 {most} 行。", "too_many_rows")
        if len(set(found)) != len(found) or any(not _CODE.fullmatch(c) for c in found):
            raise BadInput("表单不完整，请刷新后再填。", "bad_rows")
        return found

    def wrong(self, where: str, text: str, field_: str) -> None:
        self.mistakes.append(Problem(where, text, field_))

    def number(self, key: str, where: str, field_: str) -> int:
        text = self.one(key)
        if not text:
            return 0
        try:
            return int(text)
        except ValueError:
            self.wrong(where, f"“{text[:12]}”不是整数，请填数字，比如 4。", field_)
            return 0

    def amount(self, key: str, unit: str, where: str, field_: str) -> tuple[int, str]:
        """(minutes or days, calendar) of so many units."""
        calendar, _, size = unit.rpartition("/")
        text = self.one(key)
        try:
            amount = float(text or 0) * int(size or 1)
        except ValueError:
            amount = -0.5
        if amount < 0 or amount != int(amount) or amount > 10**7:
            self.wrong(where, f"“{text[:12]}”读不懂，请填数字，比如 4。", field_)
            return 0, calendar
        return int(amount), calendar

    def data(self) -> dict[str, Any]:
        again = {"to": self.one("again-to"), "at_most": self.number("again-most", "", "again"), "then": self.one("again-then")}
        scores = [self.score(n) for n in self.codes("score", MOST)]
        raw: dict[str, Any] = {
            "first": self.one("first"), "open_by": in_order(self.many("open-by")), "way": self.one("way"),
            "confidential": self.on("confidential"), "again": again,
            "entries": {self.one(f"entry-{n}-role"): self.one(f"entry-{n}-step") for n in self.codes("entry", MOST_ROWS) if self.one(f"entry-{n}-role")},
            "scores": {"on": bool(scores) and self.on("scores-on"), "rows": scores},
            "steps": [self.step(c) for c in self.codes("step", MOST)],
            "limits": [self.whole_limit(c) for c in self.codes("limit", MOST_ROWS)],
        }  # fmt: skip
        found = plain(parse(raw))
        if "kind-category" in self.values:
            found["kind"] = {"label": " ".join(self.one("name").split())[:16], "category": self.one("kind-category")}
        return found

    def score(self, n: str) -> dict[str, Any]:
        points = self.number(f"score-{n}-points", "", "scores")
        return {"on": self.one(f"score-{n}-on"), "points": points, "clause": self.one(f"score-{n}-clause"), "to": self.one(f"score-{n}-to")}

    def step(self, code: str) -> dict[str, Any]:
        at = f"s-{code}"
        type_ = self.one(f"{at}-type")
        row: dict[str, Any] = {"code": code, "label": self.one(f"{at}-label")[:24], "type": type_, "clause": self.one(f"{at}-clause")}
        if type_ in BY_PEOPLE:
            row |= {"who": self.one(f"{at}-who"), "pauses": self.on(f"{at}-pauses")}
        if type_ == CLAIM:
            row |= {"roles": in_order(self.many(f"{at}-roles")), "cap": self.number(f"{at}-cap", code, "roles")}
        if type_ == RATE:
            row["days"] = self.number(f"{at}-days", code, "days")
        if type_ == ASSESS:
            row["matrix"] = self.matrix(at)
        if type_ == END:
            return row | {"ending": self.one(f"{at}-ending")}
        row["outcomes"] = [self.outcome(code, c) for c in self.codes(f"{at}-out", MOST_ROWS)]
        if type_ != RATE and (limit := self.limit(at, code)):
            row["limit"] = limit
        return row

    def matrix(self, at: str) -> list[list[int]]:
        rows = [[self.one(f"{at}-m{i}{j}") for j in range(3)] for i in range(3)]
        return [[int(x) for x in line] for line in rows] if all(x in ("1", "2", "3") for line in rows for x in line) else []

    def outcome(self, step_code: str, code: str) -> dict[str, Any]:
        at = f"s-{step_code}-o-{code}"
        row = {
            "code": code, "label": self.one(f"{at}-label")[:32], "to": self.one(f"{at}-to"), "needs": self.many(f"{at}-needs"),
            "ending": self.one(f"{at}-ending"), **{n: self.on(f"{at}-{n}") for n in ("told", "result", "second", "children", "shows")},
        }  # fmt: skip
        if self.one(f"{at}-within"):
            row["within"] = self.amount(f"{at}-within", self.one(f"{at}-within-unit"), step_code, f"out:{code}")
        return row

    def limit(self, at: str, where: str) -> dict[str, Any] | None:
        """None where no amount is given: the step has no limit of its own."""
        unit = self.one(f"{at}-unit")
        if unit != BY_KIND and not self.one(f"{at}-amount"):
            return None
        amount, calendar = (0, "") if unit == BY_KIND else self.amount(f"{at}-amount", unit, where, "limit")
        ladder = [self.rung(at, n, where) for n in self.codes(f"{at}-rung", MOST_ROWS)]
        return {
            "amount": amount, "calendar": calendar, "by_kind": unit == BY_KIND, "clause": self.one(f"{at}-limit-clause"),
            "ladder": sorted(ladder, key=lambda r: r[0]),
        }  # fmt: skip

    def rung(self, at: str, n: str, where: str) -> list[Any]:
        percent = self.number(f"{at}-r{n}-percent", where, "ladder")
        act = self.one(f"{at}-r{n}-act")
        return [percent, self.one(f"{at}-r{n}-whom"), act, self.one(f"{at}-r{n}-outcome") if act == "pass" else ""]

    def whole_limit(self, code: str) -> dict[str, Any]:
        at = f"l-{code}"
        nothing = {"amount": 0, "calendar": "", "ladder": []}
        about = {"code": code, "label": self.one(f"{at}-label")[:16], "starts": self.one(f"{at}-starts"), "until": self.one(f"{at}-until")}
        return (self.limit(at, code) or nothing) | about


# -- rows come and go ----------------------------------------------------------------------------------------------


def edit(values: Mapping[str, list[str]], do: str) -> Values:
    """The form after a button: "add_step", "remove_step:<step>", "add_outcome:<step>", "remove_outcome:<step>:<outcome>",
    "add_rung:<s-step or l-limit>", "remove_rung:<…>:<n>", "add_limit", "remove_limit:<limit>", the same for "score" and "entry". Others change nothing."""
    form = {k: list(v) for k, v in values.items()}
    verb, _, rest = do.partition(":")
    where, _, what = rest.rpartition(":")
    if verb == "add_step" and len(form.get("step", [])) < MOST:
        _add_step(form)
    elif verb == "remove_step":
        form["step"] = _without(form, "step", rest)
    elif verb == "add_outcome":
        code = _fresh("o", form.get(f"s-{rest}-out", []))
        form.setdefault(f"s-{rest}-out", []).append(code)
        form |= {f"s-{rest}-o-{code}-needs": ["words"], f"s-{rest}-o-{code}-within-unit": [USUAL_UNIT]}
    elif verb == "remove_outcome":
        form[f"s-{where}-out"] = _without(form, f"s-{where}-out", what)
    elif verb == "add_rung":
        _add_rung(form, rest)
    elif verb == "remove_rung":
        form[f"{where}-rung"] = _without(form, f"{where}-rung", what)
    elif verb == "add_limit":
        code = _fresh("l", form.get("limit", []))
        form.setdefault("limit", []).append(code)
        fields = _Fields({})
        fields.limit(f"l-{code}", None)
        form |= fields.values | {f"l-{code}-starts": ["open"], f"l-{code}-until": ["handle"]}
    elif verb in ("add_score", "add_entry"):
        rows = form.setdefault(verb[4:], [])
        rows.append(str(next(n for n in range(1000) if str(n) not in rows)))
    elif verb in ("remove_limit", "remove_score", "remove_entry"):
        form[verb[7:]] = _without(form, verb[7:], rest)
    return form


def _without(form: Values, key: str, value: str) -> list[str]:
    return [v for v in form.get(key, []) if v != value]


def _fresh(letter: str, used: Iterable[str]) -> str:
    taken = set(used)
    return next(f"{letter}{n}" for n in range(1, 1000) if f"{letter}{n}" not in taken)


def _add_step(form: Values) -> None:
    """Before the rating and the ends; its first outcome leads where the work usually goes on."""
    codes = form.setdefault("step", [])
    types = {c: next(iter(form.get(f"s-{c}-type", [])), "") for c in codes}
    code = _fresh("s", codes)
    to = next((c for c in codes if types[c] in (RATE, END)), "")
    fields = _Fields({})
    fields.step(Step(code, "", TASK, "place", (Outcome("done", "办好了", to, told=True, ending="done"),)), None)
    form |= fields.values
    codes.insert(codes.index(to) if to else len(codes), code)


def _add_rung(form: Values, at: str) -> None:
    rows = form.setdefault(f"{at}-rung", [])
    last = max((int(p) for n in rows for p in form.get(f"{at}-r{n}-percent", []) if p.isdecimal()), default=50)
    n = str(next(i for i in range(1000) if str(i) not in rows))
    rows.append(n)
    form |= {f"{at}-r{n}-percent": [str(max(100, last + 50) if last >= 80 else 80)], f"{at}-r{n}-whom": ["street"], f"{at}-r{n}-act": ["remind"]}
