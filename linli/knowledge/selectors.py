"""Reads of knowledge. Entries are public answers: all staff read them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.kernel.actors import Actor
from linli.kernel.errors import NotFound
from linli.knowledge import index
from linli.knowledge.models import Entry

PAGE = 30


@dataclass(frozen=True, slots=True)
class Tried:
    """What 小栖 would say to a question now: "answer" (the first entry), "close" (asks which) or "unknown"."""

    verdict: str
    entries: list[Entry]


def visible_to(actor: Actor) -> QuerySet[Entry]:
    """All entries for staff and machines; nothing for others here (residents are served by the index)."""
    return Entry.objects.all() if actor.is_machine or actor.kind == "worker" else Entry.objects.none()


def get(actor: Actor, entry_id: UUID) -> Entry:
    """One entry. Raises NotFound."""
    entry = visible_to(actor).filter(id=entry_id).first()
    if entry is None:
        raise NotFound("没有找到这条知识。")
    return entry


def list_entries(actor: Actor, *, q: str = "", state: str = Entry.IN_FORCE, doubted: bool = False, after: str = "") -> tuple[list[Entry], str]:
    """(entries by code, cursor of the next page). `doubted`: more 没用 than 有用. One statement."""
    rows = visible_to(actor).filter(state=state)
    for word in q.split()[:5]:
        rows = rows.filter(Q(question__icontains=word) | Q(answer__icontains=word) | Q(department__icontains=word) | Q(source__icontains=word))
    found = rows.filter(code__gt=after) if after else rows
    if doubted:
        found = found.filter(useless__gt=0)
    page = list(found.order_by("code")[: PAGE + 1])
    return page[:PAGE], page[PAGE - 1].code if len(page) > PAGE else ""


def attempt(question: str) -> Tried:
    """What 小栖 would answer to these words now."""
    retriever, entries = index.current()
    answer = retriever.answer(question)
    hits = [entries[h.entry_id] for h in answer.hits if h.entry_id in entries]
    if hits and answer.verdict == "answer":
        return Tried("answer", hits[:1])
    if len(hits) > 1 and answer.verdict == "close":
        return Tried("close", hits[:3])
    return Tried("unknown", [])
