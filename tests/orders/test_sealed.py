"""The reporter is sealed: a leak by page, print, export or message is played, nothing telling reaches the reported side,
and "who could have known" finds whoever looked."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from linli.grid import actions as grid
from linli.kernel.actors import SYSTEM
from linli.kernel.roles import Role
from linli.ledger.models import Event
from linli.notices.models import Notice
from linli.orders import actions, search
from linli.orders.models import Order, OrderText
from tests.assistant.talk import say
from tests.desk import HTMX, leaks, opened, sealed, sign_in, text

#: the property's repairman, a police officer, a firm: the order is given to each in turn
REPORTED = {"shi_qiang": "jx3", "fang_zheng": "jx3"}


def given_to(cast, key, **more):
    """A sealed order that is in the hands of somebody who must not know who spoke, with a telling note of staff."""
    order = sealed(cast, **more)
    head = cast.actor("zhao_hui")
    actions.note_order(by=cast.actor("li_min"), order_id=order.id, words="反映人周阿姨住502，电话19000007788，请保密")
    actions.assign_order(by=head, order_id=order.id, to=cast.account[key].id, words="请去看看楼道")
    return order


@pytest.mark.parametrize("key", REPORTED)
def test_no_page_of_theirs_tells_who(cast, at, deliver, key):
    order = given_to(cast, key)
    deliver()
    client = sign_in(cast, key)
    pages = [
        "/desk/", "/desk/orders/", "/desk/orders/?mine=1", "/desk/orders/?state=all", f"/desk/orders/{order.id}/",
        f"/desk/orders/{order.id}/?part=thread", f"/desk/orders/{order.id}/?part=now", f"/desk/orders/{order.id}/print/",
        f"/desk/orders/{order.id}/do/answer_order/", f"/desk/orders/{order.id}/do/transfer_order/", "/desk/notices/",
        "/desk/groups/", "/desk/me/", "/desk/knowledge/", "/desk/knowledge/asked/", f"/api/orders/{order.id}", "/api/orders",
    ]  # fmt: skip
    for url in pages:
        page = client.get(url)
        assert page.status_code == 200, url
        assert not leaks(page.content), url
    thread = text(client.get(f"/desk/orders/{order.id}/?part=thread"))
    assert "请去看看楼道" in thread, "the reason with which she got it is hers to read"
    assert "请保密" not in thread
    voices = f"/desk/orders/{order.id}/voices/"
    assert client.post(voices, {"purpose": "contact"}, headers=HTMX).status_code == 403
    assert client.get(f"/desk/orders/{order.id}/call/{order.voices.get().id}/").status_code == 403
    for url in (f"/desk/orders/{order.id}/known/", "/desk/orders/export/"):
        assert client.get(url).status_code in (403, 404), url


@pytest.mark.parametrize("key", REPORTED)
def test_they_cannot_guess_words_by_searching(cast, at, key):
    order = given_to(cast, key)
    client = sign_in(cast, key)
    assert set(search.words("孙子").split()) <= set(OrderText.objects.get(order_id=order.id).tokens.split())
    for words in ("孙子怕黑", "周桂芳"):
        page = client.get("/desk/orders/", {"q": words})
        assert order.number not in text(page) and "不能按原话搜索" in text(page)
    assert "楼道堆物" in text(client.get("/desk/orders/", {"q": order.number}))


def test_a_guide_and_a_district_body_read_no_words(cast, at):
    order = sealed(cast)
    for key in ("qi_yue", "yuan_qing"):
        client = sign_in(cast, key)
        assert not leaks(client.get(f"/desk/orders/{order.id}/").content)
        assert client.post(f"/desk/orders/{order.id}/voices/", {"purpose": "verify"}).status_code == 403
        assert "不能按原话搜索" in text(client.get("/desk/orders/", {"q": "孙子怕黑"}))


def test_messages_hold_codes_only(cast, at, deliver):
    order = given_to(cast, "shi_qiang")
    at.move(hours=5)
    while actions.advance_clocks():
        pass
    deliver()
    told = Notice.objects.filter(subject_id=order.id)
    assert told.filter(account_id=cast.account["shi_qiang"].id).exists()
    for notice in told:
        assert not leaks(f"{notice.params} {notice.dedupe_key} {notice.kind}")
    for event in Event.objects.filter(subject_id=order.id):
        assert not leaks(str(event.facts))


def exported(client, query=""):
    answer = client.get(f"/desk/orders/export/{query}")
    assert answer.status_code == 200
    return answer


def test_an_export_holds_neutral_columns_and_its_viewer(cast, at):
    order = given_to(cast, "shi_qiang")
    secret = opened(cast, "jx3", "楼上在搞传销", thing="", kind="pyramid_selling")
    answer = exported(sign_in(cast, "zhao_hui"))
    parts = ZipFile(BytesIO(answer.content))
    for name in parts.namelist():
        assert not leaks(parts.read(name)), name
    book = load_workbook(BytesIO(answer.content))
    for sheet in book:
        assert "赵晖" in sheet["A1"].value and "2026年3月2日 10:00" in sheet["A1"].value
        assert "赵晖" in sheet.oddFooter.center.text
    sheet = book.worksheets[0]
    rows = list(sheet.values)
    assert "负责" not in "".join(str(c) for c in rows[1]), "no spreadsheet to sort persons by"
    numbers = {r[0] for r in rows[2:]}
    assert order.number in numbers and secret.number not in numbers
    assert "另有 1 件涉密" in rows[0][0]
    assert Event.objects.filter(subject_id=order.id, verb="orders.export_orders").count() == 1
    assert not Event.objects.filter(subject_id=secret.id, verb="orders.export_orders").exists()
    everybody = {a.name for a in cast.account.values()} - {"赵晖"}
    assert not [c for r in rows for c in r if c in everybody]


def test_no_cell_becomes_a_formula(cast, at):
    opened(cast, "jx3", "电梯坏了", title="=HYPERLINK(\"http://x\")")
    sheet = load_workbook(BytesIO(exported(sign_in(cast, "zhao_hui")).content)).worksheets[0]
    assert [c.data_type for r in sheet.iter_rows(min_row=3) for c in r if c.column == 2] == ["s"]


def test_an_export_follows_the_filters(cast, at):
    here, there = opened(cast, "jx3"), opened(cast, "ld7")
    rows = list(load_workbook(BytesIO(exported(sign_in(cast, "cao_wei"), f"?area={cast.community['liudi'].id}").content)).worksheets[0].values)
    assert {r[0] for r in rows[2:]} == {there.number} and here.number


@pytest.mark.parametrize("way, verb, said", [
    ("", "view_order", "查看"), ("print/", "print_order", "打印"), ("copied/", "copy_order", "复制"), ("../export/", "export_orders", "导出"),
])  # fmt: skip
def test_a_leak_is_found_on_the_known_page(cast, at, deliver, way, verb, said):
    """Somebody let the order out by page, print, copy or export: the page names her, the way and the minute."""
    order = sealed(cast)
    deliver()
    at.move(minutes=17)
    leaker = sign_in(cast, "han_mei")
    if way == "copied/":
        leaker.post(f"/desk/orders/{order.id}/{way}")
    else:
        assert leaker.get("/desk/orders/export/" if way == "../export/" else f"/desk/orders/{order.id}/{way}").status_code == 200
    at.move(hours=1)
    page = sign_in(cast, "zhao_hui").get(f"/desk/orders/{order.id}/known/")
    row = next(r for r in page.content.decode().split("<tr>") if "韩梅" in r)
    assert f"deed-{verb}" in row and said in row and "今天 10:17" in row and "锦绣苑社区 条线专职社工" in row
    assert "没有" in row, "she did not open the voices"
    assert not leaks(page.content)


def test_a_leak_by_message_is_found_too(cast, at, deliver):
    order = sealed(cast)
    deliver()
    page = sign_in(cast, "zhao_hui").get(f"/desk/orders/{order.id}/known/")
    row = next(r for r in page.content.decode().split("<tr>") if "李敏" in r)
    assert "deed-told" in row and "收到消息，还没读" in row
    sign_in(cast, "li_min").get(f"/desk/orders/{order.id}/")
    assert "收到消息，已读" in text(sign_in(cast, "zhao_hui").get(f"/desk/orders/{order.id}/known/"))


def test_the_page_tells_who_opened_the_voices_and_who_could_have(cast, at):
    order = sealed(cast)
    sign_in(cast, "lu_xin").post(f"/desk/orders/{order.id}/voices/", {"purpose": "visit"})
    said = text(sign_in(cast, "zhao_hui").get(f"/desk/orders/{order.id}/known/"))
    assert "查看反映人（上门走访）" in said and "看过" in said
    could = said.split("岗位管着这里、但没有打开过的")[1]
    for name in ("王芳", "曹伟", "华宇", "俞涛", "袁清", "许静"):
        assert (name in could) is (name != "王芳"), name  # another grid's worker does not read it
    assert "鲁欣" not in could and "魏娜" not in could and "史强" not in could


def test_only_those_roles_see_the_page_and_the_auditor_finds_her_way(cast, at):
    order = sealed(cast)
    for key, status in (("zhao_hui", 200), ("cao_wei", 200), ("audit", 200), ("ge_jun", 200), ("li_min", 404), ("lu_xin", 404), ("yan_hui", 404), ("admin", 404)):
        assert sign_in(cast, key).get(f"/desk/orders/{order.id}/known/").status_code == status, key
    audit = sign_in(cast, "audit")
    assert "查一张工单" in text(audit.get("/desk/"))
    found = audit.get("/desk/known/", {"number": order.number})
    assert found["Location"] == f"/desk/orders/{order.id}/known/"
    page = text(audit.get(found["Location"]))
    assert order.number in page and "楼道堆物" not in page, "she audits who looked and does not read the matter"
    assert audit.get("/desk/known/", {"number": "x"}).status_code == 404


def test_a_confidential_order_is_known_to_few(cast, at, deliver):
    order = sealed(cast)
    Order.objects.filter(id=order.id).update(confidential=True, responsible_id=cast.account["zhao_hui"].id)
    deliver()
    for key in ("li_min", "wang_fang", "han_mei", "hua_yu", "yu_tao", "lu_xin"):
        client = sign_in(cast, key)
        assert client.get(f"/desk/orders/{order.id}/").status_code == 404, key
        assert order.title not in text(client.get("/desk/orders/?state=all"))
    could = text(sign_in(cast, "ge_jun").get(f"/desk/orders/{order.id}/known/")).split("没有打开过的")[1]
    assert "曹伟" in could and "袁清" not in could and "许静" not in could


def test_whoever_has_left_knows_what_she_knew(cast, at):
    order = sealed(cast)
    sign_in(cast, "han_mei").get(f"/desk/orders/{order.id}/")
    for post in cast.actor("han_mei").posts:
        grid.end_post(by=SYSTEM, post_id=post.id)
    assert sign_in(cast, "han_mei").get(f"/desk/orders/{order.id}/").status_code == 404
    said = text(sign_in(cast, "zhao_hui").get(f"/desk/orders/{order.id}/known/"))
    assert "韩梅" in said.split("岗位管着")[0] and "韩梅" not in said.split("岗位管着")[1]


def test_two_hats_do_not_help(cast, at):
    """Who is on the property's side never reads words, whatever else her posts say."""
    order = sealed(cast)
    grid.add_post(by=SYSTEM, account_id=cast.account["shi_qiang"].id, role=Role.GRID_WORKER, area=cast.grid["jinxiu1"])
    client = sign_in(cast, "shi_qiang")
    page = client.get(f"/desk/orders/{order.id}/", headers=HTMX)
    assert page.status_code == 200 and not leaks(page.content)
    assert client.post(f"/desk/orders/{order.id}/voices/", {"purpose": "contact"}).status_code == 403
    assert "不能按原话搜索" in text(client.get("/desk/orders/", {"q": "孙子怕黑"}))


