"""The slip on A4, and the page that says who could have known."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from linli.accounts import selectors as accounts
from linli.grid import selectors as places
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.orders import access, actions, history, known, labels
from linli.orders.models import Order
from linli.orders.web import lists
from linli.standards import selectors as standards


@require_GET
def order_print(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """GET /desk/orders/<id>/print/ — the slip: never the reporter, never her words; recorded."""
    actor = lists.desk_actor(request)
    found = access.get(actor, order_id)
    actions.print_order(by=actor, order=found)
    told = [line for line in history.lines(actor, found) if line.public and line.words]
    name = accounts.names([found.responsible_id]).get(found.responsible_id, "") if found.responsible_id else ""
    context = {
        "order": found, "state": labels.state(found), "kind": labels.kind(found.kind),
        "category": labels.CATEGORY_LABELS.get(found.category, ""), "clause": standards.clause(found.clause),
        "community": places.area_names([found.community_id]).get(found.community_id, ""), "responsible": name,
        "told": told, "viewer": actor.name, "printed_at": clock.now(), "ending": labels.ending(found),
        "back": reverse("order", args=[found.id]), "link": request.build_absolute_uri(reverse("order", args=[found.id])),
    }  # fmt: skip
    return render(request, "orders/print.html", context)


@require_GET
def order_known(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """GET /desk/orders/<id>/known/"""
    actor = lists.desk_actor(request)
    found = known.get(actor, order_id)
    reads = access.reads(actor, found)
    context = {"order": found, "known": known.of(found), "reads": reads, "room": "orders", "tree_label": "", "state": labels.state(found)}
    return render(request, "orders/known.html", context)


@require_GET
def order_find_known(request: HttpRequest) -> HttpResponse:
    """GET /desk/known/?number=… — the auditor's way in: she reads no lists."""
    lists.desk_actor(request)
    number = request.GET.get("number", "").strip()
    found = Order.objects.filter(number=number).values_list("id", flat=True).first()
    if found is None:
        raise NotFound("没有这个编号的工单，请再看一眼编号。")
    return HttpResponseRedirect(reverse("order_known", args=[found]))
