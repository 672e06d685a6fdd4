"""发起 on a phone in real Chromium: within three taps and a few words a helper has reported, or recorded what she solved."""

import pytest

from linli.orders.models import Order
from tests.browser import fits
from tests.doors.test_finding_browser import phone  # noqa: F401 - the fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("answer, step", [("上报核实", "verify"), ("当场解决了", "end")])
def test_a_helper_is_done_in_three_taps(cast, phone, answer, step):  # noqa: F811
    page = phone("you_gang", "/desk/")
    fits(page)
    page.click("main >> text=发起一件事")
    page.wait_for_url("**/desk/bring/", wait_until="load")
    fits(page)
    page.click("text=巡查看到的")
    page.wait_for_url("**/desk/bring/patrol/", wait_until="load")
    fits(page)
    page.fill("#words", "3号楼2单元楼道堆了纸箱，已经请住户搬走")
    page.click(f"button:has-text('{answer}')")
    page.wait_for_url("**/desk/bring/?done=*", wait_until="load")
    page.wait_for_selector("text=我发起的")
    order = Order.objects.get()
    assert (order.step, order.building_id, order.unit) == (step, cast.building["jx3"].id, "2单元")
    fits(page)
