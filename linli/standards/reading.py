"""Reads of the library for its pages, with an actor: contents, versions, search, which procedures name a clause."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.language import query_tokens
from linli.standards import access_library as access
from linli.standards import selectors, shelf
from linli.standards.agreement import Citation, citations
from linli.standards.documents import SUBSYSTEMS, ClauseText, DocumentState, DocumentText
from linli.standards.models import Clause, Document, Procedure
from linli.standards.texts import text_of

S = DocumentState
AT_MOST = 60


# Procedures and clauses


def citing(code: str) -> list[tuple[Procedure, list[Citation]]]:
    """The procedures in force that name a clause, and where."""
    found = [(p, [c for c in _citations(p) if c.clause == code]) for p in selectors.procedures()]
    return [(p, rows) for p, rows in found if rows or p.clause_code == code]


def _citations(p: Procedure, draft: DocumentText | None = None) -> list[Citation]:
    def find(code: str) -> ClauseText | None:
        if draft and code.partition("-")[0] == draft.code:
            return draft.clause(code.partition("-")[2])
        return shelf.text(code)

    def documents(code: str) -> list[ClauseText]:
        return list(draft.clauses) if draft and code == draft.code else shelf.texts(code)

    return citations(selectors.flow(p.code, p.version), find, documents)


def differences(draft: DocumentText | None = None) -> list[tuple[Procedure, Citation]]:
    """Where procedures in force do not say what their clauses say; with `draft`, only where they would not once it is."""
    return [
        (p, c) for p in selectors.procedures() for c in _citations(p, draft)
        if (c.missing or not c.agrees) and (draft is None or c.clause.partition("-")[0] == draft.code)
    ]  # fmt: skip


# Pages


@dataclass(frozen=True, slots=True)
class Shown:
    """A standard in a list: the version, how many clauses it has, whether its time is over."""

    document: Document
    clauses: int
    over: bool


@dataclass(slots=True)
class Module:
    """A module with the standards in force."""

    code: str
    name: str
    rows: list[Shown] = field(default_factory=list)


@dataclass(slots=True)
class Subsystem:
    """A subsystem with its modules, also the empty ones."""

    code: str
    name: str
    modules: list[Module]


def contents(actor: Actor) -> list[Subsystem]:
    """The library as it is in force, in the order of the standards system. One statement."""
    rows = _shown(access.visible_to(actor).filter(state=S.IN_FORCE))
    return [
        Subsystem(code, name, [
            Module(m, label, [r for r in rows if (r.document.subsystem, r.document.module) == (code, m)]) for m, label in modules.items()
        ])
        for code, (name, modules) in SUBSYSTEMS.items()
    ]  # fmt: skip


def counts(actor: Actor) -> dict[str, int]:
    """state → versions that the actor may read."""
    return dict(access.visible_to(actor).values_list("state").annotate(n=Count("id")).order_by())


def by_state(actor: Actor, state: str) -> list[Shown]:
    """The versions in a state that the actor may read, by code; "over": in force and past their time."""
    if state == "over":
        return [r for r in by_state(actor, S.IN_FORCE) if r.over]
    return _shown(access.visible_to(actor).filter(state=state))


def _shown(rows) -> list[Shown]:  # type: ignore[no-untyped-def]
    today = clock.today()
    found = rows.annotate(n=Count("clauses")).order_by("code", "version")
    return [Shown(d, d.n, d.state == S.IN_FORCE and d.valid_until is not None and d.valid_until < today) for d in found]


def versions(actor: Actor, code: str) -> list[Document]:
    """All versions of a standard that the actor may read, newest first."""
    return list(access.visible_to(actor).filter(code=code).order_by("-version"))


def clause_versions(actor: Actor, code: str) -> list[Clause]:
    """A clause in all versions that the actor may read, newest first."""
    rows = Clause.objects.filter(code=code, document__in=access.visible_to(actor)).select_related("document")
    return list(rows.order_by("-document__version"))


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that was found; `pieces`: its words, True where one of the asked ones stands."""

    clause: Clause
    pieces: tuple[tuple[bool, str], ...]


def search(actor: Actor, words: str, *, past: bool = False) -> list[Hit]:
    """Clauses in force that hold all words, those with a word in their title first, at most AT_MOST; `past`: in old
    versions and in drafts that the actor may read, too. A code (WXQ-4.2, or the beginning of one) finds its clauses."""
    rows = Clause.objects.filter(document__in=access.visible_to(actor)).select_related("document")
    if not past:
        rows = rows.filter(document__state=S.IN_FORCE)
    wanted = Q(code__istartswith=words.strip()) if words.strip().isascii() and words.strip() else Q(pk=None)
    tokens = ["".join(c for c in t if c.isalnum()) for t in query_tokens(words)[:12]]
    if tokens:
        held = Q()
        for token in tokens:
            held &= Q(tokens__contains=f" {token} ") if len(token) > 1 else Q(text__contains=token) | Q(title__contains=token)
        wanted |= held
    asked = [w for w in words.split() if w]
    found = list(rows.filter(wanted).order_by("document__code", "-document__version", "position")[: AT_MOST * 3])
    found.sort(key=lambda c: not any(w in c.title or w in c.document.title for w in asked))
    return [Hit(c, _pieces(c.text, asked)) for c in found[:AT_MOST]]


def _pieces(words: str, asked: list[str]) -> tuple[tuple[bool, str], ...]:
    marked = [False] * len(words)
    for w in asked:
        start = words.find(w)
        while start >= 0:
            marked[start : start + len(w)] = [True] * len(w)
            start = words.find(w, start + len(w))
    found: list[tuple[bool, str]] = []
    for char, mark in zip(words, marked, strict=True):
        if found and found[-1][0] == mark:
            found[-1] = (mark, found[-1][1] + char)
        else:
            found.append((mark, char))
    return tuple(found)


def exported(actor: Actor, codes: Iterable[str] = ()) -> list[DocumentText]:
    """The standards in force as text, all or those of the codes, by code."""
    rows = access.visible_to(actor).filter(state=S.IN_FORCE).order_by("code").prefetch_related("clauses")
    wanted = set(codes)
    return [text_of(d, d.clauses.all()) for d in rows if not wanted or d.code in wanted]
