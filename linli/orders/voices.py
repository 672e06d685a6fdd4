"""The sealed voices as an opened panel shows them, to whoever may open them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from linli.accounts import selectors as accounts
from linli.files import selectors as files
from linli.files.models import Blob
from linli.grid.models import Home
from linli.kernel import clock, masking
from linli.kernel.actors import Actor
from linli.ledger.models import Event
from linli.orders import access, labels
from linli.orders.models import Order, Voice
from linli.orders.states import Rating

OPEN_FOR = timedelta(hours=1)


@dataclass(slots=True)
class Card:
    """One voice, opened. `phone` is whole only for those who work on the order, else masked and not callable."""

    id: UUID
    name: str
    home: str
    phone: str
    callable: bool
    words: str
    at: datetime
    door: str
    rating: str
    removed: bool
    behalf: bool
    blobs: list[Blob] = field(default_factory=list)


def cards(actor: Actor, order: Order, rows: Sequence[Voice]) -> list[Card]:
    """The panel's cards, in the order in which people spoke. Call only after `actions.view_voices`."""
    works = access.may(actor, "add_voices", order)
    people = accounts.names(v.account_id for v in rows if v.account_id)
    homes = {h.id: h for h in Home.objects.filter(id__in=[v.home_id for v in rows if v.home_id])}
    blobs = files.get_blobs(UUID(b) for v in rows for b in v.blob_ids)
    found = []
    for v in rows:
        name = v.name or (people.get(v.account_id, "") if v.account_id else "")
        number = phone_of(v)
        home = homes.get(v.home_id) if v.home_id else None
        found.append(
            Card(
                id=v.id, name=(name if works else masking.mask_name(name)) or "没有留名",
                home=f"{home.unit}{home.room if works else '***'}" if home else "",
                phone=number if works else masking.mask_phone(number), callable=works and bool(number), words=v.words,
                at=v.created_at, door=labels.DOOR_LABELS.get(v.door, ""),
                rating=labels.RATING_LABELS[Rating(v.rating)] if v.rating != Rating.UNRATED else "",
                removed=v.state == Voice.REMOVED, behalf=v.for_voice_id is not None,
                blobs=[blobs[UUID(b)] for b in v.blob_ids if UUID(b) in blobs],
            )
        )  # fmt: skip
    return found


def phone_of(voice: Voice) -> str:
    """The number a voice left, or that of its account; "" when there is none."""
    return voice.phone or (accounts.phone_of(voice.account_id) if voice.account_id else "")


def first_callable(order: Order) -> UUID | None:
    """The first active voice with a number, for the one-tap call; the number itself stays sealed. A few statements."""
    for voice in order.voices.filter(state=Voice.ACTIVE).order_by("id")[:5]:
        if phone_of(voice):
            return voice.id
    return None


def opened_blob(actor: Actor, order: Order, blob_id: UUID) -> bool:
    """Has this actor opened the order's voices within the last hour, and is the blob one of theirs?"""
    if not access.may(actor, "view_voices", order):
        return False
    if not any(str(blob_id) in v.blob_ids for v in order.voices.all()):
        return False
    return Event.objects.filter(
        subject_id=order.id, verb="orders.view_voices", actor_kind=actor.kind, actor_id=actor.id,
        at__gt=clock.now() - OPEN_FOR,
    ).exists()  # fmt: skip
