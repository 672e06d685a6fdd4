"""Compliance by clause: each clock against the clause that asks for it, with its denominator and the orders behind it."""

from datetime import date
from urllib.parse import parse_qs, urlparse

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.insight import tables
from linli.insight.models import ClauseCell
from linli.insight.tables import Chosen
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Forbidden, NotFound
from linli.orders import selectors as orders
from linli.orders.filters import parse
from linli.orders.models import Clock
from tests.desk import sign_in, text
from tests.insight.recount import check
from tests.insight.test_cells import settle
from tests.stories.procedures.driver import Walk

pytestmark = pytest.mark.django_db
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
PAGE = "/desk/figures/clauses/?month=2026-03"


def asked(cast, key="yu_tao", area_id=None):
    return tables.compliance(cast.actor(key), Chosen(*MARCH, area_id=area_id))


def by_clause(cast, **more):
    return {k.code: (k.kept, k.due, k.running) for k in asked(cast, **more).lines}


def test_every_clock_of_the_golden_eye_counts_against_its_own_clause(cast, at, deliver):
    Walk(cast, at, "golden_eye").go("claim:claimed verify:true work:done")
    settle(deliver)
    assert by_clause(cast) == {"HJY-3.1": (1, 1, 0), "HJY-3.2": (1, 1, 0), "HJY-3.3": (1, 1, 0)}
    slow = Walk(cast, at, "golden_eye").go("claim:claimed! verify:dispute")
    settle(deliver)
    # Claimed by nobody within four hours; the dispute is the verification; the section has a day; what pauses is not yet due.
    assert by_clause(cast) == {"HJY-3.1": (1, 2, 0), "HJY-3.2": (2, 2, 0), "HJY-3.3": (1, 1, 1), "HJY-3.4": (0, 0, 1)}
    slow.pass_time(days=5)
    settle(deliver)
    assert by_clause(cast)["HJY-3.4"] == (0, 1, 0)
    check()


def test_the_pools_day_and_the_hotlines_four_hours_have_their_clauses(cast, at, deliver):
    Walk(cast, at, "pool").go("claim:claimed")
    Walk(cast, at, "pool").go("claim:claimed!")
    Walk(cast, at, "hotline").go("work:done reply:copied")
    late = Walk(cast, at, "hotline").go("work:done")
    late.pass_time(hours=5)
    settle(deliver)
    found = by_clause(cast)
    assert found["WTLZ-3.2"] == (1, 2, 1), "taken back from idle hands, it waits in the pool a second time"
    assert found["RX-2.3"] == (1, 2, 0)
    check()


def test_a_limit_without_a_clause_counts_against_the_procedures_own_and_a_waiting_against_none(cast, at, deliver):
    walk = Walk(cast, at, "repair").go("company:fund decide:fund")
    settle(deliver)
    assert Clock.objects.get(order_id=walk.order.id, name="wait").clause == ""
    assert all(c.clause for c in Clock.objects.exclude(name="wait"))
    assert "" not in by_clause(cast)


def test_the_lists_behind_the_numbers_are_their_orders_in_every_place(cast, march):
    leads = 0
    for key in ("yu_tao", "cao_wei", "zhao_hui", "li_min"):
        client = sign_in(cast, key)
        page = client.get(PAGE)
        assert page.context["rows"], key
        for row in page.context["rows"]:
            for name in ("due", "kept", "late", "running"):
                filters = parse({k: v[0] for k, v in parse_qs(urlparse(row[f"{name}_url"]).query).items()})
                area = next((a for a in [*cast.community.values(), *cast.street.values(), *cast.grid.values()] if a.id == filters.area), None)
                found = orders.list_orders(SYSTEM, filters, area, limit=1000).rows
                number = getattr(row["line"], name)
                # An order that was opened again has another clock of the clause: fewer orders than clocks, never none.
                assert bool(found) == bool(number) and len(found) <= number, (key, row["line"].code, name)
                rounds = Clock.objects.filter(clause=row["line"].code, order_id__in=[o.id for o in found])
                assert rounds.count() >= number
                leads += bool(found)
    assert leads > 12


def test_a_place_has_its_own_numbers_and_grids_add_up(cast, march):
    whole = asked(cast)
    streets = [asked(cast, area_id=s.id) for s in cast.street.values()]
    assert whole.total.due == sum(s.total.due for s in streets) and whole.total.kept == sum(s.total.kept for s in streets) > 0
    grids = [tables.compliance(SYSTEM, Chosen(*MARCH, area_id=a.id)).total.due for k, a in cast.grid.items()]
    assert 0 < sum(grids) <= whole.total.due
    with pytest.raises(NotFound):
        asked(cast, "zhao_hui", cast.community["heping"].id)
    with pytest.raises(Forbidden):
        asked(cast, "shi_qiang")


def test_the_page_costs_few_statements_and_reads_no_clock_for_a_street(cast, march):
    assert ClauseCell.objects.exists()
    client = sign_in(cast, "cao_wei")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(PAGE)
    assert len(queries) <= 10 and not any("orders_clock" in q["sql"] for q in queries)
    words = text(page)
    assert "微信群服务规范 4.2" in words and "守住 / 到期" in words


def test_the_list_says_which_promise_it_was_narrowed_to(cast, march):
    page = text(sign_in(cast, "cao_wei").get("/desk/orders/?state=all&promise=WXQ-4.2&kept=late"))
    assert "微信群服务规范 4.2：没守住的" in page
