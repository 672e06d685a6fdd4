"""On A4: the slip with its tear-off receipt, and the work log."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from linli.accounts import selectors as accounts
from linli.grid import selectors as places
from linli.kernel import clock
from linli.orders import access, actions, history, labels
from linli.orders.web import lists
from linli.standards import shelf


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
        "category": labels.CATEGORY_LABELS.get(found.category, ""), "clause": shelf.clause(found.clause, found.opened_at),
        "community": places.area_names([found.community_id]).get(found.community_id, ""), "responsible": name,
        "told": told, "viewer": actor.name, "printed_at": clock.now(), "ending": labels.ending(found),
        "back": reverse("order", args=[found.id]), "link": request.build_absolute_uri(reverse("order", args=[found.id])),
    }  # fmt: skip
    return render(request, "orders/print.html", context)


@require_GET
def order_log(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """GET /desk/orders/<id>/log/ — the work log: each step with who, when and what was written; never the reporter, whose
    words the notes may repeat, so it is for who reads notes anyway. Recorded as a print."""
    actor = lists.desk_actor(request)
    found = access.get(actor, order_id)
    actions.print_order(by=actor, order=found)
    context = {
        "order": found, "lines": history.lines(actor, found), "state": labels.state(found), "ending": labels.ending(found),
        "community": places.area_names([found.community_id]).get(found.community_id, ""), "procedure": labels.procedure(found),
        "viewer": actor.name, "printed_at": clock.now(), "back": reverse("order", args=[found.id]),
    }  # fmt: skip
    return render(request, "orders/log.html", context)
