"""Lists of orders as xlsx: neutral columns, the viewer and the moment on every sheet, an event for each order. No reporter, no words,
and no responsible person: a spreadsheet would soon be sorted by her."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction

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
from linli.ui.sheets import Sheet, book

COLUMNS = (
    ("编号", 20), ("事项", 26), ("种类", 10), ("民情类别", 12), ("地点", 26), ("社区", 14), ("网格", 14), ("来源", 10),
    ("状态", 10), ("灯", 8), ("受理时间", 18), ("答复期限", 18), ("答复时间", 18), ("按时答复", 10), ("办结期限", 18),
    ("办结时间", 18), ("按时办结", 10), ("结果", 14), ("发声人数", 10), ("满意", 8), ("一般", 8), ("没解决", 8),
    ("没联系上", 10), ("重办次数", 10), ("依据条款", 12),
)  # fmt: skip


def xlsx(actor: Actor, filters: Filters, area: Area | None) -> tuple[str, bytes]:
    """(file name, content) of a filtered list; at most 5,000 orders. Recorded. Raises Forbidden, BadInput."""
    check(actor)
    found = selectors.list_orders(actor, replace(filters, after=""), area, limit=selectors.EXPORT_AT_MOST)
    names = places.area_names(i for o in found.rows for i in (o.community_id, o.grid_id) if i)
    rows = [(o, _values(o, names)) for o in found.rows]
    more = f" · 只导出前 {selectors.EXPORT_AT_MOST} 件，请缩小范围再导" if found.next else ""
    return listed(actor, "orders", "工单", COLUMNS, rows, more=more)


def check(actor: Actor) -> None:
    """Raises Forbidden for whose posts take no list of orders out."""
    if not actor.has_role(*access.RIGHTS["export_orders"]):
        raise Forbidden("您的岗位不能导出工单。")


def listed(
    actor: Actor, name: str, title: str, columns: Sequence[tuple[str, int]], rows: Sequence[tuple[Order, Sequence[object]]], *, more: str = ""
) -> tuple[str, bytes]:
    """(file name, content) of any list of orders, each with its cells; confidential ones are left out and counted in the mark. Every
    order has the same event as in the great list. Raises Forbidden."""
    check(actor)
    open_ = [(o, cells) for o, cells in rows if not o.confidential]
    note = mark(actor)
    if left_out := len(rows) - len(open_):
        note += f" · 另有 {left_out} 件涉密工单没有导出"
    data = book([Sheet(title, columns, [cells for _, cells in open_])], [note + more])
    with transaction.atomic():
        export_orders(by=actor, orders=list({o.id: o for o, _ in open_}.values()), file_id=ids.new())
    return f"{name}-{clock.today():%Y%m%d}.xlsx", data


def mark(actor: Actor) -> str:
    """Who took it out and when; stands on every sheet, print and copy."""
    return f"{actor.name} · {figures.moment(clock.now())} 导出 · 邻里 · 仅限工作使用，请勿外传"


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
