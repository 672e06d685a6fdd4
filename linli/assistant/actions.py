"""What people tell 小栖 by a button: same matter or another, a photo to report or to share, which entry was meant."""

import logging
from uuid import UUID

from django.db import transaction

from linli.accounts.models import Account
from linli.assistant import replies, speech
from linli.assistant.desk import Desk
from linli.assistant.models import Ask
from linli.assistant.plans import unclear
from linli.grid import selectors as places
from linli.grid.access import actor_for
from linli.groups import actions as groups
from linli.groups.actions.messages import Say
from linli.groups.models import Group, Member, Message
from linli.kernel import clock
from linli.kernel.actors import BOT, Actor
from linli.kernel.errors import NotFound
from linli.knowledge.models import Entry
from linli.language import understand
from linli.lessons import examples
from linli.lessons.examples import Decision
from linli.lessons.models import Example
from linli.orders import actions as orders
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Order
from linli.orders.states import MOVES

log = logging.getLogger("linli.assistant")


@transaction.atomic
def settle_ask(*, by: Actor, ask_id: UUID, member_id: UUID | None, yes: bool, expired: bool = False) -> Order | None:
    """Answer 小栖's question. Yes: the word joins the order (or becomes a matter); no: a matter of its own (or none, where
    it was asked whether it is one). Expired counts as a matter, but for mere words without a thing, which are talk. The
    second press changes nothing. Raises NotFound for a stranger."""
    ask = Ask.objects.filter(id=ask_id).first()
    if ask is None or (member_id is not None and ask.member_id != member_id):
        raise NotFound()
    message = Message.objects.get(id=ask.message_id)
    if expired and ask.order_id is None and _talk(message):
        expired = False
    state = Ask.EXPIRED if expired else Ask.YES if yes else Ask.NO
    if not Ask.objects.filter(id=ask.id, state=Ask.OPEN).update(state=state):
        return None
    if not expired:
        _learn(by, ask, message, yes)
    group = Group.objects.get(id=message.group_id)
    member = Member.objects.get(id=ask.member_id)
    if ask.order_id is None and not yes and not expired:
        groups.settle(message.id, "small_talk")
        return None
    if ask.kind == Ask.ANSWER:
        return _answer(ask, message, yes and not expired)
    # Meanwhile the other matter may have ended: then the word is one of its own, and not refused.
    joins = ask.order_id and yes and MOVES.allows("add_voices", Order.objects.get(id=ask.order_id).state)
    order = _join(ask, message, group, member) if joins else _open(ask, message, group, member)
    groups.settle(message.id, "voice" if joins else "order", order.id)
    return order


def _learn(by: Actor, ask: Ask, message: Message, yes: bool) -> None:
    """Whether words are a matter is what the machine could not tell: who was asked has told it."""
    if ask.kind == Ask.MATTER and message.kind == "text" and not message.blob_ids:
        examples.keep(by, [Decision(message.text, Example.ASK, "appeal" if yes else "small_talk")])


def _answer(ask: Ask, message: Message, yes: bool) -> Order | None:
    """What the responsible colleague wrote in the group is her answer: the clock stops, nobody hears it twice."""
    order = Order.objects.filter(id__in=[ask.order_id]).first()
    member = Member.objects.get(id=ask.member_id)
    account = Account.objects.filter(id__in=[member.account_id]).first()
    if not yes or order is None or not MOVES.allows("answer_order", order.state):
        groups.settle(message.id, "small_talk")
        return None
    orders.answer_order(
        by=actor_for(account), order_id=order.id, words=message.text, blobs=list(message.blob_ids), said_in=message.group_id
    )
    groups.settle(message.id, "answer", order.id)
    return order


def _talk(message: Message) -> bool:
    """Words of which nobody said that they are a matter, and which name nothing that could be one."""
    if message.kind != "text":
        return False
    u = understand(message.text)
    return u.intent != "appeal" or not u.thing or u.kind == "consult"


