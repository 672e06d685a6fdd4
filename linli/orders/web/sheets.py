"""The claim hall, one's own tasks, requests and supervision as xlsx: one file each, marked and recorded as every list of orders, and
without any person."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from linli.grid import selectors as places
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.kernel.roles import LABELS, Role
from linli.orders import access, asked, exports, labels, pool
from linli.orders.models import Order, Request
from linli.orders.states import WAY_LABELS
from linli.orders.web import hall, lists
from linli.ui.sheets import answer

#: what every line begins with
COMMON = (
    ("编号", 20), ("事项", 26), ("种类", 10), ("社区", 14), ("地点", 26), ("步骤", 14), ("灯", 8), ("最近的期限", 18), ("发现方式", 12),
    ("反映人数", 10),
)  # fmt: skip
Line = tuple[str, Order, Sequence[object]]


def _common(order: Order, names: dict[UUID, str]) -> list[object]:
    due = f"{clock.local(order.due_at):%Y-%m-%d %H:%M}" if order.is_open and order.due_at else ""
    return [
        order.number, order.title, labels.kind(order.kind), names.get(order.community_id, ""), order.place_text,
        labels.step(order) or labels.state(order), labels.LIGHT_WORDS.get(order.light, ""), due,
        WAY_LABELS.get(order.way, ""), order.voice_count,  # type: ignore[call-overload]
    ]  # fmt: skip


def _answer(actor: Actor, name: str, title: str, lines: Iterable[Line], *more: tuple[str, int]) -> HttpResponse:
    rows = list(lines)
    names = places.area_names({o.community_id for _, o, _ in rows})
    cells = [(order, [part, *_common(order, names), *own]) for part, order, own in rows]
    return answer(*exports.listed(actor, name, title, (("哪一栏", 16), *COMMON, *more), cells))


@require_GET
def hall_export(request: HttpRequest) -> HttpResponse:
    """GET /desk/hall/export/ — what waits to be claimed, and what lies idle."""
    actor = lists.desk_actor(request)
    exports.check(actor)
    waiting: list[Line] = [
        ("等着领办", p.order, ["、".join(LABELS[Role(r)] for r in p.roles), p.order.taken_back]) for p in pool.pooled(actor)
    ]
    lazy: list[Line] = [("领走了还没动静", o, ["", o.taken_back]) for o in pool.idle(actor)]
    return _answer(actor, "hall", "抢单大厅", [*waiting, *lazy], ("由哪些岗位领办", 26), ("收回次数", 10))


@require_GET
def tasks_export(request: HttpRequest) -> HttpResponse:
    """GET /desk/tasks/export/ — one's own tasks, for oneself."""
    actor = lists.desk_actor(request)
    exports.check(actor)
    lines: list[Line] = [(title, o, []) for title, _, orders in hall.sections(pool.tasks(actor)) for o in orders]
    return _answer(actor, "tasks", "我的任务", lines)


@require_GET
def requests_export(request: HttpRequest) -> HttpResponse:
    """GET /desk/requests/export/ — what waits for my yes or no, and what became of mine; without the words of it."""
    actor = lists.desk_actor(request)
    exports.check(actor)
    rows = [("等我定的", r, o) for r, o in asked.for_decider(actor)]
    rows += [("我提的", r, r.order) for r in pool.asked_by(actor.id) if access.reads(actor, r.order)]  # type: ignore[arg-type]
    lines: list[Line] = [(part, o, _of_request(actor, o, r)) for part, r, o in rows]
    return _answer(actor, "requests", "申请", lines, ("申请什么", 36), ("提的时间", 18), ("结果", 12))


def _of_request(actor: Actor, order: Order, row: Request) -> list[object]:
    return [asked.shown(actor, order, row, "")["what"], f"{clock.local(row.asked_at):%Y-%m-%d %H:%M}", hall.STATES[row.state]]


@require_GET
def watch_export(request: HttpRequest) -> HttpResponse:
    """GET /desk/watch/export/ — supervisions and what residents urge."""
    actor = lists.desk_actor(request)
    if not actor.has_role(*access.READ):
        raise Forbidden()
    found = pool.watched(actor)
    parts = (("答复了，等我看", found.to_check), ("我发出的，还没答复", found.mine), ("我管的地方，正在督办的", found.others), ("居民在催的", found.urged))
    about = pool.parents([o for _, orders in parts for o in orders])
    lines: list[Line] = [(part, o, [o.urged, about[o.id].number if o.id in about else ""]) for part, orders in parts for o in orders]
    return _answer(actor, "watch", "督办催办", lines, ("催了几次", 10), ("督的是哪一件", 20))
