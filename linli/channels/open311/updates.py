"""Service request updates: what was told to the reporters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from linli.channels.open311 import requests
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.orders import board
from linli.orders.models import Word

#: verbs after which an order is no longer open
CLOSING = frozenset({"handle_order", "conclude_review", "void_order"})


def find(actor: Actor, window: tuple[datetime, datetime], numbers: Sequence[str]) -> list[dict[str, Any]]:
    """Public words of the visible orders within the window, oldest first, at most 1,000; to a guest what was answered in public.
    Staff's notes never go out, nor who spoke."""
    orders = requests.visible(actor)
    if numbers:
        orders = orders.filter(number__in=numbers)
    rows = Word.objects.filter(public=True, at__gte=window[0], at__lte=window[1], order__in=orders)
    if actor.kind == "guest":
        seen = {t.event_id for t in board.answers(list(orders.order_by("-id")[: requests.MOST]))}
        rows = rows.filter(event_id__in=seen)
    found = list(rows.select_related("order").order_by("id")[: requests.MOST])
    told = requests.words_told((w.order, w) for w in found)
    return [
        {
            "update_id": w.id.hex, "service_request_id": w.order.number, "status": "closed" if w.verb in CLOSING else "open",
            "updated_datetime": clock.local(w.at).isoformat(timespec="seconds"), "description": told[w.id], "media_url": "",
        }
        for w in found
    ]  # fmt: skip
