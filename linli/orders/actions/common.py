"""What several verbs share: the event row of an order, its words, its ratings and its live topics."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput
from linli.ledger import wake
from linli.ledger.record import Row, record
from linli.orders.models import Order, Voice, Word
from linli.orders.states import Rating

MAX_WORDS = 2000


def row_of(order: Order, facts: dict[str, Any], event_id: UUID | None = None) -> Row:
    """An event row about an order."""
    return Row(
        "order", order.id, order.street_id, order.community_id, order.grid_id, facts, event_id or ids.new()
    )


def tell(by: Actor, verb: str, order: Order, facts: dict[str, Any] | None = None, *, words: str = "", blobs: list[str] | None = None, public: bool = False) -> UUID:
    """Record the event and, with it, what the person wrote. Returns the event's id."""
    row = row_of(order, facts or {})
    if words or blobs:
        Word.objects.create(
            order_id=order.id, event_id=row.id, verb=verb, by_kind=by.kind, by_id=by.id, at=clock.now(),
            text=words, blob_ids=blobs or [], public=public,
        )  # fmt: skip
    record(by, f"orders.{verb}", row)
    touch(order)
    return row.id


def count_history(by: Actor, orders: Sequence[Order]) -> None:
    """One event for many orders of former years: on which days figures change. Their own events call nobody, for nothing acts."""
    days = sorted({(o.local_day.isoformat(), str(o.street_id), str(o.community_id)) for o in orders})
    record(by, "orders.count_history", Row("history", ids.new(), facts={"orders": len(orders), "days": days}))


def touch(*orders: Order) -> None:
    """Live topics of orders: the order itself and the lists of its community."""
    wake.touch({f"o:{o.id}" for o in orders} | {f"c:{o.community_id}" for o in orders})


def clean_words(words: str, what: str = "内容") -> str:
    """Trim; raises BadInput when empty or too long. Nothing is cut off in silence."""
    words = words.replace("\x00", "").strip()
    if not words:
        raise BadInput(f"请写一写{what}。", "missing_words")
    if len(words) > MAX_WORDS:
        raise BadInput(f"{what}太长了，请控制在 {MAX_WORDS} 字以内。", "too_long")
    return words


def ratings_by_speaker(order: Order) -> dict[UUID, str]:
    """What each of the order's people says of the result; UNRATED who has not said."""
    found: dict[UUID, str] = {}
    for voice in order.voices.filter(state=Voice.ACTIVE).order_by("id").defer("words", "name", "phone"):
        if voice.rating != Rating.UNRATED or voice.speaker not in found:
            found[voice.speaker] = voice.rating
    return found


RATED = (Rating.SATISFIED, Rating.SO_SO, Rating.UNSOLVED, Rating.NOT_REACHED)


def count_ratings(order: Order) -> None:
    """Ratings are counted from the voices, never added up: a changed mind counts once, a removed voice not at all, and
    somebody who spoke twice is one. The caller saves the order's four figures."""
    ratings = list(ratings_by_speaker(order).values())
    order.satisfied, order.so_so, order.unsolved, order.not_reached = (ratings.count(r) for r in RATED)
