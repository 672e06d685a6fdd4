"""谁可能知道: who opened and handled an order, who could have, and who read the reporter's own words in her group."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from linli.accounts import selectors as accounts
from linli.grid import selectors as places
from linli.groups.models import Group, Member, Message
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.roles import LABELS
from linli.orders import access, known, labels
from linli.orders.models import Order, Voice


@dataclass(frozen=True, slots=True)
class Heard:
    """A group in which reporters said it themselves: everybody in it could read who spoke, also after the fact."""

    group: Group
    colleagues: list[tuple[str, str]]
    neighbours: int


def heard(order: Order) -> list[Heard]:
    """The groups whose members read the reporters' own words, with the colleagues and firms among them. Four statements."""
    said = Voice.objects.filter(order_id=order.id, message_id__isnull=False).values("message_id")
    rows = Message.objects.filter(id__in=said, audience=Message.GROUP, group__channel=Group.PAGE).select_related("group")
    groups = {m.group_id: m.group for m in rows}
    members: dict[UUID, list[Member]] = {}
    for member in Member.objects.filter(group_id__in=list(groups)).exclude(sender_ref__startswith="qr:"):
        members.setdefault(member.group_id, []).append(member)
    people = {m.account_id for ms in members.values() for m in ms if m.account_id}
    posts = {i: [LABELS[p.role] for p in places.roles_of(i)] for i in people}
    names = accounts.names(i for i, held in posts.items() if held)
    return [
        Heard(
            groups[i],
            sorted((names.get(m.account_id, ""), "、".join(dict.fromkeys(posts[m.account_id]))) for m in ms if m.account_id and posts[m.account_id]),
            sum(1 for m in ms if not (m.account_id and posts[m.account_id])),
        )
        for i, ms in members.items()
    ]  # fmt: skip


def _colleague(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != "worker":
        raise Forbidden("请用工作人员的账号登录。", "not_staff")
    return actor


@require_GET
def order_known(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """GET /desk/orders/<id>/known/"""
    actor = _colleague(request)
    found = known.get(actor, order_id)
    context = {
        "order": found, "known": known.of(found), "heard": heard(found), "reads": access.reads(actor, found), "room": "orders",
        "tree_label": "", "state": labels.state(found),
    }  # fmt: skip
    return render(request, "doors/desk_known.html", context)


@require_GET
def order_find_known(request: HttpRequest) -> HttpResponse:
    """GET /desk/known/?number=… — the auditor's way in: she reads no lists."""
    _colleague(request)
    number = request.GET.get("number", "").strip()
    found = Order.objects.filter(number=number).values_list("id", flat=True).first()
    if found is None:
        raise NotFound("没有这个编号的工单，请再看一眼编号。")
    return HttpResponseRedirect(reverse("order_known", args=[found]))
