"""What several verbs share: the event row of an order, its words, its clocks and its live topics."""

from datetime import datetime
from typing import Any
from uuid import UUID

from linli.grid.selectors import Stamp
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput
from linli.ledger import wake
from linli.ledger.record import Row, record
from linli.orders import clocks
from linli.orders.models import Clock, Order, Voice, Word
from linli.orders.states import Rating

MAX_WORDS = 2000


def stamp_of(order: Order) -> Stamp:
    """The place an order is stamped with."""
    return Stamp(
        order.street_id, order.community_id, order.grid_id, order.building_id, order.unit, order.place_text
    )


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


def refresh_light(order: Order) -> None:
    """Store the order's light: the worst of its running clocks. The caller saves the order."""
    rows = dict(Clock.objects.filter(order_id=order.id, state=Clock.RUNNING).values_list("light", "late_of"))
    order.light = clocks.worst(list(rows))
    order.late_of = rows[order.light] if order.light == clocks.RED else None


def meet_clock(order: Order, name: str, at: datetime) -> bool | None:
    """Stop a running clock because what it waits for is done; True when in time, None when it was not running."""
    row = Clock.objects.filter(order_id=order.id, name=name, state=Clock.RUNNING).first()
    if row is None:
        return None
    row.state, row.met_at, row.next_at = Clock.MET, at, None
    row.save(update_fields=["state", "met_at", "next_at"])
    return at <= row.due_at


def stop_clocks(order: Order) -> None:
    """The order ended without the clocks' matter being done (void)."""
    Clock.objects.filter(order_id=order.id, state=Clock.RUNNING).update(state=Clock.STOPPED, next_at=None)


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
