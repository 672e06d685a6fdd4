"""Joining a group by its invitation, and the group's own page: members, invitation, 小栖 muted or not, leaving."""

from datetime import timedelta
from uuid import UUID

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.groups import access, actions, veil
from linli.groups import selectors as groups
from linli.groups.models import Member
from linli.kernel import clock
from linli.kernel.errors import LinliError, NotFound, TooMany

#: of one group; a whole building may join at one meeting, a machine would do more
JOIN_AN_HOUR = 200
BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, invite: str) -> HttpResponse:
    """The invitation: the group's name, and how one wants to be called. No phone, no password."""
    group = groups.by_invite(invite)
    if group is None:
        raise NotFound("这个邀请链接已经失效，请向群主要一个新的。", "invite_gone")
    actor = request.actor  # type: ignore[attr-defined]
    if actor.id and Member.objects.filter(group=group, account_id=actor.id, left_at=None).exists():
        return redirect("talk", group_id=group.id)
    context = {"group": group, "nickname": actor.name, "count": groups.member_count(group.id), "invite": invite}
    if request.method != "POST":
        return render(request, "groups/join.html", context)
    nickname = request.POST.get("nickname", "")
    try:
        _check_pace(group.id)
        member, account = actions.join_group(by=actor, invite=invite, nickname=nickname)
    except LinliError as exc:
        return render(request, "groups/join.html", {**context, "nickname": nickname, "wrong": exc.message}, status=422)
    if not actor.id:
        login(request, account, backend=BACKEND)
    return redirect("talk", group_id=member.group_id)


def _check_pace(group_id: UUID) -> None:
    since = clock.now() - timedelta(hours=1)
    if Member.objects.filter(group_id=group_id, joined_at__gt=since).count() >= JOIN_AN_HOUR:
        raise TooMany("这一小时加入的人太多了，请过一会儿再试。", "too_many_joins")


@require_GET
def info(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Who is in the group; for those who manage it the invitation with its code."""
    actor = request.actor  # type: ignore[attr-defined]
    member = access.member(actor, group_id)
    manages = access.manages(actor, member.group)
    context = {
        "group": member.group, "member": member, "manages": manages, "members": veil.covered(actor, groups.members_of(group_id)),
        "address": request.build_absolute_uri(reverse("join", args=[member.group.invite])) if manages else "",
    }  # fmt: skip
    return render(request, "groups/info.html", context)


@require_POST
def renew(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """A new invitation; the old one stops working."""
    actions.renew_invite(by=request.actor, group_id=group_id)  # type: ignore[attr-defined]
    return redirect("group_info", group_id=group_id)


@require_POST
def mute(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """小栖 is silent in this group, or speaks again."""
    act = actions.mute_group if request.POST.get("muted") == "1" else actions.unmute_group
    act(by=request.actor, group_id=group_id)  # type: ignore[attr-defined]
    return redirect("group_info", group_id=group_id)


@require_POST
def leave(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Leave the group."""
    actions.leave_group(by=request.actor, group_id=group_id)  # type: ignore[attr-defined]
    return redirect("home")
