"""Readings become alarms, and alarms become orders by the orders' own verbs.

One order per device and cause while it is open (clause GZ-1.3): further alarms count on it, an all-clear is noted on it.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from linli.channels.models import Alarm, Device, SensorRule
from linli.channels.sensors import access, selectors
from linli.channels.sensors.actions.devices import locked
from linli.channels.sensors.kinds import ABOVE, BELOW, FLAG, KINDS, SILENT
from linli.grid.selectors import Stamp
from linli.kernel import clock
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import BadInput, WrongState
from linli.orders import actions as orders
from linli.orders.drafts import Draft
from linli.orders.models import Order
from linli.orders.states import Door, Way
from linli.ui import figures

#: the clocks of devices are not ours
AHEAD, BEHIND = timedelta(minutes=10), timedelta(days=30)
#: what goes on ringing after its order was closed opens another one after that, not at the next reading
AGAIN = timedelta(hours=24)
#: a device that flutters writes no book into its order
NOTES_AT_MOST = 20
MOST_READINGS = 500


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
    rows = locked(Device.objects.filter(code__in={r.device for r in readings}, ended_at=None).order_by("id"))
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
