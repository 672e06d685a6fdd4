"""Areas, organisations, buildings and homes of the file: checked against each other and what is there, then written."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from linli.grid import actions as grid
from linli.grid.models import Area, Building, Organisation
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import LinliError
from linli.site.setup import values
from linli.site.setup.reading import Book, Line, lines

LEVELS = {"区": Area.DISTRICT, "街道": Area.STREET, "社区": Area.COMMUNITY, "网格": Area.GRID}
SHEET_OF = {level: name for name, level in LEVELS.items()}


@dataclass(eq=False)
class Place:
    """An area of the file or of the database. `area` is there once it is written; `bad`: its row has been told."""

    level: str
    code: str
    name: str
    parent: "Place | None" = None
    area: Area | None = None
    line: Line | None = None
    bad: bool = False

    def inside(self, other: "Place") -> bool:
        """Is it the other place or below it?"""
        return self is other or (self.parent is not None and self.parent.inside(other))


@dataclass(eq=False)
class House:
    """A building of the file or of the database."""

    estate: str
    name: str
    community: Place
    row: Building | None = None
    line: Line | None = None
    bad: bool = False


class Skip(Exception):
    """A row that cannot be used; its reason has been told, here or at the row that it stands on."""


@dataclass
class Places:
    """Everything with a place, by what people call it."""

    book: Book
    places: dict[str, list[Place]] = field(default_factory=lambda: {level: [] for level in SHEET_OF})
    by_code: dict[str, Place] = field(default_factory=dict)
    by_name: dict[tuple[str, str], list[Place]] = field(default_factory=dict)
    orgs: dict[str, list[Organisation]] = field(default_factory=dict)
    bad_orgs: set[str] = field(default_factory=set)
    houses: dict[tuple[Place, str, str], House] = field(default_factory=dict)

    def load(self) -> None:
        """Take in what the database holds, then write the file's places."""
        self._there()
        for sheet in LEVELS:
            self._areas(sheet)
        if not self.places[Area.DISTRICT] and "区" not in self.book.unreadable:
            self.book.wrong(Line("区", 2, {}), "还没填区（县）的编码和名称。")
        self._organisations()
        self._buildings()
        self._homes()

    def attempt(self, line: Line, work: Callable[[], Any]) -> Any:
        """Do one row's writing; a refusal becomes that row's problem and undoes the row. Raises Skip then."""
        try:
            with transaction.atomic():
                return work()
        except ValueError as exc:
            self.book.wrong(line, str(exc))
        except LinliError as exc:
            self.book.wrong(line, exc.message)
        raise Skip

    def find(self, line: Line, heading: str, *, within: Place | None = None) -> Place:
        """The area that a cell names, by name or code. Raises Skip when there is none, or several."""
        level, text = LEVELS[heading], line[heading]
        code = values.plain(text).replace(" ", "")
        named = [
            p for p in self.by_name.get((level, text), []) if p.bad or within is None or p.inside(within)
        ]
        found = [p for p in named if not p.bad]
        if not found and code in self.by_code and self.by_code[code].level == level:
            found = [self.by_code[code]]
        if not found and named:
            raise Skip
        if len(found) > 1:
            self.book.wrong(line, f"叫“{text}”的{heading}有 {len(found)} 个，请改填它的编码。")
            raise Skip
        if not found:
            if heading not in self.book.unreadable:
                at = f"“{within.name}”下面" if within else "“" + heading + "”表里"
                self.book.wrong(line, f"{at}没有叫“{text}”的{heading}。")
            raise Skip
        return found[0]

    def reach(self, line: Line, headings: tuple[str, ...]) -> Place | None:
        """The narrowest area that a row fills in; None = the whole district. Raises Skip."""
        place: Place | None = None
        for heading in headings:
            if line[heading]:
                place = self.find(line, heading, within=place)
        return place

    def house(self, line: Line, community: Place) -> House:
        """The building that a row names. Raises Skip."""
        found = self.houses.get((community, line["小区"], line["楼栋"]))
        if found is None:
            if "楼栋" not in self.book.unreadable:
                self.book.wrong(
                    line, f"“{community.name}”里没有楼栋“{line['小区']}{line['楼栋']}”，请先填在“楼栋”表里。"
                )
            raise Skip
        if found.bad:
            raise Skip
        return found

    def organisation(self, line: Line, heading: str, near: Place | None) -> Organisation | None:
        """The organisation that a cell names; of several the one nearest to the place. Raises Skip."""
        name = line[heading]
        if not name:
            return None
        found = self.orgs.get(name, [])
        if not found:
            if name not in self.bad_orgs and "单位" not in self.book.unreadable:
                self.book.wrong(line, f"“单位”表里没有“{name}”。")
            raise Skip
        here = near
        while len(found) > 1:
            mine = [o for o in found if o.area == (here.area if here else None)]
            if len(mine) == 1:
                return mine[0]
            if here is None or mine:
                self.book.wrong(line, f"叫“{name}”的单位有 {len(found)} 个，分不清是哪一个。")
                raise Skip
            here = here.parent
        return found[0]

    def _put(self, place: Place) -> None:
        self.places[place.level].append(place)
        if place.code:
            self.by_code[place.code] = place
        self.by_name.setdefault((place.level, place.name), []).append(place)

    def _there(self) -> None:
        by_id: dict[UUID | None, Place] = {}
        order = list(SHEET_OF)
        parents = dict(Area.objects.values_list("id", "parent"))
        standing = Q(valid_to=None) | Q(valid_to__gte=clock.today())
        for area in sorted(Area.objects.filter(standing), key=lambda a: order.index(a.level)):
            place = by_id[area.id] = Place(
                area.level, area.code, area.name, by_id.get(parents[area.id]), area
            )
            self._put(place)
        for org in Organisation.objects.select_related("area"):
            self.orgs.setdefault(org.name, []).append(org)
        for row in Building.objects.all():
            if community := by_id.get(row.community_id):
                self.houses[(community, row.estate, row.name)] = House(row.estate, row.name, community, row)

    def _areas(self, sheet: str) -> None:
        level = LEVELS[sheet]
        for line, complete in lines(self.book, sheet):
            try:
                place = self._area(line, level)
            except Skip:
                complete, place = False, None
            if not complete or place is None:
                self._put(
                    Place(level, "", line["名称"], self._parent_or_none(line, level), line=line, bad=True)
                )

    def _parent_or_none(self, line: Line, level: str) -> Place | None:
        above = {Area.COMMUNITY: "街道", Area.GRID: "社区"}.get(level)
        found = self.by_name.get((LEVELS[above], line[above]), []) if above else self.places[Area.DISTRICT]
        return found[0] if found and level != Area.DISTRICT else None

    def _area(self, line: Line, level: str) -> Place | None:
        if not line["编码"] or not line["名称"]:
            return None
        parent: Place | None = None
        if level in (Area.COMMUNITY, Area.GRID):
            above = "街道" if level == Area.COMMUNITY else "社区"
            if not line[above]:
                return None
            parent = self.find(line, above)
        elif level == Area.STREET:
            if not self.places[Area.DISTRICT] or self.places[Area.DISTRICT][0].bad:
                raise Skip
            parent = self.places[Area.DISTRICT][0]

        def write() -> Place:
            code, name = values.code(line["编码"]), values.short(line["名称"], 64, "名称")
            there = self.by_code.get(code)
            if there and there.line:
                raise ValueError(f"编码 {code} 和“{there.line.sheet}”表第 {there.line.number} 行重复了。")
            if there:
                if (there.level, there.name, there.parent) == (level, name, parent):
                    return there
                raise ValueError(
                    f"编码 {code} 在系统里已经是{SHEET_OF[there.level]}“{there.name}”，请核对；改名请到工作台。"
                )
            if level == Area.DISTRICT and self.places[level]:
                raise ValueError(f"一套系统只服务一个区，已经有“{self.places[level][0].name}”了。")
            if any(p.name == name and p.parent is parent for p in self.by_name.get((level, name), [])):
                raise ValueError(f"同一个地方下面已经有叫“{name}”的了。")
            area = grid.add_area(
                by=SYSTEM, level=level, code=code, name=name, parent=parent.area if parent else None,
                village=values.village(line["类型"]), roads=values.names(line["道路"]),
                landmarks=values.names(line["地标"]),
            )  # fmt: skip
            place = Place(level, code, name, parent, area, line)
            self._put(place)
            return place

        return self.attempt(line, write)

    def _organisations(self) -> None:
        for line, complete in lines(self.book, "单位"):
            try:
                if not complete:
                    raise Skip
                self._organisation(line)
            except Skip:
                self.bad_orgs.add(line["名称"])

    def _organisation(self, line: Line) -> None:
        place = self.reach(line, ("街道", "社区"))

        def write() -> Organisation:
            return grid.add_organisation(
                by=SYSTEM, name=line["名称"], kind=values.organisation(line["类别"]),
                area=place.area if place else None, phone=values.phone(line["电话"]),
            )  # fmt: skip

        org = self.attempt(line, write)
        if org.id not in [o.id for o in self.orgs.get(org.name, [])]:
            self.orgs.setdefault(org.name, []).append(org)

    def _buildings(self) -> None:
        for line, complete in lines(self.book, "楼栋"):
            try:
                if not complete:
                    raise Skip
                self._building(line)
            except Skip:
                for community in self.by_name.get((Area.COMMUNITY, line["社区"]), []):
                    house = House(line["小区"], line["楼栋"], community, line=line, bad=True)
                    self.houses.setdefault((community, house.estate, house.name), house)

    def _building(self, line: Line) -> None:
        community = self.find(line, "社区")
        place = self.find(line, "网格", within=community)
        org = self.organisation(line, "物业", community)
        key = (community, line["小区"], line["楼栋"])
        there = self.houses.get(key)

        def write() -> Building:
            if there and there.line:
                raise ValueError(f"“{line['小区']}{line['楼栋']}”和第 {there.line.number} 行重复了。")
            assert place.area is not None
            return grid.add_building(
                by=SYSTEM, grid=place.area, estate=line["小区"], name=line["楼栋"],
                units=values.units(line["单元数"]), property_org=org,
            )  # fmt: skip

        row = self.attempt(line, write)
        self.houses[key] = House(line["小区"], line["楼栋"], community, row, line)

    def _homes(self) -> None:
        by_house: dict[House, list[tuple[Line, str, str]]] = {}
        for line, complete in lines(self.book, "住户"):
            try:
                if complete:
                    by_house.setdefault(*self._home(line)).append(
                        (line, values.unit(line["单元"]), line["房号"])
                    )
            except Skip:
                continue
        for house, rows in by_house.items():
            homes = [(unit, room) for _, unit, room in rows]
            with suppress(Skip):
                assert house.row is not None
                self.attempt(rows[0][0], partial(grid.add_homes, by=SYSTEM, building=house.row, homes=homes))

    def _home(self, line: Line) -> tuple[House, list[tuple[Line, str, str]]]:
        """The building of a home whose texts are short enough, and an empty list to begin with. Raises Skip."""
        self.attempt(line, partial(values.short, line["房号"], 32, "房号"))
        self.attempt(line, partial(values.short, values.unit(line["单元"]), 16, "单元"))
        return self.house(line, self.find(line, "社区")), []
