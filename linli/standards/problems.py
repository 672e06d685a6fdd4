"""What is wrong with a procedure, in plain Chinese, and what it would do if nobody acted (the dry run)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.calendars.worktime import WorkTime
from linli.kernel.roles import Role
from linli.standards.flow import (
    ACTS,
    ASSESS,
    BROKEN,
    CLAIM,
    DISPATCH,
    END,
    FROM,
    NEEDS,
    PASS,
    RATE,
    REVIEW,
    TAKE_BACK,
    TYPES,
    UNTIL,
    WAIT,
    WHO,
    WHOM,
    Flow,
    Limit,
    Rung,
    Step,
    parse,
)

LONGEST = 1000  # steps of a dry run, so that a circle ends


@dataclass(frozen=True, slots=True)
class Problem:
    """`where`: the step or limit (its code, "" the whole); `text`: what is wrong and what to do."""

    where: str
    text: str


def problems(data: Mapping[str, Any], calendars: Mapping[str, str]) -> list[Problem]:
    """All that keeps a procedure from coming into force; [] when nothing does. `calendars`: code → kind of calendar."""
    try:
        flow = parse(data)
    except BROKEN as exc:
        return [Problem("", f"这份流程读不出来，请检查步骤和时限是否填全（{type(exc).__name__}）。")]
    found: list[Problem] = []
    codes = [row.get("code", "") for row in data.get("steps", ())]
    found += [Problem(c, "有两个步骤用了同一个编号。") for c in sorted({c for c in codes if codes.count(c) > 1})]
    if flow.first not in flow.steps:
        return [*found, Problem("", "请选从哪一步开始。")]
    for step in flow.steps.values():
        found += _of_step(flow, step)
    for limit in flow.limits.values():
        found += _of_limit(flow, limit, calendars)
    if any(p.text.startswith("去向") for p in found):
        return found
    return [*found, *_of_shape(flow)]


def _of_step(flow: Flow, step: Step) -> list[Problem]:
    found = []

    def wrong(text: str) -> None:
        found.append(Problem(step.code, text))

    if step.type not in TYPES:
        wrong("步骤的类型不对。")
    if step.who not in WHO and step.type not in (CLAIM, RATE, END):
        wrong("请选由谁来办这一步。")
    if step.type == CLAIM and not step.roles:
        wrong("请选哪些人可以领办。")
    if any(r not in set(Role) for r in step.roles):
        wrong("领办的角色里有不认识的。")
    if step.type == CLAIM and len(step.outcomes) != 1:
        wrong("领办这一步只有一个去向：领办之后到哪一步。")
    if step.type == CLAIM:
        own = flow.limits.get(step.code)
        if own is None or not any(r.act == DISPATCH for r in own.ladder):
            wrong("没人领办怎么办？请给领办定一个时限，到时指派给谁。")
    if step.type == RATE and not 1 <= step.days <= 60:
        wrong("评价的期限请填 1 到 60 天。")
    if step.type != END and not step.outcomes:
        wrong("这一步没有去向，事情到这里就停住了。")
    if step.type == END and step.outcomes:
        wrong("结束之后不能再有去向。")
    if step.type == ASSESS:
        levels = {n for line in step.matrix for n in line}
        if len(step.matrix) != 3 or any(len(line) != 3 for line in step.matrix):
            wrong("定级要填满三行三列的对照表。")
        elif any(step.outcome(f"level{n}") is None for n in levels):
            wrong("对照表里的每一级都要有去向。")
    for outcome in step.outcomes:
        if outcome.to not in flow.steps:
            wrong(f"去向“{outcome.label}”没有选到哪一步。")
        if set(outcome.needs) - set(NEEDS):
            wrong(f"“{outcome.label}”要填的东西里有不认识的。")
        if outcome.to in flow.steps and flow.steps[outcome.to].type == WAIT and outcome.to not in flow.limits and "date" not in outcome.needs:
            wrong(f"“{outcome.label}”之后要等，请要求填下一个日期。")
        if outcome.to in flow.steps and flow.steps[outcome.to].who == "named" and "person" not in outcome.needs:
            wrong(f"“{outcome.label}”之后由指定的人办，请要求选人。")
    labels = [o.code for o in step.outcomes]
    if len(labels) != len(set(labels)):
        wrong("有两个去向用了同一个编号。")
    return found


def _of_limit(flow: Flow, limit: Limit, calendars: Mapping[str, str]) -> list[Problem]:
    found = []

    def wrong(text: str) -> None:
        found.append(Problem(limit.code, text))

    if not limit.by_kind:
        if limit.amount <= 0:
            wrong(f"“{limit.label}”的时限要大于 0。")
        if not limit.calendar:
            wrong(f"“{limit.label}”有时限，请选按哪个日历算。")
        elif limit.calendar not in calendars:
            wrong(f"没有“{limit.calendar}”这个日历，请先到工作日历里建好。")
    for what, moment, known in (("从", limit.starts, FROM), ("到", limit.until, UNTIL)):
        if moment not in known and moment.removeprefix("step:") not in flow.steps:
            wrong(f"“{limit.label}”{what}什么时候算，请选一个。")
    if not limit.ladder:
        wrong(f"“{limit.label}”到时没有人知道，请至少填一级提醒。")
    percents = [r.percent for r in limit.ladder]
    if percents != sorted(percents) or any(not 1 <= p <= 1000 for p in percents):
        wrong(f"“{limit.label}”的百分比要从小到大，在 1 到 1000 之间。")
    for rung in limit.ladder:
        found += [Problem(limit.code, text) for text in _of_rung(flow, limit, rung)]
    return found


def _of_rung(flow: Flow, limit: Limit, rung: Rung) -> list[str]:
    found = []
    if rung.act not in ACTS:
        found.append(f"“{limit.label}”到 {rung.percent}% 做什么，请选一个。")
    if rung.whom not in WHOM:
        found.append(f"“{limit.label}”到 {rung.percent}% 告诉谁，请选一个。")
    step = flow.steps.get(limit.code)
    if rung.act == DISPATCH and (step is None or step.type != CLAIM):
        found.append(f"“{limit.label}”：只有领办这一步可以到时指派。")
    if rung.act == PASS:
        out = step.outcome(rung.outcome) if step else None
        if out is None:
            found.append(f"“{limit.label}”到 {rung.percent}% 自动转入下一步，请选从哪个去向走。")
    return found


def _of_shape(flow: Flow) -> list[Problem]:
    """No dead step, and from each step a way to an end."""
    found = []
    ways: dict[str, set[str]] = {code: {o.to for o in step.outcomes} for code, step in flow.steps.items()}
    for limit in flow.limits.values():
        for rung in limit.ladder:
            if rung.act == TAKE_BACK:
                claim = next((c for c, s in flow.steps.items() if s.type == CLAIM), "")
                if not claim:
                    found.append(Problem(limit.code, f"“{limit.label}”要收回重新领办，流程里却没有领办这一步。"))
    for target, what in ((flow.again_to, "重办"), (flow.again_then, "再不行")):
        if target and target not in flow.steps:
            found.append(Problem("", f"{what}之后到哪一步，请选一个。"))
            return found
    if any(s.type == RATE for s in flow.steps.values()):
        last = flow.steps.get(flow.again_then)
        if not flow.again_to:
            # Without a way back 没解决 would be heard by nobody.
            found.append(Problem("", "有评价就要有重办：说没解决的，回到哪一步？"))
        elif last is None or last.type != REVIEW or any(flow.steps[o.to].type != END for o in last.outcomes):
            found.append(Problem("", "重办几次还不行，要由另一单位复核，复核之后就结束；请选复核那一步。"))
    seeds = {flow.first, *flow.entries.values(), *(t for t in (flow.again_to, flow.again_then) if t)}
    reached = _closure(seeds, ways)
    found += [Problem(c, f"步骤“{s.label}”走不到，请删掉或接上。") for c, s in flow.steps.items() if c not in reached]
    back: dict[str, set[str]] = {code: set() for code in flow.steps}
    for code, targets in ways.items():
        for target in targets:
            back[target].add(code)
    ends = {c for c, s in flow.steps.items() if s.type == END}
    finishing = _closure(ends, back)
    found += [
        Problem(c, f"步骤“{s.label}”走不到结束。") for c, s in flow.steps.items() if c in reached and c not in finishing
    ]
    for code, step in flow.steps.items():
        if step.type in (END, RATE, WAIT) or code in flow.limits or code not in reached:
            continue
        if not any(_runs_through(flow, limit, code) for limit in flow.limits.values()):
            found.append(Problem(code, f"步骤“{step.label}”没有时限，也没有经过它的时限，会没人过问。"))
    return found


def _runs_through(flow: Flow, limit: Limit, code: str) -> bool:
    """Does the limit run while an order is at the step? Near enough: it starts at or before it and ends by a deed."""
    if limit.starts == f"step:{code}" or limit.until == f"step:{code}":
        return True
    return limit.starts in FROM and (limit.until in ("handle", "answer") or limit.until.startswith("step:"))


def _closure(seeds: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    seen, todo = set(seeds), list(seeds)
    while todo:
        for target in ways.get(todo.pop(), ()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a dry run."""

    at: datetime
    step: str
    text: str
    light: str = ""


