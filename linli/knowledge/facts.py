"""Local facts of a place, kept in this process under their stamp."""

from collections.abc import Mapping
from uuid import UUID

from linli.grid import selectors as places
from linli.knowledge.models import LocalFact
from linli.ledger import stamps

STAMP = stamps.watch("facts", "knowledge.set_fact")
_kept: dict[str, dict[UUID | None, dict[str, str]]] = {}


def of_place(community_id: UUID | None) -> Mapping[str, str]:
    """What is filled in for a community: its own facts before its street's, those before the district's."""
    stamp = stamps.current(STAMP)
    known = _kept.get(stamp)
    if known is None:
        by_area: dict[UUID | None, dict[str, str]] = {}
        for area_id, name, value in LocalFact.objects.values_list("area_id", "name", "value"):
            by_area.setdefault(area_id, {})[name] = value
        _kept.clear()
        _kept[stamp] = known = by_area
    area = places.area(community_id) if community_id else None
    found = dict(known.get(None, {}))
    if area:
        found |= known.get(area.street_id, {}) | known.get(area.id, {})
    return found


def forget() -> None:
    """Drop everything (tests: another database)."""
    _kept.clear()
