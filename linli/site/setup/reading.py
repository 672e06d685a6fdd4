"""From cells to texts: one `Line` for each filled row. What a spreadsheet does to numbers is undone here."""

import datetime
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from linli.site.setup.sheets import BY_SHEET, EXAMPLE, MARK, README, SHEETS, Sheet

BLANK_ROWS = (
    500  # formatted but empty rows go on for a million; after so many blank ones nothing more is expected
)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Where something is wrong, and what, in plain Chinese. Line 0: the sheet as a whole."""

    sheet: str
    line: int
    reason: str

    def __str__(self) -> str:
        where = f"“{self.sheet}”表" + (f"第 {self.line} 行" if self.line else "") if self.sheet else "文件"
        return f"{where}：{self.reason}"


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number as the spreadsheet shows it, and the text under each known heading ("" where empty)."""

    sheet: str
    number: int
    values: dict[str, str]
    broken: tuple[str, ...] = ()  # headings whose cell could not be read, and was told

    def __getitem__(self, heading: str) -> str:
        return self.values.get(heading, "")


@dataclass
class Book:
    """All lines by sheet; what is wrong; sheets that could not be read, whose rows may not be missed by others."""

    lines: dict[str, list[Line]] = field(default_factory=lambda: {s.name: [] for s in SHEETS})
    problems: list[Problem] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)

    def wrong(self, line: Line, reason: str) -> None:
        """Note what is wrong with a row."""
        self.problems.append(Problem(line.sheet, line.number, reason))


def read(path: Path) -> Book:
    """Read a set-up file. Never raises for what is in it: everything wrong is in `problems`."""
    book = Book()
    try:
        workbook = load_workbook(path, data_only=True)
    except FileNotFoundError:
        book.problems.append(Problem("", 0, f"没有找到 {path}。"))
        return book
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        book.problems.append(Problem("", 0, f"{path} 打不开。请用 Excel 或 WPS 另存为 .xlsx 再试。"))
        return book
    known = 0
    for page in workbook.worksheets:
        name = page.title.strip()
        if name == README:
            continue
        if name in BY_SHEET:
            known += 1
            _page(page, BY_SHEET[name], book)
        elif any(cell.value is not None for row in page.iter_rows(max_row=50) for cell in row):
            names = "、".join(BY_SHEET)
            book.problems.append(Problem(name, 0, f"不认识这个工作表。认识的有：{names}。不用导入的请删掉。"))
    if not known:
        book.problems.append(
            Problem("", 0, "里面没有认识的工作表，请用 linli init --template 生成的表填写。")
        )
    return book


def _page(page: Worksheet, sheet: Sheet, book: Book) -> None:
    merged = _merged(page, book, sheet.name)
    headings = _headings(page, sheet, book)
    if headings is None:
        book.unreadable.add(sheet.name)
        return
    blank = 0
    for row in page.iter_rows(min_row=2):
        number = row[0].row
        values: dict[str, str] = {}
        broken: list[str] = []
        for at, heading in headings.items():
            cell = row[at] if at < len(row) else None
            value = merged.get((number, at + 1), cell.value if cell is not None else None)
            try:
                values[heading] = text_of(value)
            except ValueError as exc:
                broken.append(heading)
                book.problems.append(Problem(sheet.name, number, f"“{heading}”{exc}"))
        if not broken and not any(v for k, v in values.items() if k != MARK):
            blank += 1
            if blank > BLANK_ROWS:
                return
            continue
        blank = 0
        if not values.get(MARK, "").startswith(EXAMPLE):
            book.lines[sheet.name].append(Line(sheet.name, number, values, tuple(broken)))


def _merged(page: Worksheet, book: Book, name: str) -> dict[tuple[int, int], Any]:
    """Merged cells are told, and read as if each of them held the value: so that they cause no further complaint."""
    values: dict[tuple[int, int], Any] = {}
    for area in page.merged_cells.ranges:
        reason = f"单元格 {area.coord} 是合并的，请取消合并，每一格都填上。"
        book.problems.append(Problem(name, area.min_row, reason))
        top = page.cell(area.min_row, area.min_col).value
        values |= {(r, c): top for r, c in area.cells}
    return values


def _headings(page: Worksheet, sheet: Sheet, book: Book) -> dict[int, str] | None:
    """Position → heading; None when the first row is not what it should be."""
    first = next(page.iter_rows(max_row=1), ())
    found: dict[int, str] = {}
    wrong: list[str] = []
    for at, cell in enumerate(first):
        heading = unicodedata.normalize("NFKC", str(cell.value or "")).replace("*", "").strip()
        if not heading:
            continue
        if heading not in sheet.headings():
            wrong.append(f"不认识的列“{heading}”，认识的有：{'、'.join(sheet.headings())}。")
        elif heading in found.values():
            wrong.append(f"“{heading}”这一列出现了两次。")
        else:
            found[at] = heading
    lacking = [c.heading for c in sheet.columns if c.required and c.heading not in found.values()]
    if lacking:
        wrong.append(f"第一行缺少表头：{'、'.join(lacking)}。")
    book.problems += [Problem(sheet.name, 1, reason) for reason in wrong]
    return None if lacking else found


def text_of(value: Any) -> str:
    """What the person sees in the cell, as text. Raises ValueError with what is wrong with it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime.datetime):
        if value.year < 1905:
            return value.strftime("%H:%M")  # a bare time past midnight is a day of 1900 to a spreadsheet
        return value.strftime("%Y-%m-%d" if value.time() == datetime.time() else "%Y-%m-%d %H:%M")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    if isinstance(value, datetime.timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    text = " ".join("".join(c for c in str(value) if c.isprintable() or c.isspace()).split())
    if text.startswith("#") and text.rstrip("!?/0A").isupper():
        raise ValueError(f"里是出错的公式（{text}），请直接填内容。")
    return text


def _number(value: int | float) -> str:
    """138 0000 0001 and 990101001001 are typed as numbers, and shown as 1.38E+10; their digits are all there."""
    if value != value or abs(value) >= 1e15:
        raise ValueError("的数字太长，表格软件已经改掉了后几位。请把这一格设成“文本”，再重新填。")
    return str(int(value)) if value == int(value) else repr(value)


def lines(book: Book, sheet: str) -> Iterator[tuple[Line, bool]]:
    """Each line, and whether its cells can be read and those required are filled; what lacks is told."""
    for line in book.lines[sheet]:
        required = [c.heading for c in BY_SHEET[sheet].columns if c.required]
        lacking = [h for h in required if not line[h] and h not in line.broken]
        if lacking:
            book.wrong(line, f"还没填{'、'.join(f'“{h}”' for h in lacking)}。")
        yield line, not lacking and not line.broken
