"""What the machine was not sure of: a guess for it, and a person's decision, from which the machine learns."""

from uuid import UUID

from django.db import transaction

from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.lessons import examples
from linli.lessons.examples import Decision
from linli.lessons.models import Example
from linli.orders.actions.common import tell
from linli.orders.models import Doubt, Order, Voice
from linli.standards import selectors as standards
from linli.standards.seed import CATEGORY_LABELS


@transaction.atomic
def suggest_fields(*, by: Actor, order_id: UUID, kind: str = "", category: str = "", place: str = "") -> Doubt:
    """Put a language model's guess beside the doubt; nothing of the order changes. Raises NotFound where no doubt is open (any
    more), BadInput for codes that are none."""
    if kind and kind not in standards.kinds() or category and category not in CATEGORY_LABELS:
        raise BadInput("没有这一类。", "unknown_kind")
    doubt = Doubt.objects.select_related("order").filter(order_id=order_id, settled_at=None, order__confidential=False).first()
    if doubt is None:
        raise NotFound()
    doubt.suggested_kind, doubt.suggested_category, doubt.suggested_place = kind, category, place[:40]
    doubt.save(update_fields=["suggested_kind", "suggested_category", "suggested_place"])  # it may be settled at this moment
    tell(by, "suggest_fields", doubt.order, {"kind": kind, "category": category})
    return doubt


def settle(by: Actor, order: Order, *, decided: bool, category: str) -> dict[str, str]:
    """A person has said what the order is (`decided`: otherwise than the machine; `category` "" where she said nothing of
    it). Returns facts for her event."""
    open_doubt = bool(Doubt.objects.filter(order_id=order.id, settled_at=None).update(settled_at=clock.now()))
    words = list(Voice.objects.filter(order_id=order.id, state=Voice.ACTIVE).order_by("id").values_list("words", flat=True))
    if order.confidential:
        examples.forget(words)
        return {}
    if not words or not (decided or open_doubt):
        return {}
    source = Example.CORRECT if decided else Example.CONFIRM
    intent = "" if order.kind == "consult" else "appeal"
    examples.keep(by, [Decision(words[0], source, intent, order.kind, category, order.urgency)])
    return {} if decided else {"confirmed": "yes"}


def of(order: Order) -> Doubt | None:
    """The order's open doubt, if it has one."""
    return Doubt.objects.filter(order_id=order.id, settled_at=None).first()
