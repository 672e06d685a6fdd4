"""Areas: added below their parent, renamed, ended on a day."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from linli.grid import access
from linli.grid.actions.common import area_of, names, row_at, words
from linli.grid.models import Area, Building
from linli.grid.seen import check, seen_of
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict
from linli.ledger.record import record

ABOVE = {Area.DISTRICT: None, Area.STREET: Area.DISTRICT, Area.COMMUNITY: Area.STREET, Area.GRID: Area.COMMUNITY}
MANY = 60


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
        level=level, code=code, name=name, parent=parent, village=village, roads=short(names(roads), "道路"),
        landmarks=short(names(landmarks), "地标"), valid_from=valid_from,
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
    valid_to: date | None = None, replaced_by: UUID | None = None, seen: str | None = None,
) -> Area:  # fmt: skip
    """Change what people call a place, its roads and landmarks, or end it: `valid_to` is its last day, `replaced_by` the
    place that follows it. Rows that were stamped with an ended place keep it; what happens at a building of an ended grid
    is stamped with the grid that follows.

    Raises NotFound, Forbidden, Stale, BadInput; Conflict while something in use lies below and nothing follows.
    """
    area = area_of(area_id, lock=True)
    access.ask(by, "change_area", area)
    check(seen_of(area), seen)
    wanted = {
        "name": words(name, "名称", 64) if name is not None else None,
        "village": village,
        "roads": short(names(roads), "道路") if roads is not None else None,
        "landmarks": short(names(landmarks), "地标") if landmarks is not None else None,
        "valid_to": valid_to,
        "replaced_by": area_of(replaced_by).id if replaced_by else None,
    }
    if wanted["name"] and wanted["name"] != area.name:
        if Area.objects.filter(parent_id=area.parent_id, level=area.level, name=wanted["name"], valid_to=None).exists():
            raise Conflict(f"同一个地方下面已经有叫“{wanted['name']}”的了，请换一个名称。", "name_taken")
    if valid_to or replaced_by:
        _may_end(area, valid_to or area.valid_to, replaced_by or area.replaced_by)
    changed = [k for k, v in wanted.items() if v is not None and getattr(area, k) != v]
    if changed:
        for field in changed:
            setattr(area, field, wanted[field])
        area.save(update_fields=changed)
        record(by, "grid.change_area", row_at("area", area.id, area, {"fields": changed}))
    return area


@transaction.atomic
def restore_area(*, by: Actor, area_id: UUID) -> Area:
    """The place goes on: its last day and what was to follow it are taken back. Raises NotFound, Forbidden."""
    area = area_of(area_id, lock=True)
    access.ask(by, "restore_area", area)
    if area.valid_to is not None or area.replaced_by is not None:
        area.valid_to = area.replaced_by = None
        area.save(update_fields=["valid_to", "replaced_by"])
        record(by, "grid.restore_area", row_at("area", area.id, area))
    return area


def short(found: list[str], what: str) -> list[str]:
    """Names of roads or landmarks. Raises BadInput for one that is no name, or for too many."""
    if len(found) > MANY or any(len(n) > 32 for n in found):
        raise BadInput(f"{what}一个一个写，中间用空格隔开，每个 32 个字以内，最多 {MANY} 个。", "too_long")
    return found


def _may_end(area: Area, day: date | None, heir_id: UUID | None) -> None:
    if area.level == Area.DISTRICT:
        raise BadInput("区不能结束：一套系统只服务一个区。", "district_stays")
    if day is None:
        raise BadInput("请填写结束的日子。", "missing_day")
    if area.valid_from and day < area.valid_from:
        raise BadInput("结束的日子要在开始之后。", "bad_period")
    heir = area_of(heir_id) if heir_id else None
    if heir and (heir.id == area.id or heir.level != area.level or (heir.valid_to is not None and heir.valid_to <= day)):
        raise BadInput("接着管的要是同一级、到时候还在用的另一个地方。", "bad_heir")
    buildings = Building.objects.filter(grid_id=area.id).count() if area.level == Area.GRID else 0
    if buildings and (heir is None or heir.community_id != area.community_id):
        raise Conflict(f"这个网格里有 {buildings} 栋楼：请选同一个社区里接着管的网格，或者先把楼移过去。", "area_in_use")
    if heir is None:
        below = Area.objects.filter(parent=area).filter(Q(valid_to=None) | Q(valid_to__gt=day)).count()
        if below:
            raise Conflict(f"它下面还有 {below} 个地方在用：请选由哪里接着管，或者先结束它们。", "area_in_use")
