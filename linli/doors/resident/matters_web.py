"""我的事: the resident's own matters, and the same for one matter by its personal link."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from linli.doors.resident import concerned, lines, links, matters, mine, words
from linli.files.models import Blob
from linli.files.serve import blob_response
from linli.groups import selectors as groups
from linli.groups.models import Group
from linli.groups.pace import check_pace
from linli.kernel.actors import Actor
from linli.kernel.errors import NotFound
from linli.ledger import live_token
from linli.orders import actions as orders
from linli.orders.models import Voice

PAGE = 20


@require_GET
def mine_page(request: HttpRequest) -> HttpResponse:
    """All my matters, and what 小栖 told me alone."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.id:
        return render(request, "doors/mine_guest.html", {"tab": "mine"})
    return render(request, "doors/mine.html", {**_mine(request, actor), "tab": "mine"})


@require_GET
def mine_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece, when something changed."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.id:
        raise NotFound()
    return render(request, "doors/mine_list.html", _mine(request, actor))


def _mine(request: HttpRequest, actor: Actor) -> dict:
    members = mine.members(actor)
    skip = max(int(request.GET.get("skip", "0")) if request.GET.get("skip", "0").isdigit() else 0, 0)
    found = matters.matters(matters.voices_of(actor), limit=PAGE + 1, skip=skip)
    told = groups.own_page([m.id for m in members], 30) if members and not skip else []
    about = [] if skip else concerned.concerns(actor)
    shown = {m.order.id for m in found} | {c.order.id for c in about}
    # What belongs to a matter stands in its steps already; here is the rest, oldest first.
    rest = [t for t in told if t.outcome_id not in shown or t.card.get("type") == "ask"][:12][::-1]
    new = request.GET.get("new") == "1"
    # Just sent, and answered by words instead of an order: that stands first.
    first = new and bool(rest) and (not found or rest[-1].sent_at > max(m.order.opened_at for m in found))
    topics = [f"m:{m.id}" for m in members][:35] + [f"o:{m.order.id}" for m in found[:4]]
    return {
        "matters": found[:PAGE], "skip": skip, "more": skip + PAGE if len(found) > PAGE else None,
        "lines": lines.lines(actor, rest[-4:] if first else rest, members) if rest else [], "token": live_token.make(topics) if topics else "",
        "new": new, "talk_first": first, "concerns": about,
    }  # fmt: skip


def _own_voice(actor: Actor, voice_id: UUID) -> Voice:
    voice = next((v for v in matters.voices_of(actor) if v.id == voice_id), None)
    if voice is None:
        raise NotFound()
    return voice


@require_POST
def rate(request: HttpRequest, voice_id: UUID) -> HttpResponse:
    """满意, 一般, 没解决."""
    actor = request.actor  # type: ignore[attr-defined]
    voice = _own_voice(actor, voice_id)
    _rate(request, actor, voice)
    return redirect(f"/mine/#o-{voice.order_id}")


def _rate(request: HttpRequest, actor: Actor, voice: Voice) -> None:
    rating = request.POST.get("rating", "")
    orders.rate_order(by=actor, order_id=voice.order_id, voice_id=voice.id, rating=rating)


@require_POST
def urge(request: HttpRequest, voice_id: UUID) -> HttpResponse:
    """催一催: whoever has it is told; once a day."""
    actor = request.actor  # type: ignore[attr-defined]
    voice = _own_voice(actor, voice_id)
    orders.urge_order(by=actor, order_id=voice.order_id)
    return redirect(f"/mine/#o-{voice.order_id}")


@require_POST
def dispute(request: HttpRequest, voice_id: UUID) -> HttpResponse:
    """What was found is disputed by whom it concerns."""
    actor = request.actor  # type: ignore[attr-defined]
    voice = _own_voice(actor, voice_id)
    orders.object_order(by=actor, order_id=voice.order_id, words=request.POST.get("words", ""))
    return redirect(f"/mine/#o-{voice.order_id}")


@require_POST
def concerned_object(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Whom a matter concerns that nobody reported objects to how it was dealt with."""
    orders.object_order(by=request.actor, order_id=order_id, words=request.POST.get("words", ""))  # type: ignore[attr-defined]
    return redirect(f"/mine/#c-{order_id}")


@require_POST
def add_words(request: HttpRequest, voice_id: UUID) -> HttpResponse:
    """More words to one's own matter: taken in like any message, and joined to it."""
    actor = request.actor  # type: ignore[attr-defined]
    voice = _own_voice(actor, voice_id)
    member = next((m for m in mine.members(actor) if m.id == voice.member_id), None)
    if member is None:
        raise NotFound("这件事是别人帮您记下的，补充的话请打电话告诉负责的人。", "no_member")
    sent = words.of(request)
    check_pace(member)
    group: Group = member.group
    hint = {"door": "report", "order": str(voice.order_id), "account": str(actor.id)}
    words.say(actor, member, group, sent, hint=hint, own=True)
    return redirect(f"/mine/#o-{voice.order_id}")


@require_GET
def mine_file(request: HttpRequest, voice_id: UUID, blob_id: UUID) -> HttpResponse:
    """A picture or voice of one of my matters."""
    return _file(request, request.actor, matters.blob_of(request.actor, voice_id, blob_id))  # type: ignore[attr-defined]


def _file(request: HttpRequest, actor: Actor, blob: Blob | None) -> HttpResponse:
    if blob is None:
        raise NotFound()
    return blob_response(blob, "linli", actor, range_header=request.headers.get("Range", ""))


def _linked(token: str) -> tuple[Actor, matters.Matter]:
    actor = links.actor_of(token)
    found = matters.matters(matters.voices_of(actor))
    if not found:
        raise NotFound("这件事已经不在了，有疑问请打社区电话。", "bad_link")
    return actor, found[0]


@require_GET
def voice_link(request: HttpRequest, token: str) -> HttpResponse:
    """The matter of one voice, by its personal link."""
    _, matter = _linked(token)
    return render(request, "doors/voice_link.html", {"matter": matter, "token": token, "link": True})


@require_POST
def voice_link_rate(request: HttpRequest, token: str) -> HttpResponse:
    """Rate by the personal link."""
    actor, matter = _linked(token)
    _rate(request, actor, matter.voice)
    return redirect("voice_link", token=token)


@require_POST
def voice_link_urge(request: HttpRequest, token: str) -> HttpResponse:
    """Urge by the personal link."""
    actor, matter = _linked(token)
    orders.urge_order(by=actor, order_id=matter.order.id)
    return redirect("voice_link", token=token)


@require_POST
def voice_link_dispute(request: HttpRequest, token: str) -> HttpResponse:
    """Dispute by the personal link what was found."""
    actor, matter = _linked(token)
    orders.object_order(by=actor, order_id=matter.order.id, words=request.POST.get("words", ""))
    return redirect("voice_link", token=token)


@require_GET
def voice_link_file(request: HttpRequest, token: str, blob_id: UUID) -> HttpResponse:
    """A picture of that matter."""
    actor = links.actor_of(token)
    assert actor.id is not None
    return _file(request, actor, matters.blob_of(actor, actor.id, blob_id))
