"""The demo's own page: let the groups talk, stop them, hurry them; let the clock run faster. In demo mode only."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from linli.demo import simulator
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden, NotFound
from linli.ledger.models import VirtualClock
from linli.notices import selectors as notices

PACES = ((0.5, "慢一点"), (1.0, "平常"), (5.0, "热闹"), (20.0, "很热闹"))
SPEEDS = ((0.0, "停住"), (1.0, "和真的一样"), (60.0, "一分钟当一小时"), (600.0, "一分钟当十小时"))


def _staff(request: HttpRequest) -> Actor:
    """Whoever is at the desk of the demo. Raises NotFound outside the demo, Forbidden for residents and guests."""
    if not settings.LINLI_DEMO:
        raise NotFound()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != "worker":
        raise Forbidden("请用工作人员的账号登录。", "not_staff")
    return actor


@require_GET
def simulator_page(request: HttpRequest) -> HttpResponse:
    """GET /desk/simulator/"""
    actor = _staff(request)
    told: dict[str, Any] = simulator.status()
    speed = VirtualClock.objects.filter(id=1).values_list("speed", flat=True).first()
    return render(request, "demo/simulator.html", {
        "s": told, "paces": PACES, "speeds": SPEEDS, "speed": speed, "unread": notices.unread_count(actor),
    })  # fmt: skip


@require_POST
def simulator_set(request: HttpRequest) -> HttpResponse:
    """POST /desk/simulator/set/ — `do`: pause or resume; `pace`: how lively; `speed`: how fast the clock runs."""
    _staff(request)
    match request.POST.get("do", ""):
        case "pause":
            simulator.pause()
        case "resume":
            simulator.resume()
    if "pace" in request.POST:
        simulator.set_pace(_number(request.POST["pace"]))
    if "speed" in request.POST:
        simulator.set_clock(_number(request.POST["speed"]))
    return redirect("simulator")


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError as exc:
        raise BadInput("请选一个快慢。", "bad_pace") from exc
    if value != value or value < 0:
        raise BadInput("请选一个快慢。", "bad_pace")
    return value
