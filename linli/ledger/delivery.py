"""Run what is due: a handler's effects and its "done" commit in one transaction, so database effects happen once."""

import logging
from contextlib import nullcontext
from datetime import timedelta

from django.db import connection, transaction

from linli.kernel import clock
from linli.ledger import handlers, stamps
from linli.ledger.models import Delivery, Event, Tick

log = logging.getLogger("linli.ledger")
MAX_ATTEMPTS = 8


def _lock(rows):  # type: ignore[no-untyped-def]
    """Row locks where the database has them; SQLite's IMMEDIATE transaction already holds the only pen."""
    return rows.select_for_update(skip_locked=True) if connection.features.has_select_for_update else rows


def run_once() -> int:
    """Run one batch of the handler whose delivery waits longest. Returns how many deliveries were tried; 0 = idle.

    A handler whose waiting deliveries are all in other workers' hands is passed over for the next one.
    """
    now = clock.wall()
    pending = Delivery.objects.filter(state=Delivery.PENDING, due_at__lte=now)
    known = set(handlers.names())
    while name := pending.filter(handler__in=known).order_by("due_at", "id").values_list("handler", flat=True).first():
        handler = handlers.handler(name)
        assert handler is not None
        if tried := _run_batch(handler, pending.filter(handler=name).order_by("due_at", "id")):
            return tried
        known.discard(name)
    return 0


def _run_batch(handler: handlers.Handler, due) -> int:  # type: ignore[no-untyped-def]
    """A batch in one transaction; when one of it fails or has to wait, each alone. Returns how many were tried."""
    rows: list[Delivery] = []
    try:
        with transaction.atomic():
            rows = list(_lock(due)[: handler.batch])
            _run(handler, rows)
        return len(rows)
    except handlers.NotYet:
        log.debug("one of %s has to wait; trying each alone", handler.name)
    except Exception:
        # One of the batch failed: nothing of it was kept. Try each alone, so that one cannot hold up the others.
        log.exception("batch of %s failed", handler.name)
    for row in rows:
        _run_alone(handler, row.id)
    return len(rows)


def _run(handler: handlers.Handler, rows: list[Delivery]) -> None:
    if not rows:
        return
    events = {e.id: e for e in Event.objects.filter(id__in=[r.event_id for r in rows])}
    with stamps.read_now() if any(stamps.makes_stale(e.verb) for e in events.values()) else nullcontext():
        handler.call([events[r.event_id] for r in rows])
    Delivery.objects.filter(id__in=[r.id for r in rows]).update(state=Delivery.DONE, error="")


def _run_alone(handler: handlers.Handler, delivery_id) -> None:  # type: ignore[no-untyped-def]
    try:
        with transaction.atomic():
            pending = Delivery.objects.filter(id=delivery_id, state=Delivery.PENDING)
            _run(handler, list(_lock(pending)))
    except handlers.NotYet as wait:
        Delivery.objects.filter(id=delivery_id, state=Delivery.PENDING).update(due_at=wait.at)
    except Exception as exc:
        log.exception("delivery %s of %s failed", delivery_id, handler.name)
        with transaction.atomic():
            # Locked: another worker may be doing it right now, and its DONE must stand.
            row = _lock(Delivery.objects.filter(id=delivery_id, state=Delivery.PENDING)).first()
            if row is None:
                return
            row.attempts += 1
            row.error = f"{type(exc).__name__}"[:200]
            row.due_at = clock.wall() + timedelta(seconds=min(2**row.attempts, 300))
            if row.attempts >= MAX_ATTEMPTS:
                row.state = Delivery.FAILED
            row.save(update_fields=["attempts", "error", "due_at", "state"])


def deliver_all(limit: int = 10_000) -> int:
    """Run until nothing is due; for tests, commands and the bench. Returns how many were tried."""
    done = 0
    while done < limit and (n := run_once()):
        done += n
    return done


def hurry() -> int:
    """What was put off is due now: after a clock has jumped (tests, the demo's past). Returns how many."""
    now = clock.wall()
    return Delivery.objects.filter(state=Delivery.PENDING, due_at__gt=now).update(due_at=now)


def open_count() -> int:
    """Deliveries that are still to be done."""
    return Delivery.objects.filter(state=Delivery.PENDING).count()


def retry_failed(delivery_id) -> bool:  # type: ignore[no-untyped-def]
    """Staff send a failed delivery again. Returns False when it was not failed."""
    return bool(
        Delivery.objects.filter(id=delivery_id, state=Delivery.FAILED).update(
            state=Delivery.PENDING, attempts=0, due_at=clock.wall()
        )
    )


def retry_all_failed() -> int:
    """Staff send all failed deliveries again, as after the database was away. Returns how many."""
    return Delivery.objects.filter(state=Delivery.FAILED).update(state=Delivery.PENDING, attempts=0, due_at=clock.wall())


def run_periodics() -> int:
    """Run the periodic jobs that are due; the guarded UPDATE gives each run to one process. Returns how many ran."""
    ran = 0
    now = clock.wall()
    due = dict(Tick.objects.values_list("name", "next_at"))
    for job in handlers.periodics():
        if job.name not in due:
            Tick.objects.bulk_create([Tick(name=job.name, next_at=now)], ignore_conflicts=True)
        elif due[job.name] > now:
            continue
        mine = Tick.objects.filter(name=job.name, next_at__lte=now)
        if not mine.update(next_at=now + timedelta(seconds=job.seconds)):
            continue
        try:
            job.call()
            ran += 1
        except Exception:
            log.exception("periodic job %s failed", job.name)
    return ran
