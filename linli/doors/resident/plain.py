"""Plain words for a resident about an order: its state, whether it can be rated, what she said of it."""

from datetime import timedelta

from linli.kernel import clock
from linli.orders import road
from linli.orders.models import Order
from linli.orders.states import PLAIN, RATING_LABELS, OrderState, Rating
from linli.standards import selectors as standards

S = OrderState
TONES = {S.POOLED: "info", S.WAITING: "lamp", S.ASSIGNED: "info", S.WORKING: "leaf", S.HANDLED: "lamp", S.REVIEW: "info", S.CLOSED: "", S.VOID: ""}


def state(order: Order, mine: bool) -> str:
    """已受理, 处理中 …; whoever is no voice of the order is not asked to rate it."""
    now = OrderState(order.state)
    if now is S.HANDLED and not mine:
        return "已办结"
    if order.history:
        return "历史"
    return PLAIN[now]


def short(order: Order, mine: bool, rating: str | None) -> str:
    """The same for a small card: 待您评价 only while she has not said."""
    if order.state == S.HANDLED:
        return "待您评价" if mine and not rated(rating) else "已办结"
    return state(order, mine)


def tone(order: Order) -> str:
    """The colour of the label; the word says it all."""
    return TONES[OrderState(order.state)]


def simple(order: Order) -> bool:
    """Has the order's procedure one working step only, so that naming it says nothing?"""
    return road.plain(standards.flow(order.procedure, order.procedure_version))


def rate_days(order: Order) -> int:
    """For how many days after the result a voice may say whether it helped."""
    return standards.flow(order.procedure, order.procedure_version).rate_days


def may_rate(order: Order) -> bool:
    """Is there a result, and is it still time to say whether it helped?"""
    if order.state not in (S.HANDLED, S.CLOSED) or order.handled_at is None or order.history:
        return False
    return clock.now() <= order.handled_at + timedelta(days=rate_days(order))


def rated(rating: str | None) -> str:
    """满意, 一般, 没解决; "" while she has not said."""
    return "" if not rating or rating == Rating.UNRATED else RATING_LABELS[Rating(rating)]
