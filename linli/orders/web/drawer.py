"""One order: the drawer and the full page, its sealed voices, its pictures and sounds, a neutral text to copy."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.accounts import selectors as accounts
from linli.files import selectors as files
from linli.files.serve import blob_response
from linli.grid import selectors as places
from linli.grid.duty import book as duty_book
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden, NotFound
from linli.ledger import live_token
from linli.ledger.record import history as events_of
from linli.notices import actions as notices
from linli.orders import (
    access,
    actions,
    asked,
    board,
    history,
    labels,
    minutes,
    related,
    road,
    selectors,
    voices,
)
from linli.orders.actions import doubts
from linli.orders.actions.clocking import flow_to_show
from linli.orders.actions.looking import PURPOSES
from linli.orders.filters import parse
from linli.orders.models import Concerned, Order
from linli.orders.web import buttons, lists
from linli.standards import plans, shelf
from linli.ui import figures


@require_GET
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """GET /desk/orders/<id>/ — the drawer for htmx, else the list with the drawer open. Recorded as a view."""
    actor = lists.desk_actor(request)
    found = access.get(actor, order_id)
    actions.view_order(by=actor, order=found)
    part = request.GET.get("part", "")
    if part in ("now", "thread"):
        return render(request, f"orders/_{part}.html", drawer(request, actor, found))
    notices.mark_read(actor, subject_id=found.id)
    return answer(request, actor, found)


def answer(request: HttpRequest, actor: Actor, found: Order, **more: Any) -> HttpResponse:
    """The drawer of an order, alone or in its page; `more` may hold an open form."""
    context = drawer(request, actor, found) | more
    status = 422 if more.get("wrong") else 200
    if getattr(request, "htmx", None):
        return render(request, "orders/_drawer.html", context, status=status)
    filters = parse({k: v for k, v in request.GET.dict().items() if k != "part"})
    query = filters.query()
    home = f"{reverse('order_list')}{'?' if query else ''}{query}"
    page = lists.page(actor, filters) | {"drawer_home": home, "opened": found.id}
    return render(request, "orders/list.html", page | context, status=status)


def drawer(request: HttpRequest, actor: Actor, found: Order) -> dict[str, Any]:
    """The context of the drawer."""
    now, book = clock.now(), duty_book()
    clocks = selectors.running_clocks([found.id]).get(found.id, [])
    running = minutes.of_order(found, clocks, book, now)
    people = {found.responsible_id} | {m.holder.account_id for m in running}
    names = accounts.names(i for i in people if i)
    ways = road.ways(actor, found)
    verbs = buttons.of(actor, found, waits_answer=any(m.name == "answer" for m in running), ways=bool(ways))
    responsible = names.get(found.responsible_id, "") if found.responsible_id else ""
    building = next(iter(places.buildings_by_id([found.building_id])), None) if found.building_id else None
    org = building.property_org if building else None
    mine = found.responsible_id == actor.id
    return {
        "order": found, "heading": f"{found.place_text} {found.title}".strip(), "state": labels.state(found), "kind": labels.kind(found.kind),
        "category": labels.CATEGORY_LABELS.get(found.category, ""), "door": labels.DOOR_LABELS.get(found.door, ""),
        "ending": labels.ending(found), **_plan(found), **_concerned(actor, found), "clause": shelf.clause(found.clause, found.opened_at),
        "community": places.area_names([found.community_id]).get(found.community_id, ""),
        "responsible": responsible, "ways": ways, "road": road.stops(found, events_of(found.id), running, responsible),
        "asked": _asked(actor, found), "related": related.of(actor, found),
        "via": labels.VIA.get(found.responsible_via, ""), "mine": mine,
        "clocks": [(m, minutes.holder_label(m.holder, names)) for m in running],
        "head_light": running[0].light if running else "none",
        "head_word": _head_word(running, found), "verbs": verbs,
        "thread": history.lines(actor, found),
        "similar": [(o, text, labels.ending(o) or labels.state(o)) for o, text in selectors.similar_orders(actor, found)],
        "may_voices": access.may(actor, "view_voices", found), "purposes": [p for p in PURPOSES.items() if p[0] != "work"],
        "may_know": access.may(actor, "who_could_know", found), "may_print": access.may(actor, "print_order", found),
        "may_call": access.may(actor, "view_voices", found) and access.may(actor, "add_voices", found),
        "callable": voices.first_callable(found) if access.may(actor, "add_voices", found) else None,
        "org": org, "copy_text": neutral_text(actor, found),
        "viewer": actor.name, "viewed": figures.moment(now), "live_order": live_token.make([f"o:{found.id}"]),
        "next_step": next_step(found, running, mine) if not ways else "", **doubt_of(actor, found), **wording_of(actor, found),
    }  # fmt: skip


def wording_of(actor: Actor, found: Order) -> dict[str, Any]:
    """How a message of the board stands before everybody, for whoever may word it."""
    worded = found.procedure == board.PROCEDURE and not found.confidential and not found.history and access.may(actor, "edit_wording", found)
    return {"wording": board.wordings([found]).get(found.id, "")} if worded else {}


def doubt_of(actor: Actor, found: Order) -> dict[str, Any]:
    """What the machine was not sure of, for whoever may put it right; what a language model suggests is labelled so."""
    doubt = doubts.of(found) if found.is_open and not found.confidential and buttons.allowed(actor, found, "correct_order") else None
    if doubt is None:
        return {}
    return {
        "doubt": doubt, "doubt_kind": labels.kind(doubt.suggested_kind) if doubt.suggested_kind else "",
        "doubt_category": labels.CATEGORY_LABELS.get(doubt.suggested_category, ""), "correct": buttons.BUTTONS["correct_order"],
        "doubt_other": bool({doubt.suggested_kind, doubt.suggested_category} - {"", found.kind, found.category}),
    }  # fmt: skip


def _plan(found: Order) -> dict[str, Any]:
    """The plan of an emergency with what it says of this step; all plans where its name tells no kind. Nothing else has one."""
    if not found.clause.startswith(f"{plans.DOCUMENT}-") or found.history:
        return {}
    flow = flow_to_show(found)
    heads, here = {s.label for s in flow.steps.values()}, flow.step(found.step).label
    own = plans.plan_for(f"{found.title} {found.thing} {found.place_text}")
    rows = [own] if own else plans.plans()
    shown = [
        {"title": p.title, "code": p.code, "now": p.of_step(here), "limits": p.limits, "beside": p.beside(heads)} for p in rows
    ]
    return {"plan": shown[0] if own else None, "plans": shown}


def _concerned(actor: Actor, found: Order) -> dict[str, Any]:
    """Where the procedure waits for whom it concerns: is she named, and may the reader name her?"""
    if not actions.may_concern(found):
        return {}
    named = Concerned.objects.filter(order_id=found.id).exists()
    return {"concern": "named" if named else "unnamed", "may_name": access.may(actor, "name_concerned", found)}


def _asked(actor: Actor, found: Order) -> list[dict[str, Any]]:
    """What waits for a second person's yes on this order."""
    rows = asked.waiting(found)
    names = accounts.names(r.asked_by for r in rows)
    return [asked.shown(actor, found, r, names.get(r.asked_by, "")) for r in rows]


