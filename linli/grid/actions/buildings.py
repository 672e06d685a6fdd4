"""Buildings and the homes in them."""

import secrets
from collections.abc import Sequence

from django.db import transaction

from linli.grid import access
from linli.grid.actions.common import area_of, row_at, words
from linli.grid.models import Area, Building, Home, Organisation
from linli.kernel import crypto
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict
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
    building = Building.objects.create(
        estate=estate, name=name, units=units, street_id=grid.street_id, community_id=grid.community_id,
        grid_id=grid.id, property_org=property_org, qr=secrets.token_urlsafe(12),
    )  # fmt: skip
    record(by, "grid.add_building", row_at("building", building.id, grid, {"units": units}))
    return building


@transaction.atomic
def add_homes(*, by: Actor, building: Building, homes: Sequence[tuple[str, str]]) -> list[Home]:
    """Add homes (unit, room) to a building, in order; those that are there are given back. One event for the list."""
    access.ask(by, "add_homes", area_of(building.grid_id))
    ring = crypto.ring()
    wanted = [(unit.strip()[:16], words(room, "房号", 32)) for unit, room in homes]
    there = {(h.unit, h.room_index): h for h in Home.objects.filter(building=building)}
    new: dict[tuple[str, str], Home] = {}
    for unit, room in wanted:
        key = (unit, ring.index(room))
        if key not in there and key not in new:
            new[key] = Home(building=building, unit=unit, room=room, room_index=key[1])
    if new:
        Home.objects.bulk_create(new.values())
        facts = {"homes": len(new)}
        row = Row("building", building.id, building.street_id, building.community_id, building.grid_id, facts)
        record(by, "grid.add_homes", row)
    return [(there | new)[(unit, ring.index(room))] for unit, room in wanted]


def add_home(*, by: Actor, building: Building, unit: str, room: str) -> Home:
    """One home; see `add_homes`."""
    return add_homes(by=by, building=building, homes=[(unit, room)])[0]
