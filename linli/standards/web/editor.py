"""The form in which a procedure is written, with its drawing and what is wrong beside it while one writes."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from linli.accounts import selectors as accounts
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, WrongState
from linli.standards import access, actions, form, selectors
from linli.standards.drawing import draw
from linli.standards.flow import parse
from linli.standards.models import Procedure
from linli.standards.problems import Problem, problems
from linli.standards.web import common, lookup, rehearsing
from linli.standards.web.fields import Form


@require_http_methods(["GET", "POST"])
def procedure_new(request: HttpRequest) -> HttpResponse:
    """GET and POST /desk/procedures/new/"""
    actor = common.worker(request)
    access.ask(actor, "draft_procedure")
    if request.method == "POST":
        return _post(request, actor, None)
    values = form.form_of("", "", form.new(), selectors.calendar_kinds())
    return _page(request, actor, None, values)


@require_http_methods(["GET", "POST"])
def procedure_edit(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """GET and POST /desk/procedures/<id>/edit/ — a draft goes on being written."""
    actor = common.worker(request)
    access.ask(actor, "change_procedure")
    row = lookup.found(procedure_id)
    if row.state != Procedure.DRAFT:
        raise WrongState("这一版已经不是草稿了。要改，请在它的页面上另写一版。")
    if request.method == "POST":
        return _post(request, actor, row)
    return _page(request, actor, row, form.form_of(row.name, row.clause_code, row.data, selectors.calendar_kinds()))


def _post(request: HttpRequest, actor: Actor, row: Procedure | None) -> HttpResponse:
    """Save; or, without scripts, a button that adds and takes rows."""
    values = _values(request)
    if request.POST.get("do"):
        return _page(request, actor, row, form.edit(values, request.POST["do"]))
    read = form.read(values)
    if read.mistakes:
        return _page(request, actor, row, values, wrong="有的地方没看懂，请看标红的字。写好的都还在。", more=read.mistakes)
    text = actions.Text(name=read.name, clause_code=read.clause_code, data=read.data)
    try:
        if row is None:
            saved = actions.draft_procedure(by=actor, text=text, procedure_id=_key(request))
        else:
            saved = actions.change_procedure(by=actor, procedure_id=row.id, text=text, edit=_edit(request))
    except Conflict as exc:
        if row is None or exc.code != "changed_meanwhile":
            raise
        return _page(request, actor, lookup.found(row.id), values, conflict=exc.message)
    except BadInput as exc:
        beside = [Problem("", exc.message, "name")] if exc.code in ("missing_name", "long_name") else []
        return _page(request, actor, row, values, wrong=exc.message, more=beside)
    if not request.POST.get("submit") or saved.state != Procedure.DRAFT:
        return HttpResponseRedirect(reverse("procedure", args=[saved.id]))
    try:
        actions.submit_procedure(by=actor, procedure_id=saved.id)
    except BadInput as exc:
        return _page(request, actor, saved, values, wrong=f"{exc.message} 草稿已经存好，改好再送审。")
    return HttpResponseRedirect(reverse("procedure", args=[saved.id]))


def _values(request: HttpRequest) -> form.Values:
    return {k: v for k, v in request.POST.lists() if k not in ("csrfmiddlewaretoken", "do", "submit", "key", "edit", "over")}  # type: ignore[misc]


def _key(request: HttpRequest) -> UUID | None:
    """The form's own key: sent twice, it is written once."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _edit(request: HttpRequest) -> int:
    """The writing that she had before her, or the newer one that she has decided to write over."""
    text = request.POST.get("over") or request.POST.get("edit", "")
    if not text.isdecimal():
        raise BadInput("表单不完整，请刷新后再填。", "bad_form")
    return int(text)


def _looked(values: form.Values, more: list[Problem] | None = None) -> tuple[dict[str, Any], list[Problem], str]:
    """(data, what is wrong with it, name) as the form stands."""
    read = form.read(values)
    found = [*(more or []), *read.mistakes, *problems(read.data, selectors.calendar_kinds())]
    return read.data, list(dict.fromkeys(found)), read.name


def _page(
    request: HttpRequest, actor: Actor, row: Procedure | None, values: form.Values, *, wrong: str = "", conflict: str = "",
    more: list[Problem] | None = None,
) -> HttpResponse:  # fmt: skip
    other = ""
    if conflict and row is not None and row.changed_by:
        other = accounts.names([row.changed_by]).get(row.changed_by, "")
    context = common.page(
        actor, "written", p=row, wrong=wrong, conflict=conflict, other=other,
        # What was read stays the stamp until she decides to write over what came between.
        edit=request.POST.get("edit") if conflict else row.edit if row else 0,
        form_url=reverse("procedure_edit", args=[row.id]) if row else reverse("procedure_new"), clauses=selectors.clauses().values(),
        **_context(request, values, more, quiet=request.method == "GET" and row is None),
    )  # fmt: skip
    return render(request, "standards/editor.html", context, status=422 if wrong or conflict else 200)


def _context(request: HttpRequest, values: form.Values, more: list[Problem] | None = None, *, quiet: bool = False) -> dict[str, Any]:
    """The form, its drawing and its rehearsal's fields. `quiet`: an empty form is not told at once what it lacks."""
    data, found, name = _looked(values, more)
    sent = request.POST
    flow = parse(data)
    return {
        **Form(values, [] if quiet else found).context(),
        "drawing": draw(flow, selectors.calendar_kinds(), common.scale(request)), "dry": rehearsing.choices(flow, sent), "found": [] if quiet else found,
        "title": name or "新流程",
    }  # fmt: skip


@require_POST
def procedure_form(request: HttpRequest) -> HttpResponse:
    """POST /desk/procedures/form/ — the form as it stands, nothing stored: its rows after a button (`do`), its drawing with
    what is wrong after a change, or its rehearsal (`dry`)."""
    access.ask(common.worker(request), "change_procedure")
    values, do = _values(request), request.POST.get("do", "")
    if do == "dry":
        flow = parse(form.read(values).data)
        sent = request.POST.dict()
        return render(request, "standards/_dry.html", {"dry": rehearsing.choices(flow, sent), **rehearsing.run(flow, sent)})
    if do:
        return render(request, "standards/_rows.html", _context(request, form.edit(values, do)) | {"swap": True})
    return render(request, "standards/_look.html", _context(request, values) | {"swap": True})
