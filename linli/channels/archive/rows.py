"""Lines of sheets → old orders, or what is wrong with a line. A line is believed or refused, never put right by guessing."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from linli.channels.archive import book, cells, headers, mapping
from linli.channels.archive.cells import Refused
from linli.channels.archive.headers import LOOK_AT, TARGETS, Header
from linli.channels.archive.mapping import Columns
from linli.grid import selectors as places
from linli.grid.models import Area, Building
from linli.grid.selectors import Stamp
from linli.kernel import clock
from linli.language import Gazetteer, Understanding, building_key, find_place, normalise, understand_many
from linli.orders.drafts import OldOrder
from linli.standards import selectors as standards

PORTION = 500
#: portions that are being understood while one is filed
AHEAD = 3
MOST_WORDS = 5000
_TAIL = re.compile(r"(?:社区居民委员会|社区居委会|居民委员会|村民委员会|居委会|村委会|社区|村)$")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that is not taken, and why. Line 0: the whole sheet."""

    sheet: str
    line: int
    why: str

    def __str__(self) -> str:
        return f"“{self.sheet}”" + (f"第 {self.line} 行" if self.line else "") + f"：{self.why}"


@dataclass(slots=True)
class Read:
    """One line that can be filed; `said_kind` is the file's own word, `by_words`: the kind was understood from the words."""

    sheet: str
    line: int
    old: OldOrder
    said_kind: str = ""
    by_words: bool = False


