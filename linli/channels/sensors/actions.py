"""The only writer of devices and their rules; readings become alarms, and alarms become orders by the orders' own verbs.

One order per device and cause while it is open (clause GZ-1.3): further alarms count on it, an all-clear is noted on it.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from linli.channels.models import Alarm, Device, SensorRule
from linli.channels.sensors import access, selectors
from linli.channels.sensors.kinds import ABOVE, BELOW, FLAG, KINDS, SHIPPED, SILENT, TESTS
from linli.grid.selectors import Stamp
from linli.kernel import clock, ids
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import BadInput, Forbidden, NotFound, WrongState
from linli.ledger.record import Row, record
from linli.orders import actions as orders
from linli.orders.drafts import Draft
from linli.orders.models import Order
from linli.orders.states import Door, Way
from linli.ui import figures

CODE = re.compile(r"[A-Za-z0-9._:-]{1,40}")
#: the clocks of devices are not ours
AHEAD, BEHIND = timedelta(minutes=10), timedelta(days=30)
#: what goes on ringing after its order was closed opens another one after that, not at the next reading
AGAIN = timedelta(hours=24)
#: a device that flutters writes no book into its order
NOTES_AT_MOST = 20
MOST_READINGS, MOST_MINUTES = 500, 30 * 24 * 60


@dataclass(frozen=True, slots=True)
class Reading:
    """What a device said: its code, when (aware), a value in its kind's unit or none, and whether it gives alarm itself."""

    device: str
    at: datetime
    value: float | None = None
    alarm: bool = False


@dataclass(slots=True)
class Taken:
    """What became of a batch. `known`: of a moment that the device has told already, or before it. `refused`: (device, why),
    why being unknown (no such device for this account), ahead (from the future) or behind (more than 30 days old)."""

    new: int = 0
    known: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)


# -- devices -----------------------------------------------------------------------------------------------------


@transaction.atomic
def add_device(*, by: Actor, code: str, kind: str, name: str, stamp: Stamp) -> Device:
    """Register a device at a place. Raises Forbidden, BadInput; a code that is in use already is refused."""
    access.ask(by, "add_device")
    if not access.covers(by, "add_device", stamp):
        raise Forbidden("这里不是您负责的地方，请当地的社区或街道来登记。")
    code, name = code.strip(), name.replace("\x00", "").strip()
    if not CODE.fullmatch(code):
        raise BadInput("设备编号请用字母、数字、点、横线，40 个以内，和设备平台上的一样。", "bad_code")
    if kind not in KINDS:
        raise BadInput("请选是哪一种设备。", "bad_kind")
    if not name or len(name) > 40:
        raise BadInput("请写设备名称，40 字以内，比如：2单元楼道烟感。", "bad_name")
    if Device.objects.filter(code=code, ended_at=None).exists():
        raise BadInput(f"编号 {code} 已经登记过了，请核对一下。", "code_taken")
    device = Device.objects.create(
        code=code, kind=kind, name=name, street_id=stamp.street_id, community_id=stamp.community_id, grid_id=stamp.grid_id,
        building_id=stamp.building_id, unit=stamp.unit, place_text=stamp.text[:80], made_at=clock.now(),
    )  # fmt: skip
    record(by, "channels.add_device", _row(device, {"kind": kind}))
    return device


@transaction.atomic
def end_device(*, by: Actor, device_id: UUID) -> Device:
    """Out of use: what it says from now on is unknown. Its open orders go on. Raises NotFound, Forbidden."""
    access.ask(by, "end_device")
    device = _locked(Device.objects.filter(id=device_id, ended_at=None))
    if not device or not access.covers(by, "end_device", device[0]):
        raise NotFound("没有找到这台设备。")
    device[0].ended_at = clock.now()
    device[0].save(update_fields=["ended_at"])
    record(by, "channels.end_device", _row(device[0], {}))
    return device[0]


def _row(device: Device, facts: dict) -> Row:
    return Row("device", device.id, device.street_id, device.community_id, device.grid_id, facts)


def _locked(rows) -> list:  # type: ignore[no-untyped-def]
    return list(rows.select_for_update() if connection.features.has_select_for_update else rows)


