"""The only writer of roll-ups."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q, Sum

from linli.insight.models import Cell
from linli.kernel import clock
from linli.orders.models import Order

PORTION = 200


def mark_cells(keys: Iterable[tuple[date, UUID, UUID, str]]) -> None:
    """Say that cells (day, street, community, category) have to be counted again."""
    wanted = set(keys)
    Cell.objects.bulk_create(
        [Cell(local_day=d, street_id=s, community_id=c, category=k, dirty=True) for d, s, c, k in wanted],
        update_conflicts=True, unique_fields=["local_day", "community_id", "category"], update_fields=["dirty"],
    )  # fmt: skip


@transaction.atomic
def refresh_cells(*, limit: int = PORTION) -> int:
    """Count dirty cells anew from their orders. Returns how many were counted."""
    cells = list(Cell.objects.filter(dirty=True).order_by("id")[:limit])
    if not cells:
        return 0
    # Clean first: an event that comes while we count makes the cell dirty again and it is counted once more.
    Cell.objects.filter(id__in=[c.id for c in cells]).update(dirty=False)
    now = clock.now()
    match = Q(pk__in=[])
    for day, community in {(c.local_day, c.community_id) for c in cells}:
        match |= Q(local_day=day, community_id=community)
    counted = {
        (row["local_day"], row["community_id"], row["category"]): row
        for row in Order.objects.filter(match).values("local_day", "community_id", "category").annotate(**figures(now))
    }
    for cell in cells:
        row = counted.get((cell.local_day, cell.community_id, cell.category), {})
        for name in FIGURES:
            setattr(cell, name, row.get(f"n_{name}") or 0)
    Cell.objects.bulk_update(cells, FIGURES, batch_size=100)
    return len(cells)


FIGURES = [
    "opened", "history", "voices", "answered", "answered_in_time", "answer_late", "handled", "solved", "solved_in_time",
    "reopened", "satisfied", "so_so", "unsolved", "not_reached", "unrated",
]  # fmt: skip


def figures(now) -> dict:  # type: ignore[no-untyped-def]
    """The aggregates of a set of orders, as n_<figure>; each share's denominator is among them (docs/figures.md).

    *solved*: handled as done and no voice says 没解决. *answer_late*: answered late, or not yet and past its hour.
    """
    live = Q(history=False) & ~Q(state="void")
    done = live & Q(handled_at__isnull=False, ending="done")
    late = live & (Q(answered_in_time=False) | Q(answered_at=None, answer_due_at__lt=now))
    return {
        "n_opened": Count("id", filter=live),
        "n_history": Count("id", filter=Q(history=True)),
        "n_voices": Sum("voice_count", filter=live),
        "n_answered": Count("id", filter=live & Q(answered_at__isnull=False)),
        "n_answered_in_time": Count("id", filter=live & Q(answered_in_time=True)),
        "n_answer_late": Count("id", filter=late),
        "n_handled": Count("id", filter=live & Q(handled_at__isnull=False)),
        "n_solved": Count("id", filter=done & Q(unsolved=0)),
        "n_solved_in_time": Count("id", filter=done & Q(unsolved=0, solved_in_time=True)),
        "n_reopened": Count("id", filter=live & Q(reopened__gt=0)),
        "n_satisfied": Sum("satisfied", filter=live),
        "n_so_so": Sum("so_so", filter=live),
        "n_unsolved": Sum("unsolved", filter=live),
        "n_not_reached": Sum("not_reached", filter=live),
        "n_unrated": Sum(
            F("voice_count") - F("satisfied") - F("so_so") - F("unsolved") - F("not_reached"),
            filter=live & Q(handled_at__isnull=False),
        ),
    }
