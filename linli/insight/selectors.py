"""Reads of public opinion: figures by category, place and day; public figures for guests. Never by person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from linli.grid import selectors as grid
from linli.grid.models import Area
from linli.insight import access
from linli.insight.figures import Figures, counts, sums
from linli.insight.models import Cell
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.orders import scopes
from linli.orders.models import Order
from linli.orders.scopes import Scope
from linli.standards.seed import CATEGORIES, CATEGORY_LABELS

PERIODS = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What a guest may read of the whole district: the last `days` days by day of opening, history left out."""

    days: int
    opened: int
    answered_in_time: int
    answer_due: int
    solved: int
    handled: int


@dataclass(slots=True)
class CategoryRow:
    """One of the ten databases: its figures and what was opened on each day of the period."""

    code: str
    label: str
    figures: Figures
    days: list[int]


@dataclass(slots=True)
class PlaceRow:
    """One place below the chosen one; `area` is None for what was stamped with no grid."""

    label: str
    figures: Figures
    area: Area | None = None


@dataclass(slots=True)
class Opinion:
    """Everything that the page, the table and the API show. `total` obeys the chosen category, `categories` do not."""

    days: int
    since: date
    until: date
    category: str
    area: Area | None
    scopes: list[Scope]
    total: Figures
    categories: list[CategoryRow]
    daily: list[tuple[date, Figures]]
    places: list[PlaceRow]
    tree: list["TreeRow"] = field(default_factory=list)

    @property
    def where(self) -> str:
        """The place in words."""
        return self.area.name if self.area else "我负责的地方"


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One line of the tree of places with what was opened there."""

    area: Area
    depth: int
    opened: int | None
    current: bool


def public_figures(days: int = 7) -> PublicFigures:
    """The district's figures of the last `days` days (today included) for guests. One statement."""
    total = Figures()
    since = clock.today() - timedelta(days=days - 1)
    total.add(Cell.objects.filter(local_day__gte=since, local_day__lte=clock.today()).aggregate(**sums()))
    return PublicFigures(
        days, total.opened, total.answered_in_time, total.answer_due, total.solved, total.handled
    )


def opinion(actor: Actor, *, days: int = 30, area_id: UUID | None = None, category: str = "") -> Opinion:
    """Figures of a period (7, 30 or 90 days, by day of opening) for a place that the actor covers; five statements at
    most. Raises BadInput for another period, NotFound for another category or a place elsewhere, Forbidden."""
    if days not in PERIODS:
        raise BadInput("请选 7 天、30 天或 90 天。", "bad_period")
    if category and category not in CATEGORY_LABELS:
        raise NotFound("没有这一类。", "bad_category")
    mine = access.places(actor)
    areas = {a.id: a for a in grid.areas()}
    area = areas.get(area_id) if area_id else only(mine, areas)
    wished = scopes.of_area(area) if area else None
    found = scopes.within(mine, wished)
    if not found or (area_id and area is None):
        raise NotFound("没有找到这个地方，或者不在您负责的范围里。")
    until = clock.today()
    since = until - timedelta(days=days - 1)
    by_category, by_day = _by_category_and_day(found, since, until, category)
    by_place = _by_place(mine, since, until, category)
    total = Figures()
    for row in by_day.values():
        total.add(_as_row(row))
    span = [since + timedelta(days=n) for n in range(days)]
    return Opinion(
        days, since, until, category, area, found, total,
        [CategoryRow(c, label, *_line(by_category, c, span)) for c, label in CATEGORIES],
        [(day, by_day.get(day) or Figures()) for day in span],
        _places(found, areas, by_place, _by_grid(found, since, until, category)),
        _tree(mine, areas, area, by_place),
    )  # fmt: skip


def only(mine: Sequence[Scope], areas: Mapping[UUID, Area]) -> Area | None:
    """The area of an actor who covers exactly one; the district for one who covers all."""
    if len(mine) != 1:
        return None
    scope = mine[0]
    wanted = scope.grid_id or scope.community_id or scope.street_id
    if wanted:
        return areas.get(wanted)
    return next((a for a in areas.values() if a.level == Area.DISTRICT), None)


def _rows(found: Iterable[Scope], since: date, until: date, keys: Sequence[str], category: str) -> Iterator[dict[str, Any]]:
    """Grouped sums: from the cells for whole communities and above, from the orders for grids."""
    whole = access.either([Q(**s.equal()) for s in found if not s.grid_id])
    grids = access.either([Q(**s.equal()) for s in found if s.grid_id])
    period = _period(since, until, category)
    if whole is not None:
        yield from Cell.objects.filter(period, whole).order_by().values(*keys).annotate(**sums())
    if grids is not None:
        yield from Order.objects.filter(period, grids).order_by().values(*keys).annotate(**counts(clock.now()))


def _period(since: date, until: date, category: str) -> Q:
    days = Q(local_day__gte=since, local_day__lte=until)
    return days & Q(category=category) if category else days


