"""Entries at the desk: find, try, write, have a second person read, retire."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.accounts import selectors as accounts
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden
from linli.knowledge import access, actions, departments, facts, selectors, telling
from linli.knowledge.models import Entry
from linli.knowledge.states import LABELS, MOVES, EntryState
from linli.knowledge.web.common import page, worker

FIELDS = ("question", "answer", "source", "article", "edition", "department", "wordings", "valid_from", "valid_to", "area")


@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """GET /desk/knowledge/ — the list; `try` asks what 小栖 would say."""
    actor, get = worker(request), request.GET
    state = get.get("state", Entry.IN_FORCE)
    state = state if state in LABELS else Entry.IN_FORCE
    wanted = {
        "q": get.get("q", "").strip()[:60], "state": state, "department": get.get("department", "")[:48],
        "doubted": get.get("doubted") == "1", "unread": get.get("unread") == "1",
    }  # fmt: skip
    rows, following = selectors.list_entries(actor, after=get.get("after", "")[:40], **wanted)
    said = get.get("try", "").strip()[:200]
    here = "doubted" if wanted["doubted"] else "unread" if wanted["unread"] else "entries" if state == Entry.IN_FORCE else state
    kept = {k: "1" if v is True else v for k, v in wanted.items() if v}
    context = page(
        actor, here, rows=rows, next=f"?{urlencode({**kept, 'after': following})}" if following else "", said=said,
        tried=selectors.attempt(said, _here(actor)) if said else None, departments=selectors.departments_of(actor, state),
        chip_url=f"?{urlencode({k: v for k, v in kept.items() if k != 'department'})}", **wanted,
    )  # fmt: skip
    return render(request, "knowledge/entries.html", context)


def _here(actor: Actor) -> UUID | None:
    """The community whose local facts the page tells: her own."""
    return next((p.community_id for p in actor.posts if p.community_id), None)


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, entry_id: UUID | None = None) -> HttpResponse:
    """GET and POST /desk/knowledge/new/ and /desk/knowledge/<id>/ — a draft, for review or to go on with."""
    actor = worker(request)
    found = access.get(actor, entry_id) if entry_id else None
    if not access.may_write(actor) and (found is None or request.method == "POST"):
        raise Forbidden("您的岗位可以看知识库，但不能添加。请告诉社区书记或平台中心。")
    wrong, post = "", request.POST
    if request.method == "POST":
        try:
            saved = _save(actor, found, _text(post, found))
            if post.get("submit"):
                actions.submit_entry(by=actor, entry_id=saved.id)
            return HttpResponseRedirect(reverse("entry", args=[saved.id]))
        except BadInput as exc:
            wrong = exc.message
    data = {k: post.get(k, "") for k in FIELDS} if wrong else _data(found, request)
    context = page(actor, found.state if found else "", data=data, wrong=wrong, entry=found, names=departments.NAMES, areas=_areas(found), **_beside(actor, found))
    return render(request, "knowledge/entry.html", context, status=422 if wrong else 200)


def _save(actor: Actor, found: Entry | None, text: actions.Text) -> Entry:
    if found is not None and found.state in (Entry.IN_FORCE, Entry.EXPIRED):
        return actions.revise_entry(by=actor, entry_id=found.id, text=text)
    return actions.draft_entry(by=actor, text=text, entry_id=found.id if found else None)


def _text(post, found: Entry | None) -> actions.Text:  # type: ignore[no-untyped-def]
    return actions.Text(
        question=post.get("question", ""), answer=post.get("answer", ""), source=post.get("source", ""), article=post.get("article", ""),
        edition=post.get("edition", ""), department=post.get("department", ""), wordings=tuple(post.get("wordings", "").splitlines()),
        valid_from=_day(post.get("valid_from", "")), valid_to=_day(post.get("valid_to", "")),
        area_id=_area(post.get("area", "")),
    )  # fmt: skip


def _area(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as exc:
        raise BadInput("请选一个街道或社区，或者选全区。", "bad_area") from exc


def _areas(found: Entry | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the form offers: each street with its communities; the entry's own place also when it has ended."""
    communities = places.areas(Area.COMMUNITY)
    groups = [
        (s.name, [(str(s.id), f"{s.name}（整个街道）"), *((str(c.id), c.name) for c in communities if c.street_id == s.id)])
        for s in places.areas(Area.STREET)
    ]  # fmt: skip
    own = found.area_id if found else None
    if own and str(own) not in {i for _, rows in groups for i, _ in rows}:
        groups.append(("已经撤并的", [(str(own), places.area_names([own]).get(own, ""))]))
    return groups


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as exc:
        raise BadInput("日期请从日历里选，或写成 2026-03-01。", "bad_day") from exc


def _data(found: Entry | None, request: HttpRequest) -> dict[str, str]:
    if found is None:
        return {k: request.GET.get(k, "")[:4000] for k in FIELDS}
    days = {n: v.isoformat() if (v := getattr(found, n)) else "" for n in ("valid_from", "valid_to")}
    return {n: getattr(found, n) for n in FIELDS[:6]} | {"wordings": "\n".join(found.wordings), "area": str(found.area_id or "")} | days


def _beside(actor: Actor, found: Entry | None) -> dict:
    """What stands beside the form: how it is told here, who wrote it, what may be done with it."""
    if found is None:
        return {}
    known = facts.of_place(found.area_id or _here(actor))
    old = Entry.objects.filter(id=found.replaces).first() if found.replaces else None
    author = accounts.names([found.written_by]).get(found.written_by, "") if found.written_by else ""
    return {
        "said": telling.told(found.answer, known), "missing": [f for f in telling.fields(found.answer) if f not in known],
        "source": telling.source_of(found), "label": LABELS[EntryState(found.state)], "author": author, "revision": actions.pending(found), "old": old,
        "own": found.written_by == actor.id, "verbs": [v for v in MOVES.verbs(found.state) if _may(actor, v, found)],
        "place": places.area_names([found.area_id]).get(found.area_id, "") if found.area_id else "",
    }  # fmt: skip


def _may(actor: Actor, verb: str, entry: Entry) -> bool:
    if verb == "submit_entry":
        return access.may_write(actor)
    if verb == "approve_entry":
        return access.may_edit(actor) and entry.written_by != actor.id
    return access.may_edit(actor) and verb != "expire_entry"


@require_POST
def move(request: HttpRequest, entry_id: UUID, verb: str) -> HttpResponse:
    """POST /desk/knowledge/<id>/submit|approve|return|retire/"""
    actor = worker(request)
    if verb == "return":
        actions.return_entry(by=actor, entry_id=entry_id, words=request.POST.get("words", ""))
    else:
        {"submit": actions.submit_entry, "approve": actions.approve_entry, "retire": actions.retire_entry}[verb](by=actor, entry_id=entry_id)
    return HttpResponseRedirect(reverse("knowledge") if verb == "retire" else reverse("entry", args=[entry_id]))
