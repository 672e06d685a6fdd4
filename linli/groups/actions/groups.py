"""Groups and their members."""

import re
import secrets
from uuid import UUID

from django.db import IntegrityError, transaction

from linli.accounts import actions as accounts
from linli.accounts import selectors as accounts_of
from linli.accounts.models import Account
from linli.grid.selectors import Stamp, posts_at
from linli.groups import access
from linli.groups.models import Group, Lane, Member
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, Forbidden, NotFound
from linli.language import normalise
from linli.ledger.record import Row, record

MAX_NICKNAME = 16


def _row(group: Group, facts: dict | None = None) -> Row:
    return Row("group", group.id, group.street_id, group.community_id, group.grid_id, facts or {})


#: what only colleagues are called; an old neighbour must not take somebody's word for the committee's
OFFICIAL = re.compile(
    "社工|网格员|网格长|居委|村委|社区(?:工作|服务|书记|主任|干部|中心|管理)|书记|物业(?!群)|业委会|街道办|派出所|民警|警官|城管|"
    "官方|管理员|客服|群主|值班员|12345|工作人员"
)


def clean_nickname(nickname: str) -> str:
    """Trim; raises BadInput when empty or longer than 16 characters."""
    nickname = " ".join("".join(c for c in nickname if c.isprintable()).split())
    if not nickname:
        raise BadInput("请写一个大家怎么称呼您，比如“周阿姨”。", "missing_nickname")
    if len(nickname) > MAX_NICKNAME:
        raise BadInput(f"称呼太长了，{MAX_NICKNAME} 个字以内就好。", "long_nickname")
    return nickname


def free_nickname(group: Group, nickname: str, account_id: UUID | None) -> str:
    """A resident's nickname that nobody here goes by and that plays no official. Raises BadInput."""
    nickname = clean_nickname(nickname)
    plain = normalise(nickname).replace(" ", "")
    if "小栖" in plain:
        raise BadInput("“小栖”是社区机器人的名字，请换一个称呼。", "bot_nickname")
    if OFFICIAL.search(plain):
        raise BadInput("这个称呼会让邻居以为您是工作人员，请换一个，比如“3号楼周阿姨”。", "official_nickname")
    people = Member.objects.filter(group=group, left_at=None).exclude(account_id=account_id) if account_id else Member.objects.filter(group=group, left_at=None)
    taken = {normalise(m.nickname).replace(" ", "") for m in people.only("nickname")}
    staff = {normalise(n) for n in accounts_of.active_names(p.account_id for p in posts_at(group.community_id)).values()}
    if plain in taken:
        raise BadInput("群里已经有人叫这个了，加个楼号就分得清，比如“3号楼周阿姨”。", "nickname_taken")
    if plain in staff:
        raise BadInput("这是社区同事的名字，请换一个称呼。", "official_nickname")
    return nickname


@transaction.atomic
def add_group(*, by: Actor, name: str, stamp: Stamp, channel: str = Group.PAGE) -> Group:
    """Make a group at a place. Raises Forbidden, BadInput for an empty name, Conflict for a name taken in the community."""
    if not access.may_manage_at(by, stamp.street_id, stamp.community_id, stamp.grid_id):
        raise Forbidden()
    name = name.strip()
    if not name:
        raise BadInput("请写群名。", "missing_name")
    try:
        with transaction.atomic():
            group = Group.objects.create(
                name=name[:64], channel=channel, street_id=stamp.street_id, community_id=stamp.community_id,
                grid_id=stamp.grid_id, building_id=stamp.building_id, unit=stamp.unit,
                invite=secrets.token_urlsafe(16), created_at=clock.now(),
            )  # fmt: skip
    except IntegrityError as exc:
        raise Conflict("本社区已经有同名的群。", "name_taken") from exc
    Lane.objects.bulk_create([Lane(community_id=stamp.community_id)], ignore_conflicts=True)
    record(by, "groups.add_group", _row(group, {"channel": channel}))
    return group


