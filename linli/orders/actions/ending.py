"""How an order ends: ratings, reopening (as often as its procedure says), review by another body, closing unrated."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from linli.kernel import clock
from linli.kernel.actors import CLOCK, Actor
from linli.kernel.errors import BadInput, NotFound, WrongState
from linli.orders import access
from linli.orders.actions import scoring, stepping
from linli.orders.actions.clocking import flow_of
from linli.orders.actions.common import count_ratings, ratings_by_speaker, tell
from linli.orders.models import Order, Voice
from linli.orders.states import MOVES, OrderState, Rating
from linli.standards import selectors as standards


@transaction.atomic
def rate_order(*, by: Actor, order_id: UUID, voice_id: UUID, rating: str, how: str = "page", words: str = "") -> Order:
    """One voice rates the result. 没解决 within the days of the procedure reopens; every voice content closes.

    Raises BadInput for an unknown rating, WrongState when the order is not handled or the days are over,
    NotFound for a voice of another order.
    """
    order = access.get_locked(by, order_id, "rate_order")
    try:
        value = Rating(rating)
    except ValueError as exc:
        raise BadInput("请在满意、一般、没解决里选一个。", "bad_rating") from exc
    if value is Rating.UNRATED or (value is Rating.NOT_REACHED and by.kind in ("resident", "link")):
        raise BadInput("请在满意、一般、没解决里选一个。", "bad_rating")
    MOVES.apply("rate_order", order, rating=value)
    voice = Voice.objects.filter(id=voice_id, order_id=order.id, state=Voice.ACTIVE).first()
    mine = {"resident": "account_id", "link": "id"}.get(by.kind)
    if voice is None or (mine and getattr(voice, mine) != by.id):
        raise NotFound("没有找到您的这件事。")
    flow = flow_of(order)
    now = clock.now()
    if order.handled_at is None or now > order.handled_at + timedelta(days=flow.rate_days):
        raise WrongState("评价的期限已过。如果问题还在，请再说一次，我们重新受理。")
    if value is Rating.UNSOLVED and order.ending == "reviewed":
        raise WrongState("街道复核后已经给出最终答复，这件事不再重办。不同意的，可以按答复里写的去处再提。", "final")
    # Somebody who spoke twice says once whether it helped.
    rows = [v.id for v in _active(order).defer("words", "name", "phone") if v.speaker == voice.speaker]
    Voice.objects.filter(id__in=rows).update(rating=value, rated_at=now, rated_how=how)
    count_ratings(order)
    order.save(update_fields=["satisfied", "so_so", "unsolved", "not_reached"])
    tell(by, "rate_order", order, {"voice": str(voice.id), "rating": value.value, "how": how}, words=words.strip())
    if value is Rating.UNSOLVED:
        _again(by, order)
    else:
        close_rated(by, order)
    return order


def close_rated(by: Actor, order: Order) -> None:
    """End a handled order when each of its people has said what she thinks. The order is locked by the caller."""
    ratings = ratings_by_speaker(order).values()
    if order.state == OrderState.HANDLED and ratings and Rating.UNRATED not in ratings:
        _close(by, order, "rated")


def _active(order: Order):  # type: ignore[no-untyped-def]
    return order.voices.filter(state=Voice.ACTIVE)


def _again(by: Actor, order: Order) -> None:
    flow = flow_of(order)
    if order.reopened >= flow.again_at_most:
        _review(by, order)
        return
    MOVES.apply("reopen_order", order)
    now = clock.now()
    order.reopened += 1
    order.handled_at, order.solved_in_time = None, None
    # Everybody is asked afresh about the new result; what was said of the old one stands in the events.
    _active(order).update(rating=Rating.UNRATED, rated_at=None)
    order.satisfied = order.so_so = order.unsolved = order.not_reached = 0
    order.waits_answer = flow.answers
    stepping.restart(order, now)
    # The responsible person stays until somebody reassigns; only a step of another body finds its own.
    stays = flow.step(flow.again_to).who in ("place", "claimer")
    facts = stepping.enter(order, flow.again_to, now, who="same" if stays else "")
    order.save()
    responsible = str(order.responsible_id) if order.responsible_id else None
    tell(by, "reopen_order", order, facts | {"times": order.reopened, "responsible": responsible})
    scoring.score_order(by, order, "reopen")


def _review(by: Actor, order: Order) -> None:
    """Reopened often enough: another body looks at it, whose letter is final."""
    MOVES.apply("send_to_review", order)
    order.solved_in_time = None
    facts = stepping.enter(order, flow_of(order).again_then, clock.now())
    order.save()
    tell(by, "send_to_review", order, facts)


def _close(by: Actor, order: Order, how: str) -> None:
    flow = flow_of(order)
    MOVES.apply("close_order", order)
    stepping.enter(order, stepping.after_rating(order, flow), clock.now())
    order.save()
    tell(by, "close_order", order, {"how": how})


def _versions_by_days() -> dict[int, dict[str, list[int]]]:
    """Days to rate → procedure → its versions with that many; an order keeps the days of the version it runs under."""
    found: dict[int, dict[str, list[int]]] = {}
    for row in standards.versions():
        try:
            days = standards.flow(row.code, row.version).rate_days
        except standards.BrokenProcedure:
            continue
        if days:
            found.setdefault(days, {}).setdefault(row.code, []).append(row.version)
    return found


def close_unrated(*, limit: int = 200) -> int:
    """Close what nobody rated within the days of its procedure: 未评价 stays a value of its own. Returns how many."""
    now = clock.now()
    due = Q(pk__in=[])
    for days, versions in _versions_by_days().items():
        mine = Q(pk__in=[])
        for code, numbers in versions.items():
            mine |= Q(procedure=code, procedure_version__in=numbers)
        due |= Q(mine, handled_at__lt=now - timedelta(days=days))
    done = 0
    waiting = Order.objects.filter(due, state=OrderState.HANDLED)
    for order_id in list(waiting.order_by("handled_at").values_list("id", flat=True)[:limit]):
        with transaction.atomic():
            order = access.get_locked(CLOCK, order_id, "close_order")
            days = flow_of(order).rate_days
            # Reopened and handled anew since we looked? Then its days begin anew.
            if order.state == OrderState.HANDLED and order.handled_at and order.handled_at < now - timedelta(days=days):
                _close(CLOCK, order, "unrated")
                done += 1
    return done
