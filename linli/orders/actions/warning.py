"""Lights and the ladder: cost follows what is due, not what is open. Each step once, in the history and in messages."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from linli.grid import selectors as places
from linli.grid.duty import DutyBook
from linli.grid.duty import book as duty_book
from linli.kernel import clock
from linli.kernel.actors import CLOCK
from linli.kernel.bulk import update_rows
from linli.ledger.record import record_many
from linli.notices import actions as notices
from linli.orders import access, clocks
from linli.orders.actions.common import row_of, stamp_of, touch
from linli.orders.actions.opening import Worktimes
from linli.orders.models import Clock, Order


def advance_clocks(*, limit: int = 500) -> int:
    """Take the next step of every clock that is due, up to `limit`, in one transaction. Returns how many were taken.

    An order is locked before its clocks, as every verb does, or the two would wait for each other; one that somebody has
    in hand at this moment waits for the next tick.
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
        book, worktimes = duty_book(), Worktimes()
        events, tell = [], []
        for row in rows:
            order = orders[row.order_id]
            percent, whom = row.ladder[row.step]
            row.step += 1
            row.light = clocks.light_of(row.ladder, row.step)
            row.next_at = _next(row, worktimes.get(row.calendar, places.calendar_codes(order.community_id)))
            people, via = _people(book, order, whom, now)
            if percent == 100:
                last_minute = row.due_at - timedelta(minutes=1)
                row.late_of = book.holder_of(order.responsible_id, stamp_of(order), last_minute).account_id
            events.append(
                row_of(order, {"clock": row.name, "round": row.round, "percent": percent, "whom": whom, "via": via,
                               "light": row.light, "to": [str(p) for p in people]})
            )  # fmt: skip
            tell.append((people, order, row, percent))
            if clocks.WORST[row.light] > clocks.WORST[order.light]:
                order.light, order.late_of = row.light, row.late_of
        update_rows(Clock, ["step", "light", "late_of", "next_at"], [(r.id, r.step, r.light, r.late_of, r.next_at) for r in rows])
        update_rows(Order, ["light", "late_of"], [(o.id, o.light, o.late_of) for o in orders.values()])
        record_many(CLOCK, "orders.warn_order", events)
        notices.notify_many(by=CLOCK, rows=[_notice(*t) for t in tell])
        touch(*orders.values())
        return len(rows)


def _next(row: Clock, calendar: clocks.Calendar) -> datetime | None:
    if row.step >= len(row.ladder):
        return None
    if row.ladder[row.step][0] == 100:
        return row.due_at  # what was promised stays, whatever the week has become since
    return clocks.step_at(calendar, row.started_at, row.minutes, row.ladder[row.step][0])


def _people(book: DutyBook, order: Order, whom: str, now):  # type: ignore[no-untyped-def]
    """Whom a step tells. The holder is the responsible person in her duty time, else the roster's."""
    stamp = stamp_of(order)
    if whom == "community_head":
        return book.heads(stamp), "head"
    if whom == "street":
        return book.street(stamp), "street"
    if order.kind in access.BEYOND:
        return [i for i in [order.responsible_id] if i], "responsible"
    holder = book.holder_of(order.responsible_id, stamp, now)
    return ([holder.account_id] if holder.account_id else []), holder.via


def _notice(people, order: Order, row: Clock, percent: int):  # type: ignore[no-untyped-def]
    kind = "clock_yellow" if percent < 100 else "clock_red_head" if percent < 150 else "clock_150_street"
    return notices.NoticeDraft(
        account_ids=list(people), kind=kind, subject_kind="order", subject_id=order.id,
        params={"number": order.number, "clock": row.name, "percent": percent, "due": row.due_at.isoformat()},
        dedupe_key=f"{row.id}:{percent}:{row.minutes}", urgent=order.urgency > 0 or row.name == Clock.ANSWER,
    )  # fmt: skip
