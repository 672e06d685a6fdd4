"""Pages of figures in real Chromium: the month with results of their own, compliance by clause, points, the formula, a year's hot
matters: nothing too small, nothing too wide, on a phone and on a screen, also in 长辈版."""

import pytest

from linli.insight import actions as insight
from linli.orders import actions
from tests.desk import sign_in
from tests.insight.test_cells import opened, settle
from tests.insight.test_opinion_browser import fits
from tests.insight.test_scores import switch_on
from tests.insight.test_year import PUMP, told
from tests.stories.procedures.driver import Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = (
    "/desk/figures/?month=2026-03", "/desk/figures/clauses/?month=2026-03", "/desk/figures/scores/?month=2026-03", "/desk/figures/formula/",
    "/desk/opinion/", "/desk/hall/", "/desk/requests/", "/desk/watch/", "/desk/tasks/",
)  # fmt: skip


@pytest.fixture
def town(cast, at, deliver):
    """Something in every part of every one of these pages."""
    switch_on()
    Walk(cast, at, "golden_eye").go("claim:claimed! verify:true work:done")
    Walk(cast, at, "golden_eye").go("claim:claimed")
    for code in ("refuse", "beyond", "tried"):
        Walk(cast, at, "hotline").go(f"work:{code} reply:copied")
    for n, words in enumerate(PUMP):
        told(cast, words, thing="水泵", days=70 * n, past=n > 0)
    done = opened(cast, member="zhou")
    actions.supervise_order(by=cast.actor("cao_wei"), order_id=done.id, words="请今天有结果")
    insight.set_formula(by=cast.actor("yu_tao"), name="市里 2026 年口径", parts=[("accepted_in_time", 30), ("solved", 70)], without=["refused", "tried"])
    settle(deliver)
    while insight.cluster_year():
        pass


@pytest.mark.parametrize(("width", "elder"), [(390, False), (1440, False), (390, True)])
def test_every_page_of_figures_fits(cast, town, site, open_page, width, elder):
    page = open_page(width)
    cookies = {"sessionid": sign_in(cast, "yu_tao").cookies["sessionid"].value} | ({"elder": "1"} if elder else {})
    page.context.add_cookies([{"name": n, "value": v, "url": site.url} for n, v in cookies.items()])
    for path in PAGES:
        page.goto(path)
        fits(page, elder)
