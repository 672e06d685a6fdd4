"""A calendar was changed (a holiday published, shifts moved): running clocks get their new hours, behind everybody's back, in portions
that a worker may die between."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from linli.calendars import selectors as calendars
from linli.calendars import worktime
from linli.grid import selectors as places
from linli.kernel import clock
from linli.kernel.actors import CLOCK
from linli.kernel.bulk import update_rows
from linli.ledger.record import Row, record_many
from linli.orders.actions.clocking import Worktimes, derive, plan_again
from linli.orders.models import Clock, Order, Replan

PORTION = 1000
CLOCK_FIELDS = ("due_at", "next_at", "step", "light", "late_of")
ORDER_FIELDS = ("due_at", "answer_due_at", "solve_due_at", "light", "late_of")


@transaction.atomic
def begin_replan(*, area_code: str = "") -> Replan:
    """Plan all running clocks of an area's calendars again. One that is under way begins anew: the calendar changed once more."""
    codes = sorted({c.code for c in calendars.list_calendars() if c.kind != worktime.CLOCK})
    fresh = {"codes": codes, "at": 0, "after": None, "total": _running(area_code, codes).count(), "done": 0, "changed": 0, "begun_at": clock.now()}
    Replan.objects.bulk_create([Replan(area_code=area_code, **fresh)], ignore_conflicts=True)
    Replan.objects.filter(area_code=area_code, finished_at=None).update(**fresh)
    return Replan.objects.get(area_code=area_code, finished_at=None)


def _running(area_code: str, codes: Sequence[str]) -> Any:
    rows = Clock.objects.filter(state=Clock.RUNNING, calendar__in=codes)
    if area_code:
        ids = [i for i, code in places.community_codes().items() if code == area_code]
        rows = rows.filter(order__community_id__in=ids)
    return rows


@transaction.atomic
def replan_clocks(*, limit: int = PORTION) -> int:
    """Plan the next portion of the oldest replan that is not done. Returns how many clocks were looked at; 0 = nothing to do.

    An order is locked before its clocks, as every verb does; only what has changed is written, with one event an order.
    """
    jobs = Replan.objects.filter(finished_at=None).order_by("id")
    if connection.features.has_select_for_update:
        jobs = jobs.select_for_update(skip_locked=True)
    job = jobs.first()
    if job is None:
        return 0
    rows: list[tuple[UUID, UUID]] = []
    while job.at < len(job.codes):
        due = _running(job.area_code, [job.codes[job.at]])
        due = due.filter(id__gt=job.after) if job.after else due
        rows = list(due.order_by("id").values_list("id", "order_id")[:limit])
        if rows:
            break
        job.at, job.after = job.at + 1, None
    if not rows:
        job.finished_at = clock.now()
        job.save()
        return 0
    job.changed += _plan({order_id for _, order_id in rows}, {clock_id for clock_id, _ in rows})
    job.done += len(rows)
    job.after = rows[-1][0]
    job.save()
    return len(rows)


def _plan(order_ids: set[UUID], clock_ids: set[UUID]) -> int:
    """Plan these clocks of these orders; returns how many orders have other hours now."""
    # Of an order's fifty columns those that follow from its clocks, and those that its event is stamped with.
    wanted = Order.objects.filter(id__in=order_ids).order_by("id").only(*ORDER_FIELDS, "opened_at", "street_id", "community_id", "grid_id")
    orders = {o.id: o for o in (wanted.select_for_update() if connection.features.has_select_for_update else wanted)}
    now, worktimes = clock.now(), Worktimes()
    running: dict[UUID, list[Clock]] = {}
    for row in Clock.objects.filter(order_id__in=order_ids, state=Clock.RUNNING).order_by("id"):
        running.setdefault(row.order_id, []).append(row)
    clocks_, changed = [], []
    for order_id, rows in running.items():
        order = orders[order_id]
        for row in rows:
            if row.id in clock_ids:
                was = _values(row, CLOCK_FIELDS)
                plan_again(row, now, worktimes.of(row.calendar, order))
                if _values(row, CLOCK_FIELDS) != was:
                    clocks_.append(row)
        was = _values(order, ORDER_FIELDS)
        derive(order, rows)
        if _values(order, ORDER_FIELDS) != was:
            changed.append(order)
    for start in range(0, len(clocks_), 500):
        update_rows(Clock, CLOCK_FIELDS, [(r.id, *_values(r, CLOCK_FIELDS)) for r in clocks_[start : start + 500]])
    for start in range(0, len(changed), 500):
        update_rows(Order, ORDER_FIELDS, [(o.id, *_values(o, ORDER_FIELDS)) for o in changed[start : start + 500]])
    record_many(CLOCK, "orders.replan_clocks", [_event(o) for o in changed])
    return len(changed)


def _values(row: Any, fields: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in fields)


def _event(order: Order) -> Row:
    facts = {"due": order.due_at.isoformat() if order.due_at else None, "light": order.light}
    return Row("order", order.id, order.street_id, order.community_id, order.grid_id, facts)
