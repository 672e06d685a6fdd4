"""How an order ends: ratings, reopening (twice at most), review by another body, closing unrated."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from linli.grid import selectors as places
from linli.grid.duty import book as duty_book
from linli.kernel import clock
from linli.kernel.actors import CLOCK, Actor
from linli.kernel.errors import BadInput, NotFound, WrongState
from linli.kernel.roles import Role
from linli.orders import access, clocks
from linli.orders.actions.common import clean_words, count_ratings, ratings_by_speaker, stamp_of, tell
from linli.orders.actions.opening import Worktimes, new_clock
from linli.orders.models import Clock, Order, Voice
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
    data = standards.procedure(order.procedure, order.procedure_version).data
    now = clock.now()
    if order.handled_at is None or now > order.handled_at + timedelta(days=data["rate_days"]):
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
        _again(by, order, data["reopen_at_most"])
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


def _again(by: Actor, order: Order, at_most: int) -> None:
    if order.reopened >= at_most:
        _review(by, order)
        return
    MOVES.apply("reopen_order", order)
    now = clock.now()
    order.reopened += 1
    order.is_open, order.closed_at, order.handled_at, order.solved_in_time = True, None, None, None
    # Everybody is asked afresh about the new result; what was said of the old one stands in the events.
    _active(order).update(rating=Rating.UNRATED, rated_at=None)
    order.satisfied = order.so_so = order.unsolved = order.not_reached = 0
    _restart(order, now)
    order.light, order.late_of, order.waits_answer = clocks.GREEN, None, True
    order.save()
    responsible = str(order.responsible_id) if order.responsible_id else None
    tell(by, "reopen_order", order, {"times": order.reopened, "responsible": responsible})


def _restart(order: Order, now) -> None:  # type: ignore[no-untyped-def]
    """A second round of both clocks: who was not helped is owed an answer within the same limit again."""
    codes = places.calendar_codes(order.community_id)
    data = standards.procedure(order.procedure, order.procedure_version).data
    kind = standards.kinds()[order.kind]
    rounds = (
        (Clock.ANSWER, data["answer"]["calendar"], data["answer"]["minutes"], data["answer"]["ladder"]),
        (Clock.SOLVE, kind.solve_calendar, kind.solve_minutes, data["solve"]["ladder"]),
    )
    worktimes = Worktimes()
    rows = [
        new_clock(order, worktimes.get(calendar, codes), now, name, calendar, minutes, ladder, order.reopened)
        for name, calendar, minutes, ladder in rounds
    ]
    Clock.objects.bulk_create(rows)
    order.answer_due_at, order.solve_due_at = rows[0].due_at, rows[1].due_at


def _review(by: Actor, order: Order) -> None:
    """After two reopenings another body looks at it: a section of the street, else its leader, else the centre."""
    MOVES.apply("send_to_review", order)
    book = duty_book()
    stamp = stamp_of(order)
    reviewers = [*book.with_role(Role.STREET_SECTION, stamp.street_id), *book.street(stamp), *book.centre()]
    before = order.responsible_id
    order.responsible_id, order.responsible_via = next((r for r in reviewers if r != before), before), "review"
    order.is_open, order.closed_at, order.solved_in_time = True, None, None
    order.light = clocks.NONE
    order.save()
    tell(by, "send_to_review", order, {"from": str(before), "to": str(order.responsible_id)})


@transaction.atomic
def conclude_review(*, by: Actor, order_id: UUID, words: str) -> Order:
    """The reviewing body's final letter: what was found, and where to go next. The order ends."""
    order = access.get_locked(by, order_id, "conclude_review")
    words = clean_words(words, "最终答复")
    MOVES.apply("conclude_review", order, words=words)
    order.closed_at, order.is_open, order.light, order.ending = clock.now(), False, clocks.NONE, "reviewed"
    order.save()
    tell(by, "conclude_review", order, words=words, public=True)
    return order


def _close(by: Actor, order: Order, ending: str) -> None:
    MOVES.apply("close_order", order)
    order.closed_at, order.is_open, order.light = clock.now(), False, clocks.NONE
    order.save(update_fields=["state", "closed_at", "is_open", "light"])
    tell(by, "close_order", order, {"how": ending})


def close_unrated(*, limit: int = 200) -> int:
    """Close what nobody rated within the days of its procedure: 未评价 stays a value of its own. Returns how many."""
    now = clock.now()
    days = max(p.data["rate_days"] for p in [standards.procedure("group_appeal")])
    due = Order.objects.filter(state=OrderState.HANDLED, handled_at__lt=now - timedelta(days=days))
    done = 0
    for order_id in list(due.order_by("handled_at").values_list("id", flat=True)[:limit]):
        with transaction.atomic():
            order = access.get_locked(CLOCK, order_id, "close_order")
            # Reopened and handled anew since we looked? Then its days begin anew.
            if order.state == OrderState.HANDLED and order.handled_at and order.handled_at < now - timedelta(days=days):
                _close(CLOCK, order, "unrated")
                done += 1
    return done
