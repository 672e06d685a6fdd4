"""A list of devices as a spreadsheet (.xlsx, .xls, .csv) → devices to be registered; what is wrong is said with its line.

One heading line within the first ten, one device a line. A district has thousands of them, and its platforms give out such lists.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from linli.channels.archive import book, cells
from linli.channels.bulk.source import Unreadable
from linli.channels.sensors.actions import NewDevice
from linli.channels.sensors.kinds import KINDS
from linli.grid import selectors as places
from linli.grid.models import Area, Building
from linli.grid.selectors import Stamp
from linli.kernel.errors import BadInput
from linli.language import normalise

MOST_BYTES, MOST_ROWS, LOOK_FOR_HEADING = 5 * 1024 * 1024, 5_000, 10
#: what a column is called here (first) and elsewhere
HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("设备编号", "设备编码", "编号", "编码"), "kind": ("种类", "设备种类", "设备类型", "类型"), "name": ("名称", "设备名称"),
    "community": ("社区", "所属社区"), "building": ("楼栋", "楼号", "楼栋号"), "where": ("单元或位置", "单元", "位置", "安装位置"),
}  # fmt: skip
REQUIRED = ("code", "kind", "name")


@dataclass(slots=True)
class Wrong:
    """A line that is not taken, and why."""

    line: int
    why: str


def read(name: str, data: bytes, communities: Sequence[Area]) -> tuple[list[tuple[int, NewDevice]], list[Wrong]]:
    """The devices by line, placed in these communities, and what is wrong. Raises BadInput for a file that cannot be read as a whole."""
    if len(data) > MOST_BYTES:
        raise BadInput("文件太大了，请控制在 5MB 以内，分几次交。", "too_large")
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            with book.opened(Path(file.name), name) as sheets:
                return _read((line for sheet in sheets for line in sheet.rows), communities)
        except Unreadable as exc:
            raise BadInput(str(exc), "broken_file") from exc


def _read(lines: Iterator[tuple[int, list[book.Cell]]], communities: Sequence[Area]) -> tuple[list[tuple[int, NewDevice]], list[Wrong]]:
    columns: dict[str, int] = {}
    found: list[tuple[int, NewDevice]] = []
    wrongs: list[Wrong] = []
    reader = _Places(communities)
    for number, values in lines:
        if again := _columns(values):
            columns = again  # also on a further sheet
            continue
        if not columns:
            if number >= LOOK_FOR_HEADING:
                break
            continue
        if not any(v not in (None, "") for v in values):
            continue
        if len(found) + len(wrongs) >= MOST_ROWS:
            raise BadInput(f"一次最多 {MOST_ROWS} 台，请分几次交。", "too_many_rows")
        try:
            told = {field: cells.text(values[at]) if at < len(values) else "" for field, at in columns.items()}
            found.append((number, reader.device(told)))
        except (cells.Refused, BadInput) as exc:
            wrongs.append(Wrong(number, exc.message if isinstance(exc, BadInput) else f"有一格{exc}"))
    if not columns:
        raise BadInput("没有找到表头。要有“设备编号”“种类”“名称”三列，再写清“社区”“楼栋”“单元或位置”。", "no_heading")
    return found, wrongs


def _columns(values: Sequence[book.Cell]) -> dict[str, int]:
    labels = [normalise(str(v or "")).replace("*", "") for v in values]
    found = {f: labels.index(w) for f, words in HEADINGS.items() if (w := next((w for w in words if w in labels), ""))}
    return found if set(REQUIRED) <= set(found) else {}


class _Places:
    """Names of a file → places; each community's buildings are read once."""

    def __init__(self, communities: Sequence[Area]):
        self._areas = {a.name: a for a in communities}
        self._areas |= {a.name.removesuffix("社区"): a for a in communities}
        self._only = communities[0] if len(communities) == 1 else None
        self._buildings: dict[str, dict[str, list[Building]]] = {}

    def device(self, told: dict[str, str]) -> NewDevice:
        """Raises BadInput when the place or the kind is not known."""
        kind = _kind(told["kind"])
        area = self._areas.get(told.get("community", "")) if told.get("community") else self._only
        if area is None or area.street_id is None:
            raise BadInput(f"没有“{told['community']}”这个社区，或者不归您管。" if told.get("community") else "请写是哪个社区。", "bad_community")
        where = told.get("where", "").replace("\n", " ")[:80]
        if not told.get("building"):
            if not where:
                raise BadInput("请写楼栋，或者写清装在哪儿。", "no_place")
            return NewDevice(told["code"], kind, told["name"], Stamp(area.street_id, area.id, None, None, "", where))
        near = self._of(area).get(told["building"], [])
        if len(near) != 1:
            raise BadInput(f"{area.name}{'有几栋' if near else '没有'}“{told['building']}”，请写小区加楼号，比如：锦绣苑3号楼。", "bad_building")
        return NewDevice(told["code"], kind, told["name"], places.stamp_of_building(near[0], where[:16]))

    def _of(self, area: Area) -> dict[str, list[Building]]:
        if str(area.id) not in self._buildings:
            self._buildings[str(area.id)] = _by_name(places.buildings(area.id))
        return self._buildings[str(area.id)]


def _by_name(buildings: Iterable[Building]) -> dict[str, list[Building]]:
    found: dict[str, list[Building]] = {}
    for building in buildings:
        for name in {normalise(f"{building.estate}{building.name}"), normalise(building.name)}:
            found.setdefault(name, []).append(building)
    return found


def _kind(text: str) -> str:
    """The kind's code; its name of ours or a part of it (烟感, 燃气). Raises BadInput."""
    exact = [code for code, k in KINDS.items() if text in (code, k.label)]
    near = exact or [code for code, k in KINDS.items() if len(text) > 1 and (text in k.label or k.label in text)]
    if len(near) != 1:
        raise BadInput(f"没有“{text}”这种设备，请写：{'、'.join(k.label for k in KINDS.values())}。" if text else "请写是哪一种设备。", "bad_kind")
    return near[0]
