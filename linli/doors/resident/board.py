"""民情留言板: what neighbours wrote and who answered. A message stands here after somebody has looked at it, without a name."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from linli.doors.resident import mine, words
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.grid.selectors import Stamp
from linli.groups.pace import check_pace
from linli.kernel.errors import BadInput, Forbidden, LinliError
from linli.ledger.models import Event
from linli.orders import actions
from linli.orders.models import Order, Voice, Word

SHOWN = 20
#: a number that somebody wrote into a public word is not public
_NUMBER = re.compile(r"\d{7,}")


@dataclass(slots=True)
class Said:
    """An answer: who, when, what."""

    who: str
    at: datetime
    text: str


@dataclass(slots=True)
class Message:
    """One message that may be seen: its words without numbers, and what was answered."""

    order: Order
    text: str
    answers: list[Said] = field(default_factory=list)


def messages(community_id: UUID) -> list[Message]:
    """The newest messages of a community that its head let be seen. Four statements."""
    orders = list(Order.objects.filter(community_id=community_id, shown=True, procedure="message_board", confidential=False).order_by("-id")[:SHOWN])
    ids = [o.id for o in orders]
    texts: dict[UUID, str] = {}
    for voice in Voice.objects.filter(order_id__in=ids, state=Voice.ACTIVE).order_by("-id"):
        texts[voice.order_id] = _NUMBER.sub("＊＊＊", voice.words)
    company = set(Event.objects.filter(subject_id__in=ids, verb="orders.pass_step", facts__step_from="company").values_list("id", flat=True))
    rows = [w for w in Word.objects.filter(order_id__in=ids).order_by("id") if w.public or w.event_id in company]
    names = places.staff_labels(w.by_id for w in rows)
    found = {o.id: Message(o, texts.get(o.id, "")) for o in orders}
    for word in rows:
        found[word.order_id].answers.append(Said(names.get(word.by_id, "物业") if word.by_id else "物业", word.at, word.text))
    return list(found.values())


@require_http_methods(["GET", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    """GET and POST /board/ — read the board of one's community, write on it."""
    actor = request.actor  # type: ignore[attr-defined]
    members = mine.joined(mine.members(actor))
    communities = places.areas(Area.COMMUNITY)
    wanted = request.POST.get("community") or request.GET.get("community", "")
    first = members[0].group.community_id if members else None
    here = next((a for a in communities if str(a.id) == wanted), None) or next((a for a in communities if a.id == first), None)
    here = here or (communities[0] if communities else None)
    context = {
        "tab": "home", "here": here, "communities": communities, "said": messages(here.id) if here else [], "known": bool(actor.id),
        "new": request.GET.get("new") == "1",
    }  # fmt: skip
    if request.method == "GET":
        return render(request, "doors/board_public.html", context)
    try:
        if not actor.id:
            raise Forbidden("请先加入一个群，或者用手机号登录，再来留言。")
        if here is None or here.street_id is None:
            raise BadInput("请选社区。", "no_community")
        sent = words.of(request)
        member = next((m for m in members if m.group.community_id == here.id), None)
        if member:
            check_pace(member)
        actions.leave_message(
            by=actor, stamp=Stamp(here.street_id, here.id, None, None, "", here.name), words=sent.text, blobs=words.keep_files(actor, sent),
            member_id=member.id if member else None, group_id=None, key=sent.key,
        )  # fmt: skip
    except LinliError as exc:
        return render(request, "doors/board_public.html", context | {"wrong": exc.message}, status=422)
    return redirect(f"/board/?new=1&community={here.id}")
