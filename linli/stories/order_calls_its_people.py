"""Who has to do with an order hears of it in her messages: assigned, transferred, returned, reopened, for review."""

from collections.abc import Sequence
from uuid import UUID

from linli.grid.duty import book as duty_book
from linli.kernel import clock
from linli.kernel.actors import BOT
from linli.kernel.roles import Role
from linli.ledger.handlers import on
from linli.ledger.models import Event
from linli.notices import actions as notices
from linli.orders import access, hands
from linli.orders.hands import stamp_of
from linli.orders.models import Order
from linli.orders.states import CHILD, SUPERVISES, OrderState

KIND = {
    "orders.open_orders": "order_assigned", "orders.assign_order": "order_assigned",
    "orders.transfer_order": "order_transferred", "orders.return_order": "order_returned",
    "orders.reopen_order": "order_reopened", "orders.send_to_review": "order_review", "orders.dispatch_order": "order_dispatched",
    "orders.raise_order": "order_raised", "orders.pass_step": "order_step", "orders.handle_order": "order_step",
    "orders.urge_order": "order_urged", "orders.resume_order": "order_resumed", "orders.take_back_order": "order_taken_over",
}  # fmt: skip
#: verbs after which somebody has to do something only when the order came into other hands
MOVED = ("orders.pass_step", "orders.handle_order")
REQUESTS = {"orders.request_pause": "pause", "orders.request_extension": "extension", "orders.request_outcome": "outcome"}


@on("orders.correct_order", name="stories.sensitive_order_calls_the_street", batch=200)
def sensitive_order_calls_the_street(events: Sequence[Event]) -> None:
    """A matter found out later to be sensitive is told to the same people as one that was so from the first word."""
    sensitive = [e for e in events if e.facts.get("sensitive")]
    orders = Order.objects.in_bulk({e.subject_id for e in sensitive})
    notices.notify_many(by=BOT, rows=[row for e in sensitive for row in _told_of_sensitive(orders[e.subject_id], e)])


@on(*KIND, name="stories.order_calls_its_people", batch=200)
def order_calls_its_people(events: Sequence[Event]) -> None:
    """The responsible person; at night the duty officer of the roster is rung, so a word to her does not wait."""
    orders = Order.objects.in_bulk({e.subject_id for e in events})
    rows = []
    for event in events:
        order = orders[event.subject_id]
        to = event.facts.get("to") or event.facts.get("responsible") or order.responsible_id
        if event.verb in MOVED:
            to = event.facts.get("to") if order.is_open else None
        if event.verb == "orders.open_orders" and order.state == OrderState.POOLED:
            rows.append(_pooled(order, event))
            continue
        if event.verb == "orders.take_back_order":
            rows += _taken_back(order, event)
            to = event.facts.get("to")
        if not to or to == str(event.actor_id):
            continue
        on_roster = order.responsible_via in ("roster", "duty", "gap")
        kind = KIND[event.verb]
        if kind == "order_assigned" and order.procedure == "question":
            kind = "question_waiting"
        elif kind == "order_assigned" and order.relation in RELATED:
            kind = RELATED[order.relation]
        elif kind == "order_assigned" and not order.waits_answer:
            kind = "order_step"
        due = order.answer_due_at if order.waits_answer else order.due_at
        params = {"number": order.number, "due": due.isoformat() if due else None, "clock": order.step}
        rows.append(
            notices.NoticeDraft(
                account_ids=[UUID(str(to))], kind=kind, subject_kind="order", subject_id=order.id,
                dedupe_key=str(event.id), params=params, urgent=order.urgency > 0 or on_roster,
            )
        )  # fmt: skip
        if order.confidential and order.kind not in access.BEYOND and event.verb == "orders.open_orders":
            rows += _told_of_sensitive(order, event)
    notices.notify_many(by=BOT, rows=rows)


def _taken_back(order: Order, event: Event) -> list[notices.NoticeDraft]:
    """Who had it hears that it is no longer hers; who may claim it hears that it can be claimed again."""
    rows = [_pooled(order, event)] if order.state == OrderState.POOLED else []
    lost = event.facts.get("from")
    if lost and lost not in ("None", str(event.actor_id)):
        rows.insert(0, notices.NoticeDraft(
            account_ids=[UUID(lost)], kind="order_taken_back", subject_kind="order", subject_id=order.id, dedupe_key=str(event.id),
            params={"number": order.number},
        ))  # fmt: skip
    return rows


RELATED = {CHILD: "order_child", SUPERVISES: "order_supervised"}


