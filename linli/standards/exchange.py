"""The library out to a file and in from one: JSON (the form of data/library) or xlsx with three sheets, 标准, 条款 and 数值.

What goes out comes in unchanged. A file is taken in as a whole or not at all: everything wrong is told at once, by sheet and
line, or by standard and clause.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from math import isfinite
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from linli.kernel.errors import BadInput
from linli.standards.documents import (
    CALENDARS,
    LIMIT,
    SPANS,
    SUBSYSTEMS,
    VALUE_KINDS,
    ClauseText,
    DocumentText,
    Head,
    Value,
    dump,
    in_order,
    parse,
    plain,
    problems_of,
    problems_of_value,
)

HEADS, CLAUSES, VALUES = "标准", "条款", "数值"
COLUMNS: dict[str, tuple[tuple[str, int], ...]] = {
    HEADS: (("编号", 8), ("名称", 28), ("子体系", 12), ("模块", 14), ("施行日期", 12), ("有效期至", 12), ("范围", 50), ("对象", 40), ("流程", 50),
            ("要求", 50)),
    CLAUSES: (("编号", 8), ("条款号", 8), ("章", 16), ("标题", 20), ("正文", 100)),
    VALUES: (("编号", 8), ("条款号", 8), ("代号", 16), ("名称", 20), ("种类", 8), ("数值", 8), ("单位", 10), ("日历", 10)),
}  # fmt: skip
ARROW = "→"
UNITS = {"minute": "分钟", "hour": "小时", "day": "天"}
MOST_BYTES, MOST_ROWS = 8 * 1024 * 1024, 20_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class BadFile(BadInput):
    """The file was not taken in. `problems`: everything that is wrong, by sheet and line."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__(f"有 {len(problems)} 处要改，一条也没有收进来。", "bad_file")


# Out


def as_json(documents: Iterable[DocumentText]) -> bytes:
    """A list of standards."""
    return dump([plain(d) for d in documents]).encode()


def as_xlsx(documents: Iterable[DocumentText], mark: str = "") -> bytes:
    """The same as a workbook; `mark` stands at the foot of each printed page."""
    rows: dict[str, list[list[Any]]] = {name: [] for name in COLUMNS}
    for d in documents:
        h = d.head
        name, modules = SUBSYSTEMS[h.subsystem]
        rows[HEADS].append([
            d.code, h.title, name, modules[h.module], h.valid_from, h.valid_until, h.scope, h.object, ARROW.join(h.flow), h.requirement,
        ])  # fmt: skip
        for c in d.clauses:
            rows[CLAUSES].append([d.code, c.number, c.chapter, c.title, c.text])
            for v in c.values:
                unit = UNITS[v.unit] if v.kind == LIMIT else v.unit
                rows[VALUES].append([d.code, c.number, v.code, v.label, VALUE_KINDS[v.kind], v.amount, unit, CALENDARS.get(v.calendar, "")])
    book = Workbook(write_only=True)
    for title, columns in COLUMNS.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.oddFooter.center.text = mark.replace("&", "&&")
        for n, (_, width) in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(n)].width = width
        sheet.append([_cell(sheet, name, bold=True) for name, _ in columns])
        for row in rows[title]:
            sheet.append([_cell(sheet, x) for x in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, content: Any, *, bold: bool = False) -> WriteOnlyCell:
    if isinstance(content, str) and content.startswith(_FORMULA):
        content = f"'{content}"  # no text becomes a formula in somebody's spreadsheet
    cell = WriteOnlyCell(sheet, value=content)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


# In


def read(content: bytes) -> list[DocumentText]:
    """The standards in a file, by code. Raises BadFile with everything that is wrong."""
    if len(content) > MOST_BYTES:
        raise BadFile(["文件太大了，请分成几个，每个 8 MB 以内。"])
    return _from_xlsx(content) if content[:2] == b"PK" else _from_json(content)


def _from_json(content: bytes) -> list[DocumentText]:
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError) as exc:
        raise BadFile(["这个文件读不出来，请用本页导出的 .xlsx 或 .json。"]) from exc
    rows = data if isinstance(data, list) else [data]
    found, wrong = [], []
    for number, row in enumerate(rows, 1):
        try:
            found.append(parse(row))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as exc:
            name = row.get("code", "") if isinstance(row, dict) else ""
            lacking = f"，少了“{exc.args[0]}”" if isinstance(exc, KeyError) else ""
            wrong.append(f"第 {number} 份 {name}：不是标准的格式{lacking}。".replace(" ：", "："))
    for d in found:
        wrong += [f"{d.code}{f' 第 {number} 条' if number else ''}：{text}" for number, text in problems_of(d)]
    return _whole(found, wrong)


def _whole(found: list[DocumentText], wrong: list[str]) -> list[DocumentText]:
    codes = [d.code for d in found]
    wrong += [f"{code}：文件里有两份。" for code in sorted({c for c in codes if codes.count(c) > 1})]
    if not found and not wrong:
        wrong = ["文件里没有标准。"]
    if wrong:
        raise BadFile(wrong)
    return sorted(found, key=lambda d: d.code)


