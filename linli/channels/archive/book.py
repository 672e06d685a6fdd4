"""Sheets of an .xlsx, .xls or .csv as rows of plain values, read as a stream; what is merged holds its value in each cell."""

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import xlrd
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from linli.channels.bulk.source import Source, Unreadable

Cell = str | float | int | bool | datetime | None
MOST_COLUMNS = 200
MOST_MERGES = 100_000
BLANK_ROWS = 500
"""Formatted but empty rows go on for a million; after so many nothing more is expected."""
MOST_UNPACKED = 3_000_000_000
"""Bytes that an .xlsx may unpack to: 300,000 orders need 0.3 GB."""
_OLE = b"\xd0\xcf\x11\xe0"
_BROKEN = (InvalidFileException, zipfile.BadZipFile, xlrd.XLRDError, KeyError, ValueError, OSError, EOFError)


@dataclass(slots=True)
class Sheet:
    """One sheet: its name and an iterator of (number of the line as the spreadsheet shows it, values)."""

    name: str
    rows: Iterator[tuple[int, list[Cell]]]


@contextmanager
def opened(path: Path, name: str = "") -> Iterator[Iterator[Sheet]]:
    """The sheets of a file, one after the other; each is read before the next is asked for. `name`: what people call the
    file. Raises Unreadable for what is none of the three."""
    try:
        with path.open("rb") as raw:
            head = raw.read(4)
    except OSError as exc:
        raise Unreadable(f"打不开 {name or path}：{exc.strerror}") from exc
    try:
        if head == _OLE:
            yield _xls(path)
        elif head[:2] == b"PK":
            yield _xlsx(path)
        else:
            yield _csv(path, name or path.name)
    except _BROKEN as exc:
        raise Unreadable(f"{name or path.name} 读不下去（{type(exc).__name__}）。请用 Excel 或 WPS 另存为 .xlsx 再试。") from exc


def size(path: Path) -> int:
    """About how many lines the file has, for the progress bar; cheap. 0 where it is not known."""
    try:
        with opened(path) as sheets:
            with path.open("rb") as raw:
                if raw.read(2) == b"PK":
                    return sum(s.max_row or 0 for s in load_workbook(raw, read_only=True).worksheets)
            return sum(1 for sheet in sheets for _ in sheet.rows)
    except Unreadable:
        return 0


def _xlsx(path: Path) -> Iterator[Sheet]:
    with zipfile.ZipFile(path) as pack:
        if sum(i.file_size for i in pack.infolist()) > MOST_UNPACKED:
            raise Unreadable("这份表展开后太大，请按年份拆开再导。")
    # Opened here, for a file without an ending is refused by its name.
    with path.open("rb") as raw:
        for page in load_workbook(raw, read_only=True, data_only=True).worksheets:
            # A sheet may claim to have one cell: then only that one would be read.
            page.reset_dimensions()
            merges = _merges(path, page._worksheet_path)
            yield Sheet(page.title.strip(), _filled(((n, list(r[:MOST_COLUMNS])) for n, r in enumerate(page.iter_rows(values_only=True), 1)), merges))


def _merges(path: Path, part: str) -> list[tuple[int, int, int, int]]:
    """(first row, last row, first column, last column) of what is merged. It stands behind all the rows, where a reader that
    keeps no sheet in memory does not look."""
    found: list[tuple[int, int, int, int]] = []
    tail = b""
    with zipfile.ZipFile(path) as pack, pack.open(part.lstrip("/")) as stream:
        while chunk := stream.read(1 << 20):
            text = tail + chunk
            for hit in re.finditer(rb'<(?:\w+:)?mergeCell\b[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"', text):
                left, top, right, bottom = range_boundaries(hit[1].decode())
                found.append((top, bottom, left - 1, right - 1))
                if len(found) > MOST_MERGES:
                    raise Unreadable("这份表里合并的单元格太多，请取消合并再导。")
            tail = text[text.rfind(b"<") :][-300:] if b"<" in text[-300:] else b""
    return sorted(set(found))


def _filled(rows: Iterator[tuple[int, list[Cell]]], merges: Sequence[tuple[int, int, int, int]]) -> Iterator[tuple[int, list[Cell]]]:
    """The rows with the value of a merged area in each of its cells, until they are blank for good."""
    ahead, open_, blank = list(reversed(merges)), [], 0  # type: ignore[var-annotated]
    for number, values in rows:
        while ahead and ahead[-1][0] <= number:
            top, bottom, left, right = ahead.pop()
            if top == number:
                open_.append((bottom, left, right, values[left] if left < len(values) else None))
        open_ = [o for o in open_ if o[0] >= number]
        for _, left, right, value in open_:
            values.extend([None] * (min(right + 1, MOST_COLUMNS) - len(values)))
            for at in range(left, min(right + 1, MOST_COLUMNS)):
                values[at] = value
        if any(v not in (None, "") for v in values):
            blank = 0
            yield number, values
        elif (blank := blank + 1) > BLANK_ROWS and not open_:
            return


def _xls(path: Path) -> Iterator[Sheet]:
    """A sheet of the old format has 65,536 rows at most, so that one at a time may stand in memory."""
    book = xlrd.open_workbook(str(path), on_demand=True, formatting_info=True)
    try:
        for n, name in enumerate(book.sheet_names()):
            page = book.sheet_by_index(n)
            merges = sorted((top + 1, bottom, left, right - 1) for top, bottom, left, right in page.merged_cells)
            yield Sheet(name.strip(), _filled(((r + 1, [_old(c, book.datemode) for c in page.row(r)]) for r in range(page.nrows)), merges))
            book.unload_sheet(n)
    finally:
        book.release_resources()


def _old(cell: xlrd.sheet.Cell, datemode: int) -> Cell:
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        except (xlrd.xldate.XLDateError, OverflowError, ValueError):
            return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return "#N/A"
    return None if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) else cell.value


def _csv(path: Path, name: str) -> Iterator[Sheet]:
    """Comma, tab or semicolon, UTF-8 or GB 18030; the sheet is called as the file is. A broken line is one cell of U+FFFD."""
    source = Source(path)
    lines = source.lines()
    at = 0

    def texts() -> Iterator[str]:
        nonlocal at
        for number, line, wrong in lines:
            at = number
            yield "\ufffd\n" if wrong else line.replace("\x00", "")

    stream = texts()
    first = next(stream, "")
    delimiter = max(",\t;", key=first.count)

    def again() -> Iterator[str]:
        yield first
        yield from stream

    def rows() -> Iterator[tuple[int, list[Cell]]]:
        reader, begins = csv.reader(again(), delimiter=delimiter), 1
        while True:
            try:
                values: list[Any] = next(reader)
            except StopIteration:
                return
            except csv.Error:
                values = ["\ufffd"]
            yield begins, values[:MOST_COLUMNS]
            begins = at + 1

    yield Sheet(re.sub(r"(?i)\.(csv|txt|tsv)(\.gz)?$", "", name), _filled(rows(), ()))


def from_serial(value: float) -> datetime:
    """A spreadsheet's day number (1 = 1 January 1900, with its 29 February of that year) as a moment on the wall."""
    return datetime(1899, 12, 30) + timedelta(seconds=round(value * 86400))  # noqa: DTZ001 - a cell names no zone
