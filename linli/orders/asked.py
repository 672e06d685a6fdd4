"""Requests for a pause, more time, or a second person's yes: reads."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from linli.kernel.actors import Actor
from linli.orders import access, labels
from linli.orders.actions.clocking import flow_to_show
from linli.orders.models import Order, Request
from linli.orders.states import MOVES, WAITS_FOR
from linli.ui import figures


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


def shown(actor: Actor, order: Order, row: Request, name: str) -> dict[str, Any]:
    """A request as the desk shows it: who asks for what, the words, and whether this reader decides it."""
    decides = row.asked_by != actor.id and access.may(actor, "grant_request", order) and MOVES.allows("grant_request", order.state)
    return {"id": row.id, "what": _what(order, row), "who": name or "同事", "at": row.asked_at, "words": row.words, "decides": decides,
            "own": row.asked_by == actor.id, "law": row.given.get("law", ""),
            "place": row.given.get("place", "")}  # fmt: skip


def _what(order: Order, row: Request) -> str:
    flow = flow_to_show(order)
    if row.kind == Request.PAUSE:
        until = figures.when(row.until) if row.until else ""
        return f"挂账：{WAITS_FOR.get(row.given.get('waits_for', ''), '')}，等到{until}"
    if row.kind == Request.EXTENSION:
        limit = flow.limits.get(row.clock)
        unit = "个工作日" if limit and limit.calendar == "days" else "小时" if limit and limit.calendar == "clock" else "工作小时"
        number = row.amount if unit == "个工作日" else row.amount / 60
        return f"延期：“{labels.clock(order, row.clock)}”多给 {number:g} {unit}"
    step = flow.step(order.step)
    outcome = step.outcome(row.given.get("outcome", ""))
    return f"确认结果：{outcome.label if outcome else '已经到了别的步骤'}"
