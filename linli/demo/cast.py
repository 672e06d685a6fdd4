"""Write the named cast by the actions, and find it again in any database by log-in names, codes and place names.

`cast.actor("li_min")` gives the Actor a page would build for her; `cast.member["zhou"]` is 周阿姨 in the first of her
groups, `cast.member["zhou@jx"]` in another.
"""

from dataclasses import dataclass, field
from datetime import time
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from linli.accounts import actions as accounts
from linli.accounts.models import Account
from linli.calendars import actions as calendars
from linli.channels.sensors.actions import seed_rules
from linli.demo import people, places
from linli.demo.people import EVERYBODY, NEIGHBOURS, WORKERS, Neighbour, Worker
from linli.grid import access as grid_access
from linli.grid import actions as grid
from linli.grid import selectors as grid_selectors
from linli.grid.models import Area, Building, Home, Organisation
from linli.groups import actions as groups
from linli.groups.models import Group, Member
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.roles import Role
from linli.knowledge import actions as knowledge
from linli.residents import actions as residents
from linli.residents.models import Person
from linli.standards.seed import seed_standards

NIGHT = time(20), time(8)
DAY = time(8), time(20)


@dataclass(slots=True)
class Cast:
    """Everybody and everything of the demo by short keys, as `places` and `people` name them."""

    district: Area
    street: dict[str, Area] = field(default_factory=dict)
    community: dict[str, Area] = field(default_factory=dict)
    grid: dict[str, Area] = field(default_factory=dict)
    building: dict[str, Building] = field(default_factory=dict)
    home: dict[str, Home] = field(default_factory=dict)
    org: dict[str, Organisation] = field(default_factory=dict)
    account: dict[str, Account] = field(default_factory=dict)
    person: dict[str, Person] = field(default_factory=dict)
    group: dict[str, Group] = field(default_factory=dict)
    member: dict[str, Member] = field(default_factory=dict)

    def actor(self, key: str, purpose: str = "") -> Actor:
        """The Actor of somebody, as at her sign-in: posts from the database. KeyError for an unknown key."""
        return grid_access.actor_for(self.account[key], purpose)

    def area(self, ref: str) -> Area | None:
        """"grid:jinxiu1", "community:jinxiu", "street:jinxiu"; "" is the district as a whole (None)."""
        if not ref:
            return None
        level, _, key = ref.partition(":")
        return {"street": self.street, "community": self.community, "grid": self.grid}[level][key]

    def key_of(self, account_id: UUID | None) -> str:
        """The key of an account's owner; "" when nobody of the cast has it."""
        return next((k for k, a in self.account.items() if a.id == account_id), "")


def loaded() -> bool:
    """Is the demo district in this database?"""
    return Area.objects.filter(code=places.DISTRICT[0]).exists()


def seed() -> None:
    """What comes with the product, as far as it is not there: after an update a little more of it."""
    seed_standards()
    calendars.seed_calendars(by=SYSTEM)
    knowledge.seed_entries(by=SYSTEM)
    seed_rules(by=SYSTEM)


@transaction.atomic
def load() -> Cast:
    """Write the cast, all of it or nothing. A database that has it is left as it is."""
    if loaded():
        return find()
    seed()
    calendars.save_calendar(by=SYSTEM, code="work", name="社区工作时间", kind="hours", shifts=calendars.OFFICE)
    cast = _places()
    for key, known in places.FACTS.items():
        for name, value in known.items():
            knowledge.set_fact(by=SYSTEM, name=name, value=value, area_id=cast.community[key].id if key else None)
    _people(cast)
    _roster(cast)
    _groups(cast)
    return cast


