"""小栖学得怎么样: for those who set standards and keep the platform."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden, LinliError
from linli.lessons import actions, labels, selectors


def worker(request: HttpRequest) -> Actor:
    """The colleague who asks. Raises Forbidden for anybody else."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != "worker":
        raise Forbidden("请用工作人员的账号登录。", "not_staff")
    return actor


def page(request: HttpRequest, actor: Actor, *, wrong: str = "") -> HttpResponse:
    """The page, with a sentence when a button could not do its work."""
    found = selectors.overview(actor)
    report = found["report"]
    heads = [(label, report.heads[h], report.right[h], report.told[h]) for h, label in labels.HEADS.items()]
    context = {"room": "understanding", "tree_label": "本页", "heads": heads, "wrong": wrong, **found}
    return render(request, "lessons/understanding.html", context, status=409 if wrong else 200)


@require_GET
def understanding(request: HttpRequest) -> HttpResponse:
    """GET /desk/understanding/"""
    return page(request, worker(request))


@require_POST
def train(request: HttpRequest) -> HttpResponse:
    """POST /desk/understanding/train/ — learn now from what people decided."""
    actor = worker(request)
    try:
        actions.train_model(by=actor)
    except Forbidden:
        raise
    except LinliError as exc:
        return page(request, actor, wrong=exc.message)
    return HttpResponseRedirect(reverse("understanding"))


@require_POST
def back(request: HttpRequest) -> HttpResponse:
    """POST /desk/understanding/back/ — the model before takes the place of the one in use."""
    actor = worker(request)
    try:
        actions.back_model(by=actor)
    except Forbidden:
        raise
    except LinliError as exc:
        return page(request, actor, wrong=exc.message)
    return HttpResponseRedirect(reverse("understanding"))
