"""Areas: added below their parent, renamed, ended on a day."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from linli.grid import access
from linli.grid.actions.common import area_of, names, row_at, words
from linli.grid.models import Area
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict
from linli.ledger.record import record

ABOVE = {Area.DISTRICT: None, Area.STREET: Area.DISTRICT, Area.COMMUNITY: Area.STREET, Area.GRID: Area.COMMUNITY}


@transaction.atomic
def add_area(
    *, by: Actor, level: str, code: str, name: str, parent: Area | None = None, village: bool = False,
    roads: Sequence[str] = (), landmarks: Sequence[str] = (), valid_from: date | None = None,
) -> Area:  # fmt: skip
    """Add a place below its parent (district → street → community → grid). A code that is there gives its area.

    Raises Forbidden; BadInput for a wrong level or parent; Conflict for a code that names another place.
    """
    access.ask(by, "add_area", parent)
    name, code = words(name, "名称", 64), words(code, "编码", 32)
    if level not in ABOVE or (parent.level if parent else None) != ABOVE[level]:
        raise BadInput("上级不对：街道在区下面，社区在街道下面，网格在社区下面。", "bad_parent")
    there = Area.objects.filter(code=code).first()
    if there:
        if (there.level, there.name, there.parent_id) == (level, name, parent.id if parent else None):
            return there
        raise Conflict("这个编码已经给了另一个地方。", "code_taken")
    area = Area(
        level=level, code=code, name=name, parent=parent, village=village, roads=names(roads),
        landmarks=names(landmarks), valid_from=valid_from,
    )  # fmt: skip
    area.street_id = area.id if level == Area.STREET else parent.street_id if parent else None
    area.community_id = area.id if level == Area.COMMUNITY else parent.community_id if parent else None
    area.save(force_insert=True)
    record(by, "grid.add_area", row_at("area", area.id, area, {"level": level, "code": code}))
    return area


@transaction.atomic
def change_area(
    *, by: Actor, area_id: UUID, name: str | None = None, village: bool | None = None,
    roads: Sequence[str] | None = None, landmarks: Sequence[str] | None = None,
    valid_to: date | None = None, replaced_by: UUID | None = None,
) -> Area:  # fmt: skip
    """Change what people call a place, its roads and landmarks, or end it on a day (with what follows it).

    Rows that were stamped with an ended place keep it. Raises NotFound, Forbidden, BadInput.
    """
    area = area_of(area_id)
    access.ask(by, "change_area", area)
    wanted = {
        "name": words(name, "名称", 64) if name is not None else None,
        "village": village,
        "roads": names(roads) if roads is not None else None,
        "landmarks": names(landmarks) if landmarks is not None else None,
        "valid_to": valid_to,
        "replaced_by": area_of(replaced_by).id if replaced_by else None,
    }
    changed = [k for k, v in wanted.items() if v is not None and getattr(area, k) != v]
    if changed:
        for field in changed:
            setattr(area, field, wanted[field])
        area.save(update_fields=changed)
        record(by, "grid.change_area", row_at("area", area.id, area, {"fields": changed}))
    return area
