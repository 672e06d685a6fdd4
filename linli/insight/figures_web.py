"""The page of figures: a month by place, kind, clause or way of finding, each number leading to its orders; the city's formula."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from linli.insight import access, actions, formula, scores, sheets, tables
from linli.insight.figures import Figures
from linli.insight.tables import BY, Chosen, Line, Table
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden
from linli.orders import access as order_access
from linli.orders import counted, labels, promises, scopes
from linli.orders.filters import ALL, Filters
from linli.orders.states import WAY_LABELS
from linli.standards import selectors as standards
from linli.ui import figures as said
from linli.ui.sheets import answer

ROWS = 6
#: column, part, whole, unit of both
SHARES = (
    ("按时领办", "accepted_in_time", "accept_due", "件"), ("按时答复", "answered_in_time", "answer_due", "件"), ("按时解决", "solved_in_time", "solve_due", "件"),
    ("满意", "satisfied", "rated", "人"), ("重办", "reopened", "opened", "件"), ("退回", "returned", "opened", "件"),
)  # fmt: skip


def _staff(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != "worker":
        raise Forbidden("请用工作人员的账号登录。", "not_staff")
    return actor


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """GET /desk/figures/?month=&by=&area=&kind=&clause=&way="""
    actor = _staff(request)
    return render(request, "insight/figures.html", _page(actor, tables.table(actor, _chosen(request))))


@require_GET
def figures_export(request: HttpRequest) -> HttpResponse:
    """GET /desk/figures/export/ — the month's table as it is shown, as xlsx."""
    actor = _staff(request)
    found = tables.table(actor, _chosen(request))
    return answer(*sheets.month(actor, found, formula.current(), SHARES, _asides(found, lambda *_: "")))


@require_GET
def compliance_export(request: HttpRequest) -> HttpResponse:
    """GET /desk/figures/clauses/export/ — compliance by clause as xlsx."""
    actor = _staff(request)
    return answer(*sheets.clauses(actor, tables.compliance(actor, _chosen(request))))


def _chosen(request: HttpRequest) -> Chosen:
    data = request.GET
    try:
        area_id = UUID(data["area"]) if data.get("area") else None
    except ValueError as exc:
        raise BadInput("没有这个地方。", "bad_area") from exc
    since, until = tables.month(data.get("month", ""))
    return Chosen(since, until, data.get("by") or "place", area_id, data.get("kind", "")[:24], data.get("clause", "")[:32], data.get("way", "")[:12])


def _page(actor: Actor, found: Table) -> dict[str, Any]:
    chosen = found.chosen
    reads = bool(scopes.reach(actor, order_access.READ))
    here = found.area.id if found.area else None

    def query(**change: Any) -> str:
        wanted: dict[str, Any] = {
            "month": f"{chosen.since:%Y-%m}", "by": chosen.by, "area": here, "kind": chosen.kind, "clause": chosen.clause, "way": chosen.way,
        }  # fmt: skip
        return "?" + urlencode({k: v for k, v in (wanted | change).items() if v})

    def orders(line: Line | None, figure: str) -> str:
        own: dict[str, Any] = {"area": here}
        if line is not None:
            if not line.code:
                return ""
            own |= {"area": UUID(line.code)} if chosen.by == "place" else {chosen.by: line.code}
        return f"{reverse('order_list')}?{chosen.filters(figure=figure, **own).query()}" if reads else ""

    best = formula.current()
    rows = [
        {"line": line, "cells": _cells(line.figures, line, orders), "url": _down(line, chosen, query), "opened": orders(line, "opened"),
         "mark": formula.mark(best, line.figures, line.aside) if best else None}
        for line in found.lines
    ]  # fmt: skip
    before, after = chosen.since - timedelta(days=1), chosen.until + timedelta(days=1)
    chips = [(labels.kind(chosen.kind), query(kind=""))] if chosen.kind else []
    chips += [(labels.clause(chosen.clause), query(clause=""))] if chosen.clause else []
    chips += [(WAY_LABELS.get(chosen.way, chosen.way), query(way=""))] if chosen.way else []  # type: ignore[call-overload]
    return {
        "room": "opinion", "t": found, "where": found.area.name if found.area else "我负责的地方", "rows": rows, "first": BY[chosen.by],
        "total": _cells(found.total, None, orders), "total_url": orders(None, "opened"), "mark": formula.mark(best, found.total, found.aside) if best else None,
        "columns": [label for label, *_ in SHARES], "bys": [(label, query(by=by), by == chosen.by) for by, label in BY.items()],
        "before": query(month=f"{before:%Y-%m}"), "after": query(month=f"{after:%Y-%m}") if after <= clock.today() else "",
        "chips": chips, "formula": best, "parts": formula.parts_of(best) if best else [], "may_set": access.may(actor, "set_formula"), "may_week": access.may(actor, "read_week"),
        "export_url": reverse("figures_export") + query(), "up": query(area=None) if chosen.area_id else "", "asides": _asides(found, orders), "left_out": [counted.ASIDE[c] for c in best.without] if best else [],
    }  # fmt: skip


