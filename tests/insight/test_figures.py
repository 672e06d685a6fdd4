"""Figures of a month by place, kind, clause and way of finding: denominators always, and the orders behind each number."""

from datetime import date
from urllib.parse import parse_qs, urlparse

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.insight import actions as insight
from linli.insight import formula, selectors, tables
from linli.insight.figures import Figures
from linli.insight.models import Formula
from linli.insight.tables import BY, Chosen
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, Forbidden, NotFound
from linli.orders import actions, counted
from linli.orders import selectors as orders
from linli.orders.filters import parse
from tests.desk import sign_in, text
from tests.insight.test_cells import WORDS, opened, settle

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
PAGE = "/desk/figures/?month=2026-03"


def asked(cast, key, **what):
    return tables.table(cast.actor(key), Chosen(*MARCH, **what))


def test_the_list_behind_a_number_holds_exactly_that_many_orders(cast, march):
    checked = 0
    for key in ("yu_tao", "cao_wei", "zhao_hui", "li_min"):
        for by in BY:
            found = asked(cast, key, by=by)
            for line in [*found.lines, None]:
                figures = line.figures if line else found.total
                if line is not None and not line.code:  # orders of no grid: there is no list of those
                    continue
                own = {} if line is None else {"area": line.area.id} if by == "place" else {by: line.code}
                area = line.area if line and by == "place" else found.area
                for figure in counted.FIGURES:
                    filters = found.chosen.filters(figure=figure, **own)
                    rows = orders.list_orders(SYSTEM, filters, area, limit=1000).rows
                    assert len(rows) == getattr(figures, figure), (key, by, line and line.label, figure)
                    checked += len(rows)
    assert checked > 400


def test_the_lines_of_each_way_of_looking_sum_to_one_total(cast, march):
    totals = [asked(cast, "cao_wei", by=by) for by in BY]
    assert all(t.total == totals[0].total for t in totals) and totals[0].total.opened > 8
    assert totals[0].total.returned and totals[0].total.reopened
    for found in totals:
        whole = Figures()
        for line in found.lines:
            whole.add({f"n_{n}": getattr(line.figures, n) for n in Figures.__slots__})
        assert whole == found.total


def test_parts_of_a_matter_are_not_counted_again(cast, at, deliver):
    order = opened(cast, member="zhou")
    actions.supervise_order(by=cast.actor("cao_wei"), order_id=order.id, words="请尽快")
    actions.open_children(by=SYSTEM, order_id=order.id, tasks=[actions.Task(cast.account["wang_fang"].id, "一起看看")])
    twin = opened(cast, member="chen")
    actions.merge_orders(by=SYSTEM, order_ids=[twin.id], into=order.id)
    settle(deliver)
    total = asked(cast, "zhao_hui").total
    assert (total.opened, total.voices) == (1, 2)
    assert selectors.opinion(cast.actor("zhao_hui")).total.opened == 1
    voice = order.voices.order_by("id").last()
    actions.split_order(by=SYSTEM, order_id=order.id, voice_ids=[voice.id], words="两件事")
    settle(deliver)
    total = asked(cast, "zhao_hui").total
    assert (total.opened, total.voices) == (2, 2), "what was split off took its voice with it"


def test_ways_of_finding_and_clauses_have_their_own_lines(cast, at, deliver):
    opened(cast, member="zhou", way="property")
    opened(cast, kind="noise")
    settle(deliver)
    ways = {line.code: line.figures.opened for line in asked(cast, "zhao_hui", by="way").lines}
    assert ways["property"] == 1 and sum(ways.values()) == 2
    [clause] = asked(cast, "zhao_hui", by="clause").lines
    assert (clause.label, clause.figures.opened) == ("微信群服务规范 4.2", 2)
    assert asked(cast, "zhao_hui", way="property").total.opened == 1
    assert asked(cast, "zhao_hui", by="kind", clause=clause.code, kind="noise").total.opened == 1


def test_another_month_and_another_place_are_empty_or_refused(cast, march):
    assert tables.table(cast.actor("zhao_hui"), Chosen(*tables.month("2026-02"))).total.empty
    with pytest.raises(NotFound):
        asked(cast, "zhao_hui", area_id=cast.community["heping"].id)
    for bad in ("2026-13", "march"):
        with pytest.raises(BadInput):
            tables.month(bad)
    with pytest.raises(BadInput):
        asked(cast, "zhao_hui", by="person")
    with pytest.raises(Forbidden):
        asked(cast, "shi_qiang")


