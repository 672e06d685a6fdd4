"""12345 in real Chromium: two taps from a file to orders, one tap to carry a result back."""

import os

import pytest

from linli.channels.models import Outside
from linli.orders.models import Order
from tests.browser import fits
from tests.channels.test_hotline import HEAD, LIFT, xlsx
from tests.channels.test_hotline_paste import SECOND, SLIP
from tests.doors.test_hotline import LAMP, handled
from tests.doors.test_hotline_same import AGAIN
from tests.doors.test_relay_browser import paste, sign_in
from tests.orders.test_states import opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COUNT = "document.addEventListener('click', e => { if (e.isTrusted) window.name = String(Number(window.name || 0) + 1); }, true)"


@pytest.mark.parametrize("width", [390, 1440])
def test_two_taps_from_a_file_to_orders_and_one_to_carry_a_result_back(cast, at, site, open_page, width):
    page = open_page(width)
    page.add_init_script(COUNT)
    sign_in(page, site, cast.account["yu_tao"])
    page.goto("/desk/hotline/")
    page.get_by_text("都回填了").wait_for()
    file = {"name": "转办单.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx(HEAD, LIFT, LAMP)}
    with page.expect_file_chooser() as chooser:
        page.locator("label.pick").click()
    chooser.value.set_files(file)
    page.get_by_role("button", name="收下 2 件").click()
    page.get_by_text("收进来 2 件").wait_for()
    assert int(page.evaluate("window.name")) == 2
    fits(page)
    order = handled(cast)
    page.goto("/desk/hotline/")
    page.evaluate("window.name = '0'; document.addEventListener('copy', () => { window.linli_copied = String(getSelection()); })")
    page.get_by_role("button", name="复制结果").click()
    page.get_by_text("已复制，去热线平台粘贴吧").wait_for()
    page.wait_for_timeout(400)
    assert page.evaluate("window.name") == "1"
    assert Outside.objects.get(order_id=order.id).carried_by == cast.account["yu_tao"].id
    assert Order.objects.get(id=order.id).step == "rate"
    page.reload()
    page.get_by_text("都回填了").wait_for()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_pasted_slip_is_checked_ticked_as_the_same_matter_and_joins_it(cast, at, site, open_page, width):
    order = opened(cast)
    page = open_page(width)
    sign_in(page, site, cast.account["yu_tao"])
    page.goto("/desk/hotline/")
    page.get_by_role("link", name="粘贴工单文字").click()
    paste(page, f"{SLIP}\n\n{SECOND}")
    page.get_by_role("button", name="看一遍").click()
    page.get_by_text("有 1 件和我们正在办的很像").wait_for()
    fits(page)
    choice = page.locator("label", has_text=order.number)
    assert choice.bounding_box()["height"] >= 44
    choice.click()
    page.get_by_role("button", name="收下 2 件").click()
    page.get_by_text("1 件和正在办的是同一件事").wait_for()
    assert order.voices.count() == 3
    fits(page)


@pytest.mark.parametrize("width", [390, 1440])
def test_two_calls_of_one_file_are_ticked_as_one_matter(cast, at, site, open_page, tmp_path, width):
    page = open_page(width)
    sign_in(page, site, cast.account["yu_tao"])
    page.goto("/desk/hotline/")
    file = tmp_path / "转办单.xlsx"
    file.write_bytes(xlsx(HEAD, LIFT, AGAIN))
    page.set_input_files("input[type=file]", str(file))
    page.get_by_text("这份里有 1 件和前面的很像").wait_for()
    fits(page)
    choice = page.locator("label", has_text=f"这份里前面的 {LIFT[0]}")
    assert choice.bounding_box()["height"] >= 44
    choice.click()
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/twins-{width}.png", full_page=True)
    page.get_by_role("button", name="收下 2 件").click()
    page.get_by_text("收进来 1 件，1 件和正在办的是同一件事").wait_for()
    assert Order.objects.get().voice_count == 2
