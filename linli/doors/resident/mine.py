"""Which members and messages are somebody's own. Whoever reports by a code on the wall has no place in the group: her
member is named by her account ("qr:<account>") and sees only what 小栖 tells her alone."""

from uuid import UUID

from django.db.models import Q

from linli.groups import access as group_access
from linli.groups.models import Group, Member, Message
from linli.kernel.actors import Actor
from linli.kernel.errors import NotFound


def members(actor: Actor) -> list[Member]:
    """All members that are this person, with their groups, those by code last. One statement."""
    if actor.kind not in ("resident", "worker") or actor.id is None:
        return []
    mine = Q(account_id=actor.id, left_at=None) | Q(sender_ref=group_access.code_ref(actor.id))
    rows = Member.objects.filter(mine).select_related("group").order_by("group__name", "id")
    return sorted(rows, key=lambda m: m.account_id is None)


def joined(rows: list[Member]) -> list[Member]:
    """Only the memberships: groups that she reads and writes; those of her own building first."""
    return sorted((m for m in rows if m.account_id), key=lambda m: (m.group.building_id is None, m.group.name))


def message(actor: Actor, message_id: UUID) -> tuple[Message, Member]:
    """A message that the actor may see, and as which member. Raises NotFound for everybody else."""
    row = Message.objects.select_related("group").filter(id=message_id, history=False).first()
    if row is None:
        raise NotFound()
    if row.audience == Message.GROUP:
        return row, group_access.member(actor, row.group_id)
    for member in members(actor):
        if member.id == row.to_member_id:
            return row, member
    raise NotFound()


def main_group(community_id: UUID) -> Group | None:
    """The group that takes in what has no group of its own in a community: its widest page, else its oldest group."""
    rows = list(Group.objects.filter(community_id=community_id).order_by("id"))
    wide = [g for g in rows if g.building_id is None and g.channel == Group.PAGE]
    return next(iter(wide or rows), None)
