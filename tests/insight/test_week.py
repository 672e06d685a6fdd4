"""Monday 8:00: made once, told to whom it is for, one A4 and one picture without names; a remark becomes a 督办."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from linli.insight import actions as insight
from linli.insight import week
from linli.insight.models import WeekSheet
from linli.kernel.actors import CLOCK, SYSTEM
from linli.kernel.errors import Forbidden, NotFound
from linli.ledger.models import Event
from linli.notices.models import Notice
from linli.orders import actions
from linli.orders.models import Order
from linli.orders.states import SUPERVISES
from tests.browser import fits
from tests.desk import sign_in, text
from tests.insight.test_cells import WORDS, opened, settle

LAST = datetime(2026, 3, 2, 10)
MONDAY = datetime(2026, 3, 9, 8)


@pytest.fixture
def town(cast, at, deliver):
    """Last week: one solved, one late, one not ours; the lift three times; today one is due at 9:30."""
    at.set(LAST)
    done = opened(cast, "jx5", "sanitation", "垃圾", member="liu")
    actions.answer_order(by=SYSTEM, order_id=done.id, words=WORDS)
    actions.handle_order(by=SYSTEM, order_id=done.id, words=WORDS)
    actions.rate_order(by=SYSTEM, order_id=done.id, voice_id=done.voices.get().id, rating="satisfied")
    away = opened(cast, "jx3", "noise", "装修", member="zhou")
    actions.handle_order(by=SYSTEM, order_id=away.id, words="夜间施工归住建部门管，已经转住建局热线", ending="not_ours")
    lifts = [opened(cast, "jx3", "repair", "电梯", member=m) for m in ("zhou", "chen", "liu")]
    secret = opened(cast, "jx3", "abuse", "打人", member="liu")
    at.set(datetime(2026, 3, 9, 7, 40))
    today = opened(cast, "jx3", "repair", "门禁", member="chen")
    settle(deliver)
    at.set(MONDAY)
    return {"done": done, "away": away, "lifts": lifts, "secret": secret, "today": today}


def made(cast, key="cao_wei"):
    insight.make_week_sheets(by=CLOCK)
    area = week.area_of(cast.actor(key))
    row = week.kept(area, MONDAY.date())
    return week.sheet(area, MONDAY.date(), row)


def test_it_is_made_on_monday_at_eight_and_once(cast, town, at, deliver):
    at.set(datetime(2026, 3, 9, 7, 59))
    assert insight.make_week_sheets(by=CLOCK) == 0
    at.set(MONDAY)
    assert insight.make_week_sheets(by=CLOCK) == 3, "two streets and the district"
    assert insight.make_week_sheets(by=CLOCK) == 0
    at.set(datetime(2026, 3, 12, 15))
    assert insight.make_week_sheets(by=CLOCK) == 0
    at.set(datetime(2026, 3, 17, 9))
    assert insight.make_week_sheets(by=CLOCK) == 3, "the worker was away on Monday"
    assert WeekSheet.objects.count() == 6


def test_its_readers_are_told_once_and_the_notice_leads_to_it(cast, town):
    insight.make_week_sheets(by=CLOCK)
    told = Notice.objects.filter(kind="week_sheet")
    assert {n.account_id for n in told} >= {cast.account["cao_wei"].id, cast.account["yu_tao"].id}
    assert cast.account["li_min"].id not in {n.account_id for n in told}
    mine = told.get(account_id=cast.account["cao_wei"].id)
    client = sign_in(cast, "cao_wei")
    assert "一张纸" in text(client.get("/desk/notices/"))
    page = client.get(f"/desk/notices/{mine.id}/", follow=True)
    assert "锦绣街道 · 3月9日周一八点" in text(page)


def test_five_figures_with_denominators_against_the_week_before(cast, town):
    found = made(cast)
    assert (found.opened, found.opened_before) == (6, 0)
    by = {f.label: (f.part, f.whole) for f in found.five}
    assert by["居民满意"] == (1, 1) and by["有结果的"] == (2, 6) and by["重办过的"] == (0, 6)
    assert by["按时答复"][1] == 6
    assert all(f.word == "件数少，不比" for f in found.five), "there was nothing the week before"


def test_what_fails_today_names_the_post_that_can_still_save_it(cast, town):
    found = made(cast)
    first = found.failing[0]
    assert first.order == town["today"] and "3月9日 9:40 前" in first.when and not first.red
    assert "网格责任社工" in first.post or "值班" in first.post
    assert town["secret"].id not in {line.order.id for line in found.failing if line.order}
    assert found.failing_all == 1 + len(town["lifts"])


def test_what_comes_back_and_what_is_not_ours(cast, town):
    found = made(cast)
    assert found.repeated[0].what == "锦绣苑3号楼 · 电梯" and "3 人说了 3 次" in found.repeated[0].when
    [away] = found.elsewhere
    assert away.order == town["away"] and away.when == "归别的单位管" and "住建" in away.where
    assert len(found.decisions) == 3
    assert "先保哪一件" in found.decisions[0] and "电梯" in found.decisions[1]


def test_no_name_and_no_sealed_matter_stand_on_screen_paper_or_picture(cast, town):
    sheet_id = made(cast).sheet.id
    client = sign_in(cast, "cao_wei")
    names = [p.name for p in cast.account.values() if len(p.name) > 1]
    for url in (f"/desk/week/?sheet={sheet_id}", f"/desk/week/{sheet_id}/print/", f"/desk/week/{sheet_id}/picture/"):
        page = client.get(url)
        said = text(page).replace("曹伟", "").replace(cast.account["cao_wei"].name, "")  # the reader's own mark
        assert page.status_code == 200 and "电梯" in said
        assert [n for n in names if n in said and n != cast.account["cao_wei"].name] == []
        assert "家暴" not in said and "打人" not in said
    assert {e.facts["how"] for e in Event.objects.filter(verb="insight.print_week")} == {"paper", "picture"}
    assert "style=" not in client.get(f"/desk/week/{sheet_id}/picture/").content.decode()


def test_numbers_stay_as_they_were_when_it_was_made(cast, town, at, deliver):
    before = made(cast)
    actions.handle_order(by=SYSTEM, order_id=town["today"].id, words=WORDS)
    opened(cast, "jx5")
    settle(deliver)
    at.set(datetime(2026, 3, 11, 10))
    again = week.sheet(before.area, before.monday, WeekSheet.objects.get(id=before.sheet.id))
    assert (again.opened, again.failing_all, again.five[0].part) == (before.opened, before.failing_all, before.five[0].part)


def test_the_leader_s_remark_becomes_a_supervision(cast, town):
    sheet_id = made(cast).sheet.id
    client = sign_in(cast, "cao_wei")
    url = f"/desk/week/{sheet_id}/remark/"
    empty = client.post(url, {"order": str(town["today"].id), "words": " ", "days": "2"})
    assert empty.status_code == 422 and "督办意见" in text(empty)
    assert client.post(url, {"order": str(town["done"].id), "words": "请尽快", "days": "2"}).status_code == 404
    done = client.post(url, {"order": str(town["today"].id), "words": "今天中午前修好门禁，和居民说一声", "days": "1"})
    assert done.status_code == 302
    child = Order.objects.get(parent_id=town["today"].id, relation=SUPERVISES)
    assert done.url.endswith(f"{child.id}/") and child.opener_id == cast.account["cao_wei"].id


def test_who_sees_which_sheet(cast, town):
    insight.make_week_sheets(by=CLOCK)
    assert week.area_of(cast.actor("yu_tao")).level == "district"
    assert week.area_of(cast.actor("yu_tao"), cast.street["heping"].id).name == "和平街道"
    with pytest.raises(NotFound):
        week.area_of(cast.actor("cao_wei"), cast.street["heping"].id)
    for key in ("li_min", "shi_qiang"):
        with pytest.raises(Forbidden):
            week.area_of(cast.actor(key))
        assert sign_in(cast, key).get("/desk/week/").status_code == 403
    other = WeekSheet.objects.get(area_id=cast.street["heping"].id)
    for path in ("", "print/", "picture/"):
        url = f"/desk/week/{other.id}/{path}" if path else f"/desk/week/?sheet={other.id}"
        assert sign_in(cast, "cao_wei").get(url).status_code == 404


def test_before_the_first_monday_it_shows_how_it_would_look(cast, at):
    page = sign_in(cast, "cao_wei").get("/desk/week/")
    assert page.status_code == 200 and "现在算的样子" in text(page) and "批示" not in text(page).replace("存图、批示", "")
    assert not WeekSheet.objects.exists()


def test_the_screen_costs_few_statements(cast, town):
    sheet_id = made(cast).sheet.id
    client = sign_in(cast, "cao_wei")
    client.get(f"/desk/week/?sheet={sheet_id}")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/desk/week/?sheet={sheet_id}")
    assert len(queries) <= 20, [q["sql"][:100] for q in queries]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_one_page_of_paper_and_no_scrolling_on_a_phone(cast, at, deliver, site, open_page, town):
    sheet_id = made(cast).sheet.id
    client = sign_in(cast, "cao_wei")
    assert client.get(f"/desk/week/?sheet={sheet_id}").status_code == 200
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}
    for width in (390, 1440):
        page = open_page(width)
        page.context.add_cookies([cookie])
        page.goto(f"/desk/week/?sheet={sheet_id}")
        fits(page)
        page.goto("/desk/figures/?month=2026-03&by=kind")
        fits(page)
    page.goto(f"/desk/week/?sheet={sheet_id}")
    with page.expect_download() as saved:
        page.click("text=存成图片")
    assert saved.value.suggested_filename == "week-20260309.png"
    with Image.open(saved.value.path()) as picture:
        assert picture.format == "PNG" and picture.width == 1080 and picture.height > 900
        assert len(set(picture.convert("RGB").resize((108, 200)).getdata())) > 20, "there is something on it"
    page.goto(f"/desk/week/{sheet_id}/print/")
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page>") + paper.count(b"/Type /Page ") == 1
