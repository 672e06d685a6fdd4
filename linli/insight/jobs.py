"""Events mark days; every few seconds the cells of marked days are counted again."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from linli.insight import actions
from linli.kernel import clock
from linli.kernel.actors import CLOCK
from linli.ledger.handlers import every, on
from linli.ledger.models import Event
from linli.orders.models import Order

COUNTED = (
    "orders.open_orders", "orders.add_voices", "orders.remove_voice", "orders.answer_order",
    "orders.correct_order", "orders.handle_order", "orders.rate_order", "orders.reopen_order", "orders.send_to_review",
    "orders.conclude_review", "orders.close_order", "orders.void_order", "orders.warn_order", "orders.pass_step",
    "orders.return_order", "orders.merge_orders", "orders.split_order", "orders.grant_request",
    "orders.replan_clocks", "orders.claim_order", "orders.dispatch_order", "orders.take_back_order", "orders.accept_order",
    "orders.note_order", "orders.request_pause", "orders.request_extension", "orders.request_outcome", "orders.resume_order", "orders.move_voices",
)  # fmt: skip
#: the hours in which a community's year is clustered
NIGHT = range(1, 5)
#: events of many orders at once: their facts name the days
OF_MANY = ("orders.count_history", "orders.take_back_history")


@on(*COUNTED, *OF_MANY, name="insight.mark_cells", batch=500)
def mark_cells(events: Sequence[Event]) -> None:
    """The days on which the orders concerned were opened."""
    ids = {e.subject_id for e in events if e.subject_kind == "order"}
    days = set(Order.objects.filter(id__in=ids).values_list("local_day", "street_id", "community_id"))
    for event in events:
        days |= {(date.fromisoformat(d), UUID(s), UUID(c)) for d, s, c in event.facts.get("days", ())}
    actions.mark_cells(days)


@every(3, name="insight.refresh_cells")
def refresh_cells() -> None:
    """Portions until no day is marked."""
    while actions.refresh_cells():
        pass


@every(60, name="insight.make_week_sheets")
def make_week_sheets() -> None:
    """Monday 8:00; a worker that was away then makes it when it comes back."""
    actions.make_week_sheets(by=CLOCK)


@every(60, name="insight.cluster_year")
def cluster_year() -> None:
    """One community at a time, each once a night: the clustering of a large one takes seconds in which the worker does nothing else."""
    if clock.local(clock.now()).hour in NIGHT:
        actions.cluster_year()
