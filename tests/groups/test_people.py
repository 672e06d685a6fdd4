"""Who leads a group, whom the staff bring in, who has to go, and where the group belongs."""

from uuid import uuid4

import pytest

from linli.groups import access, actions
from linli.groups.actions.people import REASONS
from linli.groups.models import Group, Member
from linli.kernel.actors import GUEST, SYSTEM
from linli.kernel.errors import BadInput, Conflict, Forbidden, LinliError, NotFound
from linli.ledger.models import Event
from tests.orders.people import race

pytestmark = pytest.mark.django_db


def of(cast, key, group):
    return Member.objects.get(group=cast.group[group], account_id=cast.account[key].id)


def events(verb):
    return Event.objects.filter(verb=f"groups.{verb}")


STAFF = {"li_min", "wang_fang", "zhao_hui", "yu_tao"}
PEOPLE = ("li_min", "wang_fang", "zhao_hui", "yu_tao", "cao_wei", "han_mei", "shi_qiang", "wei_na", "admin", "zhou", "sun_li")


@pytest.mark.parametrize("verb", sorted(access.RIGHTS))
def test_role_by_verb_by_place(cast, verb):
    """锦绣苑3号楼 is led by 李敏; every worker of its community may do what the owner may, and others of the street may not."""
    group = cast.group["jx3"]
    assert {k for k in PEOPLE if access.may(cast.actor(k), verb, group)} == STAFF
    assert access.may(SYSTEM, verb, group) and not access.may(GUEST, verb, group)


@pytest.mark.parametrize("verb", sorted(access.RIGHTS))
def test_an_owner_without_a_post_of_the_place(cast, verb):
    """潘叔 is a resident and leads his group: he may rename, mute, invite and take out, not decide who else leads."""
    pan, group = cast.actor("pan"), cast.group["ldr"]
    assert of(cast, "pan", "ldr").role == Member.OWNER
    assert access.may(pan, verb, group) is (verb in access.OWNER)
    assert not access.may(pan, verb, cast.group["ld7"])


def test_an_owner_more_and_one_less(cast, at):
    group, zhou = cast.group["jx3"], of(cast, "zhou", "jx3")
    head = cast.actor("zhao_hui")
    for _ in range(2):
        actions.make_owner(by=head, group_id=group.id, member_id=zhou.id)
    assert of(cast, "zhou", "jx3").role == Member.OWNER and events("make_owner").count() == 1
    assert access.manages(cast.actor("zhou"), group)
    for _ in range(2):
        actions.drop_owner(by=head, group_id=group.id, member_id=of(cast, "li_min", "jx3").id)
    assert events("drop_owner").get().facts["member"] == str(of(cast, "li_min", "jx3").id)
    with pytest.raises(Conflict):
        actions.drop_owner(by=head, group_id=group.id, member_id=zhou.id)
    with pytest.raises(Conflict):
        actions.remove_member(by=head, group_id=group.id, member_id=zhou.id, reason="moved")
    assert of(cast, "zhou", "jx3").left_at is None


def test_somebody_is_taken_out_with_a_reason(cast, at):
    group, chen = cast.group["jx3"], of(cast, "chen", "jx3")
    given = {"by": cast.actor("li_min"), "group_id": group.id, "member_id": chen.id}
    for reason in ("", "because", "发广告"):
        with pytest.raises(BadInput):
            actions.remove_member(**given, reason=reason)
    actions.remove_member(**given, reason="ads")
    assert of(cast, "chen", "jx3").left_at == at()
    assert events("remove_member").get().facts == {"v": 1, "member": str(chen.id), "reason": "ads"}
    with pytest.raises(NotFound):
        access.member(cast.actor("chen"), group.id)
    with pytest.raises(NotFound):
        actions.remove_member(**given, reason="ads")
    assert all(REASONS.values())


def test_an_owner_taken_out_comes_back_as_a_member(cast, at):
    group, head = cast.group["jx3"], cast.actor("zhao_hui")
    actions.make_owner(by=head, group_id=group.id, member_id=of(cast, "zhou", "jx3").id)
    actions.remove_member(by=head, group_id=group.id, member_id=of(cast, "zhou", "jx3").id, reason="moved")
    actions.join_group(by=cast.actor("zhou"), invite=group.invite, nickname="周阿姨")
    assert of(cast, "zhou", "jx3").role == Member.MEMBER and of(cast, "zhou", "jx3").left_at is None
    actions.make_owner(by=head, group_id=group.id, member_id=of(cast, "zhou", "jx3").id)
    actions.leave_group(by=cast.actor("zhou"), group_id=group.id)
    assert of(cast, "zhou", "jx3").role == Member.MEMBER


def test_nobody_takes_out_herself_or_one_of_another_group(cast, at):
    group, li = cast.group["jx3"], cast.actor("li_min")
    with pytest.raises(Conflict):
        actions.remove_member(by=li, group_id=group.id, member_id=of(cast, "li_min", "jx3").id, reason="asked")
    for act, more in ((actions.remove_member, {"reason": "ads"}), (actions.make_owner, {}), (actions.drop_owner, {})):
        for member_id in (of(cast, "gao", "jx5").id, uuid4()):
            with pytest.raises(NotFound):
                act(by=li, group_id=group.id, member_id=member_id, **more)
        for key in ("zhou", "han_mei", "shi_qiang", "cao_wei", "wei_na"):
            with pytest.raises((Forbidden, NotFound)):
                act(by=cast.actor(key), group_id=group.id, member_id=of(cast, "chen", "jx3").id, **more)
    assert not events("remove_member").exists() and not events("make_owner").exists()


