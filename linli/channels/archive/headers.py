"""Where the heading of a sheet stands and what its columns are called, and what each column seems to hold."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise, zip_longest

from linli.channels.archive.book import Cell
from linli.language import normalise

LOOK_AT = 25
"""Rows from the top among which a heading is sought."""
MOST_ROWS = 3

TARGETS = {
    "number": "编号", "opened_at": "反映时间", "closed_at": "办结时间", "community": "社区", "place": "地点", "kind": "种类",
    "words": "反映内容", "result": "办理结果", "name": "反映人", "phone": "电话",
}  # fmt: skip
#: several columns may make one of these together
JOINED = ("place", "words", "result")
# Asked from the top: the first that fits. A label is all parts of its heading, joined by /.
_GUESS = [
    ("", r"序号|身份证|经办|办理人|处理人|承办|负责人|责任人|责任单位|受理人|登记人|满意|评价|备注|是否|状态|超时|时限|期限|次数|人数|年龄|性别"),
    ("phone", r"电话|手机|联系方式"),
    ("closed_at", r"(?:办结|完成|结案|处理|回复|反馈|答复|办理|处置|销号).*(?:时间|日期)"),
    ("opened_at", r"时间|日期"),
    ("number", r"(?:工单|受理|案件|诉求|登记|流水|事件|问题|信件)[编单]?(?:编号|单号|号码?)$|^(?:编号|单号)$|工单号"),
    ("name", r"姓名|反映人|诉求人$|来电人|投诉人|联系人|反映居民|居民$"),
    ("community", r"社区|村居"),
    ("kind", r"类型|类别|分类|种类"),
    ("result", r"结果|(?:处理|办理|处置|答复|回复|反馈)(?:情况|内容|意见|措施)?$|处理情况|办理情况"),
    ("place", r"地址|地点|位置|楼栋|楼号|住址|小区|点位|房号|门牌"),
    ("words", r"内容|诉求|问题|描述|事项|事由|情况"),
]  # fmt: skip
_GUESSES = [(target, re.compile(pattern)) for target, pattern in _GUESS]


@dataclass(slots=True)
class Header:
    """The heading of a sheet: the rows read so far without being data, and the label of each column ("" for none)."""

    lines: tuple[int, int]
    labels: list[str]
    data: list[tuple[int, list[Cell]]] = field(default_factory=list)

    def column(self, label: str) -> int | None:
        """Where the column of that label stands in this sheet."""
        return self.labels.index(label) if label in self.labels else None


def guess(label: str) -> str:
    """What a column of that label seems to hold; "" when it is none of TARGETS."""
    plain = label.replace(" ", "")
    for target, pattern in _GUESSES:
        if pattern.search(plain):
            return target
    return ""


def find(top: Sequence[tuple[int, list[Cell]]], named: Collection[str] = ()) -> Header | None:
    """The heading among the first rows of a sheet: one to three rows of short words above the first row of data, those whose
    columns mean most; `named` are labels that a person has said the meaning of. None when no two columns mean anything."""
    best: tuple[float, int, int] | None = None
    for start in range(len(top)):
        if not _wordy(top[start][1]):
            continue
        for height in range(1, MOST_ROWS + 1):
            block = [values for _, values in top[start : start + height]]
            if len(block) < height or not all(_wordy(values) for values in block):
                break
            labels = _labels(block)
            score: float = len({guess(label) for label in labels} - {""}) + 2 * sum(label in named for label in labels)
            score += 0.1 * (height - 1) if _hangs_together(block) else -0.1 * height
            if best is None or score > best[0]:
                best = (score, start, height)
    if best is None or best[0] < 1.5:
        return None
    _, start, height = best
    labels = _unique(_labels([values for _, values in top[start : start + height]]))
    return Header((top[start][0], top[start + height - 1][0]), labels, list(top[start + height :]))


def _wordy(values: Sequence[Cell]) -> bool:
    """Could it be a row of a heading: two different words at least, no quantity, no date, nothing long?"""
    if any(isinstance(v, float | int | datetime | date | time) for v in values):
        return False
    said = [normalise(v) for v in values if v not in (None, "")]
    if len(set(said)) < 2 or any(len(s) > 24 for s in said):
        return False
    return not any(re.search(r"\d{3,}", s) for s in said)


def _hangs_together(block: Sequence[Sequence[Cell]]) -> bool:
    """Does each row of the block reach into the next one: a word over both (merged), or a word above a gap?"""
    return all(
        any(a not in (None, "") and (a == b or b in (None, "")) for a, b in zip_longest(above, below)) for above, below in pairwise(block)
    )


def _labels(block: Sequence[Sequence[Cell]]) -> list[str]:
    """Per column the different words of its rows from above, joined by "/". A gap above a word is the word to its left: the
    rest of a wide heading that a .csv cannot merge."""
    width = max(len(values) for values in block)
    rows = [[normalise(v) if v not in (None, "") else "" for v in [*values, *[None] * (width - len(values))]] for values in block]
    for n, row in enumerate(rows[:-1]):
        for at in range(1, width):
            if not row[at] and any(below[at] for below in rows[n + 1 :]):
                row[at] = row[at - 1]
    return ["/".join(dict.fromkeys(row[at] for row in rows if row[at])) for at in range(width)]


def _unique(labels: Sequence[str]) -> list[str]:
    """Two columns of one name are told apart: 时间, 时间(2)."""
    found: list[str] = []
    for label in labels:
        n, name = 2, label
        while name and name in found:
            name, n = f"{label}({n})", n + 1
        found.append(name)
    return found
