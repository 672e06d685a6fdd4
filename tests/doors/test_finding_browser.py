"""The company's link, the golden eye's report and the message board on a phone, in real Chromium."""

from datetime import datetime

import pytest

from linli.orders import actions
from linli.orders.models import Order
from tests.desk import opened, sign_in
from tests.doors.test_desk_browser import fits
from tests.doors.test_hall_browser import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(cast, at, site, open_page):
    """`phone("zhou", "/board/")`: somebody's phone at an address; "" for nobody's."""
    at.set(datetime(2026, 3, 2, 10))

    def take(key, url, **more):
        page = open_page(390, **more)
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
    fits(page, 390)
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
    fits(page, 390)
    page.check("input[value=sanitation]", force=True)
    page.fill("#where", "1号楼后面空地")
    page.fill("#words", "堆了五袋旧水泥")
    page.set_input_files("input[type=file]", picture())
    page.click("form button[type=submit]")
    page.wait_for_selector("text=社区 4 小时内领办")
    assert Order.objects.get().procedure == "golden_eye"
    fits(page, 390)


@pytest.mark.parametrize("elder", [False, True])
def test_a_message_goes_to_the_board_after_a_look(cast, phone, site, elder):
    page = phone("zhou", "/board/")
    if elder:
        page.context.add_cookies([{"name": "elder", "value": "1", "url": site.url}])
        page.goto("/board/")
    fits(page, 390)
    page.fill("#text", "健身角能不能修一修")
    page.click("form[action='/board/'] button")
    page.wait_for_selector("text=社区书记看过后放到这里")
    assert page.locator("article").count() == 0
    actions.pass_step(by=cast.actor("zhao_hui"), order_id=Order.objects.get().id, outcome="show")
    page.reload()
    page.wait_for_selector("article >> text=健身角能不能修一修")
    fits(page, 390)


def test_urging_is_one_tap(cast, phone):
    opened(cast, account_id=cast.account["zhou"].id)
    page = phone("zhou", "/mine/")
    page.click("text=催一催")
    page.wait_for_selector("text=催过了，办事的人已经收到")
    fits(page, 390)