def _voice(message: Message, member: Member) -> VoiceDraft:
    return VoiceDraft(
        words=message.text, group_id=message.group_id, member_id=member.id, account_id=member.account_id,
        message_id=message.id, blob_ids=list(message.blob_ids),
    )  # fmt: skip


def _join(ask: Ask, message: Message, group: Group, member: Member) -> Order:
    assert ask.order_id is not None
    orders.add_voices(by=BOT, order_id=ask.order_id, voices=[_voice(message, member)])
    order = Order.objects.get(id=ask.order_id)
    due = order.answer_due_at if order.waits_answer else None
    _reply(ask, message, group, member, speech.joined(member.nickname, replies.matter_of(order), due, clock.now()), order)
    return order


def _open(ask: Ask, message: Message, group: Group, member: Member) -> Order:
    desk = Desk(message.community_id, [message])
    u = understand(message.text, desk.gazetteer(group.id))
    photo = ask.order_id is None and bool(message.kind != "text" or message.blob_ids)
    draft = Draft(
        kind="look" if photo else (u.kind or "help"), title="照片反映" if photo else "", thing=u.thing,
        category=u.category, urgency=u.urgency, stamp=desk.stamp(u.place, group, message.hint),
        voice=_voice(message, member), key=f"ask:{ask.id}", unsure=not photo and unclear(u),
    )  # fmt: skip
    order = orders.open_order(by=BOT, draft=draft)
    person = places.staff_labels([order.responsible_id]).get(order.responsible_id, "值班的同志")  # type: ignore[arg-type]
    assert order.answer_due_at is not None
    until = speech.hour(order.answer_due_at, clock.now())
    say = speech.looked if photo else None
    text = say(member.nickname, person, until) if say else speech.heard(member.nickname, person, order.responsible_via, until)
    _reply(ask, message, group, member, text, order)
    return order


def _reply(ask: Ask, message: Message, group: Group, member: Member, text: str, order: Order) -> None:
    groups.say(
        BOT,
        Say(group=group, text=text, key=f"ask:{ask.id}", reply_to=ask.message_id, to_member_id=member.id,
            audience=_audience(message, order), card={} if order.confidential else replies.order_card(order),
            outcome="settled", outcome_id=order.id),
    )  # fmt: skip


def _audience(message: Message, order: Order) -> str:
    if message.audience == Message.OWN:
        return Message.OWN
    return Message.MEMBER if order.confidential else Message.GROUP


def expire_asks(*, limit: int = 200) -> int:
    """Questions that nobody answered: the words become matters of their own, so that none is lost. Returns how many."""
    due = Ask.objects.filter(state=Ask.OPEN, expires_at__lte=clock.now()).order_by("expires_at")
    asks = list(due[:limit])
    done = 0
    for ask in asks:
        try:
            settle_ask(by=BOT, ask_id=ask.id, member_id=None, yes=False, expired=True)
            done += 1
        except Exception:
            # One that fails must not hold up the others; it is tried again in five seconds.
            log.exception("question %s could not be settled", ask.id)
    return done


@transaction.atomic
def choose_entry(*, by: Actor, message: Message, member: Member, entry_id: UUID) -> None:
    """One of the close entries was meant: its answer stands in the group. Raises NotFound."""
    entry = Entry.objects.filter(id=entry_id, state=Entry.IN_FORCE).first()
    if entry is None or str(entry_id) not in {c[0] for c in message.card.get("choices", [])}:
        raise NotFound()
    group = Group.objects.get(id=message.group_id)
    text, card = replies.told_entry(entry, group.community_id)
    groups.say(
        BOT,
        Say(group=group, text=text, key=f"choice:{message.id}:{entry.id}", reply_to=message.reply_to,
            to_member_id=member.id, audience=message.audience, card=card, outcome="answer", outcome_id=entry.id),
    )  # fmt: skip