def test_who_read_the_words_in_the_group_is_on_the_known_page(cast, at):
    message = say(cast, "zhou@jx", "小区东门的路灯坏了三天了")
    order = Order.objects.get(id=message.outcome_id)
    said = text(sign_in(cast, "zhao_hui").get(f"/desk/orders/{order.id}/known/"))
    assert "在群里读到原话的" in said and "史强" in said and "物业" in said
    own = opened(cast, "jx3")
    assert "在群里读到原话的" not in text(sign_in(cast, "zhao_hui").get(f"/desk/orders/{own.id}/known/"))


def test_the_page_itself_tells_who_looks_and_when(cast, at):
    """A photo of the screen carries its viewer: the drawer, and the opened voices on their own."""
    order = sealed(cast)
    worker = sign_in(cast, "li_min")
    for minutes in (0, 7):
        at.move(minutes=minutes)
        mark = f"您是 李敏，2026年3月2日 10:{minutes:02d} 查看"
        for page in (
            worker.get(f"/desk/orders/{order.id}/"), worker.get(f"/desk/orders/{order.id}/", headers=HTMX),
            worker.post(f"/desk/orders/{order.id}/voices/", {"purpose": "work"}, headers=HTMX),
        ):
            assert mark in text(page)
    assert "您是 史强，2026年3月2日 10:07 查看" in text(sign_in(cast, "shi_qiang").get(f"/desk/orders/{given_to(cast, 'shi_qiang').id}/"))
