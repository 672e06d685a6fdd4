"""The desk in real Chromium: a worker at her screen and on her phone, with the keyboard, live, with long names and many rows."""

from datetime import datetime

import pytest

from linli.orders import actions
from linli.orders.models import Order
from linli.ui.samples import LONG
from tests.browser import fits
from tests.desk import WORDS, opened, sealed, sign_in
from tests.orders.test_selectors import many

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLAN = "控制板烧坏了，维修师傅已到，今天下午五点前换好"


@pytest.fixture
def desk(cast, at, site, open_page):
    """`desk("li_min", "/desk/", 1440)`: her screen, signed in, at an address."""
    at.set(datetime(2026, 3, 2, 10))

    def take(key, url="/desk/", width=1440):
        page = open_page(width)
        cookie = sign_in(cast, key).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site.url}])
        page.goto(url)
        return page

    return take


SEEN = "e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= window.innerHeight; }"


def open_first(page):
    page.click("[data-row] a")
    page.wait_for_selector("#drawer .drawer-head")


@pytest.mark.parametrize("width", [1440, 390])
def test_from_the_list_to_the_result(cast, desk, width):
    order = opened(cast)
    page = desk("li_min", "/desk/", width)
    page.click("#my-work a:has-text('电梯')")
    page.wait_for_selector("#drawer .drawer-head")
    fits(page)
    page.click("#drawer .acts >> text=接单")
    page.wait_for_selector("#order-now >> text=处理中")
    page.click("#drawer .acts >> text=答复居民")
    page.fill("#act textarea", "收到")
    page.click("#act button[type=submit]")
    page.wait_for_selector("#act .note.bad >> text=请写清是什么情况")
    assert page.input_value("#act textarea") == "收到", "the words are still there"
    page.fill("#act textarea", PLAN)
    page.click("#act button[type=submit]")
    page.wait_for_selector(".toast >> text=已经告诉居民了")
    page.wait_for_selector(f"#order-thread >> text={PLAN}")
    page.click("#drawer .acts >> text=办结")
    page.fill("#act textarea", "控制板换好了，试乘过三次")
    page.click("#act button[type=submit]")
    page.wait_for_selector("#order-now >> text=待评价")
    assert Order.objects.get(id=order.id).state == "handled"
    fits(page)


def test_the_keyboard_is_enough(cast, desk):
    first, second = opened(cast, thing="电梯"), opened(cast, "jx3", "楼下太黑了", thing="路灯")
    page = desk("li_min", "/desk/orders/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#drawer >> text={second.number}")
    assert str(second.id) in page.url
    page.keyboard.press("Escape")
    page.wait_for_selector("#drawer:empty", state="attached")
    assert page.url.endswith("/desk/orders/")
    page.keyboard.press("/")
    page.keyboard.type("电梯")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert page.locator("[data-row]").count() == 1 and page.locator("[data-row]", has_text=first.title).count() == 1


def test_the_list_and_the_drawer_live(cast, desk):
    order = opened(cast)
    page = desk("zhao_hui", "/desk/orders/")
    open_first(page)
    page.wait_for_timeout(500)
    other = opened(cast, "jx5", thing="路灯")
    page.wait_for_selector(f"#list >> text={other.place_text}")
    actions.answer_order(by=cast.actor("li_min"), order_id=order.id, words=PLAN)
    page.wait_for_selector(f"#order-thread >> text={PLAN}")


def test_words_being_written_survive_what_happens_meanwhile(cast, desk):
    order = opened(cast)
    page = desk("li_min", f"/desk/orders/{order.id}/")
    page.click("#drawer .acts >> text=答复居民")
    page.fill("#act textarea", "维修师傅说")
    actions.note_order(by=cast.actor("zhao_hui"), order_id=order.id, words="物业那边我去催")
    page.wait_for_selector("#order-thread >> text=物业那边我去催")
    assert page.input_value("#act textarea") == "维修师傅说"


def test_the_seal_is_opened_by_hand(cast, desk):
    order = sealed(cast)
    mine = desk("li_min", f"/desk/orders/{order.id}/", 390)
    assert WORDS not in mine.content()
    # Whose order it is cannot work without the words: one tap, which is recorded as well.
    mine.click("text=看原话")
    mine.wait_for_selector(f"#voices >> text={WORDS}")
    page = desk("zhao_hui", f"/desk/orders/{order.id}/", 390)
    assert WORDS not in page.content()
    page.click("text=打开看看")
    page.check("#open-voices input[value=contact]", force=True)
    page.click("#open-voices button[type=submit]")
    page.wait_for_selector(f"#voices >> text={WORDS}")
    page.wait_for_selector("#voices a[href^='tel:']")
    fits(page)


def test_giving_it_to_a_colleague_by_two_choices(cast, desk):
    order = opened(cast)
    page = desk("li_min", f"/desk/orders/{order.id}/")
    page.click("#drawer .acts >> text=更多")
    page.click("#more-verbs >> text=转办")
    page.wait_for_selector("#act select")
    page.select_option("#act select", str(cast.account["wang_fang"].id))
    page.fill("#act textarea", "在她的网格")
    page.click("#act button[type=submit]")
    page.wait_for_selector("#order-now >> text=王芳")
    assert Order.objects.get(id=order.id).responsible_id == cast.account["wang_fang"].id


def test_nothing_much_and_long_names_fit(cast, desk):
    widths = (1440, 768, 390)
    for width in widths:
        page = desk("li_min", "/desk/orders/", width)
        assert page.locator(".empty").count() == 1
        fits(page)
        page.close()
    many(cast, 5000)
    order = opened(cast, title=LONG)
    Order.objects.filter(id=order.id).update(title=LONG, place_text=LONG + LONG[:30], voice_count=12345, light="red")
    for key, url in (("cao_wei", "/desk/orders/"), ("cao_wei", "/desk/"), ("zhao_hui", f"/desk/orders/{order.id}/"), ("zhao_hui", f"/desk/orders/{order.id}/known/"),
                     ("zhao_hui", f"/desk/orders/{order.id}/print/"), ("cao_wei", "/desk/groups/"), ("zhao_hui", "/desk/grid/"), ("cao_wei", "/desk/roster/"), ("zhao_hui", "/desk/knowledge/")):  # fmt: skip
        for width in widths:
            page = desk(key, url, width)
            page.wait_for_selector("h1, .drawer-head")
            fits(page)
            page.close()


def test_a_page_of_5000_goes_on(cast, desk):
    many(cast, 5000)
    page = desk("yu_tao", "/desk/orders/")
    seen = set()
    for _ in range(4):
        page.wait_for_selector("[data-row]")
        rows = page.locator("[data-row] a").evaluate_all("links => links.map(a => a.getAttribute('href').split('?')[0])")
        assert len(rows) == 20 and not seen & set(rows)
        seen |= set(rows)
        with page.expect_navigation():
            page.click("[rel=next]")


@pytest.mark.parametrize("width", [1440, 390])
def test_what_is_wrong_in_a_long_form_is_in_sight(cast, desk, width):
    order = opened(cast)
    page = desk("zhao_hui", f"/desk/orders/{order.id}/do/correct_order/", width)
    page.select_option("#building", "")
    page.click("#act button[type=submit]")
    page.wait_for_selector("#act .wrong >> text=请写在哪儿")
    page.wait_for_function(f"({SEEN})(document.querySelector('#act .wrong'))")
    assert page.input_value("#building") == "", "what she chose still stands"
    page.fill("#place", "锦绣广场东侧")
    page.click("#act button[type=submit]")
    page.wait_for_selector("#drawer .drawer-head >> text=锦绣广场东侧")
