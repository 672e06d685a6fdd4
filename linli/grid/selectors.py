"""Reads of places."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from linli.grid.models import Area, Building, Organisation, Post
from linli.kernel import clock


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
    return Area.objects.filter(id=area_id).first()


def areas(level: str | None = None) -> list[Area]:
    """All areas in force (of one level), by code."""
    rows = Area.objects.filter(valid_to=None).order_by("code")
    return list(rows.filter(level=level) if level else rows)


def area_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names by id, in one query."""
    wanted = {i for i in ids if i}
    return dict(Area.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def community_codes() -> dict[UUID, str]:
    """community id → area code, for calendars and numbers."""
    return dict(Area.objects.filter(level=Area.COMMUNITY).values_list("id", "code"))


def buildings(community_id: UUID) -> list[Building]:
    """A community's buildings."""
    return list(Building.objects.filter(community_id=community_id).order_by("estate", "name"))


def stamp_of_building(building: Building, unit: str = "") -> Stamp:
    """Stamp for something that happens at a building (and unit)."""
    return Stamp(
        building.street_id, building.community_id, building.grid_id, building.id, unit,
        f"{building.estate}{building.name}{unit}",
    )  # fmt: skip


def posts_of(account_id: UUID) -> list[Post]:
    """An account's posts in force today."""
    return [p for p in Post.objects.filter(account_id=account_id).select_related("area") if in_force(p)]


def in_force(post: Post) -> bool:
    """Is the post's period open today (real day of the product's clock)?"""
    day = clock.today()
    return (post.starts is None or post.starts <= day) and (post.ends is None or post.ends >= day)


def organisation_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of organisations by id."""
    wanted = {i for i in ids if i}
    return dict(Organisation.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}
