"""One building at the desk: its units and how many homes each has, its name and grid, the codes in its lifts."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.grid import access, actions, selectors
from linli.grid.actions.buildings import number_of
from linli.grid.homes import parse
from linli.grid.models import Area, Building, Home, Organisation
from linli.grid.seen import seen_of
from linli.grid.web import common
from linli.kernel import clock, crypto
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound

#: rooms of a unit that a look before adding spells out
SPELT = 12


@dataclass(slots=True)
class Unit:
    """A unit, how many homes it has, and their rooms once they were opened."""

    name: str
    homes: int
    rooms: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Look:
    """What a pasted list would add: by unit, and how many are there already."""

    units: list[Unit]
    new: int
    there: int


def _building(actor: Actor, building_id: UUID) -> Building:
    building = Building.objects.select_related("property_org").filter(id=building_id).first()
    if building is None or not common.may_see(actor, [building.grid_id, building.community_id]):
        raise NotFound("没有找到这栋楼。")
    return building


@require_GET
def building(request: HttpRequest, building_id: UUID) -> HttpResponse:
    """GET /desk/grid/building/<id>/"""
    actor = common.worker(request)
    return _page(request, actor, _building(actor, building_id))


def _page(request: HttpRequest, actor: Actor, building: Building, **more: Any) -> HttpResponse:
    grid, community = selectors.area(building.grid_id), selectors.area(building.community_id)
    own = {
        "estate": building.estate, "name": building.name, "units": building.units, "grid": str(building.grid_id),
        "org": str(building.property_org_id or ""),
    }  # fmt: skip
    what = more.get("what", "")
    units = _units(building, more.get("homes", ()))
    context = {
        "room": "grid", "nodes": common.nodes(common.mine(actor), grid, common.LEVELS), "building": building, "grid": grid, "community": community, "units": units,
        "homes_there": sum(u.homes for u in units), "opened": "homes" in more, "said": _said(request),
        "data": (request.POST.dict() if what == "change" else own) | {"seen": seen_of(building)},
        "homes_text": request.POST.get("homes", "") if what == "homes" else "",
        "sets": access.may(actor, "change_building", grid), "opens": access.may(actor, "view_homes", grid),
    }  # fmt: skip
    if context["sets"]:
        context |= {
            "grids": [a for a in selectors.areas(Area.GRID) if a.community_id == building.community_id],
            "properties": Organisation.objects.filter(kind="property").order_by("name")[:300],
        }  # fmt: skip
    more.pop("homes", None)
    return render(request, "grid/building.html", context | more, status=422 if more.get("wrong") else 200)


def _said(request: HttpRequest) -> str:
    new = request.GET.get("homes", "")
    return f"加了 {int(new)} 户。" if new.isdecimal() and len(new) < 6 else common.said(request)


def _units(building: Building, homes: Any) -> list[Unit]:
    counts = dict(Home.objects.filter(building=building).order_by().values_list("unit").annotate(n=Count("id")))
    names = [f"{n}单元" for n in range(1, building.units + 1)]
    names += sorted((set(counts) - set(names)), key=lambda u: (number_of(u), u))
    rooms: dict[str, list[str]] = {}
    for home in homes:
        rooms.setdefault(home.unit, []).append(home.room)
    return [Unit(name, counts.get(name, 0), rooms.get(name, [])) for name in names]


@require_POST
def change_building(request: HttpRequest, building_id: UUID) -> HttpResponse:
    """POST /desk/grid/building/<id>/change/"""
    actor = common.worker(request)
    building = _building(actor, building_id)
    post = request.POST
    try:
        wished = common.org(post.get("org", ""))
        grid_id = common.identity(post.get("grid", ""), "请选这栋楼在哪个网格。")
        actions.change_building(
            by=actor, building_id=building.id, estate=post.get("estate", ""), name=post.get("name", ""),
            units=common.number(post.get("units", ""), "单元数"), property_org=wished.id if wished else "", grid_id=grid_id,
            seen=post.get("seen") or None,
        )  # fmt: skip
    except common.REFUSED as exc:
        return _page(request, actor, _building(actor, building_id), wrong=exc.message, what="change")
    return common.done(reverse("building", args=[building.id]), "moved" if grid_id != building.grid_id else "changed")


@require_POST
def add_homes(request: HttpRequest, building_id: UUID) -> HttpResponse:
    """POST /desk/grid/building/<id>/homes/ — a look at what the list says, and with `sure` it is written."""
    actor = common.worker(request)
    building = _building(actor, building_id)
    access.ask(actor, "add_homes", selectors.area(building.grid_id))
    try:
        homes = parse(request.POST.get("homes", ""), building.units)
        look = _look(building, homes)
        if request.POST.get("sure") != "1":
            return _page(request, actor, building, what="homes", look=look)
        if not look.new:
            raise BadInput("这些门牌都已经有了。", "nothing_new")
        actions.add_homes(by=actor, building=building, homes=homes)
    except common.REFUSED as exc:
        return _page(request, actor, building, wrong=exc.message, what="homes")
    return common.done(reverse("building", args=[building.id]), "added", homes=look.new)


def _look(building: Building, homes: list[tuple[str, str]]) -> Look:
    ring = crypto.ring()
    have = set(Home.objects.filter(building=building).values_list("unit", "room_index"))
    new = [(unit, room) for unit, room in homes if (unit, ring.index(room)) not in have]
    units: dict[str, Unit] = {}
    for unit, room in new:
        found = units.setdefault(unit, Unit(unit, 0))
        found.homes += 1
        if found.homes <= SPELT:
            found.rooms.append(room)
    return Look(list(units.values()), len(new), len(homes) - len(new))


@require_POST
def view_homes(request: HttpRequest, building_id: UUID) -> HttpResponse:
    """POST /desk/grid/building/<id>/view/ — the page with its room numbers; the opening is recorded."""
    actor = common.worker(request)
    building = _building(actor, building_id)
    return _page(request, actor, building, homes=actions.view_homes(by=actor, building_id=building.id))


@require_GET
def codes(request: HttpRequest, building_id: UUID) -> HttpResponse:
    """GET /desk/grid/building/<id>/codes/ — one code for each unit's lift: who scans it need not say where she is."""
    actor = common.worker(request)
    building = _building(actor, building_id)
    path = f"/q/{building.qr}/"
    units = [f"{n}单元" for n in range(1, building.units + 1)]
    sheets = [(u, request.build_absolute_uri(f"{path}?u={quote(u)}")) for u in units]
    context = {"building": building, "sheets": sheets, "viewer": actor.name, "printed_at": clock.now(), "back": reverse("building", args=[building.id])}
    return render(request, "grid/codes.html", context)
