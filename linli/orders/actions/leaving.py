"""Somebody has left the service: what was in her hands comes into others', never into nobody's."""

from uuid import UUID

from django.db import transaction

from linli.grid.duty import book as duty_book
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.orders import access, hands
from linli.orders.actions.clocking import flow_of
from linli.orders.actions.common import tell
from linli.orders.models import Order
from linli.orders.states import OrderState
from linli.standards.selectors import BrokenProcedure


def hand_over_orders(*, by: Actor, account_id: UUID) -> int:
    """Each open order in the hands of somebody who is no longer in use goes to whom its step's rule finds, else to the
    centre; the clocks go on. Returns how many. Nothing happens while she is in use."""
    if not duty_book().has_left(account_id):
        return 0
    done = 0
    for order_id in list(Order.objects.filter(responsible_id=account_id, is_open=True).order_by("id").values_list("id", flat=True)):
        done += _hand_over(by, account_id, order_id)
    return done


@transaction.atomic
def _hand_over(by: Actor, account_id: UUID, order_id: UUID) -> bool:
    order = access.get_locked(by, order_id, "assign_order")
    if order.responsible_id != account_id:
        return False
    book, now = duty_book(), clock.now()
    try:
        to, via = hands.find(order, flow_of(order).step(order.step).who, book, now)
    except BrokenProcedure:
        to, via = hands.find(order, "centre", book, now)
    if to is None or to == account_id:
        to, via = next(iter(book.centre()), None), hands.GAP
    order.responsible_id, order.responsible_via = to, via
    if order.state == OrderState.WORKING:
        order.state = OrderState.ASSIGNED.value
    order.save(update_fields=["responsible_id", "responsible_via", "state"])
    tell(by, "assign_order", order, {"from": str(account_id), "to": str(to) if to else None, "via": via})
    return True
