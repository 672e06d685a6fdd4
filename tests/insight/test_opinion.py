"""社情民意 as people see it: by role and place, at little cost, never by person, nothing confidential told."""

import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from linli.insight import charts, hot, selectors
from linli.insight.figures import NAMES
from linli.insight.models import Cell
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, Forbidden, NotFound
from linli.ledger.models import Event
from linli.orders import actions
from linli.orders.drafts import VoiceDraft
from linli.standards.seed import CATEGORIES
from tests.insight.test_cells import WORDS, opened, settle

BACKEND = "django.contrib.auth.backends.ModelBackend"
PAGE = "/desk/opinion/"


def client_of(cast, key: str) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(cast.account[key], backend=BACKEND)
    return client


def say_too(cast, order, *members: str) -> None:
    drafts = [VoiceDraft(words="我家也是", member_id=cast.member[m].id, account_id=cast.account[m].id) for m in members]
    actions.add_voices(by=SYSTEM, order_id=order.id, voices=drafts)


@pytest.fixture
def town(cast, at, deliver):
    """Orders in three communities; jx3 has two voices and a result, the sensitive one is confidential."""
    orders = {
        "jx3": opened(cast, "jx3", "repair", member="zhou"), "jx5": opened(cast, "jx5", "noise", thing="装修"),
        "ld7": opened(cast, "ld7", "repair", thing="电梯"), "hp1": opened(cast, "hp1", "parking", thing="车"),
        "secret": opened(cast, "jx3", "abuse", thing="打人", member="liu"),
    }  # fmt: skip
    say_too(cast, orders["jx3"], "chen")
    say_too(cast, orders["secret"], "ma")
    actions.handle_order(by=SYSTEM, order_id=orders["jx3"].id, words=WORDS)
    settle(deliver)
    return orders


@pytest.mark.parametrize(
    ("who", "place", "opened_", "tree"),
    [
        ("yu_tao", "示范区", 5, 7), ("yuan_qing", "示范区", 5, 7), ("bao_hua", "示范区", 5, 7), ("lang_yue", "示范区", 5, 7),
        ("cao_wei", "锦绣街道", 4, 3), ("yan_hui", "和平街道", 1, 3), ("zhao_hui", "锦绣苑社区", 3, 4),
        ("qian_xiulan", "柳堤社区", 1, 4), ("li_min", "锦绣苑第一网格", 2, 1), ("wang_fang", "锦绣苑第二网格", 1, 1),
    ],
)  # fmt: skip
def test_everybody_sees_the_places_she_covers(cast, town, who, place, opened_, tree):
    found = selectors.opinion(cast.actor(who))
    assert (found.where, found.total.opened, len(found.tree)) == (place, opened_, tree)
    assert sum(r.figures.opened for r in found.categories) == opened_
    assert sum(f.opened for _, f in found.daily) == opened_
    assert sum(sum(r.days) for r in found.categories) == opened_
    if found.places:
        for name in NAMES:
            assert sum(getattr(p.figures, name) for p in found.places) == getattr(found.total, name), name


@pytest.mark.parametrize("who", ["shi_qiang", "fang_zheng", "lian_feng", "cen_lan", "admin", "you_gang", "zhou"])
def test_others_see_no_figures(cast, town, who):
    with pytest.raises(Forbidden):
        selectors.opinion(cast.actor(who))
    assert client_of(cast, who).get(PAGE).status_code == 403
    assert client_of(cast, who).get(f"{PAGE}export/").status_code == 403


def test_drilling_down_stays_inside_what_one_covers(cast, town):
    leader = cast.actor("cao_wei")
    for area in (cast.street["jinxiu"], cast.community["jinxiu"], cast.grid["jinxiu1"]):
        assert selectors.opinion(leader, area_id=area.id).where == area.name
    for area in (cast.street["heping"], cast.community["heping"], cast.grid["hewan1"]):
        with pytest.raises(NotFound):
            selectors.opinion(leader, area_id=area.id)
    with pytest.raises(NotFound):
        selectors.opinion(leader, area_id=UUID(int=5))
    # Whoever covers a grid and asks for its community gets her grid.
    assert selectors.opinion(cast.actor("li_min"), area_id=cast.community["jinxiu"].id).total.opened == 2


def test_a_grid_counts_as_its_community_does(cast, town):
    head = cast.actor("zhao_hui")
    whole = selectors.opinion(head)
    by_grid = [selectors.opinion(head, area_id=cast.grid[g].id) for g in ("jinxiu1", "jinxiu2", "jinxiu3")]
    for name in NAMES:
        assert sum(getattr(o.total, name) for o in by_grid) == getattr(whole.total, name), name


