"""A place at the desk: what lies below it, its colleagues, buildings and organisations, and the forms that change them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.accounts.models import Account
from linli.grid import access, selectors
from linli.grid.models import Area, Building, Organisation, Post
from linli.grid.seen import seen_of
from linli.grid.web import common
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.roles import LABELS, Role

BELOW = {Area.DISTRICT: Area.STREET, Area.STREET: Area.COMMUNITY, Area.COMMUNITY: Area.GRID}
AT_MOST = 300
#: buildings on the place's own page; the rest stand on a page of theirs
FIRST = 30
PAGE = 100
LEADERS = (Role.STREET_LEADER, Role.COMMUNITY_HEAD, Role.GRID_WORKER, Role.LINE_WORKER, Role.DUTY_OFFICER)
RANK = {role: n for n, role in enumerate(dict.fromkeys([*LEADERS, *Role]))}


@require_GET
def grid(request: HttpRequest, area_id: UUID | None = None) -> HttpResponse:
    """GET /desk/grid/ and /desk/grid/<area>/"""
    actor = common.worker(request)
    areas = common.mine(actor)
    if not areas and area_id is None and access.may(actor, "add_area", None):
        return first(request)
    return page(request, actor, chosen(actor, areas, area_id))


def chosen(actor: Actor, areas: list[Area], area_id: UUID | None) -> Area:
    """The wished place; one that has ended too, for whoever may let it go on. Raises NotFound."""
    ended = selectors.area(area_id) if area_id and all(a.id != area_id for a in areas) else None
    if ended is not None and access.may(actor, "restore_area", ended):
        return ended
    return common.choose(areas, area_id, actor, (Area.COMMUNITY, Area.STREET, Area.DISTRICT))


def first(request: HttpRequest, wrong: str = "") -> HttpResponse:
    """An empty district: nothing but the form for its first place."""
    context = {"room": "grid", "tree_label": "", "wrong": wrong, "data": request.POST}
    return render(request, "grid/first.html", context, status=422 if wrong else 200)


def page(request: HttpRequest, actor: Actor, area: Area, **more: Any) -> HttpResponse:
    """The place's page. more: `wrong` with `what` (the form that was refused, its words kept), or `link`."""
    areas = common.mine(actor)
    sets = access.may(actor, "add_area", area)
    buildings = _buildings(area)
    below = [a for a in areas if a.parent_id == area.id]
    context = {
        "room": "grid", "tree_label": "选地方", "nodes": common.nodes(areas, area, common.LEVELS), "area": area,
        "level": common.LEVEL_NAMES[area.level], "ended": all(a.id != area.id for a in areas),
        "heir": selectors.area(area.replaced_by) if area.replaced_by else None,
        "below": below, "below_name": common.LEVEL_NAMES.get(BELOW.get(area.level, ""), ""),
        "buildings": _building_rows(buildings[:FIRST]), "building_count": len(buildings), "more_buildings": len(buildings) > FIRST,
        "organisations": _organisations(area), "people": _people(actor, area), "today": clock.today(), "sets": sets, "said": common.said(request),
    }  # fmt: skip
    if sets:
        context |= _forms(request, area, more)
    return render(request, "grid/grid.html", context | more, status=422 if more.get("wrong") else 200)


def _forms(request: HttpRequest, area: Area, more: dict[str, Any]) -> dict[str, Any]:
    own = {
        "name": area.name, "roads": " ".join(area.roads), "landmarks": " ".join(area.landmarks), "seen": seen_of(area),
        "village": "1" if area.village else "", "valid_to": area.valid_to.isoformat() if area.valid_to else "",
        "replaced_by": str(area.replaced_by or ""),
    }  # fmt: skip
    what = more.get("what", "")
    # What was typed goes back into the form that was refused, and into no other; its mark is that of the page as it is now.
    filled: dict[str, Any] = {"change": own, "end": own} | ({what: request.POST.dict() | {"seen": own["seen"]}} if what else {})
    staff = Account.objects.filter(kind=Account.STAFF, is_active=True).order_by("login")[:2000]
    same = [a for a in selectors.areas(area.level) if a.id != area.id]
    names = selectors.area_names(a.parent_id for a in same if a.parent_id)
    if area.level == Area.GRID:
        same = [a for a in same if a.community_id == area.community_id]
    ended = [a for a in selectors.ended() if a.parent_id == area.id]
    return {
        "filled": filled, "org_kinds": common.ORG_KINDS.items(), "roles": roles_at(area), "staff": staff,
        "all_orgs": Organisation.objects.order_by("name")[:AT_MOST], "ended_below": ended,
        "heirs": [(a, a.name if a.parent_id == area.parent_id else f"{a.name}（{names.get(a.parent_id, '')}）") for a in same],  # type: ignore[arg-type]
    }  # fmt: skip


