"""What a call says: the event's verb, the order as GeoReport shows it, where it stands here, and what the event says in codes, numbers and
times. No reporter, no colleague, no words of staff."""

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
    "orders.split_order", "orders.add_voices", "orders.correct_order", "orders.warn_order", "orders.urge_order", "orders.supervise_order",
    "orders.send_to_review", "orders.request_pause", "orders.request_extension", "orders.request_outcome", "orders.refuse_request",
)  # fmt: skip
#: what of an event goes out, by its own name; whom it was given to, who asked and who spoke does not
SAID = (
    "clock", "percent", "light", "people", "times", "outcome", "ending", "step_from", "step", "level", "what", "waits_for", "until", "amount",
    "kind", "category",
)  # fmt: skip


def of(event: Event, order: Order) -> bytes:
    """JSON of one event. The order is as it is now: a receiver that comes late hears the present state."""
    data: dict[str, Any] = requests.shown(SYSTEM, [order])[0]
    said = {name: event.facts[name] for name in SAID if isinstance(event.facts.get(name), str | int | float | bool)}
    now = {"light": order.light, "step": order.step, "state": order.state, "warning": order.warning, "voices": order.voice_count}
    body = {"type": event.verb, "timestamp": clock.local(event.at).isoformat(), "data": data, "order": now, "about": said}
    return json.dumps(body, ensure_ascii=False).encode()
