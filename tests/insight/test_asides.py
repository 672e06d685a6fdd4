"""The four results of their own, with and without which a share is said; and what of a deputies' matter is solved."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from linli.insight import actions as insight
from linli.insight import formula, tables
from linli.insight.models import Cell, Stale
from linli.insight.tables import Chosen
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput
from linli.orders import actions, counted
from linli.orders import selectors as orders
from linli.orders.models import Order
from tests.desk import sign_in, text
from tests.insight.recount import cells, check
from tests.insight.test_cells import WORDS, opened, settle
from tests.stories.procedures.driver import Walk

pytestmark = pytest.mark.django_db
OUTCOMES = {"refused": "refuse", "beyond": "beyond", "not_ours": "not_ours", "tried": "tried"}
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def month(cast):
    return tables.table(cast.actor("yu_tao"), Chosen(*MARCH))


def mark(cast, without):
    insight.set_formula(by=cast.actor("yu_tao"), name="市里口径", parts=[("solved", 50), ("satisfied", 50)], without=without)
    found = month(cast)
    return formula.mark(formula.current(), found.total, found.aside).said


@pytest.mark.parametrize("code", OUTCOMES)
def test_a_share_is_said_with_and_without_each_of_them(cast, at, deliver, code):
    done = opened(cast, member="zhou")
    actions.handle_order(by=SYSTEM, order_id=done.id, words=WORDS)
    actions.rate_order(by=SYSTEM, order_id=done.id, voice_id=done.voices.get().id, rating="satisfied")
    walk = Walk(cast, at, "hotline").go(f"work:{OUTCOMES[code]} reply:copied")
    voice = walk.order.voices.get()
    actions.rate_order(by=SYSTEM, order_id=walk.order.id, voice_id=voice.id, rating="so_so")
    settle(deliver)
    check()
    found = month(cast)
    assert {c: f.handled for c, f in found.aside.items()} == {code: 1}
    page = sign_in(cast, "yu_tao").get("/desk/figures/?month=2026-03")
    row = next(r for r in page.context["asides"] if r["label"] == counted.ASIDE[code])
    assert [(s["part"], s["whole"]) for s in row["shares"]] == [(1, 2), (1, 1), (1, 2), (1, 1)]
    other = next(r for r in page.context["asides"] if r["label"] not in (counted.ASIDE[code], "四种都"))
    assert [(s["part"], s["whole"]) for s in other["shares"]] == [(1, 2), (1, 2), (1, 2), (1, 2)]
    assert f"figure={code}" in row["url"]
    behind = orders.list_orders(SYSTEM, found.chosen.filters(figure=code)).rows
    assert [o.id for o in behind] == [walk.order.id]
    assert mark(cast, []) == "50.0" and mark(cast, [code]) == "100.0"
    assert mark(cast, [c for c in OUTCOMES if c != code]) == "50.0"


def test_an_honest_no_of_the_law_is_declined_and_one_who_stays_unhappy_is_not(cast, at, deliver):
    for code in ("refuse", "beyond", "not_ours", "tried"):
        Walk(cast, at, "hotline").go(f"work:{code}")
    settle(deliver)
    total = month(cast).total
    assert (total.handled, total.declined, total.solved, total.solve_due) == (4, 3, 0, 0)


def test_the_formula_leaves_out_only_these_four_and_says_so(cast, at):
    with pytest.raises(BadInput):
        insight.set_formula(by=cast.actor("yu_tao"), name="口径", parts=[("solved", 100)], without=["done"])
    client = sign_in(cast, "yu_tao")
    sent = {"name": "口径", "share": ["solved"], "weight": ["100"], "without": ["refused", "tried"]}
    assert client.post("/desk/figures/formula/", sent).status_code == 302
    assert formula.current().without == ["refused", "tried"]
    opened(cast)
    insight.mark_cells(Order.objects.values_list("local_day", "street_id", "community_id"))
    insight.refresh_cells()
    assert "这套口径不算：依法不予受理、已尽责，仍不满意" in text(client.get("/desk/figures/?month=2026-03"))
    assert client.get("/desk/figures/formula/").content.count(b" checked") == 2


def test_a_deputies_matter_of_class_a_is_solved_until_the_deputy_sends_it_back(cast, at, deliver):
    walk = Walk(cast, at, "deputies").go("assign:assign accept:accept work:A")
    settle(deliver)
    check()
    total = month(cast).total
    assert (total.handled, total.solved, total.solved_in_time, total.solve_due) == (1, 1, 0, 1)
    walk.go("deputy:again")
    settle(deliver)
    check()
    assert (month(cast).total.handled, month(cast).total.solved) == (0, 0)
    walk.go("work:A deputy:content")
    settle(deliver)
    check()
    assert (month(cast).total.handled, month(cast).total.solved) == (1, 1)


def test_acceptance_out_of_the_pool_is_counted_in_time_and_late(cast, at, deliver):
    Walk(cast, at, "golden_eye").go("claim:claimed")
    Walk(cast, at, "golden_eye").go("claim:claimed!")
    opened(cast)
    settle(deliver)
    check()
    total = month(cast).total
    assert (total.opened, total.accepted_in_time, total.accept_due) == (3, 1, 2)
    assert "按时领办" in text(sign_in(cast, "yu_tao").get("/desk/figures/?month=2026-03"))


def test_old_orders_are_given_what_new_ones_have_and_every_day_is_counted_again(cast, at, deliver):
    """The two migrations on what stands there already."""
    Walk(cast, at, "golden_eye").go("claim:claimed verify:true work:done")
    Walk(cast, at, "golden_eye").go("claim:claimed! verify:dispute")
    Walk(cast, at, "hotline").go("work:beyond")
    settle(deliver)
    clock = apps.get_model("orders", "Clock")

    def told():
        return (
            sorted(clock.objects.values_list("id", "clause", "kept")), sorted(Order.objects.values_list("id", "accepted_in_time")),
        )  # fmt: skip

    before, counted_before = told(), cells()
    clock.objects.update(clause="", kept=None)
    Order.objects.update(accepted_in_time=None)
    import_module("linli.orders.migrations.0011_promises").fill(apps, None)
    assert told() == before
    asides = import_module("linli.insight.migrations.0003_asides")
    asides.forget(apps, None)
    asides.mark_every_day(apps, None)
    assert not Cell.objects.exists() and Stale.objects.count() == Order.objects.values("local_day", "community_id").distinct().count()
    settle(deliver)
    assert cells() == counted_before
