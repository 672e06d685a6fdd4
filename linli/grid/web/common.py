"""Who may look at places from the desk, and the tree beside the page."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from linli.grid import access, selectors
from linli.grid.models import Area
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.roles import Role

CLS = {Area.DISTRICT: "", Area.STREET: "l2", Area.COMMUNITY: "l3", Area.GRID: "l4"}


@dataclass(slots=True)
class Node:
    """One line of the tree."""

    id: UUID
    name: str
    cls: str
    current: bool


def worker(request: HttpRequest) -> Actor:
    """The colleague. Raises Forbidden for residents, and for firms and property companies."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != "worker" or not actor.has_role(*access.SEE):
        raise Forbidden("这一页给社区和街道的工作人员看。", "not_staff")
    return actor


def mine(actor: Actor) -> list[Area]:
    """Areas that the actor's posts reach, with those above them, in tree order; all for the administrator."""
    areas = selectors.areas()
    if actor.has_role(Role.ADMIN_SYSTEM) or any(p.reach()[0] == "district" for p in actor.posts):
        return in_order(areas)
    keep: set[UUID] = set()
    by_id = {a.id: a for a in areas}
    for area in areas:
        for post in actor.posts:
            grid_id = area.id if area.level == Area.GRID else None
            # A worker of one grid looks over her whole community: she stands in for its other grids.
            same = post.community_id is not None and area.community_id == post.community_id
            if same or post.covers(street_id=area.street_id, community_id=area.community_id, grid_id=grid_id):
                here: Area | None = area
                while here is not None:
                    keep.add(here.id)
                    here = by_id.get(here.parent_id) if here.parent_id else None
    return in_order([a for a in areas if a.id in keep])


def in_order(areas: list[Area]) -> list[Area]:
    """Parents before their children, by code."""
    children: dict[UUID | None, list[Area]] = {}
    ids = {a.id for a in areas}
    for area in sorted(areas, key=lambda a: a.code):
        children.setdefault(area.parent_id if area.parent_id in ids else None, []).append(area)

    def walk(parent: UUID | None) -> list[Area]:
        return [x for a in children.get(parent, []) for x in (a, *walk(a.id))]

    return walk(None)


def choose(areas: list[Area], wished: UUID | None, actor: Actor, levels: tuple[str, ...]) -> Area:
    """The wished area, else the actor's own. Raises NotFound for an area out of reach."""
    fitting = [a for a in areas if a.level in levels]
    if wished:
        for area in areas:
            if area.id == wished:
                return area
        raise NotFound("没有找到这个地方。")
    own = {i for p in actor.posts for i in (p.grid_id, p.community_id) if i} or {p.street_id for p in actor.posts}
    for area in fitting:
        if area.id in own:
            return area
    if not fitting:
        raise NotFound("这里还没有地方，请先由系统管理员添加。")
    return fitting[0]


def nodes(areas: list[Area], chosen: Area, levels: tuple[str, ...]) -> list[Node]:
    """The tree; grids of other communities are folded away in a large district."""
    shown = [a for a in areas if a.level in levels]
    if len(shown) > 60:
        on_way = {chosen.id, chosen.street_id, chosen.community_id}
        shown = [
            a for a in shown
            if a.level in (Area.DISTRICT, Area.STREET)
            or (a.level == Area.COMMUNITY and a.street_id in on_way)
            or (a.level == Area.GRID and a.community_id in on_way)
        ]  # fmt: skip
    return [Node(a.id, a.name, CLS[a.level], a.id == chosen.id) for a in shown]
