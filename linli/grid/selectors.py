"""Reads of places."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from linli.accounts import selectors as accounts
from linli.grid.atlas import atlas, posts
from linli.grid.models import Area, Building, Organisation, Post
from linli.kernel import clock
from linli.kernel.roles import LABELS, Role


@dataclass(frozen=True, slots=True)
class Stamp:
    """The place a row is stamped with: ids as they are now, and what people call it."""

    street_id: UUID
    community_id: UUID
    grid_id: UUID | None = None
    building_id: UUID | None = None
    unit: str = ""
    text: str = ""


def area(area_id: UUID) -> Area | None:
    """One area."""
    return atlas().by_id.get(area_id)


def areas(level: str | None = None) -> list[Area]:
    """All areas in force (of one level), by code."""
    return [a for a in atlas().in_force if level in (None, a.level)]


def ended() -> list[Area]:
    """Areas that have ended, or that lie in one that has, by code."""
    standing = {a.id for a in atlas().in_force}
    return [a for a in atlas().areas if a.id not in standing]


def area_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names by id."""
    known = atlas().by_id
    return {i: known[i].name for i in ids if i in known}


def community_codes() -> dict[UUID, str]:
    """community id → area code, for numbers."""
    return {a.id: a.code for a in atlas().areas if a.level == Area.COMMUNITY}


def calendar_codes(area_id: UUID | None) -> tuple[str, ...]:
    """What `calendars.get_calendar` is asked with for a place: the community's code, then its street's. The nearest that has
    a week of its own wins."""
    return atlas().codes(area_id)


def buildings(community_id: UUID) -> list[Building]:
    """A community's buildings."""
    return atlas().buildings(community_id)


def buildings_by_id(ids: Iterable[UUID]) -> list[Building]:
    """Buildings of those ids."""
    return atlas().some_buildings(list(dict.fromkeys(ids)))


def stamp_of_building(building: Building, unit: str = "") -> Stamp:
    """Stamp for something that happens at a building (and unit)."""
    return Stamp(
        building.street_id, building.community_id, atlas().grid_now(building.grid_id), building.id, unit,
        f"{building.estate}{building.name}{unit}",
    )  # fmt: skip


def posts_of(account_id: UUID) -> list[Post]:
    """An account's posts in force today."""
    return [p for p in posts().of.get(account_id, ()) if in_force(p)]


def roles_of(account_id: UUID) -> list[Post]:
    """An account's posts that are more than a resident's, of any period: who may have known goes back in time."""
    return [p for p in posts().of.get(account_id, ()) if p.role not in (Role.RESIDENT, Role.PARTY_MEMBER)]


def posts_at(community_id: UUID) -> list[Post]:
    """The posts in force in a community: its own and those of its grids."""
    rows = posts().rows
    return [p for p in rows if p.area and community_id in (p.area_id, p.area.community_id) and in_force(p)]


def posts_on(area_id: UUID) -> list[Post]:
    """The posts in force at exactly this area."""
    return [p for p in posts().rows if p.area_id == area_id and in_force(p)]


def holders(role: Role) -> list[UUID]:
    """The accounts that have a post of this role in force, anywhere."""
    return list(dict.fromkeys(p.account_id for p in posts().rows if p.role == role and in_force(p)))


def in_force(post: Post) -> bool:
    """Is the post's period open today (real day of the product's clock)?"""
    day = clock.today()
    return (post.starts is None or post.starts <= day) and (post.ends is None or post.ends >= day)


def organisation_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of organisations by id."""
    wanted = {i for i in ids if i}
    return dict(Organisation.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


SHORT = {
    Role.GRID_WORKER: "社工", Role.LINE_WORKER: "社工", Role.DUTY_OFFICER: "街道值班员", Role.CENTRE: "平台中心",
    Role.STREET_SECTION: "街道科室", Role.PROPERTY: "物业", Role.STABILITY_CENTRE: "综治中心",
    Role.DEPARTMENT: "部门", Role.DISTRICT_BODY: "区里",
}  # fmt: skip


def staff_labels(account_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """What residents call a colleague: 社工小李, 赵书记, 街道值班员小孙. One statement for any number."""
    wanted = {i for i in account_ids if i}
    if not wanted:
        return {}
    names = accounts.names(wanted)
    held = posts().of
    roles = {i: held[i][0].role for i in wanted if i in held}
    return {i: _label(names.get(i, ""), roles.get(i, "")) for i in wanted}


def post_names(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What they are, not who: 网格责任社工. Without a statement; who holds no post is left out."""
    held = posts().of
    return {i: LABELS[Role(held[i][0].role)] for i in account_ids if i in held}


def _label(name: str, role: str) -> str:
    surname = name[:1] or "同志"
    if role == Role.COMMUNITY_HEAD:
        return f"{surname}书记"
    if role == Role.STREET_LEADER:
        return f"街道{surname}主任"
    return f"{SHORT.get(Role(role), '') if role else ''}小{surname}"
