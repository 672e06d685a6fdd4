"""What a call says: the event's verb and the order as GeoReport shows it, without reporter or words of staff."""

import json
from typing import Any

from linli.channels.open311 import requests
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.ledger.models import Event
from linli.orders.models import Order

#: verbs that other systems can hear of; those that open or show sealed things are not among them
VERBS = (
    "orders.open_orders", "orders.accept_order", "orders.answer_order", "orders.transfer_order", "orders.assign_order",
    "orders.return_order", "orders.claim_order", "orders.dispatch_order", "orders.take_back_order", "orders.pass_step",
    "orders.raise_order", "orders.grant_request", "orders.resume_order", "orders.handle_order", "orders.rate_order",
    "orders.reopen_order", "orders.conclude_review", "orders.close_order", "orders.void_order", "orders.merge_orders",
)  # fmt: skip


def of(event: Event, order: Order) -> bytes:
    """JSON of one event. The order is as it is now: a receiver that comes late hears the present state."""
    data: dict[str, Any] = requests.shown(SYSTEM, [order])[0]
    body = {"type": event.verb, "timestamp": clock.local(event.at).isoformat(), "data": data}
    return json.dumps(body, ensure_ascii=False).encode()
