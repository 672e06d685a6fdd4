"""The desk over places in real Chromium, on a phone and on a screen: nothing too small, nothing too wide, with 300 buildings,
the longest names, mistakes, and people who have left; and the ways that somebody walks there."""

from datetime import date, time

import pytest
from django.test import Client

from linli.accounts import actions as accounts
from linli.accounts.models import Account
from linli.calendars.selectors import own_week
from linli.demo import places as town
from linli.grid import actions
from linli.grid.models import Area, Building, Home, Organisation
from linli.kernel.actors import SYSTEM
from linli.kernel.roles import Role
from linli.orders.models import Order
from linli.site.setup.run import seed
from linli.ui.samples import LONG
from tests.desk import BACKEND, opened, sign_in
from tests.ui.test_browser import SMALL_TARGETS, SMALL_TEXT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = pytest.mark.parametrize("width", [390, 1440])


@pytest.fixture
def desk(cast, at, site, open_page):
    """`desk("admin", "/desk/grid/", 390)`: her screen, signed in, at an address."""

    def take(key, url, width):
        page = open_page(width)
        cookie = sign_in(cast, key).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site.url}])
        page.goto(url)
        return page

    return take


def administrator():
    """A Client of the first administrator of a system that holds nothing else."""
    seed()
    account = accounts.add_account(by=SYSTEM, kind=Account.STAFF, login="first", name="滕宇")
    actions.add_post(by=SYSTEM, account_id=account.id, role=Role.ADMIN_SYSTEM)
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


#: what reaches over the edge, wherever it stands
WIDER = "w => [...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > w).map(e => e.outerHTML.slice(0, 160))"


def fits(page, name=""):
    """Every form open: no target below 44 px, no text below 14 px, no page wider than the screen."""
    page.wait_for_load_state("load")
    page.evaluate("document.querySelectorAll('main details:not([open])').forEach(d => { d.open = true; d.dataset.shut = ''; })")
    width = page.viewport_size["width"]
    wide = page.evaluate(
        "w => [...document.querySelectorAll('main *')].filter(e => e.offsetParent && !e.closest('.scroll-x, svg') && e.getBoundingClientRect().right > w + 1)"
        ".map(e => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 20))", width
    )  # fmt: skip
    assert not wide, (name, wide[:5])
    for _ in range(20):  # what has just come may still be laid out
        if page.evaluate("document.documentElement.scrollWidth") <= width:
            break
        page.wait_for_timeout(50)
    else:
        raise AssertionError((name, page.evaluate(WIDER, width)))
    assert page.evaluate(SMALL_TARGETS, 44) == [], name
    assert page.evaluate(SMALL_TEXT, 14) == [], name
    page.evaluate("document.querySelectorAll('main details[data-shut]').forEach(d => { d.open = false; })")


def said(page, words):
    page.wait_for_selector(f"main >> text={words}")


@pytest.fixture
def large(cast):
    """A community of 300 more buildings, a colleague, a place and an organisation with the longest names."""
    grid, head = cast.grid["jinxiu1"], cast.community["jinxiu"]
    for n in range(100, 400):
        actions.add_building(by=SYSTEM, grid=grid, estate="锦绣苑三期东区", name=f"{n}号楼", units=n % 5 + 1)
    long = (LONG * 3)[:64]
    actions.change_area(by=SYSTEM, area_id=head.id, roads=[f"很长很长的第{n}条滨河景观大道" for n in range(30)])
    org = actions.add_organisation(by=SYSTEM, name=long, kind="property", area=head, phone="0255550001")
    cast.building["long"] = actions.add_building(
        by=SYSTEM, grid=grid, estate=LONG[:48], name=(LONG * 2)[:32], units=99, property_org=org
    )
    actions.change_colleague(by=SYSTEM, account_id=cast.account["li_min"].id, name=(LONG * 2)[:32])
    for n in range(12):
        actions.add_post(
            by=SYSTEM, account_id=cast.account["li_min"].id, role=Role.LINE_WORKER, area=head, org=org, line=(LONG * 2)[:24],
            starts=date(2026, 4, n + 1), ends=date(2027, 4, n + 1),
        )  # fmt: skip
    cast.org["long"] = org
    return cast