@dataclass(slots=True)
class Look:
    """What the desk is shown of a file before anything is filed."""

    sheets: list[tuple[str, int]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    examples: dict[str, str] = field(default_factory=dict)
    headings: list[Header] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    skipped: list[Wrong] = field(default_factory=list)


class Places:
    """The communities that rows may belong to, by the names people write, and the buildings of each."""

    def __init__(self, allowed: set[UUID] | None = None, street: UUID | None = None):
        self.allowed = allowed
        self._areas: dict[str, list[Area]] = {}
        for area in places.areas(Area.COMMUNITY):
            if street is None or area.street_id == street:
                self._areas.setdefault(_plain(area.name), []).append(area)
        self._by_id = {a.id: a for rows in self._areas.values() for a in rows}
        self._known: dict[UUID, tuple[Gazetteer, dict[str, list[Building]]]] = {}

    def names(self) -> list[str]:
        """What they are called."""
        return [a.name for a in self._by_id.values()]

    def community(self, written: str, given: str) -> Area:
        """The community that is written, else the given one (id). Raises Refused."""
        if not written and given:
            area = self._by_id.get(UUID(given))
            if area is None:
                raise Refused("“社区”已经不在了，请重新选")
        else:
            if not written:
                raise Refused("“社区”没有填")
            found = self._areas.get(_plain(written), [])
            if len(found) != 1:
                raise Refused(f"没有叫“{written[:24]}”的社区" if not found else f"叫“{written[:24]}”的社区不止一个，请加 --street")
            area = found[0]
        if self.allowed is not None and area.id not in self.allowed:
            raise Refused(f"“{area.name}”不在您负责的范围里")
        return area

    def gazetteer(self, area: Area) -> tuple[Gazetteer, dict[str, list[Building]]]:
        """What the language room and the buildings know of a community."""
        if area.id not in self._known:
            rows = places.buildings(area.id)
            keys: dict[str, list[Building]] = {}
            for b in rows:
                keys.setdefault(building_key(b.name), []).append(b)
            words = Gazetteer(buildings=tuple(dict.fromkeys(b.name for b in rows)), roads=tuple(area.roads), landmarks=tuple(area.landmarks))
            self._known[area.id] = (words, keys)
        return self._known[area.id]

    def stamp(self, area: Area, place: str, told: str) -> Stamp:
        """Where it was, as far as the place, or else the words, say it for certain. The text names no home: it stands under
        everybody's eyes."""
        assert area.street_id is not None
        words, keys = self.gazetteer(area)
        written = normalise(place or told)
        found = find_place(written, words)
        if place and found.building and not found.unit and not (inside := find_place(normalise(told), words)).building:
            found = replace(found, unit=inside.unit)
        named = keys.get(building_key(found.building), []) if found.building else []
        in_estate = [b for b in named if b.estate in written]
        named = in_estate or named
        if len(named) == 1:
            return places.stamp_of_building(named[0], found.unit)
        text = f"{found.building}{found.unit}" if found.building else f"{found.road}{found.landmark}" or area.name
        return Stamp(area.street_id, area.id, None, None, found.unit, text)


def _plain(name: str) -> str:
    return _TAIL.sub("", normalise(name).replace(" ", ""))


def look(path: Path, name: str = "", *, most: int = 2000) -> Look:
    """The headings of every sheet, an example of each column, and what the column of kinds holds in the first `most` lines of
    each. Raises Unreadable."""
    found = Look()
    with book.opened(path, name) as sheets:
        for sheet in sheets:
            header = _header(sheet, found.skipped)
            if header is None:
                continue
            found.headings.append(header)
            column = next((n for n, label in enumerate(header.labels) if headers.guess(label) == "kind"), None)
            lines = 0
            for _, values in islice(_data(header, sheet), most):
                lines += 1
                for label, value in zip(header.labels, values, strict=False):
                    if label and label not in found.examples and value not in (None, ""):
                        found.examples[label] = _shown(value)
                if column is not None and column < len(values) and len(found.kinds) < mapping.MOST_KINDS:
                    if said := _shown(values[column], 40):
                        found.kinds[said] += 1
            found.sheets.append((sheet.name, lines))
            found.labels += [label for label in header.labels if label and label not in found.labels]
    return found


def _shown(value: Any, most: int = 60) -> str:
    try:
        return cells.text(value).replace("\n", " ")[:most]
    except Refused:
        return ""


def _header(sheet: book.Sheet, skipped: list[Wrong], columns: Columns | None = None) -> Header | None:
    top = list(islice(sheet.rows, LOOK_AT))
    header = headers.find(top, {label for labels in columns.columns.values() for label in labels} if columns else ())
    if header is None and top:
        skipped.append(Wrong(sheet.name, 0, "没有找到表头，这张表没有导入"))
    return header


def _data(header: Header, sheet: book.Sheet) -> Iterator[tuple[int, list[book.Cell]]]:
    yield from header.data
    yield from sheet.rows


Understand = Callable[[list[str], list[Gazetteer]], Callable[[], list[Understanding]]]
"""Begins to understand texts; what it gives is called for the result."""


def at_once(texts: list[str], gazetteers: list[Gazetteer]) -> Callable[[], list[Understanding]]:
    """In this process, when the result is asked for."""
    return lambda: understand_many(texts, gazetteers)


def read(
    path: Path, columns: Columns, known: Places, *, batch: str, name: str = "", now: datetime | None = None, understand: Understand = at_once
) -> Iterator[Read | Wrong]:
    """Every line of every sheet in turn, some hundred at a time in memory. Raises Unreadable.

    `understand`: another process may understand the next lines while these are being filed.
    """
    ahead: deque[Callable[[], Iterator[Read | Wrong]]] = deque()
    for portion in _portions(path, columns, known, batch, name, now):
        ahead.append(_understood(portion, known, understand))
        if len(ahead) > AHEAD:
            yield from ahead.popleft()()
    while ahead:
        yield from ahead.popleft()()


def _portions(path: Path, columns: Columns, known: Places, batch: str, name: str, now: datetime | None) -> Iterator[list[tuple[Read, Area] | Wrong]]:
    now = now or clock.now()
    with book.opened(path, name) as sheets:
        for number, sheet in enumerate(sheets, 1):
            skipped: list[Wrong] = []
            header = _header(sheet, skipped, columns)
            if header and (lacking := _lacking(header, columns)):
                skipped, header = [Wrong(sheet.name, 0, f"没有“{'、'.join(lacking)}”这一列，这张表没有导入")], None
            if skipped:
                yield list(skipped)
            if header is None:
                continue
            lines = _data(header, sheet)
            while portion := list(islice(lines, PORTION)):
                yield [_line(sheet.name, number, line, values, header, columns, known, batch, now) for line, values in portion]


def _lacking(header: Header, columns: Columns) -> list[str]:
    wanted = {t: columns.columns.get(t, []) for t in ("opened_at", "words", "community")}
    return [TARGETS[t] for t, labels in wanted.items() if labels and not any(label in header.labels for label in labels)]


def _line(sheet: str, number: int, line: int, values: list[book.Cell], header: Header, columns: Columns, known: Places, batch: str, now: datetime) -> tuple[Read, Area] | Wrong:
    def cell(target: str) -> Any:
        at = next((header.column(label) for label in columns.columns.get(target, []) if label in header.labels), None)
        return values[at] if at is not None and at < len(values) else None

    def joined(target: str, most: int) -> str:
        ats = [header.column(label) for label in columns.columns.get(target, []) if label in header.labels]
        said = [cells.text(values[at]) for at in ats if at is not None and at < len(values)]
        return cells.text("\n".join(dict.fromkeys(s for s in said if s)), most)

    target = ""
    try:
        target = "opened_at"
        opened = cells.moment(cell(target), now)
        if opened is None:
            raise Refused("没有填")
        target = "closed_at"
        closed = cells.moment(cell(target), now)
        if closed and closed.date() < opened.date():
            raise Refused("比反映时间还早")
        target = "number"
        said_number = cells.number(cell(target), 32)
        target = "phone"
        phone = cells.phone(cell(target))
        target = "words"
        words = joined(target, MOST_WORDS)
        if not words:
            raise Refused("没有填")
        target = "result"
        result = joined(target, MOST_WORDS)
        target = "name"
        name = cells.text(cell(target), 40)
        target = "kind"
        kind = sheet if columns.sheet == "kind" else cells.text(cell(target), 40)
        target = "place"
        place = joined(target, 200)
        if columns.sheet == "place":
            place = f"{sheet}\n{place}".strip()
        target = ""
        area = known.community(sheet if columns.sheet == "community" else cells.text(cell("community"), 64), columns.community)
    except Refused as exc:
        return Wrong(sheet, line, f"“{TARGETS[target]}”{exc}" if target else str(exc))
    stamp = known.stamp(area, place, words)
    if place and normalise(place) not in normalise(words):
        words = f"{words}\n地点：{place}"
    told = "\x1f".join((said_number, opened.isoformat(), str(area.id), words, name, phone))
    key = f"old:{blake2b(told.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"
    codes = mapping.kind_codes([kind]) | columns.kinds
    old = OldOrder(
        key=key, number=said_number or f"{batch}-{number}-{line}", kind=codes.get(kind, ""), stamp=stamp,
        opened_at=opened, closed_at=closed, words=words, result=result, name=name, phone=phone,
    )  # fmt: skip
    return Read(sheet, line, old, said_kind=kind), area


def _understood(found: list[tuple[Read, Area] | Wrong], known: Places, understand: Understand) -> Callable[[], Iterator[Read | Wrong]]:
    """What a matter is about, and its kind where the file does not say it, from the words: as for every word of a resident."""
    rows = [f for f in found if not isinstance(f, Wrong)]
    texts = [f"{r.said_kind}，{r.old.words}" if r.said_kind else r.old.words for r, _ in rows]
    meant = understand(texts, [known.gazetteer(a)[0] for _, a in rows])
    return lambda: _meant(found, rows, meant())


def _meant(found: list[tuple[Read, Area] | Wrong], rows: list[tuple[Read, Area]], meant: list[Understanding]) -> Iterator[Read | Wrong]:
    kinds = standards.kinds()
    for (row, _), u in zip(rows, meant, strict=True):
        row.old.thing = u.thing
        if not row.old.kind:
            row.old.kind, row.by_words = u.kind or "help", True
        if row.old.kind == "consult" and row.by_words:
            row.old.kind = "help"
        row.old.category = u.category if u.kind == row.old.kind else kinds[row.old.kind].category
    for f in found:
        yield f if isinstance(f, Wrong) else f[0]
