"""What a door hands to `open_orders`: the matter and the first voice, not yet an order."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from linli.grid.selectors import Stamp
from linli.language import Understanding
from linli.language.staff import against_staff
from linli.orders.states import Door

COMPLAINT = "complaint"


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


@dataclass(frozen=True, slots=True)
class Concern:
    """Whom a matter without a reporter concerns: a member of a group, her account where she has one."""

    account_id: UUID | None = None
    member_id: UUID | None = None
    group_id: UUID | None = None


@dataclass(slots=True)
class Draft:
    """One matter. `key` makes the opening idempotent; `history_at` files it closed, without clock or notice.

    procedure: its code ("" that of a resident's word of this kind). due_at: the deadline of the *solved* clock, where
    somebody else has set it. limit: the amount of the first step's own limit in its calendar's unit, where who opens it
    sets it.
    """

    kind: str
    stamp: Stamp
    voice: VoiceDraft | None = None
    thing: str = ""
    category: str = ""
    title: str = ""
    urgency: int = 0
    question: bool = False
    key: str | None = None
    history_at: datetime | None = None
    batch: str = ""
    to_account: UUID | None = None
    procedure: str = ""
    way: str = ""
    line: str = ""
    parent_id: UUID | None = None
    relation: str = ""
    due_at: datetime | None = None
    limit: int = 0
    campaign_id: UUID | None = None
    door: str = ""
    confidential: bool = False
    #: who stands behind it when the machine opens it for her (督办, 协办)
    opener_id: UUID | None = None
    #: the machine is not sure of kind and category: a person is asked to confirm them
    unsure: bool = False
    concern: Concern | None = None


def client_key(account_id: UUID | None, key: str) -> str:
    """A client's key under its account's name; as a digest, because cut off two keys could become one."""
    return f"api:{account_id}:{sha256(key.encode(errors='replace')).hexdigest()[:36]}"


@dataclass(slots=True)
class OldOrder:
    """One order of former years, over long ago. `number`: as it was, or one that the batch gives it; `words` and `result` are
    sealed, `name` and `phone` are the reporter's. `key` makes filing idempotent. Moments are UTC."""

    key: str
    number: str
    kind: str
    stamp: Stamp
    opened_at: datetime
    closed_at: datetime | None = None
    category: str = ""
    thing: str = ""
    words: str = ""
    result: str = ""
    name: str = ""
    phone: str = ""


def told_kind(words: str, u: Understanding) -> str:
    """The kind of a matter that reached us through other hands (the hotline, paper): words against our own people take their
    own road, and what is no question of ours is a wish for help."""
    if u.intent not in ("emergency", "sensitive") and against_staff(words):
        return COMPLAINT
    return u.kind if u.kind and u.kind != "consult" else "help"
