"""One story through every door of it, in real Chromium and by nobody's hand but the people's: the resident's phone, the
worker's desk, the group, 我的事, the public-opinion page; the code in the lift; who could have known; lights that turn."""

import os
from datetime import datetime
from io import BytesIO

import pytest
from PIL import Image

from linli.orders.models import Order
from tests.browser import fits
from tests.desk import sealed, sign_in
from tests.doors.test_story import LIFT, last_bot, say

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLAN = "控制板烧坏了，维修师傅已到，今天 17:00 前换好。"
RESULT = "控制板换好了，上下试了三趟，都正常。"


@pytest.fixture
def screen(cast, at, site, open_page):
    """`screen("li_min", "/desk/", 1440)`: somebody's phone or screen, signed in, at an address."""
    at.set(datetime(2026, 3, 2, 10))

    def take(key, url, width):
        page = open_page(width)
        cookie = sign_in(cast, key).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site.url}])
        page.goto(url)
        return page

    return take


def photo(name, colour):
    """A small picture as the browser's file chooser hands it over."""
    out = BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def seen(page, name):
    """With SHOTS=<folder> each page is kept as a picture, to be looked at."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_from_the_phone_over_the_desk_to_the_figures(cast, at, screen):
    zhou = screen("zhou", f"/g/{cast.group['jx3'].id}/", 390)
    say(zhou, LIFT)
    last_bot(zhou, "社工小李")
    # The worker's desk: she opens it, accepts, answers, closes with two photos.
    desk = screen("li_min", "/desk/", 1440)
    desk.click("#my-work a:has-text('电梯')")
    desk.wait_for_selector("#drawer >> text=您是 李敏，2026年3月2日 10:00 查看")
    desk.click("#drawer .acts >> text=接单")
    desk.wait_for_selector("#order-now >> text=处理中")
    desk.click("#drawer .acts >> text=答复居民")
    desk.fill("#act textarea", PLAN)
    desk.click("#act button[type=submit]")
    desk.wait_for_selector(f"#order-thread >> text={PLAN}")
    last_bot(zhou, "今天 17:00 前换好")
    at.move(minutes=200)
    desk.click("#drawer .acts >> text=办结")
    desk.fill("#act textarea", RESULT)
    desk.set_input_files("#act input[type=file]", [photo("1.jpg", "green"), photo("2.jpg", "orange")])
    assert desk.locator("#act input[type=file]").first.evaluate("i => i.files.length") == 2
    desk.click("#act button[type=submit]")
    desk.wait_for_selector("#order-now >> text=待评价")
    fits(desk)
    seen(desk, "desk")
    # The result, with its photos, in the group and on 我的事; she rates there.
    last_bot(zhou, "上下试了三趟")
    mine = screen("zhou", "/mine/", 390)
    mine.wait_for_selector(f"text={RESULT}")
    shown = mine.locator(".shots img")
    assert shown.count() == 2
    for n in range(2):
        shown.nth(n).scroll_into_view_if_needed()
        assert shown.nth(n).evaluate("i => i.decode().then(() => i.naturalWidth)") > 0
    fits(mine)
    seen(mine, "mine")
    mine.locator(".stars button[value=satisfied]").first.click()
    for _ in range(40):
        if (order := Order.objects.get()).satisfied:
            break
        mine.wait_for_timeout(250)
    assert (order.satisfied, order.solved_in_time, order.answered_in_time) == (1, True, True)
    desk.wait_for_selector("#order-now >> text=满意")
    # The row on public opinion: one matter, in time, one of one satisfied.
    figures = screen("zhao_hui", "/desk/opinion/", 1440)
    row = figures.locator(".opinion-table tr:has(td)", has_text="物业").first

    def told():
        cells = {k: row.locator(f"[data-label={k}]").inner_text().replace(" ", "") for k in ("反映", "按时答复", "按时解决", "满意")}
        return {k: v.split("·")[0] for k, v in cells.items()}

    for _ in range(60):  # the figures follow what was done a moment later; before there is any, the page has no table
        if row.count() and "1" in told()["满意"]:
            break
        figures.wait_for_timeout(300)
        figures.reload()
    found = told()
    assert found["反映"][0] == "1" and (found["按时答复"], found["按时解决"]) == ("1/1", "1/1"), found
    assert found["满意"].startswith("1"), found
    fits(figures)
    seen(figures, "opinion")


def test_the_code_in_the_lift(cast, at, site, open_page, screen):
    """No sign-in, no app: place and unit are known, a few words and what to be called are enough."""
    at.set(datetime(2026, 3, 2, 10))
    guest = open_page(390)
    guest.goto(f"/q/{cast.building['jx3'].qr}/?u=2单元")
    guest.wait_for_selector("text=位置已经知道了")
    guest.fill("textarea", "电梯里的灯一直闪")
    guest.fill("#nickname", "路过的人")
    fits(guest)
    guest.click("text=发给小栖")
    guest.wait_for_url("**/mine/**")
    guest.wait_for_selector("text=社工小李")
    fits(guest)
    seen(guest, "code")
    order = Order.objects.get()
    assert (order.door, order.unit, order.building_id) == ("qr", "2单元", cast.building["jx3"].id)
    desk = screen("li_min", "/desk/", 1440)
    desk.click("#my-work a:has-text('电梯')")
    desk.wait_for_selector("#drawer >> text=锦绣苑3号楼2单元")
    assert "路过的人" not in desk.inner_text("#drawer")


@pytest.mark.parametrize("width", [1440, 390])
def test_lights_turn_and_who_could_have_known(cast, at, screen, width):
    """8: nobody answers; 11: whoever looked stands on one page."""
    order = sealed(cast)
    desk = screen("li_min", "/desk/orders/", width)
    assert "正常" in desk.locator("[data-row]").first.inner_text()
    for minutes, word, colour in ((97, "临近", "yellow"), (25, "超时", "red")):
        at.move(minutes=minutes)
        for _ in range(40):
            if Order.objects.get(id=order.id).light == colour:
                break
            desk.wait_for_timeout(250)
        assert Order.objects.get(id=order.id).light == colour
        desk.reload()
        row = desk.locator("[data-row]").first.inner_text()
        assert word in row, row
        fits(desk)
    desk.click("[data-row] a")
    desk.wait_for_selector("#drawer >> text=您是 李敏，2026年3月2日 12:02 查看")
    seen(desk, f"late-{width}")
    head = screen("zhao_hui", f"/desk/orders/{order.id}/", width)
    head.click("text=谁可能知道")
    head.wait_for_selector("tr:has-text('李敏') >> text=查看")
    assert "今天 12:02" in head.inner_text("main")
    fits(head)
    seen(head, f"known-{width}")
