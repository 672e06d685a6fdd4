"""The claim hall 抢单大厅, one's own tasks, requests and supervision: what is to be taken, done, decided, watched."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.accounts import selectors as accounts
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, Forbidden, LinliError, NotFound
from linli.kernel.roles import LABELS, Role
from linli.ledger import live_token
from linli.notices import actions as notices
from linli.orders import access, actions, asked, labels, pool, rows
from linli.orders.models import Order, Request
from linli.orders.rooms import rooms
from linli.orders.states import WAY_LABELS, Way
from linli.orders.web import drawer, lists, steps
from linli.ui.answers import toast

BATCH = 20
GONE = "别的同志刚刚先领走了，谢谢您肯搭手。"


def _topics(actor: Actor, orders: list[Order]) -> str:
    communities = list(dict.fromkeys(o.community_id for o in orders))[: live_token.MOST_TOPICS - 1]
    mine = [p.community_id for p in actor.posts if p.community_id]
    names = [f"c:{i}" for i in dict.fromkeys([*mine, *communities])][: live_token.MOST_TOPICS - 1]
    return live_token.make([*names, notices.topic(actor.id)])  # type: ignore[arg-type]


@require_GET
def hall(request: HttpRequest) -> HttpResponse:
    """GET /desk/hall/ — what waits to be claimed near me; for the centre also dispatch and what lies idle."""
    actor = lists.desk_actor(request)
    if not actor.has_role(*access.READ):
        raise Forbidden("流转中心由社区和街道的同志领办。")
    found = pool.pooled(actor)
    lazy = pool.idle(actor)
    names = accounts.names(o.responsible_id for o in lazy if o.responsible_id)
    context = {
        "pooled": [_line(p) for p in found], "idle": [(o, names.get(o.responsible_id, "")) for o in lazy],
        "have": pool.claimed_by(actor.id),  # type: ignore[arg-type]
        "gives": any(p.gives for p in found), "live": _topics(actor, [p.order for p in found]), "room": "orders", "tree_label": "",
    } | rooms(actor, "hall")  # fmt: skip
    part = getattr(request, "htmx", None) and request.htmx.target == "hall"  # type: ignore[attr-defined]
    return render(request, "orders/_hall.html" if part else "orders/hall.html", context)


def _line(row: pool.Pooled) -> dict[str, Any]:
    order = row.order
    who = "、".join(LABELS[Role(r)] for r in row.roles)
    return {
        "p": row, "order": order, "kind": labels.kind(order.kind), "who": who, "procedure": labels.procedure(order),
        "way": WAY_LABELS[Way(order.way)] if order.way else "", "near": ("我的网格", "我的社区", "")[row.near],
    }  # fmt: skip


@require_POST
def hall_claim(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """POST /desk/hall/<id>/claim/ — one tap opens the order in hand; the others hear a kind word."""
    actor = lists.desk_actor(request)
    if not actor.has_role(*access.CLAIMERS):
        raise Forbidden("流转中心由社区和街道的同志领办。")
    try:
        order = actions.claim_order(by=actor, order_id=order_id)
    except (Conflict, NotFound):
        # Claimed by somebody whose grid is not hers, it is out of her sight by now: for her the same story.
        return _missed(request)
    if not getattr(request, "htmx", None):
        return HttpResponseRedirect(reverse("order", args=[order.id]))
    return toast(render(request, "orders/_drawer.html", drawer.drawer(request, actor, order)), "领到了，这件事由您来办。")


def _missed(request: HttpRequest) -> HttpResponse:
    if not getattr(request, "htmx", None):
        context = {"said": GONE, "room": "orders", "tree_label": ""} | rooms(lists.desk_actor(request), "hall")
        return render(request, "orders/hall_said.html", context, status=409)
    return toast(HttpResponse(), GONE)


@require_POST
def hall_dispatch(request: HttpRequest) -> HttpResponse:
    """POST /desk/hall/dispatch/ — the chosen orders to whom the machine suggests, one by one; what cannot be is said."""
    actor = lists.desk_actor(request)
    chosen = request.POST.getlist("orders")[:BATCH]
    if not chosen:
        raise BadInput("请先勾选要派出去的事。", "nothing_chosen")
    done, left = [], []
    for text in chosen:
        try:
            done.append(_dispatch(actor, UUID(text)))
        except (LinliError, ValueError) as exc:
            left.append(getattr(exc, "message", "没有这件事。"))
    context = {"done": done, "left": left, "room": "orders", "tree_label": ""} | rooms(actor, "hall")
    return render(request, "orders/hall_dispatched.html", context)


def _dispatch(actor: Actor, order_id: UUID) -> tuple[Order, str, str]:
    order = access.get(actor, order_id)
    best = steps.suggestion(order)
    if best is None:
        raise NotFound("这里现在没有可以派的人，请打开工单指定一位。")
    order = actions.dispatch_order(by=actor, order_id=order_id, to=best[0])
    return order, best[1], best[2]


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """GET /desk/tasks/ — today, for me."""
    actor = lists.desk_actor(request)
    found = pool.tasks(actor)
    by_id = {r.order.id: r for r in rows.rows(found.all())}

    def lines(orders: list[Order]) -> list[tuple[rows.Row, str]]:
        return [(by_id[o.id], labels.step(o)) for o in orders]

    context = {
        "sections": [(title, said, lines(orders)) for title, said, orders in sections(found) if orders], "deciding": _deciding(actor), "room": "orders", "tree_label": "",
        "live": _topics(actor, found.all()[:5]), "claims": actor.has_role(*access.READ),
    } | rooms(actor, "tasks")  # fmt: skip
    part = getattr(request, "htmx", None) and request.htmx.target == "tasks"  # type: ignore[attr-defined]
    return render(request, "orders/_tasks.html" if part else "orders/tasks.html", context)


def sections(found: pool.Tasks) -> list[tuple[str, str, list[Order]]]:
    """The parts of one's tasks in the order of what waits most: title, a word, orders."""
    return [
        ("等我答复", "居民在等一句话：什么情况、怎么办、什么时候办。", found.answer),
        ("到现场看一看", "看过拍张照，再写结果。", found.on_site),
        ("请我复核", "别的单位办过、居民仍不认可的，给最终答复。", found.review),
        ("今天要办好", "", found.today),
        ("往后几天", "", found.later),
        ("在等别的事", "挂账或等资金、等表决；到日子会提醒。", found.waiting),
    ]  # fmt: skip


