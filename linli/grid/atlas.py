"""Places and posts as they are now, kept in this process under their stamps (`ledger.stamps`): a district's areas,
buildings and posts are few, are asked for by every request and change a few times a day.

What is given out is shared by all readers and must not be changed: `actions` reads the tables themselves.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from threading import RLock
from typing import Any
from uuid import UUID

from linli.accounts.models import Account
from linli.grid.models import Area, Building, Post
from linli.kernel import clock
from linli.ledger import stamps

PLACES = stamps.watch(
    "places", "grid.add_area", "grid.change_area", "grid.restore_area", "grid.add_organisation", "grid.change_organisation",
    "grid.add_building", "grid.change_building",
)  # fmt: skip
DUTY = stamps.watch(
    "duty", "grid.add_area", "grid.change_area", "grid.restore_area", "grid.change_colleague", "grid.add_post", "grid.end_post", "grid.add_absence", "grid.end_absence",
    "grid.set_roster_shift", "grid.remove_roster_shift", "accounts.change_account",
)  # fmt: skip
_lock = RLock()
_kept: dict[str, tuple[str, Any]] = {}


def kept(name: str, stamp: str, build: Any) -> Any:
    """What `build()` gives, made anew when the stamp is another one."""
    found = _kept.get(name)
    if found is None or found[0] != stamp:
        with _lock:
            found = _kept.get(name)
            if found is None or found[0] != stamp:
                found = _kept[name] = (stamp, build())
    return found[1]


def forget() -> None:
    """Drop everything (tests: another database)."""
    _kept.clear()


class Atlas:
    """All areas; the buildings of a community once somebody asks for them."""

    def __init__(self) -> None:
        self.areas: list[Area] = list(Area.objects.order_by("code"))
        self.by_id: dict[UUID, Area] = {a.id: a for a in self.areas}
        day = clock.today()
        self.in_force: list[Area] = [a for a in self.areas if self._stands(a, day)]
        self._buildings: dict[UUID, list[Building]] = {}
        self._building: dict[UUID, Building] = {}

    def _stands(self, area: Area, day: date) -> bool:
        """Has neither the area ended nor anything above it? `valid_to` is the last day."""
        here: Area | None = area
        while here is not None:
            if here.valid_to is not None and here.valid_to < day:
                return False
            here = self.by_id.get(here.parent_id) if here.parent_id else None
        return True

    def codes(self, area_id: UUID | None) -> tuple[str, ...]:
        """The codes under which a place's working time may stand, nearest first: community, street."""
        area = self.by_id.get(area_id) if area_id else None
        above = [self.by_id.get(i) for i in (area.community_id, area.street_id) if i] if area else []
        return tuple(a.code for a in above if a)

    def grid_now(self, grid_id: UUID) -> UUID:
        """The grid itself, or the one of its community that has taken its place since it ended."""
        day, passed = clock.today(), set()
        grid = self.by_id.get(grid_id)
        while grid and grid.valid_to and grid.valid_to < day and grid.replaced_by and grid.id not in passed:
            passed.add(grid.id)
            heir = self.by_id.get(grid.replaced_by)
            if heir is None or heir.community_id != grid.community_id:
                break
            grid = heir
        return grid.id if grid else grid_id

    def buildings(self, community_id: UUID) -> list[Building]:
        """A community's buildings, by estate and name."""
        if community_id not in self._buildings:
            rows = list(Building.objects.filter(community_id=community_id).order_by("estate", "name"))
            self._building |= {b.id: b for b in rows}
            self._buildings[community_id] = rows
        return self._buildings[community_id]

    def some_buildings(self, ids: Sequence[UUID]) -> list[Building]:
        """The buildings of those ids that there are."""
        if unknown := [i for i in ids if i not in self._building]:
            self._building |= {b.id: b for b in Building.objects.filter(id__in=unknown)}
        return [self._building[i] for i in ids if i in self._building]


def atlas() -> Atlas:
    """The places as they are today."""
    found: Atlas = kept("atlas", f"{stamps.current(PLACES)} {clock.today()}", Atlas)
    return found


class Posts:
    """All posts with their areas, by account; `active`: staff accounts in use."""

    def __init__(self) -> None:
        self.rows: list[Post] = list(Post.objects.select_related("area").order_by("id"))
        self.active: set[UUID] = set(
            Account.objects.filter(kind=Account.STAFF, is_active=True).values_list("id", flat=True)
        )
        self.of: dict[UUID, list[Post]] = defaultdict(list)
        for post in self.rows:
            self.of[post.account_id].append(post)


def posts() -> Posts:
    """The posts as they are now, of any period."""
    found: Posts = kept("posts", stamps.current(DUTY), Posts)
    return found
