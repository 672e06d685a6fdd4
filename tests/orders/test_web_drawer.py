"""One order at the desk: what the page shows to whom, whose minute it is, who is remembered as having looked."""

import re
from datetime import datetime
from io import BytesIO

import pytest

from linli.files.actions import store_upload
from linli.grid.duty import book as duty_book
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.ledger.models import Event
from linli.orders import actions
from linli.orders.hands import stamp_of
from linli.orders.models import Order
from linli.orders.states import MOVES
from tests.desk import HTMX, NAME, PHONE, WORDS, leaks, opened, sealed, sign_in, text
from tests.files.samples import wav


def looks(order, verb):
    return Event.objects.filter(subject_id=order.id, verb=f"orders.{verb}").count()


def test_the_worker_has_what_she_needs_at_once(cast, at):
    order = opened(cast)
    page = sign_in(cast, "li_min").get(f"/desk/orders/{order.id}/", headers=HTMX)
    said = text(page)
    for words in (
        "锦绣苑3号楼2单元", order.number, "微信群服务规范 4.2", "2 小时内给出有内容的答复", "李敏（我）", "剩 2:00", "请在今天 12:00前给居民一个答复",
        "反映人已密封 · 1 人", "答复居民", "接单", "办结", "锦绣物业服务中心", "受理，派给李敏",
    ):  # fmt: skip
        assert words in said, words
    assert 'href="tel:19000002001"' in page.content.decode()
    assert "电梯又坏了" not in said, "the words are sealed until they are opened"


def test_a_full_page_and_its_parts(cast, at):
    order = opened(cast)
    li = sign_in(cast, "li_min")
    whole = li.get(f"/desk/orders/{order.id}/")
    assert 'id="drawer"' in whole.content.decode() and "drawer-head" in whole.content.decode()
    assert 'data-home="/desk/orders/"' in whole.content.decode()
    assert "受理，派给李敏" in text(li.get(f"/desk/orders/{order.id}/?part=thread"))
    assert order.number in text(li.get(f"/desk/orders/{order.id}/?part=now"))


def climb():
    while actions.advance_clocks():
        pass


def test_outside_her_hours_the_light_is_the_rosters(cast, at):
    at.set(datetime(2026, 3, 2, 18))
    order = opened(cast)
    assert order.responsible_id == cast.account["hua_yu"].id
    actions.assign_order(by=cast.actor("zhao_hui"), order_id=order.id, to=cast.account["li_min"].id)
    at.set(datetime(2026, 3, 2, 20, 30))
    climb()
    said = text(sign_in(cast, "zhao_hui").get(f"/desk/orders/{order.id}/", headers=HTMX))
    assert "值班 · 超时" in said and "现在由金强（值班表）接着" in said
    # The next morning she is at work, and it is still the roster's red: it was never hers to answer by eight.
    at.set(datetime(2026, 3, 3, 10))
    assert "值班 · 超时" in text(sign_in(cast, "zhao_hui").get(f"/desk/orders/{order.id}/?part=now"))
    assert "值班 · 超时" in text(sign_in(cast, "zhao_hui").get("/desk/orders/"))


def test_what_turned_red_in_her_hours_is_not_put_on_the_roster(cast, at):
    order = opened(cast)
    at.set(datetime(2026, 3, 2, 19, 30))
    climb()
    said = text(sign_in(cast, "zhao_hui").get(f"/desk/orders/{order.id}/", headers=HTMX))
    assert "超时" in said and "值班 · 超时" not in said and "现在由华宇（值班表）接着" in said
    assert "值班 · 超时" not in text(sign_in(cast, "zhao_hui").get("/desk/orders/"))
    order.refresh_from_db()
    assert order.late_of == cast.account["li_min"].id
    actions.answer_order(by=cast.actor("hua_yu"), order_id=order.id, words=WORDS)
    order.refresh_from_db()
    assert order.late_of is None and not order.waits_answer


def test_a_duty_officer_s_day_is_not_her_duty(cast, at):
    at.set(datetime(2026, 3, 2, 20))
    order = opened(cast)
    at.set(datetime(2026, 3, 3, 9, 37))
    climb()
    book, stamp = duty_book(), stamp_of(order)
    assert not book.on_duty(cast.account["hua_yu"].id, stamp, clock.now())
    assert book.holder_of(order.responsible_id, stamp, clock.now()).account_id == cast.account["li_min"].id


