"""The console of groups: size, real-name share with its denominator, mute, invitation, new groups."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.doors.desk_group_people import changes
from linli.doors.desk_group_people import communities as group_tree
from linli.doors.desk_notices import worker
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.grid.selectors import Stamp
from linli.groups import access, actions
from linli.groups import selectors as group_people
from linli.groups.models import Group, Member
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict
from linli.kernel.roles import Role
from linli.residents.models import Link

PAGE = 60
CHANNELS = {Group.PAGE: "邻里页面群", Group.RELAY: "微信群（转入）"}


@dataclass(slots=True)
class Row:
    """One group: neighbours (colleagues apart), those whose person is known, and what the reader may do."""

    group: Group
    place: str
    channel: str
    people: int
    known: int
    staff: int
    manages: bool
    member: bool


@require_GET
def groups(request: HttpRequest) -> HttpResponse:
    """GET /desk/groups/"""
    actor = worker(request)
    wished, q = request.GET.get("area", ""), request.GET.get("name", "").strip()[:32]
    after = request.GET.get("after", "")[:64]
    found = access.visible_to(actor)
    communities = group_tree(actor)
    if wished in {str(a.id) for a in communities}:
        found = found.filter(community_id=UUID(wished))
    if q:
        found = found.filter(name__icontains=q)
    if after:
        found = found.filter(name__gt=after)
    rows = list(found.order_by("name", "id")[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    context = {
        "room": "groups", "rows": _rows(actor, rows), "wished": wished, "name": q,
        "communities": communities, "next": rows[-1].name if more else "",
        "relays": actor.has_role(*access.MANAGE, Role.GROUP_OWNER), "may_add": bool(_my_communities(actor, places.areas(Area.COMMUNITY))),
    }  # fmt: skip
    return render(request, "doors/desk_groups.html", context)


def _rows(actor: Actor, found: list[Group]) -> list[Row]:
    """Four statements for any number of groups."""
    ids = [g.id for g in found]
    linked = Link.objects.filter(ends_at=None).filter(
        Q(member_id=OuterRef("id")) | Q(account_id__isnull=False, account_id=OuterRef("account_id"))
    )
    members = Member.objects.filter(group_id__in=ids, left_at=None).exclude(sender_ref__startswith="qr:")
    counted = members.annotate(linked=Exists(linked)).values("group_id").annotate(
        people=Count("id", filter=Q(staff=False)), known=Count("id", filter=Q(staff=False, linked=True)),
        staff=Count("id", filter=Q(staff=True)),
    ).order_by()  # fmt: skip
    sizes = {row["group_id"]: row for row in counted}
    own = set(members.filter(account_id=actor.id).values_list("group_id", flat=True))
    owner = set(members.filter(account_id=actor.id, role=Member.OWNER).values_list("group_id", flat=True))
    names = places.area_names(g.community_id for g in found)
    none: dict[str, Any] = {"people": 0, "known": 0, "staff": 0}
    return [
        Row(
            g, names.get(g.community_id, ""), CHANNELS[g.channel], (s := sizes.get(g.id, none))["people"], s["known"],
            s["staff"], g.id in owner or access.may_manage_at(actor, g.street_id, g.community_id, g.grid_id), g.id in own,
        )
        for g in found
    ]  # fmt: skip


@require_GET
def group(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """GET /desk/groups/<id>/ — one group of mine: invitation, mute, name."""
    return _group(request, worker(request), group_id)


def _group(request: HttpRequest, actor: Actor, group_id: UUID, wrong: str = "") -> HttpResponse:
    found = access.get_managed(actor, group_id)
    row = _rows(actor, [found])[0]
    link = request.build_absolute_uri(reverse("join", args=[found.invite]))
    place = f"b:{found.building_id}" if found.building_id else ""
    data: dict[str, Any] = {"name": found.name, "place": place, "unit": found.unit} | (request.POST.dict() if wrong else {})
    context = {
        "room": "groups", "communities": group_tree(actor), "row": row, "group": found, "link": link, "wrong": wrong,
        "data": data, "place_id": data["place"].removeprefix("b:"), "buildings": places.buildings(found.community_id),
        "moves": access.may(actor, "move_group", found), "where": _where(found),
        "owners": [m for m in group_people.members_of(found.id, 2000) if m.role == Member.OWNER], "changes": changes(found),
    }  # fmt: skip
    return render(request, "doors/desk_group.html", context, status=422 if wrong else 200)


def _where(group: Group) -> str:
    """The place that a group is tied to, as people call it."""
    for building in places.buildings_by_id([group.building_id] if group.building_id else []):
        return f"{building.estate}{building.name}{group.unit}"
    return places.area_names([group.community_id]).get(group.community_id, "")


def _place(text: str) -> UUID | None:
    """`b:<building>`, or nothing for the whole community. Raises BadInput."""
    try:
        return UUID(text.removeprefix("b:")) if text else None
    except ValueError as exc:
        raise BadInput("请选这个群在哪里。", "missing_place") from exc


@require_POST
def do(request: HttpRequest, group_id: UUID, verb: str) -> HttpResponse:
    """POST /desk/groups/<id>/do/<verb>/ — mute, unmute, renew, rename, move."""
    actor = worker(request)
    try:
        if verb == "mute":
            actions.mute_group(by=actor, group_id=group_id)
        elif verb == "unmute":
            actions.unmute_group(by=actor, group_id=group_id)
        elif verb == "renew":
            actions.renew_invite(by=actor, group_id=group_id)
        elif verb == "rename":
            actions.change_group(by=actor, group_id=group_id, name=request.POST.get("name", ""))
        elif verb == "move":
            building_id, unit = _place(request.POST.get("place", "")), request.POST.get("unit", "")
            actions.move_group(by=actor, group_id=group_id, building_id=building_id, unit=unit if building_id else "")
        else:
            raise Http404
    except (BadInput, Conflict) as exc:
        return _group(request, actor, group_id, exc.message)
    back = reverse("desk_groups") if request.POST.get("back") == "list" else reverse("desk_group", args=[group_id])
    return HttpResponseRedirect(back)


@require_GET
def code(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """GET /desk/groups/<id>/code/ — a sheet to hang up: the invitation as a QR code."""
    actor = worker(request)
    found = access.get_managed(actor, group_id)
    link = request.build_absolute_uri(reverse("join", args=[found.invite]))
    context = {
        "group": found, "link": link, "viewer": actor.name, "printed_at": clock.now(),
        "back": reverse("desk_group", args=[found.id]),
    }  # fmt: skip
    return render(request, "doors/desk_group_code.html", context)


def _my_communities(actor: Actor, communities: list[Area]) -> list[Area]:
    return [a for a in communities if access.may_manage_at(actor, a.street_id, a.id, None)]


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET and POST /desk/groups/new/"""
    actor = worker(request)
    mine = _my_communities(actor, places.areas(Area.COMMUNITY))
    wrong = ""
    if request.method == "POST":
        try:
            made = actions.add_group(
                by=actor, name=request.POST.get("name", ""), stamp=_stamp(request.POST.get("place", ""), mine),
                channel=Group.RELAY if request.POST.get("channel") == Group.RELAY else Group.PAGE,
            )  # fmt: skip
            return HttpResponseRedirect(reverse("desk_group", args=[made.id]))
        except (BadInput, Conflict) as exc:
            wrong = exc.message
    choices = [(a, places.buildings(a.id)) for a in mine[:20]]
    context = {"room": "groups", "tree_label": "", "choices": choices, "wrong": wrong, "data": request.POST, "channels": CHANNELS.items()}
    return render(request, "doors/desk_group_new.html", context, status=422 if wrong else 200)


def _stamp(place: str, mine: list[Area]) -> Stamp:
    """`c:<community>` or `b:<building>` among one's own."""
    kind, _, value = place.partition(":")
    try:
        wished = UUID(value)
    except ValueError as exc:
        raise BadInput("请选这个群在哪里。", "missing_place") from exc
    by_id = {a.id: a for a in mine}
    if kind == "c" and wished in by_id:
        area = by_id[wished]
        return Stamp(area.street_id, area.id)  # type: ignore[arg-type]
    for building in places.buildings_by_id([wished]):
        if building.community_id in by_id:
            return places.stamp_of_building(building)
    raise BadInput("这个地方不归您管，请另选。", "bad_place")
