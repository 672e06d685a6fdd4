"""我的事: plain steps of one's own matters, ratings, added words; the personal link."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from linli.doors.resident import links, matters_web
from linli.grid.selectors import stamp_of_building
from linli.groups.models import Message
from linli.kernel import clock, ids
from linli.kernel.actors import SYSTEM
from linli.ledger import live_token
from linli.orders import actions as orders
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Order, Voice
from linli.orders.states import OrderState
from tests.doors.people import say, signed_in, work
from tests.doors.test_talk import LIFT, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def lift(cast, at):
    """周阿姨 reported the lift, 陈师傅 said the same, 小李 has it."""
    say(signed_in(cast, "zhou"), cast.group["jx3"], LIFT)
    say(signed_in(cast, "chen"), cast.group["jx3"], "电梯还没修好吗，2单元的")
    order = Order.objects.get()
    assert order.responsible_id == cast.account["li_min"].id and order.voice_count == 2
    return order


def mine(cast, key) -> str:
    return signed_in(cast, key).get(reverse("mine")).content.decode()


def handle(cast, order):
    orders.handle_order(by=cast.actor("li_min"), order_id=order.id, words="控制板换好了，电梯恢复运行，上下试了三趟。")
    work()


def voice(cast, key) -> Voice:
    return Voice.objects.get(account_id=cast.account[key].id)


def test_plain_steps_and_one_honest_hour(cast, at, lift):
    text = mine(cast, "zhou")
    assert "收到，由社工小李来办" in text and "社工小李最晚 今天 12:00 给您答复" in text and "打给社工小李" in text
    assert LIFT in text
    orders.note_order(by=cast.actor("li_min"), order_id=lift.id, words="内部记录：物业推说没钱")
    orders.answer_order(by=cast.actor("li_min"), order_id=lift.id, words="控制板烧坏，今天 17:00 前换好。")
    text = mine(cast, "zhou")
    assert "控制板烧坏" in text and "物业推说" not in text


def test_nobody_sees_another_voice(cast, at, lift):
    assert LIFT not in mine(cast, "chen") and "周阿姨" not in mine(cast, "chen")
    assert "电梯" in mine(cast, "chen") and "2 位邻居说过" in mine(cast, "chen")
    assert "电梯" not in mine(cast, "liu")
    assert signed_in(cast, "chen").post(reverse("rate", args=[voice(cast, "zhou").id]), {"rating": "satisfied"}).status_code == 404


def test_rate_and_reopen(cast, at, lift):
    handle(cast, lift)
    assert "办好了吗" in mine(cast, "zhou") and "上下试了三趟" in mine(cast, "chen")
    signed_in(cast, "zhou").post(reverse("rate", args=[voice(cast, "zhou").id]), {"rating": "satisfied"})
    assert "您评了：满意" in mine(cast, "zhou")
    assert "办好了吗" in mine(cast, "chen")
    signed_in(cast, "chen").post(reverse("rate", args=[voice(cast, "chen").id]), {"rating": "unsolved"})
    work()
    lift.refresh_from_db()
    assert lift.state == OrderState.ASSIGNED and lift.reopened == 1
    assert "按“没解决”重新办理" in mine(cast, "zhou")


def test_a_result_is_rated_in_the_group_by_its_voices_only(cast, at, lift):
    handle(cast, lift)
    told = Message.objects.get(outcome="told")
    page = reverse("talk", args=[cast.group["jx3"].id])
    assert reverse("rate_here", args=[told.id]) in signed_in(cast, "zhou").get(page).content.decode()
    assert reverse("rate_here", args=[told.id]) not in signed_in(cast, "liu").get(page).content.decode()
    assert signed_in(cast, "liu").post(reverse("rate_here", args=[told.id]), {"rating": "satisfied"}).status_code == 404
    answer = signed_in(cast, "zhou").post(
        reverse("rate_here", args=[told.id]), {"rating": "so_so"}, headers={"HX-Request": "true"}
    )
    assert "您评了：一般" in answer.content.decode()
    assert voice(cast, "zhou").rating == "so_so"


def test_added_words_join_the_matter(cast, at, lift):
    zhou, url = signed_in(cast, "zhou"), reverse("add_words", args=[voice(cast, "zhou").id])
    key = str(ids.new())
    for _ in range(2):
        assert zhou.post(url, {"text": "里面还困过人", "key": key}).status_code == 302
    work()
    assert Order.objects.count() == 1
    assert Voice.objects.filter(account_id=cast.account["zhou"].id).count() == 2
    assert "里面还困过人" in mine(cast, "zhou")
    page = signed_in(cast, "chen").get(reverse("talk", args=[cast.group["jx3"].id])).content.decode()
    assert "里面还困过人" not in page


def test_a_photo_added_is_the_reporters_own(cast, at, lift):
    zhou = signed_in(cast, "zhou")
    zhou.post(reverse("add_words", args=[voice(cast, "zhou").id]), {"photos": [picture()], "key": "k1"})
    work()
    blob = Voice.objects.filter(account_id=cast.account["zhou"].id).order_by("-id")[0].blob_ids[0]
    url = reverse("mine_file", args=[Voice.objects.filter(account_id=cast.account["zhou"].id).order_by("id")[0].id, blob])
    assert zhou.get(url).status_code == 200
    assert signed_in(cast, "chen").get(url).status_code == 404
    other = reverse("mine_file", args=[voice(cast, "chen").id, blob])
    assert signed_in(cast, "chen").get(other).status_code == 404


def test_the_personal_link_opens_one_matter_and_cannot_be_guessed(cast, at, lift):
    handle(cast, lift)
    chen = voice(cast, "chen")
    path, guest = links.personal_path(chen.id), Client()
    text = guest.get(path).content.decode()
    assert "上下试了三趟" in text and "办好了吗" in text and LIFT not in text
    assert guest.get(path, HTTP_HOST="127.0.0.1")["Cache-Control"] == "private, no-store"
    for token in (chen.id.hex, f"{chen.id.hex}:", links.make(chen.id)[:-1] + "x", "x"):
        assert guest.get(f"/v/{token}/").status_code == 404
    swapped = voice(cast, "zhou").id.hex + links.make(chen.id)[32:]
    assert guest.get(f"/v/{swapped}/").status_code == 404
    guest.post(f"{path}rate/", {"rating": "not_reached"})
    chen.refresh_from_db()
    assert chen.rating == "unrated"
    guest.post(f"{path}rate/", {"rating": "satisfied"})
    chen.refresh_from_db()
    assert chen.rating == "satisfied" and voice(cast, "zhou").rating == "unrated"


def test_a_removed_voice_has_no_link(cast, at, lift):
    chen = voice(cast, "chen")
    orders.remove_voice(by=cast.actor("li_min"), order_id=lift.id, voice_id=chen.id, words="说的是另一部电梯")
    assert Client().get(links.personal_path(chen.id)).status_code == 404


def test_a_guest_is_told_what_stands_here(cast, at):
    assert "登录看我的事" in Client().get(reverse("mine")).content.decode()


def test_twenty_matters_cost_few_statements(cast, at, django_assert_max_num_queries):
    zhou = signed_in(cast, "zhou")
    things = ("楼道灯", "门禁", "单元门", "垃圾桶", "健身器材", "路灯", "窨井盖", "水管", "消火栓", "信报箱")
    for n, thing in enumerate(things):
        say(zhou, cast.group["jx3"], f"{n % 3 + 1}单元{thing}坏了", photos=[picture()])
        at.move(hours=6)  # more than five orders of one day would be gathered
    assert Order.objects.count() >= 8
    with django_assert_max_num_queries(16):
        assert zhou.get(reverse("mine")).status_code == 200


def test_urging_once_a_day_and_the_page_says_so(cast, at, lift):
    zhou = signed_in(cast, "zhou")
    assert "催一催" in mine(cast, "zhou") and "催过了" not in mine(cast, "zhou")
    assert zhou.post(reverse("urge", args=[voice(cast, "zhou").id])).status_code == 302
    text = mine(cast, "zhou")
    assert "催一催" not in text and "今天 10:00</time> 催过了" in text and "您催了一声" in text
    assert zhou.post(reverse("urge", args=[voice(cast, "zhou").id])).status_code == 409
    assert "您催了一声" not in mine(cast, "chen") and "催一催" in mine(cast, "chen")
    assert signed_in(cast, "chen").post(reverse("urge", args=[voice(cast, "zhou").id])).status_code == 404
    at.move(hours=24)
    assert "催一催" in mine(cast, "zhou")


def test_the_personal_link_urges_too(cast, at, lift):
    token = links.make(voice(cast, "zhou").id)
    guest = Client()
    assert "催一催" in guest.get(reverse("voice_link", args=[token])).content.decode()
    guest.post(reverse("voice_link_urge", args=[token]))
    assert Order.objects.get().urged == 1 and "催过了" in guest.get(reverse("voice_link", args=[token])).content.decode()


def open_as(cast, procedure, **more):
    """A matter of 周阿姨's under another procedure."""
    voice = VoiceDraft(words="楼道里漏水", account_id=cast.account["zhou"].id)
    draft = Draft(kind="repair", thing="水管", stamp=stamp_of_building(cast.building["jx3"], "2单元"), voice=voice, procedure=procedure, **more)
    return orders.open_order(by=SYSTEM, draft=draft)


