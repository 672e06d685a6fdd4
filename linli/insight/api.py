"""REST of public opinion: figures of the places that the caller covers, each share as its part and its whole."""

from dataclasses import asdict
from datetime import date, datetime
from enum import IntEnum
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from linli.insight import actions, formula, hot, scores, selectors, tables
from linli.insight import week as sheets
from linli.insight.figures import Figures
from linli.insight.models import Formula, WeekSheet
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.rest import PROBLEMS, actor, no_nul, worker
from linli.orders import actions as orders
from linli.orders.models import Order
from linli.orders.schemas import OrderOut, Words

router = Router(tags=["insight"])


class Period(IntEnum):
    """Days that a period may have."""

    WEEK = 7
    MONTH = 30
    QUARTER = 90


class FiguresOut(Schema):
    """Sums; what each means stands in docs/figures.md. Shares are not given: take part and whole."""

    opened: int
    history: int
    voices: int
    accepted_in_time: int
    accept_due: int
    answered: int
    answered_in_time: int
    answer_due: int
    handled: int
    declined: int
    solved: int
    solved_in_time: int
    solve_due: int
    reopened: int
    returned: int
    satisfied: int
    so_so: int
    unsolved: int
    not_reached: int
    unrated: int
    rated: int


class CategoryOut(Schema):
    """One of the ten databases, and what was opened on each day of the period."""

    code: str
    label: str
    figures: FiguresOut
    opened_by_day: list[int]


class PlaceOut(Schema):
    """One place below the chosen one; `id` is None for orders that were stamped with no grid."""

    id: UUID | None
    label: str
    figures: FiguresOut


class OpinionOut(Schema):
    """A period by day of opening. `total` and `places` obey `category`; `categories` do not."""

    since: date
    until: date
    area_id: UUID | None
    area: str
    category: str
    total: FiguresOut
    categories: list[CategoryOut]
    places: list[PlaceOut]


class MatterOut(Schema):
    """One thing at one place that several people speak of; trend: new, rising, flat, falling."""

    place: str
    thing: str
    kind: str
    category: str
    community_id: UUID
    people: int
    orders: int
    still_open: int
    first_at: datetime
    last_at: datetime
    heat: int
    trend: str
    confidential: bool


class MonthLine(Schema):
    """One place, kind, clause or way with its figures; `mark`: by the city's formula, in tenths of a hundred, null without a formula or any
    denominator. `code`: what narrows to it ("" where nothing does)."""

    code: str
    label: str
    figures: FiguresOut
    mark: int | None


class MonthOut(Schema):
    """A month by day of opening, and its sum."""

    since: date
    until: date
    by: str
    area_id: UUID | None
    lines: list[MonthLine]
    total: MonthLine


class PointsLine(Schema):
    """One community or clause: orders that were scored, of how many opened under a scored procedure (0 by clause), points taken and given."""

    label: str
    scored: int
    orders: int
    minus: int
    plus: int


class PointsOut(Schema):
    """A month's points by day of scoring. `on`: procedures that are scored now; `rewards` and `reward_points`: of residents who found
    something, together."""

    since: date
    until: date
    area_id: UUID | None
    on: list[str]
    places: list[PointsLine]
    clauses: list[PointsLine]
    rewards: int
    reward_points: int


class PartOut(Schema):
    """A share and how much it weighs, in percent."""

    share: str = Field(max_length=40)
    weight: int = Field(ge=1, le=100)


class ShareOut(Schema):
    """A share from which a formula can be made."""

    share: str
    label: str


class FormulaOut(Schema):
    """The city's formula ("" and no parts while none is set), and the shares that there are."""

    name: str
    parts: list[PartOut]
    shares: list[ShareOut]


class FormulaIn(Schema):
    """Shares, each once, whose weights are together 100."""

    name: str = Field(min_length=1, max_length=40)
    parts: list[PartOut] = Field(min_length=1, max_length=formula.MOST_PARTS)


class FiveOut(Schema):
    """One of the five figures of the week, against the week before; `word`: better, worse, as before, or too few to say."""

    label: str
    part: int
    whole: int
    unit: str
    was_part: int
    was_whole: int
    word: str


class SheetLine(Schema):
    """A matter on the sheet: its order where there is one, what, by when or how often, which office, where it went. No person."""

    order_id: UUID | None
    what: str
    when: str
    post: str
    where: str


class WeekOut(Schema):
    """The Monday sheet. `id` is null while it was not made yet (it is gathered now then, and cannot be remarked on)."""

    id: UUID | None
    area_id: UUID
    area: str
    monday: date
    since: date
    until: date
    opened: int
    voices: int
    opened_before: int
    five: list[FiveOut]
    failing: list[SheetLine]
    failing_all: int
    repeated: list[SheetLine]
    elsewhere: list[SheetLine]
    elsewhere_all: int
    decisions: list[str]


class Remark(Words):
    """What the leader remarks on an order of the sheet, and in how many days she wants to hear."""

    order_id: UUID
    days: int = Field(2, ge=1, le=30)


def _out(figures: Figures) -> dict[str, int]:
    return asdict(figures) | {"rated": figures.rated}


@router.get("/insight/figures", response={200: OpinionOut, **PROBLEMS}, operation_id="insight_figures")
def insight_figures(request: HttpRequest, days: Period = Period.MONTH, area: UUID | None = None, category: str = "") -> dict[str, Any]:
    """Figures by category and place for 7, 30 or 90 days, never by person."""
    o = selectors.opinion(actor(request), days=days, area_id=area, category=category)
    return {
        "since": o.since, "until": o.until, "area_id": o.area.id if o.area else None, "area": o.where,
        "category": o.category, "total": _out(o.total),
        "categories": [
            {"code": r.code, "label": r.label, "figures": _out(r.figures), "opened_by_day": r.days} for r in o.categories
        ],
        "places": [{"id": p.area.id if p.area else None, "label": p.label, "figures": _out(p.figures)} for p in o.places],
    }  # fmt: skip


