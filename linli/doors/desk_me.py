"""A colleague's own page: who she is here, how she wants to be told of her messages, the way out."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from linli.accounts import selectors as accounts
from linli.doors import desk_notices
from linli.grid import selectors as places
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput
from linli.kernel.masking import mask_phone
from linli.kernel.roles import LABELS
from linli.notices import quiet
from linli.notices.models import Way
from linli.notices.outside import actions as outside
from linli.notices.outside import selectors as ways

HOWS = ((Way.OFF, "不用"), (Way.URGENT, "只要急的"), (Way.DIGEST, "每天一次"), (Way.EACH, "每条都要"))


@dataclass(slots=True)
class Offer:
    """One channel as she may choose it: code, how it is now, where it goes, whether that is known."""

    channel: str
    how: str
    address: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_notices.to_sign_in
def me(request: HttpRequest) -> HttpResponse:
    """GET /desk/me/ — who I am here. POST: how I want to be told besides the desk."""
    actor = desk_notices.worker(request)
    if request.method != "POST":
        return render(request, "doors/desk_me.html", _page(actor) | {"saved": "saved" in request.GET})
    sent = request.POST
    try:
        with transaction.atomic():  # one form, one answer
            for channel in outside.open_channels():
                how = sent.get(f"{channel}_how", "")
                outside.choose_way(by=actor, channel=channel, how=how, address=sent.get("mail", "") if channel == Way.MAIL else "")
    except BadInput as exc:
        context = _page(actor) | {"wrong": exc.message}
        for offer in context["offers"]:
            offer.how = sent.get(f"{offer.channel}_how", offer.how)
            offer.address = sent.get("mail", "") if offer.channel == Way.MAIL else offer.address
        return render(request, "doors/desk_me.html", context, status=422)
    return HttpResponseRedirect(f"{reverse('desk_me')}?saved=1#ways")


def _page(actor: Actor) -> dict[str, Any]:
    assert actor.id is not None
    names: dict[UUID, str] = places.area_names(i for p in actor.posts for i in (p.grid_id, p.community_id, p.street_id) if i)
    orgs = places.organisation_names(p.org_id for p in actor.posts if p.org_id)
    posts = [
        (LABELS[p.role], names.get(p.reach()[1], "全区") if p.reach()[1] else "全区", orgs.get(p.org_id, "") if p.org_id else "")
        for p in actor.posts
    ]  # fmt: skip
    chosen, hours = ways.ways_of(actor), quiet.hours()
    offers = [_offer(c, chosen.get(c), accounts.phone_of(actor.id)) for c in outside.open_channels()]
    return {
        "posts": posts, "offers": offers, "hows": HOWS, "digest": settings.LINLI_DIGEST, "mail_off": Way.MAIL not in outside.open_channels(),
        "quiet": hours if hours.begins != hours.ends else None, "room": "me", "tree_label": "",
    }  # fmt: skip


def _offer(channel: str, way: Way | None, phone: str) -> Offer:
    how = way.how if way else Way.OFF
    return Offer(channel, how, (way.address if way else "") if channel == Way.MAIL else mask_phone(phone))
