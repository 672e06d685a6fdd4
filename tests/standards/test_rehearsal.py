"""What would happen: opened Friday 16:50, it turns yellow at … — and the engine then does exactly that."""

from datetime import datetime, timedelta

import pytest

from linli.calendars.selectors import get_calendar
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.ledger.models import Event
from linli.orders import actions as orders
from linli.orders.actions.clocking import flow_of
from linli.orders.actions.passing import Given
from linli.orders.models import Clock
from linli.standards import selectors
from linli.standards.flow import parse
from linli.standards.parts import limit, out, step
from linli.standards.procedures import PROCEDURES
from linli.standards.rehearsal import dry_run, rehearse
from tests.desk import opened
from tests.standards.own import trees

DATA = {code: data for code, _, _, data in PROCEDURES}
KIND = (960, "hours")


def local(*when):
    return datetime(*when, tzinfo=clock.LOCAL)


def said(lines):
    return [(f"{clock.local(x.at):%m-%d %H:%M}", x.text, x.light) for x in lines]


def test_opened_on_friday_afternoon_it_turns_yellow_on_monday(cast):
    """7 working hours from Friday 6 March 16:50: 40 minutes on Friday, the rest on Monday (9–12, 13:30–17:30)."""
    flow = parse({"first": "a", "steps": [
        step("a", "办理", "task", out("done", "办好了", "end"), who="place", limit=limit(420, "hours", [[80, "holder"], [100, "community_head"]])),
        {"code": "end", "label": "结束", "type": "end"},
    ]})  # fmt: skip
    lines = said(dry_run(flow, local(2026, 3, 6, 16, 50), get_calendar, kind_limit=KIND))
    # 80 % are 336 minutes: 40 on Friday, 180 on Monday morning, 116 after the noon.
    assert lines == [
        ("03-06 16:50", "进入“办理”", ""),
        ("03-09 15:26", "“办理”到 80%，黄灯，提醒：当班的人", "yellow"),
        ("03-09 16:50", "“办理”到 100%，红灯，提醒：社区书记", "red"),
    ]


def test_a_holiday_moves_the_lights(cast):
    """Opened on the eve of National Day 2026 (30 September), due after the holiday."""
    flow = parse(DATA["item"])
    lines = said(dry_run(flow, local(2026, 9, 30, 16), get_calendar, kind_limit=KIND))
    assert lines[-1][0] > "10-08" and not [x for x in lines[1:] if x[2] and "10-01" <= x[0][:5] <= "10-07"]


def test_golden_eye_goes_its_way_by_itself_and_by_hand(cast):
    flow = parse(DATA["golden_eye"])
    start = local(2026, 3, 2, 10)
    alone = said(rehearse(flow, start, get_calendar, kind_limit=KIND).lines)
    assert ("03-02 14:00", "“待社区领办”到时没人领，红灯，指派给社区书记", "red") in alone
    assert ("03-03 14:00", "“到场核实”到 100%，红灯，提醒：社区书记", "red") in alone
    ways = {"claim": "claimed", "verify": "true", "work": "done"}
    found = rehearse(flow, start, get_calendar, kind_limit=KIND, ways=ways)
    steps = [x[1] for x in said(found.lines) if x[1].startswith("进入")]
    assert steps == ["进入“待社区领办”", "进入“到场核实”", "进入“整改”", "进入“评价”"]
    assert not [x for x in found.lines if x.light == "red"]
    assert all(s.end for s in found.spans)


def test_every_seeded_procedure_comes_to_rest(cast):
    for code, data in DATA.items():
        found = rehearse(parse(data), local(2026, 3, 6, 16, 50), get_calendar, kind_limit=KIND)
        assert found.lines and len(found.lines) < 100, code
        assert [x.at for x in found.lines] == sorted(x.at for x in found.lines), code


def follow(at, order, found):
    """Let the clock run and choose what was chosen in the rehearsal; what the engine then warned of: (at, limit, percent)."""
    chosen = [(x.at, x.outcome) for x in found.lines if x.outcome]
    for _ in range(200):
        order.refresh_from_db()
        row = Clock.objects.filter(order_id=order.id, state=Clock.RUNNING, next_at__isnull=False).order_by("next_at").first()
        if chosen and (row is None or chosen[0][0] <= row.next_at):
            when, outcome = chosen.pop(0)
            at.set(when)
            given = Given(words="已经到现场看过，明天 17:00 前办好", law="物业管理条例第五条", until=clock.now() + timedelta(days=7), blobs=["x"])
            matrix = flow_of(order).step(order.step).matrix
            given.seriousness, given.difficulty = next(
                ((i, j) for i in (1, 2, 3) for j in (1, 2, 3) if matrix and f"level{matrix[i - 1][j - 1]}" == outcome), (0, 0)
            )
            orders.pass_step(by=SYSTEM, order_id=order.id, outcome=outcome, given=given)
        elif row is not None:
            at.set(row.next_at)
            orders.advance_clocks()
        else:
            break
    events = Event.objects.filter(subject_id=order.id, verb="orders.warn_order").values_list("at", "facts")
    return sorted((when, facts["clock"], facts["percent"]) for when, facts in events)


WAYS = {
    "repair": {"company": "fund", "decide": "fund"}, "message_board": {"moderate": "show", "reply": "company"},
    "emergency": {"verify": "true", "respond": "held"}, "golden_eye": {"claim": "", "verify": "dispute", "ruling": "true"},
    "item": {"check": "missing"}, "early_warning": {"assess": "level2"}, "bad_opinion": {"assess": "level3", "act3": "done"},
}  # fmt: skip


RUNS = [
    pytest.param(code, by_hand, id=f"{code}-{'by hand' if by_hand else 'alone'}")
    for code in DATA for by_hand in (False, True)
]  # fmt: skip


@pytest.mark.parametrize(("code", "by_hand"), RUNS)
def test_the_engine_does_what_was_rehearsed(cast, at, code, by_hand):
    """Every rung of every limit at the same moment, for each procedure, opened on a Friday afternoon."""
    at.set(datetime(2026, 3, 6, 16, 50))
    kind = selectors.kinds()["repair"]
    found = rehearse(
        selectors.flow(code, selectors.procedure(code).version), clock.now(), lambda c: get_calendar(c, cast.community["jinxiu"].code),
        kind_limit=(kind.solve_minutes, kind.solve_calendar), ways=WAYS.get(code, {}) if by_hand else {},
    )  # fmt: skip
    order = opened(cast, procedure=code)
    assert follow(at, order, found) == sorted((x.at, x.limit, round(x.percent)) for x in found.lines if x.limit)
    assert order.step == found.lines[-1].step


def test_a_streets_own_procedure_is_rehearsed_as_it_runs(cast, at):
    made = trees(cast)
    found = rehearse(parse(made.data), clock.now(), get_calendar, kind_limit=KIND, ways={"s1": "trim"})
    order = opened(cast, kind=made.code, words="大树挡住了窗户")
    assert follow(at, order, found) == sorted((x.at, x.limit, round(x.percent)) for x in found.lines if x.limit)
    assert order.step == "s2" and [x for x in found.lines if x.limit == "s2"]
