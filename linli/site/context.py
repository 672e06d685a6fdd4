"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from linli.grid.access import SEE
from linli.insight import access as insight
from linli.kernel import clock
from linli.notices import selectors as notices


def page(request: HttpRequest) -> dict[str, Any]:
    """actor, elder mode, demo mode, the product's now, and unread messages (counted only where a page shows them)."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "outside": SimpleLazyObject(lambda: bool(actor) and not actor.has_role(*SEE)),
        "figureless": SimpleLazyObject(lambda: bool(actor) and not insight.may(actor, "read_opinion")),
        "unread": SimpleLazyObject(lambda: notices.unread_count(actor) if actor else 0),
        "elder": request.COOKIES.get("elder") == "1",
        "demo": settings.LINLI_DEMO,
        "now": clock.now(),
    }
