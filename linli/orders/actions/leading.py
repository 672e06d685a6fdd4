"""What others want of an order: residents urge it (催办), leaders supervise it (督办)."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from linli.kernel import clock
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import BadInput, Forbidden, WrongState
from linli.ledger.models import Event
from linli.orders import access, hands
from linli.orders.actions.common import clean_words, tell
from linli.orders.actions.opening import open_orders
from linli.orders.drafts import Draft
from linli.orders.models import Order
from linli.orders.states import MOVES, SUPERVISES, Way

URGE_AGAIN = timedelta(hours=24)


@transaction.atomic
def urge_order(*, by: Actor, order_id: UUID, words: str = "") -> Order:
    """Somebody who waits reminds them. Once a day per person counts; the responsible person is told, when it is red the
    head too. Raises WrongState("urged_today")."""
    order = access.get_locked(by, order_id, "urge_order")
    MOVES.apply("urge_order", order)
    since = clock.now() - URGE_AGAIN
    if Event.objects.filter(subject_id=order.id, verb="orders.urge_order", actor_kind=by.kind, actor_id=by.id, at__gt=since).exists():
        raise WrongState("今天已经催过了，办事的人已经收到。有进展会马上告诉您。", "urged_today")
    order.urged += 1
    order.save(update_fields=["urged"])
    facts = {"to": str(order.responsible_id) if order.responsible_id else None, "times": order.urged}
    tell(by, "urge_order", order, facts, words=words.strip()[:500])
    return order


@transaction.atomic
def supervise_order(*, by: Actor, order_id: UUID, words: str, days: int = 2, inspection: bool = False) -> Order:
    """An order on an order: whoever has that one owes the issuer an answer within so many working days; the issuer closes it.

    Raises BadInput, WrongState when one of the same issuer is still open."""
    order = access.get_locked(by, order_id, "supervise_order")
    words = clean_words(words, "督办意见")
    MOVES.apply("supervise_order", order, words=words)
    if by.id is None:
        raise Forbidden()
    if not 1 <= days <= 30:
        raise BadInput("督办的时限请填 1 到 30 天。", "bad_days")
    about = Order.objects.filter(parent_id=order.id, relation=SUPERVISES)
    if about.filter(opener_id=by.id, is_open=True).exists():
        raise WrongState("您对这件事的督办还没有销号。", "supervised")
    name = "督查" if inspection else "督办"
    draft = Draft(
        kind=order.kind, category=order.category, stamp=hands.stamp_of(order), title=f"{name}：{order.title}", urgency=order.urgency,
        procedure="inspection" if inspection else "supervision", parent_id=order.id, relation=SUPERVISES, limit=days,
        confidential=order.confidential, key=f"watch:{order.id}:{about.count() + 1}", opener_id=by.id, way=Way.SUPERVISION,
    )  # fmt: skip
    made = open_orders(by=SYSTEM, drafts=[draft])[0]
    tell(by, "instruct_order", made, {"to": str(made.responsible_id) if made.responsible_id else None}, words=words)
    tell(by, "supervise_order", order, {"order": str(made.id)})
    return made
