"""REST of groups: a member reads and says; everybody else does not know that there is a group."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from linli.groups import access, actions, selectors, veil
from linli.groups.inbound import Inbound, page_key
from linli.groups.models import Group, Message
from linli.groups.pace import check_pace
from linli.kernel import clock, ids
from linli.kernel.errors import BadInput, Conflict
from linli.kernel.rest import PROBLEMS, actor

router = Router(tags=["groups"])
MOST_WORDS = 2000


class GroupOut(Schema):
    """A group that the caller is in."""

    id: UUID
    name: str
    channel: str
    community_id: UUID
    muted: bool


class MessageOut(Schema):
    """One message as this member sees it; `name` is what the speaker is called in the group, 小栖 for the machine."""

    id: UUID
    name: str
    mine: bool
    kind: str
    text: str
    card: dict[str, Any]
    at: datetime


class NewMessage(Schema):
    """What is said. The same `key` again stores nothing new."""

    text: str = Field(min_length=1, max_length=MOST_WORDS)
    key: str = Field("", max_length=40)


class Said(Schema):
    """Stored; 小栖 reads it a moment later. `new` is False when the key had been used."""

    id: UUID
    new: bool


@router.get("/groups", response={200: list[GroupOut], **PROBLEMS}, operation_id="my_groups")
def my_groups(request: HttpRequest) -> list[Group]:
    """The groups that the caller is a member of."""
    by = actor(request)
    return selectors.groups_of(by.id) if by.id else []


@router.get("/groups/{uuid:group_id}/messages", response={200: list[MessageOut], **PROBLEMS}, operation_id="read_messages")
def read_messages(request: HttpRequest, group_id: UUID, after: UUID | None = None) -> list[dict[str, Any]]:
    """Up to fifty messages, oldest first: the newest, or those after a message."""
    by = actor(request)
    member = access.member(by, group_id)
    rows = selectors.messages_for(member, after=after)
    people = {m.id: m for m in veil.covered(by, selectors.nicknames(r.member_id for r in rows).values())}
    texts = veil.texts(by, rows)
    return [
        {"id": r.id, "mine": r.member_id == member.id, "kind": r.kind, "text": texts[r.id], "card": r.card, "at": r.sent_at,
         "name": people[r.member_id].nickname if r.member_id in people else "小栖"}
        for r in rows
    ]  # fmt: skip


@router.post("/groups/{uuid:group_id}/messages", response={202: Said, **PROBLEMS}, operation_id="say_message")
def say_message(request: HttpRequest, group_id: UUID, body: NewMessage) -> Status[dict[str, Any]]:
    """Say something in a group of one's own: stored before it is acknowledged."""
    by = actor(request)
    member = access.member(by, group_id)
    if member.group.channel != Group.PAGE:
        raise BadInput("这是微信群的转入页，请在微信群里说。", "relay_group")
    if not body.text.strip():
        raise BadInput("还没有内容，写一句再发。", "empty")
    check_pace(member)
    # The page's own account and key, so that a message sent by both ways at once is still one message.
    account, key = f"page:{group_id}", page_key(member.id, body.key or str(ids.new()), body.text)
    said = Message.objects.filter(account=account, dedupe_key__startswith=f"{member.id.hex}:{body.key}:").exclude(dedupe_key=key)
    if body.key and said.exists():
        raise Conflict("这个 key 已经用过，那次说的是别的话；请换一个 key 再发。", "key_used")
    stored = actions.receive(
        by,
        [Inbound(group_id, member.group.community_id, account, key, body.text, member.id, clock.now(), hint={"door": "group"})],
    )
    if stored:
        return Status(202, {"id": stored[0].id, "new": True})
    known = Message.objects.get(account=account, dedupe_key=key)
    return Status(202, {"id": known.id, "new": False})
