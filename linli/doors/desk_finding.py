"""Where golden eyes report and deputies take opinions up: short forms for a phone, and what became of earlier ones."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from linli.doors import desk_notices
from linli.doors.resident import matters, plain
from linli.files.actions import store_upload
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.grid.selectors import Stamp
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden, NotFound, WrongState
from linli.orders import actions, campaigns, labels, picked
from linli.orders.models import Order, Word

MINE = 20


@require_http_methods(["GET", "POST"])
def golden_eye(request: HttpRequest) -> HttpResponse:
    """GET and POST /desk/golden-eye/ — what a golden eye saw, with a picture; she stays sealed."""
    actor = desk_notices.worker(request)
    _ask(actor, "golden_eye", "黄金眼的报告由黄金眼和社区、执法的同志来报。")
    context = places_of(actor, request) | {"finds": campaigns.finds(), "campaigns": _campaigns(actor), "keeps": actions.may_keep_finds(actor), "matters": _eye_matters(actor), "done": request.GET.get("done", "")}
    if request.method == "GET":
        return render(request, "doors/golden_eye.html", context)
    try:
        blobs = [str(store_upload(actor, f, kinds=("image",)).id) for f in request.FILES.getlist("photos")[:9]]
        order = actions.report_find(
            by=actor, stamp=_stamp(actor, request), kind=request.POST.get("kind", ""), words=request.POST.get("words", ""), blobs=blobs,
            key=request.POST.get("key", "")[:40],
        )  # fmt: skip
    except BadInput as exc:
        return render(request, "doors/golden_eye.html", context | {"wrong": exc.message}, status=422)
    return HttpResponseRedirect(f"{reverse('golden_eye')}?done={order.number}")


def _campaigns(actor: Actor) -> list[campaigns.Shown]:
    """The running campaigns of the places that the actor's posts are for."""
    mine = {i for p in actor.posts for i in (p.street_id, p.community_id, p.grid_id) if i}
    wide = any(p.reach()[0] == "district" for p in actor.posts)
    return campaigns.shown([c for c in campaigns.running() if wide or c.area_id is None or c.area_id in mine])


def _eye_matters(actor: Actor) -> list[matters.Matter]:
    rows = [v for v in matters.voices_of(actor) if v.door == "golden_eye"]
    return matters.matters(rows, limit=MINE)


@require_http_methods(["GET", "POST"])
def deputies(request: HttpRequest) -> HttpResponse:
    """GET and POST /desk/deputies/ — what many ask for and a tap takes up, an opinion of her own, how those before are handled."""
    actor = desk_notices.worker(request)
    _ask(actor, "deputies", "代表意见由人大代表或者区里提出。")
    context = places_of(actor, request) | {"rows": _opinions(actor), "picked": picked.matters(actor), "days": picked.DAYS, "k": picked.K, "urged": request.GET.get("urged", ""), "done": request.GET.get("done", "")}
    if request.method == "GET":
        return render(request, "doors/deputies.html", context)
    if request.POST.get("urge"):
        return _urge(request, actor, context)
    try:
        if "pick" in request.POST:
            made = actions.raise_picked(by=actor, community_id=request.POST["pick"], thing=request.POST.get("what", ""))
            return HttpResponseRedirect(f"{reverse('deputies')}?done={made.number}")
        thing, words = request.POST.get("thing", ""), request.POST.get("words", "")
        order = actions.raise_opinion(by=actor, stamp=_stamp(actor, request), thing=thing, words=words, key=request.POST.get("key", "")[:40])
    except BadInput as exc:
        return render(request, "doors/deputies.html", context | {"wrong": exc.message}, status=422)
    return HttpResponseRedirect(f"{reverse('deputies')}?done={order.number}")


def _urge(request: HttpRequest, actor: Actor, context: dict[str, Any]) -> HttpResponse:
    try:
        order = actions.urge_order(by=actor, order_id=UUID(request.POST["urge"]))
    except ValueError as exc:
        raise NotFound() from exc
    except WrongState as exc:
        return render(request, "doors/deputies.html", context | {"wrong": exc.message}, status=422)
    return HttpResponseRedirect(f"{reverse('deputies')}?urged={order.number}")


def _opinions(actor: Actor) -> list[dict[str, Any]]:
    """The deputy's own opinions with their step, what was told, and whether it is her turn."""
    orders = list(Order.objects.filter(opener_id=actor.id, procedure="deputies").order_by("-id")[:MINE])
    told = {w.order_id: w.text for w in Word.objects.filter(order_id__in=[o.id for o in orders], public=True).order_by("id")}
    return [
        {"order": o, "step": labels.step(o) or plain.state(o, False), "ending": labels.ending(o), "told": told.get(o.id, ""),
         "mine": o.is_open and o.responsible_id == actor.id, "urges": o.is_open and o.responsible_id != actor.id and o.responsible_id is not None,
         "people": o.voice_count, "rated": o.satisfied + o.so_so + o.unsolved}
        for o in orders
    ]  # fmt: skip


def _ask(actor: Actor, procedure: str, said: str) -> None:
    if not actions.may_find(actor, procedure):
        raise Forbidden(said)


def places_of(actor: Actor, request: HttpRequest) -> dict[str, Any]:
    """The communities that the actor's posts reach, and the buildings of the one that is chosen."""
    reach = [p.reach() for p in actor.posts]
    all_ = places.areas(Area.COMMUNITY)
    near = [a for a in all_ if any(v is None or v in (a.id, a.street_id) for _, v in reach) or any(p.community_id == a.id for p in actor.posts)]
    chosen = next((a for a in near if str(a.id) == (request.POST.get("community") or request.GET.get("community"))), near[0] if near else None)
    return {
        "communities": near, "community": chosen, "buildings": places.buildings(chosen.id) if chosen else [], "data": request.POST,
        "room": "orders", "tree_label": "",
    }  # fmt: skip


def _stamp(actor: Actor, request: HttpRequest) -> Stamp:
    """Where it is: a building of the community, or a few words. Raises BadInput."""
    post = request.POST
    area = next((a for a in places.areas(Area.COMMUNITY) if str(a.id) == post.get("community")), None)
    if area is None or area.street_id is None:
        raise BadInput("请选是哪个社区。", "no_community")
    building = next((b for b in places.buildings(area.id) if str(b.id) == post.get("building")), None)
    if building is not None:
        return places.stamp_of_building(building)
    where = post.get("where", "").strip()
    if not where:
        raise BadInput("请选楼栋，或者写几个字说清在哪儿。", "no_place")
    return Stamp(area.street_id, area.id, None, None, "", where[:80])
