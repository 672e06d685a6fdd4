"""Lights and the ladder: cost follows what is due, not what is open. Each rung once, in the history and in messages; some
rungs do something: dispatch, take back, raise, go on, pass by themselves."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from linli.grid.duty import DutyBook
from linli.grid.duty import book as duty_book
from linli.kernel import clock
from linli.kernel.actors import CLOCK
from linli.kernel.bulk import update_rows
from linli.kernel.errors import LinliError, WrongState
from linli.ledger.record import record, record_many
from linli.notices import actions as notices
from linli.orders import access, clocks, hands
from linli.orders.actions import claiming, passing, requests, scoring, working
from linli.orders.actions.clocking import RESUME, Worktimes, flow_of
from linli.orders.actions.common import row_of, tell, touch
from linli.orders.models import Clock, Order
from linli.orders.states import MOVES, OrderState
from linli.standards.flow import BROKEN, CLAIM, DISPATCH, PASS, RAISE, REMIND, TAKE_BACK, Rung, rung

log = logging.getLogger(__name__)
#: what cannot go on is looked at again after that
LOOK_AGAIN = timedelta(hours=1)


def advance_clocks(*, limit: int = 500) -> int:
    """Take the next rung of every clock that is due, up to `limit`, in one transaction. Returns how many were taken.

    An order is locked before its clocks, as every verb does, or the two would wait for each other; one that somebody has
    in hand at this moment waits for the next tick. One rung of an order at a time: what it does may stop the others.
    """
    with transaction.atomic():
        now = clock.now()
        due = Clock.objects.filter(state=Clock.RUNNING, next_at__isnull=False, next_at__lte=now).order_by("next_at")
        rows = list(due[:limit])
        if not rows:
            return 0
        wanted = Order.objects.filter(id__in={r.order_id for r in rows}).order_by("id")
        if connection.features.has_select_for_update:
            wanted = wanted.select_for_update(skip_locked=True)
        orders = {o.id: o for o in wanted}
        if connection.features.has_select_for_update:
            # Read again under the locks: what was answered a moment ago is no longer due.
            rows = list(due.filter(id__in=[r.id for r in rows], order_id__in=list(orders)))
            if not rows:
                return 0
        rows = list({r.order_id: r for r in reversed(rows)}.values())
        book, worktimes = duty_book(), Worktimes()
        events, told, acts = [], [], []
        for row in rows:
            order = orders[row.order_id]
            try:
                step = _climb(row, worktimes.of(row.calendar, order))
            except (LinliError, *BROKEN) as exc:
                # One order whose procedure, calendar or ladder is broken stops no other's clock.
                _stuck(order, row, exc, book, now)
                continue
            if step.act == RESUME:
                acts.append((order, row, step))
                continue
            people, via = _people(book, order, step.whom, now)
            if step.percent == 100:
                last_minute = row.due_at - timedelta(minutes=1)
                row.late_of = book.holder_of(order.responsible_id, hands.stamp_of(order), last_minute).account_id
            events.append(
                row_of(order, {"clock": row.name, "round": row.round, "percent": round(step.percent), "whom": step.whom, "via": via,
                               "light": row.light, "to": [str(p) for p in people]})
            )  # fmt: skip
            if step.act in (REMIND, RAISE):
                told.append((people, order, row, step))
            if step.act != REMIND or step.percent == 100:
                acts.append((order, row, step))
            if clocks.WORST[row.light] > clocks.WORST[order.light]:
                order.light, order.late_of = row.light, row.late_of
        update_rows(Clock, ["step", "light", "late_of", "next_at"], [(r.id, r.step, r.light, r.late_of, r.next_at) for r in rows])
        update_rows(Order, ["light", "late_of"], [(o.id, o.light, o.late_of) for o in orders.values()])
        record_many(CLOCK, "orders.warn_order", events)
        notices.notify_many(by=CLOCK, rows=[_notice(*t) for t in told])
        for order, row, step in acts:
            if step.act == REMIND and not _keeps_score(order):
                continue
            try:
                with transaction.atomic():
                    _act(order, row, step, book, now)
            except (LinliError, *BROKEN) as exc:
                row.step -= 1
                _stuck(Order.objects.get(id=order.id), row, exc, book, now)
        touch(*orders.values())
        return len(rows)


def _climb(row: Clock, calendar: clocks.Calendar) -> Rung:
    """The rung that is due; the row stands on it afterwards. Leaves the row as it is when something raises."""
    step = rung(row.ladder[row.step])
    after = Clock(
        ladder=row.ladder, step=row.step + 1, due_at=row.due_at, started_at=row.started_at, amount=row.amount, pauses=row.pauses
    )
    row.light, row.next_at, row.step = clocks.light_of(row.ladder, after.step), _next(after, calendar), after.step
    return step


def _stuck(order: Order, row: Clock, exc: Exception, book: DutyBook, now: datetime) -> None:
    """It cannot go on by itself: the centre hears of it and has it where nobody else does. Looked at again in an hour, so
    that what is mended goes on."""
    log.error("order %s cannot go on: %s", order.number, type(exc).__name__, exc_info=exc)
    row.next_at = now + LOOK_AGAIN
    Clock.objects.filter(id=row.id).update(step=row.step, next_at=row.next_at)
    to, _ = hands.find(order, "centre", book, now)
    if to and order.responsible_id is None:
        order.responsible_id, order.responsible_via = to, hands.GAP
        order.save(update_fields=["responsible_id", "responsible_via"])
    facts = {"clock": row.name, "round": row.round, "stuck": getattr(exc, "code", "broken_procedure"), "to": [str(to)] if to else []}
    record(CLOCK, "orders.warn_order", row_of(order, facts))
    notices.notify(
        CLOCK, [i for i in [to] if i], "order_stuck", "order", order.id, f"stuck:{order.id}:{clock.local_day(now)}",
        params={"number": order.number}, urgent=True,
    )  # fmt: skip


def _keeps_score(order: Order) -> bool:
    try:
        return flow_of(order).scores_on
    except LinliError:
        return False


def _act(order: Order, row: Clock, step: Rung, book: DutyBook, now: datetime) -> None:
    """What a rung does besides telling. The order is locked; whatever cannot be done any more is left alone."""
    if step.percent == 100:
        scoring.score_order(CLOCK, order, f"late:{row.name}")
    if step.act == DISPATCH and order.state == OrderState.POOLED:
        to, _ = _hands(book, order, step.whom, now)
        if to is None:
            # Better red in the pool, where everybody sees it, than in nobody's hands.
            raise WrongState("没有可以派的人，请先排好岗位。", "nobody_there")
        claiming.give(CLOCK, order, to, "dispatched", percent=round(step.percent))
    elif step.act == TAKE_BACK and MOVES.allows("take_back_order", order.state):
        claiming.put_back(CLOCK, order)
    elif step.act == RAISE and MOVES.allows("raise_order", order.state):
        _raise(order)
    elif step.act == PASS:
        _pass(order, row, step)
    elif step.act == RESUME and order.state == OrderState.WAITING:
        MOVES.apply("resume_order", order)
        requests.go_on(order)
        tell(CLOCK, "resume_order", order, {"to": str(order.responsible_id) if order.responsible_id else None})


def _hands(book: DutyBook, order: Order, whom: str, now: datetime) -> hands.Hands:
    if whom in ("holder", "responsible"):
        to, via = hands.of_worker(order, book, now)
    else:
        to, via = hands.find(order, {"community_head": "head"}.get(whom, whom), book, now)
    return (to, via) if to else hands.find(order, "centre", book, now)


def _raise(order: Order) -> None:
    to, level = working.next_level(order)
    if to is None:
        return
    before = order.responsible_id
    order.level, order.responsible_id, order.responsible_via = level, to, "raised"
    order.state = OrderState.ASSIGNED.value
    order.save()
    tell(CLOCK, "raise_order", order, {"from": str(before), "to": str(to), "level": level})


def _pass(order: Order, row: Clock, step: Rung) -> None:
    flow = flow_of(order)
    here = flow.step(order.step)
    outcome = here.outcome(step.outcome)
    if outcome is None or here.type == CLAIM or row.name != here.code:
        return
    verb = passing.verb_of(flow, order, here, outcome)
    MOVES.apply(verb, order, words="-")
    passing.carry(CLOCK, order, outcome, passing.Given(), verb)


def _next(row: Clock, calendar: clocks.Calendar) -> datetime | None:
    if row.step >= len(row.ladder):
        return None
    if row.ladder[row.step][0] == 100:
        return row.due_at  # what was promised stays, whatever the week has become since
    return clocks.step_at(calendar, row.started_at, row.amount, row.ladder[row.step][0], clocks.read_pauses(row.pauses))


def _people(book: DutyBook, order: Order, whom: str, now: datetime) -> tuple[list[UUID], str]:
    """Whom a rung tells. The holder is the responsible person in her duty time, else the roster's."""
    stamp = hands.stamp_of(order)
    if whom == "community_head":
        return book.heads(stamp), "head"
    if whom == "street":
        return book.street(stamp), "street"
    if whom == "centre":
        return book.centre(), "centre"
    if whom == "opener":
        return [i for i in [order.opener_id] if i] or book.centre(), "opener"
    if whom not in ("holder", "responsible"):
        to, via = hands.find(order, whom, book, now)
        return [i for i in [to] if i], via
    if whom == "responsible" or order.kind in access.BEYOND:
        return _in_charge(book, order, now)
    holder = book.holder_of(order.responsible_id, stamp, now)
    return ([holder.account_id] if holder.account_id else []), holder.via