@router.get("/insight/hot", response={200: list[MatterOut], **PROBLEMS}, operation_id="insight_hot")
def insight_hot(request: HttpRequest, days: Period = Period.MONTH, area: UUID | None = None, category: str = "") -> list[hot.Matter]:
    """Hot matters, hottest first, among the orders that the caller may know of."""
    by = actor(request)
    o = selectors.opinion(by, days=days, area_id=area, category=category)
    return hot.hot_matters(by, o.scopes, o.since, o.category)


@router.get("/insight/month", response={200: MonthOut, **PROBLEMS}, operation_id="month_figures")
def month_figures(
    request: HttpRequest, month: str = Query("", pattern=r"^((19|20)\d{2}-(0[1-9]|1[0-2]))?$"), lines: Literal["place", "kind", "clause", "way"] = "place",
    area: UUID | None = None, kind: str = Query("", max_length=24), clause: str = Query("", max_length=32), way: str = Query("", max_length=12),
) -> dict[str, Any]:  # fmt: skip
    """A month ("2026-03"; this one without) in `lines` of place, kind, clause or way of finding, never of a person; narrowed by the others."""
    since, until = tables.month(month)
    chosen = tables.Chosen(since, until, lines, area, no_nul(kind), no_nul(clause), no_nul(way))
    found, best = tables.table(worker(request), chosen), formula.current()

    def line(code: str, label: str, figures: Figures) -> dict[str, Any]:
        return {"code": code, "label": label, "figures": _out(figures), "mark": formula.mark(best, figures).value if best else None}

    return {
        "since": since, "until": until, "by": lines, "area_id": found.area.id if found.area else None,
        "lines": [line(x.code, x.label, x.figures) for x in found.lines], "total": line("", "合计", found.total),
    }  # fmt: skip


@router.get("/insight/points", response={200: PointsOut, **PROBLEMS}, operation_id="month_points")
def month_points(
    request: HttpRequest, month: str = Query("", pattern=r"^((19|20)\d{2}-(0[1-9]|1[0-2]))?$"), area: UUID | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A month's points ("2026-03"; this one without) by place and clause, never of a person; empty while no scheme is switched on."""
    found = scores.month(worker(request), tables.Chosen(*tables.month(month), area_id=area))
    return {
        "since": found.chosen.since, "until": found.chosen.until, "area_id": found.area.id if found.area else None, "on": found.on,
        "places": found.places, "clauses": found.clauses, "rewards": found.rewards[0], "reward_points": found.rewards[1],
    }  # fmt: skip


def _formula(row: Formula | None) -> dict[str, Any]:
    shares = [{"share": code, "label": s.label} for code, s in formula.SHARES.items()]
    return {"name": row.name if row else "", "parts": row.parts if row else [], "shares": shares}


@router.get("/insight/formula", response={200: FormulaOut, **PROBLEMS}, operation_id="get_formula")
def get_formula(request: HttpRequest) -> dict[str, Any]:
    """How the city makes its mark."""
    worker(request)
    return _formula(formula.current())


@router.post("/insight/formula", response={200: FormulaOut, **PROBLEMS}, operation_id="set_formula")
def set_formula(request: HttpRequest, body: FormulaIn) -> dict[str, Any]:
    """Set how the city makes its mark, from now on."""
    return _formula(actions.set_formula(by=worker(request), name=no_nul(body.name), parts=[(p.share, p.weight) for p in body.parts]))


@router.get("/insight/week", response={200: WeekOut, **PROBLEMS}, operation_id="week_sheet")
def week_sheet(request: HttpRequest, area: UUID | None = None, day: date | None = None) -> dict[str, Any]:
    """The Monday sheet of a street or the district, of the week of `day` (this one without)."""
    place = sheets.area_of(worker(request), area)
    day = day or clock.today()
    if not 2000 <= day.year <= 2100:
        raise NotFound("没有这一周。", "bad_day")
    monday = sheets.monday_of(day)
    return _week(sheets.sheet(place, monday, sheets.kept(place, monday)))


def _week(s: sheets.Sheet) -> dict[str, Any]:
    def lines(rows: list[sheets.Line]) -> list[dict[str, Any]]:
        return [{"order_id": x.order.id if x.order else None, "what": x.what, "when": x.when, "post": x.post, "where": x.where} for x in rows]

    plain = {n: getattr(s, n) for n in ("monday", "since", "until", "opened", "voices", "opened_before", "five", "failing_all", "elsewhere_all", "decisions")}
    return plain | {
        "id": s.sheet.id if s.sheet else None, "area_id": s.area.id, "area": s.area.name, "failing": lines(s.failing), "repeated": lines(s.repeated),
        "elsewhere": lines(s.elsewhere),
    }  # fmt: skip


@router.post("/insight/week/{uuid:sheet_id}/remark", response={201: OrderOut, **PROBLEMS}, operation_id="remark_week")
def remark_week(request: HttpRequest, sheet_id: UUID, body: Remark) -> Status[Order]:
    """A leader's remark on a matter of the sheet becomes a supervision (督办) of its order."""
    by = worker(request)
    row = WeekSheet.objects.filter(id=sheet_id).first()
    if row is None:
        raise NotFound("没有这张纸。")
    found = sheets.sheet(sheets.area_of(by, row.area_id), row.monday, row)
    if body.order_id not in {line.order.id for line in found.orders if line.order}:
        raise NotFound("这张纸上没有这件事。")
    return Status(201, orders.supervise_order(by=by, order_id=body.order_id, words=no_nul(body.words), days=body.days))
