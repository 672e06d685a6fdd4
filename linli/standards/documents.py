"""A standard as text: what stands in it, how it is read from a file, how it is written again, its states (domain.md A14).
No Django. The documents that come with the product are files of this form (data/library/<code>.json).

A clause may carry *values*: a limit (so much time on a calendar), a threshold or a score. Procedures follow them
(`agreement.py`). `amount` of a limit is in its `unit`; `Value.span` gives it in the calendar's own unit.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any

from linli.kernel.machine import Machine, Move

#: subsystem → (name, module → name), in the order of the standards system
SUBSYSTEMS: dict[str, tuple[str, dict[str, str]]] = {
    "general": ("通用基础", {"guide": "标准化导则", "terms": "术语与缩略语", "symbols": "符号与标志"}),
    "management": ("管理", {"people": "人力资源", "information": "信息管理", "safety": "安全与应急"}),
    "service": (
        "治理与服务", {"governance": "云治理", "clouds": "云服务", "platform": "平台运行", "assessment": "治理评价与考核"},
    ),
}  # fmt: skip
LIMIT, THRESHOLD, SCORE = "limit", "threshold", "score"
VALUE_KINDS = {LIMIT: "时限", THRESHOLD: "阈值", SCORE: "分值"}
CALENDARS = {"clock": "全天候", "hours": "工作时间", "days": "工作日"}
#: (unit, calendar) → (what people say, how many of the calendar's own units: minutes, working minutes, working days)
SPANS: dict[tuple[str, str], tuple[str, int]] = {
    ("minute", "clock"): ("分钟", 1), ("hour", "clock"): ("小时", 60), ("day", "clock"): ("天", 1440),
    ("minute", "hours"): ("个工作分钟", 1), ("hour", "hours"): ("个工作小时", 60), ("day", "days"): ("个工作日", 1),
}  # fmt: skip
TIGHT = ("%", "/")  # written without a space after the number
CODE = re.compile(r"[A-Z]{2,8}")
NUMBER = re.compile(r"[1-9]\d?\.[1-9]\d?")
LONGEST, MOST_CLAUSES, MOST_VALUES = 2000, 200, 20


class DocumentState(StrEnum):
    """Written, read by a second person, approved for a day to come, in force, replaced."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"


S = DocumentState
LABELS = {S.DRAFT: "草稿", S.REVIEW: "待审查", S.APPROVED: "已批准，到日子施行", S.IN_FORCE: "施行中", S.SUPERSEDED: "旧版"}
#: nothing in these is ever changed again
FIXED = frozenset({S.APPROVED, S.IN_FORCE, S.SUPERSEDED})
# approve_document leads to APPROVED while the day has not come; the version before goes to SUPERSEDED when one starts.
MOVES = Machine(
    DocumentState,
    {
        "change_document": Move(from_={S.DRAFT}),
        "save_clause": Move(from_={S.DRAFT}),
        "remove_clause": Move(from_={S.DRAFT}),
        "drop_document": Move(from_={S.DRAFT}),
        "submit_document": Move(from_={S.DRAFT}, to=S.REVIEW),
        "return_document": Move(from_={S.REVIEW}, to=S.DRAFT, needs={"words"}),
        "approve_document": Move(from_={S.REVIEW}, to=S.APPROVED),
        "start_document": Move(from_={S.APPROVED}, to=S.IN_FORCE),
        "revise_document": Move(from_={S.IN_FORCE}),
    },
)


@dataclass(frozen=True, slots=True)
class Value:
    """A number that a machine may use. kind: VALUE_KINDS; `calendar` only with a limit; `unit` of others as people say it."""

    code: str
    label: str
    kind: str
    amount: float
    unit: str
    calendar: str = ""

    @property
    def words(self) -> str:
        """2 小时, 5 个工作日, 80%, 2/3, -1 分."""
        number = f"{self.amount:g}"
        if self.kind == LIMIT:
            return f"{number} {SPANS[self.unit, self.calendar][0]}"
        return f"{number}{self.unit}" if self.unit.startswith((*TIGHT, ":")) else f"{number} {self.unit}"

    @property
    def span(self) -> tuple[float, str]:
        """A limit as procedures hold it: (amount in the calendar's own unit, calendar)."""
        return self.amount * SPANS[self.unit, self.calendar][1], self.calendar

    def plain(self) -> dict[str, Any]:
        """As stored."""
        row = asdict(self)
        if not self.calendar:
            del row["calendar"]
        return row


