"""Reads of groups."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q

from linli.groups.models import Group, Member, Message


def messages_for(member: Member, *, after: UUID | None = None, before: UUID | None = None, limit: int = 50) -> list[Message]:
    """What this member sees in the stream, oldest first: the group's words and what 小栖 said to her alone."""
    rows = Message.objects.filter(group_id=member.group_id, history=False)
    rows = rows.filter(Q(audience=Message.GROUP) | Q(audience=Message.MEMBER, to_member_id=member.id))
    if after:
        return list(rows.filter(id__gt=after).order_by("id")[:limit])
    if before:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[:limit])[::-1]


def nicknames(member_ids: Iterable[UUID | None]) -> dict[UUID, Member]:
    """Members by id, in one query."""
    wanted = {i for i in member_ids if i}
    return Member.objects.in_bulk(list(wanted)) if wanted else {}


def groups_of(account_id: UUID) -> list[Group]:
    """The groups an account is in."""
    return list(Group.objects.filter(members__account_id=account_id, members__left_at=None).order_by("name").distinct())


def own_page(member_ids: Sequence[UUID], limit: int = 50) -> list[Message]:
    """What stands on these members' own page: what 小栖 told them alone, and what they said to it alone. Newest first."""
    rows = Message.objects.filter(to_member_id__in=member_ids).exclude(audience=Message.GROUP)
    return list(rows.order_by("-id")[:limit])


def member_count(group_id: UUID) -> int:
    """People in the group now."""
    return Member.objects.filter(group_id=group_id, left_at=None).exclude(sender_ref__startswith="qr:").count()


def waiting() -> int:
    """Messages without an outcome."""
    return Message.objects.filter(state=Message.NEW).count()


def by_invite(invite: str) -> Group | None:
    """The group of an invitation that is in force."""
    return Group.objects.filter(invite=invite).first()


def members_of(group_id: UUID, limit: int = 500) -> list[Member]:
    """People in the group now: owner, colleagues, then neighbours as they came. Who only reported something by a code
    on the wall has no account here and is not among them."""
    rows = Member.objects.filter(group_id=group_id, left_at=None).exclude(sender_ref__startswith="qr:").order_by("id")[:limit]
    return sorted(rows, key=lambda m: (m.role != Member.OWNER, not m.staff))
