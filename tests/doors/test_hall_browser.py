"""The claim hall, tasks and the drawer of procedures in real Chromium, on a phone and at a desk; the board on the big screen."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from linli.ledger.delivery import deliver_all
from linli.orders import actions
from linli.orders.models import Order
from tests.browser import fits
from tests.desk import opened, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GOOD = "控制板烧坏了，维修师傅已到，今天下午五点前换好"


@pytest.fixture
def desk(cast, at, site, open_page):
    """`desk("li_min", "/desk/hall/", 390)`: her screen, signed in, at an address."""
    at.set(datetime(2026, 3, 2, 10))

    def take(key, url, width=390, **more):
        page = open_page(width, **more)
        cookie = sign_in(cast, key).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site.url}])
        page.goto(url)
        return page

    return take


def picture():
    out = BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "JPEG")
    return {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("width", [390, 1440])
def test_one_tap_claims_and_the_other_hears_a_kind_word(cast, desk, width):
    order = opened(cast, thing="乱倒垃圾", kind="sanitation", procedure="golden_eye", unit="")
    li, wang = desk("li_min", "/desk/hall/", width), desk("wang_fang", "/desk/hall/", width)
    fits(li)
    button = wang.locator(f"#pool-{order.id} button")
    button.wait_for()
    # Her page still shows it: the news has not reached her yet.
    wang.route("**/desk/hall/", lambda route: route.abort())
    li.click(f"#pool-{order.id} button")
    li.wait_for_selector("#drawer >> text=这一步怎么办")
    button.click()
    wang.wait_for_selector(".toast >> text=谢谢您肯搭手")
    assert Order.objects.get(id=order.id).responsible_id == cast.account["li_min"].id
    li.click("#drawer >> text=属实，开始整改")
    li.fill("#act textarea", "现场看过了，确实堆了两车建筑垃圾")
    li.click("#act button[type=submit]")
    li.wait_for_selector("#act .note.bad >> text=要有照片")
    assert li.input_value("#act textarea").startswith("现场看过了"), "the words are still there"
    li.set_input_files("#act input[type=file]", picture())
    li.click("#act button[type=submit]")
    li.wait_for_selector("#order-now .steps .now >> text=整改")
    fits(li)


def test_the_centre_dispatches_what_nobody_claims(cast, desk):
    order = opened(cast, procedure="pool", unit="")
    opened(cast, "jx5", procedure="pool", unit="")
    page = desk("yu_tao", "/desk/hall/", 1440)
    page.click(f"#pool-{order.id} >> text=派给谁合适")
    page.wait_for_selector("#act >> text=建议派给社工小李")
    page.click("#act button[type=submit]")
    page.wait_for_selector("#order-now >> text=李敏")
    assert Order.objects.get(id=order.id).responsible_id == cast.account["li_min"].id
    page.goto("/desk/hall/")
    page.check("[data-pick]")
    page.click("text=按建议一起派出")
    page.wait_for_selector("text=派出了 1 件")


def test_a_request_is_decided_from_the_tasks_of_the_day(cast, desk, at):
    order = opened(cast)
    actions.answer_order(by=cast.actor("li_min"), order_id=order.id, words=GOOD)
    actions.request_pause(by=cast.actor("li_min"), order_id=order.id, waits_for="money", until=at.at + timedelta(days=20), words="等维修资金")
    deliver_all()  # else the list is drawn anew under the finger
    page = desk("zhao_hui", "/desk/tasks/")
    fits(page)
    page.click("#tasks >> text=同意")
    page.wait_for_selector(".toast >> text=同意了")
    assert Order.objects.get(id=order.id).state == "waiting"


def test_a_list_that_is_drawn_anew_takes_no_answer_away(cast, desk, at):
    """The news of her own decision often comes before the answer to it."""
    order = opened(cast)
    actions.answer_order(by=cast.actor("li_min"), order_id=order.id, words=GOOD)
    actions.request_pause(by=cast.actor("li_min"), order_id=order.id, waits_for="money", until=at.at + timedelta(days=20), words="等维修资金")
    deliver_all()
    page = desk("zhao_hui", "/desk/tasks/")
    held = []
    page.route("**/grant/", lambda route: held.append(route))
    page.click("#tasks >> text=同意")
    with page.expect_response("**/desk/tasks/"):
        page.evaluate("document.getElementById('tasks').dispatchEvent(new CustomEvent('live'))")
    page.wait_for_timeout(300)  # long enough for a swap
    with page.expect_response("**/desk/tasks/"):
        held[0].continue_()
        page.wait_for_selector(".toast >> text=同意了")
    page.wait_for_selector("#tasks >> text=歇口气")


@pytest.mark.parametrize("width", [390, 1440])
def test_two_matters_become_one_by_search(cast, desk, width):
    one, two = opened(cast), opened(cast, words="电梯又停在六楼")
    page = desk("li_min", f"/desk/orders/{one.id}/", width)
    page.click("#drawer .acts >> text=更多")
    page.click("#more-verbs >> text=并单")
    page.check(f"#hits input[value='{two.id}']")
    with page.expect_response("**part=hits**"):
        page.fill("#act input[type=search]", "没有这样的事")
    page.wait_for_selector("#hits >> text=没有找到")
    assert page.is_checked(f"#hits input[value='{two.id}']"), "what was ticked stays"
    with page.expect_response("**part=hits**"):
        page.fill("#act input[type=search]", two.number)
    page.wait_for_selector("#hits >> text=没有找到", state="detached")
    assert page.locator(f"#hits input[value='{two.id}']").count() == 1 and page.is_checked(f"#hits input[value='{two.id}']")
    page.click("#act button[type=submit]")
    page.click("#act >> text=再点一次：并单")
    page.wait_for_selector("#order-now >> text=并进来的")
    assert Order.objects.get(id=one.id).voice_count == 2
    fits(page)


@pytest.mark.parametrize("width", [390, 1440, 1920])
def test_the_board_fits_and_renews_itself(cast, desk, width):
    opened(cast, procedure="pool", unit="")
    page = desk("yu_tao", "/desk/board/", width, height=1080)
    fits(page)
    page.clock.install()
    page.goto("/desk/board/screen/")
    fits(page)
    page.wait_for_load_state()
    with page.expect_response(lambda r: r.request.headers.get("hx-request") == "true"):
        page.clock.fast_forward(21_000)
    if width == 1920:
        assert page.evaluate("document.documentElement.scrollHeight") <= 1080, "one screen, no scrolling"
