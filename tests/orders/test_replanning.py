"""A changed calendar: open orders get their new hours, in portions, whoever dies; what is not on the calendar stays."""

from datetime import date, datetime, time

import pytest

from linli.calendars import actions as calendars
from linli.insight.actions import refresh_cells
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.ledger.delivery import run_periodics
from linli.ledger.models import Event, Tick
from linli.orders import actions
from linli.orders.models import Clock, Order, Replan
from tests.desk import sign_in, text
from tests.orders.people import WORDS, opened

TUESDAY = date(2026, 3, 3)


def hours(order):
    """name → due time of its running clocks, on the wall in China."""
    rows = Clock.objects.filter(order_id=order.id, state=Clock.RUNNING)
    return {c.name: f"{clock.local(c.due_at):%m-%d %H:%M}" for c in rows}


def replanned(deliver, limit=1000):
    deliver()
    while actions.replan_clocks(limit=limit):
        pass
    deliver()


def test_a_holiday_moves_what_runs_in_working_hours_and_nothing_else(cast, at, deliver):
    order = opened(cast)
    deliver()
    before = hours(order)
    calendars.set_special_day(by=SYSTEM, day=TUESDAY, working=False)
    replanned(deliver)
    after = hours(order)
    assert after["answer"] == before["answer"], "the promise to answer runs round the clock"
    assert after["solve"] > before["solve"]
    order.refresh_from_db()
    assert f"{clock.local(order.solve_due_at):%m-%d %H:%M}" == after["solve"]
    assert Event.objects.filter(subject_id=order.id, verb="orders.replan_clocks").count() == 1
    calendars.drop_special_day(by=SYSTEM, day=TUESDAY)
    replanned(deliver)
    assert hours(order) == before
    done = Replan.objects.order_by("-id").first()
    assert (done.done, done.total, done.changed, done.share) == (1, 1, 1, 100) and done.finished_at


def test_planned_again_is_as_planned_from_the_start(cast, at, deliver):
    old = opened(cast)
    calendars.set_special_day(by=SYSTEM, day=TUESDAY, working=False)
    replanned(deliver)
    new = opened(cast, building="jx5", thing="水管")
    assert hours(old) == hours(new)


def test_an_area_s_own_calendar_moves_only_its_orders(cast, at, deliver):
    here, there = opened(cast), opened(cast, building="ld7")
    deliver()
    before = (hours(here), hours(there))
    calendars.set_special_day(by=SYSTEM, day=TUESDAY, working=False, area_code=cast.community["jinxiu"].code)
    replanned(deliver)
    assert hours(here)["solve"] > before[0]["solve"] and hours(there) == before[1]
    assert Replan.objects.get(area_code=cast.community["jinxiu"].code).total == 1


def test_a_light_goes_back_when_its_hour_lies_ahead_again(cast, at, deliver):
    order = opened(cast)
    actions.answer_order(by=SYSTEM, order_id=order.id, words=WORDS)
    at.set(datetime(2026, 3, 3, 17, 25))
    while actions.advance_clocks():
        pass
    order.refresh_from_db()
    assert order.light == "yellow"
    calendars.set_special_day(by=SYSTEM, day=TUESDAY, working=False)
    replanned(deliver)
    order.refresh_from_db()
    assert order.light == "green" and Clock.objects.get(order_id=order.id, name="solve").step == 0
    at.set(datetime(2026, 3, 4, 17, 25))
    while actions.advance_clocks():
        pass
    order.refresh_from_db()
    assert order.light == "yellow", "and it is lit again at its new hour"


def test_it_goes_on_where_it_stopped_and_begins_anew_when_the_calendar_changes_again(cast, at, deliver):
    orders = [opened(cast, thing=t) for t in ("电梯", "水管", "路灯", "门禁", "楼道")]
    calendars.set_special_day(by=SYSTEM, day=TUESDAY, working=False)
    deliver()
    assert actions.replan_clocks(limit=2) == 2
    half = Replan.objects.get()
    assert (half.done, half.share) == (2, 40)
    with pytest.raises(RuntimeError):
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr("linli.orders.actions.replanning.record_many", _dies)
            actions.replan_clocks(limit=2)
    assert Replan.objects.get().done == 2, "nothing of a portion stays when it dies"
    calendars.set_special_day(by=SYSTEM, day=date(2026, 3, 4), working=False)
    deliver()
    assert Replan.objects.get().done == 0
    replanned(deliver, limit=2)
    assert len({hours(o)["solve"] for o in orders}) == 1
    assert Replan.objects.get().done == 5


def _dies(*args):
    raise RuntimeError


def test_paused_and_finished_clocks_stay_as_they_are(cast, at, deliver):
    done = opened(cast)
    actions.handle_order(by=SYSTEM, order_id=done.id, words=WORDS)
    before = list(Clock.objects.order_by("id").values_list("id", "due_at", "state"))
    calendars.set_special_day(by=SYSTEM, day=TUESDAY, working=False)
    replanned(deliver)
    assert list(Clock.objects.order_by("id").values_list("id", "due_at", "state")) == before


def test_other_shifts_count_too_and_the_worker_does_it_by_itself(cast, at, deliver):
    order = opened(cast)
    deliver()
    before = hours(order)
    longer = [(day, time(8), time(20)) for day in range(7)]
    calendars.save_calendar(by=SYSTEM, code="hours", name="工作时间", kind="hours", shifts=longer)
    deliver()
    Tick.objects.filter(name="orders.replan_clocks").delete()
    run_periodics()
    assert hours(order)["solve"] < before["solve"] and Replan.objects.get().share in (0, 99, 100)
    refresh_cells()


def test_the_progress_stands_on_the_page_of_those_who_keep_it_running(cast, at, deliver):
    opened(cast)
    calendars.set_special_day(by=SYSTEM, day=TUESDAY, working=False)
    deliver()
    page = sign_in(cast, "yu_tao").get("/desk/health/")
    assert "期限重排" in text(page) and "0 / 1 个时限" in text(page) and "<progress" in page.content.decode()
    replanned(deliver)
    page = sign_in(cast, "yu_tao").get("/desk/health/", headers={"HX-Request": "true", "HX-Target": "replans"})
    assert "1 张工单的期限变了" in text(page) and "<progress" not in page.content.decode()
    assert Order.objects.count() == 1
