"""Looking is a deed too: who opened, printed, copied or exported an order, and who opened the sealed voices, is recorded,
so that "who could have known" is one query (known.py)."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden, NotFound
from linli.ledger.models import Event
from linli.ledger.record import record, record_many
from linli.orders import access
from linli.orders.actions.common import row_of
from linli.orders.models import Order, Voice

VIEW_AGAIN = timedelta(minutes=10)
#: `work` is the responsible person's, who cannot do anything without knowing what was said
PURPOSES = {"work": "办理这件事", "contact": "联系反映人", "verify": "核实情况", "visit": "上门走访", "rating": "电话回访"}


def _ask(by: Actor, verb: str, order: Order) -> None:
    if not access.reads(by, order):
        raise NotFound()
    if not access.may(by, verb, order):
        raise Forbidden()


@transaction.atomic
def view_order(*, by: Actor, order: Order) -> bool:
    """Somebody opened the order's page. Recorded once in ten minutes; True when it was. Raises NotFound."""
    _ask(by, "read", order)
    since = clock.now() - VIEW_AGAIN
    seen = Event.objects.filter(
        subject_id=order.id, verb="orders.view_order", actor_kind=by.kind, actor_id=by.id, at__gt=since
    )
    if seen.exists():
        return False
    record(by, "orders.view_order", row_of(order, {}))
    return True


@transaction.atomic
def view_voices(*, by: Actor, order: Order, purpose: str) -> list[Voice]:
    """Open the sealed voices for a purpose; the opening is recorded. Raises NotFound, Forbidden, BadInput."""
    _ask(by, "view_voices", order)
    if purpose not in PURPOSES:
        raise BadInput("请先选为什么要看反映人。", "missing_purpose")
    rows = list(order.voices.order_by("id"))
    record(by, "orders.view_voices", row_of(order, {"purpose": purpose, "voices": [str(v.id) for v in rows]}))
    return rows


@transaction.atomic
def call_voice(*, by: Actor, order: Order, voice_id: UUID) -> Voice:
    """Call a reporter with one tap: her number is opened and that is recorded. Raises NotFound, Forbidden."""
    _ask(by, "view_voices", order)
    if not access.may(by, "add_voices", order):
        raise Forbidden()
    voice = order.voices.filter(id=voice_id, state=Voice.ACTIVE).first()
    if voice is None:
        raise NotFound("没有找到这个发声。")
    record(by, "orders.call_voice", row_of(order, {"voices": [str(voice.id)]}))
    return voice


@transaction.atomic
def print_order(*, by: Actor, order: Order) -> None:
    """The slip was printed. Raises NotFound, Forbidden."""
    _ask(by, "print_order", order)
    record(by, "orders.print_order", row_of(order, {}))


@transaction.atomic
def copy_order(*, by: Actor, order: Order) -> None:
    """The neutral text was copied. Raises NotFound, Forbidden."""
    _ask(by, "copy_order", order)
    record(by, "orders.copy_order", row_of(order, {}))


@transaction.atomic
def export_orders(*, by: Actor, orders: Sequence[Order], file_id: UUID) -> None:
    """Each order of an exported list has its own event, so that one order's page knows of it. Raises Forbidden."""
    if not by.is_machine and not by.has_role(*access.RIGHTS["export_orders"]):
        raise Forbidden()
    record_many(by, "orders.export_orders", [row_of(o, {"file": str(file_id)}) for o in orders])
