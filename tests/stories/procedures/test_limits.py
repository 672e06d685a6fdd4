"""The limits that orders.md and domain.md state, played with the virtual clock on a Monday, a Friday evening, before a long
holiday and on a make-up Saturday."""

from datetime import datetime, timedelta

import pytest

from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, Forbidden, WrongState
from linli.ledger.models import Event
from linli.notices.models import Notice
from linli.orders import actions
from linli.orders.actions import Given
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.hands import stamp_of
from linli.orders.models import Clock, Order, Request
from tests.stories.procedures.driver import WORDS, Walk, flow

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 10)


def local(at) -> datetime:
    return clock.local(at).replace(tzinfo=None)


#: what the documents say: procedure, limit, amount, unit, from, until
STATED = [
    ("group_appeal", "answer", 120, "clock", "open", "answer", "A3: answered within 2 h"),
    ("sensitive", "answer", 120, "clock", "open", "answer", "A3: sensitive kinds within 2 h as well"),
    ("question", "answer", 120, "clock", "open", "answer", "A3"),
    ("pool", "claim", 24 * 60, "clock", "step:claim", "step:claim", "C7: unclaimed after 24 h the centre dispatches"),
    ("golden_eye", "claim", 4 * 60, "clock", "step:claim", "step:claim", "C10: the community claims within 4 h"),
    ("golden_eye", "verified", 24 * 60, "clock", "accept", "step:verify", "C10: verified within 24 h from acceptance"),
    ("golden_eye", "solve", 48 * 60, "clock", "accept", "handle", "C10: done within 48 h from acceptance"),
    ("repair", "decide", 1, "days", "step:decide", "step:decide", "D3: the community decides within one day"),
    ("deputies", "accept", 7, "days", "step:accept", "step:accept", "A9: wrong addressee returned within 7 working days"),
    ("deputies", "work", 90 * 24 * 60, "clock", "step:work", "step:work", "A9: answered within 3 months"),
    ("deputies", "yearly", 365 * 24 * 60, "clock", "step:yearly", "step:yearly", "A9: B and C come back each year"),
    ("emergency", "answer", 60, "clock", "open", "answer", "A1: progress in real time"),
]
#: and the ways out that are possible only for so long
BOUND = [
    ("golden_eye", "verify", "dispute", (24 * 60, "clock")), ("deputies", "accept", "return", (7, "days")),
    ("repair", "company", "contract", (1, "days")), ("repair", "company", "fund", (1, "days")), ("repair", "company", "vote", (1, "days")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name", "amount", "calendar", "starts", "until", "why"), STATED)
def test_a_limit_is_what_the_documents_state(code, name, amount, calendar, starts, until, why):
    found = flow(code).limits[name]
    assert (found.amount, found.calendar, found.starts, found.until) == (amount, calendar, starts, until), why
    assert found.clause, "each limit cites its clause"


@pytest.mark.parametrize(("code", "step", "outcome", "within"), BOUND)
def test_a_way_out_is_possible_only_for_so_long(code, step, outcome, within):
    assert flow(code).steps[step].outcome(outcome).within == within


# -- the pool and the golden eye ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "hours", "to"), [("pool", 24, "li_min"), ("golden_eye", 4, "chu_weimin")])
@pytest.mark.parametrize("start", [MONDAY, datetime(2026, 3, 6, 22, 15), datetime(2026, 2, 14, 16, 50), datetime(2026, 9, 30, 17)])
def test_unclaimed_it_is_dispatched_at_the_minute(cast, at, code, hours, to, start):
    """Round the clock, whatever the day: at 3 at night and in a holiday too; to whose place it is, not to whoever is on
    duty at that minute."""
    at.set(start)
    walk = Walk(cast, at, code)
    walk.pass_time(hours=hours, minutes=-1)
    assert walk.order.state == "pooled" and walk.order.light == "yellow"
    walk.pass_time(minutes=1)
    assert walk.order.step == {"pool": "work", "golden_eye": "verify"}[code]
    assert cast.key_of(walk.order.responsible_id) == to
    event = Event.objects.get(subject_id=walk.order.id, verb="orders.dispatch_order")
    assert event.actor_kind == "clock" and event.facts["percent"] == 100 and event.facts["to"] == str(cast.account[to].id)


def test_a_quarter_of_an_hour_before_it_is_still_anybodys(cast, at):
    walk = Walk(cast, at, "pool")
    walk.pass_time(hours=23, minutes=45)
    walk.go("claim:claimed")
    assert cast.key_of(walk.order.responsible_id) == "li_min"
    walk.pass_time(hours=1)
    assert not Event.objects.filter(subject_id=walk.order.id, verb="orders.dispatch_order").exists()


def test_both_clocks_of_the_golden_eye_run_from_the_acceptance(cast, at):
    walk = Walk(cast, at, "golden_eye")
    assert {c.name for c in Clock.objects.filter(order=walk.order)} == {"claim"}
    walk.pass_time(hours=3)
    walk.go("claim:claimed")
    assert local(walk.clock("verified").due_at) == datetime(2026, 3, 3, 13)
    assert local(walk.clock("solve").due_at) == datetime(2026, 3, 4, 13)
    walk.pass_time(hours=23, minutes=59)
    assert walk.clock("verified").light == "yellow"
    walk.go("verify:true")
    assert (walk.clock("verified").state, walk.clock("verified").light) == (Clock.MET, "yellow")
    walk.pass_time(hours=24)
    assert walk.order.light == "yellow"
    walk.pass_time(minutes=2)
    assert walk.order.light == "red"
    walk.go("work:done rate:yes")
    assert walk.order.solved_in_time is False


@pytest.mark.parametrize(("minutes", "possible"), [(23 * 60 + 59, True), (24 * 60, True), (24 * 60 + 1, False)])
def test_the_truth_is_disputed_within_24_hours(cast, at, minutes, possible):
    walk = Walk(cast, at, "golden_eye").go("claim:claimed")
    walk.pass_time(minutes=minutes)
    if possible:
        walk.go("verify:dispute")
        assert cast.key_of(walk.order.responsible_id) == "miao_kai"
        return
    with pytest.raises(WrongState) as refused:
        walk.out("dispute")
    assert refused.value.code == "too_late" and "期限已经过了" in refused.value.message
    assert [o.code for o in actions.passing.outcomes_for(walk.order, clock.now())] == ["true"]


def test_while_the_section_rules_the_48_hours_stand_still(cast, at):
    walk = Walk(cast, at, "golden_eye").go("claim:claimed")  # until Wednesday 10:00
    walk.pass_time(hours=10)
    walk.go("verify:dispute")
    walk.pass_time(hours=15)
    walk.go("ruling:true")
    assert local(walk.clock("solve").due_at) == datetime(2026, 3, 5, 1)
    # The ruling itself has one working day: until Tuesday's end.
    assert local(walk.clock("ruling").due_at) == datetime(2026, 3, 3, 17, 30)


def test_taken_back_when_nobody_touches_it_and_the_third_time_the_centre_has_it(cast, at):
    walk = Walk(cast, at, "pool").go("claim:claimed")
    assert local(walk.clock("idle").due_at) == datetime(2026, 3, 3, 10)  # seven working hours
    promised = walk.clock("solve").due_at
    for turn in (1, 2):
        walk._let_it_happen("work")
        assert (walk.order.step, walk.order.taken_back, walk.order.responsible_id) == ("claim", turn, None)
        walk.check()
        walk.go("claim:claimed")
        assert walk.clock("solve").due_at == promised, "what was promised at the first acceptance holds"
        assert Clock.objects.filter(order=walk.order, name="solve").count() == 1
    at.set(local(walk.clock("idle").next_at))
    walk.ticks()
    at.set(local(walk.clock("idle").due_at))
    walk.ticks()
    order = Order.objects.get(id=walk.order.id)
    assert (order.state, cast.key_of(order.responsible_id), order.responsible_via) == ("assigned", "yu_tao", "taken_back")


@pytest.mark.parametrize("deed", ["note", "answer", "pass"])
def test_what_somebody_works_on_is_not_taken_back(cast, at, deed):
    walk = Walk(cast, at, "pool").go("claim:claimed")
    walk.pass_time(hours=2)
    by = walk.holder()
    if deed == "note":
        actions.note_order(by=by, order_id=walk.order.id, words="到现场看过")
    elif deed == "answer":
        actions.answer_order(by=by, order_id=walk.order.id, words=WORDS)
    else:
        # The head closes it for her: nothing is left that could be taken back.
        walk.out("done", by=cast.actor("zhao_hui"))
    assert walk.clock("idle").state == Clock.MET
    walk.pass_time(days=2)
    assert walk.order.taken_back == 0


# -- two hours, holidays, make-up days ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "answer", "solve", "why"),
    [
        (datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 12), datetime(2026, 3, 4, 12), "a plain Monday: 16 hours of work"),
        (datetime(2026, 3, 6, 16, 50), datetime(2026, 3, 6, 18, 50), datetime(2026, 3, 11, 10, 20), "Friday evening"),
        (datetime(2026, 2, 14, 16, 30), datetime(2026, 2, 14, 18, 30), datetime(2026, 2, 26, 10), "make-up Saturday, then the Spring Festival"),
        (datetime(2026, 2, 18, 3), datetime(2026, 2, 18, 5), datetime(2026, 2, 26, 11), "at night in the Spring Festival"),
        (datetime(2026, 9, 30, 17), datetime(2026, 9, 30, 19), datetime(2026, 10, 10, 10, 30), "before National Day, with the make-up Saturday"),
    ],
)  # fmt: skip
def test_answered_round_the_clock_solved_in_working_hours(cast, at, start, answer, solve, why):
    at.set(start)
    walk = Walk(cast, at, "group_appeal")
    assert local(walk.order.answer_due_at) == answer
    assert local(walk.order.solve_due_at) == solve, why


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (datetime(2026, 3, 2, 10), datetime(2026, 3, 11, 17, 30)),
        (datetime(2026, 2, 13, 10), datetime(2026, 3, 2, 17, 30)),  # Saturday the 14th works, the Festival does not
        (datetime(2026, 9, 28, 10), datetime(2026, 10, 13, 17, 30)),  # so does Saturday, 10 October
    ],
)
def test_seven_working_days_to_return_a_wrong_address(cast, at, start, due):
    at.set(start)
    walk = Walk(cast, at, "deputies").go("assign:assign")
    assert local(walk.clock("accept").due_at) == due
    at.set(due)
    walk.go("accept:return")
    assert walk.order.step == "assign"


