"""Let the cast talk: `say(...)` is one message through the real path, `heard(...)` what 小栖 answered to it."""

from linli.assistant.intake import take_in
from linli.groups import actions as groups
from linli.groups.inbound import Inbound
from linli.groups.models import Message
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.ledger.delivery import deliver_all


def say(cast, who: str, text: str, *, kind: str = "text", hint: dict | None = None, blobs: list[str] | None = None, key: str = "") -> Message:
    """A member of the cast says something in her group; it is taken in and its consequences delivered."""
    member = cast.member[who]
    group = member.group
    rows = groups.receive(
        Actor("resident", member.account_id),
        [Inbound(group.id, group.community_id, f"page:{group.id}", key or str(ids.new()), text, member.id, clock.now(),
                 kind=kind, hint=hint or {}, blob_ids=blobs or [])],
    )  # fmt: skip
    while take_in():
        pass
    deliver_all()
    return Message.objects.get(id=rows[0].id) if rows else None


def heard(message: Message, *, last: bool = False) -> Message | None:
    """小栖's first (or last) reply to a message, or None when it kept silent."""
    return Message.objects.filter(reply_to=message.id, direction=Message.OUT).order_by("-id" if last else "id").first()


def holding(words: str, **those) -> list[Message]:
    """Messages with these words in them; sealed as they lie, they are read to be found."""
    return [m for m in Message.objects.filter(**those).order_by("id") if words in m.text]
