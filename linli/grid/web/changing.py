"""A place and an organisation are changed at the desk."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.grid import access, actions, selectors
from linli.grid.models import Area, Building, Organisation
from linli.grid.seen import seen_of
from linli.grid.web import adding, common, places
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound


@require_POST
def change_area(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """POST /desk/grid/<area>/change/ — its name, roads, landmarks, whether it is a village."""
    post = request.POST
    return _area(request, area_id, "change", "changed", {
        "name": post.get("name", ""), "village": post.get("village") == "1", "roads": common.split(post.get("roads", "")),
        "landmarks": common.split(post.get("landmarks", "")),
    })  # fmt: skip


@require_POST
def end_area(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """POST /desk/grid/<area>/end/ — its last day, and what follows it (`change_area`)."""
    return _area(request, area_id, "end", "ended", {})


def _area(request: HttpRequest, area_id: UUID, what: str, said: str, given: dict[str, Any]) -> HttpResponse:
    actor = common.worker(request)
    area = places.chosen(actor, common.mine(actor), area_id)
    try:
        if what == "end":
            day, heir = common.day(request.POST.get("valid_to", ""), "结束的日子"), request.POST.get("replaced_by", "")
            if day is None:
                raise BadInput("请填写用到哪一天。")
            given = {"valid_to": day, "replaced_by": common.identity(heir, "没有这个地方。") if heir else None}
        actions.change_area(by=actor, area_id=area.id, seen=request.POST.get("seen") or None, **given)
    except common.REFUSED as exc:
        area = selectors.area(area.id) or area
        return places.page(request, actor, area, wrong=exc.message, what=what)
    return common.done(reverse("grid_area", args=[area.id]), said)


@require_POST
def restore_area(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """POST /desk/grid/<area>/restore/"""
    area = actions.restore_area(by=common.worker(request), area_id=area_id)
    return common.done(reverse("grid_area", args=[area.id]), "restored")


def _organisation(actor: Actor, org_id: UUID) -> Organisation:
    org = Organisation.objects.select_related("area").filter(id=org_id).first()
    district = org is not None and org.area is None
    if org is None or not (district or common.may_see(actor, [org.area_id]) or access.may(actor, "change_organisation", org.area)):  # type: ignore[list-item]
        raise NotFound("没有找到这个单位。")
    return org


@require_GET
def organisation(request: HttpRequest, org_id: UUID) -> HttpResponse:
    """GET /desk/grid/organisation/<id>/"""
    actor = common.worker(request)
    return _organisation_page(request, actor, _organisation(actor, org_id))


def _organisation_page(request: HttpRequest, actor: Actor, org: Organisation, wrong: str = "") -> HttpResponse:
    own = {"name": org.name, "kind": org.kind, "phone": org.phone}
    district = next(iter(selectors.areas(Area.DISTRICT)), None)
    areas = common.mine(actor)
    seen = {a.id for a in areas}
    served = places.in_order(b for b in Building.objects.filter(property_org=org)[: places.AT_MOST] if b.community_id in seen)
    context = {
        "room": "grid", "nodes": common.nodes(areas, org.area or district, common.LEVELS), "org": org, "kind": common.ORG_KINDS.get(org.kind, org.kind), "back": org.area or district,
        "data": (request.POST.dict() if wrong else own) | {"seen": seen_of(org)}, "wrong": wrong, "said": common.said(request),
        "org_kinds": common.ORG_KINDS.items(), "sets": access.may(actor, "change_organisation", org.area), "buildings": served,
    }  # fmt: skip
    return render(request, "grid/organisation.html", context, status=422 if wrong else 200)


@require_POST
def change_organisation(request: HttpRequest, org_id: UUID) -> HttpResponse:
    """POST /desk/grid/organisation/<id>/change/"""
    actor = common.worker(request)
    org = _organisation(actor, org_id)
    access.ask(actor, "change_organisation", org.area)
    try:
        kind, phone = adding.kind_and_phone(request)
        seen = request.POST.get("seen") or None
        actions.change_organisation(by=actor, org_id=org.id, name=request.POST.get("name", ""), kind=kind, phone=phone, seen=seen)
    except common.REFUSED as exc:
        return _organisation_page(request, actor, _organisation(actor, org_id), exc.message)
    return common.done(reverse("organisation", args=[org.id]), "changed")
