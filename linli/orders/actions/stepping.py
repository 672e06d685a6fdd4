"""From one step of a procedure to the next: state, hands, clocks. Every verb that moves an order along calls `enter`;
it saves clocks and leaves the order to its caller."""

from datetime import datetime
from typing import Any
from uuid import UUID

from linli.grid.duty import book as duty_book
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.orders import clocks, hands
from linli.orders.actions import clocking
from linli.orders.actions.clocking import Worktimes, flow_of
from linli.orders.models import Clock, Order, Request, Voice
from linli.orders.states import SOLVED, STATE_OF, OrderState
from linli.standards.flow import ASSESS, CLAIM, END, RATE, REVIEW, TASK, WAIT, Flow, Outcome, Step


def enter(
    order: Order, code: str, now: datetime, *, person: UUID | None = None, until: datetime | None = None, keep_hands: bool = False,
    who: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Bring the order to a step; the facts of it. `person`: named for the step; `until`: the date of a step that waits;
    `keep_hands`: the caller has said whose it is; `who`: instead of the step's own."""
    flow, worktimes = flow_of(order), Worktimes()
    left, step = flow.step(order.step), flow.step(code)
    facts: dict[str, Any] = {"step_from": left.code, "step": code}
    # Whoever moves it along has touched it.
    in_time = clocking.meet(order, now, f"step:{left.code}", "touch")
    if Clock.SOLVE in in_time and order.handled_at:
        order.solved_in_time = in_time[Clock.SOLVE] if order.ending in SOLVED else None
    if left.type == CLAIM and order.accepted_in_time is None:
        # Taken back and claimed again: the first acceptance is what was promised.
        asked = {x.code for x in flow.limits.values() if x.until == f"step:{left.code}"}
        order.accepted_in_time = next((ok for name, ok in in_time.items() if name in asked), None)
    stood = left.pauses or bool(order.waits_for)
    order.step, order.step_at = code, now
    order.state = OrderState.VOID.value if step.type == END and step.ending == "void" else STATE_OF[step.type].value
    order.waits_for, order.waits_until = (code, until) if step.type == WAIT else ("", None)
    if not keep_hands:
        facts |= _hands(order, step, who or step.who, now, person)
    _clocks(order, flow, left, step, now, worktimes, until, stood=stood)
    if step.type in (RATE, END):
        _over(order, step, now)
    else:
        order.is_open, order.closed_at = True, None
    drop_requests(order, now)
    clocking.refresh(order)
    return facts


def _hands(order: Order, step: Step, who: str, now: datetime, person: UUID | None) -> dict[str, Any]:
    before = order.responsible_id
    if step.type in (TASK, ASSESS, REVIEW, WAIT):
        order.responsible_id, order.responsible_via = hands.find(order, who, duty_book(), now, person=person)
    elif step.type == CLAIM:
        order.responsible_id, order.responsible_via, order.claimer_id = None, "", None
    if order.responsible_id == before:
        return {}
    return {"from": str(before) if before else None, "to": str(order.responsible_id) if order.responsible_id else None, "via": order.responsible_via}


def drop_requests(order: Order, now: datetime) -> None:
    """What was asked for at a step that is left, or for a clock that no longer runs, is nobody's to decide any more."""
    rows = Request.objects.filter(order_id=order.id, state=Request.OPEN)
    running = Clock.objects.filter(order_id=order.id, state=Clock.RUNNING).values("name")
    rows.exclude(kind=Request.EXTENSION, clock__in=running).update(state=Request.GONE, decided_at=now)


def _clocks(
    order: Order, flow: Flow, left: Step, step: Step, now: datetime, worktimes: Worktimes, until: datetime | None, *, stood: bool
) -> None:
    if step.type == END:
        clocking.stop(order)
        return
    if step.pauses:
        clocking.pause(order, now)
    elif stood:
        clocking.resume(order, now, worktimes)
    limits = list(flow.starting(f"step:{step.code}"))
    if left.type == CLAIM and step.code != left.code:
        # Claimed again after it was taken back: what was promised at the first acceptance holds.
        going = clocking.going(order)
        limits += [x for x in flow.starting("accept") if x.code not in going]
    clocking.begin(order, limits, now, worktimes)
    if step.type == WAIT and until:
        clocking.begin_wait(order, now, until, resumes=False)


def _over(order: Order, step: Step, now: datetime) -> None:
    order.is_open = False
    if step.type == END:
        order.closed_at, order.waits_answer = now, False
        order.ending = order.ending or step.ending or "done"


def starting_limits(flow: Flow, first: Step) -> list[Any]:
    """The limits with which an order of this flow begins."""
    rows = [*flow.starting("open"), *flow.starting(f"step:{first.code}")]
    # Where nothing is claimed, an order is in somebody's hands from the first minute.
    return rows if any(s.type == CLAIM for s in flow.steps.values()) else [*rows, *flow.starting("accept")]


def restart(order: Order, now: datetime) -> None:
    """Opened again: who was not helped is owed an answer and a solution within the same limits again."""
    flow = flow_of(order)
    ahead = {"answer", "handle"} | {f"step:{code}" for code in flow.reachable(flow.again_to)}
    rows = [x for moment in ("open", "accept") for x in flow.starting(moment) if x.until in ahead]
    clocking.stop(order)
    clocking.begin(order, rows, now, Worktimes())


def after_rating(order: Order, flow: Flow) -> str:
    """The step to which an order goes when everybody has rated, or nobody within the days."""
    return next((s.outcomes[0].to for s in flow.steps.values() if s.type == RATE and s.outcomes), order.step)


def has_voices(order: Order) -> bool:
    """Is there somebody who could rate?"""
    return Voice.objects.filter(order_id=order.id, state=Voice.ACTIVE).exists()


def in_bounds(order: Order, outcome: Outcome, now: datetime) -> bool:
    """Is it still time for an outcome that is only possible for so long?"""
    if not outcome.within:
        return True
    amount, calendar = outcome.within
    began = order.step_at or order.opened_at
    return now <= clocks.step_at(Worktimes().of(calendar, order), began, amount, 100)


def touch_clocks(order: Order, by: Actor) -> None:
    """The responsible person has begun: an order that somebody works on is not taken back."""
    if by.id and by.id == order.responsible_id and clocking.meet(order, clock.now(), "touch"):
        clocking.refresh(order)
