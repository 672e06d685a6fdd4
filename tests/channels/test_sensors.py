"""Sensors: what is an alarm, one order per device and cause, counted and cleared, silence, batches that come twice, who may."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from linli.accounts import actions as accounts
from linli.channels.models import Alarm, Device, SensorRule
from linli.channels.sensors import access, actions, selectors
from linli.channels.sensors.actions import Reading
from linli.channels.sensors.kinds import ABOVE, FLAG, KINDS, SILENT
from linli.grid.selectors import Stamp, stamp_of_building
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, Forbidden, NotFound, WrongState
from linli.notices.models import Notice
from linli.orders import actions as orders
from linli.orders.models import Order, Voice, Word
from linli.standards.models import Clause

pytestmark = pytest.mark.django_db


@pytest.fixture
def smoke(cast, at):
    return add(cast, "fire", "XF-0301", "2单元楼道烟感")


def add(cast, kind, code, name, building="jx3", by="yu_tao"):
    return actions.add_device(by=cast.actor(by), code=code, kind=kind, name=name, stamp=stamp_of_building(cast.building[building], "2单元"))


def hand_in(cast, *readings, by="yu_tao"):
    return actions.take_readings(by=cast.actor(by), readings=readings)


def notes(order):
    return [w.text for w in Word.objects.filter(order=order).order_by("id")]


def test_an_alarm_opens_one_order_at_the_place_for_whoever_is_on_duty(cast, at, smoke, deliver):
    taken = hand_in(cast, Reading("XF-0301", clock.now(), 12.5, alarm=True))
    order = Order.objects.get()
    assert [o.id for o in taken.orders] == [order.id] and (order.procedure, order.kind, order.way, order.door) == ("sensor", "alarm", "sensor", "sensor")
    assert (order.building_id, order.unit, order.community_id) == (cast.building["jx3"].id, "2单元", cast.community["jinxiu"].id)
    assert order.title == "2单元楼道烟感：烟雾报警" and order.step == "check" and order.urgency == 1
    assert order.responsible_id == cast.account["li_min"].id and order.clause == "GZ-2.1"
    assert not Voice.objects.exists() and order.voice_count == 0, "a device is nobody's voice"
    words = notes(order)[0]
    assert "编号 XF-0301" in words and "规则：设备自己报警" in words and "烟雾浓度 12.5 %" in words
    deliver()
    assert Notice.objects.filter(subject_id=order.id, account_id=cast.account["li_min"].id).exists()


def test_further_alarms_count_on_the_open_order_and_an_all_clear_is_noted(cast, at, smoke):
    start = clock.now()
    hand_in(cast, *(Reading("XF-0301", start + timedelta(minutes=n), alarm=True) for n in range(3)))
    order, alarm = Order.objects.get(), Alarm.objects.get()
    assert alarm.times == 3 and len(notes(order)) == 1
    hand_in(cast, Reading("XF-0301", start + timedelta(minutes=4)))
    assert "恢复正常" in notes(order)[-1] and "告警 3 次" in notes(order)[-1]
    assert Order.objects.get().is_open, "somebody has to look all the same"
    hand_in(cast, Reading("XF-0301", start + timedelta(minutes=5), alarm=True))
    assert Order.objects.count() == 1 and "第 4 次" in notes(order)[-1]


def test_another_cause_and_another_device_have_orders_of_their_own(cast, at, smoke):
    add(cast, "gas", "RQ-1", "燃气表房")
    add(cast, "fire", "XF-0302", "1单元楼道烟感")
    hand_in(cast, Reading("XF-0301", clock.now(), alarm=True), Reading("XF-0302", clock.now(), alarm=True))
    hand_in(cast, *(Reading("RQ-1", clock.now() + timedelta(minutes=n), 12, alarm=True) for n in (0, 6)))
    assert sorted(Order.objects.values_list("title", flat=True)) == [
        "1单元楼道烟感：烟雾报警", "2单元楼道烟感：烟雾报警", "燃气表房：燃气报警", "燃气表房：燃气浓度偏高",
    ]  # fmt: skip


def test_over_the_threshold_counts_only_when_it_lasts(cast, at):
    add(cast, "air", "KQ-1", "小区东门")
    start = clock.now() - timedelta(hours=3)
    hand_in(cast, Reading("KQ-1", start, 150), Reading("KQ-1", start + timedelta(minutes=1), 180))
    assert not Order.objects.exists() and Alarm.objects.get().since == start + timedelta(minutes=1), "150 is not above 150"
    hand_in(cast, Reading("KQ-1", start + timedelta(minutes=60), 180))
    assert not Order.objects.exists(), "59 minutes"
    hand_in(cast, Reading("KQ-1", start + timedelta(minutes=60, seconds=30), 90), Reading("KQ-1", start + timedelta(minutes=62), 200))
    assert not Order.objects.exists(), "it was clear in between"
    hand_in(cast, Reading("KQ-1", start + timedelta(minutes=122), 200))
    order = Order.objects.get()
    assert order.title == "小区东门：空气重度污染" and "高于 150" in notes(order)[0] and order.urgency == 0


def test_a_value_that_stays_where_it_is_becomes_an_alarm_without_another_reading(cast, at):
    add(cast, "water", "SW-1", "地下车库入口")
    hand_in(cast, Reading("SW-1", clock.now(), 35))
    at.move(minutes=9)
    assert actions.watch_devices() == []
    at.move(minutes=1)
    assert [o.title for o in actions.watch_devices()] == ["地下车库入口：积水偏深"]
    assert actions.watch_devices() == [], "once"


def test_silence_for_as_long_as_the_clause_says_is_an_alarm(cast, at, smoke):
    hand_in(cast, Reading("XF-0301", clock.now(), 1))
    at.move(hours=23, minutes=59)
    assert actions.watch_devices() == []
    at.move(minutes=1)
    order = actions.watch_devices()[0]
    assert order.title == "2单元楼道烟感：设备失联" and order.urgency == 0 and "超过 24 小时没有数据" in notes(order)[0]
    at.move(hours=5)
    assert actions.watch_devices() == [] and Alarm.objects.get().times == 1
    hand_in(cast, Reading("XF-0301", clock.now(), 1))
    assert "又有数据了" in notes(order)[-1] and Alarm.objects.get().raised_at is None


def test_the_limit_of_silence_is_the_clauses(cast, at, smoke):
    rule = SensorRule.objects.get(kind="fire", test=SILENT)
    assert selectors.minutes_of(rule) == 24 * 60 == Clause.objects.get(code="GZ-3.2").values[0]["amount"] * 60
    mine = actions.save_rule(by=cast.actor("xie_lin"), kind="fire", label="设备失联", test=SILENT, minutes=120, cause="silent")
    actions.approve_rule(by=cast.actor("yu_tao"), rule_id=mine.id)
    hand_in(cast, Reading("XF-0301", clock.now(), 1))
    at.move(hours=2)
    assert len(actions.watch_devices()) == 1


def test_a_device_that_never_spoke_is_silent_too(cast, at, smoke):
    at.move(hours=24)
    assert "从来没有数据" in notes(actions.watch_devices()[0])[0]


def test_the_same_batch_again_changes_nothing(cast, at, smoke):
    batch = [Reading("XF-0301", clock.now() - timedelta(minutes=n), n, alarm=True) for n in range(5)]
    first, again = hand_in(cast, *batch), hand_in(cast, *batch)
    assert (first.new, first.known, again.new, again.known) == (5, 0, 0, 5)
    assert Order.objects.count() == 1 and Alarm.objects.get().times == 5
    assert Device.objects.get().last_value == 0, "the newest of the batch, in whatever order it came"


def test_a_closed_order_opens_no_other_while_it_goes_on_ringing_but_a_new_ring_does(cast, at, smoke):
    hand_in(cast, Reading("XF-0301", clock.now(), alarm=True))
    orders.pass_step(by=cast.actor("li_min"), order_id=Order.objects.get().id, outcome="untrue", given=orders.Given(words="厨房油烟，没有火情"))
    at.move(minutes=10)
    hand_in(cast, Reading("XF-0301", clock.now(), alarm=True))
    assert Order.objects.count() == 1, "the same ring"
    at.move(minutes=10)
    hand_in(cast, Reading("XF-0301", clock.now()))
    at.move(minutes=10)
    hand_in(cast, Reading("XF-0301", clock.now(), alarm=True))
    assert Order.objects.count() == 2, "a new ring"
    orders.pass_step(by=cast.actor("li_min"), order_id=Order.objects.get(is_open=True).id, outcome="untrue", given=orders.Given(words="还是油烟"))
    at.move(hours=24)
    hand_in(cast, Reading("XF-0301", clock.now(), alarm=True))
    assert Order.objects.count() == 3, "a day later somebody looks again"


def test_three_false_alarms_in_thirty_days_are_shown_on_the_device(cast, at, smoke):
    for n in range(3):
        hand_in(cast, Reading("XF-0301", clock.now(), alarm=True))
        orders.pass_step(by=cast.actor("li_min"), order_id=Order.objects.get(is_open=True).id, outcome="untrue", given=orders.Given(words="油烟误报"))
        at.move(minutes=10)
        hand_in(cast, Reading("XF-0301", clock.now()))
        line = selectors.devices(cast.actor("yu_tao"))[0]
        assert (line.false, line.worn) == (n + 1, n == 2)
        at.move(minutes=10)
    at.move(days=31)
    assert selectors.devices(cast.actor("yu_tao"))[0].false == 0


def test_a_fluttering_device_writes_no_book(cast, at, smoke):
    for _ in range(40):
        hand_in(cast, Reading("XF-0301", clock.now(), alarm=True))
        at.move(seconds=20)
        hand_in(cast, Reading("XF-0301", clock.now()))
        at.move(seconds=20)
    assert Order.objects.count() == 1 and Alarm.objects.get().times == 40
    assert len(notes(Order.objects.get())) == actions.NOTES_AT_MOST


def test_what_comes_from_elsewhere_from_the_future_or_long_ago_is_refused(cast, at, smoke):
    now = clock.now()
    taken = hand_in(
        cast, Reading("NO-1", now, alarm=True), Reading("XF-0301", now + timedelta(hours=1), alarm=True),
        Reading("XF-0301", now - timedelta(days=31), alarm=True), Reading("XF-0301", now),
    )  # fmt: skip
    assert sorted(taken.refused) == [("NO-1", "unknown"), ("XF-0301", "ahead"), ("XF-0301", "behind")] and taken.new == 1
    assert not Order.objects.exists()


def test_a_key_speaks_only_for_the_devices_of_its_place(cast, at, smoke):
    add(cast, "fire", "XF-9", "1号楼烟感", building="hp1")
    taken = hand_in(cast, Reading("XF-9", clock.now(), alarm=True), by="zhao_hui")
    assert taken.refused == [("XF-9", "unknown")] and not Order.objects.exists()
    with pytest.raises(Forbidden):
        hand_in(cast, Reading("XF-0301", clock.now(), alarm=True), by="zhou")
    with pytest.raises(Forbidden):
        hand_in(cast, Reading("XF-0301", clock.now(), alarm=True), by="shi_qiang")
    assert {d.device.code for d in selectors.devices(cast.actor("li_min"))} == {"XF-0301"}
    assert selectors.devices(cast.actor("zhou")) == []
    with pytest.raises(BadInput):
        hand_in(cast, *[Reading("XF-0301", clock.now())] * 501)


def test_a_device_is_registered_once_where_one_is_responsible(cast, at, smoke):
    with pytest.raises(BadInput, match="已经登记过"):
        add(cast, "gas", "XF-0301", "别的")
    with pytest.raises(Forbidden):
        add(cast, "gas", "RQ-1", "别处的", building="hp1", by="zhao_hui")
    with pytest.raises(Forbidden):
        add(cast, "gas", "RQ-1", "表房", by="li_min")
    for wrong in ({"code": "带 空格"}, {"kind": "camera"}, {"name": " "}):
        with pytest.raises(BadInput):
            actions.add_device(**{"by": SYSTEM, "code": "A-1", "kind": "gas", "name": "表房", "stamp": stamp_of_building(cast.building["jx3"])} | wrong)
    with pytest.raises(NotFound):
        actions.end_device(by=cast.actor("chu_weimin"), device_id=smoke.id)
    actions.end_device(by=cast.actor("zhao_hui"), device_id=smoke.id)
    assert hand_in(cast, Reading("XF-0301", clock.now(), alarm=True)).refused == [("XF-0301", "unknown")]
    area = cast.community["jinxiu"]
    assert add_again(cast, Stamp(area.street_id, area.id, text="小广场")).id != smoke.id


def add_again(cast, stamp):
    return actions.add_device(by=cast.actor("zhao_hui"), code="XF-0301", kind="fire", name="小广场烟感", stamp=stamp)


def test_a_rule_holds_only_after_another_persons_yes(cast, at):
    add(cast, "lift", "DT-1", "2单元电梯")
    rule = actions.save_rule(by=cast.actor("yu_tao"), kind="lift", label="停层太久", test=ABOVE, threshold=5, minutes=0)
    hand_in(cast, Reading("DT-1", clock.now(), 9))
    assert not Order.objects.exists()
    with pytest.raises(Forbidden, match="另一位"):
        actions.approve_rule(by=cast.actor("yu_tao"), rule_id=rule.id)
    with pytest.raises(Forbidden):
        actions.approve_rule(by=cast.actor("xie_lin"), rule_id=rule.id)
    actions.approve_rule(by=cast.actor("cao_wei"), rule_id=rule.id)
    at.move(minutes=1)
    hand_in(cast, Reading("DT-1", clock.now(), 9))
    assert Order.objects.get().title == "2单元电梯：停层太久"
    with pytest.raises(WrongState):
        actions.drop_rule(by=cast.actor("yu_tao"), rule_id=rule.id)


def test_a_changed_rule_takes_the_place_of_the_one_before(cast, at):
    old = SensorRule.objects.get(kind="water", cause="high")
    rule = actions.save_rule(by=cast.actor("xie_lin"), kind="water", label="积水偏深", test=ABOVE, threshold=50, minutes=0, cause="high")
    actions.approve_rule(by=cast.actor("yu_tao"), rule_id=rule.id)
    assert [r.threshold for r in selectors.rules()["water"] if r.cause == "high"] == [50]
    old.refresh_from_db()
    assert old.state == SensorRule.ENDED and actions.seed_rules(by=SYSTEM) == 0, "what was changed stays"
    for wrong in ({"threshold": None}, {"label": ""}, {"test": "face"}, {"minutes": 99999}):
        with pytest.raises(BadInput):
            actions.save_rule(**{"by": cast.actor("xie_lin"), "kind": "water", "label": "深", "test": ABOVE, "threshold": 1.0} | wrong)
    with pytest.raises(Forbidden):
        actions.save_rule(by=cast.actor("zhao_hui"), kind="water", label="深", test=FLAG)


def test_every_kind_has_its_rule_of_silence(cast):
    assert {kind for kind, rows in selectors.rules().items() if any(r.test == SILENT for r in rows)} == set(KINDS)


def post(cast, body, who="yu_tao"):
    key = accounts.add_api_key(by=SYSTEM, account=cast.account[who], name="网关")[1]
    return Client(SERVER_NAME="127.0.0.1").post(
        "/api/sensors/readings", json.dumps(body), content_type="application/json", headers={"Authorization": f"Bearer {key}"}
    )


def test_a_gateway_hands_in_by_its_key(cast, at, smoke):
    rows = [{"device": "XF-0301", "at": "2026-03-02T10:00:00+08:00", "value": 3.5, "alarm": True}, {"device": "NO-1", "at": "2026-03-02T02:00:00Z"}]
    answer = post(cast, {"readings": rows})
    assert answer.status_code == 200
    assert answer.json() == {"new": 1, "known": 0, "refused": [{"device": "NO-1", "why": "unknown"}], "opened": 1}
    assert post(cast, {"readings": rows}).json() == {"new": 0, "known": 1, "refused": [{"device": "NO-1", "why": "unknown"}], "opened": 0}
    assert post(cast, {"readings": [{"device": "XF-0301", "at": "0001-01-01T00:00:00+08:00"}]}).json()["refused"][0]["why"] == "behind"
    assert post(cast, {"readings": [{"device": "XF-0301", "at": "9999-12-31T23:59:59-08:00"}]}).json()["refused"][0]["why"] == "ahead"
    assert post(cast, {"readings": []}).status_code == 400 and post(cast, {"readings": rows}, "shi_qiang").status_code == 403
    assert access.may(cast.actor("yu_tao"), "take_readings") and not access.may(cast.actor("zhou"), "take_readings")