def _places() -> Cast:
    code, name = places.DISTRICT
    cast = Cast(grid.add_area(by=SYSTEM, level=Area.DISTRICT, code=code, name=name))
    for key, (code, name) in places.STREETS.items():
        cast.street[key] = grid.add_area(
            by=SYSTEM, level=Area.STREET, code=code, name=name, parent=cast.district
        )
    for key, (street, code, name, village, roads, landmarks) in places.COMMUNITIES.items():
        cast.community[key] = grid.add_area(
            by=SYSTEM, level=Area.COMMUNITY, code=code, name=name, parent=cast.street[street], village=village,
            roads=roads, landmarks=landmarks,
        )  # fmt: skip
    for key, (community, _) in places.GRIDS.items():
        cast.grid[key] = grid.add_area(
            by=SYSTEM, level=Area.GRID, code=places.grid_code(key), name=places.grid_name(key),
            parent=cast.community[community],
        )  # fmt: skip
    for key, (name, kind, ref, phone) in places.ORGANISATIONS.items():
        area = cast.area(ref) if ref else None
        cast.org[key] = grid.add_organisation(by=SYSTEM, name=name, kind=kind, area=area, phone=phone)
    for key, (at, estate, name, units, _) in places.BUILDINGS.items():
        org = places.PROPERTY_OF.get(at[:-1])
        cast.building[key] = grid.add_building(
            by=SYSTEM, grid=cast.grid[at], estate=estate, name=name, units=units,
            property_org=cast.org[org] if org else None,
        )  # fmt: skip
        homes = places.homes_of(key)
        rows = grid.add_homes(by=SYSTEM, building=cast.building[key], homes=homes)
        cast.home |= {f"{key}-{unit}-{room}": row for (unit, room), row in zip(homes, rows, strict=True)}
    return cast


def _people(cast: Cast) -> None:
    # One hash for all: sixty of them would take three seconds. Outside the demo nobody gets this password.
    encoded = make_password(people.PASSWORD) if settings.LINLI_DEMO else ""
    for number, worker in enumerate(WORKERS, 1):
        account = accounts.add_account(
            by=SYSTEM, kind=Account.STAFF, login=worker.key, name=worker.name, phone=f"190000001{number:02d}",
            encoded=encoded,
        )  # fmt: skip
        cast.account[worker.key] = account
        for role, ref, org, line in worker.posts:
            grid.add_post(
                by=SYSTEM, account_id=account.id, role=role, area=cast.area(ref), org=cast.org.get(org), line=line,
                title=worker.title,
            )  # fmt: skip
    for number, neighbour in enumerate(NEIGHBOURS, 1):
        _neighbour(cast, neighbour, f"190000010{number:02d}", encoded)


def _neighbour(cast: Cast, neighbour: Neighbour, phone: str, encoded: str) -> None:
    building, unit, room = neighbour.home
    home = cast.home[f"{building}-{unit}-{room}"]
    community = cast.building[building].community_id
    person = residents.add_person(
        by=SYSTEM, name=neighbour.name, phone=phone if neighbour.groups else "", home_id=home.id,
        community_id=community, birth_year=neighbour.born,
    )  # fmt: skip
    cast.person[neighbour.key] = person
    if not neighbour.groups:
        return
    account = accounts.add_account(
        by=SYSTEM, kind=Account.RESIDENT, login=neighbour.key, name=neighbour.nickname, phone=phone, encoded=encoded
    )
    cast.account[neighbour.key] = account
    residents.link_account(by=SYSTEM, person_id=person.id, account_id=account.id, evidence="demo", consent="demo")
    key = places.BUILDINGS[building][0][:-1]
    for role in neighbour.roles:
        grid.add_post(by=SYSTEM, account_id=account.id, role=role, area=cast.community[key])


def _roster(cast: Cast) -> None:
    """Two officers of each street, day and night by turns: no minute of the week is without one."""
    for street, officers in people.OFFICERS.items():
        for weekday in range(7):
            for (starts, ends), turn in ((DAY, 0), (NIGHT, 1)):
                officer = officers[(weekday + turn) % len(officers)]
                grid.set_roster_shift(
                    by=SYSTEM, area=cast.street[street], account_id=cast.account[officer].id, weekday=weekday,
                    starts=starts, ends=ends,
                )  # fmt: skip


