"""REST of public opinion: figures of the places that the caller covers, each share as its part and its whole."""

from dataclasses import asdict
from datetime import date, datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from linli.insight import hot, selectors
from linli.insight.figures import Figures
from linli.kernel.rest import PROBLEMS, actor

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