@transaction.atomic
def add_member(*, by: Actor, group: Group, sender_ref: str, nickname: str, account_id: UUID | None = None, role: str = Member.MEMBER, staff: bool = False) -> Member:
    """The member of that sender reference; made when it is new, a changed nickname is taken over."""
    row = Member.objects.filter(group=group, sender_ref=sender_ref).first()
    if row:
        if row.nickname != nickname or row.left_at:
            row.nickname, row.left_at = nickname, None
            row.save(update_fields=["nickname", "left_at"])
        return row
    new = Member(
        group=group, sender_ref=sender_ref, nickname=nickname, account_id=account_id, role=role, staff=staff,
        joined_at=clock.now(),
    )  # fmt: skip
    # Two presses of one button at the same moment: the second finds what the first has made.
    Member.objects.bulk_create([new], ignore_conflicts=True)
    row = Member.objects.get(group=group, sender_ref=sender_ref)
    if row.id != new.id:
        return row
    record(by, "groups.add_member", _row(group, {"member": str(row.id), "role": role}))
    return row


@transaction.atomic
def join_group(*, by: Actor, invite: str, nickname: str) -> tuple[Member, Account]:
    """Join by an invitation link: a nickname is enough. A guest gets a resident's account, tied to this browser.

    Raises NotFound for a link that was renewed since, BadInput for a bad nickname.
    """
    group = Group.objects.filter(invite=invite).first()
    if group is None:
        raise NotFound("这个邀请链接已经失效，请向群主要一个新的。", "invite_gone")
    nickname = clean_nickname(nickname) if by.kind == "worker" else free_nickname(group, nickname, by.id)
    if by.kind in ("resident", "worker"):
        account = Account.objects.get(id=by.id)  # type: ignore[misc]
    else:
        account = accounts.add_account(by=by, kind=Account.RESIDENT, name=nickname)
    actor = by if by.kind == "worker" else Actor("resident", account.id)
    member = add_member(
        by=actor, group=group, sender_ref=f"account:{account.id}", nickname=nickname, account_id=account.id,
        staff=by.kind == "worker",
    )  # fmt: skip
    return member, account


@transaction.atomic
def move_members(*, by: Actor, source: UUID, target: UUID) -> int:
    """Somebody came back to her old account by her number: her new memberships become the old account's, and where it
    is in the group already the new one leaves. Returns how many moved."""
    have = set(Member.objects.filter(account_id=target, left_at=None).values_list("group_id", flat=True))
    moved = 0
    for member in Member.objects.select_related("group").filter(account_id=source, left_at=None):
        if member.group_id in have:
            member.left_at = clock.now()
        member.account_id = target
        member.save(update_fields=["left_at", "account_id"])
        record(by, "groups.move_members", _row(member.group, {"member": str(member.id)}))
        moved += 1
    old, new = access.code_ref(source), access.code_ref(target)
    known = set(Member.objects.filter(sender_ref=new).values_list("group_id", flat=True))
    Member.objects.filter(sender_ref=old).exclude(group_id__in=known).update(sender_ref=new)
    return moved


@transaction.atomic
def leave_group(*, by: Actor, group_id: UUID) -> None:
    """Leave; one's matters stay on one's own page."""
    member = access.member(by, group_id)
    member.left_at = clock.now()
    member.save(update_fields=["left_at"])
    record(by, "groups.leave_group", _row(member.group, {"member": str(member.id)}))


def _set_muted(by: Actor, group_id: UUID, muted: bool, verb: str) -> Group:
    group = access.get_managed(by, group_id)
    group.muted = muted
    group.save(update_fields=["muted"])
    record(by, verb, _row(group))
    return group


@transaction.atomic
def mute_group(*, by: Actor, group_id: UUID) -> Group:
    """小栖 writes nothing in this group from now on; words still become orders, reporters hear on their own page."""
    return _set_muted(by, group_id, True, "groups.mute_group")


@transaction.atomic
def unmute_group(*, by: Actor, group_id: UUID) -> Group:
    """小栖 may write again."""
    return _set_muted(by, group_id, False, "groups.unmute_group")


@transaction.atomic
def renew_invite(*, by: Actor, group_id: UUID) -> Group:
    """A new invitation link; the old one stops working."""
    group = access.get_managed(by, group_id)
    group.invite = secrets.token_urlsafe(16)
    group.save(update_fields=["invite"])
    record(by, "groups.renew_invite", _row(group))
    return group


@transaction.atomic
def change_group(*, by: Actor, group_id: UUID, name: str) -> Group:
    """Rename a group. Raises BadInput, Conflict."""
    group = access.get_managed(by, group_id)
    if not name.strip():
        raise BadInput("请写群名。", "missing_name")
    group.name = name.strip()[:64]
    try:
        with transaction.atomic():
            group.save(update_fields=["name"])
    except IntegrityError as exc:
        raise Conflict("本社区已经有同名的群。", "name_taken") from exc
    record(by, "groups.change_group", _row(group))
    return group
