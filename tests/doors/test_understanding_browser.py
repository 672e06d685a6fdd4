"""Issue "Understanding" §5 in real Chromium: spoken as people speak, answered, reworded with its label, put right, learned, and back."""

from datetime import datetime

import pytest

from linli.assistant import decide, errands, jobs, plans
from linli.assistant.scribe.client import Breaker
from linli.groups.models import Message
from linli.kernel.actors import CLOCK
from linli.language import versions
from linli.lessons import actions as lessons
from linli.lessons import examples
from linli.lessons.examples import Decision
from linli.lessons.models import Example
from linli.orders.models import Order
from tests.assistant.scribe.fake import reply, served
from tests.desk import sign_in
from tests.lessons.school import MORE_PIGEONS, PIGEONS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def shorter(sock, fake):
    """An honest scribe: says the first sentence of what it was given."""
    given = fake.asked[-1]["messages"][1]["content"]
    sock.sendall(reply(given.split("原文：")[-1].split("。")[0] + "。"))


@pytest.fixture
def take(cast, at, site, open_page):
    """`take("zhou", "/", 390)`: her screen, signed in."""
    at.set(datetime(2026, 3, 2, 10))

    def show(key, url, width):
        page = open_page(width)
        page.set_default_timeout(60_000)  # a machine may be busy with other things
        cookie = sign_in(cast, key).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site.url}])
        page.goto(url)
        return page

    return show


def fits(page, width):
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def speak(page, words):
    page.fill("#say textarea", words)
    page.click("#say button[aria-label=发送]")
    page.wait_for_selector(f"#talk >> text={words}")


def test_from_a_misheard_word_to_a_model_that_knows_it(cast, at, site, take, school, settings, monkeypatch):
    monkeypatch.setattr(errands, "breaker", Breaker())
    monkeypatch.setattr(errands, "_said", {})
    # Each kind is put before a person, and no resident is asked, whatever the small model believes.
    for where, name, value in ((plans, "KIND_SURE", 1.1), (decide, "SURE", 0.0), (decide, "PERHAPS", 1.1)):
        monkeypatch.setattr(where, name, value)
    group = cast.member["zhou"].group
    with served(shorter) as fake:
        settings.LINLI_SCRIBE_URL, settings.LINLI_SCRIBE_MODEL = fake.url, "fake"
        resident = take("zhou", f"/g/{group.id}/", 390)
        speak(resident, "老年证怎么办？")
        resident.wait_for_selector("#talk >> text=来源：")
        jobs.run_errands()  # each second, where a scribe is set from the start
        resident.wait_for_selector("#talk .said-by-ai >> text=AI生成", timeout=20_000)
        assert resident.locator("#talk .said-by-ai").count() == 1
        fits(resident, 390)
        speak(resident, "3号楼门口垃圾没人扫，还有2单元电梯按钮按不动")
        resident.wait_for_selector("#talk >> text=2 件事")
    settings.LINLI_SCRIBE_URL = ""
    at.move(hours=1)
    speak(resident, PIGEONS[0])
    resident.locator("#talk .msg.bot").nth(2).wait_for()
    worker = take("zhao_hui", f"/desk/orders/{_order_of(PIGEONS[0]).id}/", 390)
    worker.wait_for_selector("#drawer >> text=小栖拿不准")
    fits(worker, 390)
    worker.click("#drawer section.lamp >> text=更正")
    worker.select_option("#kind", "dispute")
    worker.select_option("#category", "culture")
    worker.click("#act button[type=submit]")
    worker.wait_for_selector(".toast >> text=改好了")
    assert worker.locator("#drawer >> text=小栖拿不准").count() == 0
    kept = Example.objects.get()
    assert (kept.kind, kept.category, kept.source) == ("dispute", "culture", Example.CORRECT)
    # Her colleagues have put the like right before.
    examples.keep(cast.actor("li_min"), [Decision(w, Example.CORRECT, "appeal", "dispute", "culture") for w in PIGEONS[1:]])
    centre = take("yu_tao", "/desk/", 1440)
    centre.click("text=小栖学得怎么样")
    centre.click("text=现在学一次")
    centre.wait_for_selector("text=正在学")
    lessons.advance_training(by=CLOCK)
    centre.goto("/desk/understanding/")
    centre.wait_for_selector("text=比原来不差，换上了")
    centre.wait_for_selector("text=正在用")
    for width in (390, 1440):
        centre.set_viewport_size({"width": width, "height": 900})
        fits(centre, width)
    at.move(hours=1)
    speak(resident, MORE_PIGEONS)
    resident.locator("#talk .msg.bot").nth(3).wait_for()
    order = _order_of(MORE_PIGEONS)
    assert (order.kind, order.category) == ("dispute", "culture")
    centre.click("text=退回上一版")
    with centre.expect_navigation():
        centre.click("text=再点一次")
    assert versions.current(school.home) == school.small


def _order_of(words: str) -> Order:
    return Order.objects.get(id=Message.objects.get(text=words).outcome_id)
