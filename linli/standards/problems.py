"""What is wrong with a procedure, in plain Chinese, and where: the step or limit and the field of the form beside which it
is said. What a procedure would do is `rehearsal`'s."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linli.kernel.roles import Role
from linli.standards.flow import (
    ACTS,
    ASSESS,
    BROKEN,
    CLAIM,
    DISPATCH,
    END,
    FINDER,
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
    Score,
    Step,
    parse,
)
from linli.standards.kinds import CATEGORY_LABELS


@dataclass(frozen=True, slots=True)
class Problem:
    """`where`: the step or limit (its code, "" the whole); `text`: what is wrong and what to do; `field`: beside which of
    its fields that is said ("" at its head, "out:<code>" at an outcome)."""

    where: str
    text: str
    field: str = ""


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
        return [*found, Problem("", "请选从哪一步开始。", "first")]
    for step in flow.steps.values():
        found += _of_step(flow, step, calendars)
    for limit in flow.limits.values():
        found += _of_limit(flow, limit, calendars)
    own_kind = data.get("kind")
    if own_kind is not None:
        found += _of_kind(flow, own_kind)
    found += [Problem("", "有一条记分没有选什么时候记。", "scores") for x in flow.scores if not _scored(flow, x.on)]
    found += [Problem("", text, "scores") for x in flow.scores for text in _of_reward(x)]
    twice = {x["code"] for x in data.get("limits", ())} & set(flow.steps)
    found += [Problem(c, "有一个时限和一个步骤用了同一个编号。") for c in sorted(twice)]
    if any(p.text.startswith("去向") for p in found):
        return found
    return [*found, *_of_shape(flow)]


def _of_kind(flow: Flow, kind: Mapping[str, Any]) -> list[Problem]:
    """A kind of matter that the procedure brings along has no limit yet on which another one could lean."""
    found = [
        Problem(x.code, "这类事还没有自己的办结时限，请填一个具体的。", "limit") for x in flow.limits.values() if x.by_kind
    ]
    if kind.get("category") not in CATEGORY_LABELS:
        found.append(Problem("", "请选这类事算进哪一类民情。", "kind"))
    return found


def _of_reward(score: Score) -> list[str]:
    """Finding is rewarded when something was found to be so; nothing is taken from a resident, nor given for others' lateness."""
    if score.to not in ("", FINDER):
        return ["有一条记分没有选记给谁。"]
    if score.to != FINDER:
        return []
    found = [] if score.points > 0 else ["给发现人的只能是奖励，请填比 0 大的数。"]
    return found if score.on.startswith("outcome:") else [*found, "给发现人的奖励，请选在哪一步的哪个结果时记。"]


def _scored(flow: Flow, on: str) -> bool:
    what, _, rest = on.partition(":")
    step, _, outcome = rest.partition(":")
    if what == "outcome":
        return step in flow.steps and flow.steps[step].outcome(outcome) is not None
    return on == "reopen" or (what == "late" and rest in flow.limits)


def _of_step(flow: Flow, step: Step, calendars: Mapping[str, str]) -> list[Problem]:
    found = []

    def wrong(text: str, field: str = "") -> None:
        found.append(Problem(step.code, text, field))

    if not step.label.strip():
        wrong("请给这一步起个名字。", "label")

    if step.type not in TYPES:
        wrong("步骤的类型不对。", "type")
    if step.who not in WHO and step.type not in (CLAIM, RATE, END):
        wrong("请选由谁来办这一步。", "who")
    if step.type == CLAIM and not step.roles:
        wrong("请选哪些人可以领办。", "roles")
    if any(r not in set(Role) for r in step.roles):
        wrong("领办的角色里有不认识的。", "roles")
    if step.type == CLAIM and len(step.outcomes) != 1:
        wrong("领办这一步只有一个去向：领办之后到哪一步。", "outcomes")
    if step.type == CLAIM:
        own = flow.limits.get(step.code)
        if own is None or not any(r.act == DISPATCH for r in own.ladder):
            wrong("没人领办怎么办？请给领办定一个时限，到时指派给谁。", "ladder")
    if step.type == RATE and not 1 <= step.days <= 60:
        wrong("评价的期限请填 1 到 60 天。", "days")
    if step.type != END and not step.outcomes:
        wrong("这一步没有去向，事情到这里就停住了。", "outcomes")
    if step.type == END and step.outcomes:
        wrong("结束之后不能再有去向。", "outcomes")
    if step.type == ASSESS:
        levels = {n for line in step.matrix for n in line}
        if len(step.matrix) != 3 or any(len(line) != 3 for line in step.matrix):
            wrong("定级要填满三行三列的对照表。", "matrix")
        elif any(step.outcome(f"level{n}") is None for n in levels):
            wrong("对照表里的每一级都要有去向。", "matrix")
    for outcome in step.outcomes:
        if not outcome.label.strip():
            wrong("请给这个去向起个名字，比如“办好了”。", f"out:{outcome.code}")
        if outcome.to not in flow.steps:
            wrong(f"去向“{outcome.label}”没有选到哪一步。", f"out:{outcome.code}")
        if outcome.within and (outcome.within[0] <= 0 or outcome.within[1] not in calendars):
            wrong(f"“{outcome.label}”的期限请填数字，并选按哪个日历算。", f"out:{outcome.code}")
        if set(outcome.needs) - set(NEEDS):
            wrong(f"“{outcome.label}”要填的东西里有不认识的。", f"out:{outcome.code}")
        if outcome.to in flow.steps and flow.steps[outcome.to].type == WAIT and outcome.to not in flow.limits and "date" not in outcome.needs:
            wrong(f"“{outcome.label}”之后要等，请要求填下一个日期。", f"out:{outcome.code}")
        if outcome.to in flow.steps and flow.steps[outcome.to].who == "named" and "person" not in outcome.needs:
            wrong(f"“{outcome.label}”之后由指定的人办，请要求选人。", f"out:{outcome.code}")
    labels = [o.code for o in step.outcomes]
    if len(labels) != len(set(labels)):
        wrong("有两个去向用了同一个编号。", "outcomes")
    return found


