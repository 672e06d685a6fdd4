"""What one does with an order from the desk: every verb by its form, and every error in its place with the words kept."""

from io import BytesIO

import pytest
from PIL import Image

from linli.ledger.models import Event
from linli.orders import actions
from linli.orders.models import Order, Voice, Word
from tests.desk import HTMX, opened, sealed, sign_in, text

GOOD = "控制板烧坏了，维修师傅已到，今天下午五点前换好"


def do(client, order, verb, **data):
    return client.post(f"/desk/orders/{order.id}/do/{verb}/", data, headers=HTMX)


def fresh(order):
    return Order.objects.get(id=order.id)


def photo():
    out = BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    out.seek(0)
    out.name = "p.jpg"
    return out


def test_from_taking_it_to_the_result(cast, at):
    order = opened(cast)
    li = sign_in(cast, "li_min")
    done = li.post(f"/desk/orders/{order.id}/accept/", headers=HTMX)
    assert done.status_code == 200 and done["HX-Retarget"] == "#drawer" and fresh(order).state == "working"
    assert do(li, order, "answer_order", words=GOOD).status_code == 200
    assert fresh(order).answered_in_time
    assert do(li, order, "note_order", words="已经拍照留底", photos=photo()).status_code == 200
    done = do(li, order, "handle_order", words="控制板换好了，试乘过三次", ending="done", photos=photo())
    assert done.status_code == 200 and "待评价" in text(done)
    assert (fresh(order).state, fresh(order).ending) == ("handled", "done")
    assert [bool(w.blob_ids) for w in Word.objects.filter(order_id=order.id).order_by("id")] == [False, True, True]


def test_pictures_of_a_step_are_served_to_who_may_read_it(cast, at):
    order = opened(cast)
    li = sign_in(cast, "li_min")
    do(li, order, "note_order", words="已经拍照留底", photos=photo())
    blob = Word.objects.get(order_id=order.id).blob_ids[0]
    url = f"/desk/orders/{order.id}/blob/{blob}/"
    assert url in li.get(f"/desk/orders/{order.id}/?part=thread").content.decode()
    assert li.get(url)["Content-Type"] == "image/jpeg"
    assert sign_in(cast, "wei_na").get(url).status_code == 404
    assert li.get(f"/desk/orders/{order.id}/blob/{order.id}/").status_code == 403


@pytest.mark.parametrize("verb, data, said", [
    ("answer_order", {"words": "收到，正在处理"}, "请写清是什么情况"),
    ("answer_order", {"words": "   "}, "请先写几句话"),
    ("answer_order", {"words": "长" * 2001}, "太长了"),
    ("handle_order", {"words": "好的", "ending": "done"}, "请写清办了什么"),
    ("handle_order", {"words": GOOD, "ending": "x"}, "请选择结果"),
    ("transfer_order", {"words": "在她的网格"}, "请选一位同事"),
    ("return_order", {"words": ""}, "请写一写退回原因"),
    ("correct_order", {"kind": "nonsense"}, "没有这一类事项"),
    ("add_voices", {"words": "", "name": "李阿姨"}, "请写下 TA 说了什么"),
])  # fmt: skip
def test_wrong_input_comes_back_in_place_with_every_word(cast, at, verb, data, said):
    order = opened(cast)
    answer = do(sign_in(cast, "li_min"), order, verb, **data)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in text(answer)
    for value in data.values():
        if len(value.strip()) > 1 and value not in ("x", "nonsense", "done"):
            assert value in page, "what was written is still there"
    assert fresh(order).state == "assigned"


def test_a_picture_that_is_none_keeps_the_words(cast, at):
    order = opened(cast)
    fake = BytesIO(b"GIF89a not really")
    fake.name = "x.jpg"
    answer = do(sign_in(cast, "li_min"), order, "answer_order", words=GOOD, photos=fake)
    assert answer.status_code == 422 and GOOD in answer.content.decode()
    assert fresh(order).answered_at is None


def test_without_scripts_the_same_forms_work(cast, at):
    order = opened(cast)
    li = sign_in(cast, "li_min")
    page = li.get(f"/desk/orders/{order.id}/do/answer_order/")
    assert page.status_code == 200 and "<textarea" in page.content.decode() and 'id="drawer"' in page.content.decode()
    wrong = li.post(f"/desk/orders/{order.id}/do/answer_order/", {"words": "收到"})
    assert wrong.status_code == 422 and "收到</textarea>" in wrong.content.decode()
    done = li.post(f"/desk/orders/{order.id}/do/answer_order/", {"words": GOOD})
    assert (done.status_code, done["Location"]) == (302, f"/desk/orders/{order.id}/")


def test_transfer_offers_colleagues_of_the_place_only(cast, at):
    order = opened(cast)
    li = sign_in(cast, "li_min")
    page = text(li.get(f"/desk/orders/{order.id}/do/transfer_order/", headers=HTMX))
    assert "王芳" in page and "韩梅" in page and "史强" in page and "赵晖" in page
    assert "魏娜" not in page and "李敏 ·" not in page and "孙丽" not in page
    stranger = cast.account["wei_na"].id
    assert do(li, order, "transfer_order", to=str(stranger), words="给你").status_code == 422
    assert do(li, order, "transfer_order", to=str(cast.account["wang_fang"].id), words="在她的网格").status_code == 200
    assert fresh(order).responsible_id == cast.account["wang_fang"].id


def test_whoever_hands_on_what_she_then_cannot_see_is_told_so(cast, at):
    order = opened(cast)
    actions.assign_order(by=cast.actor("zhao_hui"), order_id=order.id, to=cast.account["shi_qiang"].id)
    answer = do(sign_in(cast, "shi_qiang"), order, "return_order", words="电梯归维保公司管")
    assert answer.status_code == 200 and "已经不在您这里了" in text(answer)
    assert fresh(order).responsible_id == cast.account["zhao_hui"].id


