"""Reading the library: contents and search, a standard, one clause, two versions side by side, paper."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from linli.accounts import selectors as accounts
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden, NotFound
from linli.standards import access_library as access
from linli.standards import reading
from linli.standards.compare import compare
from linli.standards.documents import LABELS, MOVES, DocumentState, DocumentText, place_of
from linli.standards.models import Document
from linli.standards.texts import clause_text, text_of

S = DocumentState
STATES = ("draft", "review", "approved", "over", "superseded")
STATE_LABELS = {**{str(s): label for s, label in LABELS.items()}, "over": "过了有效期"}
VERBS = {
    "submit_document": "submit", "approve_document": "approve", "return_document": "return", "revise_document": "revise", "drop_document": "drop",
}


def worker(request: HttpRequest) -> Actor:
    """The colleague who asks. Raises Forbidden for anybody else."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != "worker":
        raise Forbidden("请用工作人员的账号登录。", "not_staff")
    return actor


def page(actor: Actor, here: str, **more: Any) -> dict[str, Any]:
    """Context of every page: `here` names the branch of the tree that is open."""
    writes = access.may(actor, "draft_document")
    parts = reading.contents(actor)
    tree = []
    for part in parts:
        tree.append((part.code, part.name, f"{reverse('standards')}?part={part.code}", sum(len(m.rows) for m in part.modules), 1))
        tree += [(m.code, m.name, f"{reverse('standards')}?part={m.code}", len(m.rows), 2) for m in part.modules]
    count = reading.counts(actor) | {"over": sum(1 for p in parts for m in p.modules for r in m.rows if r.over)}
    for state in STATES:
        if count.get(state) or (writes and state in (S.DRAFT, S.REVIEW)):
            tree.append((state, STATE_LABELS[state], f"{reverse('standards')}?state={state}", count.get(state, 0), 1))
    return {"room": "standards", "tree_label": "标准", "tree": tree, "here": here, "writes": writes, "parts": parts, **more}


@require_GET
def contents(request: HttpRequest) -> HttpResponse:
    """GET /desk/standards/ — what is in force by subsystem and module; `q` searches all clauses, `state` lists versions."""
    actor, get = worker(request), request.GET
    q, past, state, part = get.get("q", "").strip()[:60], get.get("past") == "1", get.get("state", ""), get.get("part", "")
    state = state if state in STATES else ""
    context = page(actor, state or part, asked=q, past=past, state=state, label=STATE_LABELS.get(state, ""), part=part)
    if part:
        shown = [p for p in context["parts"] if p.code == part or any(m.code == part for m in p.modules)]
        for p in shown:
            p.modules = [m for m in p.modules if part in (p.code, m.code)]
        context["parts"] = shown or context["parts"]
    context["hits"] = reading.search(actor, q, past=past) if q else None
    context["listed"] = reading.by_state(actor, state) if state else None
    context["differences"] = reading.differences() if context["writes"] and not q and not state and not part else []
    context["exports"] = access.may(actor, "export_documents")
    return render(request, "standards/library.html", context)


@require_GET
def document(request: HttpRequest, code: str, version: str = "") -> HttpResponse:
    """GET /desk/standards/<code>/ and /<code>/<version>/ — the standard in force, or one version."""
    actor = worker(request)
    found = _found(actor, code, version)
    saved = next((c.number for c in found.clauses.all() if c.number == request.GET.get("saved", "")), "")
    return render(request, "standards/library_document.html", whole(actor, found, saved=saved))


def whole(actor: Actor, found: Document, **more: Any) -> dict[str, Any]:
    """The context of a standard's page; `more` may hold what went wrong."""
    clauses = list(found.clauses.order_by("position"))
    text = text_of(found, clauses)
    may_write = found.state == S.DRAFT and access.may(actor, "save_clause")
    wrote = str(actor.id) in found.writers
    verbs = [v for v in VERBS if MOVES.allows(v, found.state) and access.may(actor, v)]
    if wrote and "approve_document" in verbs:
        verbs.remove("approve_document")
    others = reading.versions(actor, found.code)
    before = next((d for d in others if d.version < found.version and d.state in (S.IN_FORCE, S.SUPERSEDED)), None)
    people = accounts.names([*_ids(found.writers), *([found.approver_id] if found.approver_id else [])])
    return page(
        actor, found.module if found.state == S.IN_FORCE else found.state, document=found, text=text, chapters=chapters(text),
        place=place_of(found.subsystem, found.module), state_label=LABELS[DocumentState(found.state)], may_write=may_write, wrote=wrote,
        verbs={VERBS[v] for v in verbs}, versions=[(d, LABELS[DocumentState(d.state)]) for d in others], before=before,
        writers=[people[i] for i in _ids(found.writers) if i in people], approver=people.get(found.approver_id, "") if found.approver_id else "",
        effects=reading.differences(text) if found.state in (S.DRAFT, S.REVIEW, S.APPROVED) else [], exports=access.may(actor, "export_documents"),
        over=found.state == S.IN_FORCE and found.valid_until is not None and found.valid_until < clock.today(), **more,
    )  # fmt: skip


