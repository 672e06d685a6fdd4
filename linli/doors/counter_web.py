"""Pages of the counter."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.assistant import actions as assistant
from linli.doors import counter, counter_done
from linli.doors.counter_done import Done
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, LinliError, NotFound
from linli.notices import sms
from linli.orders.models import Voice
from linli.standards import selectors as standards

FIELDS = ("words", "door", "phone", "name", "person", "building", "room", "behalf", "order", "kind", "key", "fix")


def _community(actor: Actor, wanted: str) -> tuple[Area, list[Area]]:
    rows = counter.communities(actor)
    return next((a for a in rows if str(a.id) == wanted), rows[0]), rows


def _page(request: HttpRequest, form: dict, wrong: str = "") -> dict:
    community, rows = _community(request.actor, form.get("community", ""))
    try:
        known = counter.who(request.actor, form.get("phone", ""))
    except BadInput:
        known = counter.Caller()
    return {
        "room": "orders", "communities": rows, "community": community, "buildings": places.buildings(community.id),
        "known": known, "form": form, "wrong": wrong, "door": form.get("door") or counter.COUNTER,
        "kinds": standards.listed_kinds(), "company": any(b.property_org_id for b in places.buildings(community.id)),
        "person": form.get("person") or (str(known.people[0].id) if len(known.people) == 1 else ""),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def counter_form(request: HttpRequest) -> HttpResponse:
    """The form; POST stores and shows what came of it."""
    if request.method != "POST":
        return render(request, "doors/counter.html", _page(request, request.GET.dict()))
    values = {name: request.POST.get(name, "") for name in (*FIELDS, "community")}
    voice = request.FILES.get("voice")
    try:
        form = counter.Form(
            **{name: values[name] for name in FIELDS}, photos=[f for f in request.FILES.getlist("photos") if f.size],
            voice=voice if voice and voice.size else None,
        )  # fmt: skip
        community, _ = _community(request.actor, values["community"])
        taken = counter.take(request.actor, community.id, form)
    except LinliError as exc:
        return render(request, "doors/counter.html", _page(request, values, exc.message), status=422)
    if taken.message_id:
        return _told(request, taken, "counter_done", taken.message_id)
    return _told(request, taken, "counter_order", taken.order_id)


def _told(request: HttpRequest, taken: counter.Taken, name: str, subject: UUID | None) -> HttpResponse:
    """Whoever cannot scan the code gets her link by a message: who called, and for whom it was said."""
    assert subject is not None
    if taken.new:
        done = counter_done.of_message(request.actor, subject) if taken.message_id else counter_done.of_order(request.actor, subject)
        by_phone = request.POST.get("door") == counter.PHONE
        numbers = dict(Voice.objects.filter(id__in=[x.voice_id for x in done.links]).values_list("id", "phone"))
        for link in done.links:
            if link.mobile and (link.behalf or by_phone):
                sms.send_link(numbers[link.voice_id], request.build_absolute_uri(link.path))
    return redirect(name, subject)


@require_POST
def counter_who(request: HttpRequest) -> HttpResponse:
    """What the number tells: a piece of the form."""
    return render(request, "doors/counter_who.html", _page(request, request.POST.dict()))


def _show(request: HttpRequest, done: Done, subject: UUID, kind: str) -> HttpResponse:
    full = [(link, request.build_absolute_uri(link.path)) for link in done.links]
    return render(request, "doors/counter_done.html", {"room": "orders", "done": done, "full": full, "subject": subject, "kind": kind})


@require_GET
def counter_shown(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """What came of a message."""
    return _show(request, counter_done.of_message(request.actor, message_id), message_id, "message")


@require_GET
def counter_order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """What came of it where there is no group."""
    return _show(request, counter_done.of_order(request.actor, order_id), order_id, "order")


@require_GET
def counter_slip(request: HttpRequest, kind: str, subject: UUID) -> HttpResponse:
    """The slip for the caller: number, promised time, her own code. No words, no name, no home."""
    done = counter_done.of_message(request.actor, subject) if kind == "message" else counter_done.of_order(request.actor, subject)
    if not done.links:
        raise NotFound("这件事没有回执可以打印。")
    counter_done.record_print(request.actor, done)
    context = {
        "done": done, "full": [(link, request.build_absolute_uri(link.path)) for link in done.links],
        "viewer": request.actor.name, "printed_at": clock.now(), "back": request.META.get("HTTP_REFERER", "/desk/counter/"),
    }  # fmt: skip
    return render(request, "doors/counter_slip.html", context)


@require_POST
def counter_ask(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """小栖 is not sure whether it is the same matter: the caller says it to the worker."""
    done = counter_done.of_message(request.actor, message_id)
    if done.ask:
        assistant.settle_ask(by=request.actor, ask_id=done.ask.id, member_id=None, yes=request.POST.get("yes") == "1")
    return redirect("counter_done", message_id)