# -- rules -------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_rule(
    *, by: Actor, kind: str, label: str, test: str, threshold: float | None = None, minutes: int = 0, cause: str = ""
) -> SensorRule:  # fmt: skip
    """Write a rule, or another version of the one named by `cause`; it waits for a second person. Raises Forbidden, BadInput."""
    access.ask(by, "save_rule")
    label = label.replace("\x00", "").strip()
    if kind not in KINDS or test not in TESTS:
        raise BadInput("请选设备种类，以及怎样算告警。", "bad_rule")
    if not label or len(label) > 20:
        raise BadInput("请给这条规则起个名字，20 字以内，比如：积水偏深。", "bad_label")
    if test in (ABOVE, BELOW) and threshold is None:
        raise BadInput(f"请写{KINDS[kind].reading}到多少算告警（单位：{KINDS[kind].unit}）。", "missing_threshold")
    if not 0 <= minutes <= MOST_MINUTES:
        raise BadInput("持续的时间请写 0 到 43200 分钟（30 天）。", "bad_minutes")
    if cause and not SensorRule.objects.filter(kind=kind, cause=cause).exists():
        raise NotFound("没有找到这条规则。")
    cause = cause or ids.new().hex[-12:]
    SensorRule.objects.filter(kind=kind, cause=cause, state=SensorRule.DRAFT).delete()
    rule = SensorRule.objects.create(
        kind=kind, cause=cause, label=label, test=test, threshold=threshold if test in (ABOVE, BELOW) else None, minutes=minutes,
        written_by=by.id, written_at=clock.now(),
    )  # fmt: skip
    record(by, "channels.save_rule", Row("sensor_rule", rule.id, facts={"kind": kind, "test": test}))
    return rule


@transaction.atomic
def approve_rule(*, by: Actor, rule_id: UUID) -> SensorRule:
    """The second person's yes: from now on it holds, in place of its version before. What rings already goes on ringing.
    Raises Forbidden for her own writing, WrongState."""
    access.ask(by, "approve_rule")
    rule = _draft(rule_id)
    if rule.written_by == by.id:
        raise Forbidden("自己写的规则，要请另一位同志来审核。")
    SensorRule.objects.filter(kind=rule.kind, cause=rule.cause, state=SensorRule.IN_FORCE).update(state=SensorRule.ENDED)
    rule.state, rule.approved_by, rule.approved_at = SensorRule.IN_FORCE, by.id, clock.now()
    rule.save()
    # What only waits is judged by the new rule from its next reading on.
    Alarm.objects.filter(device__kind=rule.kind, cause=rule.cause, raised_at=None).update(since=None, due_at=None)
    record(by, "channels.approve_rule", Row("sensor_rule", rule.id, facts={"kind": rule.kind, "test": rule.test}))
    return rule


@transaction.atomic
def drop_rule(*, by: Actor, rule_id: UUID) -> None:
    """Throw a draft away. Raises Forbidden, WrongState."""
    access.ask(by, "drop_rule")
    rule = _draft(rule_id)
    record(by, "channels.drop_rule", Row("sensor_rule", rule.id, facts={"kind": rule.kind}))
    rule.delete()


def _draft(rule_id: UUID) -> SensorRule:
    rule = next(iter(_locked(SensorRule.objects.filter(id=rule_id))), None)
    if rule is None:
        raise NotFound("没有找到这条规则。")
    if rule.state != SensorRule.DRAFT:
        raise WrongState("这条规则已经有人审过了，请刷新后再看。")
    return rule


@transaction.atomic
def seed_rules(*, by: Actor) -> int:
    """Write the shipped rules that a district does not know yet; what it changed stays. Safe to run again."""
    known = set(SensorRule.objects.values_list("kind", "cause"))
    now = clock.now()
    rows = [
        SensorRule(kind=kind, cause=cause, label=label, test=test, threshold=threshold, minutes=minutes, state=SensorRule.IN_FORCE,
                   written_at=now, approved_at=now)
        for kind, cause, label, test, threshold, minutes in SHIPPED if (kind, cause) not in known
    ]  # fmt: skip
    SensorRule.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        record(by, "channels.seed_rules", Row("sensor_rule", rows[0].id, facts={"rows": len(rows)}))
    return len(rows)


# -- readings ----------------------------------------------------------------------------------------------------


