"""A filtered list as xlsx: neutral columns, the viewer and the moment on every sheet. No reporter, no words, and no
responsible person: a spreadsheet would soon be sorted by her."""

from dataclasses import replace
from io import BytesIO
from uuid import UUID

from django.db import transaction
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.orders import access, labels, selectors
from linli.orders.actions import export_orders
from linli.orders.filters import Filters
from linli.orders.models import Order
from linli.ui import figures

ROWS_A_SHEET = 2000
COLUMNS = (
    ("编号", 20), ("事项", 26), ("种类", 10), ("民情类别", 12), ("地点", 26), ("社区", 14), ("网格", 14), ("来源", 10),
    ("状态", 10), ("灯", 8), ("受理时间", 18), ("答复期限", 18), ("答复时间", 18), ("按时答复", 10), ("办结期限", 18),
    ("办结时间", 18), ("按时办结", 10), ("结果", 14), ("发声人数", 10), ("满意", 8), ("一般", 8), ("没解决", 8),
    ("没联系上", 10), ("重办次数", 10), ("依据条款", 12),
)  # fmt: skip


def xlsx(actor: Actor, filters: Filters, area: Area | None) -> tuple[str, bytes]:
    """(file name, content); at most 5,000 orders, confidential ones left out. Recorded. Raises Forbidden, BadInput."""
    if not actor.has_role(*access.RIGHTS["export_orders"]):
        raise Forbidden("您的岗位不能导出工单。")
    found = selectors.list_orders(actor, replace(filters, after=""), area, limit=selectors.EXPORT_AT_MOST)
    orders = [o for o in found.rows if not o.confidential]
    file_id = ids.new()
    names = places.area_names(i for o in orders for i in (o.community_id, o.grid_id) if i)
    data = _write(orders, names, mark(actor), left_out=len(found.rows) - len(orders), more=bool(found.next))
    with transaction.atomic():
        export_orders(by=actor, orders=orders, file_id=file_id)
    return f"orders-{clock.today():%Y%m%d}.xlsx", data


def mark(actor: Actor) -> str:
    """Who took it out and when; stands on every sheet, print and copy."""
    return f"{actor.name} · {figures.moment(clock.now())} 导出 · 邻里 · 仅限工作使用，请勿外传"


def _write(orders: list[Order], names: dict[UUID, str], watermark: str, *, left_out: int, more: bool) -> bytes:
    book = Workbook(write_only=True)
    bold = Font(bold=True)
    for start in range(0, max(len(orders), 1), ROWS_A_SHEET):
        sheet = book.create_sheet(f"工单{start // ROWS_A_SHEET + 1}")
        for n, (_, width) in enumerate(COLUMNS, 1):
            sheet.column_dimensions[get_column_letter(n)].width = width
        sheet.freeze_panes = "A3"
        sheet.oddFooter.center.text = watermark.replace("&", "&&")
        sheet.print_title_rows = "1:2"
        note = watermark
        if left_out:
            note += f" · 另有 {left_out} 件涉密工单没有导出"
        if more:
            note += f" · 只导出前 {selectors.EXPORT_AT_MOST} 件，请缩小范围再导"
        sheet.append([note])
        sheet.append([_cell(sheet, title, bold) for title, _ in COLUMNS])
        for order in orders[start : start + ROWS_A_SHEET]:
            sheet.append([_plain(v) for v in _values(order, names)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet, text: str, font: Font) -> WriteOnlyCell:  # type: ignore[no-untyped-def]
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = font
    return cell


def _plain(value: object) -> object:
    """No text becomes a formula in somebody's spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t" and value else value


def _values(o: Order, names: dict[UUID, str]) -> list[object]:
    def at(moment):  # type: ignore[no-untyped-def]
        return f"{clock.local(moment):%Y-%m-%d %H:%M}" if moment else ""

    yes = {True: "是", False: "否", None: ""}
    return [
        o.number, o.title, labels.kind(o.kind), labels.CATEGORY_LABELS.get(o.category, o.category), o.place_text,
        names.get(o.community_id, ""), names.get(o.grid_id, "") if o.grid_id else "",
        labels.DOOR_LABELS.get(o.door, ""), labels.state(o), labels.LIGHT_WORDS.get(o.light, ""),
        at(o.opened_at), at(o.answer_due_at), at(o.answered_at), yes[o.answered_in_time], at(o.solve_due_at),
        at(o.handled_at), yes[o.solved_in_time], labels.ending(o), o.voice_count, o.satisfied, o.so_so, o.unsolved,
        o.not_reached, o.reopened, o.clause,
    ]  # fmt: skip
