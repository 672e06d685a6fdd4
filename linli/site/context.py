"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from linli.kernel import clock


def page(request: HttpRequest) -> dict[str, Any]:
    """actor, elder mode, demo mode and the product's now."""
    return {
        "actor": getattr(request, "actor", None),
        "elder": request.COOKIES.get("elder") == "1",
        "demo": settings.LINLI_DEMO,
        "now": clock.now(),
    }
