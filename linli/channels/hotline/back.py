"""Results on their way back into the hotline's platform: which still have to be carried, in which words, and as a file."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from linli.channels.hotline import access
from linli.channels.hotline.actions import STEP, is_owed
from linli.channels.models import Outside
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.language import without_people
from linli.orders import access as order_access
from linli.orders import labels
from linli.orders.actions import export_orders
from linli.orders.models import Order, Voice, Word

ENDED = ("handle_order", "conclude_review", "void_order", "pass_step")
MOST = 200
OWED, OPEN, ALL = "owed", "open", "all"
COLUMNS = (("工单编号", 24), ("办理结果", 20), ("答复内容", 70), ("办结时间", 18), ("我方编号", 24))


@dataclass(slots=True)
class Line:
    """An order of the hotline as the list shows it. `text` "" while there is nothing to carry; `carries`: this reader may."""

    outside: Outside
    order: Order
    state: str
    owed: bool
    text: str = ""
    carries: bool = False

    @property
    def due_at(self) -> datetime | None:
        """The hotline's deadline; ours where it gave none."""
        return self.outside.due_at or self.order.solve_due_at


def orders_of(actor: Actor) -> QuerySet[Any]:
    """The hotline's orders that the actor may know of. Raises Forbidden."""
    access.check_list(actor)
    return order_access.visible_to(actor).filter(id__in=Outside.objects.values("order_id"))


def _owed() -> Q:
    """A result stands and was not carried since: the flow waits for it, or the order ended without that step."""
    mine = Outside.objects.filter(order_id=OuterRef("id"))
    anew = Exists(mine.filter(carried_at=None)) | Exists(mine.filter(carried_at__lt=OuterRef("handled_at")))
    anew |= Q(ending="reviewed") & Exists(mine.filter(carried_at__lt=OuterRef("closed_at")))
    # One that became part of another order ends with it.
    goes_on = Q(ending="merged") & Exists(Order.objects.filter(id=OuterRef("parent_id"), is_open=True).exclude(step=STEP))
    return Q(is_open=True, step=STEP) | (Q(is_open=False) & anew & ~goes_on)


def count_owed(actor: Actor) -> int:
    """For how many orders a result waits to be carried back."""
    return orders_of(actor).filter(_owed()).count()


def lines(actor: Actor, which: str = OWED, *, limit: int = MOST) -> list[Line]:
    """A line for each outside number: what is owed (nearest deadline first), what is being worked on, or all (newest first), of
    up to `limit` orders; six statements."""
    rows = orders_of(actor)
    if which == OWED:
        rows = rows.filter(_owed()).order_by("solve_due_at", "id")
    elif which == OPEN:
        rows = rows.filter(is_open=True).exclude(step=STEP).order_by("solve_due_at", "id")
    else:
        rows = rows.order_by("-id")
    return _lines(actor, list(rows[:limit]), which == OWED)


def lines_of(actor: Actor, order: Order) -> list[Line]:
    """The lines of one order in hand; [] when it is none of the hotline's."""
    known = list(Outside.objects.filter(order_id=order.id).order_by("number"))
    owed = [order.step == STEP if order.is_open else is_owed(outside, order) for outside in known]
    ends = _ends([order]) if any(owed) else {}
    return [_line(actor, outside, order, owes, ends) for outside, owes in zip(known, owed, strict=True)]


def _lines(actor: Actor, orders: list[Any], all_owed: bool) -> list[Line]:
    of: dict[UUID, list[Outside]] = {}
    for outside in Outside.objects.filter(order_id__in=[o.id for o in orders]).order_by("number"):
        of.setdefault(outside.order_id, []).append(outside)
    ends = _ends(orders) if all_owed else {}
    return [
        _line(actor, outside, o, all_owed, ends) for o in orders for outside in of.get(o.id, ())
        if not all_owed or o.is_open or is_owed(outside, o)
    ]  # fmt: skip


@dataclass(slots=True)
class End:
    """How a matter ended: as what, when, and the words that were told of it, without people."""

    result: str
    at: datetime | None
    words: str = ""


def _line(actor: Actor, outside: Outside, order: Order, owed: bool, ends: dict[UUID, End]) -> Line:
    state = labels.ending(order) or labels.step(order) or labels.state(order)
    text = reply_text(outside, ends[order.id]) if owed else ""
    return Line(outside, order, state, owed, text, access.carries(actor, order))


def _ends(orders: list[Any]) -> dict[UUID, End]:
    """order id → its end; that of a merged order is the end of the one it became."""
    of = {o.id: o.parent_id if o.ending == "merged" and o.parent_id else o.id for o in orders}
    others = [at for i, at in of.items() if at != i]
    last = {o.id: o for o in orders} | (Order.objects.in_bulk(others) if others else {})
    told: dict[UUID, str] = {}
    for word in Word.objects.filter(order_id__in=of.values(), public=True, verb__in=ENDED).order_by("id"):
        told[word.order_id] = word.text
    names: dict[UUID, list[str]] = {}
    for voice in Voice.objects.filter(order_id__in={*of.keys(), *of.values()}).only("order_id", "name"):
        names.setdefault(voice.order_id, []).append(voice.name)
    ends = {}
    for i, at in of.items():
        order = last[at]
        words = without_people(told.get(at, ""), [*names.get(i, []), *names.get(at, [])])
        ends[i] = End(labels.ENDINGS.get(order.ending, "已办结"), order.handled_at or order.closed_at, words)
    return ends


def reply_text(outside: Outside, end: End) -> str:
    """What is pasted into the platform: the number, how it ended, what was done or why not, when."""
    day = f"办结时间：{clock.local(end.at):%Y年%-m月%-d日 %H:%M}" if end.at else ""
    parts = [f"【{outside.number}】{end.result}", end.words or "（没有写办理说明）", day]
    return "\n".join(p for p in parts if p)


def xlsx(actor: Actor, mark: str) -> tuple[str, bytes]:
    """(name, content) of a file of what is owed, for upload to the platform; confidential orders stay out, recorded.
    `mark`: who took it out and when. Raises Forbidden."""
    found = [line for line in lines(actor) if not line.order.confidential and line.carries]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("回填")
    for n, (_, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    sheet.oddFooter.center.text = mark.replace("&", "&&")
    sheet.append([title for title, _ in COLUMNS])
    ends = _ends([line.order for line in found])
    for line in found:
        end = ends[line.order.id]
        at = f"{clock.local(end.at):%Y-%m-%d %H:%M}" if end.at else ""
        cells = (line.outside.number, end.result, end.words, at, line.order.number)
        sheet.append([f"'{c}" if c[:1] in ("=", "+", "-", "@", "\t") else c for c in cells])
    sheet.append([])
    sheet.append([mark])
    out = BytesIO()
    book.save(out)
    with transaction.atomic():
        export_orders(by=actor, orders=list({line.order.id: line.order for line in found}.values()), file_id=ids.new())
    return f"hotline-{clock.today():%Y%m%d}.xlsx", out.getvalue()
