"""Requests for a pause, more time, or a second person's yes: reads."""

from collections.abc import Sequence
from uuid import UUID

from linli.kernel.actors import Actor
from linli.orders import access
from linli.orders.models import Order, Request


def of_order(actor: Actor, order_id: UUID) -> list[Request]:
    """All requests of an order that the actor may know of, newest first. Raises NotFound; [] for who is no staff."""
    order = access.get(actor, order_id)
    if actor.kind != "worker":
        return []
    return list(order.requests.order_by("-id"))


def waiting(order: Order) -> list[Request]:
    """Those of an order that nobody has decided yet."""
    return list(order.requests.filter(state=Request.OPEN).order_by("id"))


def for_decider(actor: Actor, *, limit: int = 100) -> Sequence[tuple[Request, Order]]:
    """What waits for this actor's yes or no, oldest first; never her own."""
    rows = Request.objects.filter(state=Request.OPEN).exclude(asked_by=actor.id).select_related("order").order_by("id")[: limit * 5]
    return [(r, r.order) for r in rows if access.may(actor, "grant_request", r.order)][:limit]