def value(row: Mapping[str, Any]) -> Value:
    """From its stored form."""
    amount = row["amount"]
    if not isinstance(amount, int | float):
        raise TypeError(f"no number: {amount!r}")
    words = [_text(row.get(name, "") if name == "calendar" else row[name]) for name in ("code", "label", "kind", "unit", "calendar")]
    return Value(words[0], words[1], words[2], int(amount) if amount == int(amount) else amount, words[3], words[4])


@dataclass(frozen=True)
class ClauseText:
    """One clause: `number` as "4.2", the title of its chapter, its own title, its words and values."""

    number: str
    chapter: str
    title: str
    text: str
    values: tuple[Value, ...] = ()

    @cached_property
    def order(self) -> tuple[int, ...]:
        """For sorting: 4.10 comes after 4.9."""
        return tuple(int(n) for n in self.number.split("."))

    @property
    def digest(self) -> str:
        """Changes with anything in the clause: who edits says which form she had before her."""
        plain = json.dumps([self.number, self.chapter, self.title, self.text, [v.plain() for v in self.values]], sort_keys=True)
        return sha256(plain.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Head:
    """What stands above the clauses. `flow`: steps in order; `valid_from`/`valid_until`: "2026-05-01" or ""."""

    title: str
    subsystem: str
    module: str
    scope: str = ""
    object: str = ""
    flow: tuple[str, ...] = ()
    requirement: str = ""
    valid_from: str = ""
    valid_until: str = ""


@dataclass(frozen=True)
class DocumentText:
    """A whole standard."""

    code: str
    head: Head
    clauses: tuple[ClauseText, ...] = ()

    def clause(self, number: str) -> ClauseText | None:
        """The clause of that number."""
        return next((c for c in self.clauses if c.number == number), None)


def place_of(subsystem: str, module: str) -> str:
    """治理与服务 · 云服务"""
    name, modules = SUBSYSTEMS[subsystem]
    return f"{name} · {modules[module]}"


def problems_of_head(head: Head) -> list[str]:
    """What keeps a head from being used, in plain Chinese."""
    found = []
    if not head.title.strip():
        found.append("请填写名称。")
    if len(head.title) > 60:
        found.append("名称请写在 60 字以内。")
    if head.subsystem not in SUBSYSTEMS or head.module not in SUBSYSTEMS[head.subsystem][1]:
        found.append("请选子体系和模块。")
    for words, what in ((head.scope, "范围"), (head.object, "对象"), (head.requirement, "要求")):
        if not words.strip():
            found.append(f"请填写{what}。")
        if len(words) > LONGEST:
            found.append(f"{what}太长了，请写在 {LONGEST} 字以内。")
    if not head.flow:
        found.append("请填写流程，一步一行。")
    for day, what in ((head.valid_from, "施行日期"), (head.valid_until, "有效期至")):
        if day and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", day):
            found.append(f"{what}“{day[:20]}”请写成 2026-05-01 这样。")
    if head.valid_from and head.valid_until and head.valid_from > head.valid_until:
        found.append("施行日期在有效期之后，请改一改。")
    return found


def problems_of_value(v: Value) -> list[str]:
    """What is wrong with one value."""
    found = []
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", v.code):
        found.append(f"数值“{v.label or v.code}”的代号请用小写字母、数字和下划线。")
    if not v.label.strip() or len(v.label) > 24:
        found.append("数值请写名称，24 字以内。")
    if v.kind not in VALUE_KINDS:
        found.append(f"数值“{v.label}”的种类只能是时限、阈值或分值。")
    elif v.kind == LIMIT and (v.unit, v.calendar) not in SPANS:
        found.append(f"时限“{v.label}”请选单位和日历：全天候用分钟、小时、天，工作时间用分钟、小时，工作日用天。")
    elif v.kind == LIMIT and v.amount <= 0:
        found.append(f"时限“{v.label}”要大于 0。")
    elif v.kind != LIMIT and (not v.unit.strip() or len(v.unit) > 8):
        found.append(f"“{v.label}”请写单位，8 字以内。")
    elif v.kind != LIMIT and v.calendar:
        found.append(f"“{v.label}”不是时限，不用选日历。")
    return found


def problems_of_clause(c: ClauseText) -> list[str]:
    """What keeps a clause from being used."""
    found = []
    if not NUMBER.fullmatch(c.number):
        found.append(f"条款号“{c.number[:20]}”请写成 4.2 这样：章、点、条。")
    for words, what, most in ((c.chapter, "章名", 60), (c.title, "条款标题", 60), (c.text, "正文", LONGEST)):
        if not words.strip():
            found.append(f"请填写{what}。")
        elif len(words) > most:
            found.append(f"{what}太长了，请写在 {most} 字以内。")
    codes = [v.code for v in c.values]
    if len(codes) != len(set(codes)):
        found.append("两个数值用了同一个代号。")
    if len(codes) > MOST_VALUES:
        found.append(f"一条最多带 {MOST_VALUES} 个数值。")
    for v in c.values:
        found += problems_of_value(v)
    return found


def problems_of(document: DocumentText) -> list[tuple[str, str]]:
    """(number of the clause or "", what is wrong) of a whole standard; [] when it may go to review."""
    found = [("", text) for text in problems_of_head(document.head)]
    if not CODE.fullmatch(document.code):
        found.append(("", "编号请用 2 到 8 个大写字母。"))
    if not document.clauses:
        found.append(("", "还没有条款，请至少写一条。"))
    if len(document.clauses) > MOST_CLAUSES:
        found.append(("", f"一份标准最多 {MOST_CLAUSES} 条。"))
    seen: set[str] = set()
    chapters: dict[str, str] = {}
    for c in document.clauses:
        found += [(c.number, text) for text in problems_of_clause(c)]
        if c.number in seen:
            found.append((c.number, f"条款号 {c.number} 用了两次。"))
        seen.add(c.number)
        chapter = c.number.split(".")[0]
        if chapters.setdefault(chapter, c.chapter) != c.chapter:
            found.append((c.number, f"第 {chapter} 章有两个名字：“{chapters[chapter]}”和“{c.chapter}”。"))
    return found


def parse(data: Mapping[str, Any]) -> DocumentText:
    """From the form of the files. Raises KeyError, TypeError, ValueError where something is no such form."""
    clauses = [
        ClauseText(_text(c["number"]), _text(chapter["title"]), _text(c["title"]), _text(c["text"]), tuple(value(v) for v in c.get("values", ())))
        for chapter in data["chapters"] for c in chapter["clauses"]
    ]  # fmt: skip
    names = ("title", "subsystem", "module", "scope", "object", "requirement")
    head = Head(
        **{n: _text(data[n]) for n in names}, flow=tuple(_text(s) for s in data["flow"]), valid_from=_text(data.get("valid_from", "")),
        valid_until=_text(data.get("valid_until", "")),
    )  # fmt: skip
    return DocumentText(_text(data["code"]), head, in_order(clauses))


def _text(words: Any) -> str:
    if not isinstance(words, str):
        raise TypeError(f"no text: {words!r}")
    return words


def in_order(clauses: Iterable[ClauseText]) -> tuple[ClauseText, ...]:
    """By number, for numbers that are none at the end."""
    return tuple(sorted(clauses, key=lambda c: (not NUMBER.fullmatch(c.number), c.order if NUMBER.fullmatch(c.number) else (), c.number)))


def plain(document: DocumentText) -> dict[str, Any]:
    """The form of the files, the inverse of `parse`."""
    head = document.head
    chapters: dict[str, dict[str, Any]] = {}
    for c in document.clauses:
        number = c.number.split(".")[0]
        chapter = chapters.setdefault(number, {"number": number, "title": c.chapter, "clauses": []})
        row: dict[str, Any] = {"number": c.number, "title": c.title, "text": c.text}
        if c.values:
            row["values"] = [v.plain() for v in c.values]
        chapter["clauses"].append(row)
    days = {n: d for n, d in (("valid_from", head.valid_from), ("valid_until", head.valid_until)) if d}
    return {
        "code": document.code, "title": head.title, "subsystem": head.subsystem, "module": head.module, **days, "scope": head.scope,
        "object": head.object, "flow": list(head.flow), "requirement": head.requirement, "chapters": list(chapters.values()),
    }  # fmt: skip


_VALUE = re.compile(r"\{\s+(\"code\": \"[a-z0-9_]+\",[^{}\[\]]*?)\s+\}")


def dump(data: Any) -> str:
    """JSON that people can read and compare line by line: one value stands on one line."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return _VALUE.sub(lambda m: "{" + re.sub(r"\s*\n\s*", " ", m.group(1)) + "}", text) + "\n"