def test_who_opens_it_is_remembered_once_in_ten_minutes(cast, at):
    order = opened(cast)
    li = sign_in(cast, "li_min")
    for _ in range(3):
        li.get(f"/desk/orders/{order.id}/", headers=HTMX)
    li.get(f"/desk/orders/{order.id}/?part=now")
    assert looks(order, "view_order") == 1
    at.move(minutes=11)
    li.get(f"/desk/orders/{order.id}/")
    sign_in(cast, "zhao_hui").get(f"/desk/orders/{order.id}/")
    assert looks(order, "view_order") == 3


@pytest.mark.parametrize("url", ["/desk/orders/{}/?part=now", "/desk/orders/{}/?part=thread", "/desk/orders/{}/do/note_order/", "/api/orders/{}"])
def test_no_way_of_looking_goes_unseen(cast, at, url):
    order = opened(cast)
    assert sign_in(cast, "zhao_hui").get(url.format(order.id)).status_code == 200
    assert looks(order, "view_order") == 1


def test_others_do_not_find_it(cast, at):
    order = opened(cast)
    for key in ("wei_na", "chu_weimin", "shi_qiang", "fang_zheng", "lian_feng", "admin", "audit"):
        assert sign_in(cast, key).get(f"/desk/orders/{order.id}/").status_code == 404
    assert sign_in(cast, "zhou").get(f"/desk/orders/{order.id}/").status_code == 403
    assert looks(order, "view_order") == 0


def test_voices_open_for_a_purpose_and_that_is_kept(cast, at):
    order = sealed(cast)
    li = sign_in(cast, "li_min")
    assert li.post(f"/desk/orders/{order.id}/voices/", {}, headers=HTMX).status_code == 400
    assert looks(order, "view_voices") == 0
    opened_ = text(li.post(f"/desk/orders/{order.id}/voices/", {"purpose": "contact"}, headers=HTMX))
    for secret in (NAME, PHONE, WORDS, "2单元502"):
        assert secret in opened_
    event = Event.objects.get(subject_id=order.id, verb="orders.view_voices")
    assert event.facts["purpose"] == "contact" and len(event.facts["voices"]) == 1


def test_her_voice_is_played_to_who_opened_the_seal(cast, at):
    blob = store_upload(SYSTEM, BytesIO(wav()))
    order = opened(cast, words="", blob_ids=[str(blob.id)], kind="look", thing="", title="语音反映")
    li, url = sign_in(cast, "li_min"), f"/desk/orders/{order.id}/blob/{blob.id}/"
    assert li.get(url).status_code == 403, "not before it was opened"
    panel = li.post(f"/desk/orders/{order.id}/voices/", {"purpose": "verify"}, headers=HTMX).content.decode()
    assert "<audio controls" in panel and url in panel
    heard = li.get(url, headers={"Range": "bytes=0-9"})
    assert (heard.status_code, heard["Content-Type"]) == (206, "audio/wav")
    assert sign_in(cast, "han_mei").get(url).status_code == 403
    at.move(hours=2)
    assert li.get(url).status_code == 403, "an opening lasts an hour"


def test_voices_are_masked_for_those_who_do_not_work_on_it(cast, at):
    order = sealed(cast)
    said = text(sign_in(cast, "lu_xin").post(f"/desk/orders/{order.id}/voices/", {"purpose": "verify"}, headers=HTMX))
    assert "周*" in said and "190****7788" in said and WORDS in said
    assert NAME not in said and PHONE not in said and "单元502" not in said


def test_one_tap_calls_and_the_number_is_not_on_the_page(cast, at):
    order = sealed(cast)
    li = sign_in(cast, "li_min")
    page = li.get(f"/desk/orders/{order.id}/", headers=HTMX).content.decode()
    voice = order.voices.get()
    assert f"/call/{voice.id}/" in page and PHONE not in page
    answer = li.get(f"/desk/orders/{order.id}/call/{voice.id}/")
    assert (answer.status_code, answer["Location"]) == (302, f"tel:{PHONE}")
    assert looks(order, "call_voice") == 1
    assert sign_in(cast, "lu_xin").get(f"/desk/orders/{order.id}/call/{voice.id}/").status_code == 403


