"""A pasted list of homes, line by line: 「2单元 501 502 503」, or 「1-3单元 1-6层 每层4户」 for storeys that are all alike."""

import re
import unicodedata
from collections.abc import Iterator

from linli.kernel.errors import BadInput

Door = tuple[str, str]  # unit, room

MOST = 2000
TO = r"\s*(?:-|–|—|~|至|到)\s*"
UNITS = re.compile(rf"(?P<first>\d{{1,2}})(?:{TO}(?P<last>\d{{1,2}}))?\s*单元[\s:,、]*")
NAMED = re.compile(r"(?P<name>[^\s:,、]{1,12}(?:单元|门))[\s:,、]+")
STOREYS = re.compile(rf"(?P<low>\d{{1,2}})(?:{TO}(?P<high>\d{{1,2}}))?\s*层\s*[x×*,、]?\s*(?:每层)?\s*(?P<each>\d{{1,2}})\s*户")
ROOM = re.compile(r"[0-9A-Za-z\u4e00-\u9fff#-]{1,32}")


def parse(text: str, units: int) -> list[Door]:
    """Homes in the order in which they were written, each once. Raises BadInput that names the line."""
    found: dict[Door, None] = {}
    lines = [(n, unicodedata.normalize("NFKC", line).strip()) for n, line in enumerate(text.splitlines(), 1)]
    for number, line in lines:
        if not line:
            continue
        for door in _line(number, line, units):
            found[door] = None
            if len(found) > MOST:
                raise BadInput(f"一次最多加 {MOST} 户，请分几次填。", "too_many_homes")
    if not found:
        raise BadInput("请写是哪几户，比如“2单元 501 502 503”。", "no_homes")
    return list(found)


def _line(number: int, line: str, units: int) -> Iterator[Door]:
    names, rest = _units(number, line, units)
    storeys = STOREYS.fullmatch(rest.rstrip("。.; "))
    if storeys:
        low, high = int(storeys["low"]), int(storeys["high"] or storeys["low"])
        each = int(storeys["each"])
        if not 1 <= low <= high or each < 1:
            raise BadInput(f"第 {number} 行的楼层或户数不对，比如“1-6层 每层4户”。", "bad_storeys")
        rooms = [f"{storey}{n:02d}" for storey in range(low, high + 1) for n in range(1, each + 1)]
    else:
        rooms = [room.removesuffix("室") for room in re.split(r"[\s,、;]+", rest) if room]
        wrong = next((r for r in rooms if not ROOM.fullmatch(r)), None)
        if wrong is not None or "层" in rest:
            raise BadInput(f"第 {number} 行的“{(wrong or rest)[:20]}”没看懂。房号用空格隔开；整齐的写成“1-6层 每层4户”。", "bad_room")
    if not rooms:
        raise BadInput(f"第 {number} 行只有单元，没有房号。", "no_rooms")
    return ((name, room) for name in names for room in rooms)


def _units(number: int, line: str, units: int) -> tuple[list[str], str]:
    if match := UNITS.match(line):
        first, last = int(match["first"]), int(match["last"] or match["first"])
        if not 1 <= first <= last:
            raise BadInput(f"第 {number} 行的单元不对。", "bad_unit")
        if last > units:
            raise BadInput(f"第 {number} 行写的是 {last} 单元，这栋楼登记的只有 {units} 个单元：先改单元数。", "bad_unit")
        return [f"{n}单元" for n in range(first, last + 1)], line[match.end() :]
    if match := NAMED.match(line):
        return [match["name"]], line[match.end() :]
    if units == 1:
        return ["1单元"], line
    raise BadInput(f"第 {number} 行没写是几单元，比如“2单元 501 502”。", "no_unit")