def _pooled(order: Order, event: Event) -> notices.NoticeDraft:
    """Something new in the pool: whoever's place it is, and the head; not everybody who might claim it."""
    book, now = duty_book(), clock.now()
    holder, _ = hands.find(order, "place", book, now)
    people = {i for i in (holder, *book.heads(stamp_of(order))) if i}
    return notices.NoticeDraft(
        account_ids=sorted(people), kind="order_pooled", subject_kind="order", subject_id=order.id, dedupe_key=str(event.id),
        params={"number": order.number, "due": order.due_at.isoformat() if order.due_at else None}, urgent=order.urgency > 0,
    )  # fmt: skip


@on(*REQUESTS, name="stories.request_calls_its_decider", batch=200)
def request_calls_its_decider(events: Sequence[Event]) -> None:
    """Who may say yes hears of it: the community's head; for her own and for sections', the street's leader."""
    orders = Order.objects.in_bulk({e.subject_id for e in events})
    book = duty_book()
    rows = []
    for event in events:
        order = orders[event.subject_id]
        stamp = stamp_of(order)
        heads = [i for i in book.heads(stamp) if i != event.actor_id]
        people = heads if heads and order.level < 2 and order.kind not in access.BEYOND else book.street(stamp)
        rows.append(
            notices.NoticeDraft(
                account_ids=[i for i in people if i != event.actor_id], kind="request_waiting", subject_kind="order",
                subject_id=order.id, dedupe_key=str(event.id), params={"number": order.number, "request": REQUESTS[event.verb]},
            )
        )  # fmt: skip
    notices.notify_many(by=BOT, rows=rows)


@on("orders.grant_request", "orders.refuse_request", name="stories.request_tells_its_asker", batch=200)
def request_tells_its_asker(events: Sequence[Event]) -> None:
    """Whoever asked hears the decision."""
    orders = Order.objects.in_bulk({e.subject_id for e in events})
    notices.notify_many(
        by=BOT,
        rows=[
            notices.NoticeDraft(
                account_ids=[UUID(e.facts["asked_by"])], subject_kind="order", subject_id=e.subject_id, dedupe_key=str(e.id),
                kind="request_granted" if e.verb == "orders.grant_request" else "request_refused",
                params={"number": orders[e.subject_id].number, "request": e.facts["what"]},
            )
            for e in events
        ],
    )  # fmt: skip


@on("orders.pass_step", "orders.handle_order", name="stories.child_tells_its_parent", batch=200)
def child_tells_its_parent(events: Sequence[Event]) -> None:
    """The last of the joint units has answered: the lead can sum up."""
    children = [o for o in Order.objects.in_bulk({e.subject_id for e in events}).values() if o.relation == CHILD and not o.is_open]
    parents = Order.objects.in_bulk({o.parent_id for o in children if o.parent_id})
    waiting = set(
        Order.objects.filter(parent_id__in=list(parents), relation=CHILD, is_open=True).values_list("parent_id", flat=True)
    )
    notices.notify_many(
        by=BOT,
        rows=[
            notices.NoticeDraft(
                account_ids=[p.responsible_id], kind="children_done", subject_kind="order", subject_id=p.id,
                dedupe_key=f"children:{p.id}:{sum(1 for o in children if o.parent_id == p.id)}:{max(o.id for o in children)}",
                params={"number": p.number},
            )
            for p in parents.values() if p.responsible_id and p.is_open and p.id not in waiting
        ],
    )  # fmt: skip


def _told_of_sensitive(order: Order, event: Event) -> list[notices.NoticeDraft]:
    """The street at once, and the department of its kind, once for the order."""
    book, now = duty_book(), clock.now()
    rows = [_stability_centre(order, event)]
    for line in access.DEPARTMENTS.get(order.kind, ()):
        people = [i for i in book.nearest(Role.DEPARTMENT, stamp_of(order), now, line) if book.has_line(i, line)]
        if people:
            rows.append(
                notices.NoticeDraft(
                    account_ids=people, kind="order_to_know", subject_kind="order", subject_id=order.id,
                    dedupe_key=f"{order.id}:department", params={"number": order.number}, urgent=True,
                )
            )  # fmt: skip
            break
    return rows


def _stability_centre(order: Order, event: Event) -> notices.NoticeDraft:
    """A sensitive matter is known to the street's stability centre from its first minute (orders.md)."""
    book = duty_book()
    stamp = stamp_of(order)
    people = book.with_role(Role.STABILITY_CENTRE, order.street_id) or book.street(stamp)
    return notices.NoticeDraft(
        account_ids=list(people), kind="order_assigned", subject_kind="order", subject_id=order.id,
        dedupe_key=f"{event.id}:street", params={"number": order.number}, urgent=True,
    )  # fmt: skip
