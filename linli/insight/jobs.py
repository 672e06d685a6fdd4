"""Events mark cells; every few seconds the marked cells are counted again."""

from collections.abc import Sequence

from linli.insight import actions
from linli.ledger.handlers import every, on
from linli.ledger.models import Event
from linli.orders.models import Order

COUNTED = (
    "orders.open_orders", "orders.file_history", "orders.add_voices", "orders.remove_voice", "orders.answer_order",
    "orders.correct_order", "orders.handle_order", "orders.rate_order", "orders.reopen_order", "orders.send_to_review",
    "orders.conclude_review", "orders.close_order", "orders.void_order", "orders.warn_order",
)  # fmt: skip


@on(*COUNTED, name="insight.mark_cells", batch=500)
def mark_cells(events: Sequence[Event]) -> None:
    """The cell of each order concerned, and the one that a corrected category has left."""
    ids = {e.subject_id for e in events}
    rows = Order.objects.filter(id__in=ids).values_list("id", "local_day", "street_id", "community_id", "category")
    keys = {(day, street, community, category) for _, day, street, community, category in rows}
    places = {row[0]: row[1:4] for row in rows}
    for event in events:
        before = event.facts.get("category_from")
        if before and event.subject_id in places:
            keys.add((*places[event.subject_id], before))
    actions.mark_cells(keys)


@every(3, name="insight.refresh_cells")
def refresh_cells() -> None:
    """Portions until none is dirty."""
    while actions.refresh_cells():
        pass
