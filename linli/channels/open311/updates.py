"""Service request updates: what was told to the reporters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from linli.channels.open311 import requests
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.orders.models import Word

#: verbs after which an order is no longer open
CLOSING = frozenset({"handle_order", "conclude_review", "void_order"})


def find(actor: Actor, window: tuple[datetime, datetime], numbers: Sequence[str]) -> list[dict[str, Any]]:
    """Public words of the visible orders within the window, oldest first, at most 1,000. Staff's notes never go out."""
    rows = Word.objects.filter(public=True, at__gte=window[0], at__lte=window[1], order__in=requests.visible(actor))
    if numbers:
        rows = rows.filter(order__number__in=numbers)
    return [
        {
            "update_id": w.id.hex, "service_request_id": w.order.number, "status": "closed" if w.verb in CLOSING else "open",
            "updated_datetime": clock.local(w.at).isoformat(timespec="seconds"), "description": w.text, "media_url": "",
        }
        for w in rows.select_related("order").order_by("id")[: requests.MOST]
    ]  # fmt: skip
