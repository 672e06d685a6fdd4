"""The only writer of roll-ups, and the record of an export."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from linli.insight import access
from linli.insight.figures import NAMES, counts
from linli.insight.models import Cell
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.bulk import update_rows
from linli.kernel.errors import Forbidden
from linli.ledger.record import Row, record
from linli.orders.models import Order
from linli.orders.scopes import Scope

PORTION = 200


def mark_cells(keys: Iterable[tuple[date, UUID, UUID, str]]) -> None:
    """Say that cells (day, street, community, category) have to be counted again."""
    # Sorted, so that two workers never wait for each other's rows in a circle.
    wanted = sorted(set(keys))
    Cell.objects.bulk_create(
        [Cell(local_day=d, street_id=s, community_id=c, category=k, dirty=True) for d, s, c, k in wanted],
        update_conflicts=True, unique_fields=["local_day", "community_id", "category"], update_fields=["dirty"],
    )  # fmt: skip


@transaction.atomic
def refresh_cells(*, limit: int = PORTION) -> int:
    """Count dirty cells anew from their orders. Returns how many were counted."""
    dirty = Cell.objects.filter(dirty=True).order_by("id")
    if connection.features.has_select_for_update:
        dirty = dirty.select_for_update(skip_locked=True)
    cells = list(dirty[:limit])
    if not cells:
        return 0
    # Clean first: an event that comes while we count makes the cell dirty again and it is counted once more.
    Cell.objects.filter(id__in=[c.id for c in cells]).update(dirty=False)
    match = Q(pk__in=[])
    for day, community in {(c.local_day, c.community_id) for c in cells}:
        match |= Q(local_day=day, community_id=community)
    grouped = Order.objects.filter(match).order_by().values("local_day", "community_id", "category")
    counted: dict[tuple[Any, ...], Any] = {
        (row["local_day"], row["community_id"], row["category"]): row
        for row in grouped.annotate(**counts(clock.now()))
    }
    rows = []
    for cell in cells:
        found: dict[str, Any] = counted.get((cell.local_day, cell.community_id, cell.category), {})
        rows.append((cell.id, *(found.get(f"n_{name}") or 0 for name in NAMES)))
    update_rows(Cell, NAMES, rows)
    return len(cells)


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
