"""What the desk's pages over places share: who may look, the tree beside the page, texts of forms made into values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from linli.grid import access, selectors
from linli.grid.models import Area, Organisation
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, Forbidden, NotFound
from linli.kernel.roles import Role

LEVELS = (Area.DISTRICT, Area.STREET, Area.COMMUNITY, Area.GRID)
LEVEL_NAMES = {Area.DISTRICT: "区", Area.STREET: "街道", Area.COMMUNITY: "社区", Area.GRID: "网格"}
ORG_KINDS = {
    "property": "物业", "section": "街道科室", "department": "职能部门", "district_body": "区级部门", "firm": "驻区单位",
    "merchant": "商户", "social_org": "社会组织",
}  # fmt: skip
#: what a form can be answered with in its place, the words still in it
REFUSED = (BadInput, Conflict, NotFound)
#: what the page says after something was done; the address carries the code
SAID = {
    "changed": "改好了。", "moved": "移好了。已经受理的事还在原来的网格，新来的归新网格。", "ended": "记下了。", "restored": "接着用了。",
    "added": "加好了。", "posted": "岗位加好了。", "left": "记下了，到那一天为止。", "stopped": "账号停用了，现在就登录不了。",
    "started": "账号恢复了，岗位还是原来的。", "week": "上下班时间存好了，新受理的事按新的算；已经约定的时间不变。",
    "follows": "改成跟着上一级了。", "days": "记下了。", "dropped": "去掉了，那天照平常的。",
}  # fmt: skip
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


def nodes(areas: list[Area], chosen: Area | None, levels: tuple[str, ...]) -> list[Node]:
    """The tree; grids of other communities are folded away in a large district. None: nothing is chosen."""
    shown = [a for a in areas if a.level in levels]
    if chosen is None:
        return [Node(a.id, a.name, CLS[a.level], False) for a in shown if len(shown) <= 60 or a.level != Area.GRID]
    if len(shown) > 60:
        on_way = {chosen.id, chosen.street_id, chosen.community_id}
        shown = [
            a for a in shown
            if a.level in (Area.DISTRICT, Area.STREET)
            or (a.level == Area.COMMUNITY and a.street_id in on_way)
            or (a.level == Area.GRID and a.community_id in on_way)
        ]  # fmt: skip
    return [Node(a.id, a.name, CLS[a.level], a.id == chosen.id) for a in shown]


def may_see(actor: Actor, area_ids: Sequence[UUID]) -> bool:
    """Does the actor's part of the tree hold one of these places?"""
    return bool({a.id for a in mine(actor)} & set(area_ids))


def done(address: str, said: str, **more: object) -> HttpResponse:
    """Back to a page that says what was done."""
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return HttpResponseRedirect(f"{address}?said={said}{query}")


def said(request: HttpRequest) -> str:
    """The sentence for the page's head, if something has just been done."""
    return SAID.get(request.GET.get("said", ""), "")


def number(text: str, what: str) -> int:
    """A whole number. Raises BadInput."""
    if not text.strip().isdecimal() or len(text) > 6:
        raise BadInput(f"{what}请填数字。")
    return int(text)


def day(text: str, what: str = "日期") -> date | None:
    """A day, or None where nothing was filled in. Raises BadInput."""
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError as exc:
        raise BadInput(f"{what}好像不对，要写成 2026-03-02 这样。", "bad_day") from exc


def identity(text: str, missing: str) -> UUID:
    """An id from a select. Raises BadInput."""
    try:
        return UUID(text)
    except ValueError as exc:
        raise BadInput(missing) from exc


def org(text: str) -> Organisation | None:
    """An organisation from a select; None for none. Raises BadInput."""
    if not text:
        return None
    found = Organisation.objects.filter(id=identity(text, "没有这个单位。")).first()
    if found is None:
        raise BadInput("没有这个单位。")
    return found


def split(text: str) -> list[str]:
    """Names between spaces, 、 or commas."""
    return [name for name in re.split(r"[\s,，、;；/]+", text) if name]
