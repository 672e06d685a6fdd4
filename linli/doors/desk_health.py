"""What is stuck, for those who keep the system running: messages nobody could understand, deliveries that failed.

The page shows no words of anybody: who keeps the machine is not a member of the groups.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.doors.desk_notices import worker
from linli.groups import actions as groups
from linli.groups import selectors
from linli.groups.models import Message
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.kernel.roles import Role
from linli.ledger import delivery
from linli.ledger.models import Delivery
from linli.orders.models import Replan

AT_MOST = 100


def keeper(request: HttpRequest) -> Actor:
    """The administrator or the centre. Raises Forbidden for everybody else."""
    actor = worker(request)
    if not actor.has_role(Role.ADMIN_SYSTEM, Role.CENTRE):
        raise Forbidden()
    return actor


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """GET /desk/health/"""
    keeper(request)
    stuck = list(Message.objects.filter(state=Message.STUCK).select_related("group").order_by("-id")[:AT_MOST])
    failed = list(Delivery.objects.filter(state=Delivery.FAILED).order_by("-id")[:AT_MOST])
    context = {
        "room": "health", "tree_label": "", "stuck": stuck, "failed": failed, "waiting": selectors.waiting(),
        "open": delivery.open_count(), "replans": list(Replan.objects.order_by("-id")[:5]),
    }  # fmt: skip
    if getattr(request, "htmx", None) and request.htmx.target == "replans":  # type: ignore[attr-defined]
        return render(request, "doors/desk_replans.html", context)
    return render(request, "doors/desk_health.html", context)


@require_POST
def retry_message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """POST /desk/health/message/<id>/ — give it to 小栖 again."""
    groups.retry_message(by=keeper(request), message_id=message_id)
    return HttpResponseRedirect(reverse("desk_health"))


@require_POST
def retry_delivery(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """POST /desk/health/delivery/<id>/ — send it again."""
    keeper(request)
    delivery.retry_failed(delivery_id)
    return HttpResponseRedirect(reverse("desk_health"))
