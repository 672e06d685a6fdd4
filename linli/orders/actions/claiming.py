"""The pool (C7): claimed by exactly one, dispatched when nobody claims, taken back when nothing happens."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from linli.accounts import selectors as accounts
from linli.grid.duty import book as duty_book
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import Conflict, Forbidden, WrongState
from linli.kernel.roles import Role
from linli.orders import access, hands
from linli.orders.actions import stepping
from linli.orders.actions.clocking import flow_of
from linli.orders.actions.common import clean_words, tell
from linli.orders.actions.working import check_assignee
from linli.orders.models import Order
from linli.orders.states import MOVES, OrderState
from linli.standards.flow import CLAIM, TAKEN_BACK_AT_MOST


@transaction.atomic
def claim_order(*, by: Actor, order_id: UUID) -> Order:
    """Take a pooled order for oneself; exactly one claimant wins.

    Raises Conflict when somebody was faster, Forbidden when the procedure names other roles, WrongState("too_many") at the
    cap of open claimed orders, so that nobody hoards.
    """
    order = access.get_locked(by, order_id, "claim_order")
    if order.state != OrderState.POOLED:
        raise Conflict("别的同志已经领走了。", "already_claimed")
    MOVES.apply("claim_order", order)
    step = flow_of(order).step(order.step)
    if not access.may_claim(by, order, step.roles):
        raise Forbidden("这类事项不由您的岗位领办。")
    if step.cap and by.id:
        # Two claims of one person at once would each count without the other.
        accounts.lock(by.id)
    have = Order.objects.filter(claimer_id=by.id, responsible_id=by.id, is_open=True).count() if step.cap else 0
    if step.cap and have >= step.cap:
        raise WrongState(f"您手上领办的还有 {have} 件没办完，先办好几件再领。", "too_many")
    # SQLite knows no row lock: the guarded update decides who was first, on both databases.
    if not Order.objects.filter(id=order.id, state=OrderState.POOLED).update(claimer_id=by.id):
        raise Conflict("别的同志已经领走了。", "already_claimed")
    order.claimer_id = order.responsible_id = by.id
    order.responsible_via = "claimed"
    facts = stepping.enter(order, step.outcomes[0].to, clock.now(), keep_hands=True)
    if order.state == OrderState.ASSIGNED:
        order.state = OrderState.WORKING.value
    order.save()
    tell(by, "claim_order", order, facts | {"to": str(by.id)})
    return order


@transaction.atomic
def dispatch_order(*, by: Actor, order_id: UUID, to: UUID, words: str = "") -> Order:
    """The centre gives a pooled order to somebody. Raises BadInput when that one does not serve the place."""
    order = access.get_locked(by, order_id, "dispatch_order")
    MOVES.apply("dispatch_order", order, to=to)
    check_assignee(order, to)
    give(by, order, to, "dispatched", words=words.strip())
    return order


def give(by: Actor, order: Order, to: UUID | None, via: str, *, words: str = "", percent: int = 0) -> None:
    """Out of the pool into somebody's hands; the order is locked by the caller."""
    step = flow_of(order).step(order.step)
    order.claimer_id = order.responsible_id = to
    order.responsible_via = via
    facts = stepping.enter(order, step.outcomes[0].to, clock.now(), keep_hands=True)
    order.save()
    facts |= {"to": str(to) if to else None, "via": via} | ({"percent": percent} if percent else {})
    tell(by, "dispatch_order", order, facts, words=words)


@transaction.atomic
def take_back_order(*, by: Actor, order_id: UUID, words: str) -> Order:
    """Out of idle hands, back into the pool, with the reason."""
    order = access.get_locked(by, order_id, "take_back_order")
    MOVES.apply("take_back_order", order, words=clean_words(words, "收回原因"))
    put_back(by, order, words=words)
    return order


def put_back(by: Actor, order: Order, *, words: str = "") -> None:
    """Into the pool again, or, after that happened twice, to the centre for good. Raises WrongState without a pool."""
    flow, now = flow_of(order), clock.now()
    claim = next((s for s in flow.steps.values() if s.type == CLAIM), None)
    if claim is None:
        raise WrongState("这份流程没有领办，请改用指派。", "no_pool")
    before = order.responsible_id
    order.taken_back += 1
    if order.taken_back > TAKEN_BACK_AT_MOST:
        centre = next(iter(duty_book().centre()), None)
        order.responsible_id, order.responsible_via, order.state = centre or before, "taken_back", OrderState.ASSIGNED.value
        facts = {"to": str(order.responsible_id)}
    else:
        facts = stepping.enter(order, claim.code, now)
    order.save()
    tell(by, "take_back_order", order, facts | {"from": str(before), "times": order.taken_back}, words=words)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Who could take an order, and why: one name, and a reason that tells nothing of anybody else (no count, no load, no leave)."""

    account_id: UUID
    reason: str


#: so many open orders more than a colleague of the same place are clearly more
CLEARLY = 3


def suggest(order: Order) -> Suggestion | None:
    """A fair suggestion: whoever knows the line, else whom the place belongs to, unless a colleague of the same community
    has clearly less in hand. None where nobody is."""
    book, now = duty_book(), clock.now()
    stamp = hands.stamp_of(order)
    if order.line:
        skilled = book.nearest(Role.LINE_WORKER, stamp, now, order.line)
        there = [i for i in skilled if not book.is_away(i, now) and book.has_line(i, order.line)]
        if there:
            return Suggestion(_least(there)[0], "专做这一条线的社工")
    first, via = hands.of_worker(order, book, now)
    if first is None:
        return None
    near = [i for i in book.workers_of(stamp) if not book.is_away(i, now) and i != first]
    best, fewer = _least([first, *near])
    if via in ("worker", "stand_in") and best != first and fewer > CLEARLY:
        return Suggestion(best, "同社区的社工，这一片也熟")
    why = {"worker": "本网格的责任社工", "stand_in": "按代班安排", "head": "社区书记", "colleague": "同社区的社工"}
    return Suggestion(first, why.get(via, "当班的人"))


def _least(people: Sequence[UUID]) -> tuple[UUID, int]:
    """Who of these has least in hand (the first of equals), and how much less than the first."""
    held = Order.objects.filter(responsible_id__in=people, is_open=True).values_list("responsible_id", flat=True)
    counts = Counter(i for i in held if i)
    best = min(people, key=lambda i: counts[i])
    return best, counts[people[0]] - counts[best]