def roles_at(area: Area | None) -> list[tuple[str, str]]:
    """The posts that one can hold at this place; all of them where no place has been chosen yet."""
    staff = [r for r in Role if r not in access.NO_POST]
    level = area.level if area else ""
    return [(r.value, LABELS[r]) for r in staff if not level or level in access.POST_AT.get(r, (level,))]


def _buildings(area: Area) -> list[Building]:
    rows = Building.objects.all()
    if area.level == Area.GRID:
        return in_order(rows.filter(grid_id=area.id))
    return in_order(rows.filter(community_id=area.id)) if area.level == Area.COMMUNITY else []


def in_order(rows: Any) -> list[Building]:
    """By estate, then 2号楼 before 10号楼."""
    return sorted(rows, key=lambda b: (b.estate, int("".join(c for c in b.name if c.isdecimal()) or 0), b.name))


def _building_rows(buildings: list[Building]) -> list[tuple[Building, str, str]]:
    grids = selectors.area_names(b.grid_id for b in buildings)
    orgs = selectors.organisation_names(b.property_org_id for b in buildings if b.property_org_id)
    return [(b, grids.get(b.grid_id, ""), orgs.get(b.property_org_id, "") if b.property_org_id else "") for b in buildings]


def _organisations(area: Area) -> list[tuple[Organisation, str]]:
    here = Q(area=area) | Q(area=None) if area.level == Area.DISTRICT else Q(area=area)
    return [(o, common.ORG_KINDS.get(o.kind, o.kind)) for o in Organisation.objects.filter(here).order_by("kind", "name")[:AT_MOST]]


@dataclass(slots=True)
class Person:
    """A colleague and what she is here, now or from a day to come."""

    account_id: UUID
    name: str
    active: bool
    opens: bool
    posts: list[tuple[str, Post]]


def _people(actor: Actor, area: Area) -> list[Person]:
    """The colleagues of a place, those who lead it first; residents with a post are none. Three statements."""
    here = Q(area=area)
    if area.level == Area.COMMUNITY:
        here |= Q(area__community_id=area.id)
    if area.level == Area.DISTRICT:
        here |= Q(area=None)
    rows = Post.objects.filter(here).exclude(role__in=access.NO_POST).select_related("area", "org").order_by("id")[:AT_MOST]
    by_account: dict[UUID, list[Post]] = {}
    for post in sorted((p for p in rows if p.ends is None or p.ends >= clock.today()), key=lambda p: RANK[Role(p.role)]):
        by_account.setdefault(post.account_id, []).append(post)
    staff = {a.id: a for a in Account.objects.filter(id__in=by_account, kind=Account.STAFF)}
    return [
        Person(i, staff[i].name, staff[i].is_active, access.sees_colleague(actor, i), [(LABELS[Role(p.role)], p) for p in posts])
        for i, posts in by_account.items() if i in staff
    ]  # fmt: skip


@require_GET
def buildings(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """GET /desk/grid/<area>/buildings/?q=3号&page=2 — all buildings of a community or grid."""
    actor = common.worker(request)
    areas = common.mine(actor)
    area = chosen(actor, areas, area_id)
    q = "".join(request.GET.get("q", "").split())[:32]
    found = [b for b in _buildings(area) if q in f"{b.estate}{b.name}"]
    pages = Paginator(found, PAGE)
    here = pages.get_page(request.GET.get("page"))
    context = {
        "room": "grid", "nodes": common.nodes(areas, area, common.LEVELS), "area": area, "q_building": q, "page": here,
        "buildings": _building_rows(list(here)), "count": len(found),
    }  # fmt: skip
    return render(request, "grid/buildings.html", context)
