"""发起: what a colleague found, heard or has to have done begins here, from a phone on the street as well as at the desk. First
what it is, then words; the place may stand in the words."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from linli.doors import desk_notices
from linli.doors.desk_finding import places_of
from linli.doors.resident import plain
from linli.files.actions import store_upload
from linli.grid import selectors as places
from linli.grid.models import Area, Building
from linli.grid.selectors import Stamp
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden, NotFound
from linli.kernel.roles import Role
from linli.language import Gazetteer, building_key, understand
from linli.orders import access, actions, assignees, bringing, labels, selectors
from linli.orders.bringing import Bring
from linli.orders.drafts import client_key
from linli.orders.models import Order
from linli.orders.rooms import rooms
from linli.standards import selectors as standards

ICONS = {
    "patrol": "eye", "pool": "hand", "repair": "tool", "correction": "edit", "early_warning": "shield", "emergency": "flame",
    "bad_opinion": "group", "sensor": "bell", "item": "file", "joint": "people",
}  # fmt: skip
MOST_PHOTOS = 9


@require_GET
def bring_list(request: HttpRequest) -> HttpResponse:
    """GET /desk/bring/ — what I may bring, and what became of what I brought."""
    actor = desk_notices.worker(request)
    found = bringing.all_for(actor)
    eye, deputy = actor.has_role(Role.GOLDEN_EYE), actions.may_find(actor, "deputies")
    if not found and not eye and not deputy:
        raise Forbidden("您的岗位没有要在这里发起的事。")
    context = {
        "brings": [(b, ICONS.get(b.code, "plus")) for b in found], "mine": _mine(actor), "done": _done(actor, request.GET.get("done", "")),
        "eye": eye, "deputy": deputy, "room": "orders", "tree_label": "",
    } | rooms(actor, "bring")  # fmt: skip
    return render(request, "doors/bring.html", context)


@require_http_methods(["GET", "POST"])
def bring_form(request: HttpRequest, procedure: str) -> HttpResponse:
    """GET and POST /desk/bring/<procedure>/ — one thing to bring."""
    actor = desk_notices.worker(request)
    bring = next((b for b in bringing.all_for(actor) if b.code == procedure), None)
    if bring is None:
        raise NotFound("没有这一项，或者它不由您的岗位发起。") if procedure not in {p.code for p in standards.procedures()} else Forbidden("这类事项不由您的岗位发起。")
    if request.method == "GET":
        return render(request, "doors/bring_form.html", _form(actor, bring, request))
    try:
        order = _bring(actor, bring, request)
    except BadInput as exc:
        return render(request, "doors/bring_form.html", _form(actor, bring, request) | {"wrong": exc.message}, status=422)
    return HttpResponseRedirect(f"{reverse('desk_bring')}?done={order.number}")


def _form(actor: Actor, bring: Bring, request: HttpRequest) -> dict[str, Any]:
    context = places_of(actor, request)
    community: Area | None = context["community"]
    lines = assignees.lines(_of_community(actor, community)) if bring.lines and community else []
    return context | {
        "bring": bring, "kinds": [] if bring.kind else standards.listed_kinds(), "lines": lines,
        "company": bring.code == "repair", "tree_label": "",
    } | rooms(actor, "bring")  # fmt: skip


def _bring(actor: Actor, bring: Bring, request: HttpRequest) -> Order:
    post = request.POST
    photos = [f for f in request.FILES.getlist("photos") if f.size][:MOST_PHOTOS]
    # Place and right first: what is refused keeps no pictures.
    stamp = _stamp(actor, request)
    blobs = [str(store_upload(actor, f, kinds=("image",)).id) for f in photos]
    return actions.bring_matter(
        by=actor, procedure=bring.code, stamp=stamp, words=post.get("words", ""), kind="" if bring.kind else post.get("kind", ""),
        line=post.get("line", ""), blobs=blobs, name=post.get("name", "") if bring.for_somebody else "",
        phone=post.get("phone", "") if bring.for_somebody else "", outcome=post.get("outcome", ""),
        key=client_key(actor.id, post["key"]) if post.get("key") else None,
    )  # fmt: skip


def _of_community(actor: Actor, area: Area) -> Stamp:
    """The community; narrowed to the actor's own grid where she has just one there."""
    grids = {p.grid_id for p in actor.posts if p.community_id == area.id and p.grid_id}
    grid = next(iter(grids)) if len(grids) == 1 else None
    return Stamp(area.street_id, area.id, grid, None, "", area.name)  # type: ignore[arg-type]


def _stamp(actor: Actor, request: HttpRequest) -> Stamp:
    """Where it is: the building that is chosen or named in the words, else the words of the place, else her own grid or
    community. Raises BadInput without a community, Forbidden for one of others."""
    post = request.POST
    area = next((a for a in places.areas(Area.COMMUNITY) if str(a.id) == post.get("community")), None)
    if area is None or area.street_id is None:
        raise BadInput("请选是哪个社区。", "no_community")
    rows = places.buildings(area.id)
    where, unit = post.get("where", "").strip()[:80], "".join(c for c in post.get("unit", "") if c.isprintable())[:16]
    here = _of_community(actor, area)
    if not any(access.may_open(actor, {p.role}, street_id=area.street_id, community_id=area.id, grid_id=here.grid_id) for p in actor.posts):
        raise Forbidden("这个社区不归您的岗位，请让那边的同志发起。")
    known = Gazetteer(buildings=tuple(dict.fromkeys(b.name for b in rows)), roads=tuple(area.roads), landmarks=tuple(area.landmarks))
    place = understand(where or post.get("words", ""), known).place
    building = next((b for b in rows if str(b.id) == post.get("building")), None) or _named(rows, place.building)
    if building is not None:
        return places.stamp_of_building(building, unit or place.unit)
    # Never the words themselves: they may hold the number of a home, and the place stands under everybody's eyes.
    return replace(here, unit=place.unit, text=where or f"{place.road}{place.landmark}" or here.text)


def _named(rows: list[Building], name: str) -> Building | None:
    found = [b for b in rows if building_key(b.name) == building_key(name)] if name else []
    return found[0] if len(found) == 1 else None


def _mine(actor: Actor) -> list[dict[str, Any]]:
    """Her own finds and how they stand; whoever reported hears what came of it (C8)."""
    return [
        {"order": o, "step": labels.ending(o) or labels.step(o) or plain.state(o, False), "opens": access.reads(actor, o)}
        for o in selectors.brought_by(actor)
    ]


def _done(actor: Actor, number: str) -> Order | None:
    """The order that was just opened, when it is hers to know of."""
    found = Order.objects.filter(number=number[:32]).first() if number else None
    return found if found is not None and (found.opener_id == actor.id or access.reads(actor, found)) else None