def test_every_number_on_the_page_leads_to_as_many_rows(cast, march):
    client = sign_in(cast, "cao_wei")
    leads = 0
    for by in BY:
        page = client.get(f"{PAGE}&by={by}")
        for row in page.context["rows"]:
            for number, url in [(row["line"].figures.opened, row["opened"])] + [(c["part"], c["part_url"]) for c in row["cells"]]:
                if url and number:
                    filters = parse({k: v[0] for k, v in parse_qs(urlparse(url).query).items()})
                    area = next((a for a in [*cast.community.values(), *cast.street.values()] if a.id == filters.area), None)
                    assert len(orders.list_orders(SYSTEM, filters, area, limit=1000).rows) == number
                    leads += 1
    assert leads > 8


def test_the_list_says_what_it_was_narrowed_to(cast, march):
    page = text(sign_in(cast, "cao_wei").get("/desk/orders/?state=counted&figure=answered_in_time&clause=WXQ-4.2&way=resident"))
    assert "按时答复的" in page and "微信群服务规范 4.2" in page and "居民协查" in page


def test_a_page_costs_at_most_ten_statements(cast, march):
    for key in ("yu_tao", "cao_wei", "zhao_hui", "li_min", "bao_hua"):
        client = sign_in(cast, key)
        for by in BY:
            client.get(f"{PAGE}&by={by}")
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"{PAGE}&by={by}").status_code == 200
            assert len(queries) <= 10, [q["sql"][:100] for q in queries]


def test_no_address_groups_or_filters_by_a_person(cast, march):
    client = sign_in(cast, "cao_wei")
    plain = client.get(PAGE).context["t"].total
    person = cast.account["li_min"].id
    assert client.get(f"{PAGE}&responsible={person}&person={person}&account={person}").context["t"].total == plain
    assert client.get(f"{PAGE}&by=responsible").status_code == 400


def test_the_city_s_formula_is_chosen_from_shares(cast, at, deliver):
    centre = cast.actor("yu_tao")
    parts = [("answered_in_time", 40), ("solved_ours", 40), ("satisfied", 20)]
    insight.set_formula(by=centre, name="市里 2026 年口径", parts=parts)
    order, no = opened(cast, member="zhou"), opened(cast, kind="noise")
    actions.answer_order(by=SYSTEM, order_id=order.id, words=WORDS)
    actions.handle_order(by=SYSTEM, order_id=order.id, words=WORDS)
    actions.handle_order(by=SYSTEM, order_id=no.id, words=WORDS, ending="no")
    settle(deliver)
    row = asked(cast, "zhao_hui").total
    found = formula.mark(formula.current(), row)
    assert found.said == "100.0" and found.without == ("满意率（评价过的人）",)
    insight.set_formula(by=centre, name="全算", parts=[("solved", 100)])
    assert formula.mark(formula.current(), row).said == "50.0", "with the honest no among them"
    assert formula.mark(formula.current(), Figures()).said == "暂无"
    assert Formula.objects.count() == 2, "what held before stays"


@pytest.mark.parametrize(
    "parts", [[], [("answered", 99)], [("dragons", 100)], [("answered", 50), ("answered", 50)], [("answered", 0), ("solved", 100)], [("answered", 120), ("solved", -20)]],
)  # fmt: skip
def test_a_formula_that_makes_no_sense_is_refused(cast, at, parts):
    with pytest.raises(BadInput):
        insight.set_formula(by=cast.actor("yu_tao"), name="口径", parts=parts)


def test_who_may_set_it(cast, at):
    for key in ("li_min", "zhao_hui", "cao_wei"):
        with pytest.raises(Forbidden):
            insight.set_formula(by=cast.actor(key), name="口径", parts=[("answered", 100)])
        assert sign_in(cast, key).get("/desk/figures/formula/").status_code == 403
    client = sign_in(cast, "yu_tao")
    wrong = client.post("/desk/figures/formula/", {"name": "口径", "share": ["answered", "solved"], "weight": ["50", "四十"]})
    assert wrong.status_code == 422 and "权重" in text(wrong)
    assert client.post("/desk/figures/formula/", {"name": "口径", "share": ["answered", "solved"], "weight": ["50", "50"]}).status_code == 302
    assert "口径" in text(client.get(PAGE))


def test_marks_are_in_whole_numbers():
    row = Figures(opened=3, handled=3, solved=3, answered=1, answer_due=3)
    made = Formula(name="", parts=[{"share": "solved", "weight": 50}, {"share": "answered", "weight": 50}], made_at=clock.now())
    assert formula.mark(made, row).said == "66.6"
