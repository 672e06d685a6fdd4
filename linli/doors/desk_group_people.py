"""A group's people at the desk: who leads it, which colleagues are in it, who has to go and why; and what was changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.accounts import selectors as accounts
from linli.doors.desk_notices import worker
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.groups import access, actions
from linli.groups import selectors as groups
from linli.groups.actions.people import REASONS, colleagues_for
from linli.groups.models import Group
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.ledger.record import history

PAGE = 100
SAID = {
    "owner": "现在也是群主了。", "unowner": "不再是群主，还在群里。", "removed": "已经移出群。", "colleague": "已经请进群。",
}  # fmt: skip
VERBS = {
    "groups.add_group": "建了这个群", "groups.change_group": "改了群名", "groups.move_group": "改了群在哪里", "groups.mute_group": "让小栖先不说话",
    "groups.unmute_group": "让小栖答话", "groups.renew_invite": "换了邀请链接", "groups.make_owner": "请 {who} 做群主",
    "groups.drop_owner": "不再让 {who} 做群主", "groups.remove_member": "把 {who} 移出群（{why}）", "groups.add_colleague": "请 {who} 进群",
    "groups.follow_building": "这栋楼换了网格，群跟着换",
}  # fmt: skip
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Change:
    """One line of what was changed."""

    at: datetime
    who: str
    did: str


def communities(actor: Actor) -> list[Area]:
    """The communities in which the reader may see groups: the tree beside the page."""
    reached = set(access.visible_to(actor).values_list("community_id", flat=True))
    return [a for a in places.areas(Area.COMMUNITY) if a.id in reached]


def changes(group: Group) -> list[Change]:
    """The last changes of a group, newest first; names are looked up now, the history holds none."""
    events = [e for e in history(group.id) if e.verb in VERBS][-SHOWN:]
    people = groups.nicknames(UUID(e.facts["member"]) for e in events if e.facts.get("member"))
    names = accounts.names(e.actor_id for e in events if e.actor_id)
    found = []
    for e in reversed(events):
        member = people.get(UUID(e.facts["member"])) if e.facts.get("member") else None
        did = VERBS[e.verb].format(who=member.nickname if member else "一位", why=REASONS.get(e.facts.get("reason", ""), "没写原因"))
        found.append(Change(e.at, names.get(e.actor_id, "系统") if e.actor_id else "系统", did))
    return found


@require_GET
def people(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """GET /desk/groups/<id>/people/?q=周"""
    actor = worker(request)
    return _people(request, actor, access.get_managed(actor, group_id))


def _people(request: HttpRequest, actor: Actor, group: Group, wrong: str = "") -> HttpResponse:
    q = " ".join(request.GET.get("q", "").split())[:16]
    found = [m for m in groups.members_of(group.id, 2000) if q in m.nickname]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "room": "groups", "communities": communities(actor), "group": group, "page": page, "count": len(found), "q_person": q, "wrong": wrong,
        "said": SAID.get(request.GET.get("said", ""), ""), "brings": access.may(actor, "add_colleague", group),
        "data": request.POST, "me": actor.id,
    }  # fmt: skip
    if context["brings"]:
        there = {m.account_id for m in groups.members_of(group.id, 2000)}
        free = {i: name for i, name in colleagues_for(group).items() if i not in there}
        labels = places.staff_labels(free)
        context["colleagues"] = sorted(((i, f"{name} · {labels.get(i, '')}") for i, name in free.items()), key=lambda c: c[1])
    return render(request, "doors/desk_group_people.html", context, status=422 if wrong else 200)


@require_GET
def member(request: HttpRequest, group_id: UUID, member_id: UUID) -> HttpResponse:
    """GET /desk/groups/<id>/people/<member>/ — one person of the group."""
    actor = worker(request)
    group = access.get_managed(actor, group_id)
    return _member(request, actor, group, member_id)


def _member(request: HttpRequest, actor: Actor, group: Group, member_id: UUID, wrong: str = "") -> HttpResponse:
    found = next((m for m in groups.members_of(group.id, 2000) if m.id == member_id), None)
    if found is None:
        raise NotFound("群里没有这个人，或者已经不在群里了。")
    context = {
        "room": "groups", "communities": communities(actor), "group": group, "m": found, "wrong": wrong, "reasons": REASONS.items(),
        "leads": access.may(actor, "make_owner", group), "removes": access.may(actor, "remove_member", group),
        "oneself": found.account_id == actor.id, "data": request.POST,
    }  # fmt: skip
    return render(request, "doors/desk_member.html", context, status=422 if wrong else 200)


@require_POST
def do(request: HttpRequest, group_id: UUID, member_id: UUID, verb: str) -> HttpResponse:
    """POST /desk/groups/<id>/people/<member>/<verb>/ — make_owner, drop_owner, remove_member."""
    actor = worker(request)
    given: dict[str, Any] = {"by": actor, "group_id": group_id, "member_id": member_id}
    try:
        with transaction.atomic():
            if verb == "make_owner":
                said, _ = "owner", actions.make_owner(**given)
            elif verb == "drop_owner":
                said, _ = "unowner", actions.drop_owner(**given)
            elif verb == "remove_member":
                said, _ = "removed", actions.remove_member(**given, reason=request.POST.get("reason", ""))
                if request.POST.get("renew") == "1":
                    actions.renew_invite(by=actor, group_id=group_id)
            else:
                raise Http404
    except (BadInput, Conflict) as exc:
        return _member(request, actor, access.get_managed(actor, group_id), member_id, exc.message)
    return HttpResponseRedirect(f"{reverse('desk_people', args=[group_id])}?said={said}")


@require_POST
def add_colleague(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """POST /desk/groups/<id>/colleague/"""
    actor = worker(request)
    post = request.POST
    try:
        try:
            account_id = UUID(post.get("account", ""))
        except ValueError as exc:
            raise BadInput("请选请哪位同事进群。", "missing_account") from exc
        actions.add_colleague(by=actor, group_id=group_id, account_id=account_id, nickname=post.get("nickname", ""))
    except (BadInput, Conflict) as exc:
        return _people(request, actor, access.get_managed(actor, group_id), exc.message)
    return HttpResponseRedirect(f"{reverse('desk_people', args=[group_id])}?said=colleague")
