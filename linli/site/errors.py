"""Error pages in plain Chinese, for pages and for the API."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

TEXTS = {
    400: "这个请求不完整，请返回上一页再试。",
    403: "页面放得太久了，请刷新后再试一次。您写的内容还在。",
    404: "没有找到这个页面。",
    500: "我们这边出了点问题，已经记下来了。请过一会儿再试。",
}


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"code": f"http_{status}", "message": TEXTS[status]}, status=status)
    return render(request, "ui/error.html", {"status": status, "message": TEXTS[status]}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400"""
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403"""
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404"""
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500"""
    return _answer(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old."""
    return _answer(request, 403)
