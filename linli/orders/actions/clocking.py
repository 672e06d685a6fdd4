"""The clocks of an order: which limits begin, which deed meets them, standing still and going on, another plan.

One function (`refresh`) derives the order's light and nearest due time from its running clocks; each change ends with it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from linli.calendars import selectors as calendars
from linli.grid import selectors as places
from linli.orders import clocks
from linli.orders.models import Clock, Order, Request
from linli.standards import selectors as standards
from linli.standards.flow import TASK, Flow, Limit, parse

RESUME = "resume"
#: after the next date of a waiting the person has a day to look before it turns red
LOOK = timedelta(days=1)
#: a promise to a person never stands still
NEVER_PAUSED = (Clock.ANSWER,)


class Worktimes:
    """Calendars read once per batch: (code, a place's codes) → working time."""

    def __init__(self) -> None:
        self._stamp = calendars.version()
        self._kept: dict[tuple[str, tuple[str, ...]], clocks.Calendar] = {}

    def get(self, code: str, codes: tuple[str, ...]) -> clocks.Calendar:
        """The working time of a calendar at a place, given by its codes (`grid.selectors.calendar_codes`). Raises NotFound."""
        key = (code, codes)
        if key not in self._kept:
            self._kept[key] = calendars.get_calendar(code, codes, self._stamp)
        return self._kept[key]

    def of(self, code: str, order: Order) -> clocks.Calendar:
        """The calendar at the order's community."""
        return self.get(code, places.calendar_codes(order.community_id))


def flow_of(order: Order) -> Flow:
    """The procedure's version that the order runs under. Raises BrokenProcedure, also where it lacks the order's step."""
    flow = standards.flow(order.procedure, order.procedure_version)
    if order.step and order.step not in flow.steps:
        raise standards.BrokenProcedure()
    return flow


def flow_to_show(order: Order) -> Flow:
    """For pages: the procedure's version, or where it is broken one that has the order's step alone and no way out of it. A
    page opens and says so; what changes the order asks `flow_of` and is refused."""
    try:
        return flow_of(order)
    except standards.BrokenProcedure:
        step = {"code": order.step or "broken", "label": "流程有误，平台中心在处理", "type": TASK, "who": "centre", "outcomes": []}
        return parse({"first": step["code"], "limits": [], "steps": [step]})


def extensions(row: Clock) -> list[int]:
    """What was granted on this clock above its own limit, in its unit."""
    rows = Request.objects.filter(order_id=row.order_id, kind=Request.EXTENSION, clock=row.name, state=Request.GRANTED)
    return list(rows.filter(asked_at__gte=row.started_at).values_list("amount", flat=True))


def new_clock(
    order: Order, limit: Limit, worktimes: Worktimes, started: datetime, *, round_: int = 0, due_at: datetime | None = None
) -> Clock:
    """A running clock, not yet saved. `due_at`: a deadline that somebody else has set, in minutes on the wall."""
    amount, calendar = limit.amount, limit.calendar
    if limit.by_kind:
        kind = standards.kinds().get(order.kind)
        if kind is None:
            raise standards.BrokenProcedure("这类事项已经取消了，算不出办理时限。请先更正事项类别。", "unknown_kind")
        amount, calendar = kind.solve_minutes, kind.solve_calendar
    if due_at is not None:
        amount, calendar = max(1, round((due_at - started) / timedelta(minutes=1))), "clock"
    row = Clock(
        order_id=order.id, name=limit.code, round=round_, calendar=calendar, amount=amount, started_at=started,
        until=limit.until, clause=limit.clause or order.clause, ladder=limit.rows(), state=Clock.RUNNING, step=0, light=clocks.GREEN,
    )  # fmt: skip
    worktime = worktimes.of(calendar, order)
    row.due_at = clocks.step_at(worktime, started, amount, 100)
    row.next_at = clocks.step_at(worktime, started, amount, row.ladder[0][0]) if row.ladder else None
    return row


def begin(
    order: Order, limits: Iterable[Limit], now: datetime, worktimes: Worktimes, *, due_at: datetime | None = None
) -> list[Clock]:
    """Start these limits; a limit that ran before gets another round."""
    rows = list(limits)
    if not rows:
        return []
    rounds: dict[str, int] = {}
    for name, round_ in Clock.objects.filter(order_id=order.id, name__in=[x.code for x in rows]).values_list("name", "round"):
        rounds[name] = max(rounds.get(name, -1), round_)
    made = [new_clock(order, x, worktimes, now, round_=rounds.get(x.code, -1) + 1, due_at=due_at) for x in rows]
    return Clock.objects.bulk_create(made)


def going(order: Order) -> set[str]:
    """The names of the clocks that run or stand still."""
    rows = Clock.objects.filter(order_id=order.id, state__in=(Clock.RUNNING, Clock.PAUSED))
    return set(rows.values_list("name", flat=True))


def begin_wait(order: Order, now: datetime, until: datetime, *, resumes: bool) -> Clock:
    """The next date of a waiting: an agreed pause ends by itself; a step that waits turns yellow and, a day later, red."""
    end = until if resumes else until + LOOK
    amount = max(1, round((end - now) / timedelta(minutes=1)))
    share = 100 * (until - now) / (end - now)
    ladder: list = [[100, "responsible", RESUME]] if resumes else [[share, "responsible"], [100, "community_head"], [200, "street"]]
    last = Clock.objects.filter(order_id=order.id, name=Clock.WAIT).order_by("-round").values_list("round", flat=True).first()
    return Clock.objects.create(
        order_id=order.id, name=Clock.WAIT, round=0 if last is None else last + 1, calendar="clock", amount=amount, started_at=now,
        until=f"step:{order.step}", due_at=end, ladder=ladder, next_at=until,
    )  # fmt: skip


def meet(order: Order, at: datetime, *deeds: str) -> dict[str, bool]:
    """A deed is done: the clocks that wait for it stop. Name → in time."""
    found = {}
    rows = list(Clock.objects.filter(order_id=order.id, state__in=(Clock.RUNNING, Clock.PAUSED), until__in=deeds))
    for row in rows:
        # At the last moment itself whoever was first counts: the deed, or the clock that did something because nothing was done.
        in_time = at < row.due_at or (at == row.due_at and row.light != clocks.RED)
        found[row.name] = in_time if row.state == Clock.RUNNING else row.light != clocks.RED
        row.state, row.met_at, row.next_at, row.kept = Clock.MET, at, None, found[row.name]
        row.save(update_fields=["state", "met_at", "next_at", "kept"])
    return found


def stop(order: Order) -> None:
    """The order ended without the clocks' matter being done."""
    Clock.objects.filter(order_id=order.id, state__in=(Clock.RUNNING, Clock.PAUSED)).update(state=Clock.STOPPED, next_at=None)


def pause(order: Order, now: datetime) -> None:
    """The clocks stand still, with what they have used; the promise to answer goes on."""
    for row in Clock.objects.filter(order_id=order.id, state=Clock.RUNNING).exclude(name__in=[*NEVER_PAUSED, Clock.WAIT]):
        row.pauses = [*row.pauses, [now.isoformat()]]
        row.state, row.next_at = Clock.PAUSED, None
        row.save(update_fields=["pauses", "state", "next_at"])


def resume(order: Order, now: datetime, worktimes: Worktimes) -> None:
    """The clocks that stood still go on from here."""
    for row in Clock.objects.filter(order_id=order.id, state=Clock.PAUSED):
        # A clock that was set back meanwhile makes no pause of less than nothing.
        row.pauses[-1].append(max(now.isoformat(), row.pauses[-1][0]))
        row.state = Clock.RUNNING
        replan(row, order, now, worktimes)


def replan(row: Clock, order: Order, now: datetime, worktimes: Worktimes) -> None:
    """Plan a running clock anew and save it; see `plan_again`."""
    plan_again(row, now, worktimes.of(row.calendar, order))
    row.save()


def bring_forward(order: Order, due_at: datetime, now: datetime) -> bool:
    """Somebody else's deadline for the solution: where it is earlier than ours, it holds, by the clock on the wall. Saves
    clocks and order; is it so? One that was agreed to stand still keeps its pause."""
    rows = Clock.objects.filter(order_id=order.id, state__in=(Clock.RUNNING, Clock.PAUSED))
    later = [r for r in rows if (r.name == Clock.SOLVE or r.until == "handle") and r.due_at > due_at]
    for row in later:
        stood = sum((b - a for a, b in clocks.read_pauses(row.pauses)), timedelta())
        row.amount, row.calendar = max(1, round((due_at - row.started_at - stood) / timedelta(minutes=1))), "clock"
        if row.state == Clock.RUNNING:
            replan(row, order, now, Worktimes())
        else:
            row.save(update_fields=["amount", "calendar"])
    if later:
        refresh(order)
        order.save(update_fields=["light", "late_of", "due_at", "answer_due_at", "solve_due_at"])
    return bool(later)


def plan_again(row: Clock, now: datetime, worktime: clocks.Calendar) -> None:
    """Plan a running clock anew, unsaved: rungs done that lie ahead again are taken back with their light."""
    pauses = clocks.read_pauses(row.pauses)
    steps = clocks.plan(worktime, row.started_at, row.amount, row.ladder, pauses)
    row.due_at = clocks.step_at(worktime, row.started_at, row.amount, 100, pauses)
    row.step = min(row.step, sum(1 for at in steps if at <= now))
    row.next_at = steps[row.step] if row.step < len(steps) else None
    row.light = clocks.light_of(row.ladder, row.step)
    row.late_of = row.late_of if row.light == clocks.RED else None


def refresh(order: Order) -> None:
    """Store what the running clocks say: the worst light, whose minute it turned red in, the nearest due time. The caller
    saves the order."""
    rows = list(Clock.objects.filter(order_id=order.id, state=Clock.RUNNING))
    derive(order, rows)


def derive(order: Order, rows: Sequence[Clock]) -> None:
    """`refresh` with the running clocks in hand."""
    order.light = clocks.worst([r.light for r in rows])
    order.late_of = next((r.late_of for r in rows if r.light == clocks.RED), None) if order.light == clocks.RED else None
    order.due_at = min((r.due_at for r in rows), default=order.opened_at)
    for row in rows:
        if row.name == Clock.ANSWER:
            order.answer_due_at = row.due_at
        elif row.name == Clock.SOLVE:
            order.solve_due_at = row.due_at
