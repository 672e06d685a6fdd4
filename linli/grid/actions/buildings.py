"""Buildings and the homes in them."""

import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from linli.grid import access
from linli.grid.actions.common import area_of, locked, row_at, words
from linli.grid.models import Area, Building, Home, Organisation
from linli.grid.seen import check, seen_of
from linli.kernel import clock, crypto
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.ledger.record import Row, record


@transaction.atomic
def add_building(
    *, by: Actor, grid: Area, estate: str, name: str, units: int = 1, property_org: Organisation | None = None
) -> Building:
    """Add a building to a grid, with an unguessable code for its lifts. Known by community, estate and name.

    Raises BadInput when `grid` is no grid or the number of units is not 1–99, Conflict when it stands in another grid.
    """
    access.ask(by, "add_building", grid)
    if grid.level != Area.GRID or grid.community_id is None or grid.street_id is None:
        raise BadInput("楼栋要放在网格里。", "bad_grid")
    estate, name = words(estate, "小区名", 48), words(name, "楼栋名", 32)
    if not 1 <= units <= 99:
        raise BadInput("单元数要在 1 到 99 之间。", "bad_units")
    there = Building.objects.filter(community_id=grid.community_id, estate=estate, name=name).first()
    if there:
        if there.grid_id != grid.id:
            raise Conflict("这栋楼已经在另一个网格里。", "building_taken")
        return there
    try:
        with transaction.atomic():
            building = Building.objects.create(
                estate=estate, name=name, units=units, street_id=grid.street_id, community_id=grid.community_id,
                grid_id=grid.id, property_org=property_org, qr=secrets.token_urlsafe(12),
            )  # fmt: skip
    except IntegrityError as exc:
        raise Conflict("这栋楼刚才已经有人加好了。", "building_taken") from exc
    record(by, "grid.add_building", row_at("building", building.id, grid, {"units": units}))
    return building


@transaction.atomic
def change_building(
    *, by: Actor, building_id: UUID, estate: str | None = None, name: str | None = None, units: int | None = None,
    property_org: UUID | str | None = None, grid_id: UUID | None = None, seen: str | None = None,
) -> Building:  # fmt: skip
    """Change how a building is called, its units, its property company ("" = none), or move it to another grid of its
    community. Orders keep the stamps that they have; what comes from now on goes to the new grid.

    Raises NotFound, Forbidden, Stale, BadInput; Conflict when the community has another building of that name.
    """
    building = _building(building_id, lock=True)
    access.ask(by, "change_building", area_of(building.grid_id))
    check(seen_of(building), seen)
    wanted: dict[str, Any] = {}
    if estate is not None:
        wanted["estate"] = words(estate, "小区名", 48)
    if name is not None:
        wanted["name"] = words(name, "楼栋名", 32)
    if units is not None:
        wanted["units"] = _units(building, units)
    if property_org is not None:
        wanted["property_org_id"] = _property(property_org)
    if grid_id is not None:
        wanted["grid_id"] = _other_grid(building, grid_id)
    changed = [k for k, v in wanted.items() if getattr(building, k) != v]
    if not changed:
        return building
    before = building.grid_id
    for field in changed:
        setattr(building, field, wanted[field])
    try:
        with transaction.atomic():
            building.save(update_fields=changed)
    except IntegrityError as exc:
        raise Conflict(f"本社区已经有“{building.estate}{building.name}”了，请换一个名字。", "name_taken") from exc
    facts = {"fields": changed} | ({"from_grid": str(before)} if building.grid_id != before else {})
    row = Row("building", building.id, building.street_id, building.community_id, building.grid_id, facts)
    record(by, "grid.change_building", row)
    return building


def _building(building_id: UUID, lock: bool = False) -> Building:
    rows = Building.objects.filter(id=building_id)
    building = (locked(rows) if lock else rows).first()
    if building is None:
        raise NotFound("没有找到这栋楼。")
    return building


def _units(building: Building, units: int) -> int:
    if not 1 <= units <= 99:
        raise BadInput("单元数要在 1 到 99 之间。", "bad_units")
    held = Home.objects.filter(building=building).values_list("unit", flat=True).distinct()
    over = sorted((u for u in held if number_of(u) > units), key=number_of)
    if over:
        raise Conflict(f"{over[0]}里还登记着住户，单元数不能少于 {number_of(over[-1])}。", "units_in_use")
    return units


def number_of(unit: str) -> int:
    """2 for 2单元; 0 for a unit that is called otherwise."""
    digits = unit.removesuffix("单元")
    return int(digits) if digits.isdecimal() and unit.endswith("单元") else 0


def _property(org: UUID | str) -> UUID | None:
    if not org:
        return None
    found = Organisation.objects.filter(id=org).first()
    if found is None:
        raise NotFound("没有找到这家物业。")
    return found.id


def _other_grid(building: Building, grid_id: UUID) -> UUID:
    grid = area_of(grid_id)
    if grid.level != Area.GRID or grid.community_id != building.community_id:
        raise BadInput("楼栋只能移到同一个社区的另一个网格。", "bad_grid")
    if grid_id != building.grid_id and grid.valid_to is not None and grid.valid_to < clock.today():
        raise BadInput("这个网格已经结束了，请另选一个。", "bad_grid")
    return grid.id


@transaction.atomic
def add_homes(*, by: Actor, building: Building, homes: Sequence[tuple[str, str]]) -> list[Home]:
    """Add homes (unit, room) to a building, in order; those that are there are given back. One event for the list."""
    access.ask(by, "add_homes", area_of(building.grid_id))
    ring = crypto.ring()
    wanted = [(unit.strip()[:16], words(room, "房号", 32)) for unit, room in homes]
    _building(building.id, lock=True)  # two lists at the same moment: the second finds what the first has brought
    there = {(h.unit, h.room_index): h for h in Home.objects.filter(building=building)}
    new: dict[tuple[str, str], Home] = {}
    for unit, room in wanted:
        key = (unit, ring.index(room))
        if key not in there and key not in new:
            new[key] = Home(building=building, unit=unit, room=room, room_index=key[1])
    if new:
        Home.objects.bulk_create(new.values(), batch_size=500)
        facts = {"homes": len(new)}
        row = Row("building", building.id, building.street_id, building.community_id, building.grid_id, facts)
        record(by, "grid.add_homes", row)
    return [(there | new)[(unit, ring.index(room))] for unit, room in wanted]


def add_home(*, by: Actor, building: Building, unit: str, room: str) -> Home:
    """One home; see `add_homes`."""
    return add_homes(by=by, building=building, homes=[(unit, room)])[0]


@transaction.atomic
def view_homes(*, by: Actor, building_id: UUID) -> list[Home]:
    """Open the room numbers of a building; each opening is recorded, since an exact address is personal. By unit and
    room. Raises NotFound, Forbidden."""
    building = _building(building_id)
    access.ask(by, "view_homes", area_of(building.grid_id))
    homes = sorted(Home.objects.filter(building=building), key=lambda h: (number_of(h.unit), h.unit, len(h.room), h.room))
    facts = {"homes": len(homes)}
    row = Row("building", building.id, building.street_id, building.community_id, building.grid_id, facts)
    record(by, "grid.view_homes", row)
    return homes
