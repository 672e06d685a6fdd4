"""Where a message speaks of: building, unit, floor, room, road, landmark, read against what a group knows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from linli.language.numerals import CHARS, to_arabic


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """What places a group knows. `home_building`, `home_unit` are what "我们这栋", "我们单元" mean in it."""

    group: str = ""
    estate: str = ""
    buildings: tuple[str, ...] = ()
    home_building: str = ""
    home_unit: str = ""
    roads: tuple[str, ...] = ()
    landmarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place in canonical words ("3号楼", "2单元", "5楼", "501"); `text` is what was written."""

    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    road: str = ""
    landmark: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.building or self.unit or self.floor or self.room or self.road or self.landmark)


NOWHERE = Place()
_NUM = rf"(?:\d{{1,3}}|[{CHARS}]{{1,4}})"
_LEFT = rf"(?<![\d{CHARS}.:/-])"
_GATE = re.compile(
    r"[栋幢座弄#楼层室户]|单元|号门|\d-\d|路|街|道|巷|门|我们|咱|俺|本单|这单|地库|车库|车棚|广场|站|垃圾房|驿站|快递柜"
    r"|幼儿园|活动室|球场|花坛|水池|凉亭|菜场|花园|桥|河"
)
_DASHED = re.compile(r"(?<![\d-])(\d{1,3})[-/](\d{1,2})[-/](\d{3,4})(?![\d-])")
_DASHED_ROOM = re.compile(r"(?<![\d-])(\d{1,2})-(\d{3,4})(?![\d-])(?=\s*室|户|的|家|$|[,。!?, ])")
_BUILDING = re.compile(
    rf"{_LEFT}(?:第\s*)?(?:({_NUM})\s*(?:号\s*楼|号?栋|号?幢|#\s*楼?)"
    rf"|({_NUM})\s*楼(?=\s*(?:{_NUM}|[东西中甲乙丙丁])\s*单元)"
    r"|(?<![A-Za-z])([A-Za-z]\d{0,2})\s*(?:座|栋|幢|号楼)|(\d{1,2})座"
    r"|(\d{1,3})号(?=\s*\d{3,4}\s*室?(?!\d)))"
)
_UNIT = re.compile(rf"(?<![{CHARS}\d])({_NUM}|[甲乙丙丁东西中])\s*单元")
_FLOOR = re.compile(
    rf"(?<![{CHARS}\d号A-Za-z])(负?{_NUM}|顶|地下|底)\s*[楼层](?![道梯长号栋盘房市上下皮板灰油土冰膜意台宇])"
)
_ROOM = re.compile(r"(?<![\d.-])(\d{3,4})\s*(?:室|房间?|号房|户|住户|家)(?!\d)")
_BARE_ROOM = re.compile(r"\s*(\d{3,4})(?![\d元块年天米点号个])")
_HOME_BUILDING = re.compile(
    r"(?:我们|咱们?|俺们?|我家|阿拉|偶们)(?:家|住)?(?:这|那)?(?:个|一)?(?:栋|幢|号?楼(?![上下])|座楼)|本(?:栋|幢|楼)|这(?:栋|幢|座)楼?(?!房)"
)
_HOME_UNIT = re.compile(
    r"(?:我们|咱们?|俺们?|我家|阿拉)(?:这|那)?个?(?:单元|门洞|楼道|门栋)|本(?:单元|门洞|楼道)|这个?(?:单元|门洞)"
)
_ROAD = re.compile(
    r"([\u4e00-\u9fff]{2,3}(?:大道|路|街|巷))(?=$|[,。!?、;\s口上与和跟到往旁边附段东西南北那这\d路]|交叉|对面|有|的|地铁|公交)"
)
_NOT_IN_ROAD = re.compile(
    r"[的了在走是有这那条修马公铁一过出沿问我你他没不到让个各道水线电网后半红来回路街小老夜逛先往从上下去和跟与挡堵占拦迷死绕短岔分无刚再活退思套弯熟陌骂寻领带同四五六七八九]"
)
_LANDMARK = re.compile(
    r"小区(?:[东南西北]门|大门|门口|后门|正门)|[东南西北]{1,2}门|(?:\d{1,2}|[一二三四五六])号门|正门|后门|大门口?"
    r"|垃圾房|垃圾站|垃圾站|垃圾中转站|垃圾投放点|快递柜|驿站|菜鸟站|幼儿园|小学|中学|地下车库|地下停车场|地库|车库|车棚"
    r"|充电棚|活动室|活动中心|老年食堂|中心广场|小广场|广场|篮球场|游乐场|儿童乐园|花坛|喷水池|水池|凉亭|菜市?场|农贸市场|超市门口"
    r"|公交站台?|地铁站|十字路口|红绿灯路?口|天桥|河边|小公园|公园|架空层|门卫室?|岗亭|物业办公室|配电房|水泵房|电梯厅|楼顶天台|天台"
)
_BUILDING_TAIL = re.compile(r"(号楼|号栋|号幢|栋|幢|座|楼|#|号)$")


