"""Lines of a file → rows with group, sender, time, text and key; what is wrong is said with the number of the line."""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from linli.channels.bulk.source import Source, Unreadable
from linli.kernel import clock
from linli.language import normalise

TARGETS = ("group", "sender", "time", "text", "key")
MOST_CHARS = 20_000
"""As much as one message holds; a longer text is named, never cut."""
_TIME = re.compile(r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?)?")
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
csv.field_size_limit(500_000)


@dataclass(frozen=True, slots=True)
class Row:
    """One message of a file. `at` None: the file tells no time. `key` "" : named by what it says."""

    number: int
    group: str
    sender: str
    at: datetime | None
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that cannot be taken, and why."""

    number: int
    why: str


class Columns:
    """Which columns make which part: "sender=user,text=title+body,key=id". Raises Unreadable for what it cannot mean."""

    def __init__(self, text: str = "", group: str = ""):
        self.parts: dict[str, list[str]] = {t: [t] for t in TARGETS}
        self.group = group
        self.told = {"group"} if group else set()
        for piece in filter(None, (p.strip() for p in text.split(","))):
            target, _, columns = piece.partition("=")
            if target.strip() not in TARGETS or not columns.strip():
                raise Unreadable(f"--map: `{piece}` is none of {', '.join(f'{t}=COLUMN' for t in TARGETS)}")
            self.parts[target.strip()] = [c.strip() for c in columns.split("+")]
            self.told.add(target.strip())

    def check(self, there: Sequence[str]) -> None:
        """Raises Unreadable when a column that was named, or text or group, is not in the file."""
        wanted = {"text", *self.told} | (set() if self.group else {"group"})
        for target in TARGETS:
            missing = [c for c in self.parts[target] if c not in there]
            if target in wanted and missing and not (target == "group" and self.group):
                hint = " (or --group NAME)" if target == "group" else ""
                raise Unreadable(f"no column {', '.join(missing)} for `{target}`{hint}; the file has: {', '.join(map(str, there))[:300]}")

    def pick(self, cells: Mapping[str, Any], target: str) -> str:
        """The text of a part; several columns stand under each other."""
        values = [_text(cells.get(c)) for c in self.parts[target]]
        return "\n".join(v for v in values if v) if len(values) > 1 else values[0]


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, (int, float)) else json.dumps(value, ensure_ascii=False)


def read(source: Source, columns: Columns) -> Iterator[Row | Wrong]:
    """All rows in the order of the file, in constant memory. Raises Unreadable for a file that is neither form."""
    first = next((t.lstrip() for _, t, _ in source.lines() if t.strip()), "")
    if not first:
        raise Unreadable("the file is empty")
    if first.startswith("["):
        raise Unreadable("a JSON array: write one JSON object per line instead")
    records = _json(source, columns) if first.startswith("{") else _csv(source, columns)
    now = clock.now()
    for number, cells in records:
        yield cells if isinstance(cells, Wrong) else _row(number, cells, columns, now)


def _json(source: Source, columns: Columns) -> Iterator[tuple[int, dict | Wrong]]:
    checked = False
    for number, line, wrong in source.lines():
        if wrong:
            yield number, Wrong(number, wrong)
        elif line.strip():
            try:
                cells = json.loads(line)
            except (ValueError, RecursionError):
                yield number, Wrong(number, "not JSON")
                continue
            if not isinstance(cells, dict):
                yield number, Wrong(number, "no JSON object")
                continue
            if not checked:
                columns.check(list(cells))
                checked = True
            yield number, cells


def _csv(source: Source, columns: Columns) -> Iterator[tuple[int, dict | Wrong]]:
    at = 0
    wrongs: list[Wrong] = []

    def text_lines() -> Iterator[str]:
        nonlocal at
        for number, line, wrong in source.lines():
            at = number
            if wrong:
                wrongs.append(Wrong(number, wrong))
            else:
                yield line.replace("\x00", "")

    reader = csv.reader(text_lines())
    header: list[str] = []
    while True:
        begins = at + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as exc:
            wrongs.append(Wrong(begins, f"not CSV ({exc})"))
            cells = []
        yield from ((w.number, w) for w in wrongs)
        wrongs.clear()
        if not any(c.strip() for c in cells):
            continue
        if not header:
            header = [c.strip() for c in cells]
            columns.check(header)
        elif len(cells) > len(header):
            yield begins, Wrong(begins, f"{len(cells)} cells where the header has {len(header)}")
        else:
            yield begins, dict(zip(header, cells, strict=False))
    yield from ((w.number, w) for w in wrongs)


def _row(number: int, cells: Mapping[str, Any], columns: Columns, now: datetime) -> Row | Wrong:
    text = columns.pick(cells, "text")
    if not normalise(text):
        return Wrong(number, "no words")
    if len(text) > MOST_CHARS:
        return Wrong(number, f"{len(text):,} characters, a message holds {MOST_CHARS:,}")
    written = columns.pick(cells, "time")
    try:
        at = parse_time(written) if written else None
    except ValueError:
        return Wrong(number, f"time not understood: {written[:40]!r}")
    if at and not EARLIEST < at < now + timedelta(days=1):
        return Wrong(number, f"time lies {'ahead' if at > now else 'before 1980'}: {written[:40]!r}")
    group = columns.group or normalise(columns.pick(cells, "group"))
    if not group:
        return Wrong(number, "no group")
    sender = normalise(columns.pick(cells, "sender"))
    return Row(number, group, sender[:64], at, text, columns.pick(cells, "key"))


def parse_time(text: str) -> datetime:
    """An aware moment; what names no zone is China's time. Takes ISO, 2019/2/28 11:25, 2019年2月28日, seconds or
    milliseconds since 1970. Raises ValueError."""
    text = normalise(text)
    if re.fullmatch(r"\d{9,10}(\.\d+)?|\d{12,13}", text):
        number = float(text)
        return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
    match = _TIME.fullmatch(text)
    if match:
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=clock.LOCAL)
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=clock.LOCAL)
