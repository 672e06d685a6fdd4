"""Entries: written, read by a second person, served, retired."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden, NotFound, WrongState
from linli.knowledge import access, index
from linli.knowledge.models import Entry, Opinion
from linli.knowledge.states import MOVES
from linli.ledger.record import Row, record

LONGEST = 4000
UNREAD = Entry.UNREAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What an entry says; checked by `checked`. `area_id`: the street or community where it holds, None the district."""

    question: str
    answer: str
    source: str
    article: str = ""
    edition: str = ""
    wordings: tuple[str, ...] = ()
    department: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    area_id: UUID | None = None


def checked(text: Text) -> Text:
    """The same, trimmed. Raises BadInput where something needed is missing, too long, or the days do not fit."""
    for words, what in ((text.question, "问题"), (text.answer, "答案"), (text.source, "来源")):
        if not words.strip():
            raise BadInput(f"请填写{what}。", "missing_text")
    if text.valid_from and text.valid_to and text.valid_from > text.valid_to:
        raise BadInput("开始的日期在结束的日期之后，请改一改。", "days_crossed")
    if len(text.answer) > LONGEST:
        raise BadInput(f"答案太长了，请写在 {LONGEST} 字以内。", "too_long")
    area = places.area(text.area_id) if text.area_id else None
    if text.area_id and (area is None or area.level not in (Area.STREET, Area.COMMUNITY)):
        raise BadInput("请选一个街道或社区，或者选全区。", "bad_area")
    return replace(
        text, question=text.question.strip()[:200], answer=text.answer.strip(), source=text.source.strip()[:160],
        article=text.article.strip()[:200], edition=text.edition.strip()[:80],
        wordings=tuple(dict.fromkeys(w.strip()[:200] for w in text.wordings if w.strip())), department=text.department.strip()[:48],
    )  # fmt: skip


def written(by: Actor, text: Text, entry: Entry | None, code: str, state: str) -> Entry:
    """A new entry or the old one with these texts, saved and recorded; rights are the caller's matter."""
    if entry is None:
        entry = Entry(id=ids.new())
        entry.code = code or f"E{entry.id.hex[-12:]}"
    before = (entry.source, entry.article, entry.edition)
    for name in ("question", "answer", "source", "article", "edition", "department", "valid_from", "valid_to", "area_id"):
        setattr(entry, name, getattr(text, name))
    entry.wordings, entry.state, entry.updated_at = list(text.wordings), state, clock.wall()
    if UNREAD in f"{text.source}{text.article}":
        entry.read_on = None
    elif entry.read_on is None or before != (text.source, text.article, text.edition):
        entry.read_on = clock.today()  # whoever names a source says that she has it before her
    entry.written_by = by.id if by.kind == "worker" else None
    entry.save()
    record(by, "knowledge.save_entry", _row(entry, {"state": str(state)}))
    index.forget()
    return entry


def _row(entry: Entry, facts: dict[str, Any]) -> Row:
    area = places.area(entry.area_id) if entry.area_id else None
    if area is None:
        return Row("entry", entry.id, facts=facts)
    within = area.level == Area.COMMUNITY
    return Row("entry", entry.id, area.street_id if within else area.id, area.id if within else None, facts=facts)


def pending(entry: Entry) -> Entry | None:
    """The changed form of an entry that waits, as a draft or for review."""
    return Entry.objects.filter(replaces=entry.id, state__in=(Entry.DRAFT, Entry.REVIEW)).order_by("id").last()


def revised(by: Actor, text: Text, old: Entry, state: str) -> Entry:
    """A changed form of `old`, which is told until that one is approved; one form at a time goes on being written. Rights
    are the caller's matter."""
    form = pending(old) or Entry(id=ids.new(), replaces=old.id, read_on=old.read_on, source=old.source, article=old.article, edition=old.edition)
    form.code = form.code or f"E{form.id.hex[-12:]}"
    form.choices = old.choices
    return written(by, text, form, "", state)


def _found(entry_id: UUID) -> Entry:
    entry = Entry.objects.select_for_update().filter(id=entry_id).first()
    if entry is None:
        raise NotFound("没有找到这条知识。")
    return entry


@transaction.atomic
def save_entry(*, by: Actor, question: str, answer: str, source: str, wordings: list[str] | None = None, department: str = "", code: str = "", entry_id: UUID | None = None, area_id: UUID | None = None, valid_from: date | None = None, valid_to: date | None = None) -> Entry:
    """Write a new entry or change one, in force at once; found by every process within two seconds. Raises BadInput,
    NotFound, Forbidden."""
    access.ask_edit(by)
    text = checked(Text(
        question=question, answer=answer, source=source, wordings=tuple(wordings or ()), department=department,
        area_id=area_id, valid_from=valid_from, valid_to=valid_to,
    ))  # fmt: skip
    return written(by, text, _found(entry_id) if entry_id else None, code, Entry.IN_FORCE)


