"""随手报, the code on the wall, on behalf of somebody, questions without a group."""

import pytest
from django.test import Client
from django.urls import reverse

from linli.accounts.models import Account
from linli.groups.models import Member, Message
from linli.orders.models import Order, Voice
from tests.doors.people import signed_in, work
from tests.doors.test_talk import picture

pytestmark = pytest.mark.django_db


def group_page(cast, key="chen", group="jx3") -> str:
    return signed_in(cast, key).get(reverse("talk", args=[cast.group[group].id])).content.decode()


def test_a_report_is_the_reporters_and_not_the_groups(cast, at):
    zhou = signed_in(cast, "zhou")
    response = zhou.post(reverse("report"), {"text": "1单元门禁坏了，谁都能进", "member": cast.member["zhou"].id})
    assert response.status_code == 302
    work()
    order = Order.objects.get()
    assert order.door == "report" and order.building_id == cast.building["jx3"].id
    assert "门禁坏了" not in group_page(cast) and "社工小李" not in group_page(cast)
    mine = zhou.get(reverse("mine")).content.decode()
    assert "门禁坏了" in mine and "社工小李最晚" in mine


def test_small_words_of_a_form_are_meant(cast, at):
    signed_in(cast, "zhou").post(reverse("report"), {"text": "你们来看看", "member": cast.member["zhou"].id})
    work()
    assert Order.objects.count() == 1


def test_an_empty_report_keeps_what_was_written(cast, at):
    zhou = signed_in(cast, "zhou")
    response = zhou.post(reverse("report"), {"text": "字" * 2001})
    assert response.status_code == 422 and "字" * 2001 in response.content.decode()
    assert "2001 个字" in response.content.decode()
    assert zhou.post(reverse("report"), {"text": ""}).status_code == 422


def test_for_a_neighbour_both_are_told(cast, at):
    data = {"text": "陈师傅家门口的灯不亮", "member": cast.member["zhou"].id, "behalf": str(cast.member["chen"].id)}
    signed_in(cast, "zhou").post(reverse("report"), data)
    work()
    voices = list(Voice.objects.order_by("id"))
    assert [v.account_id for v in voices] == [cast.account["zhou"].id, cast.account["chen"].id]
    chen = signed_in(cast, "chen").get(reverse("mine")).content.decode()
    assert "周阿姨替您向社区反映了一件事" in chen and "有人替您说的" in chen


def test_for_a_home_of_the_building(cast, at):
    data = {"text": "孙奶奶家漏水", "member": cast.member["zhou"].id, "behalf": "home", "home_unit": "2", "home_room": "601"}
    zhou = signed_in(cast, "zhou")
    zhou.post(reverse("report"), data)
    work()
    assert Voice.objects.filter(home_id=cast.home["jx3-2单元-601"].id).count() == 1
    wrong = zhou.post(reverse("report"), data | {"home_room": "9999"})
    assert wrong.status_code == 422 and "没有找到这一户" in wrong.content.decode()


def test_the_code_knows_building_and_unit(cast, at):
    guest, url = Client(), reverse("at_building", args=[cast.building["jx3"].qr])
    page = guest.get(url, {"u": "2单元"}).content.decode()
    assert "锦绣苑3号楼2单元" in page and "怎么称呼您" in page
    response = guest.post(url, {"text": "电梯里的灯一直闪", "unit": "2单元", "nickname": "路过的人", "phone": "13900000001"})
    assert response.status_code == 302
    work()
    order = Order.objects.get()
    assert (order.door, order.unit, order.building_id) == ("qr", "2单元", cast.building["jx3"].id)
    assert "一直闪" in guest.get(reverse("mine")).content.decode()
    # She reads nothing of the group, and the group nothing of her.
    assert guest.get(reverse("talk", args=[cast.group["jx3"].id])).status_code == 404
    assert "一直闪" not in group_page(cast) and "路过的人" not in signed_in(cast, "li_min").get(
        reverse("group_info", args=[cast.group["jx3"].id])
    ).content.decode()  # fmt: skip
    assert "13900000001" not in str(list(Message.objects.values()))
    assert Account.objects.get(id=Voice.objects.get().account_id).phone == "13900000001"


def test_a_guest_who_scans_twice_is_one_person(cast, at):
    guest, url = Client(), reverse("at_building", args=[cast.building["jx3"].qr])
    for text in ("灯坏了", "地上有水"):
        assert guest.post(url, {"text": text, "nickname": "路过的人"}).status_code == 302
    assert Member.objects.filter(sender_ref__startswith="qr:").count() == 1


def test_guests_who_flood_are_slowed_and_keep_their_words(cast, at):
    guest, url = Client(), reverse("at_building", args=[cast.building["jx3"].qr])
    for n in range(6):
        assert guest.post(url, {"text": f"第{n}件", "nickname": "快手"}).status_code == 302
    response = guest.post(url, {"text": "第七件", "nickname": "快手"})
    assert response.status_code == 422 and "第七件" in response.content.decode()


def test_a_guest_reports_for_a_community(cast, at):
    guest = Client()
    data = {"text": "滨河路路灯不亮", "nickname": "散步的", "community": cast.community["liudi"].id}
    assert guest.post(reverse("report"), data).status_code == 302
    work()
    assert Order.objects.get().community_id == cast.community["liudi"].id
    bad = Client().post(reverse("report"), {"text": "灯不亮", "nickname": "散步的"})
    assert bad.status_code == 422 and "哪个社区" in bad.content.decode()


def test_a_photo_by_code_is_looked_at(cast, at):
    guest, url = Client(), reverse("at_building", args=[cast.building["jx3"].qr])
    guest.post(url, {"photos": [picture()], "nickname": "路过的人"})
    work()
    assert Order.objects.get().kind == "look"


def test_an_unknown_code_says_so(cast, at):
    response = Client().get("/q/nothing/")
    assert response.status_code == 404 and "二维码" in response.content.decode()


def test_answers_without_a_group(cast, at):
    text = Client().get(reverse("answers"), {"q": "老年证怎么办"}).content.decode()
    assert "60周岁" in text and "来源：" in text
    text = Client().get(reverse("answers"), {"q": "火星移民怎么申请"}).content.decode()
    assert "说不准" in text and "请人回我" in text


def test_an_unknown_question_goes_to_a_person(cast, at):
    zhou = signed_in(cast, "zhou")
    assert zhou.post(reverse("answers"), {"text": "火星移民怎么申请？"}).status_code == 302
    work()
    order = Order.objects.get()
    assert order.kind == "consult" and order.procedure == "question"
    assert "火星移民" in zhou.get(reverse("mine")).content.decode()
    assert "火星移民" not in group_page(cast)
