"""Paper at the desk: blanks to print, photos of filled-in sheets, each typed by two people, what differs settled."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.accounts import selectors as accounts
from linli.channels.models import PaperSheet
from linli.channels.paper import access, actions, forms
from linli.files import selectors as files
from linli.files.serve import blob_response
from linli.grid.models import Area
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.orders import access as order_access
from linli.orders.models import Order

OPEN = (PaperSheet.NEW, PaperSheet.TYPED, PaperSheet.DIFFERS)
MOST = 100
#: ruled lines for handwriting, as many as one A4 has room for
RULES = {"slip": 11, "deputy": 14}


@require_GET
def paper(request: HttpRequest) -> HttpResponse:
    """GET /desk/paper/?form=&community= — blanks, a photo handed in, and which sheets wait for whom. The code on a blank leads here."""
    return render(request, "doors/paper.html", _list(request, request.GET))


def _list(request: HttpRequest, chosen: Mapping[str, str]) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = access.communities(actor)
    area = next((a for a in mine if str(a.id) == chosen.get("community")), mine[0])
    rows = _open(mine)
    names = accounts.names({i for s in rows for i in (s.first_by, s.second_by) if i})
    return {
        "room": "orders", "tree_label": "", "forms": forms.FORMS.values(), "form": chosen.get("form", ""), "communities": mine, "community": area,
        "rows": [_line(actor, s, names, {a.id: a for a in mine}) for s in rows], "most": MOST,
    }  # fmt: skip


def _open(mine: list[Area]) -> list[PaperSheet]:
    return list(PaperSheet.objects.filter(state__in=OPEN, community_id__in=[a.id for a in mine]).defer("first", "second").order_by("id")[:MOST])


def waiting(actor: Actor) -> list[tuple[PaperSheet, str, str, str]]:
    """Sheets that wait: (sheet without entries, its form's name, community, what this actor may do). Raises Forbidden."""
    mine = access.communities(actor)
    names = {a.id: a.name for a in mine}
    return [(s, forms.FORMS[s.form].label, names[s.community_id], access.turn(actor, s)) for s in _open(mine)]


def _line(actor: Actor, sheet: PaperSheet, names: Mapping[UUID, str], areas: Mapping[UUID, Area]) -> dict[str, Any]:
    return {
        "sheet": sheet, "label": forms.FORMS[sheet.form].label, "community": areas[sheet.community_id].name, "turn": access.turn(actor, sheet),
        "first": names.get(sheet.first_by, "") if sheet.first_by else "", "second": names.get(sheet.second_by, "") if sheet.second_by else "",
    }  # fmt: skip


@require_GET
def paper_blank(request: HttpRequest, code: str) -> HttpResponse:
    """GET /desk/paper/blank/<form>/?community= — a blank on A4, with the code that leads back to its photo's page."""
    mine = access.communities(request.actor)  # type: ignore[attr-defined]
    area = next((a for a in mine if str(a.id) == request.GET.get("community")), mine[0])
    if code not in forms.FORMS:
        raise NotFound("没有这种单子。")
    link = request.build_absolute_uri(f"{reverse('paper')}?form={code}&community={area.id}#photo")
    context = {
        "form": forms.FORMS[code], "community": area, "link": link, "lines": range(1, forms.LINES + 1), "back": reverse("paper"),
        "rules": range(RULES.get(code, 0)),
    }  # fmt: skip
    return render(request, "doors/paper_blank.html", context)


@require_POST
def paper_upload(request: HttpRequest) -> HttpResponse:
    """POST /desk/paper/photo/ — the photo of a filled-in sheet."""
    try:
        sheet = actions.upload_sheet(
            by=request.actor, form=request.POST.get("form", ""), community_id=_uuid(request.POST.get("community", "")),  # type: ignore[attr-defined]
            photo=request.FILES.get("photo"), key=request.POST.get("key", "")[:40],
        )  # fmt: skip
    except BadInput as exc:
        return render(request, "doors/paper.html", _list(request, request.POST) | {"wrong": exc.message}, status=422)
    return redirect("paper_sheet", sheet.id)


@require_http_methods(["GET", "POST"])
def paper_sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """GET and POST /desk/paper/<id>/ — an entry beside the photo, blind to the other one; afterwards what became of the sheet."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sheet = _sheet(actor, sheet_id)
    if request.method == "POST":
        try:
            actions.enter_sheet(by=actor, sheet_id=sheet.id, typed=request.POST.dict())
        except BadInput as exc:
            return render(request, "doors/paper_enter.html", _entry(sheet, request.POST) | {"wrong": exc.message}, status=422)
        return redirect("paper_sheet", sheet.id)
    turn = access.turn(actor, sheet)
    if turn == "settle":
        return redirect("paper_settle", sheet.id)
    if turn == "enter":
        actions.view_sheet(by=actor, sheet=sheet)
        return render(request, "doors/paper_enter.html", _entry(sheet, {}))
    return render(request, "doors/paper_over.html", _over(actor, sheet))


@require_http_methods(["GET", "POST"])
def paper_settle(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """GET and POST /desk/paper/<id>/settle/ — the second person decides field by field."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sheet = _sheet(actor, sheet_id)
    if request.method == "POST":
        differences = actions.differences_of(sheet)
        try:
            actions.settle_sheet(by=actor, sheet_id=sheet.id, settled=_settled(differences, request.POST))
        except BadInput as exc:
            return render(request, "doors/paper_settle.html", _differing(sheet, request.POST) | {"wrong": exc.message}, status=422)
        return redirect("paper_sheet", sheet.id)
    if access.turn(actor, sheet) != "settle":
        return redirect("paper_sheet", sheet.id)
    actions.view_sheet(by=actor, sheet=sheet)
    return render(request, "doors/paper_settle.html", _differing(sheet, {}))


@require_POST
def paper_drop(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """POST /desk/paper/<id>/drop/ — this sheet is not typed."""
    actions.drop_sheet(by=request.actor, sheet_id=sheet_id, why=request.POST.get("why", ""))  # type: ignore[attr-defined]
    return redirect("paper_sheet", sheet_id)


@require_GET
def paper_photo(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """GET /desk/paper/<id>/photo/ — for whoever types or settles it now."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sheet = _sheet(actor, sheet_id)
    if not access.turn(actor, sheet):
        raise NotFound()
    return blob_response(files.get_blob(sheet.blob_id), "linli-paper", actor)


def _sheet(actor: Actor, sheet_id: UUID) -> PaperSheet:
    return access.check(actor, PaperSheet.objects.filter(id=sheet_id).first())


def _entry(sheet: PaperSheet, typed: Mapping[str, str]) -> dict[str, Any]:
    area = _area(sheet)
    known = forms.choices(area)
    rows: dict[int, list[dict[str, Any]]] = {}
    for field in forms.FORMS[sheet.form].fields:
        row = {"field": field, "value": typed.get(field.name, ""), "choices": known.get(field.kind, {}).items()}
        rows.setdefault(field.line, []).append(row)
    return _about(sheet, area) | {
        "head": rows.pop(0, []), "lines": [(n, fields, any(f["value"] for f in fields)) for n, fields in rows.items()],
        "reasons": actions.REASONS.items(), "again": sheet.state == PaperSheet.TYPED,
    }  # fmt: skip


def _differing(sheet: PaperSheet, given: Mapping[str, str]) -> dict[str, Any]:
    area = _area(sheet)
    known = forms.choices(area)
    rows = []
    for d in actions.differences_of(sheet):
        words = known.get(d.field.kind, {})
        rows.append({
            "field": d.field, "label": forms.told(d.field), "first": words.get(d.first, d.first), "second": words.get(d.second, d.second),
            "choices": words.items(), "pick": given.get(f"pick-{d.field.name}", ""), "new": given.get(f"new-{d.field.name}", ""),
        })  # fmt: skip
    filled = actions.entry_of(sheet.first).keys() | actions.entry_of(sheet.second).keys()
    return _about(sheet, area) | {"rows": rows, "alike": len(filled) - len(rows), "reasons": actions.REASONS.items()}


def _settled(differences: list[forms.Difference], given: Mapping[str, str]) -> dict[str, str]:
    out = {}
    for d in differences:
        name = d.field.name
        values = {"first": d.first, "second": d.second, "new": given.get(f"new-{name}", "")}
        if given.get(f"pick-{name}") in values:
            out[name] = values[given[f"pick-{name}"]]
    return out


def _over(actor: Actor, sheet: PaperSheet) -> dict[str, Any]:
    made = list(Order.objects.filter(id__in=sheet.order_ids).order_by("number"))
    names = accounts.names({i for i in (sheet.first_by, sheet.second_by) if i})
    return _about(sheet, _area(sheet)) | {
        "orders": [(o, order_access.reads(actor, o)) for o in made], "mine": sheet.first_by == actor.id, "names": [names.get(i, "") for i in (sheet.first_by, sheet.second_by) if i],
        "slip": sheet.form == "slip",
    }  # fmt: skip


def _about(sheet: PaperSheet, area: Area) -> dict[str, Any]:
    return {"room": "orders", "tree_label": "", "sheet": sheet, "form": forms.FORMS[sheet.form], "community": area}


def _area(sheet: PaperSheet) -> Area:
    return Area.objects.get(id=sheet.community_id)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as exc:
        raise BadInput("请选是哪个社区。", "no_community") from exc
