"""The relay and the counter in real Chromium: taps from paste to orders, one tap to copy back, few inputs."""

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from linli.channels.models import RelayCopy
from linli.groups.models import Message
from linli.orders.models import Order, Voice
from tests.browser import fits
from tests.doors.test_relay import CHAT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page, site, account):
    """A signed-in browser without the form: this test counts the taps of the relay."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.id)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    page.context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": site.url}])


def paste(page, text):
    """As from the clipboard: the whole text at once."""
    page.locator("#text").focus()
    page.keyboard.insert_text(text)


@pytest.mark.parametrize("width", [390, 1440])
def test_at_most_three_taps_from_paste_to_orders_and_one_to_copy(cast, at, site, open_page, width):
    page = open_page(width)
    sign_in(page, site, cast.account["zhang_jie"])
    page.goto("/desk/relay/")
    page.evaluate("document.addEventListener('click', e => { if (e.isTrusted) window.name = String(Number(window.name || 0) + 1); }, true)")
    paste(page, CHAT)
    page.get_by_role("button", name="确认转入 4 条").click()
    page.wait_for_url("**/desk/relay/*-*/")
    taps = int(page.evaluate("window.name") or 0)
    assert 1 <= taps <= 3
    page.get_by_text("工单 1 件").wait_for()
    order = Order.objects.get(thing="电梯")
    assert page.get_by_text(order.number).is_visible()
    page.evaluate("window.linli_copied = ''; document.addEventListener('copy', e => { window.linli_copied = String(getSelection()); })")
    page.locator("[data-copy]").first.click()
    page.get_by_text("已复制", exact=True).first.wait_for()
    page.wait_for_timeout(300)
    row = Message.objects.filter(direction=Message.OUT, group_id=cast.group["jxr"].id).order_by("id").first()
    assert RelayCopy.objects.filter(message_id=row.id).count() == 1
    page.goto("/desk/relay/")
    paste(page, CHAT)
    page.get_by_text("都已经收过了").wait_for()
    fits(page)


def test_a_tick_taken_away_keeps_a_line_from_becoming_an_order(cast, at, site, page):
    sign_in(page, site, cast.account["zhang_jie"])
    page.goto("/desk/relay/")
    paste(page, CHAT)
    tick = page.locator("input[name=tick]").first
    tick.wait_for()
    assert tick.is_checked()
    tick.uncheck()
    page.get_by_role("button", name="确认转入").click()
    page.wait_for_url("**/desk/relay/*-*/")
    assert not Order.objects.filter(thing="电梯").exists()


def test_six_inputs_at_the_counter_at_most(cast, at, site, open_page):
    page = open_page(1440)
    sign_in(page, site, cast.account["lu_xin"])
    page.goto("/desk/counter/?door=phone")
    seen = page.locator("form[data-once] :is(input, select, textarea):visible").count()
    assert seen <= 6
    page.fill("#phone", "19100001111")
    page.fill("#name", "孙奶奶的邻居")
    page.select_option("#building", label="锦绣苑3号楼")
    page.fill("#room", "2-601")
    page.fill("#words", "2单元电梯又坏了，老人下不去楼")
    page.fill("#behalf", "孙奶奶 13900000000")
    page.wait_for_timeout(600)
    page.get_by_role("button", name="登记").click()
    page.wait_for_url("**/desk/counter/done/**")
    assert Voice.objects.filter(order=Order.objects.get()).count() == 2
    assert page.locator("svg[role=img], .qr").count() >= 2
    page.get_by_role("link", name="打印回执").click()
    page.get_by_text("受理回执").first.wait_for()


def test_a_known_caller_needs_two_inputs(cast, at, site, page):
    sign_in(page, site, cast.account["lu_xin"])
    page.goto("/desk/counter/?door=phone")
    page.fill("#phone", "19000001001")
    page.get_by_text("周* · 锦绣苑3号楼2单元").wait_for()
    page.fill("#words", "我家楼道灯不亮")
    page.get_by_role("button", name="登记").click()
    page.wait_for_url("**/desk/counter/done/**")
    voice = Voice.objects.get()
    assert (voice.name, voice.home_id) == ("周桂芳", cast.home["jx3-2单元-502"].id)
