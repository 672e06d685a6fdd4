"""What each message becomes. Reads only; `intake` carries it out. One branch per promise of the story."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from linli.assistant.desk import Candidate, Desk
from linli.groups import caller
from linli.groups.models import Group, Member, Message
from linli.knowledge import index
from linli.language import Answer, Understanding, same_matter, understand_many
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Voice
from linli.orders.states import Door, OrderState, Rating

JUST_NOW = timedelta(minutes=10)
TALK = (Door.GROUP, Door.RELAY)
"""Doors where people talk to each other, so that most words are nobody's business."""


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
    data: dict[str, Any] = field(default_factory=dict)


def decide(desk: Desk, message: Message, u: Understanding) -> Plan:
    """The plan for one message; a draft it makes is at once a candidate for the messages after it."""
    group = desk.groups[message.group_id]
    member = desk.members.get(message.member_id) if message.member_id else None
    door = message.hint.get("door", Door.GROUP)
    if message.history:
        return _history(desk, message, u, group)
    added = _added(desk, message)
    if added:
        return added
    if message.hint.get("meant") is False:
        # The worker who pasted the chat looked at this line and took its tick away.
        return Plan(message, "small_talk")
    if message.kind in ("voice", "photo") and not message.text.strip():
        return _without_words(desk, message, group, door)
    if u.command:
        return _command(message, u, member)
    rating = _rating(desk, message, u)
    if rating:
        return rating
    if u.asks_machine and u.intent in ("small_talk", "question"):
        return Plan(message, "machine", "machine")
    if u.intent == "call_person":
        return _to_person(desk, message, u, group, "person", "person")
    if u.intent == "sensitive":
        return _open(desk, message, u, group, "sensitive", private=True)
    if u.intent == "emergency":
        return _appeal(desk, message, u, group, "emergency")
    if u.intent == "appeal" or u.intent == "small_talk" and (door not in TALK or message.hint.get("meant")):
        # Who opened the form or scanned the code meant it: even small talk there is a matter.
        return _appeal(desk, message, u, group, "heard", quiet=bool(u.leave_alone))
    if u.leave_alone:
        return Plan(message, "left_alone")
    if u.intent == "question":
        return _question(desk, message, u, group)
    return Plan(message, "small_talk")


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


def _draft(desk: Desk, message: Message, u: Understanding, group: Group, n: int = 0, words: str | None = None, **more: Any) -> Draft:
    stamp = desk.stamp(u.place, group, message.hint)
    voice = voice_of(message, words)
    member = desk.members.get(message.member_id) if message.member_id else None
    if member and voice.account_id is None:
        voice.account_id = member.account_id
    draft = Draft(
        kind=message.hint.get("kind") or u.kind or "help", stamp=stamp, voice=voice, thing=u.thing,
        category=u.category, urgency=u.urgency, key=f"m:{message.id}:{n}",
    )  # fmt: skip
    for name, value in more.items():
        setattr(draft, name, value)
    if draft.kind == "consult" and not draft.question:
        draft.kind = "help"
    desk.candidates.append(
        Candidate(
            desk.matter(u, stamp, desk.now, voice.words), draft=draft,
            members={message.member_id} if message.member_id else set(),
        )
    )  # fmt: skip
    return draft


def _open(desk: Desk, message: Message, u: Understanding, group: Group, say: str, *, private: bool = False) -> Plan:
    draft = _draft(desk, message, u, group)
    if private:
        desk.candidates.pop()  # a confidential matter is never joined by others in public
    return Plan(message, "sensitive" if private else "order", say, drafts=[draft], private=private)


def _appeal(desk: Desk, message: Message, u: Understanding, group: Group, say: str, *, quiet: bool = False) -> Plan:
    parts = [p for p in understand_many(u.parts, desk.gazetteer(group.id)) if p.intent in ("appeal", "emergency")] if u.parts else []
    if len(parts) > 1:
        drafts = [
            _draft(desk, message, part, group, n, words)
            for n, (part, words) in enumerate(zip(parts, u.parts, strict=False))
        ]
        return Plan(message, "order", "heard_many", drafts=drafts, private=quiet)
    return _join_or_open(desk, message, u, group, say, quiet)


def _join_or_open(desk: Desk, message: Message, u: Understanding, group: Group, say: str, quiet: bool) -> Plan:
    stamp = desk.stamp(u.place, group, message.hint)
    matter = desk.matter(u, stamp, desk.now, message.text)
    unsure: list[Candidate] = []
    for candidate in reversed(desk.candidates):
        if candidate.handled:
            continue
        verdict = same_matter(matter, candidate.matter)
        mine = message.member_id in candidate.members
        if verdict == "unsure" and mine and _recent(candidate, desk.now):
            verdict = "same"
        if verdict == "same":
            return _join(message, candidate, mine, quiet)
        if verdict == "unsure":
            unsure.append(candidate)
    if u.follow_up and not u.thing:
        mine_open = [c for c in desk.candidates if message.member_id in c.members and not c.handled]
        if len(mine_open) == 1:
            return _join(message, mine_open[0], True, quiet)
        unsure = unsure or mine_open
    fragment = _fragment(desk, message, u)
    if fragment:
        return _join(message, fragment, True, quiet)
    if len(unsure) == 1 and unsure[0].order and u.intent != "emergency" and not quiet and message.member_id:
        return Plan(message, "asked", "same", ask=unsure[0])
    return Plan(message, "order", say, drafts=[_draft(desk, message, u, group)], private=quiet)


