"""Points of a month by place, with their denominators (HJY-5.4: published by the month, of places, never of persons). There are only
those of procedures whose scheme a district has switched on."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from linli.grid.models import Area
from linli.insight import access
from linli.insight.tables import Chosen, where
from linli.kernel.actors import Actor
from linli.orders import counted, labels
from linli.orders.models import Order, Reward, Score
from linli.standards import selectors as standards
from linli.standards.models import Procedure


@dataclass(slots=True)
class Line:
    """One community, or one clause. `orders`: those opened in the month under a scored procedure; `scored`: how many of all that were
    scored in the month; points taken off and given, each a sum."""

    label: str
    orders: int = 0
    scored: int = 0
    minus: int = 0
    plus: int = 0

    @property
    def total(self) -> int:
        """Given and taken off together."""
        return self.plus + self.minus


@dataclass(slots=True)
class Scores:
    """`on`: the names of the procedures that are scored now."""

    chosen: Chosen
    area: Area | None
    on: list[str]
    places: list[Line]
    clauses: list[Line]
    total: Line
    #: what residents were given in the month for what they found: (orders, points); nobody's by name
    rewards: tuple[int, int] = (0, 0)


def month(actor: Actor, chosen: Chosen) -> Scores:
    """Sums of the place and days of `chosen`, by the day on which each was scored; whole communities only. Five statements at most.
    Raises NotFound, Forbidden."""
    area, areas, found = where(actor, chosen)
    here = access.either([Q(**s.equal()) for s in found if not s.grid_id])
    on = {p.code: p.name for p in standards.procedures() if _is_on(p)}
    names = sorted(on.values())
    if here is None:
        return Scores(chosen, area, names, [], [], Line("合计"))
    days = Q(local_day__gte=chosen.since, local_day__lte=chosen.until)
    rows = Score.objects.filter(here, days).order_by()
    sums: dict[str, Any] = {
        "orders": Count("order_id", distinct=True), "minus": Sum("points", filter=Q(points__lt=0)), "plus": Sum("points", filter=Q(points__gt=0)),
    }  # fmt: skip
    by_place = {r["community_id"]: r for r in rows.values("community_id").annotate(**sums)}
    scored = sorted({*on, *rows.values_list("order__procedure", flat=True).distinct()})
    opened = Order.objects.filter(here, days, counted.LIVE, procedure__in=scored).order_by().values("community_id").annotate(n=Count("id"))
    of_place: dict[UUID, int] = {r["community_id"]: r["n"] for r in opened}
    ids = sorted({*by_place, *of_place}, key=lambda i: areas[i].code if i in areas else "")
    lines = [_line(areas[i].name if i in areas else "已撤并的地方", by_place.get(i, {}), of_place.get(i, 0)) for i in ids]
    clauses = [_line(labels.clause(r["clause"]) if r["clause"] else "没有写条款", r) for r in rows.values("clause").annotate(**sums).order_by("clause")]
    total = Line("合计", *(sum(getattr(x, n) for x in lines) for n in ("orders", "scored", "minus", "plus")))
    given = Reward.objects.filter(here, days).aggregate(n=Count("id"), points=Sum("points"))
    return Scores(chosen, area, names, lines, clauses, total, (given["n"], given["points"] or 0))


def _is_on(row: Procedure) -> bool:
    try:
        return standards.flow(row.code, row.version).scores_on
    except standards.BrokenProcedure:
        return False


def _line(label: str, row: dict[str, Any], orders: int = 0) -> Line:
    return Line(label, orders, row.get("orders") or 0, row.get("minus") or 0, row.get("plus") or 0)
