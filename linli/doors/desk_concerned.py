"""写明当事人: the desk says which member of a group an order concerns that nobody reported, so that she can object herself."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from linli.doors.desk_notices import worker
from linli.groups import selectors as groups
from linli.groups.models import Group, Member
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden
from linli.orders import access, actions
from linli.orders.drafts import Concern
from linli.orders.models import Concerned, Order

LISTED = 30


@require_http_methods(["GET", "POST"])
def order_concerned(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """GET /desk/orders/<id>/concerned/?group=&q= — find the member; POST names her."""
    actor = worker(request)
    found = access.get(actor, order_id)
    if not access.may(actor, "name_concerned", found):
        raise Forbidden("当事人由办这件事的同志或社区书记来写明。")
    if request.method == "GET":
        return render(request, "doors/desk_concerned.html", _page(actor, request, found))
    try:
        member = _member(found, request.POST.get("member", ""))
    except BadInput as exc:
        return render(request, "doors/desk_concerned.html", _page(actor, request, found) | {"wrong": exc.message}, status=422)
    actions.name_concerned(by=actor, order_id=found.id, concern=Concern(member.account_id, member.id, member.group_id))
    return redirect("order", found.id)


def _groups(found: Order) -> list[Group]:
    return list(Group.objects.filter(community_id=found.community_id).order_by("name"))


def _page(actor: Actor, request: HttpRequest, found: Order) -> dict[str, Any]:
    rooms = _groups(found)
    group = next((g for g in rooms if str(g.id) == request.GET.get("group")), rooms[0] if rooms else None)
    q = request.GET.get("q", "").strip()[:32]
    people = [m for m in groups.members_of(group.id) if not m.staff and q in m.nickname] if group else []
    named = Concerned.objects.filter(order_id=found.id).first()
    return {
        "room": "orders", "tree_label": "", "order": found, "groups": rooms, "group": group, "q": q, "people": people[:LISTED],
        "more": len(people) > LISTED, "named": named.member_id if named else None, "open": actions.may_concern(found),
    }  # fmt: skip


def _member(found: Order, text: str) -> Member:
    """A neighbour in a group of the order's community. Raises BadInput."""
    try:
        member = Member.objects.filter(id=UUID(text), left_at=None, staff=False, group__community_id=found.community_id).first()
    except ValueError:
        member = None
    if member is None:
        raise BadInput("请从名单里点一位群友。", "no_member")
    return member
