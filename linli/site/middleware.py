"""What every request passes: who acts, a strict content policy, plain errors."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from linli.grid.access import actor_for
from linli.kernel import locks
from linli.kernel.errors import LinliError
from linli.ledger import live_token

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


class ContentSecurityPolicy:
    """No script, style or picture from elsewhere, and none inline."""

    def __init__(self, get_response):  # type: ignore[no-untyped-def]
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(self), geolocation=(self)")
        if request.path.startswith(("/desk/", "/g/", "/mine/", "/v/")):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class WhoActs:
    """`request.actor`: built once per request, when it is first asked for."""

    def __init__(self, get_response):  # type: ignore[no-untyped-def]
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        with live_token.page():
            return self.get_response(request)


def _actor(request: HttpRequest):  # type: ignore[no-untyped-def]
    user = request.user
    return actor_for(user if user.is_authenticated else None)


class PlainErrors:
    """A typed error becomes a plain Chinese page, a fragment for htmx, or JSON for the API."""

    def __init__(self, get_response):  # type: ignore[no-untyped-def]
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        if isinstance(exc, OperationalError) and locks.is_busy(exc):
            exc = locks.Busy()
        if not isinstance(exc, LinliError):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"code": exc.code, "message": exc.message}, status=exc.status)
        if getattr(request, "htmx", False) or request.headers.get("X-Requested-With") == "fetch":
            response = HttpResponse(exc.message, status=exc.status, content_type="text/plain; charset=utf-8")
            response.headers["HX-Reswap"] = "none"
            return response
        return render(request, "ui/error.html", {"status": exc.status, "message": exc.message}, status=exc.status)


