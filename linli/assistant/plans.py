"""A plan: one message's outcome with the drafts, voices and sentences it brings; and how a draft or a voice is made of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from linli.assistant.desk import Candidate, Desk
from linli.groups import caller
from linli.groups.models import Group, Member, Message
from linli.language import Answer, Understanding
from linli.orders import selectors as orders
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Voice
from linli.orders.states import Door, OrderState

JUST_NOW = timedelta(minutes=10)
KIND_SURE, CATEGORY_SURE = 0.6, 0.5
"""Below, a person is asked to confirm what an order was filed under."""


@dataclass(slots=True)
class Plan:
    """One message's outcome. `say` names the sentence, `data` its parts; drafts and candidates become orders."""

    message: Message
    outcome: str
    say: str = ""
    drafts: list[Draft] = field(default_factory=list)
    joins: list[tuple[Candidate, VoiceDraft]] = field(default_factory=list)
    rate: tuple[Candidate, str] | None = None
    ask: Candidate | None = None
    answer: Answer | None = None
    private: bool = False
    #: it becomes what it becomes, and 小栖 says nothing to it
    silent: bool = False
    data: dict[str, Any] = field(default_factory=dict)


def unclear(u: Understanding) -> bool:
    """Is it a matter whose kind or category is little more than a guess?"""
    return u.intent == "appeal" and (not u.kind or u.kind_confidence < KIND_SURE or u.category_confidence < CATEGORY_SURE)


def sign(voice: VoiceDraft, member: Member | None) -> None:
    """Whose voice it is: her account, or in a pasted chat the name she goes by there (sealed with the voice)."""
    if member is None:
        return
    voice.account_id = voice.account_id or member.account_id
    if voice.account_id is None:
        voice.name = voice.name or member.nickname


def voice_of(message: Message, words: str | None = None) -> VoiceDraft:
    """The sealed voice of a message; a person spoken for (hint "for") becomes a second voice."""
    hint = message.hint
    draft = VoiceDraft(
        words=message.text if words is None else words, group_id=message.group_id, member_id=message.member_id,
        message_id=message.id, door=hint.get("door", Door.GROUP), blob_ids=list(message.blob_ids),
        account_id=UUID(hint["account"]) if hint.get("account") else None,
        home_id=UUID(hint["home"]) if hint.get("home") else None,
    )  # fmt: skip
    draft.name, draft.phone = caller.open_caller(hint)
    behalf = hint.get("behalf")
    if behalf:
        draft.behalf = VoiceDraft(
            words=draft.words, door=draft.door, group_id=message.group_id,
            member_id=UUID(behalf["member"]) if behalf.get("member") else None,
            account_id=UUID(behalf["account"]) if behalf.get("account") else None,
            home_id=UUID(behalf["home"]) if behalf.get("home") else None,
        )  # fmt: skip
        draft.behalf.name, draft.behalf.phone = caller.open_caller(behalf)
    return draft


def draft_of(desk: Desk, message: Message, u: Understanding, group: Group, n: int = 0, words: str | None = None, **more: Any) -> Draft:
    """A new order of a message, or of its n-th matter with that part of its words; `more`: fields of Draft that the caller
    knows better. At once a candidate for the messages after it."""
    stamp = desk.stamp(u.place, group, message.hint)
    voice = voice_of(message, words)
    member = desk.members.get(message.member_id) if message.member_id else None
    sign(voice, member)
    draft = Draft(
        kind=message.hint.get("kind") or u.kind or "help", stamp=stamp, voice=voice, thing=u.thing,
        category=u.category, urgency=u.urgency, key=f"m:{message.id}:{n}",
        unsure=unclear(u) and "kind" not in message.hint and "kind" not in more,
    )  # fmt: skip
    for name, value in more.items():
        setattr(draft, name, value)
    if draft.kind == "consult" and not draft.question:
        draft.kind = "help"
    desk.candidates.append(
        Candidate(
            desk.matter(u, stamp, desk.now, voice.words), draft=draft, source=message.id,
            members={message.member_id} if message.member_id else set(),
        )
    )  # fmt: skip
    return draft


def joinable(candidate: Candidate, message: Message) -> bool:
    """May this message become a voice of that matter? Of a confidential one only its own speaker's: to anybody else it
    does not exist."""
    mine = message.member_id in candidate.members
    return not candidate.handled and (mine or not (candidate.secret or candidate.gathers)) and candidate.source != message.id


def recent(candidate: Candidate, now: datetime, within: timedelta = JUST_NOW) -> bool:
    """Was it spoken of just now?"""
    return candidate.matter.at is not None and now - candidate.matter.at < within


def join(message: Message, candidate: Candidate, mine: bool, quiet: bool, words: str | None = None) -> Plan:
    """A voice of a matter that is known. `mine`: the speaker's own; `quiet`: told to her alone."""
    plan = Plan(
        message, "voice", "standing" if mine else "joined", joins=[(candidate, voice_of(message, words))],
        private=quiet or candidate.secret,
    )  # fmt: skip
    if mine and candidate.draft is not None:
        # Said in the same breath as the first words: one answer is enough.
        plan.say = ""
    if message.member_id:
        candidate.members.add(message.member_id)
    return plan


def handled_of(desk: Desk, message: Message, u: Understanding) -> Candidate | None:
    """The speaker's matter that has its result and waits for her word: of several the one whose result came last."""
    found = [
        c for c in desk.candidates
        if c.order and c.order.state == OrderState.HANDLED and message.member_id in c.members
        and (not u.thing or not c.order.thing or c.order.thing == u.thing)
        and orders.may_rate(c.order, desk.now)
    ]  # fmt: skip
    return max(found, key=lambda c: c.order.handled_at) if found else None


def only_voice(candidate: Candidate) -> Voice | None:
    """The first words of an order that one person alone has spoken of; None where others said it too."""
    assert candidate.order is not None
    voices = list(Voice.objects.filter(order_id=candidate.order.id, state=Voice.ACTIVE).order_by("id"))
    return voices[0] if voices and len({(v.member_id, v.account_id) for v in voices}) == 1 else None


def own_voice(candidate: Candidate, member_id: UUID) -> Voice | None:
    """The speaker's voice in a candidate order."""
    assert candidate.order is not None
    return Voice.objects.filter(order_id=candidate.order.id, member_id=member_id, state=Voice.ACTIVE).order_by("id").first()