def test_every_page_fits_with_long_names_and_many_buildings(large, desk):
    cast = large
    here = cast.community["jinxiu"].id
    for key, url in (
        ("admin", f"/desk/grid/{here}/"), ("li_min", f"/desk/grid/{here}/"), ("admin", f"/desk/grid/{cast.street['jinxiu'].id}/"),
        ("admin", f"/desk/grid/{here}/buildings/"), ("admin", f"/desk/grid/{here}/buildings/?q=没有这栋"),
        ("admin", f"/desk/grid/building/{cast.building['long'].id}/"), ("li_min", f"/desk/grid/building/{cast.building['jx3'].id}/"),
        ("admin", f"/desk/grid/organisation/{cast.org['long'].id}/"), ("admin", f"/desk/grid/colleague/{cast.account['li_min'].id}/"),
        ("zhao_hui", f"/desk/grid/colleague/{cast.account['li_min'].id}/"), ("admin", "/desk/grid/colleagues/"),
        ("admin", "/desk/grid/colleagues/?q=没有这个人"), ("admin", "/desk/grid/hours/"), ("zhao_hui", "/desk/grid/hours/?year=2027"),
        ("li_min", "/desk/grid/hours/"), ("cao_wei", "/desk/grid/hours/"), ("cao_wei", "/desk/roster/"),
    ):  # fmt: skip
        for width in (390, 1440):
            page = desk(key, url, width)
            fits(page, f"{key} {url} {width}")
            page.close()


@WIDTHS
def test_the_building_moves_and_its_homes_are_written(cast, desk, width):
    building = cast.building["jx3"]
    page = desk("admin", f"/desk/grid/{cast.community['jinxiu'].id}/", width)
    page.click("main >> text=锦绣苑3号楼")
    page.fill("#h-text", "9单元 101")
    page.click("#homes button[type=submit]")
    said(page, "第 1 行写的是 9 单元")
    assert page.input_value("#h-text") == "9单元 101", "the words are still there"
    fits(page, "wrong homes")
    page.fill("#h-text", "1-3单元 12-14层 每层4户\n2单元 501 502")
    page.click("#homes button[type=submit]")
    said(page, "会加 36 户")
    assert "另外 2 户已经有了" in page.inner_text("#homes")
    fits(page, "a look at the homes")
    before = Home.objects.filter(building=building).count()
    page.click("text=加这 36 户")
    said(page, "加了 36 户")
    assert Home.objects.filter(building=building).count() == before + 36
    page.fill("#b-name", "5号楼")
    page.click("text=存好")
    said(page, "已经有“锦绣苑5号楼”")
    assert page.input_value("#b-name") == "5号楼"
    fits(page, "a name that is taken")
    page.fill("#b-name", "三号楼")
    page.select_option("#b-grid", label="锦绣苑第二网格")
    page.click("text=存好")
    said(page, "移好了")
    assert Building.objects.get(id=building.id).grid_id == cast.grid["jinxiu2"].id
    fits(page, "moved")


@WIDTHS
def test_room_numbers_are_shown_when_asked_for(cast, desk, width):
    page = desk("li_min", f"/desk/grid/building/{cast.building['jx3'].id}/", width)
    assert "502" not in page.inner_text("main")
    page.click("text=看房号")
    said(page, "谁在什么时候看过")
    assert "502" in page.inner_text("main")
    fits(page, "rooms")


@WIDTHS
def test_a_place_is_renamed_and_ended(cast, desk, width):
    page = desk("admin", f"/desk/grid/{cast.grid['jinxiu1'].id}/", width)
    page.click("text=改名称、道路、地标")
    page.fill("#ch-name", "锦绣苑东网格")
    page.click("#set >> text=存好")
    said(page, "改好了")
    assert page.inner_text("h1").startswith("锦绣苑东网格")
    page.click("text=结束这个网格")
    page.fill("#en-day", "2026-12-31")
    page.click("text=到那天结束")
    page.click("text=再点一次：到那天结束")
    said(page, "请选同一个社区里接着管的网格")
    assert page.input_value("#en-day") == "2026-12-31"
    fits(page, "nothing follows")
    page.select_option("#en-heir", label="锦绣苑第二网格")
    page.click("text=到那天结束")
    page.click("text=再点一次：到那天结束")
    said(page, "用到 2026年12月31日 为止")
    fits(page, "ended")
    page.click("text=接着用，不结束了")
    said(page, "接着用了")
    assert Area.objects.get(id=cast.grid["jinxiu1"].id).valid_to is None


