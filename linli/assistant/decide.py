"""What each message becomes. Reads only; `intake` carries it out. One branch per promise of the story."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from linli.assistant.desk import Candidate, Desk
from linli.assistant.models import Ask
from linli.groups import caller
from linli.groups.models import Group, Member, Message
from linli.knowledge import index
from linli.knowledge.models import Entry
from linli.language import Answer, Matter, Understanding, normalise, same_matter, understand_many
from linli.language.staff import against_staff
from linli.orders import selectors as orders
from linli.orders.actions import working as orders_working
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Voice
from linli.orders.states import Door, OrderState, Rating

JUST_NOW = timedelta(minutes=10)
# Between talk and a matter: the speaker is asked alone. Below, it is talk; above, a matter.
PERHAPS = 0.45
SURE = 0.55
KIND_SURE, CATEGORY_SURE = 0.6, 0.5
"""Below, a person is asked to confirm what an order was filed under."""
BARE = 12
CHOICE_AT_MOST = 16
WHOM = ("养老", "邻里")
"""Things that say who is hit rather than what is broken."""
SUFFERS = re.compile("[下上出进]不[去来了]|走不[了动]|没法|睡不[着好]|受不了|怎么[办活]")
STILL_BAD = re.compile("还没|还不|还是|还在|没人|没来|没修|一直|到现在|又[坏堵漏停]|怎么还|咋还")
TALK = (Door.GROUP, Door.RELAY)
"""Doors where people talk to each other, so that most words are nobody's business."""


NAME = re.compile(r"^\s*[@＠]?小栖(?:同学|你好|您好)?[\s，,。：:！!~、]*")
"""Calling 小栖 by name is no part of the question."""


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
    if member and member.staff and door == Door.GROUP and u.intent != "emergency" and not u.addressed:
        # Colleagues give notice and talk with residents here; what they report themselves goes through the desk.
        return _answers(desk, message, u, member) or Plan(message, "small_talk")
    if u.wants_to_die:
        return _at_risk(desk, message, u, group)
    rating = _rating(desk, message, u)
    if rating:
        return rating
    told = _chosen(desk, message) or _corrected(desk, message, u, group)
    if told:
        return told
    if u.asks_machine and u.intent in ("small_talk", "question"):
        return Plan(message, "machine", "machine")
    if u.intent == "call_person":
        return _to_person(desk, message, u, group, "person", "person")
    if u.intent not in ("emergency", "sensitive") and against_staff(message.text):
        return _complaint(desk, message, u, group)
    if u.intent == "sensitive":
        return _open(desk, message, u, group, "sensitive", private=True)
    if u.intent == "emergency":
        return _appeal(desk, message, u, group, "emergency")
    if perhaps(u) and door == Door.GROUP and group.channel == Group.PAGE and message.member_id:
        if u.intent == "appeal" and (begun := _fragment(desk, message, u)):
            return _join(message, begun, True, bool(u.leave_alone))
        return Plan(message, "asked", "perhaps", private=True)
    if u.intent == "appeal" or u.intent == "small_talk" and (door not in TALK or message.hint.get("meant")):
        # Who opened the form or scanned the code meant it: even small talk there is a matter.
        return _appeal(desk, message, u, group, "heard", quiet=bool(u.leave_alone))
    if u.leave_alone:
        return Plan(message, "left_alone")
    if u.intent == "question":
        return _question(desk, message, u, group)
    if message.blob_ids and len(message.text) <= BARE and door == Door.GROUP and message.member_id:
        return Plan(message, "asked", "photo", private=True)
    return _called(message) if u.addressed else Plan(message, "small_talk")


def _called(message: Message) -> Plan:
    """小栖 was called by name, so silence would be rude: an answer if it has one, else a word that it is there."""
    rest = NAME.sub("", message.text).strip()
    if rest:
        retriever, entries = index.current()
        found = retriever.answer(rest)
        entry = entries.get(found.hits[0].entry_id) if found.hits and found.verdict == "answer" else None
        if entry:
            return _told(message, entry)
    return Plan(message, "hello", "hello")


