"""Out again, and in for the first time: sign-out, the one-time link. Signing in stands in `doors`, which knows places."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.accounts import actions
from linli.kernel.errors import BadInput

BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave this device."""
    logout(request)
    return redirect("/")


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password by a one-time link, and be signed in. Looking at the page does not use the link up."""
    if request.method != "POST":
        return render(request, "accounts/welcome.html", {"token": token})
    password = request.POST.get("password", "")
    try:
        if password != request.POST.get("again", ""):
            raise BadInput("两次写的密码不一样，请再写一遍。", "not_equal")
        account = actions.use_one_time_link(token=token, password=password)
    except BadInput as exc:
        return render(request, "accounts/welcome.html", {"token": token, "wrong": exc.message}, status=422)
    login(request, account, backend=BACKEND)
    return redirect("/desk/" if account.kind == account.STAFF else "/")


def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Too many wrong passwords for this name from this place: django-axes asks here what to say."""
    words = "密码试错太多次了，请十五分钟后再试。忘了密码，请找管理员要一个新的登录链接。"
    return render(request, "ui/error.html", {"status": 429, "message": words}, status=429)
