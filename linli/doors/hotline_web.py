"""Pages of the hotline at the desk: what waits to be carried back, a file looked at and taken in."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.channels.hotline import access, actions, back, paste
from linli.doors import hotline
from linli.kernel.errors import BadInput, LinliError, WrongState
from linli.orders import access as order_access
from linli.orders import exports

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = {"room": "orders", "tree_label": ""}
PASTE = SHEET | {"most_photos": hotline.MOST_PHOTOS}
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
        "took": _count(request, "took"), "told": "took" in request.GET, "there": _count(request, "there"), "joined": _count(request, "joined"), "carried": _count(request, "carried"),
    }  # fmt: skip


def _count(request: HttpRequest, name: str) -> int:
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 6 else 0


@require_POST
def hotline_file(request: HttpRequest) -> HttpResponse:
    """POST /desk/hotline/file/ — a file: read, shown row by row."""
    try:
        kept = hotline.read(request.actor, request.FILES.get("file"))
    except BadInput as exc:
        return render(request, "doors/hotline.html", _list(request, "") | {"wrong": exc.message}, status=422)
    return redirect("hotline_sheet", kept.id)


@require_http_methods(["GET", "HEAD", "POST"])
def hotline_paste(request: HttpRequest) -> HttpResponse:
    """GET /desk/hotline/paste/?blank=1 — a field for slips that were copied, or (blank) the labels to be filled in from paper;
    POST reads it and shows it slip by slip."""
    access.check(request.actor)
    if request.method != "POST":
        text = paste.BLANK if request.GET.get("blank") else ""
        return render(request, "doors/hotline_paste.html", PASTE | {"text": text, "typed": bool(text)})
    text, typed = request.POST.get("text", ""), request.POST.get("typed", "") == "1"
    try:
        kept = hotline.paste_in(request.actor, text, [f for f in request.FILES.getlist("photos") if f.size])
    except BadInput as exc:
        return render(request, "doors/hotline_paste.html", PASTE | {"text": text, "typed": typed, "wrong": exc.message}, status=422)
    return redirect("hotline_sheet", kept.id)


@require_GET
def hotline_sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """GET /desk/hotline/file/<id>/ — what each row would become."""
    return render(request, "doors/hotline_sheet.html", SHEET | {"look": hotline.look(request.actor, sheet_id)})


@require_POST
def hotline_take(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """POST /desk/hotline/file/<id>/take/ — confirmed: the rows become orders, or voices of orders."""
    chosen, same = (_by_number(request, prefix) for prefix in ("place-", "same-"))
    try:
        took = hotline.take(request.actor, sheet_id, chosen, same)
    except (BadInput, WrongState) as exc:
        if exc.code == "taken":
            raise
        look = hotline.look(request.actor, sheet_id, chosen, same)
        return render(request, "doors/hotline_sheet.html", SHEET | {"look": look, "wrong": exc.message}, status=422)
    return redirect(f"/desk/hotline/?view={back.OPEN}&took={took.opened}&there={took.known}&joined={took.joined}")


def _by_number(request: HttpRequest, prefix: str) -> dict[str, str]:
    return {k.removeprefix(prefix): v for k, v in request.POST.items() if k.startswith(prefix) and isinstance(v, str) and v}


@require_POST
def hotline_carried(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """POST /desk/hotline/<order>/carried/ — its result was copied, to be pasted into the platform."""
    actions.carry_back(by=request.actor, order_id=order_id, number=request.POST.get("number", ""))
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
    """GET /desk/hotline/<order>/ — its lines in the order's drawer."""
    found = order_access.get(request.actor, order_id)
    return render(request, "doors/hotline_line.html", {"lines": back.lines_of(request.actor, found)})