def _answers(desk: Desk, message: Message, u: Understanding, member: Member) -> Plan | None:
    """A colleague writes in the group what is done about a matter that waits: is it the answer? She is asked alone, so that
    she need not write it twice."""
    if not orders_working.has_matter(message.text) or member.account_id is None or u.rating:
        return None
    waiting = [c for c in desk.candidates if c.order and c.waits and not c.secret and (c.order.responsible_id == member.account_id)]
    named = [c for c in waiting if u.thing and c.order and c.order.thing == u.thing]
    stamp = desk.stamp(u.place, desk.groups[message.group_id], message.hint)
    fits = [c for c in named if not stamp.unit or not c.matter.place.unit or stamp.unit == c.matter.place.unit]
    if len(fits) != 1:
        return None
    return Plan(message, "asked", "answers", ask=fits[0], private=True, data={"kind": Ask.ANSWER})


def perhaps(u: Understanding) -> bool:
    """Neither clearly a matter nor clearly talk: a person must say. What hurries or follows up is never kept waiting."""
    if u.urgency or u.follow_up or u.leave_alone or u.rating or len(u.parts) > 1:
        return False
    if u.intent == "appeal":
        return u.confidence < SURE
    return u.intent == "small_talk" and u.probs["appeal"] >= PERHAPS


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


def _draft(desk: Desk, message: Message, u: Understanding, group: Group, n: int = 0, words: str | None = None, **more: Any) -> Draft:
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


def _open(desk: Desk, message: Message, u: Understanding, group: Group, say: str, *, private: bool = False) -> Plan:
    mine = [c for c in desk.candidates if c.kind == u.kind and c.secret and _joinable(c, message)]
    if private and mine:
        return _join(message, mine[-1], True, True)
    draft = _draft(desk, message, u, group)
    return Plan(message, "sensitive" if private else "order", say, drafts=[draft], private=private)


def _at_risk(desk: Desk, message: Message, u: Understanding, group: Group) -> Plan:
    """Somebody wants to die or hurts herself: whoever is on duty at once, and to the speaker alone; the group never hears of
    it. Said again, it is the same matter, and the lines are named again."""
    mine = [c for c in desk.candidates if c.secret and c.kind == u.kind and message.member_id in c.members and not c.handled]
    if message.member_id and mine:
        return Plan(message, "voice", "danger", joins=[(mine[-1], voice_of(message))], private=True)
    draft = _draft(desk, message, u, group, thing="", confidential=True)
    return Plan(message, "sensitive", "danger", drafts=[draft], private=True)


def _complaint(desk: Desk, message: Message, u: Understanding, group: Group) -> Plan:
    """Words against our own people: to the street, in private, whatever else the speaker has been saying."""
    mine = [c for c in desk.candidates if c.kind == "complaint" and message.member_id in c.members and not c.handled]
    if mine:
        return _join(message, mine[-1], True, True)
    draft = _draft(desk, message, u, group, kind="complaint", thing="", category="welfare")
    return Plan(message, "sensitive", "sensitive", drafts=[draft], private=True)


def _joinable(candidate: Candidate, message: Message) -> bool:
    """May this message become a voice of that matter? Of a confidential one only its own speaker's: to anybody else it
    does not exist."""
    mine = message.member_id in candidate.members
    return not candidate.handled and (mine or not candidate.secret) and candidate.source != message.id


def _appeal(desk: Desk, message: Message, u: Understanding, group: Group, say: str, *, quiet: bool = False) -> Plan:
    parts = _parts(desk, u, group)
    if len(parts) > 1:
        # Each is a matter of its own, and may be one that a neighbour has told already.
        plans = [_join_or_open(desk, message, part, group, say, quiet, n, words) for n, (part, words) in enumerate(parts)]
        plans = [p for p in plans if p.outcome != "asked"] or plans[:1]
        whole = Plan(message, "order" if any(p.drafts for p in plans) else "voice", "heard_many", private=quiet)
        for plan in plans:
            whole.drafts += plan.drafts
            whole.joins += plan.joins
        return whole
    return _join_or_open(desk, message, u, group, say, quiet)


def _parts(desk: Desk, u: Understanding, group: Group) -> list[tuple[Understanding, str]]:
    """The matters of a message with their words; what is no matter by itself stays with the one before it."""
    found: list[tuple[Understanding, str]] = []
    before = ""
    for part, words in zip(understand_many(u.parts, desk.gazetteer(group.id)), u.parts, strict=True):
        if part.intent in ("appeal", "emergency"):
            found.append((part, f"{before}{words}"))
            before = ""
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]}，{words}")
        else:
            before = f"{words}，"
    return found