def building_key(name: str) -> str:
    """What two spellings of a building share: "三号楼", "3幢", "3#" → "3"; "a座" → "A"."""
    return to_arabic(_BUILDING_TAIL.sub("", name.strip()).removeprefix("第")).upper()


@dataclass(frozen=True, slots=True)
class _Index:
    buildings: dict[str, str]
    home_building: str
    home_unit: str
    roads: tuple[str, ...]
    landmarks: tuple[str, ...]


@lru_cache(maxsize=4096)
def _index(gazetteer: Gazetteer) -> _Index:
    buildings = {building_key(b): b for b in gazetteer.buildings}
    home, unit = gazetteer.home_building, gazetteer.home_unit
    if not home and gazetteer.group and (found := _BUILDING.search(gazetteer.group)):
        key = to_arabic(next(g for g in found.groups() if g)).upper()
        home = buildings.get(key, f"{key}号楼")
    if not unit and gazetteer.group and (found := _UNIT.search(gazetteer.group)):
        unit = f"{to_arabic(found.group(1))}单元"
    longest = (
        sorted(gazetteer.roads, key=len, reverse=True),
        sorted(gazetteer.landmarks, key=len, reverse=True),
    )
    return _Index(buildings, home, unit, tuple(longest[0]), tuple(longest[1]))


_NO_INDEX = _Index({}, "", "", (), ())


def _known(names: tuple[str, ...], text: str) -> str:
    for name in names:
        if name and name in text:
            return name
    return ""


def spot_of(text: str, roads: Iterable[str], landmarks: Iterable[str], nowhere: str = "") -> Place:
    """The place that an order stands at in words, read again against the names of its community: 「锦绣路东门里侧」 is that road and that
    gate. What names nothing is a landmark of its own; `nowhere`, the name of the whole community, is no place."""
    if text == nowhere:
        return NOWHERE
    road = max((r for r in roads if text.startswith(r)), key=len, default="")
    return Place(road=road, landmark=max((m for m in landmarks if m in text), key=len, default=text[len(road) :]))


def find_place(text: str, gazetteer: Gazetteer | None = None) -> Place:
    """The place that a normalised `text` names; `NOWHERE` when none. A bare unit or room stands in the home building."""
    index = _index(gazetteer) if gazetteer else _NO_INDEX
    road, landmark = _known(index.roads, text), _known(index.landmarks, text)
    if not _GATE.search(text):
        return (
            Place(road=road, landmark=landmark, text=" ".join(x for x in (road, landmark) if x))
            if road or landmark
            else NOWHERE
        )
    building = unit = floor = room = ""
    spans: list[tuple[int, int]] = []

    if dashed := _DASHED.search(text):
        building, unit, room = to_arabic(dashed[1]), f"{to_arabic(dashed[2])}单元", dashed[3]
        spans.append(dashed.span())
    elif found := _BUILDING.search(text):
        building = to_arabic(next(g for g in found.groups() if g)).upper()
        spans.append(found.span())
    elif dashed := _DASHED_ROOM.search(text):
        building, room = to_arabic(dashed[1]), dashed[2]
        spans.append(dashed.span())
    if building:
        letter = building[0].isalpha()
        building = index.buildings.get(building) or (
            f"{building}座"
            if letter and len(building) == 1
            else f"{building}栋"
            if letter
            else f"{building}号楼"
        )
    if not unit and (found := _UNIT.search(text)):
        unit = f"{to_arabic(found[1])}单元"
        spans.append(found.span())
    if not room and (found := _ROOM.search(text)):
        room = found[1]
        spans.append(found.span())
    if not room and spans and (found := _BARE_ROOM.match(text, max(end for _, end in spans))):
        room = found[1]
        spans.append(found.span())
    if found := _FLOOR.search(text):
        if not any(a < found.end() and found.start() < b for a, b in spans):
            floor = f"{to_arabic(found[1])}楼"
            spans.append(found.span())
    if not unit and (found := _HOME_UNIT.search(text)):
        unit = index.home_unit
        building = building or index.home_building
        spans.append(found.span())
    if not building and (found := _HOME_BUILDING.search(text)):
        building = index.home_building
        spans.append(found.span())
    if not building and (unit or room):
        building = index.home_building
    if (
        not road
        and (found := _ROAD.search(text))
        and not _NOT_IN_ROAD.search(found[1][:-1].removesuffix("大"))
    ):
        road = found[1]
        spans.append(found.span(1))
    if not landmark and (found := _LANDMARK.search(text)):
        landmark = found[0]
        spans.append(found.span())
    written = [text[a:b].strip() for a, b in sorted(spans)] + [
        n for n in (road, landmark) if n and n not in text
    ]
    for name in (road, landmark):
        if name and not any(name in w for w in written):
            written.append(name)
    return Place(building, unit, floor, room, road, landmark, " ".join(written))
