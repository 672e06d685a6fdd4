"""Deductions and rewards are scored events of a place under a clause, and switched off until somebody switches them on."""

from copy import deepcopy

import pytest

from linli.ledger import stamps
from linli.ledger.models import Event
from linli.orders.models import Order, Score
from linli.standards import selectors as standards
from linli.standards.flow import parse
from linli.standards.models import Procedure
from linli.standards.procedures import PROCEDURES
from tests.stories.procedures.driver import Walk

pytestmark = pytest.mark.django_db
LATE = "claim:claimed! verify:true work:done rate:no work:done rate:yes"


def switch_on() -> None:
    """A new version with the scheme on; the old one stays for its orders."""
    row = Procedure.objects.get(code="golden_eye", state=Procedure.IN_FORCE)
    data = deepcopy(row.data)
    data["scores"]["on"] = True
    Procedure.objects.filter(id=row.id).update(state=Procedure.SUPERSEDED)
    Procedure.objects.create(code=row.code, version=row.version + 1, name=row.name, clause_code=row.clause_code, data=data)
    stamps.renew([standards.STAMP])


def walked(cast, at, line: str) -> Order:
    walk = Walk(cast, at, "golden_eye")
    for move in line.split():
        if move == "work:done" and "verify:true" in walk.seen and walk.order.reopened == 0:
            walk.pass_time(hours=49)  # over both clocks
        walk.move(move)
    return walk.order


def test_every_scheme_is_off(cast):
    assert [code for code, _, _, data in PROCEDURES if parse(data).scores_on] == []
    assert any(parse(data).scores for _, _, _, data in PROCEDURES), "C10's deductions are there to be switched on"


def test_switched_off_nothing_is_scored(cast, at):
    walked(cast, at, LATE)
    assert not Score.objects.exists() and not Event.objects.filter(verb="orders.score_order").exists()


def test_switched_on_a_place_loses_points_under_clauses_each_once(cast, at):
    before = Walk(cast, at, "golden_eye")
    switch_on()
    order = walked(cast, at, LATE)
    rows = Score.objects.filter(order=order).order_by("on")
    assert [(s.on, s.points, s.clause) for s in rows] == [
        ("late:claim", -1, "HJY-5.2"), ("late:solve", -2, "HJY-5.2"), ("outcome:verify:true", -2, "HJY-5.1"), ("reopen", -1, "HJY-5.3"),
    ]  # fmt: skip
    assert {s.community_id for s in rows} == {cast.community["heping"].id}, "a place's, never a person's"
    names = {f.name for f in Score._meta.get_fields()}
    assert not names & {"account", "account_id", "responsible_id", "person_id", "by_id"}
    events = Event.objects.filter(subject_id=order.id, verb="orders.score_order").order_by("id")
    assert sorted((e.facts["on"], e.facts["points"]) for e in events) == sorted((s.on, s.points) for s in rows)
    # An order of the version before keeps its rules.
    before.check()
    before.go("verify:true")
    assert not Score.objects.filter(order=before.order).exists()


def test_a_report_that_was_untrue_costs_nothing(cast, at):
    switch_on()
    walk = Walk(cast, at, "golden_eye").go("claim:claimed verify:dispute ruling:untrue")
    assert walk.end == "untrue/untrue" and not Score.objects.exists()
