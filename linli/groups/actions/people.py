"""Who leads a group, whom the staff bring in, and who has to go."""

from uuid import UUID

from django.db import transaction

from linli.accounts import selectors as accounts
from linli.grid import selectors as places
from linli.groups import access
from linli.groups.actions.groups import clean_nickname
from linli.groups.models import Group, Member
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.ledger.record import Row, record

#: why somebody was taken out; a code, so that the history holds no words about a person
REASONS = {
    "asked": "本人要求", "moved": "搬走了", "twice": "重复进群", "stranger": "不是本群的邻居", "ads": "发广告、刷屏",
    "rude": "骂人、闹事", "left_service": "同事已离岗",
}  # fmt: skip


def _row(group: Group, facts: dict) -> Row:
    return Row("group", group.id, group.street_id, group.community_id, group.grid_id, facts)


def _member(group: Group, member_id: UUID) -> Member:
    """Somebody who is in the group now; the group is locked, so nobody else changes its people. Raises NotFound."""
    rows = Member.objects.filter(group=group, id=member_id, left_at=None).exclude(sender_ref__startswith="qr:")
    member = rows.first()
    if member is None:
        raise NotFound("群里没有这个人，或者已经不在群里了。")
    return member


def _another_owner(group: Group, member: Member) -> None:
    others = Member.objects.filter(group=group, role=Member.OWNER, left_at=None).exclude(id=member.id)
    if member.role == Member.OWNER and not others.exists():
        raise Conflict("这是最后一位群主，先请另一位做群主。", "last_owner")


@transaction.atomic
def make_owner(*, by: Actor, group_id: UUID, member_id: UUID) -> Member:
    """Let a member lead the group, beside those who do. Raises NotFound, Forbidden; BadInput for whoever has no account."""
    group = access.get_managed(by, group_id, "make_owner", lock=True)
    member = _member(group, member_id)
    if member.account_id is None:
        raise BadInput("这位还没有账号，做不了群主。", "no_account")
    if member.role != Member.OWNER:
        member.role = Member.OWNER
        member.save(update_fields=["role"])
        record(by, "groups.make_owner", _row(group, {"member": str(member.id)}))
    return member


@transaction.atomic
def drop_owner(*, by: Actor, group_id: UUID, member_id: UUID) -> Member:
    """She leads the group no longer and stays in it. Raises NotFound, Forbidden, Conflict for the last owner."""
    group = access.get_managed(by, group_id, "drop_owner", lock=True)
    member = _member(group, member_id)
    if member.role == Member.OWNER:
        _another_owner(group, member)
        member.role = Member.MEMBER
        member.save(update_fields=["role"])
        record(by, "groups.drop_owner", _row(group, {"member": str(member.id)}))
    return member


@transaction.atomic
def remove_member(*, by: Actor, group_id: UUID, member_id: UUID, reason: str) -> Member:
    """Take somebody out of the group, with a reason of the list. What she said and her matters stay; her own page too.

    Raises NotFound, Forbidden, BadInput; Conflict for the last owner and for oneself (that is leaving).
    """
    group = access.get_managed(by, group_id, "remove_member", lock=True)
    if reason not in REASONS:
        raise BadInput("请选为什么移出。", "missing_reason")
    member = _member(group, member_id)
    if by.id and member.account_id == by.id:
        raise Conflict("自己要走，请在群里点“退出”。", "oneself")
    _another_owner(group, member)
    member.left_at, member.role = clock.now(), Member.MEMBER
    member.save(update_fields=["left_at", "role"])
    record(by, "groups.remove_member", _row(group, {"member": str(member.id), "reason": reason}))
    return member


@transaction.atomic
def add_colleague(*, by: Actor, group_id: UUID, account_id: UUID, nickname: str = "") -> Member:
    """Bring a colleague of the place into the group, so that she reads and answers there. Raises NotFound, Forbidden,
    BadInput for somebody who has no post here."""
    group = access.get_managed(by, group_id, "add_colleague", lock=True)
    if account_id not in colleagues_for(group):
        raise BadInput("请选一位在本社区或本街道有岗位的同事。", "bad_colleague")
    nickname = clean_nickname(nickname or places.staff_labels([account_id])[account_id])
    ref = f"account:{account_id}"
    member = Member.objects.filter(group=group, sender_ref=ref).first()
    if member and member.left_at is None:
        return member
    if member:
        member.left_at, member.nickname, member.staff, member.role = None, nickname, True, Member.MEMBER
        member.save(update_fields=["left_at", "nickname", "staff", "role"])
    else:
        member = Member.objects.create(
            group=group, sender_ref=ref, nickname=nickname, account_id=account_id, staff=True, joined_at=clock.now()
        )
    record(by, "groups.add_colleague", _row(group, {"member": str(member.id), "account": str(account_id)}))
    return member


def colleagues_for(group: Group) -> dict[UUID, str]:
    """Whom one may bring in: accounts in use with a post in the group's community or street. Account → name."""
    here = [p.account_id for p in places.posts_at(group.community_id)] + [p.account_id for p in places.posts_on(group.street_id)]
    return accounts.active_names(here)
