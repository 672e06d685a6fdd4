"""The only writer of roll-ups, and the record of an export."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from linli.grid import selectors as grid
from linli.grid.models import Area
from linli.insight import access, formula, week, year
from linli.insight.figures import NAMES, counts
from linli.insight.models import Cell, ClauseCell, Formula, Stale, WeekSheet, YearMade, YearMatter
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.bulk import insert_rows
from linli.kernel.errors import Forbidden
from linli.ledger.record import Row, record
from linli.notices.actions import notify
from linli.orders import counted, promises
from linli.orders.models import Order
from linli.orders.scopes import Scope
from linli.orders.scopes import of_area as scope_of

PORTION = 200
#: what tells the cells of a day apart
KEYS = ("category", "kind", "clause", "way", "aside")


def mark_cells(days: Iterable[tuple[date, UUID, UUID]]) -> None:
    """Say that the cells of these days (day, street, community) have to be counted again."""
    # Sorted, so that two workers never wait for each other's rows in a circle.
    rows = [Stale(local_day=d, street_id=s, community_id=c) for d, s, c in sorted(set(days))]
    Stale.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


@transaction.atomic
def refresh_cells(*, limit: int = PORTION) -> int:
    """Count the cells of marked days anew from their orders. Returns how many days were counted."""
    stale = Stale.objects.order_by("id")
    if connection.features.has_select_for_update:
        stale = stale.select_for_update(skip_locked=True)
    days = list(stale[:limit])
    if not days:
        return 0
    # Unmarked first: an event that comes while we count marks the day again, and it is counted once more.
    Stale.objects.filter(id__in=[d.id for d in days]).delete()
    match = Q(pk__in=[])
    for day in days:
        match |= Q(local_day=day.local_day, community_id=day.community_id)
    grouped = Order.objects.filter(match).annotate(aside=counted.aside()).order_by().values("local_day", "street_id", "community_id", *KEYS)
    cells = [
        Cell(**{k: row[k] for k in ("local_day", "street_id", "community_id", *KEYS)}, **{n: row[f"n_{n}"] or 0 for n in NAMES})
        for row in grouped.annotate(**counts(clock.now()))
    ]
    Cell.objects.filter(match).delete()
    ClauseCell.objects.filter(match).delete()
    insert_rows(cells, _clause_cells(days))
    return len(days)


def _clause_cells(days: Sequence[Stale]) -> list[ClauseCell]:
    match = Q(pk__in=[])
    for day in days:
        match |= Q(order__local_day=day.local_day, order__community_id=day.community_id)
    where = {name: F(f"order__{name}") for name in ("local_day", "street_id", "community_id")}
    rows: QuerySet[Any, Any] = promises.all_of(match).values(**where, cited=F("clause")).annotate(**promises.counts(clock.now()))
    return [
        ClauseCell(
            local_day=row["local_day"], street_id=row["street_id"], community_id=row["community_id"], clause=row["cited"],
            **{n: row[f"n_{n}"] for n in promises.FIGURES},
        )
        for row in rows.order_by()
    ]  # fmt: skip


@transaction.atomic
def set_formula(*, by: Actor, name: str, parts: Sequence[tuple[str, int]], without: Sequence[str] = ()) -> Formula:
    """How the city makes its mark: shares of `formula.SHARES` and their weights in percent, together 100; `without`: results of their own
    (`orders.counted.ASIDE`) that it leaves out. Raises Forbidden, BadInput."""
    if not access.may(by, "set_formula"):
        raise Forbidden("考核口径由区级部门和平台中心来定。")
    formula.check(name, parts, without)
    row = Formula.objects.create(
        name=name.strip(), parts=[{"share": share, "weight": weight} for share, weight in parts], without=sorted(set(without)), account_id=by.id, made_at=clock.now()
    )
    record(by, "insight.set_formula", Row("formula", row.id, facts={"shares": len(parts), "without": sorted(set(without))}))
    return row


def make_week_sheets(*, by: Actor) -> int:
    """From Monday 8:00 on: the sheet of each street and of the district, once a week, and a notice to those who read it. Returns how
    many were made."""
    now = clock.local(clock.now())
    monday = week.monday_of(now.date())
    if now.date() == monday and now.hour < week.HOUR:
        return 0
    there = set(WeekSheet.objects.filter(monday=monday).values_list("area_id", flat=True))
    made = 0
    for area in week.areas():
        if area.id in there:
            continue
        with transaction.atomic():
            row = WeekSheet(area_id=area.id, monday=monday, made_at=clock.now(), data=week.gather(area, monday))
            if not WeekSheet.objects.bulk_create([row], ignore_conflicts=True) or not WeekSheet.objects.filter(id=row.id).exists():
                continue  # another worker was first
            scope = scope_of(area)
            record(by, "insight.make_week_sheets", Row("week_sheet", row.id, scope.street_id, None, None, {"monday": monday.isoformat()}))
            notify(by, week.readers(area), "week_sheet", "week_sheet", row.id, f"week:{row.id}", params={"number": f"{monday:%m-%d}"})
            made += 1
    return made


@transaction.atomic
def print_week(*, by: Actor, sheet: WeekSheet, how: str) -> None:
    """The sheet left as paper or picture. Raises Forbidden."""
    if not access.may(by, "print_week"):
        raise Forbidden()
    record(by, "insight.print_week", Row("week_sheet", sheet.id, facts={"how": how}))


@transaction.atomic
def export_opinion(*, by: Actor, days: int, category: str, place: Scope) -> UUID:
    """The table of figures left as a file; returns the file's id, which stands in it. Raises Forbidden."""
    if not access.may(by, "export_opinion"):
        raise Forbidden()
    file_id = ids.new()
    facts = {"days": days, "category": category, "file": str(file_id)}
    record(
        by, "insight.export_opinion",
        Row("opinion", file_id, place.street_id, place.community_id, place.grid_id, facts),
    )  # fmt: skip
    return file_id


@transaction.atomic
def export_figures(*, by: Actor, table: str, since: date, until: date, place: Scope) -> UUID:
    """A table of figures ("figures", "clauses", "scores") left as a file; returns the file's id, which stands in it. Raises Forbidden."""
    if not access.may(by, "export_figures"):
        raise Forbidden()
    file_id = ids.new()
    facts = {"table": table, "since": since.isoformat(), "until": until.isoformat(), "file": str(file_id)}
    record(by, "insight.export_figures", Row("figures", file_id, place.street_id, place.community_id, place.grid_id, facts))
    return file_id


def cluster_year() -> UUID | None:
    """Cluster the year of the community whose matters are oldest; each once a day. Returns which, None when all are made."""
    communities = [a for a in grid.areas() if a.level == Area.COMMUNITY]
    community_id = year.next_community([a.id for a in communities], dict(YearMade.objects.values_list("community_id", "day")))
    if community_id is None:
        return None
    rows = year.gather(community_id, clock.today())
    with transaction.atomic():
        YearMatter.objects.filter(community_id=community_id).delete()
        YearMatter.objects.bulk_create(rows)
        YearMade.objects.update_or_create(community_id=community_id, defaults={"day": clock.today()})
    return community_id