def _ids(texts: list[str]) -> list[UUID]:
    return [UUID(t) for t in texts]


def chapters(text: DocumentText) -> list[tuple[str, str, list[Any]]]:
    """(number, name, clauses) in order."""
    found: dict[str, tuple[str, str, list[Any]]] = {}
    for c in text.clauses:
        number = c.number.split(".")[0]
        found.setdefault(number, (number, c.chapter, []))[2].append(c)
    return list(found.values())


def _found(actor: Actor, code: str, version: str) -> Document:
    if version:
        return access.get(actor, code, int(version))
    rows = reading.versions(actor, code)
    found = next((d for d in rows if d.state == S.IN_FORCE), rows[0] if rows else None)
    if found is None:
        raise NotFound("没有找到这份标准。")
    return found


@require_GET
def clause(request: HttpRequest, code: str) -> HttpResponse:
    """GET /desk/standards/clause/<WXQ-4.2>/ — one clause: its words and values, who follows it, how it read before."""
    actor = worker(request)
    rows = reading.clause_versions(actor, code)
    wished = request.GET.get("version", "")
    found = next((c for c in rows if str(c.document.version) == wished), None) or next(
        (c for c in rows if c.document.state == S.IN_FORCE), rows[0] if rows else None
    )
    if found is None:
        raise NotFound(f"没有找到条款 {code}。")
    text = clause_text(found)
    context = page(
        actor, found.document.module, clause=found, chapter=code.partition("-")[2].split(".")[0], text=text, state_label=LABELS[DocumentState(found.document.state)],
        citing=reading.citing(code), newer=next((c for c in rows if c.document.state == S.IN_FORCE and c.document_id != found.document_id), None),
        rows=[(c, LABELS[DocumentState(c.document.state)], clause_text(c) != text) for c in rows if c.id != found.id],
        neighbours=_neighbours(found.document, found.position),
    )  # fmt: skip
    return render(request, "standards/library_clause.html", context)


def _neighbours(found: Document, position: int) -> tuple[Any, Any]:
    rows = list(found.clauses.order_by("position").only("code", "number", "title", "position"))
    at = next(n for n, c in enumerate(rows) if c.position == position)
    return (rows[at - 1] if at else None), (rows[at + 1] if at + 1 < len(rows) else None)


@require_GET
def compared(request: HttpRequest, code: str) -> HttpResponse:
    """GET /desk/standards/<code>/compare/?old=1&new=2 — two versions side by side."""
    actor = worker(request)
    rows = reading.versions(actor, code)
    if not rows:
        raise NotFound("没有找到这份标准。")
    by_version = {str(d.version): d for d in rows}
    new = by_version.get(request.GET.get("new", ""), rows[0])
    old = by_version.get(request.GET.get("old", "")) or next((d for d in rows if d.version < new.version), new)
    if old.version > new.version:
        old, new = new, old
    changes = compare(text_of(old), text_of(new))
    count = {kind: sum(1 for c in changes if c.kind == kind and c.where) for kind in ("added", "removed", "changed")}
    context = page(
        actor, new.module, old=old, new=new, changes=changes, count=count, versions=[(d, LABELS[DocumentState(d.state)]) for d in rows],
        old_label=LABELS[DocumentState(old.state)], new_label=LABELS[DocumentState(new.state)], document=new,
    )  # fmt: skip
    return render(request, "standards/library_compare.html", context)


@require_GET
def printed(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """GET /desk/standards/<code>/<version>/print/ — the standard on A4."""
    actor = worker(request)
    found = access.get(actor, code, int(version))
    text = text_of(found)
    rows = [(c, v) for c in text.clauses for v in c.values]
    context = {
        "document": found, "text": text, "chapters": chapters(text), "state_label": LABELS[DocumentState(found.state)], "values": rows,
        "place": place_of(found.subsystem, found.module), "viewer": actor.name, "printed_at": clock.now(),
        "back": reverse("standard_version", args=[found.code, found.version]),
    }  # fmt: skip
    return render(request, "standards/library_print.html", context)