def test_a_pooled_matter_says_until_when_somebody_takes_it(cast, at):
    order = open_as(cast, "pool")
    assert "正在请合适的同志领办，最晚 明天 10:00 有人接手" in mine(cast, "zhou")
    orders.claim_order(by=cast.actor("li_min"), order_id=order.id)
    assert "社工小李领办了" in mine(cast, "zhou")


def test_waiting_for_money_says_what_for_and_until_when(cast, at):
    order = open_as(cast, "repair")
    given = orders.Given(words="保修合同里没有这一段管子", blobs=["x"])
    orders.pass_step(by=cast.actor("shi_qiang"), order_id=order.id, outcome="fund", given=given)
    until = clock.now() + timedelta(days=30)
    given = orders.Given(words="管子要动用维修资金，下月初批下来就修", until=until)
    orders.pass_step(by=cast.actor("zhao_hui"), order_id=order.id, outcome="fund", given=given)
    text = mine(cast, "zhou")
    assert "物业维修：要用维修资金，退回" in text and "社区决定：申请维修资金" in text and "管子要动用维修资金" in text
    assert "等维修资金，4月1日 10:00赵书记会再看，并告诉您" in text and "保修合同" not in text
    given = orders.Given(words="维修资金没有批，这段管子只能您家自己修")
    orders.pass_step(by=cast.actor("zhao_hui"), order_id=order.id, outcome="no", given=given)
    assert "赵书记如实答复：这件事办不了" in mine(cast, "zhou")


