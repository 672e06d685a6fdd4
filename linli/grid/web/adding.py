"""What the administrator adds at a place: a place below it, a building, an organisation, a post, a colleague."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from linli.accounts import actions as accounts
from linli.accounts.models import Account
from linli.grid import access, actions, selectors
from linli.grid.models import Area
from linli.grid.web import common, places
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput
from linli.kernel.roles import LABELS, Role


@require_POST
def add_district(request: HttpRequest) -> HttpResponse:
    """POST /desk/grid/district/ — the first place of an empty system."""
    actor = common.worker(request)
    access.ask(actor, "add_area", None)
    try:
        if selectors.areas(Area.DISTRICT):
            raise BadInput("一套系统只服务一个区，已经有了。", "district_there")
        area = actions.add_area(by=actor, level=Area.DISTRICT, code=request.POST.get("code", ""), name=request.POST.get("name", ""))
    except common.REFUSED as exc:
        return places.first(request, exc.message)
    return common.done(reverse("grid_area", args=[area.id]), "added")


@require_POST
def add(request: HttpRequest, area_id: UUID, what: str) -> HttpResponse:
    """POST /desk/grid/<area>/add/<what>/ — area, building, organisation, post or colleague."""
    actor = common.worker(request)
    chosen = common.choose(common.mine(actor), area_id, actor, common.LEVELS)
    makers = {"area": _area, "building": _building, "organisation": _organisation, "post": _post, "colleague": _colleague}
    if what not in makers:
        raise Http404
    try:
        with transaction.atomic():
            link = makers[what](actor, chosen, request)
    except common.REFUSED as exc:
        return places.page(request, actor, chosen, wrong=exc.message, what=what)
    if link:
        # Shown once: only its hash is kept.
        return places.page(request, actor, chosen, link=link)
    return common.done(reverse("grid_area", args=[chosen.id]), "added")


def _area(actor: Actor, chosen: Area, request: HttpRequest) -> None:
    if chosen.level not in places.BELOW:
        raise BadInput("网格下面不再分。")
    post = request.POST
    actions.add_area(
        by=actor, level=places.BELOW[chosen.level], code=post.get("code", ""), name=post.get("name", ""), parent=chosen,
        village=post.get("village") == "1", roads=common.split(post.get("roads", "")),
        landmarks=common.split(post.get("landmarks", "")),
    )  # fmt: skip


def _building(actor: Actor, chosen: Area, request: HttpRequest) -> None:
    post = request.POST
    wished = post.get("grid", str(chosen.id))
    target = next((a for a in selectors.areas(Area.GRID) if str(a.id) == wished), None)
    if target is None:
        raise BadInput("请选这栋楼在哪个网格。")
    actions.add_building(
        by=actor, grid=target, estate=post.get("estate", ""), name=post.get("name", ""),
        units=common.number(post.get("units", "1"), "单元数"), property_org=common.org(post.get("org", "")),
    )  # fmt: skip


def kind_and_phone(request: HttpRequest) -> tuple[str, str]:
    """An organisation's kind and the digits of its number. Raises BadInput."""
    kind, phone = request.POST.get("kind", ""), request.POST.get("phone", "")
    if kind not in common.ORG_KINDS:
        raise BadInput("请选单位类别。")
    return kind, accounts.clean_phone(phone) if phone.strip() else ""


def _organisation(actor: Actor, chosen: Area, request: HttpRequest) -> None:
    kind, phone = kind_and_phone(request)
    area = None if chosen.level == Area.DISTRICT else chosen
    actions.add_organisation(by=actor, name=request.POST.get("name", ""), kind=kind, area=area, phone=phone)


def _post(actor: Actor, chosen: Area, request: HttpRequest) -> None:
    account = Account.objects.filter(login=request.POST.get("login", "").strip(), kind=Account.STAFF).first()
    if account is None:
        raise BadInput("没有这个登录名的同事，请先添加同事。")
    give(actor, chosen, account.id, request)


def give(actor: Actor, place: Area | None, account_id: UUID, request: HttpRequest) -> None:
    """The post of the form, at a place (None: the whole district). Raises BadInput for one that nobody would find there."""
    post = request.POST
    area = None if place is None or place.level == Area.DISTRICT else place
    level, role = area.level if area else Area.DISTRICT, post.get("role", "")
    if not role:
        raise BadInput("请选岗位。")
    if role in set(Role) and level not in access.POST_AT.get(Role(role), (level,)):
        wanted = "或".join(common.LEVEL_NAMES[a] for a in access.POST_AT[Role(role)])
        raise BadInput(f"{LABELS[Role(role)]}要设在{wanted}，不然派不到活。")
    actions.add_post(
        by=actor, account_id=account_id, role=role, area=area, org=common.org(post.get("org", "")), line=post.get("line", ""),
        title=post.get("title", ""), starts=common.day(post.get("starts", "")), ends=common.day(post.get("ends", "")),
    )  # fmt: skip


def _colleague(actor: Actor, chosen: Area, request: HttpRequest) -> str:
    """A new account with its first post; returns the link by which she sets her own password, once."""
    access.ask(actor, "add_post", chosen)
    post = request.POST
    name, login = " ".join(post.get("name", "").split()), post.get("login", "").strip()
    if not name or not login:
        raise BadInput("请填写姓名和登录名。")
    if len(name) > 32 or len(login) > 64:
        raise BadInput("姓名 32 个字以内，登录名 64 个字以内。")
    account = accounts.add_account(by=actor, kind=Account.STAFF, login=login, name=name, phone=post.get("phone", ""))
    give(actor, chosen, account.id, request)
    token = accounts.make_one_time_link(by=actor, account=account)
    return request.build_absolute_uri(reverse("welcome", args=[token]))