def _cells(row: Figures, line: Line | None, orders: Any) -> list[dict[str, Any]]:
    """Each share with the lists behind its part and its whole; people are counted in voices, so their list is of orders."""
    found = []
    for label, part, whole, unit in SHARES:
        of_orders = unit == "件"
        found.append({
            "label": label, "said": said.percent(getattr(row, part), getattr(row, whole)), "part": getattr(row, part), "whole": getattr(row, whole), "unit": unit,
            "part_url": orders(line, part) if of_orders and getattr(row, part) else "",
            "whole_url": orders(line, whole) if of_orders and whole != "opened" and getattr(row, whole) else "",
        })  # fmt: skip
    return found


#: of these the shares are said with and without each result of its own
WITH_AND_WITHOUT = (("解决", "solved", "handled", "件"), ("满意", "satisfied", "rated", "人"))


def _asides(found: Table, orders: Any) -> list[dict[str, Any]]:
    """Each result of its own and all of them together: how many, and the shares with and without them."""
    lines = [(label, [code]) for code, label in counted.ASIDE.items()]
    return [
        {"label": label, "handled": sum(found.aside[c].handled for c in codes if c in found.aside),
         "url": orders(None, codes[0]) if len(codes) == 1 else "", "shares": _with_and_without(found, codes)}
        for label, codes in [*lines, ("四种都", list(counted.ASIDE))]
    ]  # fmt: skip


def _with_and_without(found: Table, codes: list[str]) -> list[dict[str, Any]]:
    rest = found.total.less(found.aside[c] for c in codes if c in found.aside)
    return [
        {"label": f"{label}（{how}）", "part": getattr(row, part), "whole": getattr(row, whole), "unit": unit,
         "said": said.percent(getattr(row, part), getattr(row, whole))}
        for label, part, whole, unit in WITH_AND_WITHOUT for how, row in (("算上", found.total), ("不算", rest))
    ]  # fmt: skip


def _down(line: Line, chosen: Chosen, query: Any) -> str:
    """A place leads into itself; a kind, clause or way narrows and shows places."""
    if not line.code:
        return ""
    if chosen.by == "place":
        return query(area=line.code) if line.area and line.area.level != line.area.GRID else ""
    return query(by="place", **{chosen.by: line.code})


