"""The styleguide, the switch to 长辈版, and the error page that needs nothing else to work."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from linli.kernel import clock
from linli.ui import samples

_YEAR = 365 * 24 * 3600


def error_page(request: HttpRequest | None, code: int, message: str = "") -> HttpResponse:
    """An error page of our own; `message` (plain Chinese, of a LinliError) takes the place of the standard text.

    Uses no context processors and no database, so that it also works when those are what failed.
    """
    context = {"request": request, "code": code, "message": message, "at": clock.now()}
    return HttpResponse(render_to_string("ui/error.html", context), status=code)


def elder(request: HttpRequest) -> HttpResponse:
    """Switch 长辈版 on or off without scripts: /elder?on=1, then back to where one was."""
    back = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    answer = HttpResponseRedirect(back)
    answer.set_cookie("elder", "1" if request.GET.get("on") == "1" else "0", max_age=_YEAR, samesite="Lax")
    return answer


def styleguide(request: HttpRequest) -> HttpResponse:
    """The living page: every token, component and state."""
    context: dict[str, Any] = samples.everything(clock.now())
    return render(request, "ui/styleguide.html", context)


def styleguide_page(request: HttpRequest, page: str) -> HttpResponse:
    """One whole sample page: phone, talk, desk, print or screen; an error page by its number."""
    if page.isdigit():
        return error_page(request, int(page))
    if page not in samples.PAGES:
        return error_page(request, 404)
    return render(request, f"ui/sample_{page}.html", samples.everything(clock.now()))
