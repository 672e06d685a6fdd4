"""The first page, for a guest and for a resident; 我的."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.accounts import selectors as accounts
from linli.accounts.models import Account
from linli.doors.resident import matters, mine
from linli.grid import duty
from linli.grid import selectors as places
from linli.grid.selectors import Stamp
from linli.groups.models import Group, Member
from linli.insight import selectors as insight
from linli.kernel import clock, masking
from linli.kernel.actors import Actor


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is public for a guest; groups, matters and the worker of her place for a resident."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.id:
        return render(request, "doors/home_guest.html", {"tab": "home", "week": insight.public_figures()})
    members = mine.members(actor)
    joined = mine.joined(members)
    context: dict[str, Any] = {
        "tab": "home", "groups": [m.group for m in joined], "member": joined[0] if joined else None,
        "matters": matters.matters(matters.voices_of(actor), limit=3, open_only=True), "staff": actor.kind == "worker",
        "week": insight.public_figures(),
    }  # fmt: skip
    if members:
        context |= _place(members[0])
    return render(request, "doors/home.html", context)


def _place(member: Member) -> dict[str, Any]:
    """The community, and who answers there at this minute."""
    group: Group = member.group
    area = places.area(group.community_id)
    stamp = Stamp(group.street_id, group.community_id, group.grid_id, group.building_id)
    holder = duty.book().holder(stamp, clock.now())
    if holder.account_id is None:
        return {"community": area}
    label = places.staff_labels([holder.account_id]).get(holder.account_id, "")
    return {
        "community": area, "person": label, "phone": accounts.phone_of(holder.account_id),
        "duty": holder.via in ("roster", "duty", "gap"),
    }  # fmt: skip


@never_cache
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """我的: name, number, groups, size of type, the way out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    account = Account.objects.filter(id=actor.id).first() if actor.id else None
    joined = mine.joined(mine.members(actor)) if account else []
    phone = masking.mask_phone(account.phone) if account and account.phone else ""
    context = {"tab": "me", "account": account, "members": joined, "phone": phone, "staff": actor.kind == "worker"}
    return render(request, "doors/me.html", context)