def _groups(cast: Cast) -> None:
    for key, (name, community, building, channel) in places.GROUPS.items():
        area = cast.community[community]
        stamp = grid_selectors.Stamp(area.street_id, area.id)  # type: ignore[arg-type]
        if building:
            stamp = grid_selectors.stamp_of_building(cast.building[building])
        cast.group[key] = groups.add_group(by=SYSTEM, name=name, stamp=stamp, channel=channel)
    for person in EVERYBODY:
        account = cast.account.get(person.key)
        for number, ref in enumerate(person.groups if account else ()):
            assert account is not None
            key, owner = ref.rstrip("*"), ref.endswith("*")
            member = groups.add_member(
                by=SYSTEM, group=cast.group[key], sender_ref=f"account:{account.id}", nickname=called(person),
                account_id=account.id, role=Member.OWNER if owner else Member.MEMBER, staff=isinstance(person, Worker),
            )  # fmt: skip
            cast.member[f"{person.key}@{key}"] = member
            if number == 0:
                cast.member[person.key] = member


def called(person: Worker | Neighbour) -> str:
    """What somebody is called in groups."""
    return person.nickname if isinstance(person, Neighbour) else person.shown or person.name


def find() -> Cast:
    """The cast of this database; Area.DoesNotExist when it holds no demo district. What was deleted is left out."""
    cast = Cast(Area.objects.get(code=places.DISTRICT[0]))
    areas = {a.code: a for a in Area.objects.all()}
    cast.street = {k: areas[code] for k, (code, _) in places.STREETS.items()}
    cast.community = {k: areas[row[1]] for k, row in places.COMMUNITIES.items()}
    cast.grid = {k: areas[places.grid_code(k)] for k in places.GRIDS}
    buildings = {(b.community_id, b.estate, b.name): b for b in Building.objects.all()}
    for key, (at, estate, name, _, _) in places.BUILDINGS.items():
        cast.building[key] = buildings[(cast.community[at[:-1]].id, estate, name)]
    orgs = {o.name: o for o in Organisation.objects.all()}
    cast.org = {k: orgs[row[0]] for k, row in places.ORGANISATIONS.items() if row[0] in orgs}
    homes: dict[UUID, dict[tuple[str, str], Home]] = {}
    for home in Home.objects.filter(building_id__in=[b.id for b in cast.building.values()]):
        homes.setdefault(home.building_id, {})[(home.unit, home.room)] = home
    for key, building in cast.building.items():
        for (unit, room), home in homes.get(building.id, {}).items():
            cast.home[f"{key}-{unit}-{room}"] = home
    keys = [p.key for p in EVERYBODY]
    cast.account = {a.login: a for a in Account.objects.filter(login__in=keys)}
    groups_by_place = {(g.community_id, g.name): g for g in Group.objects.all()}
    for key, (name, community, _, _) in places.GROUPS.items():
        if group := groups_by_place.get((cast.community[community].id, name)):
            cast.group[key] = group
    _find_people(cast)
    return cast


def _find_people(cast: Cast) -> None:
    members = {(m.group_id, m.account_id): m for m in Member.objects.exclude(account_id=None).select_related("group")}
    for person in EVERYBODY:
        account = cast.account.get(person.key)
        for number, ref in enumerate(person.groups if account else ()):
            assert account is not None
            key = ref.rstrip("*")
            member = members.get((cast.group[key].id, account.id)) if key in cast.group else None
            if member:
                cast.member[f"{person.key}@{key}"] = member
                if number == 0:
                    cast.member[person.key] = member
    in_homes: dict[UUID | None, list[Person]] = {}
    for row in Person.objects.exclude(home_id=None):
        in_homes.setdefault(row.home_id, []).append(row)
    for neighbour in NEIGHBOURS:
        home = cast.home.get("-".join(neighbour.home))
        for row in in_homes.get(home.id, ()) if home else ():
            if row.name == neighbour.name:
                cast.person[neighbour.key] = row


def all_roles() -> set[Role]:
    """The roles that somebody of the cast has; a test compares it with the closed list."""
    return {post[0] for w in WORKERS for post in w.posts} | {r for n in NEIGHBOURS for r in n.roles}
