"""What a door or a channel adapter hands to `receive`: one message, not yet stored."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.kernel import crypto


@dataclass(slots=True)
class Inbound:
    """account + dedupe_key name the message for ever. `member_id` may be None when the sender is unknown.

    hint: what the door already knows, in codes: {"door": "qr", "building": id, "unit": "2单元", "for": {...}}.
    """

    group_id: UUID
    community_id: UUID
    account: str
    dedupe_key: str
    text: str
    member_id: UUID | None
    sent_at: datetime
    kind: str = "text"
    blob_ids: list[str] = field(default_factory=list)
    hint: dict[str, Any] = field(default_factory=dict)
    history: bool = False
    #: "own": said to 小栖 alone (form, code on the wall), it stands on the sender's own page and not in the group
    audience: str = "group"


def page_key(member_id: UUID, key: str, text: str, files: str = "") -> str:
    """The dedupe key of something said on a page or by the API: one sending is one message however often it arrives, while
    other words under the same `key` are another message (its answer got lost, and she went on writing)."""
    return f"{member_id.hex}:{key}:{crypto.ring().index(f'{text}|{files}')[:6]}"