def test_a_wrong_address_that_nobody_returned_in_time_is_accepted(cast, at):
    walk = Walk(cast, at, "deputies").go("assign:assign accept:accept!")
    assert (walk.order.step, local(clock.now())) == ("work", datetime(2026, 3, 11, 17, 30))


def test_three_months_and_by_approval_six_never_more(cast, at):
    walk = Walk(cast, at, "deputies").go("assign:assign accept:accept")
    three = walk.clock("work").due_at
    assert three == clock.now() + timedelta(days=90)
    day = 24 * 60

    def extended(days: int) -> None:
        row = actions.request_extension(by=walk.holder(), order_id=walk.order.id, clock_name="work", amount=days * day, words="要等立项")
        actions.grant_request(by=cast.actor("yuan_qing"), request_id=row.id)

    extended(60)
    with pytest.raises(BadInput, match="最多延长一倍"):
        extended(31)
    extended(30)
    assert walk.clock("work").due_at == three + timedelta(days=90)
    with pytest.raises(WrongState, match="延过两次"):
        extended(1)


# -- pauses ------------------------------------------------------------------------------------------------------


def paused(walk: Walk, cast, days: int, waits_for: str = "money") -> None:
    row = actions.request_pause(
        by=walk.holder(), order_id=walk.order.id, waits_for=waits_for, until=clock.now() + timedelta(days=days), words="等维修资金到账"
    )
    actions.grant_request(by=cast.actor("zhao_hui"), request_id=row.id)
    walk.check()


