"""社情民意 in real Chromium, on a phone and on a screen, also in 长辈版: nothing too small, nothing too wide; drill down by
tapping to the orders behind a figure."""

import pytest

from tests.desk import sign_in
from tests.insight.test_cells import opened, settle
from tests.insight.test_opinion import say_too
from tests.ui.test_browser import SMALL_TARGETS, SMALL_TEXT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen(cast, at, deliver, site, open_page):
    """`screen("yu_tao", 390)`: public opinion, with some orders in it."""
    first = opened(cast, "jx3", member="zhou")
    say_too(cast, first, "chen")
    for building in ("jx5", "ld7", "hp1"):
        opened(cast, building, "noise", thing="装修")
    settle(deliver)

    def take(key: str, width: int, elder: bool = False):
        page = open_page(width)
        cookies = {"sessionid": sign_in(cast, key).cookies["sessionid"].value} | ({"elder": "1"} if elder else {})
        page.context.add_cookies([{"name": n, "value": v, "url": site.url} for n, v in cookies.items()])
        page.goto("/desk/opinion/")
        return page

    return take


def fits(page, elder: bool = False) -> None:
    page.wait_for_load_state("load")  # the words stand there before the style sheet does
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL_TARGETS, 60 if elder else 44) == []
    assert page.evaluate(SMALL_TEXT, 18 if elder else 14) == []


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
@pytest.mark.parametrize("width", [390, 1440])
def test_it_fits(screen, width, elder):
    fits(screen("yu_tao", width, elder), elder)


@pytest.mark.parametrize("width", [390, 1440])
def test_from_the_district_to_the_orders_behind_a_figure(cast, screen, width):
    page = screen("yu_tao", width)
    for place in ("锦绣街道", "锦绣苑社区", "锦绣苑第一网格"):
        page.click(f".bars a:has-text('{place}')")
        page.wait_for_selector(f"h1:has-text('{place}')")
        fits(page)
    page.click(".bars a:has-text('物业服务')")
    page.wait_for_selector("h1:has-text('物业服务')")
    page.click(".opinion-table tr.on .figure")
    page.wait_for_selector("#list >> text=水管")
    assert page.locator("[data-row]").count() == 1


@pytest.mark.parametrize("width", [390, 1440])
def test_on_a_phone_what_nobody_spoke_of_is_one_line(screen, width):
    page = screen("yu_tao", width)
    rows, line = page.locator(".opinion-table tr.nought"), page.get_by_text("没有人反映的：").first
    assert rows.count() >= 8
    assert rows.first.is_visible() == (width > 860) and line.is_visible() == (width < 860)
    if width < 860:
        assert rows.first.locator("td").first.text_content() in line.text_content()


def test_a_hot_matter_is_opened(screen):
    page = screen("zhao_hui", 1440)
    page.click(".hot a:has-text('水管')")
    page.wait_for_selector("#list >> text=水管")
