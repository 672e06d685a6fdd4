"""Paper in real Chromium: the photo beside the form, larger by a tap; two people, one difference, one order."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from linli.orders.models import Order, Voice
from tests.browser import fits
from tests.doors.test_relay_browser import sign_in
from tests.ui.test_browser import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "楼道的灯坏了三天"


def sheet():
    """A page with writing on it, as a phone would take it."""
    picture = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(picture)
    for y in range(200, 1600, 90):
        pen.line((120, y, 1120, y), fill="black", width=3)
        pen.line([(140 + x, y - 20 - (x * 7 % 40)) for x in range(0, 600, 12)], fill="navy", width=4)
    out = BytesIO()
    picture.save(out, "JPEG")
    return {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def hands_in(page, cast, site):
    """The front desk hands in the photo of a slip and goes on typing."""
    sign_in(page, site, cast.account["lu_xin"])
    page.goto(f"/desk/paper/?form=slip&community={cast.community['jinxiu'].id}")
    page.locator("[name=photo]").set_input_files(sheet())
    page.get_by_role("button", name="交上去，接着录").click()
    page.get_by_text("第一遍").first.wait_for()
    until(page, "document.querySelector('.photo-box img').naturalWidth > 0")


@pytest.mark.parametrize("width", [390, 1440])
def test_two_people_type_a_photo_and_the_second_settles(cast, at, site, open_page, width):
    page = open_page(width)
    hands_in(page, cast, site)
    box = page.locator(".photo-box")
    before = box.evaluate("e => e.scrollWidth")
    page.get_by_text("放大 2 倍").click()
    assert box.evaluate("e => e.scrollWidth") > 1.8 * before
    fits(page)
    page.locator("#name").fill("周阿姨")
    page.locator("#place").fill("东门岗亭旁")
    page.locator("#words").fill(WORDS)
    assert box.is_visible()
    page.get_by_role("button", name="录好了").click()
    page.get_by_text("第一遍录好了").wait_for()
    page.context.clear_cookies()
    sign_in(page, site, cast.account["li_min"])
    page.goto("/desk/paper/")
    page.get_by_text("等录第二遍").click()
    page.locator("#name").fill("周桂芳")
    page.locator("#place").fill("东门岗亭旁")
    page.locator("#words").fill(WORDS)
    page.get_by_role("button", name="录好了").click()
    page.get_by_text("1 处不一样").wait_for()
    fits(page)
    page.get_by_text("都不对，重写").click()
    page.locator("[name=new-name]").fill("周大姐")
    page.get_by_role("button", name="就这样，开工单").click()
    page.get_by_text("开了 1 件工单").wait_for()
    fits(page)
    assert Order.objects.count() == 1 and Voice.objects.get().name == "周大姐"
    for code in ("slip", "inspection", "deputy"):
        page.goto(f"/desk/paper/blank/{code}/")
        fits(page)


def test_who_sends_before_the_picture_is_made_lighter_loses_nothing(cast, at, site, open_page):
    """An old phone takes seconds for that, and nobody waits for it."""
    page = open_page(390)
    page.add_init_script("window.createImageBitmap = () => new Promise(() => {})")
    hands_in(page, cast, site)
