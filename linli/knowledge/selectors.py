"""Reads of knowledge. Entries are public answers: all staff read them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from linli.grid import selectors as places
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.knowledge import access, facts, index, telling
from linli.knowledge.models import Entry, Gap, LocalFact
from linli.knowledge.states import GapState

PAGE = 30
AT_MOST = 300


@dataclass(frozen=True, slots=True)
class Tried:
    """What 小栖 would say to a question now: "answer" (the first entry), "close" (asks which) or "unknown"; `said`: its
    words at the place."""

    verdict: str
    entries: list[Entry]
    said: str = ""


def list_entries(
    actor: Actor, *, q: str = "", state: str = Entry.IN_FORCE, department: str = "", doubted: bool = False, unread: bool = False,
    after: str = "",
) -> tuple[list[Entry], str]:  # fmt: skip
    """(entries by code, each with the name of the `place` it holds for, "" the district; cursor of the next page). `doubted`: somebody said 没用; `unread`: nobody has read the source, so
    that it is not told. One statement."""
    rows = access.visible_to(actor).filter(state=state)
    if department:
        rows = rows.filter(department=department)
    if unread:
        rows = rows.filter(UNREAD)
    for word in q.split()[:5]:
        rows = rows.filter(Q(question__icontains=word) | Q(answer__icontains=word) | Q(department__icontains=word) | Q(source__icontains=word))
    found = rows.filter(code__gt=after) if after else rows
    if doubted:
        found = found.filter(useless__gt=0)
    page = list(found.order_by("code")[: PAGE + 1])
    names = places.area_names(e.area_id for e in page if e.area_id)
    for entry in page:
        entry.place = names.get(entry.area_id, "") if entry.area_id else ""  # type: ignore[attr-defined]
    return page[:PAGE], page[PAGE - 1].code if len(page) > PAGE else ""


UNREAD = Q(source__contains=Entry.UNREAD) | Q(article__contains=Entry.UNREAD)


def departments_of(actor: Actor, state: str = Entry.IN_FORCE) -> list[tuple[str, int]]:
    """(department, entries in that state), the fullest first."""
    rows = access.visible_to(actor).filter(state=state).exclude(department="")
    return list(rows.values_list("department").annotate(n=Count("id")).order_by("-n", "department"))


def counts(actor: Actor) -> dict[str, int]:
    """What the tree at the side shows: entries by state, unread and doubted ones, questions that wait, facts not filled in."""
    rows = access.visible_to(actor)
    by_state = dict(rows.values_list("state").annotate(n=Count("id")))
    in_force = rows.filter(state=Entry.IN_FORCE)
    return {
        **by_state, "unread": in_force.filter(UNREAD).count(), "doubted": in_force.filter(useless__gt=0).count(),
        "gaps": access.gaps_of(actor).filter(state=GapState.WAITING).count(), "facts": len([f for f in fact_rows() if not f.value]),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactRow:
    """A local fact that answers ask for: its district-wide value, in how many answers, an entry that asks for it."""

    name: str
    value: str
    entries: int
    example: Entry | None
    places: list[tuple[UUID, str, str]]


def fact_rows() -> list[FactRow]:
    """The facts that the entries in force ask for, those in most answers first. Two statements."""
    asked: dict[str, list[Entry]] = {}
    for entry in Entry.objects.filter(state=Entry.IN_FORCE, answer__contains="{").only("id", "code", "question", "answer"):
        for name in telling.fields(entry.answer):
            asked.setdefault(name, []).append(entry)
    known: dict[str, dict[UUID | None, str]] = {}
    for name, area_id, value in LocalFact.objects.values_list("name", "area_id", "value"):
        known.setdefault(name, {})[area_id] = value
    names = places.area_names(a for areas in known.values() for a in areas if a)
    rows = [
        FactRow(
            name, known.get(name, {}).get(None, ""), len(asked.get(name, ())), next(iter(asked.get(name, ())), None),
            [(a, names.get(a, ""), v) for a, v in known.get(name, {}).items() if a],
        )
        for name in {*asked, *known}
    ]  # fmt: skip
    return sorted(rows, key=lambda r: (bool(r.value or r.places), -r.entries, r.name))


@dataclass(frozen=True, slots=True)
class Queued:
    """A question in a queue with its light: green to 80 % of its time, yellow to the end, red after."""

    gap: Gap
    light: str
    left: timedelta
    community: str


def list_gaps(actor: Actor, *, state: str = GapState.WAITING, department: str = "", after: str = "") -> tuple[list[Queued], str]:
    """Questions that wait, the most urgent first; answered and closed ones newest first."""
    rows = access.gaps_of(actor).filter(state=state)
    if department:
        rows = rows.filter(department=department)
    if state == GapState.WAITING:
        found = list(rows.order_by("due_at", "id")[:AT_MOST])
    else:
        rows = rows.filter(id__lt=UUID(after)) if after else rows
        found = list(rows.order_by("-id")[: PAGE + 1])
    more = len(found) > PAGE and state != GapState.WAITING
    found = found[:PAGE] if state != GapState.WAITING else found
    now = clock.now()
    names = places.area_names(g.community_id for g in found)
    lines = [Queued(g, _light(g, now), g.due_at - now, names.get(g.community_id, "")) for g in found]
    return lines, str(found[-1].id) if more else ""


def _light(gap: Gap, now: datetime) -> str:
    if gap.state != GapState.WAITING:
        return "none"
    if now >= gap.due_at:
        return "red"
    return "yellow" if now >= gap.asked_at + (gap.due_at - gap.asked_at) * 0.8 else "green"


def attempt(question: str, community_id: UUID | None = None) -> Tried:
    """What 小栖 would answer to these words now, at a place."""
    answer, hits = index.ask(question, community_id)
    if hits and answer.verdict == "answer":
        return Tried("answer", hits[:1], telling.told(hits[0].answer, facts.of_place(community_id)))
    if len(hits) > 1 and answer.verdict == "close":
        return Tried("close", hits[:3])
    return Tried("unknown", [])
