"""A file as the hotline's platform exports it (.xlsx or .csv) → rows; what is wrong is said with the number of its line.

Which column is which is told by its heading; each platform names them a little differently, the names in use are in
HEADINGS. The heading line may stand below a title. A number that a spreadsheet has rounded is refused, never guessed.
"""

import csv
import datetime
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from linli.channels.bulk.rows import parse_time
from linli.kernel import clock
from linli.kernel.errors import BadInput

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 500
MOST_WORDS = 2000
LOOK_FOR_HEADING = 10
BLANKS = 50

HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("工单编号", "工单号", "诉求编号", "受理编号", "转办单号", "单号", "编号"),
    "sent_at": ("受理时间", "来电时间", "登记时间", "派单时间", "转办时间", "创建时间"),
    "due_at": ("办理时限", "办结时限", "处理时限", "截止时间", "要求办结时间", "到期时间", "办理期限", "办结期限"),
    "words": ("诉求内容", "来电内容", "反映内容", "主要内容", "诉求描述", "问题描述", "内容"),
    "address": ("诉求地址", "事发地址", "事发地点", "问题地址", "详细地址", "地址", "地点"),
    "kind": ("诉求类别", "诉求类型", "事项分类", "问题分类", "问题类别", "类别", "类型"),
    "grade": ("紧急程度", "工单等级", "等级"),
    "unit": ("承办单位", "责任单位", "办理单位", "主办单位"),
    "community": ("所属社区", "社区", "社区村"),
    "name": ("诉求人姓名", "诉求人", "来电人姓名", "来电人", "联系人", "姓名"),
    "phone": ("联系电话", "来电号码", "联系方式", "诉求人电话", "手机号", "手机", "电话"),
}
LABELS = {"number": "工单编号", "words": "诉求内容", "sent_at": "受理时间", "due_at": "办理时限"}
REQUIRED = ("number", "words")
_ROUNDED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/-]{2,39}")
_DAY = re.compile(r"\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}日?")


@dataclass(slots=True)
class Row:
    """One order of the hotline. `line` as the spreadsheet counts; times in ISO, "" where the file has none."""

    line: int
    number: str
    words: str
    sent_at: str = ""
    due_at: str = ""
    address: str = ""
    kind: str = ""
    grade: str = ""
    unit: str = ""
    community: str = ""
    name: str = ""
    phone: str = ""
    #: lines of a pasted slip that no field was made of
    rest: list[str] = field(default_factory=list)
    #: photos of the slip, by their blobs
    blobs: list[str] = field(default_factory=list)

    def moment(self, which: str) -> datetime.datetime | None:
        """`sent_at` or `due_at` as an aware time."""
        text = getattr(self, which)
        return datetime.datetime.fromisoformat(text) if text else None


@dataclass(slots=True)
class Wrong:
    """A line that is not taken, and why."""

    line: int
    why: str


def read(name: str, data: bytes) -> tuple[list[Row], list[Wrong]]:
    """All rows of a file and what is wrong in it. Raises BadInput for a file that cannot be read as a whole."""
    if len(data) > MOST_BYTES:
        raise BadInput("文件太大了，请控制在 5MB 以内，分几次转入。", "too_large")
    return read_lines(_xlsx(data) if data[:2] == b"PK" else _csv(name, data))


def read_lines(lines: Iterable[tuple[int, Sequence[Any]]]) -> tuple[list[Row], list[Wrong]]:
    """The rows below the heading line of a table, given as (number, cells), and what is wrong. Raises BadInput."""
    columns: dict[str, int] = {}
    rows: list[Row] = []
    wrongs: list[Wrong] = []
    seen: dict[str, int] = {}
    blank = 0
    for number, cells in lines:
        if not any(str(c or "").strip() for c in cells):
            blank += 1
            if blank > BLANKS:
                break
            continue
        blank = 0
        if not columns:
            columns = _columns(cells)
            if not columns and number >= LOOK_FOR_HEADING:
                break
            continue
        if len(rows) + len(wrongs) >= MOST_ROWS:
            raise BadInput(f"一次最多 {MOST_ROWS} 件，请分几次收。", "too_many_rows")
        take_line(number, cells, columns, rows, wrongs, seen)
    if not columns:
        raise BadInput("没有找到表头。第一行要有“工单编号”和“诉求内容”，别的列有就认，没有也行。", "no_heading")
    return rows, wrongs


def take_line(number: int, cells: Sequence[Any], columns: dict[str, int], rows: list[Row], wrongs: list[Wrong], seen: dict[str, int]) -> None:
    """One line of values becomes a row, or is told what is wrong with it. `seen`: number → the line that had it first."""
    try:
        row = _row(number, cells, columns)
    except ValueError as exc:
        wrongs.append(Wrong(number, str(exc)))
        return
    if row.number in seen:
        wrongs.append(Wrong(number, f"工单编号 {row.number} 和第 {seen[row.number]} 行一样，只收前一行。"))
        return
    seen[row.number] = number
    rows.append(row)


