"""Slips of the hotline as they are copied from its platform: a table (cells apart by tabs), or "label: value" line by line,
one slip after the other → rows, as of a file. Nothing is guessed: what no field was made of stays with its row (`rest`), to be
seen by whoever checks it.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from linli.channels.hotline.sheet import HEADINGS, MOST_ROWS, Row, Wrong, plain_label, read_lines, take_line
from linli.kernel.errors import BadInput

MOST_CHARS = 200_000
LABELS = {name: part for part, names in HEADINGS.items() for name in names}
#: what the typed form (a slip on paper) is filled in by
BLANK = "工单编号：\n受理时间：\n办理时限：\n来电人：\n联系电话：\n事发地址：\n诉求内容：\n"
#: values that may go on over several lines
LONG = ("words", "address")
_KNOWN = "|".join(sorted(map(re.escape, LABELS), key=len, reverse=True))
_PAIR = re.compile(rf"(?:^|(?<=[\s*【\[]))\*?({_KNOWN})\s*[】\]]?\s*[：:]")
_OTHER = re.compile(r"[\w（）()/]{2,10}\s*[：:]")
_RULE = re.compile(r"[\s\-=_*—－＝·.]*")


@dataclass(slots=True)
class _Slip:
    """One slip on its way: label → value, in the order of the text."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)
    last: str = ""

    def has(self, part: str) -> bool:
        return any(LABELS[label] == part and value for label, value in self.values.items())


def read(text: str) -> tuple[list[Row], list[Wrong]]:
    """All slips of a pasted text and what is wrong in it; lines are counted from 1. Raises BadInput when it holds none."""
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise BadInput("还没有内容。到热线平台把工单复制过来，粘贴到这里。", "empty")
    if len(text) > MOST_CHARS:
        raise BadInput("一次贴得太多了，请分几次。", "too_large")
    if _is_table(text):
        return read_lines(_cells(text))
    slips = _slips(text)
    if not any(s.has("number") or s.has("words") for s in slips):
        raise BadInput("没有认出工单。每件要有“工单编号：”和“诉求内容：”两项；也可以连同表头一起复制表格。", "no_heading")
    if len(slips) > MOST_ROWS:
        raise BadInput(f"一次最多 {MOST_ROWS} 件，请分几次收。", "too_many_rows")
    rows: list[Row] = []
    wrongs: list[Wrong] = []
    seen: dict[str, int] = {}
    for slip in slips:
        _take(slip, rows, wrongs, seen)
    return rows, wrongs


def _is_table(text: str) -> bool:
    """Do the cells of its first line with tabs name both columns that are needed?"""
    first = next((line for line in text.split("\n") if "\t" in line), "")
    parts = {LABELS.get(plain_label(cell)) for cell in first.split("\t")}
    return {"number", "words"} <= parts


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as exc:
        raise BadInput("这张表读不出来，请重新复制，或者导出成文件。", "broken_file") from exc


def _slips(text: str) -> list[_Slip]:
    slip = _Slip(1)
    slips = [slip]
    for number, line in enumerate(text.split("\n"), 1):
        found = list(_pairs(line))
        if not found:
            _more(slip, line)
            continue
        before, pairs = found[0][1], found[1:]
        if before.strip():
            _more(slip, before)
        for label, value in pairs:
            if _begins(slip, label):
                slip = _Slip(number)
                slips.append(slip)
            if label in slip.values:
                slip.rest.append(f"{label}：{value}")
                continue
            slip.line = slip.line if slip.values else number
            slip.values[label], slip.last = value, label
    return slips


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    """("", what stands before) and then each (label, value) of a line; nothing when it names no field."""
    cells = line.split("\t")
    if len(cells) > 1 and plain_label(cells[0]).rstrip("：:") in LABELS:
        yield "", ""
        for label, value in zip(cells[::2], [*cells[1::2], ""], strict=False):
            name = plain_label(label).rstrip("：:")
            if name in LABELS:
                yield name, value.strip()
        return
    if plain_label(line) in LABELS:
        yield "", ""
        yield plain_label(line), ""
        return
    marks = list(_PAIR.finditer(line))
    if not marks:
        return
    yield "", line[: marks[0].start()]
    for mark, end in zip(marks, [*(m.start() for m in marks[1:]), len(line)], strict=True):
        yield mark[1], line[mark.end() : end].strip()


def _begins(slip: _Slip, label: str) -> bool:
    """Does this label open the next slip? A second number does, and what is said again once there are number and words."""
    if label not in slip.values and LABELS[label] != "number":
        return False
    return slip.has("number") and (LABELS[label] == "number" or slip.has("words"))


def _more(slip: _Slip, line: str) -> None:
    """A line without a field: the value of the one above, its continuation, or nothing that is known."""
    if _RULE.fullmatch(line):
        return
    part = LABELS.get(slip.last, "")
    open_ = slip.last and (not slip.values[slip.last] or part in LONG)
    if open_ and not _OTHER.match(line.strip()):
        slip.values[slip.last] = f"{slip.values[slip.last]}\n{line.strip()}".strip()
    else:
        slip.rest.append(line.strip())


def _take(slip: _Slip, rows: list[Row], wrongs: list[Wrong], seen: dict[str, int]) -> None:
    if not slip.values:
        return
    chosen = {part: next((n for n in names if slip.values.get(n)), "") for part, names in HEADINGS.items()}
    columns = {part: n for n, part in enumerate(chosen)}
    before = len(rows)
    take_line(slip.line, [slip.values.get(label, "") for label in chosen.values()], columns, rows, wrongs, seen)
    if len(rows) == before:
        return
    row = rows[-1]
    row.rest = [*slip.rest, *(f"{label}：{value}" for label, value in slip.values.items() if value and label not in chosen.values())]
    if chosen["phone"] and not row.phone:
        row.rest.append(f"{chosen['phone']}：{slip.values[chosen['phone']]}")