def take_readings(*, by: Actor, readings: Sequence[Reading]) -> Taken:
    """Readings in whatever order; of each device the oldest is judged first. Sent again they change nothing: a moment that
    the device has told already, or one before it, is known. Raises Forbidden, BadInput for too many."""
    access.ask(by, "take_readings")
    if len(readings) > MOST_READINGS:
        raise BadInput(f"一次最多 {MOST_READINGS} 条读数，请分批送。", "too_many_readings")
    try:
        return _take(by, readings)
    except IntegrityError:
        # The first alarm of a cause at the same moment by two gateways: the other one was first.
        return _take(by, readings)


@transaction.atomic
def _take(by: Actor, readings: Sequence[Reading]) -> Taken:
    now, taken = clock.now(), Taken()
    rows = _locked(Device.objects.filter(code__in={r.device for r in readings}, ended_at=None).order_by("id"))
    devices: dict[str, Device] = {d.code: d for d in rows if access.covers(by, "take_readings", d)}
    judge = _Judge(list(devices.values()), now, taken)
    for reading in sorted(readings, key=lambda r: r.at):
        device = devices.get(reading.device)
        if device is None or not now - BEHIND <= reading.at <= now + AHEAD:
            why = "unknown" if device is None else "ahead" if reading.at > now else "behind"
            taken.refused.append((reading.device, why))
        elif device.last_at is not None and reading.at <= device.last_at:
            taken.known += 1
        else:
            taken.new += 1
            device.last_at, device.last_value, device.last_alarm = reading.at, reading.value, reading.alarm
            judge.hear(device, reading)
    Device.objects.bulk_update(devices.values(), ["last_at", "last_value", "last_alarm"])
    judge.save()
    return taken


@transaction.atomic
def watch_devices() -> list[Order]:
    """What no reading tells: a value that was over its threshold and has not changed since, and devices that are silent.
    Returns the orders that were opened."""
    now, rules, taken = clock.now(), selectors.rules(), Taken()
    held = set(Alarm.objects.filter(raised_at=None, due_at__lte=now).values_list("device_id", flat=True))
    silent: dict[str, SensorRule] = {kind: r for kind, rows in rules.items() for r in rows if r.test == SILENT}
    quiet: set[UUID] = set()
    for kind, rule in silent.items():
        limit = now - timedelta(minutes=selectors.minutes_of(rule))
        rows = Device.objects.filter(kind=kind, ended_at=None, made_at__lte=limit).exclude(last_at__gt=limit)
        quiet |= set(rows.exclude(alarms__in=Alarm.objects.filter(cause=rule.cause, raised_at__isnull=False)).values_list("id", flat=True))
    wanted = Device.objects.filter(id__in=held | quiet, ended_at=None).order_by("id")
    if connection.features.has_select_for_update:
        wanted = wanted.select_for_update(skip_locked=True)
    devices = list(wanted)
    judge = _Judge(devices, now, taken, rules)
    for device in devices:
        for rule in rules.get(device.kind, []):
            alarm = judge.alarms.get((device.id, rule.cause))
            if rule.test == SILENT:
                heard = device.last_at or device.made_at
                if device.id in quiet and heard <= now - timedelta(minutes=selectors.minutes_of(rule)):
                    judge.ring(device, rule, judge.alarm(device, rule, heard), now)
            elif alarm is not None and alarm.raised_at is None and alarm.due_at is not None and alarm.due_at <= now:
                judge.ring(device, rule, alarm, now)
    judge.save()
    return taken.orders


