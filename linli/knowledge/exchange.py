"""Entries out to a table and in from one: CSV or xlsx, the same Chinese headings both ways."""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput
from linli.knowledge import access, actions
from linli.knowledge.models import Entry
from linli.knowledge.states import LABELS, EntryState

HEADINGS = ("编号", "问题", "别的问法", "答案", "来源", "条款", "版本", "核对日期", "部门", "地区", "开始日期", "结束日期", "状态")
BETWEEN = "|"
AT_MOST = 20_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(slots=True)
class Taken:
    """What an import did: how many are new, changed, the same; `problems` by line, in plain Chinese."""

    new: int = 0
    changed: int = 0
    same: int = 0
    problems: list[str] = field(default_factory=list)


def csv_of(actor: Actor) -> bytes:
    """All entries that this actor sees, UTF-8 with a mark so that spreadsheets read it. Recorded. Raises Forbidden."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([HEADINGS, *_rows(actor)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_of(actor: Actor) -> bytes:
    """The same as a workbook. Recorded. Raises Forbidden."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("知识")
    for row in (HEADINGS, *_rows(actor)):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@transaction.atomic
def _rows(actor: Actor) -> list[list[str]]:
    entries = list(access.visible_to(actor).order_by("code"))
    actions.export_entries(by=actor, count=len(entries))
    names = {i: name for name, i in _areas().items()}
    return [
        [_harmless(cell) for cell in (
            e.code, e.question, BETWEEN.join(e.wordings), e.answer, e.source, e.article, e.edition,
            e.read_on.isoformat() if e.read_on else "", e.department, names.get(e.area_id, "") if e.area_id else "",
            e.valid_from.isoformat() if e.valid_from else "", e.valid_to.isoformat() if e.valid_to else "", LABELS[EntryState(e.state)],
        )] for e in entries
    ]  # fmt: skip


def _areas() -> dict[str, UUID]:
    """Streets and communities by name, and those that share a name by code; also those that have ended."""
    areas = [a for a in (*places.areas(), *places.ended()) if a.level in (Area.STREET, Area.COMMUNITY)]
    often = Counter(a.name for a in areas)
    return {a.name if often[a.name] == 1 else a.code: a.id for a in areas}


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


@transaction.atomic
def take_in(actor: Actor, content: bytes) -> Taken:
    """Read a CSV or xlsx file. What is new or changed waits for review by a second person (what it changes is told until then);
    rows with mistakes are left out and told. Raises BadInput when the file cannot be read, Forbidden."""
    access.ask_edit(actor)
    taken = Taken()
    known = {e.code: e for e in Entry.objects.all()}
    areas, seen = _areas(), set[str]()
    for number, row in _read(content):
        code = row["编号"][:40]
        entry = known.get(code) if code else None
        try:
            text = _text(row, entry, areas)
        except BadInput as wrong:
            taken.problems.append(f"第 {number} 行：{wrong.message}")
            continue
        if code and code in seen:
            taken.problems.append(f"第 {number} 行：编号“{code}”前面已经有了。")
            continue
        seen.add(code)
        if entry and (_same(entry, text) or ((waits := actions.pending(entry)) and waits.state == Entry.REVIEW and _same(waits, text))):
            taken.same += 1
        elif entry:
            taken.changed += 1
            _change(actor, text, entry)
        else:
            taken.new += 1
            actions.written(actor, text, None, code, Entry.REVIEW)
    return taken


def _change(actor: Actor, text: actions.Text, entry: Entry) -> None:
    if entry.state in (Entry.IN_FORCE, Entry.EXPIRED):
        actions.revised(actor, text, entry, Entry.REVIEW)
    else:
        actions.written(actor, text, entry, entry.code, Entry.REVIEW)


def _text(row: dict[str, str], entry: Entry | None, areas: dict[str, UUID]) -> actions.Text:
    """What a row says; of a column that the table lacks, what the entry says already."""

    def kept(name: str, read: Callable[[str], Any], field: str) -> Any:
        return read(row[name]) if name in row else getattr(entry, field) if entry else read("")

    return actions.checked(actions.Text(
        question=row["问题"], answer=row["答案"], source=row["来源"], department=kept("部门", str, "department"),
        article=kept("条款", str, "article"), edition=kept("版本", str, "edition"),
        wordings=tuple(kept("别的问法", _wordings, "wordings")), area_id=kept("地区", partial(_area, areas), "area_id"),
        valid_from=kept("开始日期", _day, "valid_from"), valid_to=kept("结束日期", _day, "valid_to"),
    ))  # fmt: skip


def _wordings(cell: str) -> list[str]:
    return cell.replace("\n", BETWEEN).split(BETWEEN)


def _area(areas: dict[str, UUID], name: str) -> UUID | None:
    if not name:
        return None
    if name not in areas:
        raise BadInput(f"没有叫“{name[:20]}”的街道或社区（全区都用的，地区空着）。", "bad_area")
    return areas[name]


def _same(entry: Entry, text: actions.Text) -> bool:
    names = ("question", "answer", "source", "article", "edition", "department", "valid_from", "valid_to", "area_id")
    return entry.wordings == list(text.wordings) and all(getattr(entry, n) == getattr(text, n) for n in names)


def _day(cell: str) -> date | None:
    if not cell:
        return None
    try:
        return date.fromisoformat(cell[:10].replace("/", "-").replace(".", "-"))
    except ValueError:
        raise BadInput(f"日期“{cell[:20]}”请写成 2026-03-01 这样。", "bad_day") from None


def _read(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    rows = _sheet(content) if content[:2] == b"PK" else _lines(content)
    first = [_cell(c) for c in next(rows, [])]
    at = {name: first.index(name) for name in HEADINGS if name in first}
    missing = [name for name in ("问题", "答案", "来源") if name not in at]
    if missing:
        raise BadInput(f"表里没有“{'”“'.join(missing)}”这一列。", "bad_table")
    for number, row in enumerate(rows, 2):
        if number > AT_MOST + 1:
            raise BadInput(f"一次最多 {AT_MOST} 行，请分几次。", "too_many_rows")
        cells = {name: _cell(row[i]) if i < len(row) else "" for name, i in at.items()}
        if any(cells.values()):
            yield number, {"编号": "", **cells}


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    text = "" if value is None else str(value).strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def _sheet(content: bytes) -> Iterator[list[Any]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        yield from (list(row) for row in book.worksheets[0].iter_rows(values_only=True))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError):
        raise BadInput("这个文件打不开，请用 Excel 或 WPS 另存为 .xlsx 再试。", "bad_file") from None


def _lines(content: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadInput("这个文件的文字读不出来，请存成 UTF-8 的 CSV 或 .xlsx。", "bad_file")
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error:
        raise BadInput("这个表读不出来，请检查引号是否成对。", "bad_file") from None
