"""社情民意: the page and its file. Views are thin: parse, call a selector or an action, render."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.insight import charts, hot, selectors, sheets, year
from linli.insight.figures import Figures
from linli.insight.selectors import PERIODS, Opinion
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden
from linli.notices import selectors as notices
from linli.orders import access as order_access
from linli.orders import scopes
from linli.orders.filters import COUNTED, Filters
from linli.standards.seed import CATEGORY_LABELS
from linli.ui import figures as said
from linli.ui.sheets import answer


def _asked(request: HttpRequest) -> tuple[Actor, Opinion]:
    """The colleague and what she looks at. Raises Forbidden for everybody else, BadInput, NotFound."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != "worker":
        raise Forbidden("请用工作人员的账号登录。", "not_staff")
    text = request.GET.get("area", "")
    try:
        area_id = UUID(text) if text else None
        days = int(request.GET.get("days", "30"))
    except ValueError as exc:
        raise BadInput("地址里的条件不对，请从社情民意首页重新选。", "bad_query") from exc
    return actor, selectors.opinion(actor, days=days, area_id=area_id, category=request.GET.get("category", ""))


@require_GET
def opinion(request: HttpRequest) -> HttpResponse:
    """GET /desk/opinion/?area=&days=&category= — figures, trend, hot matters."""
    actor, found = _asked(request)
    reads = bool(scopes.reach(actor, order_access.READ))
    matters = hot.hot_matters(actor, found.scopes, found.since, found.category)
    return render(request, "insight/opinion.html", _page(found, reads) | {
        "matters": matters, "reads": reads, "year": year.hottest(actor, found.scopes, found.category), "unread": notices.unread_count(actor),
    })  # fmt: skip


@require_GET
def opinion_export(request: HttpRequest) -> HttpResponse:
    """GET /desk/opinion/export/ — the same figures as xlsx, recorded."""
    actor, found = _asked(request)
    return answer(*sheets.xlsx(actor, found))


def _page(found: Opinion, reads: bool) -> dict[str, Any]:
    area = str(found.area.id) if found.area else ""

    def query(**change: str) -> str:
        wanted = {"area": area, "days": str(found.days), "category": found.category} | change
        return "?" + urlencode({k: v for k, v in wanted.items() if v and (k, v) != ("days", "30")})

    def orders(area_id: str, category: str) -> str:
        if not reads:
            return ""
        place = UUID(area_id) if area_id else None
        filters = Filters(area=place, category=category, state=COUNTED, since=found.since, until=found.until)
        return f"/desk/orders/?{filters.query()}"

    categories = [
        {"row": r, "url": query(category="" if r.code == found.category else r.code), "on": r.code == found.category,
         "orders": orders(area, r.code)}
        for r in found.categories
    ]  # fmt: skip
    places = [
        {"row": r, "url": query(area=str(r.area.id)) if r.area else "",
         "orders": orders(str(r.area.id), found.category) if r.area else ""}
        for r in found.places
    ]  # fmt: skip
    busy = sorted(categories, key=lambda c: -c["row"].figures.opened)
    return {
        "room": "opinion", "o": found, "where": found.where, "category": CATEGORY_LABELS.get(found.category, ""),
        "periods": [(n, query(days=str(n)), n == found.days) for n in PERIODS],
        "tree": [(t, query(area=str(t.area.id))) for t in found.tree],
        "all_total": None if found.category else found.total, "categories": categories, "places": places,
        "quiet_categories": _quiet(categories), "quiet_places": _quiet(places), "all_url": query(category=""), "orders_url": orders(area, found.category),
        "export_url": "export/" + query(),
        "category_bars": [_bar(c["row"].label, c["row"].figures, c["url"], "on" if c["on"] else "") for c in busy],
        "place_bars": [_bar(p["row"].label, p["row"].figures, p["url"]) for p in places],
        "chart": charts.columns([(day, f.opened) for day, f in found.daily]),
    }  # fmt: skip


def _quiet(rows: Sequence[dict[str, Any]]) -> str:
    """Names of the rows with nothing in them: on a phone one line instead of twelve noughts each."""
    return "、".join(r["row"].label for r in rows if not r["row"].figures.opened and not r.get("on"))


def _bar(label: str, row: Figures, url: str, cls: str = "") -> dict[str, Any]:
    """A level bar: how much was opened; beside it how it went, with the denominator."""
    parts = [f"{row.voices} 人发声"] if row.voices else []
    if row.answer_due:
        parts.append(f"按时答复 {row.answered_in_time}/{row.answer_due}")
    if row.rated:
        parts.append(f"满意 {row.satisfied}/{row.rated} 人 · {said.percent(row.satisfied, row.rated)}")
    return {"label": label, "value": row.opened, "note": "，".join(parts), "url": url, "cls": cls}
