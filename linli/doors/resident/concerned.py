"""A matter that concerns a person without her having reported it: what was done, told in plain words to her alone, and until
when she may object. Nothing of who found it, of staff's notes or of others."""

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.actors import Actor
from linli.orders import actions as orders
from linli.orders.models import Clock, Concerned, Order, Word
from linli.orders.states import OrderState
from linli.standards import shelf

MOST = 10


@dataclass(frozen=True, slots=True)
class Concern:
    """`told`: (when, words) that were told her, oldest first. `until`: the end of the running limit: hers to object, or of whoever
    decides. `state`: open, deciding, undone, over."""

    order: Order
    clause: str
    told: list[tuple[datetime, str]]
    state: str
    until: datetime | None
    objection: str


def concerns(actor: Actor) -> list[Concern]:
    """The matters that concern this person, newest first; one in which nothing was done yet is not told."""
    if actor.kind not in ("resident", "worker") or actor.id is None:
        return []
    found = [c.order for c in Concerned.objects.filter(account_id=actor.id).select_related("order").order_by("-order_id")[:MOST]]
    told: dict = {o.id: [] for o in found}
    for word in Word.objects.filter(order_id__in=list(told), public=True).order_by("at", "id"):
        told[word.order_id].append((word.at, word.text))
    shown = [_concern(o, told[o.id]) for o in found]
    return [c for c in shown if c.objection or c.told]


def _concern(order: Order, told: list[tuple[datetime, str]]) -> Concern:
    objection = orders.objection(order, concerned=True)
    deciding = order.state == OrderState.REVIEW
    state = "open" if objection else "deciding" if deciding else "undone" if order.ending == "undone" else "over" if not order.is_open else "going"
    until = None
    if objection or deciding:
        rows = Clock.objects.filter(order_id=order.id, name=order.step, state=Clock.RUNNING)
        until = rows.values_list("due_at", flat=True).first()
    clause = shelf.clause(order.clause, order.opened_at)
    return Concern(order, f"《{clause.document.title}》" if clause else "规范", told, state, until, objection)
