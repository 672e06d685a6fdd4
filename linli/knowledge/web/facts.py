"""Local facts: filled in once, told in every answer that asks for them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput
from linli.knowledge import access, actions, selectors
from linli.knowledge.web.common import page, worker


@require_http_methods(["GET", "POST"])
def local_facts(request: HttpRequest) -> HttpResponse:
    """GET and POST /desk/knowledge/facts/ — for the district or for a place of one's own."""
    actor, wrong = worker(request), ""
    areas = _areas(actor)
    wished = request.POST.get("area", request.GET.get("area", ""))
    area = next((a for a in areas if str(a.id) == wished), None)
    whole = any(p.reach()[0] == "district" for p in actor.posts)
    if area is None and not whole and areas:
        area = areas[0]
    if request.method == "POST":
        access.ask_edit(actor)
        try:
            for name, value in request.POST.items():
                if name.startswith("fact:"):
                    actions.set_fact(by=actor, name=name[5:], value=value, area_id=area.id if area else None)
            return HttpResponseRedirect(f"{reverse('facts')}{f'?area={area.id}' if area else ''}")
        except BadInput as exc:
            wrong = exc.message
    rows = [(r, next((v for i, _, v in r.places if area and i == area.id), "") if area else r.value) for r in selectors.fact_rows()]
    done = sum(1 for _, value in rows if value)
    context = page(actor, "facts", rows=rows, areas=areas, area=area, whole=whole, done=done, wrong=wrong)
    return render(request, "knowledge/facts.html", context, status=422 if wrong else 200)


def _areas(actor: Actor) -> list[Area]:
    """Streets and communities that the actor may fill in facts for."""
    mine: set[UUID | None] = {i for p in actor.posts if p.role in access.EDITORS for i in (p.community_id, p.street_id)} - {None}
    whole = any(p.role in access.EDITORS and p.reach()[0] == "district" for p in actor.posts)
    rows = [*places.areas(Area.STREET), *places.areas(Area.COMMUNITY)]
    narrow = {p.community_id or p.street_id for p in actor.posts if p.role in access.EDITORS}
    return [a for a in rows if whole or (a.id in narrow) or (a.street_id in narrow and a.street_id in mine)]