def _added(desk: Desk, message: Message) -> Plan | None:
    """More words to a matter, named by the page (hint "order"): of one's own, or by a worker for her caller."""
    named = message.hint.get("order")
    by_worker = message.hint.get("door") in (Door.COUNTER, Door.PHONE)
    for candidate in desk.candidates if named else ():
        mine = by_worker or message.member_id in candidate.members
        if candidate.order and str(candidate.order.id) == named and mine:
            return _join(message, candidate, True, False)
    return None


def _recent(candidate: Candidate, now: datetime) -> bool:
    return candidate.matter.at is not None and now - candidate.matter.at < JUST_NOW


def _fragment(desk: Desk, message: Message, u: Understanding) -> Candidate | None:
    """One matter over several messages of one speaker: more words without a thing or place of their own."""
    if u.thing or u.place or message.member_id is None:
        return None
    mine = [c for c in desk.candidates if message.member_id in c.members and not c.handled and _recent(c, desk.now)]
    return mine[-1] if mine else None


def _join(message: Message, candidate: Candidate, mine: bool, quiet: bool) -> Plan:
    plan = Plan(message, "voice", "standing" if mine else "joined", joins=[(candidate, voice_of(message))], private=quiet)
    if mine and candidate.draft is not None:
        # Said in the same breath as the first words: one answer is enough.
        plan.say = ""
    if message.member_id:
        candidate.members.add(message.member_id)
    return plan


def _rating(desk: Desk, message: Message, u: Understanding) -> Plan | None:
    """「修好了谢谢」「还是没好」 after a result, by one of its voices: a spoken rating counts."""
    if message.member_id is None:
        return None
    rating = u.rating or ("unsolved" if u.follow_up else "")
    if not rating:
        return None
    handled = [
        c for c in desk.candidates
        if c.handled and c.order and c.order.state == OrderState.HANDLED and message.member_id in c.members
        and (not u.thing or not c.order.thing or c.order.thing == u.thing)
    ]  # fmt: skip
    if len(handled) != 1:
        return None
    return Plan(message, "rated", "rated", rate=(handled[0], rating), data={"rating": Rating(rating).value})


def _command(message: Message, u: Understanding, member: Member | None) -> Plan:
    if member and (member.role == Member.OWNER or member.staff):
        return Plan(message, "command", u.command, data={"command": u.command})
    return Plan(message, "small_talk")


def _to_person(desk: Desk, message: Message, u: Understanding, group: Group, kind: str, say: str) -> Plan:
    mine = [
        c for c in desk.candidates
        if message.member_id in c.members and c.draft and c.draft.kind == kind
    ] if message.member_id else []  # fmt: skip
    if mine:
        return _join(message, mine[-1], True, False)
    return Plan(message, "person", say, drafts=[_draft(desk, message, u, group, kind=kind, question=True)])


def _question(desk: Desk, message: Message, u: Understanding, group: Group) -> Plan:
    retriever, entries = index.current()
    answer = retriever.answer(message.text)
    hits = [h for h in answer.hits if h.entry_id in entries]
    if hits and answer.verdict == "answer":
        entry = entries[hits[0].entry_id]
        if entry.community_id in (None, desk.community_id):
            return Plan(message, "answered", "answer", answer=answer, data={"entry": entry})
    if len(hits) > 1 and answer.verdict == "close":
        choices = [entries[h.entry_id] for h in hits[:3]]
        return Plan(message, "choices", "close", answer=answer, data={"entries": choices})
    return Plan(
        message, "handed", "handed",
        drafts=[_draft(desk, message, u, group, kind="consult", question=True, thing="")],
    )  # fmt: skip


def _without_words(desk: Desk, message: Message, group: Group, door: str) -> Plan:
    mine = [c for c in desk.candidates if message.member_id in c.members and not c.handled and _recent(c, desk.now)]
    if mine and message.member_id:
        return _join(message, mine[-1], True, False)
    if message.kind == "photo" and door == Door.GROUP and message.member_id:
        return Plan(message, "asked", "photo", private=True)
    u = understand_many([""])[0]
    say = "listened" if message.kind == "voice" else "looked"
    title = "语音反映" if message.kind == "voice" else "照片反映"
    return Plan(message, "order", say, drafts=[_draft(desk, message, u, group, kind="look", title=title)])


def _history(desk: Desk, message: Message, u: Understanding, group: Group) -> Plan:
    """Understood, counted and filed as 历史; nothing acts: no reply, clock, notice."""
    if u.intent in ("appeal", "sensitive", "emergency"):
        draft = _draft(desk, message, u, group, history_at=message.sent_at, batch=message.hint.get("batch", ""))
        desk.candidates.pop()
        return Plan(message, "history", drafts=[draft])
    outcome = "history_asked" if u.intent in ("question", "call_person") else "small_talk"
    return Plan(message, outcome)


def own_voice(candidate: Candidate, member_id: UUID) -> Voice | None:
    """The speaker's voice in a candidate order."""
    assert candidate.order is not None
    return Voice.objects.filter(order_id=candidate.order.id, member_id=member_id, state=Voice.ACTIVE).order_by("id").first()
