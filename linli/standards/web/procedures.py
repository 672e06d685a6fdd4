"""Procedures at the desk: which there are, one version with its drawing, all drawn, and the way into force."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.accounts import selectors as accounts
from linli.kernel.actors import Actor
from linli.kernel.errors import LinliError, NotFound
from linli.standards import access, actions, selectors
from linli.standards.actions.procedures import BUILT_IN
from linli.standards.flow import END, parse
from linli.standards.models import Kind, Procedure
from linli.standards.problems import problems
from linli.standards.states import LABELS, PROCEDURE_MOVES, ProcedureState
from linli.standards.web import common, lookup, rehearsing

WRITTEN = (Procedure.DRAFT, Procedure.REVIEW)


@require_GET
def procedures(request: HttpRequest) -> HttpResponse:
    """GET /desk/procedures/ — those in force; `state=written` those being written or read."""
    actor = common.worker(request)
    written = request.GET.get("state") == "written"
    rows = list(Procedure.objects.filter(state__in=WRITTEN).order_by("-id")) if written else selectors.procedures()
    names = accounts.names(i for r in rows for i in (r.author_id, r.changed_by) if i)
    clauses = selectors.clauses()
    lines = [
        {"row": r, "label": LABELS[ProcedureState(r.state)], "author": names.get(r.changed_by or r.author_id, ""),
         "steps": sum(s.type != END for s in parse(r.data).steps.values()), "clause": clauses.get(r.clause_code), "own": r.code not in BUILT_IN}
        for r in rows
    ]  # fmt: skip
    return render(request, "standards/procedures.html", common.page(actor, "written" if written else "in_force", lines=lines, written=written))


@require_GET
def procedures_drawn(request: HttpRequest) -> HttpResponse:
    """GET /desk/procedures/all/ — every procedure in force, drawn, with the names of its clauses."""
    actor = common.worker(request)
    calendars, clauses = selectors.calendar_kinds(), selectors.clauses()
    drawn = [(p, clauses.get(p.clause_code), common.shown(request, selectors.flow(p.code, p.version), calendars)) for p in selectors.procedures()]
    return render(request, "standards/procedures_drawn.html", common.page(actor, "drawn", drawn=drawn))


@require_GET
def procedure(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """GET /desk/procedures/<id>/"""
    return _page(request, common.worker(request), lookup.found(procedure_id))


def _page(request: HttpRequest, actor: Actor, row: Procedure, wrong: str = "") -> HttpResponse:
    flow, calendars = lookup.flow_of(row), selectors.calendar_kinds()
    people = (row.author_id, row.changed_by, row.approver_id)
    names = accounts.names(i for i in people if i)
    writes = row.state in WRITTEN
    context = common.page(
        actor, "written" if writes else "in_force", p=row, label=LABELS[ProcedureState(row.state)], wrong=wrong,
        author=names.get(row.author_id, ""), changer=names.get(row.changed_by, ""), approver=names.get(row.approver_id, ""),
        clause=selectors.clauses().get(row.clause_code), kind=Kind.objects.filter(procedure=row.code).first(),
        versions=list(Procedure.objects.filter(code=row.code).order_by("-version")), versions_labels=LABELS,
        problems=problems(row.data, calendars) if writes else [], verbs=_verbs(actor, row), own=_own(actor, row),
        dry=rehearsing.choices(flow, {}), **common.shown(request, flow, calendars),
    )  # fmt: skip
    return render(request, "standards/procedure.html", context, status=422 if wrong else 200)


def _own(actor: Actor, row: Procedure) -> bool:
    return actor.id is not None and actor.id in (row.author_id, row.changed_by)


def _verbs(actor: Actor, row: Procedure) -> set[str]:
    """What may be done here and now."""
    found = {v for v in PROCEDURE_MOVES.verbs(row.state) if access.may(actor, v)}
    if row.state in WRITTEN and row.author_id == actor.id and access.may(actor, "change_procedure"):
        found.add("withdraw_procedure")
    if _own(actor, row):
        found.discard("approve_procedure")
    if row.state == Procedure.IN_FORCE and row.code in BUILT_IN:
        found.discard("withdraw_procedure")
    busy = Procedure.objects.filter(code=row.code, state__in=WRITTEN).exists()
    if row.state not in WRITTEN and not busy and access.may(actor, "draft_procedure"):
        found.add("draft_procedure")
    return found


@require_POST
def procedure_do(request: HttpRequest, procedure_id: UUID, verb: str) -> HttpResponse:
    """POST /desk/procedures/<id>/copy|submit|approve|return|withdraw/"""
    actor = common.worker(request)
    this: dict[str, Any] = {"by": actor, "procedure_id": procedure_id}
    try:
        if verb == "copy":
            made = actions.draft_procedure(by=actor, copy_of=procedure_id)
            return HttpResponseRedirect(reverse("procedure_edit", args=[made.id]))
        if verb == "return":
            actions.return_procedure(**this, words=request.POST.get("words", ""))
        elif verb in DEEDS:
            DEEDS[verb](**this)
        else:
            raise NotFound()
    except LinliError as exc:
        if exc.status in (403, 404):
            raise
        return _page(request, actor, lookup.found(procedure_id), exc.message)
    return HttpResponseRedirect(reverse("procedure", args=[procedure_id]))


DEEDS = {"submit": actions.submit_procedure, "approve": actions.approve_procedure, "withdraw": actions.withdraw_procedure}