def _head_word(running: list[minutes.Minute], found: Order) -> str:
    if not running:
        return labels.state(found)
    first = running[0]
    left = figures.remain(first.left).split(" ", 1)
    return f"{first.word + ' · ' if first.word else ''}{first.label}{left[0]} {left[1]}"


def next_step(found: Order, running: list[minutes.Minute], mine: bool) -> str:
    """One sentence: what to do now, and by when. Only for whoever is responsible."""
    if not mine or not running:
        return ""
    due = figures.when(running[0].due_at)
    if running[0].name == "answer":
        late = "已经过了约定的时间，请先" if running[0].late else f"请在{due}前"
        return f"{late}给居民一个答复：是什么情况、怎么办、什么时候办；办不了也请如实说。"
    return f"已经答复过。请在{due}前办好，再写办理结果；有变化随时再答复一次。"


def neutral_text(actor: Actor, found: Order) -> str:
    """What may be pasted elsewhere: the matter without its reporter, with who copied it and when."""
    due = f"，请在{figures.when(found.solve_due_at)}前办结" if found.solve_due_at and found.is_open else ""
    return (
        f"【工单 {found.number}】{found.place_text} {found.title}（{labels.state(found)}{due}）\n"
        f"—— {actor.name} {figures.moment(clock.now())} 复制，仅限工作使用"
    )


@require_POST
def order_voices(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """POST /desk/orders/<id>/voices/ — open the sealed voices for a purpose; recorded."""
    actor = lists.desk_actor(request)
    found = access.get(actor, order_id)
    rows = actions.view_voices(by=actor, order=found, purpose=request.POST.get("purpose", ""))
    context = {
        "order": found, "voices": voices.cards(actor, found, rows), "purpose": PURPOSES[request.POST["purpose"]],
        "viewer": actor.name, "viewed": figures.moment(clock.now()), "may_remove": buttons.allowed(actor, found, "remove_voice"),
        "may_rate": buttons.allowed(actor, found, "rate_order"),
    }  # fmt: skip
    if getattr(request, "htmx", None):
        return render(request, "orders/_voices.html", context)
    return answer(request, actor, found, **context)


class TelRedirect(HttpResponseRedirect):
    """To the phone's own dialler."""

    allowed_schemes = ["tel"]


@require_GET
def order_call(request: HttpRequest, order_id: UUID, voice_id: UUID) -> HttpResponse:
    """GET /desk/orders/<id>/call/<voice>/ — one tap: the number is opened, recorded, and dialled."""
    actor = lists.desk_actor(request)
    found = access.get(actor, order_id)
    voice = actions.call_voice(by=actor, order=found, voice_id=voice_id)
    number = voices.phone_of(voice)
    if not number:
        raise NotFound("这位居民没有留电话，可以在群里答复，或者上门看看。")
    return TelRedirect(f"tel:{number}")


@require_POST
def order_copied(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """POST /desk/orders/<id>/copied/ — the neutral text was copied; recorded."""
    actor = lists.desk_actor(request)
    actions.copy_order(by=actor, order=access.get(actor, order_id))
    return HttpResponse(status=204)


@require_GET
def order_blob(request: HttpRequest, order_id: UUID, blob_id: UUID) -> HttpResponse:
    """GET /desk/orders/<id>/blob/<blob>/ — a picture or sound of a step, or of a voice that was opened just now."""
    actor = lists.desk_actor(request)
    found = access.get(actor, order_id)
    if not (history.shows_blob(actor, found, blob_id) or voices.opened_blob(actor, found, blob_id)):
        raise Forbidden("请先打开反映人一栏，再看图片、听语音。")
    blob = files.get_blob(blob_id)
    return blob_response(blob, f"order-{found.number}", actor, range_header=request.headers.get("Range", ""))
