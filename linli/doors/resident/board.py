"""民情留言板: what neighbours wrote and who answered. A message stands here after somebody has looked at it, without a name."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from linli.doors.resident import mine, words
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.grid.selectors import Stamp
from linli.groups.pace import check_pace
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden, LinliError
from linli.orders import actions
from linli.orders import board as public
from linli.orders.models import Order, Voice

SHOWN = 20


@dataclass(slots=True)
class Said:
    """An answer: who, when, what."""

    who: str
    at: datetime
    text: str


@dataclass(slots=True)
class Message:
    """One message that may be seen: its public wording, what was answered in public, and to its writer her own words where
    others read less."""

    order: Order
    text: str
    own: str = ""
    answers: list[Said] = field(default_factory=list)


def messages(community_id: UUID, actor: Actor) -> list[Message]:
    """The newest messages of a community that its head let be seen. Ten statements."""
    rows = Order.objects.filter(community_id=community_id, shown=True, procedure=public.PROCEDURE, confidential=False)
    orders = list(rows.order_by("-id")[:SHOWN])
    texts, told = public.wordings(orders), public.answers(orders)
    own = _own_words(orders, actor)
    names = places.staff_labels(t.by_id for t in told if t.by_id)
    found = {o.id: Message(o, texts.get(o.id, ""), own.get(o.id, "")) for o in orders}
    for row in found.values():
        if row.own == row.text:
            row.own = ""
    for one in told:
        who = names.get(one.by_id, "物业") if one.by_id else "物业"
        found[one.order_id].answers.append(Said(who, one.at, one.text))
    return list(found.values())


def _own_words(orders: list[Order], actor: Actor) -> dict[UUID, str]:
    """order id → what the reader herself wrote there."""
    if actor.kind not in ("resident", "worker") or actor.id is None:
        return {}
    mine = Voice.objects.filter(order_id__in=[o.id for o in orders], account_id=actor.id, state=Voice.ACTIVE)
    return {v.order_id: v.words for v in mine.order_by("-id")}


@require_http_methods(["GET", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    """GET and POST /board/ — read the board of one's community, write on it."""
    actor = request.actor  # type: ignore[attr-defined]
    members = mine.joined(mine.members(actor))
    communities = places.areas(Area.COMMUNITY)
    wanted = request.POST.get("community") or request.GET.get("community", "")
    first = members[0].group.community_id if members else None
    here = next((a for a in communities if str(a.id) == wanted), None) or next((a for a in communities if a.id == first), None)
    here = here or (communities[0] if communities else None)
    context = {
        "tab": "home", "here": here, "communities": communities, "said": messages(here.id, actor) if here else [], "known": bool(actor.id),
        "new": request.GET.get("new") == "1",
    }  # fmt: skip
    if request.method == "GET":
        return render(request, "doors/board_public.html", context)
    try:
        if not actor.id:
            raise Forbidden("请先加入一个群，或者用手机号登录，再来留言。")
        if here is None or here.street_id is None:
            raise BadInput("请选社区。", "no_community")
        sent = words.of(request)
        member = next((m for m in members if m.group.community_id == here.id), None)
        if member:
            check_pace(member)
        actions.leave_message(
            by=actor, stamp=Stamp(here.street_id, here.id, None, None, "", here.name), words=sent.text, blobs=words.keep_files(actor, sent),
            member_id=member.id if member else None, group_id=None, name=member.nickname if member else "", key=sent.key,
        )  # fmt: skip
    except LinliError as exc:
        return render(request, "doors/board_public.html", context | {"wrong": exc.message}, status=422)
    return redirect(f"/board/?new=1&community={here.id}")