class _Judge:
    """Readings of locked devices against the rules: which alarms hold, ring, are over. Writes what changed once, at the end."""

    def __init__(self, devices: Sequence[Device], now: datetime, taken: Taken, rules: dict[str, list[SensorRule]] | None = None):
        self.now, self.taken, self.rules = now, taken, selectors.rules() if rules is None else rules
        rows = list(Alarm.objects.filter(device_id__in=[d.id for d in devices]))
        self.alarms: dict[tuple[UUID, str], Alarm] = {(a.device_id, a.cause): a for a in rows}
        self.orders = {o.id: o for o in Order.objects.filter(id__in=[a.order_id for a in rows if a.order_id])}
        self.changed: dict[tuple[UUID, str], Alarm] = {}

    def hear(self, device: Device, reading: Reading) -> None:
        """One reading of one device."""
        for rule in self.rules.get(device.kind, []):
            found = self.alarms.get((device.id, rule.cause))
            if _holds(rule, reading):
                alarm = found if found and found.since else self.alarm(device, rule, reading.at)
                if alarm.due_at is not None and reading.at >= alarm.due_at:
                    self.ring(device, rule, alarm, reading.at)
            elif found is not None and found.since is not None:
                self.clear(rule, found, reading.at)

    def alarm(self, device: Device, rule: SensorRule, since: datetime) -> Alarm:
        """The cause at the device, beginning to hold."""
        key = (device.id, rule.cause)
        alarm = self.alarms.setdefault(key, Alarm(device_id=device.id, cause=rule.cause))
        alarm.since, alarm.due_at = since, since + timedelta(minutes=selectors.minutes_of(rule))
        self.changed[key] = alarm
        return alarm

    def ring(self, device: Device, rule: SensorRule, alarm: Alarm, at: datetime) -> None:
        """It is an alarm: counted on its open order, or an order of its own."""
        self.changed[device.id, rule.cause] = alarm
        order, again = self.orders.get(alarm.order_id) if alarm.order_id else None, alarm.raised_at is None
        alarm.raised_at, alarm.last_at = alarm.raised_at or at, at
        if order is not None and order.is_open:
            alarm.times += 1
            if again:
                self._note(alarm, f"又告警：{rule.label}，{figures.moment(at)}，这件事办理以来第 {alarm.times} 次。")
        elif order is None or again or (order.closed_at is not None and order.closed_at + AGAIN <= self.now):
            self._open(device, rule, alarm, at)

    def _open(self, device: Device, rule: SensorRule, alarm: Alarm, at: datetime) -> None:
        kind = KINDS[device.kind]
        alarm.rings, alarm.times = alarm.rings + 1, 1
        stamp = Stamp(device.street_id, device.community_id, device.grid_id, device.building_id, device.unit, device.place_text)
        draft = Draft(
            kind="alarm", stamp=stamp, thing=device.name[:32], title=f"{device.name}：{rule.label}", category=kind.category,
            urgency=1 if kind.urgent and rule.test != SILENT else 0, procedure="sensor", door=Door.SENSOR, way=Way.SENSOR,
            key=f"sensor:{device.id.hex}:{rule.cause}:{alarm.rings}",
        )  # fmt: skip
        order = orders.open_order(by=SYSTEM, draft=draft)
        alarm.order_id = order.id
        self.orders[order.id] = order
        self.taken.orders.append(order)
        last = f"最近一次数据 {figures.moment(device.last_at)}" if device.last_at else "从来没有数据"
        said = last if rule.test == SILENT else selectors.reading(device) or "没有带读数"
        words = f"{kind.label}“{device.name}”（编号 {device.code}）{figures.moment(at)} 告警。\n规则：{selectors.in_words(rule)}。\n设备说：{said}。"
        orders.note_order(by=SYSTEM, order_id=order.id, words=words)

    def clear(self, rule: SensorRule, alarm: Alarm, at: datetime) -> None:
        """It holds no longer; an open order is told so and stays open, for somebody has to look."""
        self.changed[alarm.device_id, rule.cause] = alarm
        rang, alarm.since, alarm.due_at, alarm.raised_at = alarm.raised_at is not None, None, None, None
        if not rang:
            return
        alarm.cleared_at = at
        order = self.orders.get(alarm.order_id) if alarm.order_id else None
        if order is not None and order.is_open:
            what = "又有数据了" if rule.test == SILENT else "恢复正常"
            self._note(alarm, f"设备{what}，{figures.moment(at)}；这件事办理以来告警 {alarm.times} 次。请照样到场看一眼。")

    def _note(self, alarm: Alarm, words: str) -> None:
        assert alarm.order_id is not None
        if self.orders[alarm.order_id].words.filter(by_kind=SYSTEM.kind).count() >= NOTES_AT_MOST:
            return
        with suppress(WrongState):  # somebody has closed it at this moment
            orders.note_order(by=SYSTEM, order_id=alarm.order_id, words=words)

    def save(self) -> None:
        """Write the alarms that changed."""
        fields = ["since", "due_at", "raised_at", "order_id", "rings", "times", "last_at", "cleared_at"]
        Alarm.objects.bulk_create([a for a in self.changed.values() if a.pk is None])
        Alarm.objects.bulk_update([a for a in self.changed.values() if a.pk is not None], fields)


def _holds(rule: SensorRule, reading: Reading) -> bool:
    if rule.test == FLAG:
        return reading.alarm
    if reading.value is None or rule.threshold is None:
        return False
    return reading.value > rule.threshold if rule.test == ABOVE else rule.test == BELOW and reading.value < rule.threshold
