"""The only writer of knowledge."""

import csv
from pathlib import Path
from uuid import UUID

from django.db import transaction

from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden, NotFound
from linli.kernel.roles import Role
from linli.knowledge import index
from linli.knowledge.models import Entry, Opinion
from linli.ledger.record import Row, record

EDITORS = frozenset({Role.COMMUNITY_HEAD, Role.CENTRE, Role.DISTRICT_BODY, Role.STREET_SECTION, Role.LINE_WORKER})
SEED = Path(__file__).parent / "data" / "entries.csv"


def may_edit(by: Actor) -> bool:
    """May this actor write and retire entries?"""
    return by.is_machine or by.has_role(*EDITORS)


def _may_edit(by: Actor) -> None:
    if not may_edit(by):
        raise Forbidden()


@transaction.atomic
def save_entry(*, by: Actor, question: str, answer: str, source: str, wordings: list[str] | None = None, department: str = "", code: str = "", entry_id: UUID | None = None, community_id: UUID | None = None) -> Entry:
    """Write a new entry or change one; it is found by every process within two seconds. Raises BadInput, Forbidden."""
    _may_edit(by)
    for text, what in ((question, "问题"), (answer, "答案"), (source, "来源")):
        if not text.strip():
            raise BadInput(f"请填写{what}。", "missing_text")
    entry = Entry.objects.filter(id=entry_id).first() if entry_id else None
    if entry_id and entry is None:
        raise NotFound()
    if entry is None:
        entry = Entry(id=ids.new())
        entry.code = code or f"E{entry.id.hex[-12:]}"
    entry.question, entry.answer, entry.source = question.strip()[:200], answer.strip(), source.strip()[:120]
    entry.wordings = [w.strip() for w in (wordings or []) if w.strip()]
    entry.department, entry.community_id, entry.updated_at = department.strip()[:48], community_id, clock.wall()
    entry.state = Entry.IN_FORCE
    entry.save()
    record(by, "knowledge.save_entry", Row("entry", entry.id, community_id=community_id))
    index.forget()
    return entry


@transaction.atomic
def retire_entry(*, by: Actor, entry_id: UUID) -> Entry:
    """The entry is not served any more. Raises NotFound, Forbidden."""
    _may_edit(by)
    entry = Entry.objects.filter(id=entry_id).first()
    if entry is None:
        raise NotFound()
    entry.state, entry.updated_at = Entry.EXPIRED, clock.wall()
    entry.save(update_fields=["state", "updated_at"])
    record(by, "knowledge.retire_entry", Row("entry", entry.id, community_id=entry.community_id))
    index.forget()
    return entry


@transaction.atomic
def tell_useful(*, by: Actor, entry_id: UUID, message_id: UUID, member_id: UUID, useful: bool) -> None:
    """One member's 有用/没用 of one answer; a changed mind replaces the first."""
    entry = Entry.objects.filter(id=entry_id).first()
    if entry is None:
        raise NotFound()
    Opinion.objects.update_or_create(
        message_id=message_id, member_id=member_id, defaults={"entry": entry, "useful": useful}
    )
    opinions = Opinion.objects.filter(entry=entry)
    entry.useful, entry.useless = opinions.filter(useful=True).count(), opinions.filter(useful=False).count()
    entry.save(update_fields=["useful", "useless"])
    record(by, "knowledge.tell_useful", Row("entry", entry.id, facts={"useful": useful}))


@transaction.atomic
def seed_entries(*, by: Actor) -> int:
    """Load the entries that come with the product; those an adopter changed stay. Returns how many are new."""
    with SEED.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    have = set(Entry.objects.values_list("code", flat=True))
    now = clock.wall()
    new = [
        Entry(
            code=r["code"], question=r["question"], wordings=[w for w in r["wordings"].split("|") if w],
            answer=r["answer"], source=r["source"], department=r["department"], updated_at=now,
        )
        for r in rows if r["code"] not in have
    ]  # fmt: skip
    Entry.objects.bulk_create(new)
    index.forget()
    return len(new)
