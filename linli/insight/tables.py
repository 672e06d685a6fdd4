"""Figures of a month by place, kind, clause or way of finding, each with its denominator and with the orders behind it."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Sum

from linli.grid import selectors as grid
from linli.grid.models import Area
from linli.insight import access
from linli.insight.figures import Figures, counts, sums
from linli.insight.models import Cell, ClauseCell
from linli.insight.selectors import children, only
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.orders import counted, labels, promises, scopes
from linli.orders.filters import COUNTED, Filters
from linli.orders.models import Order
from linli.orders.scopes import Scope
from linli.orders.states import WAY_LABELS, Way
from linli.standards import selectors as standards

BY = {"place": "地方", "kind": "种类", "clause": "条款", "way": "发现方式"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is asked for: days of opening (both included), how the lines are made, and what is left in."""

    since: date
    until: date
    by: str = "place"
    area_id: UUID | None = None
    kind: str = ""
    clause: str = ""
    way: str = ""

    def filters(self, **change: Any) -> Filters:
        """The list of exactly these orders, narrowed by a line's own."""
        own = {"area": self.area_id, "kind": self.kind, "clause": self.clause, "way": self.way, "since": self.since, "until": self.until}
        return Filters(state=COUNTED, **(own | change))


@dataclass(slots=True)
class Line:
    """One place, kind, clause or way; `code` is what narrows the list to it ("" where nothing does)."""

    code: str
    label: str
    figures: Figures
    area: Area | None = None
    #: those of its orders that have a result of its own (`orders.counted.ASIDE`), by result
    aside: dict[str, Figures] = field(default_factory=dict)

    def add(self, row: Mapping[str, Any]) -> None:
        """Take in a row of sums of orders with one result of its own, or with none."""
        self.figures.add(row)
        if row["aside"]:
            self.aside.setdefault(row["aside"], Figures()).add(row)


@dataclass(slots=True)
class Table:
    """The lines and their sum. `scopes`: what it is over."""

    chosen: Chosen
    area: Area | None
    scopes: list[Scope]
    lines: list[Line]
    total: Figures
    aside: dict[str, Figures] = field(default_factory=dict)


def month(text: str) -> tuple[date, date]:
    """First and last day of "2026-03"; the month of today for "". Raises BadInput."""
    try:
        first = date.fromisoformat(f"{text}-01") if text else clock.today().replace(day=1)
    except ValueError as exc:
        raise BadInput("月份要写成 2026-03 这样。", "bad_month") from exc
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def table(actor: Actor, chosen: Chosen) -> Table:
    """Sums over cells; single grids from their orders. Three statements at most. Raises BadInput, NotFound, Forbidden."""
    if chosen.by not in BY:
        raise BadInput("请选按什么来看。", "bad_by")
    area, areas, found = where(actor, chosen)
    lines = _by_place(found, chosen, areas) if chosen.by == "place" else _by_code(found, chosen)
    total, aside = Figures(), {}
    for line in lines:
        total.add(as_row(line.figures))
        for code, row in line.aside.items():
            aside.setdefault(code, Figures()).add(as_row(row))
    return Table(chosen, area, found, [r for r in lines if not r.figures.empty or r.area], total, aside)


def where(actor: Actor, chosen: Chosen) -> tuple[Area | None, dict[UUID, Area], list[Scope]]:
    """The place asked for (the actor's only one), all areas, and what of it she covers. Raises NotFound, Forbidden."""
    mine = access.places(actor)
    areas = {a.id: a for a in grid.areas()}
    area = areas.get(chosen.area_id) if chosen.area_id else only(mine, areas)
    found = scopes.within(mine, scopes.of_area(area) if area else None)
    if not found or (chosen.area_id and area is None):
        raise NotFound("没有找到这个地方，或者不在您负责的范围里。")
    return area, areas, found


def as_row(figures: Figures) -> dict[str, int]:
    """As `Figures.add` takes it."""
    return {f"n_{name}": getattr(figures, name) for name in Figures.__slots__}


def rows(found: Iterable[Scope], chosen: Chosen, *keys: str) -> Iterable[Mapping[str, Any]]:
    """Grouped sums: from the cells for whole communities and above, from the orders for grids."""
    live = Order.objects.annotate(aside=counted.aside())
    rest = Q(local_day__gte=chosen.since, local_day__lte=chosen.until)
    for name in ("kind", "clause", "way"):
        if value := getattr(chosen, name):
            rest &= Q(**{name: value})
    whole = access.either([Q(**s.equal()) for s in found if not s.grid_id])
    grids = access.either([Q(**s.equal()) for s in found if s.grid_id])
    if whole is not None and "grid_id" not in keys:
        yield from Cell.objects.filter(rest, whole).order_by().values(*keys).annotate(**sums())
    elif whole is not None:
        yield from live.filter(rest, whole).order_by().values(*keys).annotate(**counts(clock.now()))
    if grids is not None:
        yield from live.filter(rest, grids).order_by().values(*keys).annotate(**counts(clock.now()))


