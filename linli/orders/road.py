"""The line of steps of an order's procedure as the desk shows it: done, now, next; with whose each is, its limit and light;
and the ways out of the step that the reader may choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.ledger.models import Event
from linli.orders import access, assignees, hands
from linli.orders.actions.clocking import flow_to_show
from linli.orders.actions.passing import outcomes_for
from linli.orders.minutes import Minute
from linli.orders.models import Order
from linli.standards.flow import ASSESS, CLAIM, END, RATE, REVIEW, WAIT, WHO, Flow, Limit, Outcome, Step

DONE_AT_MOST, NEXT_AT_MOST = 6, 4
#: the three endings of a plain appeal have one form with a choice (handle_order); other ways out have a button each
CLASSIC = frozenset({"done", "no", "not_ours"})
LEVEL = "level"


@dataclass(slots=True)
class Stop:
    """One step. `state`: done (left at `at`), now, next. `limit`: its limit in words. light, word, left: of a clock that
    runs for it now."""

    label: str
    state: str
    who: str = ""
    limit: str = ""
    at: datetime | None = None
    light: str = ""
    word: str = ""
    left: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of the step as a button. `needs`: see flow.NEEDS; `axes`: an assessment's two; `lead`: what is said above
    its form; `lines`: of which one may be chosen, where it leads to a worker of a line."""

    code: str
    label: str
    needs: frozenset[str]
    lead: str
    told: bool = False
    second: bool = False
    axes: bool = False
    lines: tuple[str, ...] = ()


def amount(limit: Limit) -> str:
    """A limit in words: 4 小时, 3 个工作日, 7 工作小时; "" where it is the kind's own."""
    if limit.by_kind:
        return "按种类的时限"
    if limit.calendar == "days":
        return f"{limit.amount} 个工作日"
    if limit.calendar == "clock" and limit.amount % 1440 == 0 and limit.amount > 1440:
        return f"{limit.amount // 1440} 天"
    number = limit.amount / 60
    unit = "小时" if limit.calendar == "clock" else "工作小时"
    return f"{number:g} {unit}" if number >= 1 else f"{limit.amount} 分钟"


def plain(flow: Flow) -> bool:
    """Has the flow one step only, besides rating and review? Then its line of steps says nothing new."""
    return sum(1 for s in flow.steps.values() if s.type not in (RATE, REVIEW, END)) < 2


def stops(order: Order, events: Sequence[Event], running: Sequence[Minute], responsible: str) -> list[Stop]:
    """The whole line; [] for history and where there is only one step."""
    flow = flow_to_show(order)
    if order.history or plain(flow):
        return []
    found = _done(flow, events)
    here = flow.step(order.step)
    if not order.is_open:
        if here.type == RATE:
            found.append(Stop(here.label, "now", "居民", _limit(flow, here)))
        return found
    found.append(_now(flow, here, running, responsible))
    return found + _coming(flow, here)


def _done(flow: Flow, events: Sequence[Event]) -> list[Stop]:
    rows = []
    for event in events:
        step = flow.steps.get(event.facts.get("step_from", ""))
        if step and event.facts.get("step"):
            outcome = step.outcome(event.facts.get("outcome", ""))
            rows.append(Stop(step.label, "done", outcome.label if outcome else "", at=event.at))
    return rows[-DONE_AT_MOST:]


def _now(flow: Flow, step: Step, running: Sequence[Minute], responsible: str) -> Stop:
    until = {c for c, x in flow.limits.items() if x.until == f"step:{step.code}"}
    own = [m for m in running if m.name in until] or [m for m in running if m.name != "answer"] or list(running)
    who = responsible or ("等人领办" if step.type == CLAIM else "暂时没有人")
    stop = Stop(step.label, "now", who, _limit(flow, step))
    if own:
        stop.light, stop.word, stop.left = own[0].light, own[0].word, own[0].left
    return stop


def _coming(flow: Flow, here: Step) -> list[Stop]:
    rows: list[Stop] = []
    seen, step = {here.code}, here
    while step.outcomes and len(rows) < NEXT_AT_MOST:
        step = flow.steps[step.outcomes[0].to]
        if step.code in seen or step.type == END:
            break
        seen.add(step.code)
        who = {RATE: "居民", CLAIM: "谁先领谁办"}.get(step.type) or WHO.get(step.who, "")
        rows.append(Stop(step.label, "next", who, _limit(flow, step)))
    return rows


def _limit(flow: Flow, step: Step) -> str:
    own = flow.limits.get(step.code)
    if own is not None:
        return amount(own)
    if step.type == RATE:
        return f"{step.days} 天"
    return next((amount(x) for x in flow.limits.values() if x.until == f"step:{step.code}"), "")


def classic(step: Step) -> bool:
    """Are its ways out those of a plain appeal?"""
    return {o.code for o in step.outcomes} == CLASSIC and all(o.told for o in step.outcomes)


def ways(actor: Actor, order: Order) -> list[Way]:
    """The ways out that this actor may choose now, the procedure's first one first; [] where the plain forms serve."""
    if order.history:
        return []
    flow = flow_to_show(order)
    step = flow.step(order.step)
    if not step.outcomes or step.type in (CLAIM, RATE, END) or classic(step) or (step.type == REVIEW and len(step.outcomes) == 1):
        return []
    if not access.may_pass(actor, order, step.who, "pass_step"):
        return []
    open_ = outcomes_for(order, clock.now())
    found = []
    if step.type == ASSESS and any(o.code.startswith(LEVEL) for o in open_):
        found.append(Way(LEVEL, step.label, frozenset({"words"}), "从两个方面各评一档，级别按规范自动得出。", axes=True))
        open_ = [o for o in open_ if not o.code.startswith(LEVEL)]
    lines = tuple(assignees.lines(hands.stamp_of(order))) if any(flow.step(o.to).who == "line" for o in open_) else ()
    return found + [
        Way(o.code, o.label, o.needs, _lead(o, step), o.told, o.second, lines=lines if flow.step(o.to).who == "line" else ())
        for o in open_
    ]


def way(actor: Actor, order: Order, code: str) -> Way | None:
    """The way of that code."""
    return next((w for w in ways(actor, order) if w.code == code), None)


def _lead(outcome: Outcome, step: Step) -> str:
    said = []
    if outcome.second:
        said.append("要另一位同志确认后才算数。")
    if outcome.told:
        said.append("写给居民看，TA 会收到：查了什么、怎么办、什么时候；办不了也请如实说。")
    elif step.type == WAIT and not outcome.needs:
        said.append("点一下就接着往下办。")
    else:
        said.append("只有工作人员看得到，接手的人靠它接着办。")
    return "".join(said)
