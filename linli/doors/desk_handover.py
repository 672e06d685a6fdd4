"""What somebody who has left still has in her hands, and who takes it. There is such a page for those who have gone only: no
list of orders is ever made by person for anybody who works."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.accounts import selectors as accounts
from linli.accounts.models import Account
from linli.doors.desk_notices import worker
from linli.grid import access as places_access
from linli.grid import selectors as places
from linli.grid.duty import book as duty_book
from linli.grid.selectors import Stamp
from linli.groups import access as groups_access
from linli.groups.models import Member
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, LinliError, NotFound
from linli.orders import access, actions, assignees, rows
from linli.orders.models import Order
from linli.orders.states import MOVES

MOST = 200


@dataclass(slots=True)
class Place:
    """The orders of one community, and who can take them over."""

    name: str
    rows: list[Any]
    colleagues: list[tuple[str, list[assignees.Colleague]]]
    community_id: UUID


def _gone(actor: Actor, account_id: UUID) -> Account:
    """Somebody whose account is stopped or who holds no post any more. Raises NotFound for everybody else, also for those
    who still work: what they have in hand is nobody's list."""
    account = Account.objects.filter(id=account_id, kind=Account.STAFF).first()
    at_work = account is not None and account.is_active and any(
        p.role not in places_access.NO_POST for p in places.posts_of(account_id)
    )
    if account is None or at_work:
        raise NotFound("这位同事在岗，手里的事不单独列出来。")
    if not places_access.sees_colleague(actor, account_id) and not _orders(actor, account_id):
        raise NotFound("没有找到这位同事。")
    return account


def _orders(actor: Actor, account_id: UUID) -> list[Order]:
    """Her open orders that this reader may know of, what is due first."""
    mine = access.visible_to(actor).filter(responsible_id=account_id, is_open=True)
    return list(mine.order_by("due_at", "id")[:MOST])


@require_GET
def handover(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """GET /desk/handover/<account>/"""
    actor = worker(request)
    return _page(request, actor, _gone(actor, account_id))


def _page(request: HttpRequest, actor: Actor, account: Account, wrong: str = "") -> HttpResponse:
    found = _orders(actor, account.id)
    total = Order.objects.filter(responsible_id=account.id, is_open=True).count()
    by_community: dict[UUID, list[Order]] = {}
    for order in found:
        by_community.setdefault(order.community_id, []).append(order)
    names = places.area_names(by_community)
    lines = {r.order.id: r for r in rows.rows(found)}
    groups = [
        Place(names.get(c, ""), [(lines[o.id], _gives(actor, o)) for o in mine], _takers(actor, mine), c)
        for c, mine in by_community.items()
    ]  # fmt: skip
    owned = groups_access.visible_to(actor).filter(
        id__in=Member.objects.filter(account_id=account.id, role=Member.OWNER, left_at=None).values("group_id")
    )
    context = {
        "room": "orders", "tree_label": "", "account": account, "places": groups, "total": total, "seen": len(found),
        "hidden": total - len(found), "owned": list(owned.order_by("name")[:30]), "wrong": wrong, "data": request.POST,
        "picked": set(request.POST.getlist("order")), "opens": places_access.sees_colleague(actor, account.id),
        "moved": request.GET.get("moved", ""), "whom": _whom(account) if total > len(found) else "",
    }  # fmt: skip
    return render(request, "doors/desk_handover.html", context, status=422 if wrong else 200)


def _gives(actor: Actor, order: Order) -> bool:
    return MOVES.allows("assign_order", order.state) and access.may(actor, "assign_order", order)


def _takers(actor: Actor, found: list[Order]) -> list[tuple[str, list[assignees.Colleague]]]:
    """Who can take over what the reader may give away there."""
    first = next((o for o in found if _gives(actor, o)), None)
    return assignees.groups(first) if first else []


def _whom(account: Account) -> str:
    """Whom to ask about what this reader may not see: the heads of the communities."""
    stamps = Order.objects.filter(responsible_id=account.id, is_open=True).order_by().values_list("street_id", "community_id").distinct()
    heads = [i for street, community in stamps[:20] for i in duty_book().heads(Stamp(street, community))]
    return "、".join(dict.fromkeys(accounts.names(heads).values()))


@require_POST
def handover_assign(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """POST /desk/handover/<account>/assign/ — the ticked orders of one community go to one colleague (`assign_order`)."""
    actor = worker(request)
    account = _gone(actor, account_id)
    try:
        moved = _assign(actor, account, request)
    except LinliError as exc:
        return _page(request, actor, account, exc.message)
    return HttpResponseRedirect(f"{reverse('handover', args=[account_id])}?moved={moved}")


@transaction.atomic
def _assign(actor: Actor, account: Account, request: HttpRequest) -> int:
    """All or none. Raises LinliError."""
    post = request.POST
    try:
        picked, to = [UUID(i) for i in post.getlist("order")][:MOST], UUID(post.get("to", ""))
    except ValueError as exc:
        raise BadInput("请选交给哪位同事。", "missing_to") from exc
    if not picked:
        raise BadInput("请勾上要交出去的事。", "nothing_picked")
    orders = {o.id: o for o in Order.objects.filter(id__in=picked, responsible_id=account.id, is_open=True)}
    for order_id in sorted(orders):
        try:
            actions.assign_order(by=actor, order_id=order_id, to=to, words=post.get("words", ""))
        except LinliError as exc:
            raise BadInput(f"{orders[order_id].number}：{exc.message} 一件都没有动。", exc.code) from exc
    return len(orders)
