"""Areas, buildings, organisations and posts at the desk; the lift codes as a sheet."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.accounts import actions as accounts
from linli.accounts import selectors as account_names
from linli.accounts.models import Account
from linli.grid import access, actions, selectors
from linli.grid.models import Area, Building, Organisation, Post
from linli.grid.web import common
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, LinliError, NotFound
from linli.kernel.roles import LABELS, Role

LEVELS = (Area.DISTRICT, Area.STREET, Area.COMMUNITY, Area.GRID)
LEVEL_NAMES = {Area.DISTRICT: "区", Area.STREET: "街道", Area.COMMUNITY: "社区", Area.GRID: "网格"}
BELOW = {Area.DISTRICT: Area.STREET, Area.STREET: Area.COMMUNITY, Area.COMMUNITY: Area.GRID}
ORG_KINDS = {
    "property": "物业", "section": "街道科室", "department": "职能部门", "district_body": "区级部门", "firm": "驻区单位",
    "merchant": "商户", "social_org": "社会组织",
}  # fmt: skip
AT_MOST = 300


@require_GET
def grid(request: HttpRequest, area_id: UUID | None = None) -> HttpResponse:
    """GET /desk/grid/ and /desk/grid/<area>/"""
    actor = common.worker(request)
    areas = common.mine(actor)
    chosen = common.choose(areas, area_id, actor, (Area.COMMUNITY, Area.STREET, Area.DISTRICT))
    return _page(request, actor, areas, chosen)


def _page(request: HttpRequest, actor: Actor, areas: list[Area], chosen: Area, **more: Any) -> HttpResponse:
    buildings = _buildings(chosen)
    posts = _posts(chosen)
    names = account_names.names(p.account_id for p in posts)
    grids = {a.id: a.name for a in areas}
    orgs = selectors.organisation_names(b.property_org_id for b in buildings if b.property_org_id)
    sets = access.may(actor, "add_area", chosen)
    context = {
        "room": "grid", "nodes": common.nodes(areas, chosen, LEVELS), "area": chosen, "level": LEVEL_NAMES[chosen.level],
        "below": [a for a in areas if a.parent_id == chosen.id], "below_name": LEVEL_NAMES.get(BELOW.get(chosen.level, ""), ""),
        "buildings": [(b, grids.get(b.grid_id, ""), orgs.get(b.property_org_id, "")) for b in buildings],
        "organisations": [(o, ORG_KINDS.get(o.kind, o.kind)) for o in Organisation.objects.filter(area=chosen).order_by("kind", "name")[:AT_MOST]],
        "posts": [(p, names.get(p.account_id, ""), LABELS[Role(p.role)], p.area.name if p.area else "全区") for p in posts],
        "sets": sets, "data": request.POST, "org_kinds": ORG_KINDS.items(),
    }  # fmt: skip
    if sets:
        staff = Account.objects.filter(kind=Account.STAFF, is_active=True).order_by("login")[:2000]
        context |= {
            "roles": [(r.value, LABELS[r]) for r in Role if r not in access.NO_POST], "staff": staff,
            "all_orgs": Organisation.objects.order_by("name")[:AT_MOST],
        }  # fmt: skip
    return render(request, "grid/grid.html", context | more, status=422 if more.get("wrong") else 200)


def _buildings(area: Area) -> list[Building]:
    rows = Building.objects.order_by("estate", "name")
    if area.level == Area.GRID:
        rows = rows.filter(grid_id=area.id)
    elif area.level == Area.COMMUNITY:
        rows = rows.filter(community_id=area.id)
    else:
        return []
    return sorted(rows[:AT_MOST], key=lambda b: (b.estate, int("".join(c for c in b.name if c.isdigit()) or 0), b.name))


def _posts(area: Area) -> list[Post]:
    here = Q(area=area)
    if area.level == Area.COMMUNITY:
        here |= Q(area__community_id=area.id)
    if area.level == Area.DISTRICT:
        here |= Q(area=None)
    rows = Post.objects.filter(here).select_related("area", "org").order_by("role", "id")[:AT_MOST]
    return [p for p in rows if selectors.in_force(p)]


@require_POST
def add(request: HttpRequest, area_id: UUID, what: str) -> HttpResponse:
    """POST /desk/grid/<area>/add/<what>/ — area, building, organisation, post or colleague."""
    actor = common.worker(request)
    areas = common.mine(actor)
    chosen = common.choose(areas, area_id, actor, LEVELS)
    makers = {"area": _area, "building": _building, "organisation": _organisation, "post": _post, "colleague": _colleague}
    if what not in makers:
        raise Http404
    try:
        link = makers[what](actor, chosen, request)
    except (BadInput, Conflict, NotFound) as exc:
        return _page(request, actor, areas, chosen, wrong=exc.message, what=what)
    if link:
        # Shown once: only its hash is kept.
        return _page(request, actor, common.mine(actor), chosen, link=link)
    return HttpResponseRedirect(reverse("grid_area", args=[chosen.id]))


def _area(actor: Actor, chosen: Area, request: HttpRequest) -> None:
    if chosen.level not in BELOW:
        raise BadInput("网格下面不再分。")
    post = request.POST
    actions.add_area(
        by=actor, level=BELOW[chosen.level], code=post.get("code", ""), name=post.get("name", ""), parent=chosen,
        village=post.get("village") == "1", roads=post.get("roads", "").replace("，", " ").split(),
        landmarks=post.get("landmarks", "").replace("，", " ").split(),
    )  # fmt: skip


def _number(text: str, what: str) -> int:
    if not text.strip().isdecimal():
        raise BadInput(f"{what}请填数字。")
    return int(text)


def _org(value: str) -> Organisation | None:
    try:
        return Organisation.objects.filter(id=UUID(value)).first() if value else None
    except ValueError as exc:
        raise BadInput("没有这个单位。") from exc


def _building(actor: Actor, chosen: Area, request: HttpRequest) -> None:
    post = request.POST
    wished = post.get("grid", str(chosen.id))
    target = next((a for a in selectors.areas(Area.GRID) if str(a.id) == wished), None)
    if target is None:
        raise BadInput("请选这栋楼在哪个网格。")
    actions.add_building(
        by=actor, grid=target, estate=post.get("estate", ""), name=post.get("name", ""),
        units=_number(post.get("units", "1"), "单元数"), property_org=_org(post.get("org", "")),
    )  # fmt: skip


def _organisation(actor: Actor, chosen: Area, request: HttpRequest) -> None:
    post = request.POST
    kind = post.get("kind", "")
    if kind not in ORG_KINDS:
        raise BadInput("请选单位类别。")
    phone = post.get("phone", "")
    actions.add_organisation(
        by=actor, name=post.get("name", ""), kind=kind, area=chosen, phone=accounts.clean_phone(phone) if phone.strip() else ""
    )


def _post(actor: Actor, chosen: Area, request: HttpRequest) -> None:
    post = request.POST
    account = Account.objects.filter(login=post.get("login", "").strip(), kind=Account.STAFF).first()
    if account is None:
        raise BadInput("没有这个登录名的同事，请先添加同事。")
    _give(actor, chosen, account, request)


def _give(actor: Actor, chosen: Area, account: Account, request: HttpRequest) -> None:
    post = request.POST
    area = None if chosen.level == Area.DISTRICT else chosen
    actions.add_post(
        by=actor, account_id=account.id, role=post.get("role", ""), area=area, org=_org(post.get("org", "")),
        line=post.get("line", ""), title=post.get("title", ""),
    )  # fmt: skip


def _colleague(actor: Actor, chosen: Area, request: HttpRequest) -> str:
    """A new account with its first post; returns the link by which she sets her own password, once."""
    access.ask(actor, "add_post", chosen)
    post = request.POST
    name, login = post.get("name", "").strip(), post.get("login", "").strip()
    if not name or not login:
        raise BadInput("请填写姓名和登录名。")
    try:
        account = accounts.add_account(by=actor, kind=Account.STAFF, login=login[:64], name=name[:32], phone=post.get("phone", ""))
        _give(actor, chosen, account, request)
    except LinliError:
        raise
    token = accounts.make_one_time_link(by=actor, account=account)
    return request.build_absolute_uri(reverse("welcome", args=[token]))


@require_POST
def end_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """POST /desk/grid/post/<id>/end/"""
    actor = common.worker(request)
    post = actions.end_post(by=actor, post_id=post_id)
    back = reverse("grid_area", args=[post.area_id]) if post.area_id else reverse("grid")
    return HttpResponseRedirect(back)


@require_GET
def codes(request: HttpRequest, building_id: UUID) -> HttpResponse:
    """GET /desk/grid/building/<id>/codes/ — one code for each unit's lift: who scans it need not say where she is."""
    actor = common.worker(request)
    building = Building.objects.filter(id=building_id).first()
    if building is None or not any(a.id == building.grid_id for a in common.mine(actor)):
        raise NotFound("没有找到这栋楼。")
    path = f"/q/{building.qr}/"
    units = [f"{n}单元" for n in range(1, building.units + 1)]
    sheets = [(u, request.build_absolute_uri(f"{path}?u={quote(u)}")) for u in units]
    context = {"building": building, "sheets": sheets, "viewer": actor.name, "printed_at": clock.now(), "back": reverse("grid_area", args=[building.community_id])}
    return render(request, "grid/codes.html", context)