def _in_charge(book: DutyBook, order: Order, now: datetime) -> tuple[list[UUID], str]:
    """The responsible person, whoever stands in for her, or the centre: a reminder that nobody reads reminds nobody."""
    mine = order.responsible_id
    if mine and not book.is_away(mine, now):
        return [mine], "responsible"
    there = book.stand_in(mine, now) if mine else None
    if there:
        return [there], "stand_in"
    to, via = hands.find(order, "centre", book, now)
    return [i for i in [to] if i], hands.GAP if to else via


def _notice(people: list[UUID], order: Order, row: Clock, step: Rung) -> notices.NoticeDraft:
    percent = round(step.percent)
    own = step.whom in ("holder", "responsible")
    kind = "clock_yellow" if percent < 100 else "clock_150_street" if percent >= 150 else "clock_red" if own else "clock_red_head"
    params: dict[str, Any] = {"number": order.number, "clock": row.name, "percent": percent, "due": row.due_at.isoformat()}
    return notices.NoticeDraft(
        account_ids=list(people), kind=kind, subject_kind="order", subject_id=order.id, params=params,
        dedupe_key=f"{row.id}:{percent}:{row.step}:{row.amount}:{len(row.pauses)}",
        urgent=order.urgency > 0 or row.name == Clock.ANSWER,
    )  # fmt: skip
