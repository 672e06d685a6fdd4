"""Colleagues at the desk: who is there, and one's page with posts, leave, account and the link to sign in."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.accounts import selectors as accounts
from linli.accounts.models import Account
from linli.grid import access, actions, selectors
from linli.grid.models import Absence, Area, Organisation, Post, RosterShift
from linli.grid.seen import seen_of
from linli.grid.web import adding, common, places
from linli.kernel import clock, masking
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden, NotFound
from linli.kernel.roles import LABELS, Role

PAGE = 100


@dataclass(slots=True)
class Held:
    """One post of a colleague, and where it stands in time: now, to come, over."""

    post: Post
    role: str
    place: str
    state: str


def _colleague(actor: Actor, account_id: UUID) -> Account:
    account = Account.objects.filter(id=account_id, kind=Account.STAFF).first()
    if account is None or not access.sees_colleague(actor, account_id):
        raise NotFound("没有找到这位同事，或者不在您管的地方。")
    return account


@require_GET
def colleagues(request: HttpRequest) -> HttpResponse:
    """GET /desk/grid/colleagues/?q=李&state=stopped — all accounts of colleagues, by log-in name."""
    actor = common.worker(request)
    access.ask(actor, "change_colleague", None)
    q = " ".join(request.GET.get("q", "").split())[:32]
    state = request.GET.get("state", "")
    rows = Account.objects.filter(kind=Account.STAFF).order_by("login")
    if state in ("stopped", "active"):
        rows = rows.filter(is_active=state == "active")
    # Names are sealed in the database, so they are looked through here.
    found = [a for a in rows if q.lower() in a.login.lower() or q in a.name]
    here = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "room": "grid", "nodes": common.nodes(common.mine(actor), None, common.LEVELS), "page": here, "q_person": q, "state": state, "count": len(found),
        "people": [(a, [_held(p) for p in selectors.posts_of(a.id)[:3]]) for a in here],
    }  # fmt: skip
    return render(request, "grid/colleagues.html", context)


@require_GET
def colleague(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """GET /desk/grid/colleague/<account>/"""
    actor = common.worker(request)
    return _page(request, actor, _colleague(actor, account_id))


def _held(post: Post) -> Held:
    today = clock.today()
    over = post.ends is not None and post.ends < max(today, post.starts or today)
    state = "over" if over else "to_come" if post.starts and post.starts > today else "now"
    return Held(post, LABELS[Role(post.role)], post.area.name if post.area else "全区", state)


def _page(request: HttpRequest, actor: Actor, account: Account, **more: Any) -> HttpResponse:
    sets = access.may(actor, "change_colleague", None)
    rows = Post.objects.filter(account_id=account.id).exclude(role__in=access.NO_POST).select_related("area", "org")
    held = sorted((_held(p) for p in rows), key=lambda h: (("now", "to_come", "over").index(h.state), h.post.id))
    now = clock.now()
    leave = list(Absence.objects.filter(account_id=account.id, ends_at__gt=now).order_by("starts_at")[:20])
    instead = list(Absence.objects.filter(stand_in_id=account.id, ends_at__gt=now).order_by("starts_at")[:20])
    names = accounts.names({a.stand_in_id for a in leave if a.stand_in_id} | {a.account_id for a in instead})
    home = access.home_area(account.id)
    roster_of = home and (home.community_id or home.street_id)
    what = more.get("what", "")
    own = {"name": account.name, "phone": account.phone}
    on_roster = RosterShift.objects.filter(account_id=account.id).exclude(day__lt=clock.today()).count()
    context = {
        "room": "grid", "nodes": common.nodes(common.mine(actor), home, common.LEVELS), "account": account, "held": held, "sets": sets, "said": common.said(request),
        "phone": account.phone if sets else masking.mask_phone(account.phone), "home": home, "roster_of": roster_of,
        "leave": [(a, names.get(a.stand_in_id, "") if a.stand_in_id else "") for a in leave],
        "instead": [(a, names.get(a.account_id, "")) for a in instead], "shifts": on_roster, "today": clock.today(),
        "gone": not account.is_active or all(h.state == "over" for h in held), "oneself": actor.id == account.id,
        "filled": {"change": (request.POST.dict() if what == "change" else own), "post": request.POST.dict() if what == "post" else {}},
        "seen": seen_of(account), "can_sign_in": account.has_usable_password(),
    }  # fmt: skip
    if sets:
        context |= {
            "roles": places.roles_at(None), "all_orgs": Organisation.objects.order_by("name")[:300],
            "areas": [(a, "　" * common.LEVELS.index(a.level) + a.name) for a in common.in_order(selectors.areas()) if a.level != Area.DISTRICT],
        }  # fmt: skip
    return render(request, "grid/colleague.html", context | more, status=422 if more.get("wrong") else 200)


def _after(request: HttpRequest, account_id: UUID, what: str, said: str, work: Any) -> HttpResponse:
    """Do it and go back to her page; refused, the page says why and keeps what was typed."""
    actor = common.worker(request)
    account = _colleague(actor, account_id)
    try:
        with transaction.atomic():
            work(actor, account)
    except common.REFUSED as exc:
        return _page(request, actor, _colleague(actor, account_id), wrong=exc.message, what=what)
    return common.done(reverse("colleague", args=[account_id]), said)


@require_POST
def change_colleague(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """POST /desk/grid/colleague/<account>/change/ — name and number."""
    post = request.POST
    given = {"name": post.get("name", ""), "phone": post.get("phone", ""), "seen": post.get("seen") or None}
    return _after(
        request, account_id, "change", "changed",
        lambda actor, account: actions.change_colleague(by=actor, account_id=account.id, **given),
    )  # fmt: skip


@require_POST
def set_active(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """POST /desk/grid/colleague/<account>/active/ — stop the account, or start it again (`change_colleague`)."""
    active = request.POST.get("active") == "1"
    return _after(
        request, account_id, "", "started" if active else "stopped",
        lambda actor, account: actions.change_colleague(by=actor, account_id=account.id, active=active),
    )  # fmt: skip


@require_POST
def renew_link(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """POST /desk/grid/colleague/<account>/link/ — a new link, shown once: only its hash is kept."""
    actor = common.worker(request)
    account = _colleague(actor, account_id)
    try:
        token = actions.renew_link(by=actor, account_id=account.id)
    except common.REFUSED as exc:
        return _page(request, actor, account, wrong=exc.message)
    return _page(request, actor, account, link=request.build_absolute_uri(reverse("welcome", args=[token])))


@require_POST
def add_post(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """POST /desk/grid/colleague/<account>/post/"""
    return _after(request, account_id, "post", "posted", lambda actor, account: _give(request, actor, account))


def _give(request: HttpRequest, actor: Actor, account: Account) -> None:
    wished = request.POST.get("area", "")
    area = next((a for a in selectors.areas() if str(a.id) == wished), None)
    if wished and area is None:
        raise BadInput("没有这个地方，或者它已经结束了。")
    if not access.may(actor, "add_post", area):
        raise Forbidden()
    adding.give(actor, area, account.id, request)


@require_POST
def end_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """POST /desk/grid/post/<id>/end/ — its last day; without one it ends at once."""
    actor = common.worker(request)
    post = Post.objects.filter(id=post_id).first()
    if post is None:
        raise NotFound("没有找到这个岗位。")
    access.ask(actor, "end_post", post.area)
    return _after(request, post.account_id, "", "left", lambda by, _: _end(request, by, post))


def _end(request: HttpRequest, actor: Actor, post: Post) -> None:
    actions.end_post(by=actor, post_id=post.id, last_day=common.day(request.POST.get("last_day", ""), "最后一天"))