def dry_run(
    flow: Flow, start: datetime, worktime: Callable[[str], WorkTime], *, kind_limit: tuple[int, str],
    moves: Mapping[datetime, str] | None = None, wait_days: int = 7,
) -> list[Happening]:  # fmt: skip
    """What happens to an order opened at `start` if nobody does anything but `moves` (moment → outcome).

    `worktime` gives a calendar by its code, `kind_limit` the kind's own (amount, calendar). Steps that wait for a date
    get one after `wait_days`. Ends when nothing is due any more.
    """
    run = _Run(flow, worktime, kind_limit, wait_days)
    run.enter(flow.first, start)
    for limit in flow.starting("open"):
        run.begin(limit, start)
    given = sorted((moves or {}).items())
    for _ in range(LONGEST):
        due = run.next_due()
        if given and (due is None or given[0][0] <= due[0]):
            at, outcome = given.pop(0)
            run.move(at, outcome)
        elif due is not None:
            run.fire(due)
        else:
            break
        if run.over:
            break
    return run.lines


class _Run:
    def __init__(self, flow: Flow, worktime: Callable[[str], WorkTime], kind_limit: tuple[int, str], wait_days: int):
        self.flow, self.worktime, self.kind_limit, self.wait_days = flow, worktime, kind_limit, wait_days
        self.lines: list[Happening] = []
        self.running: dict[str, tuple[Limit, list[tuple[datetime, Rung]]]] = {}
        self.step = flow.first
        self.over = False

    def say(self, at: datetime, text: str, light: str = "") -> None:
        self.lines.append(Happening(at, self.step, text, light))

    def begin(self, limit: Limit, at: datetime) -> None:
        amount, calendar = self.kind_limit if limit.by_kind else (limit.amount, limit.calendar)
        work = self.worktime(calendar)
        self.running[limit.code] = (limit, [(work.share(at, amount, r.percent / 100), r) for r in limit.ladder])

    def enter(self, code: str, at: datetime) -> None:
        self.step = code
        step = self.flow.steps[code]
        self.say(at, f"进入“{step.label}”")
        for limit in self.flow.starting(f"step:{code}"):
            self.begin(limit, at)
        if step.type == END:
            self.over = True
        elif step.type == RATE:
            self.running.clear()
            self.say(at + timedelta(days=step.days), f"{step.days} 天没人评价，记为未评价，结束")
            self.over = True

    def leave(self, at: datetime, to: str) -> None:
        claimed = self.flow.steps[self.step].type == CLAIM
        gone = [c for c, (x, _) in self.running.items() if x.until in (f"step:{self.step}",)]
        for code in gone:
            del self.running[code]
        self.enter(to, at)
        if claimed:
            for limit in self.flow.starting("accept"):
                self.begin(limit, at)

    def next_due(self) -> tuple[datetime, str] | None:
        if self.over:
            return None
        heads = [(rungs[0][0], code) for code, (_, rungs) in self.running.items() if rungs]
        return min(heads) if heads else None

    def move(self, at: datetime, code: str) -> None:
        outcome = self.flow.steps[self.step].outcome(code)
        if outcome is None:
            return
        self.say(at, f"选“{outcome.label}”")
        if self.flow.gives_result(outcome):
            self.running = {c: r for c, r in self.running.items() if r[0].until not in ("handle", "answer")}
        self.leave(at, outcome.to)

    def fire(self, due: tuple[datetime, str]) -> None:
        at, code = due
        limit, rungs = self.running[code]
        rung = rungs.pop(0)[1]
        light = "red" if rung.percent >= 100 else "yellow"
        word = {"red": "红灯", "yellow": "黄灯"}[light]
        who = WHOM.get(rung.whom, rung.whom)
        if rung.act in ("remind", "raise"):
            self.say(at, f"“{limit.label}”到 {rung.percent}%，{word}，{ACTS[rung.act]}：{who}", light)
        elif rung.act == DISPATCH:
            self.say(at, f"“{limit.label}”到时没人领，{word}，指派给{who}", light)
            self.leave(at, self.flow.steps[self.step].outcomes[0].to)
        elif rung.act == TAKE_BACK:
            self.say(at, f"“{limit.label}”到时没有动静，{word}，收回重新领办", light)
            claim = next(c for c, s in self.flow.steps.items() if s.type == CLAIM)
            self.running.pop(code, None)
            self.leave(at, claim)
        elif rung.act == PASS:
            self.move(at, rung.outcome)