def _join_or_open(desk: Desk, message: Message, u: Understanding, group: Group, say: str, quiet: bool, n: int = 0, words: str | None = None) -> Plan:
    """`n` and `words`: the n-th of several matters in one message, and its part of the words; such a part is never asked
    about."""
    stamp = desk.stamp(u.place, group, message.hint)
    matter = desk.matter(u, stamp, desk.now, message.text if words is None else words)
    unsure: list[Candidate] = []
    for candidate in reversed(desk.near(matter.place.building)):
        if not _joinable(candidate, message):
            continue
        verdict = same_matter(matter, candidate.matter)
        mine = message.member_id in candidate.members
        if verdict == "same" and not mine and not u.follow_up and _which_unit(desk, matter, candidate):
            verdict = "unsure"
        if verdict == "unsure" and mine and _recent(candidate, desk.now):
            verdict = "same"
        if verdict == "same":
            return _join(message, candidate, mine, quiet, words)
        if verdict == "unsure" and not candidate.secret:
            unsure.append(candidate)
    if u.follow_up and words is None and (done := _handled(desk, message, u)):
        return Plan(message, "voice", "done", joins=[(done, voice_of(message))], private=quiet or done.secret)
    if u.follow_up and not u.thing:
        mine_open = [c for c in desk.candidates if message.member_id in c.members and not c.handled]
        if len(mine_open) == 1:
            return _join(message, mine_open[0], True, quiet)
        unsure = unsure or [c for c in mine_open if not c.secret]
    fragment = None if words is not None else _fragment(desk, message, u)
    if fragment:
        return _join(message, fragment, True, quiet)
    askable = words is None and u.intent != "emergency" and not quiet and message.member_id
    if len(unsure) == 1 and unsure[0].order and askable:
        return Plan(message, "asked", "same", ask=unsure[0])
    return Plan(message, "order", say, drafts=[_draft(desk, message, u, group, n, words)], private=quiet)


def _which_unit(desk: Desk, matter: Matter, candidate: Candidate) -> bool:
    """The building has several units, and only one of the two says which: perhaps the lift next door."""
    building = desk.building(matter.place.building)
    return bool(building and building.units > 1 and bool(matter.place.unit) != bool(candidate.matter.place.unit))


MEANT = re.compile(r"^(?:不是|不对|错了|搞错|弄错)|我(?:说|讲|反映)的(?:不?是)|不是(?:这|那)(?:件|个|部)")


def _corrected(desk: Desk, message: Message, u: Understanding, group: Group) -> Plan | None:
    """「不是，我说的是1单元的」 just after 小栖 counted her to a neighbour's matter: hers is another one, at that place."""
    if message.member_id is None or not u.place or not MEANT.search(message.text):
        return None
    mine = [
        c for c in desk.candidates
        if c.order and message.member_id in c.members and c.order.id in desk.joined.get(message.member_id, ())
    ]  # fmt: skip
    if not mine:
        return None
    stamp = desk.stamp(u.place, group, message.hint)
    wrong = mine[-1]
    assert wrong.order is not None
    if desk.place_key(stamp, u.place) == wrong.matter.place:
        return None
    wrong.members.discard(message.member_id)
    return Plan(message, "order", "split", data={"from": wrong.order.id, "stamp": stamp})


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
    """One matter over several messages of one speaker: more words without a thing or place of their own, or what it does to
    whom (老人都下不去楼了)."""
    if u.place or message.member_id is None or (u.thing and not (u.thing in WHOM and SUFFERS.search(message.text))):
        return None
    mine = [c for c in desk.candidates if message.member_id in c.members and not c.handled and _recent(c, desk.now)]
    return mine[-1] if mine else None


def _join(message: Message, candidate: Candidate, mine: bool, quiet: bool, words: str | None = None) -> Plan:
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


def _rating(desk: Desk, message: Message, u: Understanding) -> Plan | None:
    """「修好了谢谢」「还是没好」 after a result, by one of its voices: a spoken rating counts."""
    if message.member_id is None:
        return None
    # 「修好了吗」 only asks; it must not use up one of the two reopenings.
    bare = len(message.text) <= BARE and u.intent == "appeal" and not u.place
    rating = u.rating or ("unsolved" if (u.follow_up or bare) and STILL_BAD.search(message.text) else "")
    handled = _handled(desk, message, u) if rating else None
    if handled is None:
        return None
    return Plan(message, "rated", "rated", rate=(handled, rating), private=handled.secret, data={"rating": Rating(rating).value})


