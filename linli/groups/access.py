"""Who may read and write a group: its members; staff of the place manage it, and read what they are members of."""

from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from linli.groups.models import Group, Member
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.roles import Role

MANAGE = frozenset({Role.GRID_WORKER, Role.COMMUNITY_HEAD, Role.CENTRE})
#: role × verb; a worker of one grid does these in her whole community
RIGHTS: dict[str, frozenset[Role]] = {
    "add_group": MANAGE, "change_group": MANAGE, "move_group": MANAGE, "mute_group": MANAGE, "unmute_group": MANAGE,
    "renew_invite": MANAGE, "make_owner": MANAGE, "drop_owner": MANAGE, "add_colleague": MANAGE, "remove_member": MANAGE,
}  # fmt: skip
#: what the group's owner may do as well, whatever her posts; who else leads it and whom the staff let in is not hers to say
OWNER = frozenset({"change_group", "mute_group", "unmute_group", "renew_invite", "remove_member"})
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


def may_manage_at(actor: Actor, street_id: UUID | None, community_id: UUID, grid_id: UUID | None, verb: str = "add_group") -> bool:
    """May the actor make and change groups at this place? A worker of one grid may in her whole community."""
    roles = RIGHTS[verb]
    return actor.is_machine or any(
        p.role in roles
        and (p.covers(street_id=street_id, community_id=community_id, grid_id=grid_id) or p.community_id == community_id)
        for p in actor.posts
    )


def may(actor: Actor, verb: str, group: Group) -> bool:
    """May the actor do this verb in this group? Raises KeyError for an unknown verb."""
    if may_manage_at(actor, group.street_id, group.community_id, group.grid_id, verb):
        return True
    return verb in OWNER and bool(actor.id) and Member.objects.filter(
        group_id=group.id, account_id=actor.id, role=Member.OWNER, left_at=None
    ).exists()


def manages(actor: Actor, group: Group) -> bool:
    """May the actor invite, mute and change the group?"""
    return may(actor, "change_group", group)


def get_managed(actor: Actor, group_id: UUID, verb: str = "change_group", *, lock: bool = False) -> Group:
    """The group, if the actor may do the verb there; locked for this transaction if wanted. Raises NotFound, Forbidden."""
    if not visible_to(actor).filter(id=group_id).exists():
        raise NotFound()
    rows = Group.objects.filter(id=group_id)
    group = (rows.select_for_update() if lock and connection.features.has_select_for_update else rows).first()
    if group is None:
        raise NotFound()
    if not may(actor, verb, group):
        raise Forbidden()
    return group
