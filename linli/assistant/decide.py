"""What each message becomes. Reads only; `intake` carries it out. One branch per promise of the story."""

import re

from linli.assistant.asked import answered
from linli.assistant.desk import Desk
from linli.assistant.matters import added_to, appeal, complained_again, corrected, fragment_of, only_where
from linli.assistant.models import Ask
from linli.assistant.plans import Plan, draft_of, handled_of, join, joinable, recent, voice_of
from linli.assistant.turns import left_to_people, to_a_neighbour
from linli.groups.models import Group, Member, Message
from linli.knowledge import index
from linli.knowledge.models import Entry
from linli.language import Understanding, normalise, understand_many
from linli.language.staff import against_staff
from linli.orders.actions import working as orders_working
from linli.orders.states import Door, Rating

# Between talk and a matter: the speaker is asked alone. Below, it is talk; above, a matter.
PERHAPS = 0.45
SURE = 0.55
BARE = 12
CHOICE_AT_MOST = 16
STILL_BAD = re.compile("还没|还不|还是|还在|没人|没来|没修|一直|到现在|又[坏堵漏停]|怎么还|咋还")
TALK = (Door.GROUP, Door.RELAY)
"""Doors where people talk to each other, so that most words are nobody's business."""


NAME = re.compile(r"^\s*(?:[@＠]?小栖(?:同学|你好|您好)?|[@＠](?:所有人|全体成员)|各位(?:邻居|业主|街坊|大神)?(?:好|们)?|大家好)[\s，,。：:！!~、]*")
"""Calling 小栖 or everybody is no part of the question."""


def decide(desk: Desk, message: Message, u: Understanding) -> Plan:
    """The plan for one message; a draft it makes is at once a candidate for the messages after it. What is said in grief, in a
    quarrel or by a child becomes what it is and gets no reply; only who is in danger is spoken to, alone."""
    plan = _decide(desk, message, u)
    plan.silent = bool(u.leave_alone) and plan.outcome != "sensitive"
    return plan


def _decide(desk: Desk, message: Message, u: Understanding) -> Plan:
    group = desk.groups[message.group_id]
    member = desk.members.get(message.member_id) if message.member_id else None
    door = message.hint.get("door", Door.GROUP)
    if message.history:
        return _history(desk, message, u, group)
    added = added_to(desk, message, u, group)
    if added:
        return added
    if message.hint.get("meant") is False:
        # The worker who pasted the chat looked at this line and took its tick away.
        return Plan(message, "small_talk")
    if message.kind in ("voice", "photo") and not message.text.strip():
        return _without_words(desk, message, group, door)
    if u.command:
        return _command(message, u, member)
    if settled := answered(desk, message, u, group):
        return settled
    if member and member.staff and door == Door.GROUP and u.intent != "emergency" and not u.addressed:
        # Colleagues give notice and talk with residents here; what they report themselves goes through the desk.
        return _answers(desk, message, u, member) or Plan(message, "small_talk")
    if u.wants_to_die:
        return _at_risk(desk, message, u, group)
    rating = _rating(desk, message, u)
    if rating:
        return rating
    told = _chosen(desk, message) or corrected(desk, message, u, group)
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
        return appeal(desk, message, u, group, "emergency")
    if door in TALK and (where := only_where(desk, message, u, group)):
        return where
    if perhaps(u) and door == Door.GROUP and group.channel == Group.PAGE and message.member_id:
        if u.intent == "appeal" and (begun := fragment_of(desk, message, u)):
            return join(message, begun, True, bool(u.leave_alone))
        return Plan(message, "asked", "perhaps", private=True)
    if message.hint.get("fix") or u.intent == "appeal" or u.intent == "small_talk" and (door not in TALK or message.hint.get("meant")):
        # Who opened the form or scanned the code meant it: even small talk there is a matter.
        return appeal(desk, message, u, group, "heard", quiet=bool(u.leave_alone))
    if u.leave_alone:
        return Plan(message, "left_alone")
    if u.intent == "question":
        left = door in TALK and not u.addressed and not message.hint.get("meant") and message.audience == Message.GROUP
        if left and (to_a_neighbour(desk, message) or left_to_people(desk, message, u)):
            return Plan(message, "left_alone")
        return _question(desk, message, u, group)
    if message.blob_ids and len(message.text) <= BARE and door == Door.GROUP and message.member_id:
        return Plan(message, "asked", "photo", private=True)
    return _called(desk, message) if u.addressed else Plan(message, "small_talk")


def _called(desk: Desk, message: Message) -> Plan:
    """小栖 was called by name, so silence would be rude: an answer if it has one, else a word that it is there."""
    rest = NAME.sub("", message.text).strip()
    if rest:
        found, entries = index.ask(rest, desk.community_id)
        if entries and found.verdict == "answer":
            return _told(message, entries[0])
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