def _handled(desk: Desk, message: Message, u: Understanding) -> Candidate | None:
    """The speaker's matter that has its result and waits for her word: of several the one whose result came last."""
    found = [
        c for c in desk.candidates
        if c.order and c.order.state == OrderState.HANDLED and message.member_id in c.members
        and (not u.thing or not c.order.thing or c.order.thing == u.thing)
        and orders.may_rate(c.order, desk.now)
    ]  # fmt: skip
    return max(found, key=lambda c: c.order.handled_at) if found else None


def _command(message: Message, u: Understanding, member: Member | None) -> Plan:
    if member and (member.role == Member.OWNER or member.staff):
        return Plan(message, "command", u.command, data={"command": u.command})
    return Plan(message, "small_talk")


def _to_person(desk: Desk, message: Message, u: Understanding, group: Group, kind: str, say: str) -> Plan:
    mine = [c for c in desk.candidates if c.kind == kind and message.member_id in c.members and c.waits] if message.member_id else []
    if mine:
        return _join(message, mine[-1], True, False)
    return Plan(message, "person", say, drafts=[_draft(desk, message, u, group, kind=kind, question=True)])


def _question(desk: Desk, message: Message, u: Understanding, group: Group) -> Plan:
    retriever, entries = index.current()
    answer = retriever.answer(NAME.sub("", message.text))
    ours = {h.entry_id for h in answer.hits if h.entry_id in entries and entries[h.entry_id].community_id in (None, desk.community_id)}
    hits = [h for h in answer.hits if h.entry_id in ours]
    if hits and answer.verdict == "answer" and answer.hits[0].entry_id in ours:
        return _told(message, entries[hits[0].entry_id])
    if len(hits) > 1 and answer.verdict == "close":
        choices = [entries[h.entry_id] for h in hits[:3]]
        return Plan(message, "choices", "close", answer=answer, data={"entries": choices})
    return Plan(
        message, "handed", "handed",
        drafts=[_draft(desk, message, u, group, kind="consult", question=True, thing="")],
    )  # fmt: skip


def _told(message: Message, entry: Entry) -> Plan:
    """An entry is told; one that asks back waits for the choice and is no answer yet."""
    return Plan(message, "choices" if entry.choices else "answered", "answer", data={"entry": entry})


ORDINALS = re.compile("第?([一二三1-3])个?[。!！]?|上面(?:那|这)?个|前(?:面|一)(?:那|这)?个")


def _chosen(desk: Desk, message: Message) -> Plan | None:
    """Words that pick one of the choices just offered to this speaker: its label, part of it, 「第二个」."""
    choices = desk.choices.get(message.member_id, ()) if message.member_id else ()
    said = normalise(message.text).strip("。！!,，.~ ")
    if not choices or not said or len(said) > CHOICE_AT_MOST:
        return None
    meant = [i for i, label in choices if (len(said) > 1 and said in normalise(label)) or normalise(label) in said]
    if not meant and (which := ORDINALS.fullmatch(said)):
        number = "一二三".find(which[1]) if which[1] in "一二三" else int(which[1]) - 1 if which[1] else 0
        meant = [entry_id for entry_id, _ in choices[number : number + 1]]
    entry = index.current()[1].get(meant[0]) if len(meant) == 1 else None
    return _told(message, entry) if entry else None


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
        draft = _draft(desk, message, u, group, history_at=message.sent_at, batch=message.hint.get("batch", "")[:64], confidential=u.wants_to_die)
        desk.candidates.pop()
        return Plan(message, "history", drafts=[draft])
    outcome = "history_asked" if u.intent in ("question", "call_person") else "small_talk"
    return Plan(message, outcome)


def own_voice(candidate: Candidate, member_id: UUID) -> Voice | None:
    """The speaker's voice in a candidate order."""
    assert candidate.order is not None
    return Voice.objects.filter(order_id=candidate.order.id, member_id=member_id, state=Voice.ACTIVE).order_by("id").first()
