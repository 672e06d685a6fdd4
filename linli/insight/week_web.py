"""The Monday sheet: on the screen with the leader's remarks, on one A4, and as one picture."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.insight import actions
from linli.insight import week as sheets
from linli.insight.models import WeekSheet
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden, LinliError, NotFound
from linli.orders import access as order_access
from linli.orders import actions as orders
from linli.orders.exports import mark
from linli.ui import figures as said

#: of the picture, in its own units
WIDTH, MARGIN = 1080, 64


def _staff(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != "worker":
        raise Forbidden("请用工作人员的账号登录。", "not_staff")
    return actor


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as exc:
        raise BadInput("没有这张纸。", "bad_sheet") from exc


def _kept(actor: Actor, sheet_id: UUID) -> sheets.Sheet:
    row = WeekSheet.objects.filter(id=sheet_id).first()
    if row is None:
        raise NotFound("没有这张纸。")
    return sheets.sheet(sheets.area_of(actor, row.area_id), row.monday, row)


@require_GET
def week(request: HttpRequest) -> HttpResponse:
    """GET /desk/week/?sheet=&area=&monday="""
    return _week(request, _staff(request))


def _week(request: HttpRequest, actor: Actor, sheet_id: UUID | None = None, wrong: str = "") -> HttpResponse:
    sheet_id = sheet_id or _uuid(request.GET.get("sheet", ""))
    if sheet_id:
        found = _kept(actor, sheet_id)
    else:
        area = sheets.area_of(actor, _uuid(request.GET.get("area", "")))
        monday = sheets.monday_of(_day(request.GET.get("monday", "")))
        found = sheets.sheet(area, monday, sheets.kept(area, monday))
    mine = [a for a in sheets.areas() if _covers(actor, a.id)]
    earlier = sheets.kept(found.area, found.monday - timedelta(days=7))
    context = {
        "room": "opinion", "s": found, "areas": mine, "earlier": earlier, "wrong": wrong, "data": request.POST, "today": clock.today(),
        "may_remark": bool(found.sheet) and actor.has_role(*order_access.SUPERVISORS),
    }  # fmt: skip
    return render(request, "insight/week.html", context, status=422 if wrong else 200)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else clock.today()
    except ValueError as exc:
        raise BadInput("日期要写成 2026-03-02 这样。", "bad_day") from exc


def _covers(actor: Actor, area_id: UUID) -> bool:
    try:
        sheets.area_of(actor, area_id)
    except LinliError:
        return False
    return True


@require_GET
def week_print(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """GET /desk/week/<id>/print/ — one A4; recorded."""
    actor = _staff(request)
    found = _kept(actor, sheet_id)
    actions.print_week(by=actor, sheet=found.sheet, how="paper")  # type: ignore[arg-type]
    back = f"{reverse('week')}?sheet={sheet_id}"
    return render(request, "insight/week_print.html", {"s": found, "viewer": actor.name, "printed_at": clock.now(), "back": back})


@require_GET
def week_picture(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """GET /desk/week/<id>/picture/ — the same as one picture (SVG); recorded."""
    actor = _staff(request)
    found = _kept(actor, sheet_id)
    actions.print_week(by=actor, sheet=found.sheet, how="picture")  # type: ignore[arg-type]
    texts, height = _drawn(found, mark(actor))
    response = render(
        request, "insight/week.svg", {"s": found, "texts": texts, "height": height, "width": WIDTH}, content_type="image/svg+xml"
    )
    response["Content-Disposition"] = f'attachment; filename="week-{found.monday:%Y%m%d}.svg"'
    return response


@dataclass(frozen=True, slots=True)
class Text:
    """One line of the picture."""

    x: int
    y: int
    size: int
    said: str
    cls: str = "n"
    end: bool = False


def _drawn(found: sheets.Sheet, signed: str) -> tuple[list[Text], int]:
    rows: list[Text] = []
    y = 110

    def put(text: str, size: int = 28, cls: str = "n", indent: int = 0, first: str = "") -> None:
        nonlocal y
        for n, part in enumerate(_wrapped(text, (WIDTH - 2 * MARGIN - indent) / size)):
            if first and n == 0:
                rows.append(Text(MARGIN, y, size, first, cls))
            rows.append(Text(MARGIN + indent, y, size, part, cls))
            y += round(size * 1.45)

    put(f"{found.area.name} · {found.monday.year}年{found.monday.month}月{found.monday.day}日 周一八点", 42, "b")
    put(f"上周（{found.since.month}月{found.since.day}日至{found.until.month}月{found.until.day}日）受理 {found.opened} 件，{found.voices} 人发声；前一周 {found.opened_before} 件", 26, "d")
    y += 16
    for f in found.five:
        share = f"{f.part} / {f.whole} {f.unit} · {said.percent(f.part, f.whole)}" if f.whole else "暂无"
        was = f"前一周 {f.was_part} / {f.was_whole}" if f.was_whole else "前一周暂无"
        rows += [Text(MARGIN, y, 30, f.label, "n"), Text(MARGIN + 190, y, 34, share, "b"), Text(WIDTH - MARGIN, y, 24, f"{was}，{f.word}", "d", end=True)]
        y += 54
    for title, lines in _parts(found):
        y += 22
        put(title, 32, "h")
        for n, line in enumerate(lines, 1):
            put(line, 28, "n", 44, f"{n}.")
    y += 26
    put(signed, 20, "d")
    return rows, y + 30


def _wrapped(text: str, most: float) -> list[str]:
    """Lines of at most so many squares; what is no Han character takes half a one."""
    lines, width = [""], 0.0
    for char in text:
        wide = 0.56 if char.isascii() or char == "·" else 1.0
        if width + wide > most:
            lines.append("")
            width = 0.0
        lines[-1] += char
        width += wide
    return lines


def _parts(found: sheets.Sheet) -> list[tuple[str, list[str]]]:
    """The four parts below the figures as plain lines; an empty one says so."""
    failing = [f"{line.what}｜{line.when}｜还能救的是：{line.post}" for line in found.failing]
    repeated = [f"{line.what}｜{line.when}｜{line.where}" for line in found.repeated]
    elsewhere = [f"{line.what}｜{line.when}｜{line.where}" for line in found.elsewhere]
    return [
        (f"今天要到期和已超时的（共 {found.failing_all} 件）", failing or ["没有。"]), ("反复说的事", repeated or ["没有两人以上说同一件事。"]),
        (f"不归我们管、办不了的，去了哪里（共 {found.elsewhere_all} 件）", elsewhere or ["没有。"]), ("请您定的事", found.decisions or ["这周没有要拍板的。"]),
    ]  # fmt: skip


@require_POST
def week_remark(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """POST /desk/week/<id>/remark/ — the leader's remark on a matter of the sheet becomes a 督办 of its order."""
    actor = _staff(request)
    found = _kept(actor, sheet_id)
    order_id = _uuid(request.POST.get("order", ""))
    if order_id not in {line.order.id for line in found.orders if line.order}:
        raise NotFound("这张纸上没有这件事。")
    days = request.POST.get("days", "2")
    try:
        made = orders.supervise_order(
            by=actor, order_id=order_id, words=request.POST.get("words", ""), days=int(days) if days.isdecimal() else 0,  # type: ignore[arg-type]
        )  # fmt: skip
    except (BadInput, LinliError) as exc:
        return _week(request, actor, sheet_id, exc.message)
    return HttpResponseRedirect(reverse("order", args=[made.id]))