def _xlsx(data: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        page = book.worksheets[0]
        page.reset_dimensions()
        yield from enumerate(page.iter_rows(values_only=True), 1)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError, SyntaxError) as exc:
        raise BadInput("这个文件打不开。请用 Excel 或 WPS 另存为 .xlsx 再试。", "broken_file") from exc


def _csv(name: str, data: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    if name.lower().endswith(".xls") or data[:4] == b"\xd0\xcf\x11\xe0":
        raise BadInput("这是旧的 .xls 格式。请用 Excel 或 WPS 另存为 .xlsx 再试。", "old_format")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadInput("文件里的字认不出来。请另存为 .xlsx 再试。", "broken_file")
    if "\x00" in text:
        raise BadInput("这不是表格文件。请选热线平台导出的 .xlsx 或 .csv。", "broken_file")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text.partition("\n")[0] else ",")
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as exc:
        raise BadInput("这不是表格文件。请选热线平台导出的 .xlsx 或 .csv。", "broken_file") from exc


def plain_label(text: str) -> str:
    """A heading or label as HEADINGS spells it: no spaces, no star of a required field."""
    return "".join(unicodedata.normalize("NFKC", text).replace("*", "").split())


def _columns(cells: Sequence[Any]) -> dict[str, int]:
    """Part → position, when this is the heading line; {} else. The first name of a list that is there wins."""
    heads = [plain_label(str(c or "")) for c in cells]
    found = {part: heads.index(name) for part, names in HEADINGS.items() if (name := next((n for n in names if n in heads), ""))}
    return found if all(part in found for part in REQUIRED) else {}


def row(values: Mapping[str, str]) -> Row:
    """One row from its parts as text, line 0. Raises ValueError with what is wrong."""
    return _row(0, list(values.values()), {part: n for n, part in enumerate(values)})


def _row(line: int, cells: Sequence[Any], columns: dict[str, int]) -> Row:
    values = {part: _text(cells[at]) if at < len(cells) else "" for part, at in columns.items()}
    number = unicodedata.normalize("NFKC", values["number"]).replace(" ", "")
    if not number:
        raise ValueError("没有工单编号。")
    if _ROUNDED.fullmatch(number) or (isinstance(cells[columns["number"]], float) and float(cells[columns["number"]]) >= 1e15):
        raise ValueError("工单编号被表格软件改成了约数（像 4.4E+17）。请把这一列设成“文本”重新导出。")
    if not _NUMBER.fullmatch(number):
        raise ValueError(f"工单编号“{number[:40]}”看不懂，只能是字母、数字和横线。")
    if isinstance(cells[columns["number"]], int) and cells[columns["number"]] >= 10**15:
        raise ValueError("工单编号是数字格式，表格软件会改掉后几位。请把这一列设成“文本”重新导出。")
    if not values["words"].strip():
        raise ValueError("没有诉求内容。")
    if len(values["words"]) > MOST_WORDS:
        raise ValueError(f"诉求内容有 {len(values['words'])} 个字，最多 {MOST_WORDS} 个字。")
    times = {part: _time(part, values.get(part, "")) for part in ("sent_at", "due_at")}
    short = {p: " ".join(values.get(p, "").split())[:n] for p, n in (("kind", 64), ("grade", 16), ("unit", 64), ("community", 40), ("name", 32))}
    phone = "".join(c for c in unicodedata.normalize("NFKC", values.get("phone", "")) if c.isdigit())
    return Row(
        line, number, values["words"].strip(), address=" ".join(values.get("address", "").split())[:200],
        phone=phone if 7 <= len(phone) <= 13 else "", **times, **short,
    )  # fmt: skip


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d" if value.time() == datetime.time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def _time(part: str, text: str) -> str:
    """ISO; a deadline that names only a day ends with that day. Raises ValueError."""
    if not text:
        return ""
    try:
        at = parse_time(text)
    except ValueError as exc:
        raise ValueError(f"{LABELS[part]}“{text[:30]}”看不懂，请写成 2026-03-05 17:00 这样。") from exc
    if part == "due_at" and _DAY.fullmatch(unicodedata.normalize("NFKC", text)):
        at = at.replace(hour=23, minute=59)
    if not datetime.timedelta(days=-3650) < at - clock.now() < datetime.timedelta(days=730):
        raise ValueError(f"{LABELS[part]}“{text[:30]}”不在合理的年份里，请核对。")
    return at.isoformat()
