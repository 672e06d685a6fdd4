"""What other systems write to an order."""

from uuid import UUID

from django.db import IntegrityError, transaction

from linli.channels.models import OutsideUpdate
from linli.channels.open311 import requests
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict
from linli.ledger.record import Row, record
from linli.orders import actions as orders
from linli.orders.models import Order


def take_update(*, by: Actor, number: str, outside_id: str, status: str, words: str) -> UUID:
    """Another system's progress on an order: closed with a result, or a note for whoever has it. The same id again gives
    the update that it made. Raises NotFound, Forbidden, WrongState, BadInput."""
    if not outside_id or len(outside_id) > 80:
        raise BadInput("请给出 update_id（最多 80 个字符）。", "missing_update_id")
    if status not in ("open", "closed"):
        raise BadInput("status 只能是 OPEN 或 CLOSED。", "bad_status")
    order = requests.one(by, number)
    known = _known(by, outside_id, order)
    if known is not None:
        return known
    try:
        return _take(by, order, outside_id, status, words)
    except IntegrityError:
        # The same id at the same moment: the other one was first.
        known = _known(by, outside_id, order)
        if known is None:
            raise
        return known


def _known(by: Actor, outside_id: str, order: Order) -> UUID | None:
    known = OutsideUpdate.objects.filter(account_id=by.id, outside_id=outside_id).first()
    if known is not None and known.order_id != order.id:
        raise Conflict("这个 update_id 已经用在别的事情上了。", "update_id_taken")
    return known.id if known else None


@transaction.atomic
def _take(by: Actor, order: Order, outside_id: str, status: str, words: str) -> UUID:
    assert by.id is not None
    made = OutsideUpdate.objects.create(account_id=by.id, outside_id=outside_id, order_id=order.id, made_at=clock.now())
    if status == "closed":
        orders.handle_order(by=by, order_id=order.id, words=words)
    else:
        orders.note_order(by=by, order_id=order.id, words=words)
    record(by, "channels.take_update", Row("order", order.id, order.street_id, order.community_id, order.grid_id, {"update": str(made.id)}))
    return made.id