def _by_category_and_day(found: Sequence[Scope], since: date, until: date, category: str) -> tuple[dict, dict]:
    by_category: dict[str, dict[date, Figures]] = {}
    by_day: dict[date, Figures] = {}
    for row in _rows(found, since, until, ("category", "local_day"), ""):
        by_category.setdefault(row["category"], {}).setdefault(row["local_day"], Figures()).add(row)
        if category in ("", row["category"]):
            by_day.setdefault(row["local_day"], Figures()).add(row)
    return by_category, by_day


def _line(by_category: Mapping[str, Mapping[date, Figures]], code: str, span: Sequence[date]) -> tuple[Figures, list[int]]:
    total = Figures()
    days = by_category.get(code, {})
    for row in days.values():
        total.add(_as_row(row))
    return total, [days[d].opened if d in days else 0 for d in span]


def _as_row(figures: Figures) -> dict[str, int]:
    return {f"n_{name}": getattr(figures, name) for name in Figures.__slots__}


def _by_place(mine: Sequence[Scope], since: date, until: date, category: str) -> dict[tuple, Figures]:
    """Figures by (street, community) of everything the actor covers but single grids."""
    found: dict[tuple, Figures] = {}
    whole = [s for s in mine if not s.grid_id]
    for row in _rows(whole, since, until, ("street_id", "community_id"), category):
        found.setdefault((row["street_id"], row["community_id"]), Figures()).add(row)
    return found


def _by_grid(found: Sequence[Scope], since: date, until: date, category: str) -> dict[UUID | None, Figures]:
    """Figures by grid, from the orders: of a chosen community, or of the grids that the actor covers."""
    wanted = [s for s in found if s.grid_id]
    if len(found) == 1 and found[0].community_id:
        wanted = list(found)
    place = access.either([Q(**s.equal()) for s in wanted])
    if place is None:
        return {}
    orders = Order.objects.filter(_period(since, until, category), place)
    rows = orders.order_by().values("grid_id").annotate(**counts(clock.now()))
    grids: dict[UUID | None, Figures] = {}
    for row in rows:
        grids.setdefault(row["grid_id"], Figures()).add(row)
    return grids


def _places(found: Sequence[Scope], areas: Mapping[UUID, Area], by_place: Mapping[tuple, Figures], by_grid: Mapping[UUID | None, Figures]) -> list[PlaceRow]:
    """What lies directly below the chosen place, in the order of area codes; the places themselves when there are several."""
    if len(found) > 1:
        own = [s.grid_id or s.community_id or s.street_id for s in found]
        kids = [areas[i] for i in own if i and i in areas]
    elif found[0].grid_id:
        return []
    else:
        kids = children(found[0], areas)
    rows = [PlaceRow(a.name, _of_area(a, by_place, by_grid), a) for a in kids]
    if None in by_grid:
        rows.append(PlaceRow("没有落到网格的", by_grid[None]))
    return rows


def children(scope: Scope, areas: Mapping[UUID, Area]) -> list[Area]:
    if scope.community_id:
        return [a for a in areas.values() if a.level == Area.GRID and a.community_id == scope.community_id]
    if scope.street_id:
        return [a for a in areas.values() if a.level == Area.COMMUNITY and a.street_id == scope.street_id]
    return [a for a in areas.values() if a.level == Area.STREET]


def _of_area(area: Area, by_place: Mapping[tuple, Figures], by_grid: Mapping[UUID | None, Figures]) -> Figures:
    if area.level == Area.GRID:
        return by_grid.get(area.id) or Figures()
    total = Figures()
    for (street_id, community_id), figures in by_place.items():
        if area.level == Area.DISTRICT or area.id in (street_id, community_id):
            total.add(_as_row(figures))
    return total


def _tree(mine: Sequence[Scope], areas: Mapping[UUID, Area], chosen: Area | None, by_place: Mapping[tuple, Figures]) -> list[TreeRow]:
    """Every place that the actor covers, down to communities; the grids of the chosen community below it."""
    rows: list[TreeRow] = []

    def put(area: Area, depth: int) -> None:
        covered = bool(scopes.within(mine, scopes.of_area(area)))
        if not covered:
            return
        whole = any(s.holds(scopes.of_area(area)) for s in mine)
        counted = whole and area.level != Area.GRID
        opened = _of_area(area, by_place, {}).opened if counted else None
        if whole:
            rows.append(TreeRow(area, depth, opened, chosen is not None and area.id == chosen.id))
        open_here = chosen is not None and area.id in (chosen.id, chosen.community_id)
        below = children(scopes.of_area(area), areas) if area.level != Area.GRID else []
        if area.level != Area.COMMUNITY or open_here or not whole:
            for kid in below:
                put(kid, depth + (1 if whole else 0))

    for root in (a for a in areas.values() if a.level == Area.DISTRICT):
        put(root, 0)
    return rows