def _open(desk: Desk, message: Message, u: Understanding, group: Group, say: str, *, private: bool = False) -> Plan:
    mine = [c for c in desk.candidates if c.kind == u.kind and c.secret and joinable(c, message)]
    if private and mine:
        return join(message, mine[-1], True, True)
    draft = draft_of(desk, message, u, group)
    return Plan(message, "sensitive" if private else "order", say, drafts=[draft], private=private)


def _at_risk(desk: Desk, message: Message, u: Understanding, group: Group) -> Plan:
    """Somebody wants to die or hurts herself: whoever is on duty at once, and to the speaker alone; the group never hears of
    it. Said again, it is the same matter, and the lines are named again."""
    mine = [c for c in desk.candidates if c.secret and c.kind == u.kind and message.member_id in c.members and not c.handled]
    if message.member_id and mine:
        return Plan(message, "voice", "danger", joins=[(mine[-1], voice_of(message))], private=True)
    draft = draft_of(desk, message, u, group, thing="", confidential=True)
    return Plan(message, "sensitive", "danger", drafts=[draft], private=True)


def _complaint(desk: Desk, message: Message, u: Understanding, group: Group) -> Plan:
    """Words against our own people: to the street, in private, whatever else the speaker has been saying."""
    mine = [c for c in desk.candidates if c.kind == "complaint" and message.member_id in c.members and not c.handled]
    if mine:
        return join(message, mine[-1], True, True)
    if over := complained_again(desk, message, u):
        return Plan(message, "sensitive", "final", joins=[(over, voice_of(message))], private=True)
    draft = draft_of(desk, message, u, group, kind="complaint", thing="", category="welfare")
    return Plan(message, "sensitive", "sensitive", drafts=[draft], private=True)


def _rating(desk: Desk, message: Message, u: Understanding) -> Plan | None:
    """「修好了谢谢」「还是没好」 after a result, by one of its voices: a spoken rating counts."""
    if message.member_id is None:
        return None
    # 「修好了吗」 only asks; it must not use up one of the two reopenings.
    bare = len(message.text) <= BARE and u.intent == "appeal" and not u.place
    rating = u.rating or ("unsolved" if (u.follow_up or bare) and STILL_BAD.search(message.text) else "")
    handled = handled_of(desk, message, u) if rating else None
    if handled is None:
        return None
    return Plan(message, "rated", "rated", rate=(handled, rating), private=handled.secret, data={"rating": Rating(rating).value})


def _command(message: Message, u: Understanding, member: Member | None) -> Plan:
    if member and (member.role == Member.OWNER or member.staff):
        return Plan(message, "command", u.command, data={"command": u.command})
    return Plan(message, "small_talk")


def _to_person(desk: Desk, message: Message, u: Understanding, group: Group, kind: str, say: str) -> Plan:
    mine = [c for c in desk.candidates if c.kind == kind and message.member_id in c.members and c.waits] if message.member_id else []
    if mine:
        return join(message, mine[-1], True, False)
    return Plan(message, "person", say, drafts=[draft_of(desk, message, u, group, kind=kind, question=True)])


def _question(desk: Desk, message: Message, u: Understanding, group: Group) -> Plan:
    answer, entries = index.ask(NAME.sub("", message.text), desk.community_id)
    if entries and answer.verdict == "answer":
        return _told(message, entries[0])
    if len(entries) > 1 and answer.verdict == "close":
        return Plan(message, "choices", "close", answer=answer, data={"entries": entries[:3]})
    return Plan(
        message, "handed", "handed",
        drafts=[draft_of(desk, message, u, group, kind="consult", question=True, thing="")],
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
    mine = [c for c in desk.candidates if message.member_id in c.members and not c.handled and recent(c, desk.now)]
    if mine and message.member_id:
        return join(message, mine[-1], True, False)
    if message.kind == "photo" and door == Door.GROUP and message.member_id:
        return Plan(message, "asked", "photo", private=True)
    u = understand_many([""])[0]
    say = "listened" if message.kind == "voice" else "looked"
    title = "语音反映" if message.kind == "voice" else "照片反映"
    return Plan(message, "order", say, drafts=[draft_of(desk, message, u, group, kind="look", title=title)])


def _history(desk: Desk, message: Message, u: Understanding, group: Group) -> Plan:
    """Understood, counted and filed as 历史; nothing acts: no reply, clock, notice."""
    if u.intent in ("appeal", "sensitive", "emergency"):
        draft = draft_of(desk, message, u, group, history_at=message.sent_at, batch=message.hint.get("batch", "")[:64], confidential=u.wants_to_die)
        desk.candidates.pop()
        return Plan(message, "history", drafts=[draft])
    outcome = "history_asked" if u.intent in ("question", "call_person") else "small_talk"
    return Plan(message, outcome)