@transaction.atomic
def draft_entry(*, by: Actor, text: Text, entry_id: UUID | None = None) -> Entry:
    """Write a draft, or go on with one. Every worker may; it is served to nobody. Raises WrongState, BadInput, NotFound,
    Forbidden."""
    if not access.may_write(by):
        raise Forbidden()
    entry = _found(entry_id) if entry_id else None
    if entry is not None and entry.state != Entry.DRAFT:
        raise WrongState("这一条已经不是草稿了。")
    return written(by, checked(text), entry, "", Entry.DRAFT)


@transaction.atomic
def revise_entry(*, by: Actor, entry_id: UUID, text: Text) -> Entry:
    """A changed form of an entry in force, as a draft: the old one is told until the new one is approved. One draft of an
    entry at a time goes on being written. Raises WrongState, BadInput, NotFound, Forbidden."""
    if not access.may_write(by):
        raise Forbidden()
    old = _found(entry_id)
    if old.state not in (Entry.IN_FORCE, Entry.EXPIRED):
        raise WrongState("这一条还没有用起来，直接改就好。")
    return revised(by, checked(text), old, Entry.DRAFT)


def _take_place(entry: Entry, old_id: UUID) -> None:
    """The new form gets the old one's code, by which follow-up questions and imports know it."""
    old = Entry.objects.select_for_update().filter(id=old_id).first()
    if old is None:
        return
    code = old.code
    old.code, old.state, old.updated_at = f"{old.id.hex}", Entry.EXPIRED, clock.wall()
    old.save(update_fields=["code", "state", "updated_at"])
    entry.code = code
    entry.save(update_fields=["code"])


def _move(by: Actor, verb: str, entry_id: UUID, **given: Any) -> Entry:
    entry = _found(entry_id)
    before = MOVES.apply(verb, entry, **given)
    entry.note, entry.updated_at = given.get("words", ""), clock.wall()
    entry.save(update_fields=["state", "note", "updated_at"])
    record(by, f"knowledge.{verb}", _row(entry, {"from": str(before)}))
    index.forget()
    return entry


@transaction.atomic
def submit_entry(*, by: Actor, entry_id: UUID) -> Entry:
    """A draft goes to a second person. Raises WrongState, NotFound, Forbidden."""
    if not access.may_write(by):
        raise Forbidden()
    return _move(by, "submit_entry", entry_id)


@transaction.atomic
def approve_entry(*, by: Actor, entry_id: UUID) -> Entry:
    """What was reviewed is served, if its source was read and the writer is somebody else. Raises WrongState, BadInput,
    NotFound, Forbidden."""
    access.ask_edit(by)
    entry = _found(entry_id)
    if entry.written_by and entry.written_by == by.id:
        raise Forbidden("自己写的请另一位同事来审核。", "own_entry")
    if UNREAD in f"{entry.source}{entry.article}":
        raise BadInput("来源还是“待核”，请先查到原文、写明出处。", "source_unread")
    if entry.replaces:
        _take_place(entry, entry.replaces)
    return _move(by, "approve_entry", entry_id)


@transaction.atomic
def return_entry(*, by: Actor, entry_id: UUID, words: str) -> Entry:
    """Back to the writer with words. Raises WrongState, BadInput, NotFound, Forbidden."""
    access.ask_edit(by)
    return _move(by, "return_entry", entry_id, words=words.strip()[:200])


@transaction.atomic
def retire_entry(*, by: Actor, entry_id: UUID) -> Entry:
    """The entry is not served any more. Raises WrongState, NotFound, Forbidden."""
    access.ask_edit(by)
    return _move(by, "retire_entry", entry_id)


@transaction.atomic
def expire_entries(*, by: Actor) -> int:
    """What is past its last day is no longer in force (it was not served since). Returns how many."""
    past = list(Entry.objects.filter(state=Entry.IN_FORCE, valid_to__lt=clock.today()).values_list("id", flat=True)[:500])
    for entry_id in past:
        _move(by, "expire_entry", entry_id)
    return len(past)


@transaction.atomic
def export_entries(*, by: Actor, count: int) -> None:
    """Record that a table of `count` entries went out. Raises Forbidden."""
    if by.kind != "worker" and not by.is_machine:
        raise Forbidden()
    record(by, "knowledge.export_entries", Row("knowledge", ids.new(), facts={"count": count}))


@transaction.atomic
def tell_useful(*, by: Actor, entry_id: UUID, message_id: UUID, member_id: UUID, useful: bool) -> None:
    """One member's 有用/没用 of one answer; a changed mind replaces the first."""
    entry = _found(entry_id)  # held: of two opinions at one moment, each is counted
    Opinion.objects.update_or_create(
        message_id=message_id, member_id=member_id, defaults={"entry": entry, "useful": useful}
    )
    opinions = Opinion.objects.filter(entry=entry)
    entry.useful, entry.useless = opinions.filter(useful=True).count(), opinions.filter(useful=False).count()
    entry.save(update_fields=["useful", "useless"])
    record(by, "knowledge.tell_useful", Row("entry", entry.id, facts={"useful": useful}))