@require_GET
def compliance(request: HttpRequest) -> HttpResponse:
    """GET /desk/figures/clauses/?month=&area= — how each clause's limits were kept, and the orders behind every number."""
    actor = _staff(request)
    found = tables.compliance(actor, _chosen(request))
    chosen, here = found.chosen, found.area.id if found.area else None
    reads = bool(scopes.reach(actor, order_access.READ))

    def query(**change: Any) -> str:
        wanted: dict[str, Any] = {"month": f"{chosen.since:%Y-%m}", "area": here}
        return "?" + urlencode({k: v for k, v in (wanted | change).items() if v})

    def orders(line: tables.Kept, kept: str) -> str:
        filters = Filters(state=ALL, area=here, since=chosen.since, until=chosen.until, promise=line.code, kept=kept)
        return f"{reverse('order_list')}?{filters.query()}" if reads and line.code else ""

    lines = [
        {"line": k, "said": said.percent(k.kept, k.due), "clause": standards.clause(k.code),
         **{f"{name}_url": orders(k, name) for name in promises.LISTS}}
        for k in found.lines
    ]  # fmt: skip
    before, after = chosen.since - timedelta(days=1), chosen.until + timedelta(days=1)
    context = {
        "room": "opinion", "c": found, "rows": lines, "total_said": said.percent(found.total.kept, found.total.due),
        "where": found.area.name if found.area else "我负责的地方", "before": query(month=f"{before:%Y-%m}"),
        "after": query(month=f"{after:%Y-%m}") if after <= clock.today() else "", "may_set": access.may(actor, "set_formula"), "may_week": access.may(actor, "read_week"),
        "up": query(area=None) if chosen.area_id else "", "export_url": reverse("compliance_export") + query(),
        "areas": [(a.name, query(area=a.id)) for a in tables.below(actor, chosen)],
    }  # fmt: skip
    return render(request, "insight/clauses.html", context)


@require_GET
def scores_page(request: HttpRequest) -> HttpResponse:
    """GET /desk/figures/scores/?month=&area= — points by place and clause, only where a district has switched a scheme on."""
    actor = _staff(request)
    found = scores.month(actor, _chosen(request))
    chosen, here = found.chosen, found.area.id if found.area else None

    def query(**change: Any) -> str:
        wanted: dict[str, Any] = {"month": f"{chosen.since:%Y-%m}", "area": here}
        return "?" + urlencode({k: v for k, v in (wanted | change).items() if v})

    before, after = chosen.since - timedelta(days=1), chosen.until + timedelta(days=1)
    context = {
        "room": "opinion", "s": found, "where": found.area.name if found.area else "我负责的地方", "before": query(month=f"{before:%Y-%m}"),
        "after": query(month=f"{after:%Y-%m}") if after <= clock.today() else "", "may_set": access.may(actor, "set_formula"), "may_week": access.may(actor, "read_week"),
        "export_url": reverse("scores_export") + query(),
    }  # fmt: skip
    return render(request, "insight/scores.html", context)


@require_GET
def scores_export(request: HttpRequest) -> HttpResponse:
    """GET /desk/figures/scores/export/ — the month's points as xlsx."""
    actor = _staff(request)
    return answer(*sheets.points(actor, scores.month(actor, _chosen(request))))


@require_http_methods(["GET", "POST"])
def set_formula(request: HttpRequest) -> HttpResponse:
    """GET and POST /desk/figures/formula/ — which shares make the mark, and how much each weighs."""
    actor = _staff(request)
    if not access.may(actor, "set_formula"):
        raise Forbidden("考核口径由区级部门和平台中心来定。")
    best, wrong = formula.current(), ""
    rows = [(p["share"], p["weight"]) for p in best.parts] if best else []
    without = list(best.without) if best else []
    name = best.name if best else ""
    if request.method == "POST":
        name = request.POST.get("name", "")
        given = zip(request.POST.getlist("share"), request.POST.getlist("weight"), strict=False)
        pairs = [(share, weight.strip()) for share, weight in given if share]
        rows = [(share, int(weight) if weight.isdecimal() else 0) for share, weight in pairs]
        try:
            without = request.POST.getlist("without")
            actions.set_formula(by=actor, name=name, parts=rows, without=without)
            return HttpResponseRedirect(reverse("figures"))
        except BadInput as exc:
            wrong = exc.message
    context = {
        "room": "opinion", "tree_label": "", "rows": [*rows, *[("", "")] * max(1, ROWS - len(rows))], "name": name, "wrong": wrong,
        "asides": [(code, label, code in without) for code, label in counted.ASIDE.items()], "shares": [(code, s.label) for code, s in formula.SHARES.items()],
    }  # fmt: skip
    return render(request, "insight/formula.html", context, status=422 if wrong else 200)
