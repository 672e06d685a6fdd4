"""From a pasted WeChat chat to orders and answers: what was understood, line by line; what is taken in; what came of it.

A worker pastes, sees `look`, takes ticks away or puts them, confirms: `take` stores the new lines through
`groups.receive` and has 小栖 take them in at once. Nothing is decided here: the ticks go along as hints.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from linli.assistant import intake
from linli.assistant.decide import perhaps
from linli.assistant.desk import Desk
from linli.channels.models import Paste
from linli.channels.relay import align, keys
from linli.channels.relay.actions import keep_paste
from linli.channels.relay.align import Mark
from linli.channels.relay.parse import Line, read
from linli.files import actions as files
from linli.groups import access
from linli.groups import actions as groups
from linli.groups.actions.messages import MAX_TEXT
from linli.groups.inbound import Inbound
from linli.groups.models import Group, Member, Message
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput
from linli.language import Understanding, normalise, understand_many
from linli.lessons import examples
from linli.lessons.examples import Decision
from linli.lessons.models import Example
from linli.standards import selectors as standards

MOST_CHARS = 200_000
MOST_LINES = 1000
MOST_PHOTOS = 20
LOOK_BACK = 2000
OLD = timedelta(days=7)
MACHINE_SECONDS = 2.0
MATTERS = ("appeal", "emergency", "sensitive")
ASKING = ("question", "call_person")


@dataclass(slots=True)
class Row:
    """One line of the paste as the worker sees it. state: new, known (the group has it), own (小栖's words copied in)."""

    number: int
    line: Line
    key: str
    mark: Mark
    state: str = "new"
    sort: str = "talk"
    what: str = ""
    tick: bool = False
    note: str = ""
    #: 小栖 itself could not tell whether it is a matter
    perhaps: bool = False


@dataclass(slots=True)
class Look:
    """What was understood of a paste."""

    group: Group
    rows: list[Row]
    left_out: list[tuple[str, str]] = field(default_factory=list)

    @property
    def new(self) -> list[Row]:
        """Lines that would be taken in."""
        return [r for r in self.rows if r.state == "new"]

    def count(self, sort: str) -> int:
        """How many new lines of a sort have their tick."""
        return sum(1 for r in self.new if r.sort == sort and r.tick)


def managed(actor: Actor) -> list[Group]:
    """Groups whose words this worker may carry in, the WeChat ones first."""
    rows = access.visible_to(actor).order_by("name") if actor.kind == "worker" else []
    return sorted((g for g in rows if access.manages(actor, g)), key=lambda g: (g.channel != Group.RELAY, g.name))


def last_group(actor: Actor) -> UUID | None:
    """The group of the worker's last paste."""
    return Paste.objects.filter(account_id=actor.id).order_by("-id").values_list("group_id", flat=True).first()


def look(actor: Actor, group_id: UUID, text: str) -> Look:
    """Read a paste and say what each line would become. Changes nothing. Raises NotFound, Forbidden, BadInput."""
    group = access.get_managed(actor, group_id)
    if len(text) > MOST_CHARS:
        raise BadInput(f"一次最多 {MOST_CHARS // 10_000} 万字，请分几次粘贴。写好的都还在。", "too_long")
    members = list(Member.objects.filter(group=group, left_at=None))
    reading = read(text, frozenset(normalise(m.nickname) for m in members if m.nickname))
    if len(reading.lines) > MOST_LINES:
        raise BadInput(f"一次最多 {MOST_LINES} 条，这里有 {len(reading.lines)} 条，请分几次粘贴。", "too_many_lines")
    for number, line in enumerate(reading.lines, 1):
        if len(line.text) > MAX_TEXT:
            raise BadInput(f"第 {number} 条有 {len(line.text)} 个字，太长了，请分成几段再贴。写好的都还在。", "too_long")
    rows = _rows(group, reading.lines)
    staff = {normalise(m.nickname) for m in members if m.staff} | {normalise(actor.name)} - {""}
    _understand(group, rows, staff)
    return Look(group, rows, reading.left_out)


def _rows(group: Group, lines: Sequence[Line]) -> list[Row]:
    marks = [keys.mark_of(line) for line in lines]
    stored = _stored(group)
    there = align.known(stored, marks)
    named = keys.dedupe_keys(marks, there, stored)
    own = _own_words(group)
    rows = []
    for n, (line, mark, known, key) in enumerate(zip(lines, marks, there, named, strict=True)):
        row = Row(n, line, key, mark, "known" if known else "new")
        if not known and _is_own(line.text, own):
            row.state = "own"
        rows.append(row)
    return rows


def _stored(group: Group) -> list[Mark]:
    rows = Message.objects.filter(account=keys.account(group.id), group_id=group.id).order_by("-id")
    found = rows.values_list("dedupe_key", "hint")[:LOOK_BACK]
    return [keys.stored_mark(key, hint.get("minute", ""), bool(hint.get("long"))) for key, hint in found][::-1]


def _own_words(group: Group) -> set[str]:
    """小栖's last words here, whole and line by line: a worker copies them into WeChat, and they come back with the chat."""
    said = Message.objects.filter(group_id=group.id, direction=Message.OUT).order_by("-id").values_list("text", flat=True)
    texts = list(said[:300])
    return {normalise(t) for t in texts} | {normalise(x) for t in texts for x in t.split("\n") if len(x) >= align.LONG}


def _is_own(text: str, own: set[str]) -> bool:
    lines = [normalise(x) for x in text.split("\n") if x.strip()]
    return normalise(text) in own or (bool(lines) and all(x in own for x in lines))


def _understand(group: Group, rows: Sequence[Row], staff: set[str]) -> None:
    fresh = [r for r in rows if r.state == "new"]
    if not fresh:
        return
    desk = Desk(group.community_id, [Message(group_id=group.id, community_id=group.community_id)])
    understood = understand_many([r.line.text for r in fresh], [desk.gazetteer(group.id)] * len(fresh))
    for row, u in zip(fresh, understood, strict=True):
        _judge(desk, group, row, u)
        if row.tick and normalise(row.line.sender) in staff:
            row.tick, row.note = False, "同事说的，不自动转"
        elif row.tick and row.line.time and clock.now() - row.line.time > OLD:
            row.tick, row.note = False, "一周以前的话，要转请打勾"


def _judge(desk: Desk, group: Group, row: Row, u: Understanding) -> None:
    row.perhaps = perhaps(u)
    if row.line.kind == "photo":
        row.sort, row.what = "photo", "照片"
        return
    if row.line.kind == "voice":
        row.sort, row.what = "voice", "语音"
        return
    if row.line.kind != "text":
        row.what = "表情、链接等，不转"
        return
    if u.intent in MATTERS:
        kind = standards.kinds().get(u.kind or "help")
        name = u.thing or (kind.label if kind else "")
        where = desk.stamp(u.place, group, {}).text
        secret = u.intent == "sensitive" or u.wants_to_die
        row.sort, row.tick = "matter", True
        row.what = "敏感事项，保密办理" if secret else f"{where} {name}".strip()
    elif u.intent in ASKING:
        row.sort, row.tick = "question", True
        row.what = "请人回复" if u.intent == "call_person" else "小栖来答，答不上转给人"
    else:
        row.what = "闲聊"


@dataclass(slots=True)
class Wish:
    """What the worker confirmed: numbers of ticked lines (None = as proposed), words she heard in voice messages."""

    ticks: set[int] | None = None
    heard: dict[int, str] = field(default_factory=dict)
    photos: Sequence[UploadedFile] = ()


def take(actor: Actor, group_id: UUID, text: str, key: str, wish: Wish) -> Paste:
    """Store the new lines and have them taken in at once. The same key again gives the same paste.

    Raises NotFound, Forbidden, BadInput; nothing is stored then.
    """
    # The same form may be sent again for another group: that is another paste.
    key = f"{group_id.hex}{(key or str(ids.new())).replace('-', '')[:32]}"
    there = Paste.objects.filter(key=key, account_id=actor.id).first()
    if there:
        return there
    seen = look(actor, group_id, text)
    if not seen.rows:
        raise BadInput("还没有内容，请先把微信里的聊天粘贴进来。", "empty")
    if len(wish.photos) > MOST_PHOTOS:
        raise BadInput(f"图片一次最多 {MOST_PHOTOS} 张。", "too_many_photos")
    blobs = [str(files.store_upload(actor, f, kinds=("image",)).id) for f in wish.photos]
    with transaction.atomic():
        _look_again(actor, seen)
        members = _members(actor, seen)
        pictures = _hand_out(seen.new, blobs, wish)
        inbound = [_inbound(seen.group, row, members, pictures.get(row.number, []), wish) for row in seen.new]
        stored = groups.receive(actor, inbound)
        examples.keep(actor, decisions(seen.new, wish))
        paste = keep_paste(
            by=actor, group_id=group_id, key=key, lines=len(seen.rows), message_ids=[m.id for m in stored]
        )  # fmt: skip
    take_in_now(seen.group.community_id, [m.id for m in stored])
    return paste


def _look_again(actor: Actor, seen: Look) -> None:
    """What a colleague pasted since we looked is known by now, and what is like it has another name: with the group held, nobody else
    stores between this look and ours. Without it a word would be taken for hers, and lost."""
    access.get_managed(actor, seen.group.id, lock=True)
    for row, now in zip(seen.rows, _rows(seen.group, [r.line for r in seen.rows]), strict=True):
        if row.state == "new":
            row.state, row.key = now.state, now.key


def decisions(rows: Sequence[Row], wish: Wish) -> list[Decision]:
    """What the worker decided with her ticks: where she put one or took one away, and where 小栖 could not tell by itself. A
    question is one however she ticks it, and what was left unticked for its age or its speaker is no decision."""
    out = []
    for row in rows if wish.ticks is not None else ():
        ticked = row.number in wish.ticks
        if row.line.kind != "text" or row.sort not in ("matter", "talk") or (row.note and not ticked):
            continue
        if ticked != row.tick or row.perhaps:
            out.append(Decision(row.line.text, Example.RELAY, "appeal" if ticked else "small_talk"))
    return out


def _members(actor: Actor, seen: Look) -> dict[str, Member]:
    found: dict[str, Member] = {}
    for row in seen.new:
        name = row.line.sender
        if name and name not in found:
            found[name] = groups.add_member(
                by=actor, group=seen.group, sender_ref=keys.sender_ref(name), nickname=name[:32]
            )
    return found


def _hand_out(rows: Sequence[Row], blobs: Sequence[str], wish: Wish) -> dict[int, list[str]]:
    """Pictures go to the places where [图片] stood, in their order; what is left, to the last matter."""
    given: dict[int, list[str]] = {}
    rest = list(blobs)
    for row in rows:
        count = row.line.photos
        if count and rest:
            given[row.number], rest = rest[:count], rest[count:]
    if rest and rows:
        ticked = [r for r in rows if (r.number in wish.ticks if wish.ticks is not None else r.tick)]
        last = (ticked or list(rows))[-1]
        given.setdefault(last.number, []).extend(rest)
    return given


def _inbound(group: Group, row: Row, members: dict[str, Member], blobs: list[str], wish: Wish) -> Inbound:
    line = row.line
    ticked = row.number in wish.ticks if wish.ticks is not None else row.tick
    heard = wish.heard.get(row.number, "").strip()
    hint: dict[str, Any] = {"door": "relay"}
    if row.mark.minute:
        hint["minute"] = row.mark.minute
    if row.mark.long:
        hint["long"] = True
    kind, text = "text", line.text
    if heard:
        text = heard
    elif row.sort == "photo" and blobs:
        kind, text = "photo", ""
    elif row.sort in ("photo", "voice"):
        ticked, hint["meant"] = False, False
    if row.sort in ("matter", "question") and not ticked:
        hint["meant"] = False
    elif ticked and row.sort == "talk":
        hint["meant"] = True
    member = members.get(line.sender)
    return Inbound(
        group_id=group.id, community_id=group.community_id, account=keys.account(group.id), dedupe_key=row.key, text=text,
        member_id=member.id if member else None, sent_at=line.time or clock.now(), kind=kind, blob_ids=blobs, hint=hint,
    )  # fmt: skip


def take_in_now(community_id: UUID, message_ids: Sequence[UUID], seconds: float = MACHINE_SECONDS) -> bool:
    """Have these messages taken in before answering; another process that is at it is waited for. False: not all are done
    yet, the worker process goes on with them."""
    until = time.monotonic() + seconds
    mine = Message.objects.filter(id__in=list(message_ids), state=Message.NEW)
    while mine.exists():
        if time.monotonic() > until:
            return False
        if not intake.take_in(community_id=community_id):
            time.sleep(0.02)
    return True