def test_a_pause_over_its_limit_goes_on_by_itself_with_what_was_left(cast, at):
    walk = Walk(cast, at, "group_appeal")
    actions.answer_order(by=walk.holder(), order_id=walk.order.id, words=WORDS)
    walk.pass_time(hours=1)  # 11:00, one of sixteen working hours used
    paused(walk, cast, days=7)
    assert (walk.order.state, walk.order.waits_for) == ("waiting", "money")
    walk.pass_time(days=6, hours=23)
    assert walk.order.light == "green", "while it is paused nothing is late"
    walk.pass_time(hours=1)
    assert (walk.order.state, walk.order.waits_for) == ("working", "")
    # From Monday 9 March, 11:00: 15 working hours more.
    assert local(walk.clock("solve").due_at) == datetime(2026, 3, 11, 12)
    told = Event.objects.get(subject_id=walk.order.id, verb="orders.resume_order")
    assert told.actor_kind == "clock"


def test_what_was_late_when_it_was_paused_stays_late_and_the_next_level_is_told_in_its_time(cast, at):
    walk = Walk(cast, at, "group_appeal")
    actions.answer_order(by=walk.holder(), order_id=walk.order.id, words=WORDS)
    at.set(datetime(2026, 3, 4, 14))  # due at 12:00: half an hour late
    walk.ticks()
    walk.check()
    assert walk.order.light == "red"
    paused(walk, cast, days=1)
    assert walk.clock("solve").light == "red"
    walk.pass_time(days=1)
    assert walk.order.light == "red"
    percents = [e.facts["percent"] for e in Event.objects.filter(subject_id=walk.order.id, verb="orders.warn_order", facts__clock="solve").order_by("id")]
    assert percents == [80, 100], "the street at 150 % is eight working hours away, not now"
    at.set(datetime(2026, 3, 6, 14, 29))
    walk.ticks()
    assert Notice.objects.filter(subject_id=walk.order.id, kind="clock_150_street", params__clock="solve").count() == 0
    at.set(datetime(2026, 3, 6, 14, 30))
    walk.ticks()
    assert Notice.objects.filter(subject_id=walk.order.id, kind="clock_150_street", params__clock="solve").count() == 1