def test_a_category_filters_all_but_the_ten(cast, town):
    found = selectors.opinion(cast.actor("yu_tao"), category="property")
    assert found.total.opened == 2 and sum(p.figures.opened for p in found.places) == 2
    assert sum(r.figures.opened for r in found.categories) == 5
    for bad, why in (({"category": "dragons"}, NotFound), ({"days": 31}, BadInput)):
        with pytest.raises(why):
            selectors.opinion(cast.actor("yu_tao"), **bad)


def test_the_period_is_by_day_of_opening(cast, town, at, deliver):
    at.move(days=7)
    opened(cast, "jx3")
    settle(deliver)
    head = cast.actor("zhao_hui")
    assert [selectors.opinion(head, days=d).total.opened for d in (7, 30, 90)] == [1, 4, 4]


def test_history_stands_apart(cast, at, deliver):
    opened(cast, history_at=clock.now())
    settle(deliver)
    found = selectors.opinion(cast.actor("zhao_hui"))
    assert (found.total.opened, found.total.history) == (0, 1)
    assert "历史资料 1 件单列" in client_of(cast, "zhao_hui").get(PAGE).content.decode()


def test_public_figures_are_numbers_alone(cast, town, at):
    with CaptureQueriesContext(connection) as queries:
        found = selectors.public_figures(7)
    assert len(queries) == 1
    assert (found.days, found.opened, found.answered_in_time, found.answer_due, found.solved, found.handled) == (7, 5, 1, 1, 1, 1)
    at.move(days=7)
    assert selectors.public_figures(7).opened == 0


def test_public_figures_of_an_empty_district(cast, at):
    assert selectors.public_figures() == selectors.PublicFigures(7, 0, 0, 0, 0, 0)


# ── hot matters ──


def matters(cast, who: str, days: int = 30) -> list[hot.Matter]:
    found = selectors.opinion(cast.actor(who), days=days)
    return hot.hot_matters(cast.actor(who), found.scopes, found.since)


def test_a_confidential_matter_is_hot_only_for_who_may_know(cast, town):
    for who in ("zhao_hui", "cao_wei"):
        assert {m.thing for m in matters(cast, who)} == {"水管", "家暴虐待"}
        assert next(m for m in matters(cast, who) if m.thing == "家暴虐待").confidential
    for who in ("li_min", "yu_tao", "xie_lin", "hua_yu", "yuan_qing"):
        assert {m.thing for m in matters(cast, who)} == {"水管"}, who
        assert "家暴" not in client_of(cast, who).get(PAGE).content.decode()
    for who in ("bao_hua", "lang_yue", "yan_hui"):
        assert matters(cast, who) == []


def test_one_person_is_one_voice_however_often_she_speaks(cast, at):
    first = opened(cast, "jx5", "noise", thing="装修", member="gao")
    say_too(cast, first, "gao", "gao")
    opened(cast, "jx5", "noise", thing="装修", member="gao")
    assert matters(cast, "zhao_hui") == []
    say_too(cast, first, "lin")
    (one,) = matters(cast, "zhao_hui")
    assert (one.place, one.thing, one.people, one.orders) == ("锦绣苑5号楼", "装修", 2, 2)


def test_heat_decays_and_the_trend_is_said(cast, at):
    old = opened(cast, "jx5", "noise", thing="装修", member="gao")
    say_too(cast, old, "lin", "guo")
    assert matters(cast, "zhao_hui")[0].word == "新"
    at.move(days=4)
    new = opened(cast, "jx3", "repair", thing="电梯", member="zhou")
    say_too(cast, new, "chen")
    first, second = matters(cast, "zhao_hui")
    assert (first.thing, first.word, second.thing, second.word) == ("电梯", "新", "装修", "平")
    assert first.heat > second.heat and first.people < second.people
    at.move(hours=30)
    assert {m.thing: m.word for m in matters(cast, "zhao_hui")} == {"电梯": "回落", "装修": "平"}
    say_too(cast, new, "liu", "ma", "gao")
    assert {m.thing: m.word for m in matters(cast, "zhao_hui")}["电梯"] == "上升"


def test_what_names_no_matter_is_not_hot(cast, at):
    for thing, kind in (("", "consult"), ("", "look"), ("", "person")):
        say_too(cast, opened(cast, "jx3", kind, thing=thing, member="zhou"), "chen")
    void = opened(cast, "jx5", "noise", thing="装修", member="gao")
    say_too(cast, void, "lin")
    actions.void_order(by=SYSTEM, order_id=void.id, words="试着按的")
    assert matters(cast, "zhao_hui") == []