def test_the_head_assigns_corrects_and_voids(cast, at):
    order = opened(cast)
    head = sign_in(cast, "zhao_hui")
    do(head, order, "assign_order", to=str(cast.account["wang_fang"].id))
    assert fresh(order).responsible_id == cast.account["wang_fang"].id
    house = cast.building["jx5"]
    do(head, order, "correct_order", kind="noise", category="", thing="装修", building=str(house.id), unit="1单元")
    now = fresh(order)
    assert (now.kind, now.thing, now.place_text) == ("noise", "装修", "锦绣苑5号楼1单元")
    assert do(head, order, "void_order", words="和前一张重复了").status_code == 200
    assert fresh(order).state == "void"


def test_what_is_in_no_building_is_corrected_in_words(cast, at):
    order, head = opened(cast), sign_in(cast, "zhao_hui")
    same = {"kind": order.kind, "category": "", "thing": order.thing}
    answer = do(head, order, "correct_order", **same, building="", unit="", place=" ")
    assert answer.status_code == 422 and "请写在哪儿" in text(answer) and fresh(order).building_id
    house = str(cast.building["jx3"].id)
    assert f'value="{house}" selected' not in answer.content.decode(), "what she chose still stands"
    do(head, order, "correct_order", **same, building=house, unit="2单元", place="东门岗亭")
    assert fresh(order).place_text == "东门岗亭", "what is written is meant"
    assert "更正：地点改了" in text(head.get(f"/desk/orders/{order.id}/"))
    assert do(head, order, "correct_order", **same, building="", unit="", place="锦绣广场东侧").status_code == 200
    assert (fresh(order).place_text, fresh(order).building_id) == ("锦绣广场东侧", None)
    assert 'value="锦绣广场东侧"' in head.get(f"/desk/orders/{order.id}/do/correct_order/").content.decode()
    answer = do(head, order, "correct_order", **same, building="", unit="", place="广场" * 41)
    assert answer.status_code == 422 and "80 字以内" in text(answer) and fresh(order).place_text == "锦绣广场东侧"
    do(head, order, "correct_order", **same, building=str(cast.building["jx5"].id), unit="1单元", place="锦绣广场东侧")
    assert fresh(order).place_text == "锦绣苑5号楼1单元"


def test_the_wrong_state_is_said_and_nothing_happens(cast, at):
    order = opened(cast)
    li = sign_in(cast, "li_min")
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words="控制板换好了，试乘过三次")
    events = Event.objects.filter(subject_id=order.id).count()
    answer = do(li, order, "answer_order", words=GOOD)
    assert answer.status_code == 409 and "不在这一步" in answer.content.decode()
    assert Event.objects.filter(subject_id=order.id).exclude(verb="orders.view_order").count() == events


def test_who_may_not_is_refused(cast, at):
    order = opened(cast)
    for key, status in (("lu_xin", 403), ("xu_jing", 403), ("wei_na", 404), ("shi_qiang", 404)):
        assert do(sign_in(cast, key), order, "handle_order", words=GOOD, ending="done").status_code == status
    assert do(sign_in(cast, "li_min"), order, "send_to_review").status_code == 404


def test_a_voice_goes_out_and_another_comes_in(cast, at):
    order = sealed(cast)
    li = sign_in(cast, "li_min")
    do(li, order, "add_voices", words="我也是，门都开不了", name="李阿姨", phone="19000001111", door="phone")
    voices = list(order.voices.order_by("id"))
    assert fresh(order).voice_count == 2 and voices[1].name == "李阿姨" and voices[1].phone == "19000001111"
    assert do(li, order, "remove_voice", voice=str(voices[0].id), words="说的是另一层").status_code == 200
    assert Voice.objects.get(id=voices[0].id).state == Voice.REMOVED and fresh(order).voice_count == 1


def test_a_phoned_rating_counts_and_not_reached_is_its_own_value(cast, at):
    order = sealed(cast)
    li = sign_in(cast, "li_min")
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words="堆的东西已经清走，和邻居说好了")
    voice = order.voices.get()
    panel = li.post(f"/desk/orders/{order.id}/voices/", {"purpose": "rating"}, headers=HTMX)
    assert "没联系上" in text(panel)
    assert do(li, order, "rate_order", voice=str(voice.id), rating="not_reached").status_code == 200
    now = fresh(order)
    assert (now.not_reached, now.satisfied) == (1, 0)
    assert "一位居民电话里说：没联系上" in text(li.get(f"/desk/orders/{order.id}/?part=thread"))


def test_the_review_ends_with_a_letter(cast, at, deliver):
    order = opened(cast, account_id=cast.account["zhou"].id)
    li, zhou, voice = cast.actor("li_min"), cast.actor("zhou"), order.voices.get()
    for _ in range(3):
        actions.handle_order(by=li, order_id=order.id, words="控制板换好了，试乘过三次")
        actions.rate_order(by=zhou, order_id=order.id, voice_id=voice.id, rating="unsolved")
        if fresh(order).state == "assigned" and fresh(order).responsible_id != li.id:
            actions.assign_order(by=cast.actor("zhao_hui"), order_id=order.id, to=li.id)
    assert fresh(order).state == "review"
    section = sign_in(cast, "xie_lin")
    page = text(section.get(f"/desk/orders/{order.id}/", headers=HTMX))
    assert "复核答复" in page and "转复核" in page
    assert do(section, order, "conclude_review", words="已责成更换整机，不服可向区电梯监管部门反映").status_code == 200
    assert (fresh(order).state, fresh(order).ending) == ("closed", "reviewed")
