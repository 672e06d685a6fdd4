"""A WeChat group that no bot may enter: paste, look, confirm, copy back."""

import io
import json
import re
from html import unescape

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.channels.models import Paste, RelayCopy
from linli.channels.relay import keys
from linli.groups import actions as groups
from linli.groups.actions.messages import Say
from linli.groups.models import Member, Message
from linli.kernel import clock, ids
from linli.kernel.actors import BOT
from linli.orders import actions as order_actions
from linli.orders.models import Order, Voice

CHAT = """郭先生 2026/3/2 9:40:12
A座电梯又坏了，老人下不去楼

小肖 2026/3/2 9:41:02
好的

小肖 2026/3/2 9:41:30
好的

小肖 2026/3/2 9:43:00
老年证怎么办？
"""


@pytest.fixture
def worker(client, cast, at):
    """张洁, owner of the WeChat group 锦绣花园邻里微信群."""
    client.force_login(cast.account["zhang_jie"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def paste(client, group, text=CHAT, **more):
    answer = client.post("/desk/relay/take/", {"group": str(group.id), "text": text, "key": str(ids.new()), **more})
    assert answer.status_code == 302, answer.content.decode()
    return Paste.objects.order_by("-id").first(), answer


def inbound(group):
    return Message.objects.filter(group_id=group.id, direction=Message.IN)


def test_the_form_has_her_groups_and_the_last_one_is_chosen(worker, cast):
    page = worker.get("/desk/relay/").content.decode()
    assert "锦绣花园邻里微信群" in page
    assert "柳堤步道健走微信群" not in page
    paste(worker, cast.group["jx"], "周阿姨: 好的")
    assert f'value="{cast.group["jx"].id}" selected' in worker.get("/desk/relay/").content.decode()


def test_what_was_understood_is_shown_before_anything_is_stored(worker, cast):
    page = worker.post("/desk/relay/look/", {"group": str(cast.group["jxr"].id), "text": CHAT}).content.decode()
    assert page.count("闲聊") == 2
    assert "转工单" in page and "电梯" in page and "提问" in page
    assert "确认转入 4 条" in page
    assert not inbound(cast.group["jxr"]).exists()


def test_confirmed_lines_become_orders_and_answers_at_once(worker, cast):
    done, answer = paste(worker, cast.group["jxr"])
    order = Order.objects.get()
    assert (order.thing, order.door, order.responsible_id) == ("电梯", "relay", cast.account["zhang_jie"].id)
    assert order.opened_at == clock.now()
    assert Voice.objects.get(order=order).member_id == Member.objects.get(sender_ref=keys.sender_ref("郭先生")).id
    assert [m.outcome for m in inbound(cast.group["jxr"]).order_by("id")][:3] == ["order", "small_talk", "small_talk"]
    page = worker.get(answer.url).content.decode()
    assert "工单 1 件" in page and order.number in page and "郭先生，听到了" in page
    assert page.count("data-copy=") == 2
    assert "2 条闲聊" in page
    assert done.lines == 4


def test_the_same_chat_again_adds_nothing_and_new_lines_only_what_is_new(worker, cast):
    group = cast.group["jxr"]
    paste(worker, group)
    second, _ = paste(worker, group)
    assert second.message_ids == []
    third, _ = paste(worker, group, CHAT + "\n郭先生 2026/3/2 9:50:00\n还没人来吗\n")
    assert len(third.message_ids) == 1
    assert inbound(group).count() == 5
    assert Order.objects.exclude(kind="consult").count() == 1
    assert Voice.objects.filter(order__thing="电梯").count() == 2
    look = worker.post("/desk/relay/look/", {"group": str(group.id), "text": CHAT}).content.decode()
    assert "都已经收过了" in look


def test_a_form_sent_twice_is_one_paste(worker, cast):
    key = str(ids.new())
    first, one = paste(worker, cast.group["jxr"], key=key)
    second, two = paste(worker, cast.group["jxr"], key=key)
    assert (first.id, one.url) == (second.id, two.url)
    assert Paste.objects.count() == 1


def test_ticks_decide(worker, cast):
    paste(worker, cast.group["jxr"], shown="1", tick=["1"])
    rows = list(inbound(cast.group["jxr"]).order_by("id"))
    assert [m.outcome for m in rows] == ["small_talk", "order", "small_talk", "small_talk"]


def test_small_talk_in_a_paste_stays_small_talk(worker, cast):
    paste(worker, cast.group["jxr"], "小肖: 今天天气真好\n郭先生: 是啊")
    assert not Order.objects.exists()
    assert set(inbound(cast.group["jxr"]).values_list("outcome", flat=True)) == {"small_talk"}


def test_a_colleague_s_words_and_old_words_are_not_ticked(worker, cast):
    text = "社工小张 2026/3/2 9:00\nA座电梯坏了，物业已经在修\n\n郭先生 2026/2/2 9:00\nA座垃圾没人清，臭死了"
    page = worker.post("/desk/relay/look/", {"group": str(cast.group["jxr"].id), "text": text}).content.decode()
    assert "checked" not in page
    assert "同事说的" in page and "一周以前" in page


def test_xiaoqi_s_own_words_copied_into_wechat_do_not_come_back(worker, cast):
    group = cast.group["jxr"]
    paste(worker, group)
    reply = Message.objects.filter(group_id=group.id, direction=Message.OUT).order_by("id").first()
    more = f"{CHAT}\n社工小张 2026/3/2 10:01:00\n{reply.text}\n"
    done, _ = paste(worker, group, more)
    assert done.message_ids == []


def test_pictures_go_where_a_picture_stood(worker, cast):
    def picture(colour):
        data = io.BytesIO()
        Image.new("RGB", (60, 40), colour).save(data, "JPEG")
        data.seek(0)
        data.name = "a.jpg"
        return data

    text = "郭先生 2026/3/2 9:40\nA座电梯坏了\n\n小肖 2026/3/2 9:41\n[图片]\n\n郭先生 2026/3/2 9:42\n[图片]"
    paste(worker, cast.group["jxr"], text, photos=[picture("red"), picture("blue")])
    rows = list(inbound(cast.group["jxr"]).order_by("id"))
    assert [(m.kind, len(m.blob_ids)) for m in rows] == [("text", 0), ("photo", 1), ("photo", 1)]
    assert rows[1].blob_ids != rows[2].blob_ids
    assert Voice.objects.filter(order=Order.objects.get(thing="电梯")).count() == 2


def test_a_voice_message_is_written_down_by_the_worker(worker, cast):
    text = '郭先生 2026/3/2 9:40\n[语音] 12"\n\n小肖 2026/3/2 9:41\n[语音] 3"'
    paste(worker, cast.group["jxr"], text, shown="1", **{"heard-0": "A座楼道灯不亮"})
    rows = list(inbound(cast.group["jxr"]).order_by("id"))
    assert [(m.text, m.outcome) for m in rows] == [("A座楼道灯不亮", "order"), ('[语音] 3"', "small_talk")]
    again, _ = paste(worker, cast.group["jxr"], text)
    assert again.message_ids == []


def test_a_sensitive_matter_is_answered_alone_and_not_shown_to_who_may_not_see(worker, cast):
    _, answer = paste(worker, cast.group["jxr"], "小肖: 楼上302在搞传销，天天上课")
    order = Order.objects.get()
    assert order.confidential
    page = worker.get(answer.url).content.decode()
    assert order.number not in page
    assert "私下发给 小肖" in page
    assert "已转给专门负责的同志" in page


def test_what_lies_in_a_colleague_s_grid_is_told_by_its_number_and_called_no_secret(worker, cast):
    done, answer = paste(worker, cast.group["jxr"], "郭先生 2026/3/2 9:40:12\n锦绣苑3号楼2单元楼道灯坏了三天了\n")
    order = Order.objects.get()
    assert not order.confidential and order.grid_id != cast.grid["jinxiu3"].id
    page = worker.get(answer.url).content.decode()
    assert order.number in page and "别的网格的同事" in page and "保密" not in page


def test_a_line_too_long_to_store_is_refused_and_kept(worker, cast):
    long = "郭先生: " + "电梯坏了" * 6000
    answer = worker.post("/desk/relay/take/", {"group": str(cast.group["jxr"].id), "text": long, "key": str(ids.new())})
    assert answer.status_code == 400 and "第 1 条" in answer.content.decode()
    assert not inbound(cast.group["jxr"]).exists()


def test_what_is_said_later_waits_to_be_copied_back_until_it_is_copied(worker, cast, deliver, at):
    group = cast.group["jxr"]
    paste(worker, group)
    for row in Message.objects.filter(group_id=group.id, direction=Message.OUT):
        worker.post(f"/desk/relay/back/{row.id}/")
    assert "都抄回去了" in worker.get("/desk/relay/back/").content.decode()
    at.move(minutes=5)
    order = Order.objects.get(thing="电梯")
    order_actions.answer_order(
        by=cast.actor("zhang_jie"), order_id=order.id, words="电梯公司已到，控制板烧坏，今天17:00前换好"
    )
    deliver()
    page = worker.get(f"/desk/relay/back/?group={group.id}").content.decode()
    assert page.count("控制板烧坏") == 1
    (row,) = [m for m in Message.objects.filter(group_id=group.id, outcome="told")]
    assert worker.post(f"/desk/relay/back/{row.id}/").status_code == 204
    assert worker.post(f"/desk/relay/back/{row.id}/").status_code == 204
    assert RelayCopy.objects.filter(message_id=row.id).count() == 1
    assert "控制板烧坏" not in worker.get("/desk/relay/back/").content.decode()


def test_an_open_question_of_xiaoqi_is_settled_by_the_worker(worker, cast):
    group = cast.group["jxr"]
    paste(worker, group, "郭先生: A座电梯坏了")
    _, answer = paste(worker, group, "小肖: 电梯又停了")
    page = worker.get(answer.url).content.decode()
    rows = inbound(group).order_by("id")
    if rows.last().outcome == "asked":
        assert "是同一件" in page
    else:
        assert Voice.objects.count() == 2


@pytest.mark.parametrize("key", ["sun_li", "lei_ming", "zhou"])
def test_nobody_carries_into_a_group_that_she_does_not_manage(client, cast, at, key):
    client.force_login(cast.account[key], backend="django.contrib.auth.backends.ModelBackend")
    sent = {"group": str(cast.group["jxr"].id), "text": CHAT, "key": "k"}
    assert client.post("/desk/relay/take/", sent).status_code in (403, 404)
    assert client.get("/desk/relay/").status_code in ((200,) if key == "sun_li" else (403,))
    groups.say_many(BOT, [])
    assert not inbound(cast.group["jxr"]).exists()


def test_only_her_own_groups_replies_can_be_marked(client, cast, at, django_db_blocker):
    group = cast.group["jxr"]
    groups.say(BOT, Say(group=group, text="通知一下", key="x"))
    row = Message.objects.get(dedupe_key="x")
    client.force_login(cast.account["sun_li"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/desk/relay/back/{row.id}/").status_code in (403, 404)
    assert not RelayCopy.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "\x00", "\ud83d", "🙂", "x" * 200_001, "a: b\n" * 1001, "“小明”加入了群聊"])
def test_odd_pastes_are_refused_in_plain_words_or_harmless(worker, cast, text):
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    sent = {"group": str(cast.group["jxr"].id), "text": text, "key": str(ids.new())}
    assert worker.post("/desk/relay/look/", sent).status_code == 200
    answer = worker.post("/desk/relay/take/", sent)
    assert answer.status_code in (302, 400)
    assert not Order.objects.exists()
    assert worker.post("/desk/relay/take/", {"group": "no", "text": "好"}).status_code == 400


def test_shared_text_is_shown_and_nothing_is_stored(worker, cast):
    page = worker.post("/desk/relay/share", {"text": CHAT}).content.decode()
    assert "转工单" in page
    assert not Message.objects.exists()


def chat_file(data, name="聊天记录.txt"):
    return SimpleUploadedFile(name, data, content_type="text/plain")


def test_the_share_sheet_is_registered_and_its_target_takes_what_it_sends(worker, cast):
    """The manifest as a phone's browser reads it, without cookies, and then the very POST that it promises."""
    page = worker.get("/desk/relay/")
    href = re.search(r'<link rel="manifest" href="([^"]+)"', page.content.decode())[1]
    answer = Client().get(href)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/manifest+json")
    said = json.loads(answer.content)
    assert said["name"] and said["start_url"] == "/desk/" and said["display"] == "standalone"
    csp = page["Content-Security-Policy"]
    assert "manifest-src" not in csp and "default-src 'self'" in csp, "falls back to our own origin"
    [icon] = said["icons"]
    assert icon["sizes"] == "any" and finders.find(icon["src"].removeprefix("/static/"))
    target = said["share_target"]
    assert target["enctype"] == "multipart/form-data" and target["method"] == "POST"
    for path in (said["start_url"], target["action"]):
        assert path.startswith(said["scope"])
    names = target["params"]
    shared = worker.post(target["action"], {names["title"]: "微信聊天", names["files"][0]["name"]: chat_file(CHAT.encode())}).content.decode()
    assert "转工单" in shared and "A座电梯又坏了" in shared and not Message.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_an_exported_chat_is_handed_in_and_becomes_orders(worker, cast, encoding):
    page = worker.post("/desk/relay/share", {"chat": chat_file(CHAT.replace("\n", "\r\n").encode(encoding))}).content.decode()
    words = unescape(re.search(r'<textarea id="text"[^>]*>(.*?)</textarea>', page, re.S)[1])
    assert words.strip() == CHAT.strip()
    paste(worker, cast.group["jxr"], words)
    assert inbound(cast.group["jxr"]).count() == 4


@pytest.mark.parametrize("data", [b"PK\x03\x04\x00\x00", b"\xff\xd8\xff\xe0\x00\x10JFIF", "长".encode() * 300_000], ids=["zip", "picture", "huge"])
def test_another_file_is_refused_in_plain_words(worker, cast, data):
    answer = worker.post("/desk/relay/share", {"chat": chat_file(data)})
    assert answer.status_code == 400 and "这个文件" in answer.content.decode()
    assert not Message.objects.exists()