def test_the_thread_names_who_did_it_and_never_the_reporter(cast, at, deliver):
    order = sealed(cast)
    li = cast.actor("li_min")
    actions.accept_order(by=li, order_id=order.id)
    actions.note_order(by=li, order_id=order.id, words="已约物业一起去看")
    actions.transfer_order(by=li, order_id=order.id, to=cast.account["wang_fang"].id, words="在她的网格")
    actions.handle_order(by=cast.actor("wang_fang"), order_id=order.id, words="堆的东西已经清走，和邻居说好了")
    voice = order.voices.get()
    actions.rate_order(by=cast.actor("zhou"), order_id=order.id, voice_id=voice.id, rating="satisfied")
    said = text(sign_in(cast, "zhao_hui").get(f"/desk/orders/{order.id}/", headers=HTMX))
    for line in (
        "李敏：接单", "李敏：记一笔", "已约物业一起去看", "李敏：转给王芳", "在她的网格", "王芳：办结：已办好", "居民：一位居民评价：满意", "满意 1",
    ):  # fmt: skip
        assert line in said, line
    assert not leaks(said)


def test_the_head_of_the_page_says_how_late_it_is_in_days(cast, at):
    order = opened(cast)
    at.move(days=9)
    while actions.advance_clocks():
        pass
    assert "超 8 天" in text(sign_in(cast, "li_min").get(f"/desk/orders/{order.id}/", headers=HTMX))


def test_copying_is_recorded_and_neutral(cast, at):
    order = sealed(cast)
    li = sign_in(cast, "li_min")
    page = li.get(f"/desk/orders/{order.id}/", headers=HTMX).content.decode()
    copied = page.split('id="copy-text"')[1].split("</textarea>")[0]
    assert order.number in copied and "李敏" in copied and "2026年3月2日 10:00" in copied
    assert not leaks(copied)
    assert li.post(f"/desk/orders/{order.id}/copied/").status_code == 204
    assert looks(order, "copy_order") == 1


def test_the_slip_is_for_paper(cast, at):
    order = sealed(cast)
    li = sign_in(cast, "li_min")
    page = li.get(f"/desk/orders/{order.id}/print/")
    said = text(page)
    assert "打印人：李敏" in said and "3月2日 10:00" in said and "回执" in said
    assert not re.search(r"(今|昨|明)天|后天", said), "paper is read on other days too"
    assert "已密封 · 1 人" in said
    assert "<svg" in page.content.decode() and not leaks(said)
    assert looks(order, "print_order") == 1


@pytest.mark.parametrize("key, verbs", [
    ("li_min", {
        "accept_order", "note_order", "answer_order", "transfer_order", "return_order", "correct_order", "handle_order", "add_voices",
        "raise_order", "request_extension", "open_children", "open_repair", "merge_orders",
    }),
    ("zhao_hui", {
        "note_order", "answer_order", "transfer_order", "assign_order", "correct_order", "handle_order", "void_order", "add_voices",
        "raise_order", "open_children", "open_repair", "merge_orders", "urge_order",
    }),
    ("cao_wei", {"note_order", "transfer_order", "assign_order", "void_order", "raise_order", "open_children", "urge_order", "supervise_order"}),
    ("lu_xin", {"urge_order"}),
    ("xu_jing", {"correct_order"}),
])  # fmt: skip
def test_buttons_are_what_the_state_allows_and_she_may(cast, at, key, verbs):
    order = opened(cast)
    client = sign_in(cast, key)
    page = client.get(f"/desk/orders/{order.id}/", headers=HTMX).content.decode()
    shown = {v for v in MOVES.moves if f"/do/{v}/" in page or (v == "accept_order" and "/accept/" in page)}
    assert shown - {"remove_voice", "rate_order"} == verbs
    Order.objects.filter(id=order.id).update(state="closed", is_open=False)
    page = client.get(f"/desk/orders/{order.id}/", headers=HTMX).content.decode()
    assert not [v for v in verbs if f"/do/{v}/" in page]
