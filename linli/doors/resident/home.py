"""The first page, for a guest and for a resident; 我的."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.accounts import selectors as accounts
from linli.accounts.models import Account
from linli.doors.resident import matters, mine
from linli.grid import selectors as places
from linli.grid.duty import DutyBook
from linli.grid.selectors import Stamp
from linli.groups.models import Group, Member
from linli.insight.models import Cell
from linli.kernel import clock, masking
from linli.kernel.actors import Actor

WEEK = timedelta(days=6)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is public for a guest; groups, matters and the worker of her place for a resident."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.id:
        return render(request, "doors/home_guest.html", {"tab": "home", "week": week()})
    members = mine.members(actor)
    joined = mine.joined(members)
    context: dict[str, Any] = {
        "tab": "home", "groups": [m.group for m in joined], "member": joined[0] if joined else None,
        "matters": matters.matters(matters.voices_of(actor), limit=3, open_only=True), "staff": actor.kind == "worker",
    }  # fmt: skip
    if members:
        context |= _place(members[0])
        context["week"] = week(members[0].group.community_id)
    else:
        context["week"] = week()
    return render(request, "doors/home.html", context)


def _place(member: Member) -> dict[str, Any]:
    """The community, and who answers there at this minute."""
    group: Group = member.group
    area = places.area(group.community_id)
    stamp = Stamp(group.street_id, group.community_id, group.grid_id, group.building_id)
    holder = DutyBook().holder(stamp, clock.now())
    if holder.account_id is None:
        return {"community": area}
    label = places.staff_labels([holder.account_id]).get(holder.account_id, "")
    return {
        "community": area, "person": label, "phone": accounts.phone_of(holder.account_id),
        "duty": holder.via in ("roster", "duty", "gap"),
    }  # fmt: skip


def week(community_id: UUID | None = None) -> dict[str, int]:
    """The last seven days from the roll-ups: answered in time of those whose time is over or that were answered."""
    rows = Cell.objects.filter(local_day__gte=clock.today() - WEEK)
    if community_id:
        rows = rows.filter(community_id=community_id)
    names = ("opened", "answered_in_time", "answer_late", "satisfied", "so_so", "unsolved")
    found = rows.aggregate(**{n: Sum(n) for n in names})
    row = {n: int(found[n] or 0) for n in names}
    row["due"] = row["answered_in_time"] + row["answer_late"]
    row["rated"] = row["satisfied"] + row["so_so"] + row["unsolved"]
    return row


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """我的: name, number, groups, size of type, the way out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    account = Account.objects.filter(id=actor.id).first() if actor.id else None
    joined = mine.joined(mine.members(actor)) if account else []
    phone = masking.mask_phone(account.phone) if account and account.phone else ""
    context = {"tab": "me", "account": account, "members": joined, "phone": phone, "staff": actor.kind == "worker"}
    return render(request, "doors/me.html", context)
