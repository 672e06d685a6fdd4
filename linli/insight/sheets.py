"""The figures as xlsx: by category, by place, by day; viewer and moment on every sheet. No order, no person."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from linli.insight import actions
from linli.insight.figures import Figures
from linli.insight.selectors import Opinion
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.orders.exports import mark
from linli.standards.seed import CATEGORY_LABELS
from linli.ui import figures as said

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
    book = Workbook(write_only=True)
    categories = [(r.label, r.figures) for r in found.categories if found.category in ("", r.code)]
    _sheet(book, "按类别", head, "类别", [*categories, ("合计", found.total)])
    if found.places:
        _sheet(book, "按地方", head, "地方", [(p.label, p.figures) for p in found.places])
    _sheet(book, "按天", head, "日期", [(f"{day:%Y-%m-%d}", row) for day, row in found.daily])
    out = BytesIO()
    book.save(out)
    return f"opinion-{clock.today():%Y%m%d}.xlsx", out.getvalue()


def _sheet(book: Workbook, title: str, head: tuple[str, ...], first: str, rows: list[tuple[str, Figures]]) -> None:
    sheet = book.create_sheet(title)
    sheet.column_dimensions["A"].width = 18
    for n in range(2, len(COLUMNS) + 2):
        sheet.column_dimensions[get_column_letter(n)].width = 13
    sheet.freeze_panes = f"B{len(head) + 2}"
    sheet.oddFooter.center.text = head[0].replace("&", "&&")
    sheet.print_title_rows = f"1:{len(head) + 1}"
    for line in head:
        sheet.append([_plain(line)])
    titles = []
    for text in (first, *COLUMNS):
        cell = WriteOnlyCell(sheet, value=text)
        cell.font = Font(bold=True)
        titles.append(cell)
    sheet.append(titles)
    for label, row in rows:
        sheet.append([_plain(label), *_values(row)])


def _values(r: Figures) -> list[object]:
    return [
        r.opened, r.voices, r.answered_in_time, r.answer_due, said.percent(r.answered_in_time, r.answer_due),
        r.solved_in_time, r.solve_due, said.percent(r.solved_in_time, r.solve_due), r.solved, r.handled,
        said.percent(r.solved, r.handled), r.declined, r.satisfied, r.rated, said.percent(r.satisfied, r.rated),
        r.so_so, r.unsolved, r.not_reached, r.unrated, r.reopened, r.history,
    ]  # fmt: skip


def _plain(text: str) -> str:
    """No text becomes a formula in somebody's spreadsheet."""
    return f"'{text}" if text[:1] in "=+-@\t" and text else text
