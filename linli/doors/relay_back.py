"""What came of a paste, and 小栖's words on their way back into WeChat: each copied by hand with one tap."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from linli.assistant.models import Ask
from linli.channels.models import Paste, RelayCopy
from linli.groups import access
from linli.groups.models import Group, Member, Message
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import NotFound
from linli.orders import access as order_access
from linli.orders.models import Order, Voice

KEPT = timedelta(days=14)
FRESH = timedelta(days=1)
# What the group hears anyway is not shown a second time for each voice.
PRIVATE_OUTCOMES = ("void_order", "again")


@dataclass(slots=True)
class Reply:
    """One of 小栖's messages to be carried back. to: whom to write to alone; "" = into the group."""

    message: Message
    text: str
    to: str = ""
    copied: bool = False
    ask: Ask | None = None


@dataclass(slots=True)
class Result:
    """One line of a paste and what came of it. hidden: a sensitive matter that this worker may not see; elsewhere: numbers
    of ordinary orders that lie in a colleague's grid."""

    message: Message
    member: Member | None
    orders: list[Order] = field(default_factory=list)
    hidden: bool = False
    elsewhere: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    @property
    def quiet(self) -> bool:
        """Small talk: nothing came of it, and nothing had to."""
        return not (self.orders or self.replies or self.hidden or self.elsewhere) and self.message.state == Message.DONE


def by_age(replies: Sequence[Reply]) -> tuple[list[Reply], list[Reply]]:
    """(of the last day, older): an hour that an older reply promises has passed, so it is not offered beside the others."""
    since = clock.now() - FRESH
    return [r for r in replies if r.message.sent_at >= since], [r for r in replies if r.message.sent_at < since]


def get_paste(actor: Actor, paste_id: UUID) -> tuple[Paste, Group]:
    """A paste into a group that the actor manages. Raises NotFound, Forbidden."""
    paste = Paste.objects.filter(id=paste_id).first()
    if paste is None:
        raise NotFound()
    return paste, access.get_managed(actor, paste.group_id)


def results(actor: Actor, paste: Paste) -> list[Result]:
    """Each new line of a paste with its orders and replies, in the order of the chat. Six statements."""
    ids = [UUID(i) for i in paste.message_ids]
    messages = list(Message.objects.filter(id__in=ids).order_by("id"))
    members = Member.objects.in_bulk({m.member_id for m in messages if m.member_id})
    orders: dict[UUID, list[Order]] = defaultdict(list)
    for voice in Voice.objects.filter(message_id__in=ids).select_related("order").order_by("id"):
        orders[voice.message_id].append(voice.order)
    said: dict[UUID, list[Message]] = defaultdict(list)
    for row in Message.objects.filter(group_id=paste.group_id, reply_to__in=ids, direction=Message.OUT).order_by("id"):
        said[row.reply_to].append(row)
    replies = {r.message.id: r for r in _replies([m for ms in said.values() for m in ms])}
    out = []
    for message in messages:
        mine = orders[message.id]
        seen = [o for o in mine if order_access.reads(actor, o)]
        member = members.get(message.member_id) if message.member_id else None
        others = [o for o in mine if o not in seen]
        out.append(
            Result(message, member, seen, any(o.confidential for o in others), [o.number for o in others if not o.confidential],
                   [replies[m.id] for m in said[message.id]])
        )  # fmt: skip
    return out


def waiting(paste: Paste) -> int:
    """Lines that the machine has not yet taken in."""
    return Message.objects.filter(id__in=paste.message_ids, state=Message.NEW).count()


def to_carry(actor: Actor, group: Group, *, limit: int = 100) -> list[Reply]:
    """What 小栖 (or a person through it) said here in the last two weeks and nobody has copied yet, oldest first."""
    rows = Message.objects.filter(
        group_id=group.id, direction=Message.OUT, received_at__gt=clock.now() - KEPT
    ).exclude(id__in=RelayCopy.objects.filter(group_id=group.id).values("message_id"))
    found = list(rows.order_by("-id")[: limit * 3])[::-1]
    secret = set(
        Order.objects.filter(id__in={m.outcome_id for m in found if m.outcome_id}, confidential=True).values_list("id", flat=True)
    )
    shown = [
        m for m in found
        if m.audience != Message.OWN or m.outcome in PRIVATE_OUTCOMES or m.outcome_id in secret
    ]  # fmt: skip
    return _replies(shown[-limit:])


def _replies(messages: Sequence[Message]) -> list[Reply]:
    copied = set(RelayCopy.objects.filter(message_id__in=[m.id for m in messages]).values_list("message_id", flat=True))
    alone = {m.to_member_id for m in messages if m.audience != Message.GROUP and m.to_member_id}
    members = Member.objects.in_bulk(alone)
    asked = {m.card["ask"] for m in messages if m.card.get("type") == "ask"}
    asks = {str(a.id): a for a in Ask.objects.filter(id__in=asked, state=Ask.OPEN)} if asked else {}
    out = []
    for m in messages:
        to = ""
        if m.audience != Message.GROUP:
            member = members.get(m.to_member_id)
            to = member.nickname if member and member.nickname else "本人"
        out.append(Reply(m, text_of(m), to, m.id in copied, asks.get(m.card.get("ask", ""))))
    return out


def text_of(message: Message) -> str:
    """What is copied: the words with what stands on the card as well (source, choices), since WeChat shows no cards."""
    card = message.card
    if card.get("type") == "answer" and card.get("source"):
        return f"{message.text}\n来源：{card['source']}"
    if card.get("type") == "choices":
        return "\n".join([message.text, *(f"{n}. {question}" for n, (_, question) in enumerate(card["choices"], 1))])
    return message.text