def _deciding(actor: Actor) -> list[dict[str, Any]]:
    found = asked.for_decider(actor)
    names = accounts.names(r.asked_by for r, _ in found)
    return [asked.shown(actor, o, r, names.get(r.asked_by, "")) | {"order": o} for r, o in found]


@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """GET /desk/requests/ — what waits for my yes or no, and what became of mine."""
    actor = lists.desk_actor(request)
    mine = pool.asked_by(actor.id)  # type: ignore[arg-type]
    names = accounts.names(r.decided_by for r in mine if r.decided_by)
    own = [
        asked.shown(actor, r.order, r, "") | {
            "order": r.order, "state": STATES[r.state], "reason": r.reason, "decided_at": r.decided_at,
            "by": names.get(r.decided_by, "") if r.decided_by else "", "open": r.state == Request.OPEN,
        }
        for r in mine if access.reads(actor, r.order)
    ]  # fmt: skip
    context = {"deciding": _deciding(actor), "own": own, "room": "orders", "tree_label": ""} | rooms(actor, "requests")
    return render(request, "orders/requests.html", context)


STATES = {Request.OPEN: "等着定", Request.GRANTED: "同意了", Request.REFUSED: "没有同意", Request.GONE: "不用了"}


@require_GET
def watch(request: HttpRequest) -> HttpResponse:
    """GET /desk/watch/ — supervisions of my places, and what residents urge; orders, never persons."""
    actor = lists.desk_actor(request)
    if not actor.has_role(*access.READ):
        raise Forbidden()
    found = pool.watched(actor)
    about = pool.parents([*found.to_check, *found.mine, *found.others])

    def lines(orders: list[Order]) -> list[tuple[rows.Row, str, Order | None]]:
        return [(r, labels.step(r.order), about.get(r.order.id)) for r in rows.rows(orders)]

    context = {
        "to_check": lines(found.to_check), "mine": lines(found.mine), "others": lines(found.others), "urged": lines(found.urged),
        "closed": found.closed, "all": found.all, "room": "orders", "tree_label": "",
        "supervises": actor.has_role(*access.SUPERVISORS),
    } | rooms(actor, "watch")  # fmt: skip
    return render(request, "orders/watch.html", context)