@dataclass(slots=True)
class Kept:
    """One clause: its clocks that had to be met by now, those met in time, and those that still run; units are clocks."""

    code: str
    label: str
    due: int = 0
    kept: int = 0
    running: int = 0

    @property
    def late(self) -> int:
        """Due and not met in time."""
        return self.due - self.kept


@dataclass(slots=True)
class Compliance:
    """The clauses, the most often broken first (by how often, then by share), and their sum."""

    chosen: Chosen
    area: Area | None
    lines: list[Kept]
    total: Kept


def compliance(actor: Actor, chosen: Chosen) -> Compliance:
    """How the limits of each clause were kept for the orders opened in a period: sums over clause cells; single grids from their clocks.
    Of `chosen`, place and days count. Raises NotFound, Forbidden."""
    area, _, found = where(actor, chosen)
    days = {"local_day__gte": chosen.since, "local_day__lte": chosen.until}
    by: dict[str, Kept] = {}
    whole = access.either([Q(**s.equal()) for s in found if not s.grid_id])
    grids = access.either([Q(**_of_orders(s.equal())) for s in found if s.grid_id])
    if whole is not None:
        sums = {f"n_{n}": Sum(n) for n in promises.FIGURES}
        _keep(by, ClauseCell.objects.filter(whole, **days).order_by().values(cited=F("clause")).annotate(**sums))
    if grids is not None:
        rows = promises.all_of(grids & Q(**_of_orders(days))).order_by().values(cited=F("clause"))
        _keep(by, rows.annotate(**promises.counts(clock.now())))
    lines = sorted(by.values(), key=lambda k: (-k.late, k.kept, k.code))
    total = Kept("", "合计", *(sum(getattr(k, n) for k in lines) for n in ("due", "kept", "running")))
    return Compliance(chosen, area, lines, total)


def below(actor: Actor, chosen: Chosen) -> list[Area]:
    """The places directly below the chosen one, of which figures can be asked; the actor's own when she has several."""
    area, areas, found = where(actor, chosen)
    if area is None or len(found) > 1:
        own = [areas.get(s.grid_id or s.community_id or s.street_id) for s in found]  # type: ignore[arg-type]
        return [a for a in own if a]
    return [] if found[0].grid_id else children(found[0], areas)


def _of_orders(conditions: Mapping[str, Any]) -> dict[str, Any]:
    return {f"order__{name}": value for name, value in conditions.items()}


def _keep(by: dict[str, Kept], rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        line = by.setdefault(row["cited"], Kept(row["cited"], labels.clause(row["cited"])))
        for name in promises.FIGURES:
            setattr(line, name, getattr(line, name) + (row[f"n_{name}"] or 0))


def _sums(rows: Iterable[Mapping[str, Any]], key: str) -> dict[Any, Line]:
    found: dict[Any, Line] = {}
    for row in rows:
        found.setdefault(row[key], Line("", "", Figures())).add(row)
    return found


def _by_code(found: list[Scope], chosen: Chosen) -> list[Line]:
    by = _sums(rows(found, chosen, chosen.by, "aside"), chosen.by)
    order = list(standards.kinds()) if chosen.by == "kind" else list(Way) if chosen.by == "way" else sorted(by)
    known = [c for c in order if c in by] + [c for c in by if c not in order]
    named = _labels(chosen.by, known)
    return [replace(by[code], code=code, label=named.get(code) or code or "没有记") for code in known]


def _labels(by: str, codes: Iterable[str]) -> dict[str, str]:
    if by == "clause":
        in_force = standards.clauses()
        return {c: f"{in_force[c].document.title} {in_force[c].number}" for c in codes if c in in_force}
    return {c: labels.kind(c) for c in codes} if by == "kind" else {str(way): label for way, label in WAY_LABELS.items()}


def _by_place(found: list[Scope], chosen: Chosen, areas: Mapping[UUID, Area]) -> list[Line]:
    """What lies directly below the chosen place; the places themselves when she has several."""
    if len(found) > 1:
        lines = []
        for scope in found:
            own = areas.get(scope.grid_id or scope.community_id or scope.street_id)  # type: ignore[arg-type]
            line = Line("", "", Figures())
            for row in rows([scope], chosen, "aside"):
                line.add(row)
            lines.append(replace(line, code=str(own.id) if own else "", label=own.name if own else "", area=own))
        return lines
    scope = found[0]
    key = "grid_id" if scope.community_id else "community_id" if scope.street_id else "street_id"
    by = _sums(rows(found, chosen, key, "aside"), key)
    kids = [areas[scope.grid_id]] if scope.grid_id and scope.grid_id in areas else children(scope, areas)
    lines = [replace(by.pop(a.id, None) or Line("", "", Figures()), code=str(a.id), label=a.name, area=a) for a in kids]
    if None in by:
        lines.append(replace(by.pop(None), label="没有落到网格的"))
    # A place that is no more: its orders stay in the sum.
    lines += [replace(line, code=str(i), label=grid.area_names([i]).get(i, "已撤并的地方")) for i, line in by.items()]
    return lines


def sum_of(rows: Iterable[Mapping[str, Any]]) -> Figures:
    """One row of sums over several."""
    total = Figures()
    for row in rows:
        total.add(row)
    return total
