"""Signing in: with a name and password, or with a number and a code; in the demo as anybody, with one tap. A number is
asked only when wanted: for calling back, or to come back to one's own matters on another phone."""

from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.accounts import actions as accounts
from linli.accounts import selectors as account_selectors
from linli.accounts.models import Account
from linli.grid.models import Post
from linli.groups import actions as groups
from linli.groups.models import Member
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden, LinliError, NotFound, TooMany
from linli.kernel.roles import LABELS, Role
from linli.notices import sms
from linli.orders import actions as orders

BACKEND = "django.contrib.auth.backends.ModelBackend"
CODES_AN_HOUR_FROM_ONE_PLACE = 20
HOUR = timedelta(hours=1)


def _next(request: HttpRequest, account: Account) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return "/desk/" if account.kind == Account.STAFF else "/"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; wrong ones are counted per name and place (django-axes)."""
    context: dict[str, Any] = {"next": request.POST.get("next") or request.GET.get("next", ""), "cast": _cast()}
    if request.method == "POST":
        name = request.POST.get("login", "").strip()
        account = authenticate(request, username=name, password=request.POST.get("password", ""))
        if isinstance(account, Account):
            login(request, account)
            return redirect(_next(request, account))
        context |= {"login": name, "wrong": "登录名或密码不对，请再看一眼。"}
        return render(request, "doors/sign_in.html", context, status=422)
    return render(request, "doors/sign_in.html", context)


def _cast() -> list[dict[str, Any]]:
    """Only in the demo: everybody by role, so that one tap is enough. Three statements."""
    if not settings.LINLI_DEMO:
        return []
    posts: dict[UUID, list[Post]] = defaultdict(list)
    for post in Post.objects.select_related("area").order_by("id"):
        posts[post.account_id].append(post)
    groups_of: dict[UUID, list[str]] = defaultdict(list)
    for member in Member.objects.exclude(account_id=None).select_related("group").order_by("id"):
        groups_of[member.account_id].append(member.group.name)  # type: ignore[index]
    sections: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for account in Account.objects.filter(is_active=True).exclude(login__startswith="r-").order_by("id"):
        mine = posts.get(account.id, [])
        staff = account.kind == Account.STAFF
        role = LABELS[Role(mine[0].role)] if staff and mine else "" if staff else LABELS[Role.RESIDENT]
        area = mine[0].area.name if mine and mine[0].area else ""
        where = area if staff else "、".join(groups_of[account.id][:2])
        sections[role or "工作人员"].append({"id": account.id, "name": account.name, "where": where, "staff": staff, "login": account.login})
    first = [LABELS[r] for r in (Role.GRID_WORKER, Role.COMMUNITY_HEAD, Role.DUTY_OFFICER, Role.FRONT_DESK, Role.STREET_LEADER)]
    start = [p | {"where": f"{r} · {p['where']}"} for r in (LABELS[Role.RESIDENT], *first) for p in sections.get(r, [])[: 2 if r == LABELS[Role.RESIDENT] else 1]]
    order = [LABELS[Role.RESIDENT], *(LABELS[r] for r in Role if r != Role.RESIDENT), "工作人员"]
    rest = [{"role": r, "people": sections[r]} for r in dict.fromkeys(order) if sections.get(r)]
    return [{"role": "从这几位开始", "people": start}, *rest]


@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """In the demo only: be somebody of the cast with one tap. Elsewhere this page does not exist."""
    if not settings.LINLI_DEMO:
        raise NotFound()
    try:
        account = Account.objects.filter(id=UUID(request.POST.get("account", "")), is_active=True).first()
    except ValueError:
        account = None
    if account is None:
        raise NotFound()
    login(request, account, backend=BACKEND)
    return redirect(_next(request, account))


@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """Two steps: the number, then the code. A resident ties the number to herself, a guest comes back by it."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.kind == "worker":
        raise Forbidden("工作人员的号码由管理员在工作台上改。")
    context: dict[str, Any] = {"tab": "me", "phone": request.POST.get("phone", "").strip(), "known": bool(actor.id)}
    if request.method != "POST":
        return render(request, "doors/phone.html", context)
    try:
        if "code" not in request.POST:
            _send_code(request, context["phone"])
            return render(request, "doors/phone.html", {**context, "sent": True})
        account = _come_back(actor, context["phone"], request.POST["code"])
    except LinliError as exc:
        sent = "code" in request.POST and exc.code != "bad_phone"
        return render(request, "doors/phone.html", {**context, "sent": sent, "wrong": exc.message}, status=422)
    if account.id != actor.id:
        login(request, account, backend=BACKEND)
    return redirect("me")


def _send_code(request: HttpRequest, number: str) -> None:
    """Make and send a code. Raises TooMany when this place or this number asks too often."""
    place = f"codes:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(place, 0, HOUR.total_seconds())
    if cache.incr(place) > CODES_AN_HOUR_FROM_ONE_PLACE:
        raise TooMany("验证码要得太多了，请一小时后再试。", "too_many_codes")
    digits, code = accounts.send_phone_code(phone=number)
    sms.send_code(digits, code, minutes=accounts.CODE_MINUTES)


def _come_back(actor: Actor, number: str, code: str) -> Account:
    """The account of whoever proved the number: her own, or an older one that takes over what she did meanwhile."""
    if actor.id is None:
        digits = accounts.check_phone_code(phone=number, code=code)
        account = account_selectors.resident_with_phone(digits)
        if account is None:
            raise BadInput("这个号码还没有登记过。请先扫群里的二维码加入，再留下号码。", "unknown_phone")
        return account
    account = accounts.prove_phone(by=actor, account_id=actor.id, phone=number, code=code)
    if account.id != actor.id:
        _take_over(actor, actor.id, account)
    return account


@transaction.atomic
def _take_over(actor: Actor, source: UUID, account: Account) -> None:
    """A nameless account of this phone goes over into the one that has the number; one with a number of its own stays."""
    now = Account.objects.get(id=source)
    if now.phone_proved_at is not None:
        return
    groups.move_members(by=actor, source=source, target=account.id)
    orders.move_voices(by=actor, source=source, target=account.id)
    accounts.change_account(by=actor, account_id=source, active=False)