def test_a_hot_matter_leads_to_its_orders(cast, town):
    for who in ("zhao_hui", "li_min", "yuan_qing"):
        one = next(m for m in matters(cast, who) if m.thing == "水管")
        listed = client_of(cast, who).get(f"/desk/orders/?{one.query}").content.decode()
        assert str(town["jx3"].id) in listed, who


# ── the page ──


def test_the_page_and_what_stands_behind_a_figure(cast, town):
    client = client_of(cast, "yu_tao")
    page = client.get(PAGE).content.decode()
    for _, label in CATEGORIES:
        assert label in page
    link = next(x for x in re.findall(r'href="(/desk/orders/\?[^"]+)"', page) if "category=property" in x).replace("&amp;", "&")
    listed = client.get(link).content.decode()
    assert str(town["jx3"].id) in listed and str(town["ld7"].id) in listed and str(town["hp1"].id) not in listed
    for name in ("李敏", "王芳", "周桂芳", "周阿姨"):
        assert name not in page, "never by person"


def test_an_empty_page_says_so(cast, at):
    page = client_of(cast, "zhao_hui").get(PAGE)
    assert page.status_code == 200 and "还没有居民反映的事" in page.content.decode()


@pytest.mark.parametrize("query", ["?area=x", "?days=x", "?days=8", "?category=x", "?area=00000000-0000-0000-0000-000000000001"])
def test_a_bad_address_is_said_plainly(cast, at, query):
    assert client_of(cast, "yu_tao").get(PAGE + query).status_code in (400, 404)


@pytest.mark.parametrize("who", ["yu_tao", "cao_wei", "zhao_hui", "li_min", "yuan_qing", "bao_hua"])
def test_a_page_costs_at_most_ten_statements(cast, town, who):
    client = client_of(cast, who)
    for query in ("", "?days=90&category=property", f"?area={cast.grid['jinxiu1'].id}" if who != "yan_hui" else ""):
        client.get(PAGE + query)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE + query).status_code == 200
        assert len(queries) <= 10, [q["sql"][:120] for q in queries]


def test_five_thousand_cells_are_one_page(cast, at):
    streets = {c.id: c.street_id for c in cast.community.values()}
    days = [clock.today() - timedelta(days=n) for n in range(125)]
    Cell.objects.bulk_create(
        Cell(local_day=d, street_id=s, community_id=c, category=k, kind="repair", clause="", opened=2, voices=3, answered=2,
             answered_in_time=1, answer_due=2)
        for d in days for c, s in streets.items() for k, _ in CATEGORIES
    )  # fmt: skip
    assert Cell.objects.count() == 5000
    client = client_of(cast, "yu_tao")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"{PAGE}?days=90").content.decode()
    assert len(queries) <= 10
    assert "7200" in page and "3600 <small>/ 7200" in page.replace("3,600", "3600").replace("7,200", "7200")
    total = selectors.opinion(cast.actor("yu_tao"), days=90).total
    assert (total.opened, total.answered_in_time, total.answer_due) == (7200, 3600, 7200)


def test_the_file_says_who_took_it_and_when(cast, town):
    client = client_of(cast, "cao_wei")
    answer = client.get(f"{PAGE}export/?days=7")
    assert answer["Content-Disposition"].startswith("attachment")
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["按类别", "按地方", "按天"]
    for sheet in book:
        mark = sheet["A1"].value
        assert "曹伟" in mark and "2026年3月2日 10:00" in mark and "曹伟" in sheet.oddFooter.center.text
    rows = {row[0]: row for row in book["按类别"].iter_rows(min_row=5, values_only=True)}
    assert rows["合计"][1] == 4 and rows["物业服务"][1:3] == (2, 3)
    event = Event.objects.get(verb="insight.export_opinion")
    assert (event.actor_id, event.street_id) == (cast.account["cao_wei"].id, cast.street["jinxiu"].id)
    assert (event.facts["days"], event.facts["category"]) == (7, "")
    assert event.facts["file"][-12:] in book["按类别"]["A1"].value


def test_columns_of_a_trend():
    chart = drawn([3, 0, 6])
    assert (chart.top, chart.total, [c.height for c in chart.columns]) == (6, 9, [50.0, 0.0, 100.0])
    assert chart.said == "共 9 件，最多的一天是3月4日，6 件"
    assert drawn([0]).said == "共 0 件"


def drawn(values: list[int]):  # type: ignore[no-untyped-def]
    return charts.columns([(date(2026, 3, 2) + timedelta(days=n), v) for n, v in enumerate(values)])


def test_the_page_about_figures_names_each_of_them():
    page = (Path(__file__).parents[2] / "docs" / "figures.md").read_text(encoding="utf-8")
    table = page[page.index("## The figures") : page.index("## The shares")]
    assert {name for name in re.findall(r"`(\w+)`", table)} == set(NAMES)
