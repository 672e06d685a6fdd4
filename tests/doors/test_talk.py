"""The group's page: who reads it, what it costs, what it keeps."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from linli.groups import actions as groups
from linli.groups import pace
from linli.groups.models import Message
from linli.kernel import ids
from tests.doors.people import last_out, say, signed_in, work

pytestmark = pytest.mark.django_db
LIFT = "3号楼2单元电梯又坏了，老人下不去楼"


def page(cast, key, group="jx3"):
    return signed_in(cast, key).get(reverse("talk", args=[cast.group[group].id]))


def test_members_read_and_others_learn_nothing(cast, at):
    assert page(cast, "zhou").status_code == 200
    for path in ("talk", "talk_since", "group_info"):
        url = reverse(path, args=[cast.group["jx3"].id])
        assert signed_in(cast, "gao").get(url).status_code == 404
        assert signed_in(cast, "admin").get(url).status_code == 404
    url = reverse("talk_say", args=[cast.group["jx3"].id])
    assert signed_in(cast, "gao").post(url, {"text": "你好"}).status_code == 404
    assert not Message.objects.filter(group=cast.group["jx3"]).exists()


def test_who_left_reads_no_more(cast, at):
    groups.leave_group(by=cast.actor("chen"), group_id=cast.group["jx3"].id)
    assert page(cast, "chen").status_code == 404


def test_a_word_is_answered_in_the_group(cast, at):
    zhou = signed_in(cast, "zhou")
    response = say(zhou, cast.group["jx3"], LIFT)
    assert response.status_code == 302
    text = page(cast, "chen").content.decode()
    assert LIFT in text and "社工小李" in text and "12:00" in text
    assert "电梯" in last_out(cast.group["jx3"]).card["title"]


def test_the_same_send_is_stored_once(cast, at):
    zhou, key = signed_in(cast, "zhou"), str(ids.new())
    for _ in range(3):
        say(zhou, cast.group["jx3"], LIFT, key=key)
    assert Message.objects.filter(direction="in").count() == 1
    # Another's equal key is another message: nobody can swallow a neighbour's words.
    say(signed_in(cast, "chen"), cast.group["jx3"], "早上好", key=key)
    assert Message.objects.filter(direction="in").count() == 2


def test_words_are_shown_as_words(cast, at):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    say(signed_in(cast, "zhou"), cast.group["jx3"], evil)
    text = page(cast, "chen").content.decode()
    assert "<script>alert" not in text and "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_refusal_stands_in_place(cast, at):
    zhou, url = signed_in(cast, "zhou"), reverse("talk_say", args=[cast.group["jx3"].id])
    for data, words_of_it in (({"text": " "}, "还没有内容"), ({"text": "长" * 2001}, "2001 个字")):
        response = zhou.post(url, data, headers={"HX-Request": "true"})
        assert response.status_code == 422 and response["HX-Retarget"] == "#say-wrong"
        assert words_of_it in response.content.decode()
    assert not Message.objects.filter(direction="in").exists()


def test_a_flood_is_refused_and_stored_words_stay(cast, at):
    zhou, url = signed_in(cast, "zhou"), reverse("talk_say", args=[cast.group["jx3"].id])
    for n in range(pace.A_MINUTE):
        assert zhou.post(url, {"text": f"第{n}句"}).status_code == 302
    assert zhou.post(url, {"text": "再来一句"}).status_code == 429
    assert Message.objects.filter(direction="in").count() == pace.A_MINUTE
    by_api = zhou.post(f"/api/groups/{cast.group['jx3'].id}/messages", {"text": "换个门"}, content_type="application/json")
    assert by_api.status_code == 429 and by_api.json()["code"] == "too_fast"
    at.move(minutes=2)
    assert zhou.post(url, {"text": "再来一句"}).status_code == 302


def test_fifty_messages_cost_ten_statements(cast, at, django_assert_max_num_queries):
    zhou = signed_in(cast, "zhou")
    for n in range(4):
        say(zhou, cast.group["jx3"], f"{n + 1}单元楼道灯不亮了")
        say(signed_in(cast, "chen"), cast.group["jx3"], "老年证怎么办？")
        at.move(minutes=3)
    for n in range(50):
        say(signed_in(cast, ("zhou", "chen", "liu")[n % 3]), cast.group["jx3"], "大家好" * (n % 5 + 1))
        at.move(minutes=1)
    for key in ("zhou", "li_min"):
        client = signed_in(cast, key)
        with django_assert_max_num_queries(10):
            assert client.get(reverse("talk", args=[cast.group["jx3"].id])).status_code == 200


def test_since_gives_the_new_and_a_little_before(cast, at):
    zhou = signed_in(cast, "zhou")
    say(zhou, cast.group["jx3"], "第一句话")
    first = Message.objects.get(direction="in")
    say(zhou, cast.group["jx3"], "第二句话")
    text = zhou.get(reverse("talk_since", args=[cast.group["jx3"].id]), {"after": str(first.id)}).content.decode()
    assert "第二句话" in text and "data-live-token" in text


def test_older_words_on_demand(cast, at):
    for n in range(60):
        say(signed_in(cast, "zhou"), cast.group["jx3"], f"闲话{n:02d}号")
        at.move(minutes=1)
    zhou = signed_in(cast, "zhou")
    text = zhou.get(reverse("talk", args=[cast.group["jx3"].id])).content.decode()
    assert "闲话59号" in text and "闲话05号" not in text and "看更早的" in text
    [oldest] = [m for m in Message.objects.filter(direction=Message.IN) if m.text == "闲话10号"]
    text = zhou.get(reverse("talk_since", args=[cast.group["jx3"].id]), {"before": str(oldest.id)}).content.decode()
    assert "闲话05号" in text and "闲话10号" not in text and "看更早的" not in text


def test_a_private_word_is_for_one(cast, at):
    say(signed_in(cast, "chen"), cast.group["jx3"], "楼上302在搞传销，天天上课")
    mine = page(cast, "chen").content.decode()
    assert "只有您能看到" in mine and "不会在群里说" in mine
    assert "不会在群里说" not in page(cast, "zhou").content.decode()


def test_useful_once_and_shown(cast, at):
    zhou = signed_in(cast, "zhou")
    say(zhou, cast.group["jx3"], "老年证怎么办？")
    answer = last_out(cast.group["jx3"])
    assert answer.card["type"] == "answer"
    url = reverse("useful", args=[answer.id])
    assert "您说有用" in zhou.post(url, {"useful": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert signed_in(cast, "gao").post(url, {"useful": "1"}).status_code == 404


def test_only_the_asked_one_is_given_buttons(cast, at):
    zhou = signed_in(cast, "zhou")
    say(zhou, cast.group["jx3"], "", photos=[picture()])
    asked = last_out(cast.group["jx3"])
    assert asked.card["type"] == "ask"
    url = reverse("settle", args=[asked.id])
    assert signed_in(cast, "chen").post(url, {"yes": "1"}).status_code == 404
    assert "您选了" in zhou.post(url, {"yes": "1"}, headers={"HX-Request": "true"}).content.decode()
    work()
    assert "照片" in last_out(cast.group["jx3"]).text


def picture():
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(out, "JPEG")
    return SimpleUploadedFile("IMG_1.jpg", out.getvalue(), "image/jpeg")


def test_pictures_are_for_members(cast, at):
    zhou = signed_in(cast, "zhou")
    say(zhou, cast.group["jx3"], "电梯按钮坏了", photos=[picture(), picture()])
    row = Message.objects.get(direction="in")
    url = reverse("message_file", args=[row.id, 0])
    response = signed_in(cast, "chen").get(url)
    assert response.status_code == 200 and response["Content-Type"] == "image/jpeg"
    assert signed_in(cast, "gao").get(url).status_code == 404
    assert zhou.get(reverse("message_file", args=[row.id, 7])).status_code == 404


def test_muted_is_said_quietly(cast, at):
    say(signed_in(cast, "li_min"), cast.group["jx3"], "小栖别说话")
    assert "小栖在这个群里不说话" in page(cast, "zhou").content.decode()