def test_an_agreed_pause_is_told(cast, at, lift):
    orders.answer_order(by=cast.actor("li_min"), order_id=lift.id, words="控制板烧坏，配件要从厂家发来，三月二十日到。")
    row = orders.request_pause(by=cast.actor("li_min"), order_id=lift.id, waits_for="unit", until=clock.now() + timedelta(days=18), words="等厂家发货")
    orders.grant_request(by=cast.actor("zhao_hui"), request_id=row.id)
    text = mine(cast, "zhou")
    assert "要等一等，时限先停下来" in text and "等别的单位，3月20日 10:00社工小李会再看" in text and "等厂家发货" not in text


def test_what_was_found_is_disputed_by_whom_it_concerns(cast, at):
    order = open_as(cast, "correction")
    assert "本人有异议" in mine(cast, "zhou") and "本人有异议" not in mine(cast, "chen")
    url = reverse("dispute", args=[Voice.objects.get().id])
    zhou = signed_in(cast, "zhou")
    assert zhou.post(url, {"words": " "}).status_code == 400
    assert signed_in(cast, "chen").post(url, {"words": "我来说"}).status_code == 404
    assert zhou.post(url, {"words": "我家一直是三口人，不是五口"}).status_code == 302
    assert Order.objects.get().step == "ruling" and "本人有异议" in mine(cast, "zhou")
    assert zhou.post(url, {"words": "再说一次"}).status_code == 409
    assert order.id == Order.objects.get().id


def test_a_caller_disputes_by_her_personal_link_with_the_same_rules(cast, at):
    """Who came to the counter or called has no account: her link opens the same way, within the same bounds."""
    open_as(cast, "correction")
    own = Voice.objects.get()
    Voice.objects.filter(id=own.id).update(account_id=None, member_id=None, group_id=None, door="phone")
    path, guest = links.personal_path(own.id), Client()
    shown = guest.get(path).content.decode()
    assert "本人有异议" in shown and f"{path}dispute/" in shown
    assert guest.post(f"{path}dispute/", {"words": " "}).status_code == 400
    assert guest.post(f"/v/{links.make(own.id)[:-1]}x/dispute/", {"words": "三口人"}).status_code == 404
    assert guest.post(f"{path}dispute/", {"words": "我家一直是三口人，不是五口"}).status_code == 302
    assert Order.objects.get().step == "ruling"
    assert guest.post(f"{path}dispute/", {"words": "再说一次"}).status_code == 409


def test_the_link_of_a_plain_appeal_has_nothing_to_dispute(cast, at, lift):
    path = links.personal_path(voice(cast, "zhou").id)
    assert "异议" not in Client().get(path).content.decode()
    assert Client().post(f"{path}dispute/", {"words": "不对"}).status_code == 409


def test_a_plain_appeal_has_nothing_to_dispute(cast, at, lift):
    assert "异议" not in mine(cast, "zhou")
    assert signed_in(cast, "zhou").post(reverse("dispute", args=[voice(cast, "zhou").id]), {"words": "不对"}).status_code == 409


def test_what_comes_while_the_page_is_made_is_told_to_it(cast, at, lift, monkeypatch):
    """The page's live word dates from before its reading: whoever reads first and listens later misses nothing."""
    read = []
    members = matters_web.mine.members
    monkeypatch.setattr(matters_web.mine, "members", lambda actor: read.append(clock.wall().timestamp()) or members(actor))
    token = re.search(r'data-live="([^"]+)"', mine(cast, "zhou")).group(1)
    assert live_token.open_pass(token).made <= read[0]
