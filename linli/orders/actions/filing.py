"""Orders of former years are filed and taken back. Nothing acts on them: no clock, no notice, no hands, no score."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from linli.kernel import clock, crypto, ids
from linli.kernel.actors import Actor
from linli.kernel.bulk import insert_rows
from linli.kernel.errors import Forbidden
from linli.ledger.record import Row, record, record_many
from linli.orders import access, clocks
from linli.orders.actions.common import count_history
from linli.orders.actions.opening import default_title, tokens_of
from linli.orders.drafts import OldOrder
from linli.orders.models import Order, OrderText, Voice, Word
from linli.orders.states import Door, OrderState, Way
from linli.standards import selectors as standards
from linli.standards.flow import END


@dataclass(slots=True)
class Filed:
    """What became of a portion: orders that are new, how many were there already, and the places in it whose number another
    order has."""

    made: list[Order] = field(default_factory=list)
    known: int = 0
    taken: list[int] = field(default_factory=list)


@transaction.atomic
def file_history(*, by: Actor, batch: str, old: Sequence[OldOrder]) -> Filed:
    """File some hundred orders of former years, each once however often it comes (by `key`). Raises Forbidden."""
    for row in old:
        s = row.stamp
        if not access.may_open(by, access.TAKE_IN, street_id=s.street_id, community_id=s.community_id, grid_id=s.grid_id):
            raise Forbidden()
    known = set(Order.objects.filter(key__in=[o.key for o in old]).values_list("key", flat=True))
    numbers = set(Order.objects.filter(number__in=[o.number for o in old]).values_list("number", flat=True))
    found, fresh = Filed(), []
    for n, row in enumerate(old):
        if row.key in known:
            found.known += 1
            continue
        if row.number in numbers:
            found.taken.append(n)
            continue
        known.add(row.key)
        numbers.add(row.number)
        fresh.append(row)
    if not fresh:
        return found
    found.made = [_order(row, batch, by) for row in fresh]
    pairs = list(zip(fresh, found.made, strict=True))
    events = [
        Row("order", o.id, o.street_id, o.community_id, o.grid_id, {"kind": o.kind, "category": o.category, "door": o.door, "batch": batch})
        for o in found.made
    ]  # fmt: skip
    voices = [_voice(row, o) for row, o in pairs if row.words or row.name or row.phone]
    words = [_result(row, o, event.id) for (row, o), event in zip(pairs, events, strict=True) if row.result]
    texts = [OrderText(order_id=o.id, tokens=tokens_of(o, row.words)) for row, o in pairs]
    insert_rows(found.made, voices, words, texts)
    record_many(by, "orders.file_history", events)
    count_history(by, found.made)
    return found


def _order(row: OldOrder, batch: str, by: Actor) -> Order:
    kind = standards.kinds()[row.kind]
    procedure = standards.procedure_for(row.kind)
    flow = standards.flow(procedure.code, procedure.version)
    thing = "" if kind.confidential else row.thing[:32]
    return Order(
        number=row.number, key=row.key, kind=row.kind, category=row.category or kind.category, procedure=procedure.code,
        procedure_version=procedure.version, clause=procedure.clause_code, door=Door.IMPORT, way=Way.RESIDENT,
        confidential=kind.confidential or flow.confidential, batch=batch, title=default_title(thing, kind.label)[:80], thing=thing,
        street_id=row.stamp.street_id, community_id=row.stamp.community_id, grid_id=row.stamp.grid_id,
        building_id=row.stamp.building_id, unit=row.stamp.unit[:16], place_text=row.stamp.text[:80], opened_at=row.opened_at,
        local_day=clock.local_day(row.opened_at), handled_at=row.closed_at, closed_at=row.closed_at or row.opened_at,
        voice_count=1 if row.words or row.name or row.phone else 0, opener_id=by.id if by.kind == "worker" else None,
        history=True, is_open=False, state=OrderState.CLOSED, light=clocks.NONE, ending="history", waits_answer=False,
        step=next(code for code, s in flow.steps.items() if s.type == END),
    )  # fmt: skip


def _voice(row: OldOrder, order: Order) -> Voice:
    return Voice(
        id=ids.new(), order_id=order.id, door=Door.IMPORT, words=row.words, name=row.name, phone=row.phone,
        phone_index=crypto.ring().index(row.phone), created_at=row.opened_at,
    )  # fmt: skip


def _result(row: OldOrder, order: Order, event_id: UUID) -> Word:
    return Word(
        id=ids.new(), order_id=order.id, event_id=event_id, verb="file_history", by_kind="system", at=row.closed_at or row.opened_at,
        text=row.result, public=True,
    )  # fmt: skip


@transaction.atomic
def take_back_history(*, by: Actor, batch: str, limit: int = 500) -> int:
    """Remove up to `limit` orders of a batch of history, with their voices and words; call it until nothing is left. The event
    names the days and places whose figures change. Raises Forbidden."""
    if not by.is_machine:
        raise Forbidden()
    if not batch:
        return 0
    rows = list(Order.objects.filter(batch=batch, history=True).order_by("id")[:limit])
    if not rows:
        return 0
    gone = [o.id for o in rows]
    for model in (OrderText, Word, Voice):
        model.objects.filter(order_id__in=gone).delete()
    Order.objects.filter(id__in=gone).delete()
    places = sorted({(o.local_day.isoformat(), str(o.street_id), str(o.community_id)) for o in rows})
    record(by, "orders.take_back_history", Row("batch", ids.new(), facts={"batch": batch, "orders": len(rows), "days": places}))
    return len(rows)
