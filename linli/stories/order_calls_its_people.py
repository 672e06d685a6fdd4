"""Who has to do with an order hears of it in her messages: assigned, transferred, returned, reopened, for review."""

from collections.abc import Sequence
from uuid import UUID

from linli.grid.duty import book as duty_book
from linli.kernel.actors import BOT
from linli.kernel.roles import Role
from linli.ledger.handlers import on
from linli.ledger.models import Event
from linli.notices import actions as notices
from linli.orders import access
from linli.orders.actions.common import stamp_of
from linli.orders.models import Order

KIND = {
    "orders.open_orders": "order_assigned", "orders.assign_order": "order_assigned",
    "orders.transfer_order": "order_transferred", "orders.return_order": "order_returned",
    "orders.reopen_order": "order_reopened", "orders.send_to_review": "order_review",
}  # fmt: skip


@on("orders.correct_order", name="stories.sensitive_order_calls_the_street", batch=200)
def sensitive_order_calls_the_street(events: Sequence[Event]) -> None:
    """A matter found out later to be sensitive is told to the same people as one that was so from the first word."""
    sensitive = [e for e in events if e.facts.get("sensitive")]
    orders = Order.objects.in_bulk({e.subject_id for e in sensitive})
    notices.notify_many(by=BOT, rows=[_stability_centre(orders[e.subject_id], e) for e in sensitive])


@on(*KIND, name="stories.order_calls_its_people", batch=200)
def order_calls_its_people(events: Sequence[Event]) -> None:
    """The responsible person; at night the duty officer of the roster is rung, so a word to her does not wait."""
    orders = Order.objects.in_bulk({e.subject_id for e in events})
    rows = []
    for event in events:
        order = orders[event.subject_id]
        to = event.facts.get("to") or event.facts.get("responsible") or order.responsible_id
        if not to:
            continue
        on_roster = order.responsible_via in ("roster", "duty", "gap")
        kind = KIND[event.verb]
        if kind == "order_assigned" and order.procedure == "question":
            kind = "question_waiting"
        params = {"number": order.number, "due": order.answer_due_at.isoformat() if order.answer_due_at else None}
        rows.append(
            notices.NoticeDraft(
                account_ids=[UUID(str(to))], kind=kind, subject_kind="order", subject_id=order.id,
                dedupe_key=str(event.id), params=params, urgent=order.urgency > 0 or on_roster,
            )
        )  # fmt: skip
        if order.confidential and order.kind not in access.BEYOND and event.verb == "orders.open_orders":
            rows.append(_stability_centre(order, event))
    notices.notify_many(by=BOT, rows=rows)


def _stability_centre(order: Order, event: Event) -> notices.NoticeDraft:
    """A sensitive matter is known to the street's stability centre from its first minute (orders.md)."""
    book = duty_book()
    stamp = stamp_of(order)
    people = book.with_role(Role.STABILITY_CENTRE, order.street_id) or book.street(stamp)
    return notices.NoticeDraft(
        account_ids=list(people), kind="order_assigned", subject_kind="order", subject_id=order.id,
        dedupe_key=f"{event.id}:street", params={"number": order.number}, urgent=True,
    )  # fmt: skip