def test_who_reported_by_a_code_is_nobody_to_manage(cast, at):
    group = cast.group["jx3"]
    member = actions.add_member(by=SYSTEM, group=group, sender_ref=access.code_ref(cast.account["gao"].id), nickname="")
    with pytest.raises(NotFound):
        actions.make_owner(by=SYSTEM, group_id=group.id, member_id=member.id)
    told = actions.add_member(by=SYSTEM, group=group, sender_ref="wx:老张", nickname="老张")
    with pytest.raises(BadInput):
        actions.make_owner(by=SYSTEM, group_id=group.id, member_id=told.id)


def test_a_colleague_of_the_place_is_brought_in(cast, at):
    group, head = cast.group["jx3"], cast.actor("zhao_hui")
    for _ in range(2):
        member = actions.add_colleague(by=head, group_id=group.id, account_id=cast.account["zhang_jie"].id)
    assert (member.nickname, member.staff, member.role) == ("社工小张", True, Member.MEMBER)
    assert events("add_colleague").get().facts["account"] == str(cast.account["zhang_jie"].id)
    assert access.member(cast.actor("zhang_jie"), group.id).id == member.id
    officer = actions.add_colleague(by=head, group_id=group.id, account_id=cast.account["hua_yu"].id, nickname="街道值班小华")
    assert officer.nickname == "街道值班小华"
    actions.remove_member(by=head, group_id=group.id, member_id=member.id, reason="left_service")
    again = actions.add_colleague(by=head, group_id=group.id, account_id=cast.account["zhang_jie"].id, nickname="小张")
    assert again.id == member.id and again.nickname == "小张" and events("add_colleague").count() == 3
    for key in ("wei_na", "zhou", "sun_li", "yu_tao"):
        with pytest.raises(BadInput):
            actions.add_colleague(by=head, group_id=group.id, account_id=cast.account[key].id)
    with pytest.raises(BadInput):
        actions.add_colleague(by=head, group_id=group.id, account_id=cast.account["han_mei"].id, nickname="长" * 17)
    with pytest.raises((Forbidden, NotFound)):
        actions.add_colleague(by=cast.actor("zhou"), group_id=group.id, account_id=cast.account["han_mei"].id)


def test_a_group_moves_within_its_community(cast, at):
    group, li = cast.group["jx3"], cast.actor("li_min")
    target = cast.building["jx5"]
    for _ in range(2):
        actions.move_group(by=li, group_id=group.id, building_id=target.id, unit=" 2单元 ")
    now = Group.objects.get(id=group.id)
    assert (now.building_id, now.unit, now.grid_id) == (target.id, "2单元", target.grid_id)
    assert events("move_group").get().facts == {"v": 1, "building": str(target.id)}
    actions.move_group(by=li, group_id=group.id)
    now = Group.objects.get(id=group.id)
    assert (now.building_id, now.unit, now.grid_id, now.community_id) == (None, "", None, group.community_id)
    for building in (cast.building["hp1"].id, uuid4()):
        with pytest.raises(BadInput):
            actions.move_group(by=li, group_id=group.id, building_id=building)
    with pytest.raises(BadInput):
        actions.move_group(by=li, group_id=group.id, building_id=target.id, unit="长" * 17)
    for key in ("zhou", "wei_na", "cao_wei"):
        with pytest.raises((Forbidden, NotFound)):
            actions.move_group(by=cast.actor(key), group_id=group.id, building_id=target.id)


@pytest.mark.parametrize("name", [" ", "长" * 65, "锦绣苑5号楼"])
def test_a_bad_name_of_a_group(cast, at, name):
    with pytest.raises(LinliError):
        actions.change_group(by=cast.actor("li_min"), group_id=cast.group["jx3"].id, name=name)
    assert Group.objects.get(id=cast.group["jx3"].id).name == cast.group["jx3"].name


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_two_owners_taken_away_at_once(cast, at, turn):
    group, head = cast.group["jx3"], cast.actor("zhao_hui")
    zhou, li = of(cast, "zhou", "jx3"), of(cast, "li_min", "jx3")
    actions.make_owner(by=head, group_id=group.id, member_id=zhou.id)
    found = race(
        lambda: actions.drop_owner(by=head, group_id=group.id, member_id=zhou.id),
        lambda: actions.remove_member(by=head, group_id=group.id, member_id=li.id, reason="left_service"),
    )
    assert sum(isinstance(f, Conflict) for f in found) == 1
    assert Member.objects.filter(group=group, role=Member.OWNER, left_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_colleague_brought_in_twice_at_once(cast, at):
    group = cast.group["jx3"]
    bring = lambda: actions.add_colleague(by=cast.actor("zhao_hui"), group_id=group.id, account_id=cast.account["zhang_jie"].id)  # noqa: E731
    found = race(bring, bring, bring)
    assert len({m.id for m in found}) == 1 and events("add_colleague").count() == 1
