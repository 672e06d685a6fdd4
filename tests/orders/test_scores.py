"""Deductions and rewards are scored events of a place under a clause, and switched off until somebody switches them on."""

from copy import deepcopy

import pytest

from linli.doors.resident import matters
from linli.grid import selectors as grid
from linli.kernel.actors import SYSTEM
from linli.ledger import stamps
from linli.ledger.models import Event
from linli.orders import actions
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Order, Reward, Score, Word
from linli.orders.states import Door
from linli.standards import selectors as standards
from linli.standards.flow import parse
from linli.standards.models import Procedure
from linli.standards.problems import problems
from linli.standards.procedures import PROCEDURES
from tests.desk import sign_in
from tests.standards.flows import CALENDARS
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


def seen_by(cast, at, who: str) -> Walk:
    """A golden eye's report as she makes it on her page."""
    walk = Walk(cast, at, "golden_eye")
    stamp = grid.stamp_of_building(cast.building["hp1"])
    walk.order = actions.report_find(by=cast.actor(who), stamp=stamp, kind="sanitation", words="墙角堆了垃圾", blobs=[])
    return walk


def walked(cast, at, line: str, who: str = "he_feng") -> Order:
    walk = seen_by(cast, at, who)
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
    events = [e for e in Event.objects.filter(subject_id=order.id, verb="orders.score_order") if "for" not in e.facts]
    assert sorted((e.facts["on"], e.facts["points"]) for e in events) == sorted((s.on, s.points) for s in rows)
    # An order of the version before keeps its rules.
    before.check()
    before.go("verify:true")
    assert not Score.objects.filter(order=before.order).exists()


def test_a_report_that_was_untrue_costs_nothing_and_earns_nothing(cast, at):
    switch_on()
    walk = Walk(cast, at, "golden_eye").go("claim:claimed verify:dispute ruling:untrue")
    assert walk.end == "untrue/untrue" and not Score.objects.exists() and not Reward.objects.exists()


def test_what_was_ruled_true_counts_like_what_was_found_true(cast, at):
    switch_on()
    order = walked(cast, at, "claim:claimed verify:dispute ruling:true")
    assert [(s.on, s.points) for s in Score.objects.filter(order=order)] == [("outcome:ruling:true", -2)]
    assert [r.points for r in Reward.objects.filter(voice__order=order)] == [2]


def test_the_resident_who_found_it_is_rewarded_once_and_nobody_is_told_who(cast, at):
    switch_on()
    order = walked(cast, at, LATE)
    [reward] = Reward.objects.all()
    assert (reward.points, reward.clause, reward.voice.account_id) == (2, "HJY-5.5", cast.account["he_feng"].id)
    assert not {f.name for f in Reward._meta.get_fields()} & {"account", "account_id", "person_id", "by_id"}, "sealed with her voice"
    [event] = [e for e in Event.objects.filter(subject_id=order.id, verb="orders.score_order") if e.facts.get("for")]
    assert event.facts == event.facts | {"on": "outcome:verify:true", "points": 2, "clause": "HJY-5.5", "for": "finder"}
    assert str(cast.account["he_feng"].id) not in str(event.facts) and event.actor_id != cast.account["he_feng"].id


def test_only_she_reads_her_reward(cast, at):
    switch_on()
    order = walked(cast, at, "claim:claimed verify:true")
    assert [m.reward for m in matters.matters(matters.voices_of(cast.actor("he_feng")))] == [2]
    assert "奖励 <b class=\"num\">2</b> 分" in sign_in(cast, "he_feng").get("/mine/").content.decode()
    Word.objects.filter(order_id=order.id).update(blob_ids=[])  # the walk's picture is only a name
    for key in ("chu_weimin", "wei_na", "yan_hui", "yu_tao"):
        page = sign_in(cast, key).get(f"/desk/orders/{order.id}/")
        answer = page.content.decode()
        assert page.status_code == 200 and order.number in answer, key
        assert "奖励" not in answer and cast.account["he_feng"].name not in answer, key


def test_switched_off_she_reads_of_none(cast, at):
    walked(cast, at, "claim:claimed verify:true")
    assert [m.reward for m in matters.matters(matters.voices_of(cast.actor("he_feng")))] == [0]


def test_whose_duty_it_is_to_look_is_given_nothing(cast, at):
    """Points reward residents' voluntary deeds (burden rules)."""
    switch_on()
    order = walked(cast, at, "claim:claimed verify:true", who="jiang_bo")
    assert Score.objects.filter(order=order).count() == 1 and not Reward.objects.exists()


def test_what_a_colleague_wrote_on_paper_is_her_duty_too(cast, at):
    """Somebody else typed it in, so that the sheet names her and no account does."""
    switch_on()
    stamp = grid.stamp_of_building(cast.building["hp1"])
    walk = Walk(cast, at, "golden_eye")
    voice = VoiceDraft(words="墙角堆了垃圾", name="魏娜", door=Door.DESK)
    walk.order = order = actions.open_order(by=SYSTEM, draft=Draft(kind="sanitation", stamp=stamp, procedure="golden_eye", voice=voice))
    walk.go("claim:claimed verify:true")
    assert Score.objects.filter(order=order).count() == 1 and not Reward.objects.exists()


@pytest.mark.parametrize(("row", "word"), [
    ({"on": "outcome:verify:true", "points": -2, "to": "finder"}, "只能是奖励"),
    ({"on": "late:solve", "points": 2, "to": "finder"}, "请选在哪一步的哪个结果"),
    ({"on": "reopen", "points": 2, "to": "somebody"}, "记给谁"),
])  # fmt: skip
def test_nothing_is_taken_from_a_finder_nor_given_for_others_lateness(row, word):
    data = deepcopy(next(d for code, _, _, d in PROCEDURES if code == "golden_eye"))
    assert problems(data, CALENDARS) == []
    data["scores"]["rows"].append(row)
    assert [word in p.text for p in problems(data, CALENDARS)] == [True]
