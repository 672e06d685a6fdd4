"""The only writer of what came from the hotline and of what went back to it."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from linli.channels.hotline import access
from linli.channels.hotline.sheet import Row as SheetRow
from linli.channels.hotline.sheet import Wrong
from linli.channels.models import HotlineSheet, Outside
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import NotFound, WrongState
from linli.ledger.record import Row, record, record_many
from linli.orders import access as order_access
from linli.orders import actions as orders
from linli.orders.drafts import Draft
from linli.orders.models import Order

KEPT = timedelta(days=1)
STEP, OUTCOME = "reply", "copied"


def key_of(number: str) -> str:
    """The order's key of an outside number: the same number again opens nothing."""
    return f"hotline:{number}"


@transaction.atomic
def keep_sheet(*, by: Actor, name: str, rows: Sequence[SheetRow], wrongs: Sequence[Wrong] = ()) -> HotlineSheet:
    """Keep what was read of a file, sealed, until its reader has confirmed it, at most a day. Raises Forbidden."""
    access.check(by)
    assert by.id is not None
    HotlineSheet.objects.filter(made_at__lt=clock.now() - KEPT).delete()
    held = {"rows": [asdict(r) for r in rows], "wrongs": [asdict(w) for w in wrongs]}
    sheet = HotlineSheet.objects.create(account_id=by.id, made_at=clock.now(), name=name[:120], rows=json.dumps(held, ensure_ascii=False))
    record(by, "channels.keep_sheet", Row("sheet", sheet.id, facts={"rows": len(rows), "wrong": len(wrongs)}))
    return sheet


def held_in(sheet: HotlineSheet) -> tuple[list[SheetRow], list[Wrong]]:
    """The rows of a sheet that was not taken yet, and what was wrong in the file."""
    held = json.loads(sheet.rows)
    return [SheetRow(**r) for r in held["rows"]], [Wrong(**w) for w in held["wrongs"]]


def take_sheet(*, by: Actor, sheet_id: UUID, taken: Sequence[tuple[SheetRow, Draft]]) -> list[Order]:
    """Open an order for each row under the hotline's number, in order; a number that is known gives the order that has it
    and changes nothing. The sheet is emptied, and is not taken twice.

    Raises NotFound for somebody else's sheet, Forbidden for a place that the actor takes nothing in for.
    """
    access.check(by)
    try:
        return _take(by, sheet_id, taken)
    except IntegrityError:
        # The same number in two files at the same moment: the other one was first, so it is known now.
        return _take(by, sheet_id, taken)


@transaction.atomic
def _take(by: Actor, sheet_id: UUID, taken: Sequence[tuple[SheetRow, Draft]]) -> list[Order]:
    rows = HotlineSheet.objects.filter(id=sheet_id, account_id=by.id)
    sheet = (rows.select_for_update() if connection.features.has_select_for_update else rows).first()
    if sheet is None:
        raise NotFound()
    if sheet.taken_at is not None:
        raise WrongState("这个文件已经转入过了。", "taken")
    made = orders.open_orders(by=by, drafts=[draft for _, draft in taken])
    known = set(Outside.objects.filter(order_id__in=[o.id for o in made]).values_list("order_id", flat=True))
    fresh = [(row, order) for (row, _), order in zip(taken, made, strict=True) if order.id not in known]
    now = clock.now()
    Outside.objects.bulk_create([
        Outside(
            order_id=order.id, number=row.number, sent_at=row.moment("sent_at"), due_at=row.moment("due_at"), kind=row.kind,
            grade=row.grade, unit=row.unit, made_at=now,
        )
        for row, order in fresh
    ])  # fmt: skip
    sheet.rows, sheet.taken_at = "", now
    sheet.save(update_fields=["rows", "taken_at"])
    facts = {"sheet": str(sheet.id)}
    record_many(by, "channels.take_sheet", [Row("order", o.id, o.street_id, o.community_id, o.grid_id, facts) for _, o in fresh])
    return made


@transaction.atomic
def carry_back(*, by: Actor, order_id: UUID) -> Outside:
    """The result was copied into the hotline's platform; where the order's flow waits for that, it goes on. Twice changes
    nothing. Raises NotFound, Forbidden, WrongState while there is nothing to carry."""
    order = order_access.get(by, order_id)
    rows = Outside.objects.filter(order_id=order.id)
    outside = (rows.select_for_update() if connection.features.has_select_for_update else rows).first()
    if outside is None:
        raise NotFound()
    access.check_back(by, order)
    waits = order.is_open and order.step == STEP
    if order.is_open and not waits:
        raise WrongState("还没有办理结果，办好以后再回填。", "no_result")
    if outside.carried_at is not None and not waits:
        return outside
    if waits:
        orders.pass_step(by=by, order_id=order.id, outcome=OUTCOME)
    outside.carried_at, outside.carried_by = clock.now(), by.id
    outside.save(update_fields=["carried_at", "carried_by"])
    record(by, "channels.carry_back", Row("order", order.id, order.street_id, order.community_id, order.grid_id, {"at_step": waits}))
    return outside
