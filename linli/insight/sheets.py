"""Figures as xlsx: public opinion, a month's table, compliance by clause; viewer and moment on every sheet. No order, no person."""

from collections.abc import Sequence
from typing import Any

from linli.grid.models import Area
from linli.insight import actions
from linli.insight.figures import Figures
from linli.insight.formula import mark as mark_of
from linli.insight.models import Formula
from linli.insight.scores import Scores
from linli.insight.selectors import Opinion
from linli.insight.tables import BY, Chosen, Compliance, Table
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.orders.exports import mark
from linli.orders.scopes import Scope
from linli.orders.scopes import of_area as scope_of
from linli.standards.seed import CATEGORY_LABELS
from linli.ui import figures as said
from linli.ui.sheets import Sheet, book

COLUMNS = (
    "新开（件）", "发声（人）", "按时答复（件）", "应答复（件）", "按时答复率", "按时解决（件）", "应解决（件）", "按时解决率",
    "已解决（件）", "已办结（件）", "解决率", "如实说明办不了（件）", "满意（人）", "已评价（人）", "满意率", "一般（人）",
    "没解决（人）", "没联系上（人）", "未评价（人）", "重办（件）", "历史资料（件，不计入）",
)  # fmt: skip
NOTE = "每个比率前两列是它的分子和分母。未评价、没联系上不算满意。历史资料单列。口径见 docs/figures.md。"


def xlsx(actor: Actor, found: Opinion) -> tuple[str, bytes]:
    """(file name, content); recorded. Raises Forbidden."""
    place = found.scopes[0]
    file_id = actions.export_opinion(by=actor, days=found.days, category=found.category, place=place)
    category = CATEGORY_LABELS.get(found.category, "全部类别")
    head = (
        f"{mark(actor)} · 文件号 {str(file_id)[-12:]}",
        f"社情民意 · {found.where} · {category} · {found.since:%Y-%m-%d} 至 {found.until:%Y-%m-%d}（按受理日）",
        NOTE,
    )
    categories = [(r.label, r.figures) for r in found.categories if found.category in ("", r.code)]
    sheets = [_sheet("按类别", "类别", [*categories, ("合计", found.total)])]
    if found.places:
        sheets.append(_sheet("按地方", "地方", [(p.label, p.figures) for p in found.places]))
    sheets.append(_sheet("按天", "日期", [(f"{day:%Y-%m-%d}", row) for day, row in found.daily]))
    return f"opinion-{clock.today():%Y%m%d}.xlsx", book(sheets, head)


def _sheet(title: str, first: str, rows: Sequence[tuple[str, Figures]]) -> Sheet:
    return Sheet(title, [(first, 18), *((c, 13) for c in COLUMNS)], [[label, *_values(row)] for label, row in rows])


def _values(r: Figures) -> list[object]:
    return [
        r.opened, r.voices, r.answered_in_time, r.answer_due, said.percent(r.answered_in_time, r.answer_due),
        r.solved_in_time, r.solve_due, said.percent(r.solved_in_time, r.solve_due), r.solved, r.handled,
        said.percent(r.solved, r.handled), r.declined, r.satisfied, r.rated, said.percent(r.satisfied, r.rated),
        r.so_so, r.unsolved, r.not_reached, r.unrated, r.reopened, r.history,
    ]  # fmt: skip


def month(actor: Actor, found: Table, formula: Formula | None, shares: Sequence[tuple[str, str, str, str]], asides: Sequence[dict[str, Any]]) -> tuple[str, bytes]:
    """The table of a month with its results of their own: every share as part, whole and percent; recorded. Raises Forbidden."""
    columns = [(BY[found.chosen.by], 24), ("受理（件）", 12)]
    for label, _, _, unit in shares:
        columns += [(f"{label}（{unit}）", 13), (f"{label}的总数（{unit}）", 13), (f"{label}率", 10)]
    if formula:
        columns.append((f"得分（{formula.name}）", 14))

    def line(label: str, row: Figures, aside: dict[str, Figures]) -> list[object]:
        cells: list[object] = [label, row.opened]
        for _, part, whole, _ in shares:
            cells += [getattr(row, part), getattr(row, whole), said.percent(getattr(row, part), getattr(row, whole))]
        return [*cells, mark_of(formula, row, aside).said] if formula else cells

    lines = [line(r.label, r.figures, r.aside) for r in found.lines] + [line("合计", found.total, found.aside)]
    own = Sheet(
        "单列结果", [("结果", 20), ("件数", 8), *((f"{s['label']}", 16) for s in asides[0]["shares"])],
        [[r["label"], r["handled"], *(f"{s['part']}/{s['whole']} · {s['said']}" for s in r["shares"])] for r in asides],
    )  # fmt: skip
    return _out(actor, "figures", found.chosen, found.area, [Sheet("按月统计", columns, lines), own], f"按{BY[found.chosen.by]}")


def clauses(actor: Actor, found: Compliance) -> tuple[str, bytes]:
    """Compliance by clause; recorded. Raises Forbidden."""
    columns = [("条款编号", 14), ("条款", 34), ("守住（次）", 12), ("到期（次）", 12), ("守住率", 10), ("没守住（次）", 12), ("还没到期（次）", 14)]
    lines = [[k.code, k.label, k.kept, k.due, said.percent(k.kept, k.due), k.late, k.running] for k in [*found.lines, found.total]]
    return _out(actor, "clauses", found.chosen, found.area, [Sheet("条款落实", columns, lines)], "条款落实")


def points(actor: Actor, found: Scores) -> tuple[str, bytes]:
    """A month's points by place and by clause; recorded. Raises Forbidden."""
    numbers = [("扣分", 10), ("加分", 10), ("合计", 10)]
    by_place = Sheet(
        "按地方", [("地方", 24), ("记过分的（件）", 14), ("受理（件）", 12), *numbers],
        [[x.label, x.scored, x.orders, x.minus, x.plus, x.total] for x in [*found.places, found.total]],
    )  # fmt: skip
    by_clause = Sheet("按条款", [("条款", 34), ("记过分的（件）", 14), *numbers], [[x.label, x.scored, x.minus, x.plus, x.total] for x in found.clauses])
    given = Sheet("给发现人的奖励", [("件数", 10), ("分数", 10)], [list(found.rewards)])
    return _out(actor, "scores", found.chosen, found.area, [by_place, by_clause, given], "记分")


def _out(actor: Actor, name: str, chosen: Chosen, area: Area | None, sheets: Sequence[Sheet], what: str) -> tuple[str, bytes]:
    file_id = actions.export_figures(by=actor, table=name, since=chosen.since, until=chosen.until, place=scope_of(area) if area else Scope())
    where = area.name if area else "我负责的地方"
    head = (
        f"{mark(actor)} · 文件号 {str(file_id)[-12:]}",
        f"{what} · {where} · {chosen.since:%Y-%m-%d} 至 {chosen.until:%Y-%m-%d}（按受理日）。只有地方和事情，没有人。",
    )  # fmt: skip
    return f"{name}-{clock.today():%Y%m%d}.xlsx", book(sheets, head)
