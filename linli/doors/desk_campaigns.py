"""What golden eyes look for: kinds and campaigns, kept by the platform centre; counted by campaign and place."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from linli.doors import desk_notices
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden
from linli.orders import actions, campaigns
from linli.orders.actions.campaigns import NO_FIND
from linli.orders.models import Campaign
from linli.standards import selectors as standards

SHOWN = 30
SAID = {"kind": "加上了，黄金眼马上就能选。", "dropped": "停用了；以前报的不变。", "started": "专项开始了，黄金眼的页面上看得到。", "ended": "专项结束了，数字留着。"}


@require_http_methods(["GET", "POST"])
def golden_eye_kinds(request: HttpRequest) -> HttpResponse:
    """GET and POST /desk/golden-eye/kinds/ — kinds of finds and campaigns."""
    actor = desk_notices.worker(request)
    if not actions.may_keep_finds(actor):
        raise Forbidden("黄金眼看什么、搞什么专项，由云平台中心来定。")
    if request.method == "POST":
        try:
            done = _do(actor, request)
        except BadInput as exc:
            return render(request, "doors/golden_eye_kinds.html", _context() | {"wrong": exc.message, "data": request.POST, "chosen": request.POST.getlist("kinds")}, status=422)
        return HttpResponseRedirect(f"{reverse('golden_eye_kinds')}?done={done}")
    return render(request, "doors/golden_eye_kinds.html", _context() | {"done": SAID.get(request.GET.get("done", ""), "")})


def _context() -> dict[str, Any]:
    kinds = standards.kinds()
    return {
        "room": "orders", "tree_label": "", "finds": [(f, kinds[f.kind].label if f.kind in kinds else "") for f in campaigns.finds()],
        "kinds": [k for k in kinds.values() if k.code not in NO_FIND], "areas": campaigns.places_for(), "today": clock.today().isoformat(),
        "campaigns": campaigns.shown(list(Campaign.objects.order_by("-starts_on", "-made_at")[:SHOWN])),
    }  # fmt: skip


def _do(actor: Actor, request: HttpRequest) -> str:
    post = request.POST
    match post.get("do"):
        case "add":
            actions.add_find_kind(by=actor, label=post.get("label", ""), kind=post.get("kind", ""))
            return "kind"
        case "drop":
            actions.drop_find_kind(by=actor, code=post.get("code", ""))
            return "dropped"
        case "end":
            actions.end_campaign(by=actor, campaign_id=_uuid(post.get("campaign", "")))
            return "ended"
    area = post.get("area", "")
    actions.start_campaign(
        by=actor, name=post.get("name", ""), starts_on=_day(post.get("starts_on", "")), ends_on=_day(post.get("ends_on", "")),
        kinds=post.getlist("kinds"), area_id=_uuid(area) if area else None,
    )  # fmt: skip
    return "started"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise BadInput("请选从哪天到哪天。", "bad_day") from exc


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as exc:
        raise BadInput("请重新选一下。", "bad_choice") from exc