def test_the_promise_to_answer_never_stands_still(cast, at):
    walk = Walk(cast, at, "group_appeal")
    with pytest.raises(WrongState, match="先答复"):
        paused(walk, cast, days=3)
    repair = Walk(cast, at, "repair").go("company:fund")
    assert {c.name: c.state for c in Clock.objects.filter(order=repair.order)} == {"answer": "running", "solve": "paused", "decide": "running"}


def test_a_result_given_while_it_waits_ends_the_pause(cast, at):
    walk = Walk(cast, at, "hotline")
    actions.answer_order(by=walk.holder(), order_id=walk.order.id, words=WORDS)
    paused(walk, cast, days=5, waits_for="unit")
    walk.pass_time(days=1)
    walk.go("work:done")
    # Not copied back yet: the outside deadline runs on.
    assert walk.clock("solve").state == Clock.RUNNING
    walk.go("reply:copied")
    assert walk.order.solved_in_time is True


@pytest.mark.parametrize("what", ["fund", "vote"])
def test_waiting_for_money_or_a_vote_has_a_next_date(cast, at, what):
    walk = Walk(cast, at, "repair").go(f"company:{what}")
    with pytest.raises(BadInput, match="下一个日期"):
        walk.out(what, until=None)
    walk.go(f"decide:{what}")
    order = walk.order
    assert (order.state, order.waits_for, order.waits_until) == ("waiting", f"wait_{what}", clock.now() + timedelta(days=30))
    assert walk.clock("solve").state == Clock.PAUSED
    walk.pass_time(days=30)
    assert walk.order.light == "yellow", "the date has come: somebody looks"
    walk.pass_time(days=1)
    assert walk.order.light == "red"
    walk.go(f"wait_{what}:later")
    assert walk.order.light == "green" and walk.order.waits_until == clock.now() + timedelta(days=30)
    walk.go(f"wait_{what}:{'got' if what == 'fund' else 'passed'}")
    assert (walk.order.step, walk.clock("solve").state) == ("company", Clock.RUNNING)


def test_the_company_may_return_within_one_working_day_and_with_paper(cast, at):
    walk = Walk(cast, at, "repair")
    with pytest.raises(BadInput, match="书面材料"):
        walk.out("contract", blobs=[])
    at.set(datetime(2026, 3, 3, 17, 31))
    with pytest.raises(WrongState) as refused:
        walk.out("contract")
    assert refused.value.code == "too_late"


# -- merged when red ---------------------------------------------------------------------------------------------


