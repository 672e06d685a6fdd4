"""Write what happened, and who has to hear of it, in the caller's transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.bulk import insert_rows
from linli.ledger import stamps, wake
from linli.ledger.handlers import handlers_of
from linli.ledger.models import Delivery, Event


@dataclass(slots=True)
class Row:
    """One event to be: the subject, the place it is stamped with and the facts (ids, codes, numbers, UTC times)."""

    subject_kind: str
    subject_id: UUID
    street_id: UUID | None = None
    community_id: UUID | None = None
    grid_id: UUID | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    id: UUID = field(default_factory=ids.new)


def record_many(by: Actor, verb: str, rows: Iterable[Row]) -> list[Event]:
    """Insert the events and their deliveries; must run inside a transaction. Returns the events, in order."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() outside a transaction: history and change must commit together")
    at, due = clock.now(), clock.wall()
    day = clock.local_day(at)
    events = [
        Event(
            id=row.id, at=at, local_day=day, actor_kind=by.kind, actor_id=by.id, verb=verb,
            subject_kind=row.subject_kind, subject_id=row.subject_id,
            street_id=row.street_id, community_id=row.community_id, grid_id=row.grid_id,
            facts={"v": 1, **row.facts},
        )
        for row in rows
    ]  # fmt: skip
    stamps.renew_for(verb)
    deliveries = [
        Delivery(event_id=event.id, handler=handler.name, due_at=due)
        for handler in handlers_of(verb)
        for event in events
    ]
    insert_rows(events, deliveries)
    if deliveries:
        wake.nudge_workers()
    return events


def record(by: Actor, verb: str, row: Row) -> Event:
    """One event; see `record_many`."""
    return record_many(by, verb, [row])[0]


def history(subject_id: UUID) -> Sequence[Event]:
    """All events of a subject, oldest first. Who may read them is asked by the slice that owns the subject."""
    return list(Event.objects.filter(subject_id=subject_id).order_by("id"))
