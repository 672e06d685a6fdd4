"""What a door hands to `open_orders`: the matter and the first voice, not yet an order."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from linli.grid.selectors import Stamp
from linli.orders.states import Door


@dataclass(slots=True)
class VoiceDraft:
    """Who spoke, in plain keys; words, name and phone are sealed on arrival."""

    words: str = ""
    group_id: UUID | None = None
    member_id: UUID | None = None
    account_id: UUID | None = None
    message_id: UUID | None = None
    home_id: UUID | None = None
    name: str = ""
    phone: str = ""
    door: str = Door.GROUP
    blob_ids: list[str] = field(default_factory=list)
    #: on behalf of: a second voice (the person concerned) beside the one who speaks
    behalf: "VoiceDraft | None" = None


@dataclass(slots=True)
class Draft:
    """One matter. `key` makes the opening idempotent; `history_at` files it closed, without clock or notice."""

    kind: str
    stamp: Stamp
    voice: VoiceDraft
    thing: str = ""
    category: str = ""
    title: str = ""
    urgency: int = 0
    question: bool = False
    key: str | None = None
    history_at: datetime | None = None
    batch: str = ""
    to_account: UUID | None = None