def _from_xlsx(content: bytes) -> list[DocumentText]:
    sheets, wrong = _sheets(content)
    heads: dict[str, tuple[int, Head]] = {}
    for line, row in sheets[HEADS]:
        where = f"{HEADS} 第 {line} 行"
        if row["编号"] in heads:
            wrong.append(f"{where}：编号 {row['编号']} 前面已经有了。")
            continue
        subsystem, module = _place(row, where, wrong)
        steps = tuple(s.strip() for s in row["流程"].split(ARROW) if s.strip())
        heads[row["编号"]] = (line, Head(
            row["名称"], subsystem, module, row["范围"], row["对象"], steps, row["要求"], row["施行日期"], row["有效期至"],
        ))  # fmt: skip
    values = _values(sheets[VALUES], wrong)
    clauses: dict[str, list[ClauseText]] = {}
    lines: dict[tuple[str, str], int] = {}
    for line, row in sheets[CLAUSES]:
        key = row["编号"], row["条款号"]
        if row["编号"] not in heads:
            wrong.append(f"{CLAUSES} 第 {line} 行：“{HEADS}”表里没有编号 {row['编号'] or '（空）'}。")
            continue
        lines.setdefault(key, line)
        own = tuple(v for _, v in values.pop(key, ()))
        clauses.setdefault(row["编号"], []).append(ClauseText(row["条款号"], row["章"], row["标题"], row["正文"], own))
    wrong += [f"{VALUES} 第 {rows[0][0]} 行：“{CLAUSES}”表里没有 {code} {number}。" for (code, number), rows in values.items()]
    found = [DocumentText(code, head, in_order(clauses.get(code, ()))) for code, (_, head) in heads.items()]
    told = set()
    for d in found:
        for number, text in problems_of(d):
            if "请选子体系" in text or any(text in problems_of_value(v) for c in d.clauses for v in c.values):
                continue  # told already, by its own line
            where = f"{CLAUSES} 第 {lines[d.code, number]} 行" if number or (d.code, "") in lines and "条款号" in text else f"{HEADS} 第 {heads[d.code][0]} 行"
            told.add((where, text))
    wrong += [f"{where}：{text}" for where, text in sorted(told)]
    return _whole(found, wrong)


def _place(row: dict[str, str], where: str, wrong: list[str]) -> tuple[str, str]:
    for code, (name, modules) in SUBSYSTEMS.items():
        if name == row["子体系"]:
            for module, label in modules.items():
                if label == row["模块"]:
                    return code, module
            wrong.append(f"{where}：{name}没有模块“{row['模块']}”，请从{'、'.join(modules.values())}里选。")
            return code, ""
    wrong.append(f"{where}：没有子体系“{row['子体系']}”，请从{'、'.join(n for n, _ in SUBSYSTEMS.values())}里选。")
    return "", ""


def _values(rows: list[tuple[int, dict[str, str]]], wrong: list[str]) -> dict[tuple[str, str], list[tuple[int, Value]]]:
    kinds = {label: code for code, label in VALUE_KINDS.items()}
    units = {label: code for code, label in UNITS.items()}
    calendars = {label: code for code, label in CALENDARS.items()}
    found: dict[tuple[str, str], list[tuple[int, Value]]] = {}
    for line, row in rows:
        where = f"{VALUES} 第 {line} 行"
        try:
            amount = float(row["数值"])
            if not isfinite(amount):
                raise ValueError(amount)
        except ValueError:
            wrong.append(f"{where}：数值“{row['数值'][:20]}”不是数字。")
            continue
        kind = kinds.get(row["种类"], row["种类"])
        if kind == LIMIT and (row["单位"] not in units or row["日历"] not in calendars):
            names = "、".join(dict.fromkeys(UNITS[unit] for unit, _ in SPANS))
            wrong.append(f"{where}：时限的单位请从{names}里选，日历请从{'、'.join(CALENDARS.values())}里选。")
            continue
        v = Value(
            row["代号"], row["名称"], kind, int(amount) if amount == int(amount) else amount,
            units[row["单位"]] if kind == LIMIT else row["单位"], calendars.get(row["日历"], row["日历"]),
        )  # fmt: skip
        wrong += [f"{where}：{text}" for text in problems_of_value(v)]
        found.setdefault((row["编号"], row["条款号"]), []).append((line, v))
    return found


def _sheets(content: bytes) -> tuple[dict[str, list[tuple[int, dict[str, str]]]], list[str]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        raw = {name: [list(r) for r in book[name].iter_rows(values_only=True, max_row=MOST_ROWS)] for name in COLUMNS if name in book.sheetnames}
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError, TypeError) as exc:
        raise BadFile(["这个文件打不开，请用 Excel 或 WPS 另存为 .xlsx 再试。"]) from exc
    wrong: list[str] = []
    found: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for name, columns in COLUMNS.items():
        if name not in raw:
            wrong.append(f"少了“{name}”这张表。")
            continue
        first = [_words(c) for c in raw[name][0]] if raw[name] else []
        lacking = [c for c, _ in columns if c not in first]
        if lacking:
            wrong.append(f"{name} 第 1 行：少了“{'”“'.join(lacking)}”这一列。")
            continue
        found[name] = list(_rows(raw[name][1:], {c: first.index(c) for c, _ in columns}))
    if wrong:
        raise BadFile(wrong)
    return found, wrong


def _rows(rows: list[list[Any]], at: dict[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
    for line, row in enumerate(rows, 2):
        cells = {name: _words(row[n]) if n < len(row) else "" for name, n in at.items()}
        if any(cells.values()):
            yield line, cells


def _words(content: Any) -> str:
    """A cell as text: a date as 2026-05-01, 4.2 as "4.2"."""
    if isinstance(content, datetime):
        content = content.date()
    if isinstance(content, date):
        return content.isoformat()
    if isinstance(content, float):
        return f"{content:g}"
    words = "" if content is None else str(content).strip()
    return words[1:] if words[:1] == "'" and words[1:].startswith(_FORMULA) else words
