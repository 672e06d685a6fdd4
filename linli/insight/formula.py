"""The city's own mark: a weighted mean of shares that a person chooses from a list. No expressions: a mark that people are judged
by must be readable by everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linli.insight.figures import Figures
from linli.insight.models import Formula
from linli.kernel.errors import BadInput
from linli.orders.counted import ASIDE

MOST_PARTS = 8


@dataclass(frozen=True, slots=True)
class Share:
    """One share: what it is called, the figures that make its part (a sum; "-" takes away) and its whole."""

    label: str
    part: tuple[str, ...]
    whole: tuple[str, ...]
    unit: str = "件"

    def of(self, row: Figures) -> tuple[int, int]:
        """(part, whole) of these figures; the part never exceeds the whole."""
        part, whole = _sum(row, self.part), _sum(row, self.whole)
        return max(0, min(part, whole)), max(0, whole)


SHARES = {
    "accepted_in_time": Share("按时领办率", ("accepted_in_time",), ("accept_due",)),
    "answered_in_time": Share("按时答复率", ("answered_in_time",), ("answer_due",)),
    "answered": Share("答复率（应答复的）", ("answered",), ("answer_due",)),
    "solved_in_time": Share("按时解决率", ("solved_in_time",), ("solve_due",)),
    "solved": Share("解决率（办结的都算）", ("solved",), ("handled",)),
    "solved_ours": Share("解决率（不算办不了、不归我们管的）", ("solved",), ("handled", "-declined")),
    "satisfied": Share("满意率（评价过的人）", ("satisfied",), ("rated",), "人"),
    "satisfied_reached": Share("满意率（没联系上的也算）", ("satisfied",), ("rated", "not_reached"), "人"),
    "satisfied_wide": Share("满意率（一般也算满意）", ("satisfied", "so_so"), ("rated",), "人"),
    "first_time": Share("一次办好率", ("opened", "-reopened"), ("opened",)),
    "not_returned": Share("没退回率", ("opened", "-returned"), ("opened",)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """`value` of 100 in tenths; `without`: labels of shares that had no denominator, whose weight the others took over. None of
    them had one: value is None."""

    value: int | None
    without: tuple[str, ...]

    @property
    def said(self) -> str:
        """93.4; 暂无 without any denominator."""
        return "暂无" if self.value is None else f"{self.value // 10}.{self.value % 10}"


def current() -> Formula | None:
    """The formula in force."""
    return Formula.objects.order_by("-made_at", "-id").first()


def check(name: str, parts: Sequence[tuple[str, int]], without: Sequence[str] = ()) -> None:
    """Raises BadInput unless it has a name, known shares each once, whole weights above nought and together 100, and leaves out nothing
    but results of their own."""
    if not name.strip() or len(name.strip()) > 40:
        raise BadInput("请给这套口径起个名字（40 字以内），比如“市里 2026 年口径”。", "missing_name")
    if not 1 <= len(parts) <= MOST_PARTS or any(share not in SHARES for share, _ in parts):
        raise BadInput(f"请选 1 到 {MOST_PARTS} 个比率。", "bad_share")
    if len({share for share, _ in parts}) < len(parts):
        raise BadInput("同一个比率选了两次。", "share_twice")
    if any(not 1 <= weight <= 100 for _, weight in parts):
        raise BadInput("每个比率的权重填 1 到 100。", "bad_weight")
    if any(code not in ASIDE for code in without):
        raise BadInput("只有单列的四种结果可以不算。", "bad_aside")
    total = sum(weight for _, weight in parts)
    if total != 100:
        raise BadInput(f"权重加起来要是 100，现在是 {total}。", "bad_weight")


def mark(formula: Formula, row: Figures, aside: Mapping[str, Figures] | None = None) -> Mark:
    """The mark of some figures; `aside`: those among them of each result of its own, which the formula may leave out. Rounded down, like
    every share here."""
    row = row.less(found for code, found in (aside or {}).items() if code in formula.without)
    found, without = [], []
    for share, weight in parts_of(formula):
        part, whole = share.of(row)
        if whole:
            found.append((part, whole, weight))
        else:
            without.append(share.label)
    weights = sum(weight for *_, weight in found)
    if not weights:
        return Mark(None, tuple(without))
    # In whole numbers, so that 100 of 100 is 100.0 and never 99.9.
    scale = 1
    for _, whole, _ in found:
        scale *= whole
    total = sum(weight * part * (scale // whole) for part, whole, weight in found)
    return Mark(total * 1000 // (weights * scale), tuple(without))


def parts_of(formula: Formula) -> list[tuple[Share, int]]:
    """The shares and weights of a formula; a share that is not known any more is left out."""
    rows: list[dict[str, Any]] = formula.parts
    return [(SHARES[p["share"]], int(p["weight"])) for p in rows if p["share"] in SHARES]


def _sum(row: Figures, names: Sequence[str]) -> int:
    return sum(-getattr(row, n[1:]) if n.startswith("-") else getattr(row, n) for n in names)
