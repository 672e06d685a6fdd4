"""A colleague's messages: codes and numbers turned into sentences for this reader at this moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.accounts import selectors as accounts
from linli.grid import selectors as grid
from linli.groups.models import Group
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden, NotFound
from linli.ledger import live_token
from linli.notices import actions as notices
from linli.notices import selectors, texts
from linli.notices.models import Notice
from linli.orders import access, labels
from linli.orders.models import Order, Voice
from linli.ui import figures

ICONS = {
    "clock_yellow": "clock", "clock_red": "warn", "clock_red_head": "warn", "clock_150_street": "warn", "duty_gap": "calendar",
    "week_sheet": "file",
}  # fmt: skip
REQUESTED = {"pause": "挂账", "extension": "延期", "outcome": "结果确认"}
LIMIT = 100


@dataclass(slots=True)
class Line:
    """One message as a sentence, with its way on."""

    id: UUID
    text: str
    at: datetime
    unread: bool
    urgent: bool
    icon: str


def worker(request: HttpRequest) -> Actor:
    """The colleague at the desk. Raises Forbidden for everybody else."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != "worker":
        raise Forbidden("请用工作人员的账号登录。", "not_staff")
    return actor


def to_sign_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages that a letter links to: who is not signed in on this device signs in first and comes back."""

    @wraps(view)
    def first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.kind == "guest" and request.method == "GET":  # type: ignore[attr-defined]
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return first


def lines(actor: Actor, rows: Sequence[Notice]) -> list[Line]:
    """Sentences for this reader; what she may not see any more is said without its matter. Four statements."""
    orders = Order.objects.in_bulk({n.subject_id for n in rows if n.subject_kind == "order"})
    readable = {i: o for i, o in orders.items() if access.reads(actor, o)}
    in_hand = {o.responsible_id for o in readable.values() if o.responsible_id}
    names, posts = accounts.names(in_hand), grid.post_names(in_hand)
    asked = {n.subject_id for n in rows if n.kind == "question_waiting"}
    first_group = dict(
        Voice.objects.filter(order_id__in=asked, group_id__isnull=False).order_by("-id").values_list("order_id", "group_id")
    ) if asked else {}  # fmt: skip
    groups = dict(Group.objects.filter(id__in=first_group.values()).values_list("id", "name")) if first_group else {}
    found = []
    for n in rows:
        order = readable.get(n.subject_id)
        group = groups.get(first_group[n.subject_id], "") if n.subject_id in first_group else ""
        found.append(
            Line(n.id, _sentence(n, order, names, posts, group), n.not_before, n.read_at is None, n.urgent, ICONS.get(n.kind, "order"))
        )
    return found


def _sentence(notice: Notice, order: Order | None, names: dict[UUID, str], posts: dict[UUID, str], group: str) -> str:
    p = notice.params
    due = p.get("due")
    person = names.get(order.responsible_id, "") if order and order.responsible_id else ""
    post = posts.get(order.responsible_id, "") if order and order.responsible_id else ""
    return texts.render(
        notice.kind, post=post or "当班的岗位", number=str(p.get("number") or (order.number if order else "")),
        place=(order.place_text if order else "") or "这里", matter=order.title if order else "已转给别的同事",
        step=labels.clock(order, str(p.get("clock", ""))) if order else "办理", person=person or "值班的同事", group=group or "群",
        due=figures.when(datetime.fromisoformat(str(due))) if due else "约定的时间", time=str(p.get("time") or ""),
        request=REQUESTED.get(str(p.get("request", "")), "申请"),
    )  # fmt: skip


@require_GET
@to_sign_in
def inbox(request: HttpRequest) -> HttpResponse:
    """GET /desk/notices/"""
    actor = worker(request)
    rows = selectors.inbox(actor, limit=LIMIT)
    context = {"room": "notices", "tree_label": "", "lines": lines(actor, rows), "live": live_token.make([notices.topic(actor.id)])}  # type: ignore[arg-type]
    part = getattr(request, "htmx", None) and request.htmx.target == "inbox"  # type: ignore[attr-defined]
    return render(request, "doors/desk_notice_lines.html" if part else "doors/desk_notices.html", context)


@require_GET
@to_sign_in
def go(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """GET /desk/notices/<id>/ — read it and go where it leads."""
    actor = worker(request)
    notice = selectors.visible_to(actor).filter(id=notice_id).first()
    if notice is None:
        raise NotFound()
    notices.mark_read(actor, [notice.id])
    if notice.subject_kind == "order":
        order = Order.objects.filter(id=notice.subject_id).first()
        if order is None or not access.reads(actor, order):
            raise NotFound("这件事已经转给别的同事，您这里看不到了。")
        return HttpResponseRedirect(reverse("order", args=[order.id]))
    if notice.subject_kind == "week_sheet":
        return HttpResponseRedirect(f"{reverse('week')}?sheet={notice.subject_id}")
    return HttpResponseRedirect(reverse("roster") if notice.kind == "duty_gap" else reverse("desk_notices"))


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """POST /desk/notices/read/ — all that show."""
    notices.mark_read(worker(request))
    return HttpResponseRedirect(reverse("desk_notices"))