@WIDTHS
def test_a_colleague_leaves_and_somebody_takes_over(cast, desk, deliver, width):
    order = opened(cast)
    opened(cast, thing="路灯", words="楼下路灯不亮，老人晚上看不见")
    li = cast.account["li_min"]
    page = desk("admin", f"/desk/grid/colleague/{li.id}/", width)
    page.click("text=生成新的登录链接")
    said(page, "只能用一次")
    assert "/welcome/" in page.inner_text(".note .quote")
    fits(page, "link")
    page.click("text=停用账号")
    page.click("text=再点一次：停用")
    said(page, "账号停用了，现在就登录不了")
    fits(page, "stopped")
    deliver()
    page.reload()
    said(page, "手里没有没办完的事")
    assert not Order.objects.filter(responsible_id=li.id, is_open=True).exists(), "it went to others at once"
    # What nobody has taken yet, as while the background work stands still, is shown and given away by hand.
    Order.objects.filter(is_open=True).update(responsible_id=li.id)
    page.reload()
    said(page, "名下还有 2 件")
    head = desk("zhao_hui", f"/desk/grid/colleague/{li.id}/", width)
    with head.expect_navigation():
        head.click("text=看看、交给别的同事")
    said(head, "电梯")
    fits(head, "handover")
    head.click("form.card >> text=把勾上的交给这位同事")
    head.select_option("select[name=to]", label="王芳 · 锦绣苑第二网格")
    head.click("form.card >> text=把勾上的交给这位同事")
    said(head, "交出去 2 件")
    order.refresh_from_db()
    assert cast.key_of(order.responsible_id) == "wang_fang"
    fits(head, "handed over")
    page.reload()
    page.click("text=恢复账号")
    said(page, "账号恢复了")


@WIDTHS
def test_a_post_with_its_period(cast, desk, width):
    page = desk("admin", f"/desk/grid/colleague/{cast.account['li_min'].id}/", width)
    page.click("text=加一个岗位")
    page.select_option("#p-role", label="社区书记")
    page.click("button:has-text('加岗位')")
    said(page, "社区书记要设在社区")
    assert page.input_value("#p-role") == "community_head"
    page.select_option("#p-role", label="信息采集员")
    page.fill("#p-starts", "2026-04-01")
    page.click("button:has-text('加岗位')")
    said(page, "岗位加好了")
    said(page, "2026年4月1日起")
    fits(page, "post")
    page.click(".posts li:first-child >> text=离岗")
    page.click(".posts li:first-child >> text=到这天离岗")
    said(page, "到 2026年3月2日")


@WIDTHS
def test_a_week_is_looked_at_before_it_is_saved(cast, desk, width):
    community = cast.community["jinxiu"]
    page = desk("zhao_hui", "/desk/grid/hours/", width)
    said(page, "跟着示范区")
    page.click("text=给锦绣苑社区单独定一张")
    page.fill("#to-0", "14:00")
    page.click("text=先算一算")
    said(page, "班次有重叠")
    assert page.input_value("#to-0") == "14:00"
    fits(page, "overlap")
    page.fill("#to-0", "11:00")
    page.click("text=再加一段")
    page.wait_for_selector("#from-3")
    page.click("[name=days-2] + span >> nth=5", force=True)
    page.fill("#from-2", "22:00")
    page.fill("#to-2", "06:00")
    page.click("text=先算一算")
    said(page, "3月6日 周五 16:50 收到的 2 个工作小时的事，3月7日 周六 23:20 到期；现在的表是3月9日 周一 10:20。")
    fits(page, "a look at the week")
    page.fill("#to-0", "11:30")
    page.click("text=就这样，存好")
    said(page, "一周上班 40.5 小时")
    assert own_week("hours", community.code) == [], "what was not looked at is not saved"
    page.click("text=就这样，存好")
    said(page, "上下班时间存好了")
    assert (5, time(22), time(6)) in own_week("hours", community.code)
    said(page, "22:00–次日6:00")
    said(page, "赵晖 改了上下班时间")
    fits(page, "saved")
    page.click("text=加一个放假或上班的日子")
    page.fill("#d-first", "2026-03-09")
    page.fill("#d-last", "2026-03-08")
    page.click("button:has-text('加上')")
    said(page, "最后一天要在第一天之后")
    assert page.input_value("#d-first") == "2026-03-09"
    page.fill("#d-last", "2026-03-10")
    page.fill("#d-name", "停电检修")
    page.click("text=暂定，公布以后再改")
    page.click("button:has-text('加上')")
    said(page, "停电检修")
    said(page, "3月9日–3月10日")
    fits(page, "days")
    page.click("text=不单独定了，跟着上一级")
    page.click("text=再点一次：跟着上一级")
    said(page, "改成跟着上一级了")
    assert own_week("hours", community.code) == []


@WIDTHS
def test_an_empty_district_begins_at_the_desk(db, at, site, open_page, width):
    page = open_page(width)
    page.context.add_cookies([{"name": "sessionid", "value": administrator().cookies["sessionid"].value, "url": site.url}])
    page.goto("/desk/grid/")
    said(page, "从区开始")
    fits(page, "empty")
    page.fill("#d-name", "新区")
    page.fill("#d-code", town.DISTRICT[0])
    page.click("button:has-text('添加')")
    said(page, "加好了")
    fits(page, "a district and nothing in it")
    page.click("main >> text=上班时间")
    said(page, "新区的上班时间")
    fits(page, "its hours")
    assert Area.objects.get().name == "新区" and not Organisation.objects.exists()
