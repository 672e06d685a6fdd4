"""The company's link, the golden eye's report and the message board on a phone, in real Chromium."""

from datetime import datetime

import pytest

from linli.grid.selectors import stamp_of_building
from linli.orders import actions
from linli.orders.models import FindKind, Order
from tests.browser import fits
from tests.desk import opened, sign_in
from tests.doors.test_hall_browser import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(cast, at, site, open_page):
    """`phone("zhou", "/board/")`: somebody's phone at an address; "" for nobody's."""
    at.set(datetime(2026, 3, 2, 10))

    def take(key, url, width=390, **more):
        page = open_page(width, **more)
        if key:
            cookie = sign_in(cast, key).cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site.url}])
        page.goto(url)
        return page

    return take


@pytest.mark.parametrize("elder", [False, True])
def test_a_company_answers_by_its_link(cast, phone, site, elder):
    order = opened(cast, thing="水管", procedure="repair")
    token = actions.invite_company(by=cast.actor("zhao_hui"), order_id=order.id, words="2单元三楼楼道顶上漏水，水已经流到二楼")
    page = phone("", "/sign-in/")
    if elder:
        page.context.add_cookies([{"name": "elder", "value": "1", "url": site.url}])
    page.goto(f"/w/{token}/")
    fits(page)
    page.check("input[value=fund]", force=True)
    page.fill("textarea", "整根立管要换，不在合同里")
    page.click("button[type=submit]")
    page.wait_for_selector("text=请附上书面材料")
    assert page.input_value("textarea") == "整根立管要换，不在合同里", "the words are still there"
    page.set_input_files("input[type=file]", picture())
    page.click("button[type=submit]")
    page.wait_for_selector("text=这个链接已经作废")
    assert Order.objects.get(id=order.id).step == "decide"
    page.goto(f"/w/{token}/")
    page.wait_for_selector("text=已经用过了")


def test_a_golden_eye_reports_with_a_picture(cast, phone):
    page = phone("he_feng", "/desk/golden-eye/")
    fits(page)
    page.check("input[value=sanitation]", force=True)
    page.fill("#where", "1号楼后面空地")
    page.fill("#words", "堆了五袋旧水泥")
    page.set_input_files("input[type=file]", picture())
    page.click("form button[type=submit]")
    page.wait_for_selector("text=社区 4 小时内领办")
    assert Order.objects.get().procedure == "golden_eye"
    fits(page)


@pytest.mark.parametrize("elder", [False, True])
def test_a_message_goes_to_the_board_after_a_look(cast, phone, site, elder):
    page = phone("zhou", "/board/")
    if elder:
        page.context.add_cookies([{"name": "elder", "value": "1", "url": site.url}])
        page.goto("/board/")
    fits(page)
    page.fill("#text", "健身角能不能修一修")
    page.click("form[action='/board/'] button")
    page.wait_for_selector("text=社区书记看过后放到这里")
    assert page.locator("article").count() == 0
    actions.pass_step(by=cast.actor("zhao_hui"), order_id=Order.objects.get().id, outcome="show")
    page.reload()
    page.wait_for_selector("article >> text=健身角能不能修一修")
    fits(page)


TELLING = "我是3号楼502的周桂芳，电话13912345678，楼上王建国家天天拍地板，3号楼的电梯也该修了"


@pytest.mark.parametrize("width", [390, 1440])
def test_the_moderator_words_a_message_before_everybody_reads_it(cast, phone, site, width):
    stamp = stamp_of_building(cast.building["jx3"])
    order = actions.leave_message(by=cast.actor("zhou"), stamp=stamp, words=TELLING, blobs=[])
    page = phone("zhao_hui", f"/desk/orders/{order.id}/", width=width)
    fits(page)
    page.click("#wording summary")
    page.fill("#wording-words", "楼上周末拍地板，3号楼的电梯也该修了")
    page.click("#wording button")
    page.wait_for_selector("#wording >> text=周末拍地板")
    fits(page)
    actions.pass_step(by=cast.actor("zhao_hui"), order_id=order.id, outcome="show")
    actions.pass_step(by=cast.actor("han_mei"), order_id=order.id, outcome="public", given=actions.Given(words="楼上已经铺了地垫，电梯下周大修"))
    for elder in ("0", "1"):
        for key in ("", "zhou"):
            page = phone(key, "/sign-in/", width=width)
            page.context.add_cookies([{"name": "elder", "value": elder, "url": site.url}])
            page.goto(f"/board/?community={order.community_id}")
            page.wait_for_selector("article >> text=周末拍地板")
            assert (page.locator("text=我的原话").count() == 1) == (key == "zhou")
            fits(page)


@pytest.mark.parametrize("width", [390, 1440])
def test_one_tap_takes_up_what_many_ask_for(cast, phone, width):
    for key in ("zhou", "chen", "liu"):
        m = cast.member[key]
        opened(cast, member_id=m.id, account_id=m.account_id, group_id=m.group_id)
        opened(cast, thing="小区东门外面的非机动车停车棚", member_id=m.id, account_id=m.account_id, group_id=m.group_id)
    page = phone("bao_hua", "/desk/deputies/", width=width)
    fits(page)
    page.click("button[aria-label='把锦绣苑社区的电梯提为意见']")
    page.wait_for_selector("text=五个工作日内交给承办单位")
    page.click("button[name=urge]")
    page.wait_for_selector("text=催办记录随件保存")
    assert Order.objects.get(procedure="deputies").urged == 1
    fits(page)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_centre_starts_a_campaign(cast, phone, width):
    page = phone("yu_tao", "/desk/golden-eye/kinds/", width=width)
    fits(page)
    page.fill("#label", "电动车上楼")
    page.select_option("#kind", "safety")
    page.click("form:has(#label) button")
    page.wait_for_selector("text=黄金眼马上就能选")
    page.click("summary:has-text('开始一个专项')")
    page.fill("#name", "春季飞线充电和电动车上楼进家门集中整治")
    page.fill("#ends_on", "2026-03-31")
    page.locator("label:has-text('电动车上楼') input").check(force=True)
    page.click("form:has(#name) button")
    page.wait_for_selector("text=正在开展")
    fits(page)
    eye = phone("he_feng", "/desk/golden-eye/", width=width)
    eye.wait_for_selector("text=集中整治")
    fits(eye)
    code = FindKind.objects.get(label="电动车上楼").code
    stamp = stamp_of_building(cast.building["hp1"])
    actions.report_find(by=cast.actor("he_feng"), stamp=stamp, kind=code, words="两辆推上楼了", blobs=[])
    page.reload()
    page.wait_for_selector("table >> text=和平里社区")
    fits(page)


def test_urging_is_one_tap(cast, phone):
    opened(cast, account_id=cast.account["zhou"].id)
    page = phone("zhou", "/mine/")
    page.click("text=催一催")
    page.wait_for_selector("text=催过了，办事的人已经收到")
    fits(page)
