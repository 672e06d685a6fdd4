"""Who may read and write a group: its members; staff of the place manage it, and read what they are members of."""

from uuid import UUID

from django.db.models import Q, QuerySet

from linli.groups.models import Group, Member
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.roles import Role

MANAGE = frozenset({Role.GRID_WORKER, Role.COMMUNITY_HEAD, Role.CENTRE})
SEE = MANAGE | {Role.GROUP_OWNER, Role.STREET_LEADER, Role.STREET_SECTION, Role.DISTRICT_BODY, Role.LINE_WORKER, Role.DUTY_OFFICER}


def code_ref(account_id: UUID) -> str:
    """The sender reference of somebody who reported by a code on the wall: named by her account, but without it, so
    that she is no member and reads nothing of the group."""
    return f"qr:{account_id}"


def visible_to(actor: Actor) -> QuerySet[Group]:
    """Groups whose name and size the actor may see (not their words)."""
    if actor.is_machine:
        return Group.objects.all()
    mine = Q(members__account_id=actor.id, members__left_at=None) if actor.id else Q(pk__in=[])
    if actor.kind != "worker":
        return Group.objects.filter(mine).distinct()
    for post in actor.posts:
        if post.role in SEE:
            name, value = post.reach()
            mine |= Q() if name == "district" else Q(**{name if name != "grid_id" else "community_id": value if name != "grid_id" else post.community_id})
            if name == "district":
                return Group.objects.all()
    return Group.objects.filter(mine).distinct()


def member(actor: Actor, group_id: UUID) -> Member:
    """The actor's membership. Raises NotFound for whoever is no member: the group's words are for members only."""
    row = None
    if actor.kind in ("resident", "worker") and actor.id:
        row = Member.objects.select_related("group").filter(group_id=group_id, account_id=actor.id, left_at=None).first()
    if row is None:
        raise NotFound("没有找到这个群，或者您还没有加入。")
    return row


def may_manage_at(actor: Actor, street_id: UUID | None, community_id: UUID, grid_id: UUID | None) -> bool:
    """May the actor make and change groups at this place? A worker of one grid may in her whole community."""
    return actor.is_machine or any(
        p.role in MANAGE
        and (p.covers(street_id=street_id, community_id=community_id, grid_id=grid_id) or p.community_id == community_id)
        for p in actor.posts
    )


def manages(actor: Actor, group: Group) -> bool:
    """May the actor invite, mute and change the group?"""
    if may_manage_at(actor, group.street_id, group.community_id, group.grid_id):
        return True
    return bool(actor.id) and Member.objects.filter(
        group_id=group.id, account_id=actor.id, role=Member.OWNER, left_at=None
    ).exists()


def get_managed(actor: Actor, group_id: UUID) -> Group:
    """The group, if the actor manages it. Raises NotFound, Forbidden."""
    group = visible_to(actor).filter(id=group_id).first()
    if group is None:
        raise NotFound()
    if not manages(actor, group):
        raise Forbidden()
    return group
