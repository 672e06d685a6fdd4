"""Pages of the hotline at the desk: what waits to be carried back, a file looked at and taken in."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from linli.channels.hotline import access, actions, back
from linli.doors import hotline
from linli.kernel.errors import BadInput, LinliError
from linli.orders import access as order_access
from linli.orders import exports

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VIEWS = ((back.OWED, "待回填"), (back.OPEN, "办理中"), (back.ALL, "全部"))


@require_GET
def hotline_list(request: HttpRequest) -> HttpResponse:
    """GET /desk/hotline/?view= — the hotline's orders; first those whose result waits to be carried back."""
    return render(request, "doors/hotline.html", _list(request, request.GET.get("view", "")))


def _list(request: HttpRequest, wanted: str) -> dict:
    actor = request.actor
    access.check_list(actor)
    view = wanted if wanted in dict(VIEWS) else back.OWED
    rows = back.lines(actor, view)
    return {
        "room": "orders", "tree_label": "", "view": view, "views": VIEWS, "rows": rows, "owed": back.count_owed(actor), "most": back.MOST,
        "takes": access.takes(actor), "exports": view == back.OWED and any(r.carries for r in rows),
        "took": request.GET.get("took", ""), "there": request.GET.get("there", ""), "carried": request.GET.get("carried", ""),
    }  # fmt: skip


@require_POST
def hotline_file(request: HttpRequest) -> HttpResponse:
    """POST /desk/hotline/file/ — a file: read, shown row by row."""
    try:
        kept = hotline.read(request.actor, request.FILES.get("file"))
    except BadInput as exc:
        return render(request, "doors/hotline.html", _list(request, "") | {"wrong": exc.message}, status=422)
    return redirect("hotline_sheet", kept.id)


@require_GET
def hotline_sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """GET /desk/hotline/file/<id>/ — what each row would become."""
    return render(request, "doors/hotline_sheet.html", _sheet(request, sheet_id))


def _sheet(request: HttpRequest, sheet_id: UUID, chosen: Mapping[str, str] = MappingProxyType({})) -> dict:
    return {"room": "orders", "tree_label": "", "look": hotline.look(request.actor, sheet_id, chosen)}


@require_POST
def hotline_take(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """POST /desk/hotline/file/<id>/take/ — confirmed: the rows become orders."""
    chosen = {k.removeprefix("place-"): v for k, v in request.POST.items() if k.startswith("place-") and v}
    try:
        took, there = hotline.take(request.actor, sheet_id, chosen)
    except BadInput as exc:
        return render(request, "doors/hotline_sheet.html", _sheet(request, sheet_id, chosen) | {"wrong": exc.message}, status=422)
    return redirect(f"/desk/hotline/?view={back.OPEN}&took={took}&there={there}")


@require_POST
def hotline_carried(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """POST /desk/hotline/<order>/carried/ — its result was copied, to be pasted into the platform."""
    actions.carry_back(by=request.actor, order_id=order_id)
    return HttpResponse(status=204)


@require_POST
def hotline_carried_many(request: HttpRequest) -> HttpResponse:
    """POST /desk/hotline/carried/ — those of an exported file were uploaded; each one for itself."""
    done = 0
    for text in request.POST.getlist("order")[: back.MOST]:
        try:
            actions.carry_back(by=request.actor, order_id=UUID(text))
            done += 1
        except (LinliError, ValueError):
            continue  # it stays in the list, where everybody sees it
    return redirect(f"/desk/hotline/?carried={done}")


@require_GET
def hotline_export(request: HttpRequest) -> HttpResponse:
    """GET /desk/hotline/back.xlsx — what is owed, as a file for upload."""
    name, data = back.xlsx(request.actor, exports.mark(request.actor))
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def hotline_of(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """GET /desk/hotline/<order>/ — the one line in the order's drawer."""
    found = order_access.get(request.actor, order_id)
    return render(request, "doors/hotline_line.html", {"line": back.line_of(request.actor, found)})