def _of_limit(flow: Flow, limit: Limit, calendars: Mapping[str, str]) -> list[Problem]:
    found = []

    def wrong(text: str, field: str) -> None:
        found.append(Problem(limit.code, text, field))

    if not limit.label.strip() and limit.code not in flow.steps:
        wrong("请给这个时限起个名字。", "label")

    if not limit.by_kind:
        if limit.amount <= 0:
            wrong(f"“{limit.label}”的时限要大于 0。", "limit")
        if not limit.calendar:
            wrong(f"“{limit.label}”有时限，请选按哪个日历算。", "limit")
        elif limit.calendar not in calendars:
            wrong(f"没有“{limit.calendar}”这个日历，请先到工作日历里建好。", "limit")
    for what, moment, known in (("从", limit.starts, FROM), ("到", limit.until, UNTIL)):
        if moment not in known and moment.removeprefix("step:") not in flow.steps:
            wrong(f"“{limit.label}”{what}什么时候算，请选一个。", "when")
    if not limit.ladder:
        wrong(f"“{limit.label}”到时没有人知道，请至少填一级提醒。", "ladder")
    percents = [r.percent for r in limit.ladder]
    if percents != sorted(percents) or any(not 1 <= p <= 1000 for p in percents):
        wrong(f"“{limit.label}”的百分比要从小到大，在 1 到 1000 之间。", "ladder")
    for rung in limit.ladder:
        found += [Problem(limit.code, text, "ladder") for text in _of_rung(flow, limit, rung)]
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


def _named(step: Step) -> str:
    return f"步骤“{step.label}”" if step.label.strip() else "这一步"


def _of_shape(flow: Flow) -> list[Problem]:
    """No dead step, and from each step a way to an end."""
    found = []
    ways: dict[str, set[str]] = {code: {o.to for o in step.outcomes} for code, step in flow.steps.items()}
    for limit in flow.limits.values():
        for rung in limit.ladder:
            if rung.act == TAKE_BACK:
                claim = next((c for c, s in flow.steps.items() if s.type == CLAIM), "")
                if not claim:
                    found.append(Problem(limit.code, f"“{limit.label}”要收回重新领办，流程里却没有领办这一步。", "ladder"))
    for target, what in ((flow.again_to, "重办"), (flow.again_then, "再不行")):
        if target and target not in flow.steps:
            found.append(Problem("", f"{what}之后到哪一步，请选一个。", "again"))
            return found
    if any(s.type == RATE for s in flow.steps.values()):
        last = flow.steps.get(flow.again_then)
        if not flow.again_to:
            # Without a way back 没解决 would be heard by nobody.
            found.append(Problem("", "有评价就要有重办：说没解决的，回到哪一步？", "again"))
        elif last is None or last.type != REVIEW or any(flow.steps[o.to].type != END for o in last.outcomes):
            found.append(Problem("", "重办几次还不行，要由另一单位复核，复核之后就结束；请选复核那一步。", "again"))
    seeds = {flow.first, *flow.entries.values(), *(t for t in (flow.again_to, flow.again_then) if t)}
    reached = _closure(seeds, ways)
    found += [Problem(c, f"{_named(s)}走不到，请删掉或接上。") for c, s in flow.steps.items() if c not in reached]
    back: dict[str, set[str]] = {code: set() for code in flow.steps}
    for code, targets in ways.items():
        for target in targets:
            back[target].add(code)
    ends = {c for c, s in flow.steps.items() if s.type == END}
    finishing = _closure(ends, back)
    found += [
        Problem(c, f"{_named(s)}走不到结束。") for c, s in flow.steps.items() if c in reached and c not in finishing
    ]
    for code, step in flow.steps.items():
        if step.type in (END, RATE, WAIT) or code in flow.limits or code not in reached:
            continue
        if not any(_runs_through(flow, limit, code) for limit in flow.limits.values()):
            found.append(Problem(code, f"{_named(step)}没有时限，也没有经过它的时限，会没人过问。", "limit"))
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
