"""Joining by invitation, the group's own page, leaving."""

import pytest
from django.test import Client
from django.urls import reverse

from linli.groups.models import Group, Member
from tests.doors.people import signed_in

pytestmark = pytest.mark.django_db


def test_a_nickname_is_enough(cast, at):
    group, guest = cast.group["jx3"], Client()
    assert "锦绣苑3号楼" in guest.get(f"/join/{group.invite}/").content.decode()
    response = guest.post(f"/join/{group.invite}/", {"nickname": "新邻居"})
    assert response.status_code == 302 and response["Location"] == reverse("talk", args=[group.id])
    assert guest.get(response["Location"]).status_code == 200
    member = Member.objects.get(group=group, nickname__isnull=False, sender_ref__startswith="account:", joined_at=at())
    assert member.nickname == "新邻居" and not member.staff
    # Coming again by the same link leads to the talk, and makes nobody new.
    assert guest.get(f"/join/{group.invite}/").status_code == 302


@pytest.mark.parametrize(("nickname", "said"), [
        ("", "称呼"), ("小栖", "机器人"), ("长" * 17, "16 个字"), ("社工小李", "工作人员"), ("李敏", "同事的名字"), ("居委会张姐", "工作人员"),
        ("周阿姨", "已经有人"), (" 周 阿姨", "已经有人"), ("周阿姨", "已经有人"),
    ])
def test_a_bad_nickname_is_told_in_place(cast, at, nickname, said):
    response = Client().post(f"/join/{cast.group['jx3'].invite}/", {"nickname": nickname})
    assert response.status_code == 422 and said in response.content.decode()


def test_a_renewed_invitation_ends_the_old_one(cast, at):
    old = cast.group["jx3"].invite
    info = reverse("group_info", args=[cast.group["jx3"].id])
    assert old in signed_in(cast, "li_min").get(info).content.decode()
    assert old not in signed_in(cast, "zhou").get(info).content.decode()
    assert signed_in(cast, "zhou").post(reverse("renew_invite", args=[cast.group["jx3"].id])).status_code == 403
    signed_in(cast, "li_min").post(reverse("renew_invite", args=[cast.group["jx3"].id]))
    gone = Client().get(f"/join/{old}/")
    assert gone.status_code == 404 and "失效" in gone.content.decode()
    assert Client().get(f"/join/{Group.objects.get(id=cast.group['jx3'].id).invite}/").status_code == 200


def test_only_who_manages_mutes(cast, at):
    url = reverse("mute_group", args=[cast.group["jx3"].id])
    assert signed_in(cast, "zhou").post(url, {"muted": "1"}).status_code == 403
    assert signed_in(cast, "gao").post(url, {"muted": "1"}).status_code == 404
    signed_in(cast, "li_min").post(url, {"muted": "1"})
    assert Group.objects.get(id=cast.group["jx3"].id).muted
    signed_in(cast, "li_min").post(url, {"muted": "0"})
    assert not Group.objects.get(id=cast.group["jx3"].id).muted


def test_leaving(cast, at):
    zhou = signed_in(cast, "zhou")
    assert zhou.post(reverse("leave_group", args=[cast.group["jx3"].id])).status_code == 302
    assert zhou.get(reverse("talk", args=[cast.group["jx3"].id])).status_code == 404


def test_a_name_is_shown_as_a_name(cast, at):
    guest = Client()
    guest.post(f"/join/{cast.group['jx3'].invite}/", {"nickname": "<b>甲</b>"})
    info = guest.get(reverse("group_info", args=[cast.group["jx3"].id])).content.decode()
    assert "<b>甲" not in info and "&lt;b&gt;甲" in info
