"""The styleguide, the switch to 长辈版, and error pages in plain words."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from linli.kernel import clock
from linli.ui import samples

_YEAR = 365 * 24 * 3600

# code: heading, what to do next, whether trying again may help
ERRORS: dict[int, tuple[str, str, bool]] = {
    400: ("这一步没看懂", "可能是填的内容不完整，或者页面放得太久了。回上一页看看，写好的话还在。", False),
    401: ("请先登录", "登录以后就能接着办。", False),
    403: ("这一页您看不了", "它只给有关的人看。如果您觉得应该能看到，请找社区工作人员帮忙。", False),
    404: ("没找到这一页", "可能是链接不完整，或者内容已经收起来了。从首页进去找找看。", False),
    409: ("刚刚有人先办了", "这件事在您看的时候有了变化。再打开看看现在的样子。", True),
    413: ("东西太大了", "照片或录音太大，少选几张再发。写好的话还在。", False),
    429: ("点得有点快", "歇一两分钟再试。您写的话还在，不会丢。", True),
    500: (
        "我们这边出了点问题",
        "不是您的错，已经记下来了。过一会儿再试；急事请直接打电话给社区或 110、119、120。",
        True,
    ),
}


def error_page(request: HttpRequest | None, code: int, message: str = "") -> HttpResponse:
    """An error page of our own; `message` (plain Chinese, of a LinliError) takes the place of the standard text.

    Uses no context processors and no database, so that it also works when those are what failed.
    """
    heading, text, again = ERRORS.get(code) or ERRORS[500 if code >= 500 else 400]
    context = {"request": request, "code": code, "heading": heading, "text": message or text, "again": again}
    return HttpResponse(render_to_string("ui/error.html", {**context, "at": clock.now()}), status=code)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return error_page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: the page was open too long, or cookies are off."""
    return error_page(request, 403, "这一页放得太久了，请回上一页刷新一下再发。写好的话还在。")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500."""
    return error_page(request, 500)


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