def test_merged_when_red_it_stays_red_and_everybody_is_owed_the_answer(cast, at):
    late = Walk(cast, at, "group_appeal")
    late.pass_time(minutes=121)
    assert late.order.light == "red"
    other = cast.member["chen"]
    fresh = actions.open_order(
        by=SYSTEM,
        draft=Draft(
            kind="repair", thing="电梯", stamp=stamp_of(late.order),
            voice=VoiceDraft(words="电梯又停了", group_id=other.group_id, member_id=other.id, account_id=other.account_id),
        ),
    )  # fmt: skip
    assert fresh.light == "green"
    merged = actions.merge_orders(by=cast.actor("zhao_hui"), order_ids=[late.order.id], into=fresh.id)
    assert (merged.light, merged.voice_count, merged.answer_due_at) == ("red", 2, late.order.answer_due_at)
    late.order.refresh_from_db()
    assert (late.order.state, late.order.ending, late.order.parent_id) == ("void", "merged", merged.id)
    done = actions.handle_order(by=cast.actor("zhao_hui"), order_id=merged.id, words=WORDS)
    assert (done.answered_in_time, done.light) == (False, "none")


def test_merged_into_what_was_answered_already_the_new_people_are_still_owed_an_answer(cast, at):
    first = Walk(cast, at, "group_appeal")
    actions.answer_order(by=first.holder(), order_id=first.order.id, words=WORDS)
    first.pass_time(minutes=30)
    second = Walk(cast, at, "group_appeal")
    merged = actions.merge_orders(by=cast.actor("zhao_hui"), order_ids=[second.order.id], into=first.order.id)
    assert merged.waits_answer and merged.answer_due_at == second.order.answer_due_at
    assert Clock.objects.filter(order=merged, name="answer", state=Clock.RUNNING).count() == 1
    first.pass_time(minutes=121)
    assert first.order.light == "red"
    answered = actions.answer_order(by=first.holder(), order_id=merged.id, words=WORDS)
    assert not answered.waits_answer and answered.light == "green"


# -- 12345 and 督办 ----------------------------------------------------------------------------------------------


def test_the_hotlines_own_deadline_is_kept(cast, at):
    due = clock.now() + timedelta(days=5)
    order = actions.open_order(
        by=cast.actor("yu_tao"),
        draft=Draft(kind="noise", stamp=stamp_of(Walk(cast, at, "group_appeal").order), procedure="hotline", due_at=due, door="hotline",
                    voice=VoiceDraft(words="工地夜里施工", door="hotline")),
    )  # fmt: skip
    assert order.solve_due_at == due and order.way == "resident"


def test_reopened_the_hotlines_clock_runs_anew(cast, at):
    walk = Walk(cast, at, "hotline").go("work:done reply:copied rate:no")
    assert {c.name for c in Clock.objects.filter(order=walk.order, state=Clock.RUNNING)} == {"answer", "solve"}


@pytest.mark.parametrize("code", ["refuse", "beyond", "not_ours", "tried"])
def test_an_outcome_of_its_own_is_confirmed_by_a_second_person(cast, at, code):
    walk = Walk(cast, at, "hotline")
    by = walk.holder()
    given = Given(words=WORDS, law="信访工作条例第三十一条")
    actions.pass_step(by=by, order_id=walk.order.id, outcome=code, given=given)
    row = Request.objects.get(order_id=walk.order.id, state=Request.OPEN)
    with pytest.raises(Forbidden):
        actions.grant_request(by=by, request_id=row.id)
    assert walk._fresh(walk.order).step == "work"
    actions.refuse_request(by=cast.actor("zhao_hui"), request_id=row.id, words="请再上门一次")
    walk.check()
    assert walk.order.step == "work" and walk.order.handled_at is None
    walk.move(f"work:{code}")
    event = Event.objects.get(subject_id=walk.order.id, verb="orders.handle_order")
    assert event.facts["confirmed_by"] == str(cast.account["cao_wei"].id) and event.actor_id == by.id


def test_supervision_has_its_own_limit_in_working_days_and_is_closed_by_its_issuer(cast, at):
    walk = Walk(cast, at, "supervision")
    assert local(walk.clock("reply").due_at) == datetime(2026, 3, 4, 17, 30)
    assert cast.key_of(walk.order.responsible_id) == "li_min" and walk.order.way == "supervision"
    walk.go("reply:said")
    assert cast.key_of(walk.order.responsible_id) == "cao_wei"
    with pytest.raises(Forbidden, match="别的同志"):
        walk.out("content", by=cast.actor("zhao_hui"))
    walk.go("check:content")
    assert walk.end == "end/done"
