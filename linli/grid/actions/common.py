"""What the verbs share: the event's row with its place, texts made clean, the lock on what is changed."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet

from linli.grid.models import Area
from linli.kernel.errors import BadInput, NotFound
from linli.ledger.record import Row

M = TypeVar("M", bound=Model)


def row_at(kind: str, thing_id: UUID, area: Area | None, facts: dict | None = None) -> Row:
    """An event's row, stamped with a place (None: the whole district)."""
    if area is None:
        return Row(kind, thing_id, facts=facts or {})
    grid_id = area.id if area.level == Area.GRID else None
    return Row(kind, thing_id, area.street_id, area.community_id, grid_id, facts or {})


def words(text: str, what: str, most: int) -> str:
    """One line of text. Raises BadInput when empty or too long."""
    text = " ".join(text.replace("\x00", "").split())
    if not text:
        raise BadInput(f"请填写{what}。", "missing_text")
    if len(text) > most:
        raise BadInput(f"{what}太长了，{most} 个字以内就好。", "too_long")
    return text


def names(found: Iterable[str]) -> list[str]:
    """Each name once, in order."""
    return list(dict.fromkeys(n.strip() for n in found if n.strip()))


def locked(rows: QuerySet[M]) -> QuerySet[M]:
    """The rows, held for this transaction where the database can (SQLite's transactions wait for each other anyway)."""
    return rows.select_for_update(of=("self",)) if connection.features.has_select_for_update_of else rows


def area_of(area_id: UUID, lock: bool = False) -> Area:
    """The place as the table has it. Raises NotFound."""
    rows = Area.objects.filter(id=area_id)
    area = (locked(rows) if lock else rows).first()
    if area is None:
        raise NotFound("没有找到这个地方。")
    return area
