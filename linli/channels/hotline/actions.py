"""The only writer of what came from the hotline and of what went back to it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from linli.channels.hotline import access
from linli.channels.hotline.sheet import Row as SheetRow
from linli.channels.hotline.sheet import Wrong
from linli.channels.models import HotlineSheet, Outside
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound, WrongState
from linli.ledger.record import Row, record, record_many
from linli.orders import access as order_access
from linli.orders import actions as orders
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Order

KEPT = timedelta(days=1)
STEP, OUTCOME = "reply", "copied"


@dataclass(slots=True)
class Told:
    """A row of the hotline and the order that it would be; `same`: the order of ours that is the same matter, which its caller
    then joins; `joins`: the number of an earlier row of the batch that is."""

    row: SheetRow
    draft: Draft
    same: UUID | None = None
    joins: str = ""


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


def take_sheet(*, by: Actor, sheet_id: UUID, taken: Sequence[Told]) -> list[Order]:
    """Take each row in under the hotline's number, in order; a number that is known gives the order that has it and changes
    nothing. The sheet is emptied, and is not taken twice.

    Raises NotFound for somebody else's sheet, Forbidden for a place that the actor takes nothing in for, WrongState where an
    order of the same matter is over meanwhile.
    """
    access.check(by)
    try:
        return _take(by, sheet_id, taken)
    except IntegrityError:
        # The same number in two files at the same moment: the other one was first, so it is known now.
        return _take(by, sheet_id, taken)


@transaction.atomic
def _take(by: Actor, sheet_id: UUID, taken: Sequence[Told]) -> list[Order]:
    rows = HotlineSheet.objects.filter(id=sheet_id, account_id=by.id)
    sheet = (rows.select_for_update() if connection.features.has_select_for_update else rows).first()
    if sheet is None:
        raise NotFound()
    if sheet.taken_at is not None:
        raise WrongState("这个文件已经转入过了。", "taken")
    made, fresh = _file(by, taken)
    sheet.rows, sheet.taken_at = "", clock.now()
    sheet.save(update_fields=["rows", "taken_at"])
    record_many(by, "channels.take_sheet", [_event(o, {"sheet": str(sheet.id), "joined": joined}) for o, joined in fresh])
    return made


def take_one(*, by: Actor, told: Told) -> tuple[Order, bool]:
    """One order of the hotline, and whether its number is new here; else nothing is changed. Raises as `take_sheet`."""
    access.check(by)
    try:
        return _take_one(by, told)
    except IntegrityError:
        return _take_one(by, told)


@transaction.atomic
def _take_one(by: Actor, told: Told) -> tuple[Order, bool]:
    made, fresh = _file(by, [told])
    record_many(by, "channels.take_one", [_event(o, {"joined": joined}) for o, joined in fresh])
    return made[0], bool(fresh)


def _event(order: Order, facts: dict[str, object]) -> Row:
    return Row("order", order.id, order.street_id, order.community_id, order.grid_id, facts)


def _file(by: Actor, taken: Sequence[Told]) -> tuple[list[Order], list[tuple[Order, bool]]]:
    """(the order of each row, those of new numbers with whether an order of ours was joined). The hotline's row goes beside the
    order; who called is one more voice of an order of the same matter, or the first of a new one."""
    there = dict(Outside.objects.filter(number__in=[t.row.number for t in taken]).values_list("number", "order_id"))
    fresh = [t for t in taken if t.row.number not in there]
    alone = [t for t in fresh if t.same is None and not t.joins]
    opened = orders.open_orders(by=by, drafts=[t.draft for t in alone]) if alone else []
    of = there | {t.row.number: o.id for t, o in zip(alone, opened, strict=True)}
    voices: dict[UUID, list[VoiceDraft]] = {}
    dues: dict[UUID, datetime] = {}
    joining = [t for t in fresh if t.same is not None or t.joins]
    for told in joining:
        into = told.same or of.get(told.joins)  # a row joins only what stands before it, which has its order by now
        if into is None:
            raise BadInput(f"{told.row.number} 要并到的那一行不在前面。", "same_gone")
        of[told.row.number] = into
        if told.draft.voice is not None:
            voices.setdefault(into, []).append(told.draft.voice)
            if (due := told.row.moment("due_at")) is not None:
                dues[into] = min(due, dues.get(into, due))
    if voices:
        orders.add_outside_voices(by=by, additions=voices, deadlines=dues)
    now = clock.now()
    Outside.objects.bulk_create([
        Outside(
            order_id=of[t.row.number], number=t.row.number, sent_at=t.row.moment("sent_at"), due_at=t.row.moment("due_at"),
            kind=t.row.kind, grade=t.row.grade, unit=t.row.unit, made_at=now,
        )
        for t in fresh
    ])  # fmt: skip
    found = Order.objects.in_bulk(set(of.values()))
    return [found[of[t.row.number]] for t in taken], [(found[of[t.row.number]], t.same is not None or bool(t.joins)) for t in fresh]


def is_owed(outside: Outside, order: Order) -> bool:
    """Is this number still to be told how the order, which is over, ended? Anew where it ended anew since."""
    ended = order.closed_at if order.ending == "reviewed" else order.handled_at
    return outside.carried_at is None or (ended is not None and ended > outside.carried_at)


@transaction.atomic
def carry_back(*, by: Actor, order_id: UUID, number: str = "") -> list[Outside]:
    """The result was copied into the hotline's platform, under one of the order's numbers or ("") all of them; where the
    order's flow waits for that, it goes on. Twice changes nothing. Raises NotFound, Forbidden, WrongState while there is nothing
    to carry."""
    order = order_access.get(by, order_id)
    rows = Outside.objects.filter(order_id=order.id).order_by("number")
    if number:
        rows = rows.filter(number=number)
    found = list(rows.select_for_update() if connection.features.has_select_for_update else rows)
    if not found:
        raise NotFound()
    access.check_back(by, order)
    waits = order.is_open and order.step == STEP
    if order.is_open and not waits:
        raise WrongState("还没有办理结果，办好以后再回填。", "no_result")
    owed = [o for o in found if waits or is_owed(o, order)]
    if not owed:
        return found
    if waits:
        orders.pass_step(by=by, order_id=order.id, outcome=OUTCOME)
    for outside in owed:
        outside.carried_at, outside.carried_by = clock.now(), by.id
        outside.save(update_fields=["carried_at", "carried_by"])
    record(by, "channels.carry_back", _event(order, {"at_step": waits, "numbers": len(owed)}))
    return found
