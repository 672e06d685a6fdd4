"""The page of a property company's one-time link: one order without who spoke of it, one answer, then it is gone."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.files.actions import store_upload
from linli.grid import selectors as places
from linli.kernel import clock
from linli.kernel.actors import GUEST
from linli.kernel.errors import BadInput, WrongState
from linli.orders import actions, labels
from linli.orders.actions.inviting import holder
from linli.orders.models import CompanyLink, Word


@never_cache
@require_http_methods(["GET", "POST"])
def company(request: HttpRequest, token: str) -> HttpResponse:
    """GET and POST /w/<token>/"""
    link = actions.open_link(token=token)
    if request.method == "GET":
        return render(request, "doors/company.html", _context(link, request))
    try:
        outcome = request.POST.get("outcome", "")
        way = next((o for o in actions.ways_by_link(link.order) if o.code == outcome), None)
        if way is None:
            raise BadInput("请选是哪一种结果。", "bad_outcome")
        blobs = [str(store_upload(GUEST, f, kinds=("image",)).id) for f in request.FILES.getlist("photos")[:9]]
        given = actions.Given(words=request.POST.get("words", ""), blobs=blobs, law=request.POST.get("law", ""), place=request.POST.get("place", ""))
        actions.answer_link(token=token, outcome=outcome, given=given)
    except (BadInput, WrongState) as exc:
        return render(request, "doors/company.html", _context(link, request) | {"wrong": exc.message}, status=422)
    return render(request, "doors/company_done.html", {"org": holder(link).name, "at": clock.now()})


def _context(link: CompanyLink, request: HttpRequest) -> dict:
    order = link.order
    words = Word.objects.filter(event_id=link.event_id).first() if link.event_id else None
    due: datetime | None = order.due_at
    return {
        "order": order, "kind": labels.kind(order.kind), "org": holder(link).name, "ways": actions.ways_by_link(order), "due": due,
        "expires": link.expires_at, "said": words.text if words else "", "data": request.POST,
        "needs": frozenset().union(*(o.needs for o in actions.ways_by_link(order))),
        "community": places.area_names([order.community_id]).get(order.community_id, ""),
    }  # fmt: skip
