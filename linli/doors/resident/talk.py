"""The group's page: its talk, live; saying something; older words; pictures and voices; buttons under 小栖's words."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from linli.assistant import actions as assistant
from linli.doors.resident import lines, mine, words
from linli.files import selectors as files
from linli.files.serve import blob_response
from linli.groups import access as group_access
from linli.groups import selectors as groups
from linli.groups.models import Group, Member, Message
from linli.groups.pace import check_pace
from linli.kernel.errors import BadInput, LinliError, NotFound
from linli.knowledge import actions as knowledge
from linli.ledger import live_token
from linli.orders import actions as orders
from linli.orders.models import Voice

PAGE = 50
CATCH_UP = 200
#: ids are made before their commit: what is asked for "since" reaches so far back, the page leaves out what it has
OVERLAP_MS = 10_000
LIVE_SECONDS = 3600


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _earlier(message_id: UUID) -> UUID:
    """The smallest id made OVERLAP_MS before this one (UUIDv7: the first 48 bits are milliseconds)."""
    return UUID(int=max((message_id.int >> 80) - OVERLAP_MS, 0) << 80)


def _token(member: Member) -> str:
    return live_token.make([f"g:{member.group_id}", f"m:{member.id}"], LIVE_SECONDS)


@require_GET
def group(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """The talk of a group, for its members; `before` a message for whoever follows 看更早的 without scripts."""
    member = group_access.member(request.actor, group_id)  # type: ignore[attr-defined]
    before = _uuid(request.GET.get("before", ""))
    rows = groups.messages_for(member, before=before, limit=PAGE + 1)
    context = {
        "group": member.group, "member": member, "lines": lines.lines(request.actor, rows[-PAGE:], [member]),
        "older": rows[-PAGE].id if len(rows) > PAGE else None, "token": "" if before else _token(member), "most": words.MOST_WORDS,
        "writes": member.group.channel == Group.PAGE,
    }  # fmt: skip
    return render(request, "doors/talk.html", context)


@require_GET
def since(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """What was said since a message (`after`), or before one (`before`), as a piece of the talk."""
    member = group_access.member(request.actor, group_id)  # type: ignore[attr-defined]
    before = _uuid(request.GET.get("before", ""))
    if before:
        rows = groups.messages_for(member, before=before, limit=PAGE + 1)
        older = rows[-PAGE].id if len(rows) > PAGE else None
        shown = lines.lines(request.actor, rows[-PAGE:], [member])
        return render(request, "doors/talk_older.html", {"lines": shown, "older": older, "group": member.group})
    start = _uuid(request.GET.get("after", ""))
    rows = groups.messages_for(member, after=_earlier(start) if start else None, limit=CATCH_UP)
    if start and len(rows) == CATCH_UP:
        # Asleep for long: a fresh page shows the newest words at once.
        return HttpResponse(headers={"HX-Refresh": "true"})
    return HttpResponse(_news(request, member, rows))


def _news(request: HttpRequest, member: Member, rows: list[Message]) -> str:
    shown = lines.lines(request.actor, rows, [member], days=False)
    return render_to_string("doors/talk_news.html", {"lines": shown, "token": _token(member)}, request)


@require_POST
def say(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Say something: stored, then acknowledged; 小栖 answers when a worker has taken it in."""
    actor = request.actor  # type: ignore[attr-defined]
    member = group_access.member(actor, group_id)
    try:
        if member.group.channel != Group.PAGE:
            raise BadInput("这是微信群的转入页，请在微信群里说；有事也可以用“随手报”。", "relay_group")
        sent = words.of(request)
        check_pace(member)
        words.say(actor, member, member.group, sent)
    except LinliError as exc:
        return _refused(request, exc)
    if request.htmx:  # type: ignore[attr-defined]
        start = _uuid(request.POST.get("after", ""))
        rows = groups.messages_for(member, after=_earlier(start) if start else None, limit=CATCH_UP)
        return HttpResponse(_news(request, member, rows))
    return redirect("talk", group_id=group_id)


def _refused(request: HttpRequest, exc: LinliError) -> HttpResponse:
    """The refusal stands beside the field, which keeps its words."""
    if not request.htmx:  # type: ignore[attr-defined]
        raise exc
    response = HttpResponse(render_to_string("doors/wrong.html", {"message": exc.message}), status=422)
    response["HX-Retarget"], response["HX-Reswap"] = "#say-wrong", "innerHTML"
    return response


@require_GET
def message_file(request: HttpRequest, message_id: UUID, number: int) -> HttpResponse:
    """A picture or voice of a message, for whoever may see the message."""
    row, _ = mine.message(request.actor, message_id)  # type: ignore[attr-defined]
    if number >= len(row.blob_ids):
        raise NotFound()
    blob = files.get_blob(UUID(row.blob_ids[number]))
    return blob_response(blob, f"linli-{number + 1}", request.actor, range_header=request.headers.get("Range", ""))  # type: ignore[attr-defined]


def _again(request: HttpRequest, row: Message, member: Member) -> HttpResponse:
    """The message drawn again after a button; without htmx back to where it stands."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("talk", group_id=row.group_id) if member.account_id else redirect("mine")
    line = lines.lines(request.actor, [row], [member], days=False)[0]
    return render(request, "doors/line.html", {"line": line})


@require_POST
def settle(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """「是同一件事吗？」, 「是有事要反映吗？」: the one who was asked chooses."""
    row, member = mine.message(request.actor, message_id)  # type: ignore[attr-defined]
    ask = _uuid(row.card.get("ask", ""))
    if ask is None:
        raise NotFound()
    assistant.settle_ask(by=request.actor, ask_id=ask, member_id=member.id, yes=request.POST.get("yes") == "1")  # type: ignore[attr-defined]
    return _again(request, row, member)


@require_POST
def choose(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Which of the close questions was meant."""
    row, member = mine.message(request.actor, message_id)  # type: ignore[attr-defined]
    entry = _uuid(request.POST.get("entry", ""))
    if entry is None:
        raise NotFound()
    assistant.choose_entry(by=request.actor, message=row, member=member, entry_id=entry)  # type: ignore[attr-defined]
    return _again(request, row, member)


@require_POST
def useful(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """有用 or 没用."""
    row, member = mine.message(request.actor, message_id)  # type: ignore[attr-defined]
    entry = _uuid(row.card.get("entry", ""))
    if entry is None:
        raise NotFound()
    knowledge.tell_useful(
        by=request.actor, entry_id=entry, message_id=row.id, member_id=member.id,  # type: ignore[attr-defined]
        useful=request.POST.get("useful") == "1",
    )  # fmt: skip
    return _again(request, row, member)


@require_POST
def rate_here(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """满意, 一般, 没解决 under a result, by one of the order's voices."""
    row, member = mine.message(request.actor, message_id)  # type: ignore[attr-defined]
    order_id = _uuid(row.card.get("order", ""))
    if order_id is None:
        raise NotFound()
    mine_of_it = Voice.objects.filter(order_id=order_id, account_id=request.actor.id, state=Voice.ACTIVE)  # type: ignore[attr-defined]
    voice = mine_of_it.order_by("id").first()
    if voice is None:
        raise NotFound()
    rating = request.POST.get("rating", "")
    orders.rate_order(by=request.actor, order_id=order_id, voice_id=voice.id, rating=rating)  # type: ignore[attr-defined]
    return _again(request, row, member)
