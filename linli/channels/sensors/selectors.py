"""Reads of devices and their rules."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from linli.channels.models import Alarm, Device, SensorRule
from linli.channels.sensors import access
from linli.channels.sensors.kinds import FLAG, KINDS, SILENCE, SILENT, TESTS
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.orders.models import Order
from linli.standards import shelf

MOST = 300
#: GZ-3.1: so many false alarms in so many days, and the device is looked after
FALSE_CLAUSE = "GZ-3.1"


def rules() -> dict[str, list[SensorRule]]:
    """The rules in force by kind of device."""
    found: dict[str, list[SensorRule]] = defaultdict(list)
    for rule in SensorRule.objects.filter(state=SensorRule.IN_FORCE).order_by("kind", "cause"):
        found[rule.kind].append(rule)
    return found


def minutes_of(rule: SensorRule) -> int:
    """For how long it has to hold, in minutes; silence without a time of its own lasts as long as clause GZ-3.2 allows."""
    if rule.test == SILENT and not rule.minutes:
        code, name = SILENCE
        value = shelf.values(code).get(name)
        return int(value.span[0]) if value else 24 * 60
    return rule.minutes


def in_words(rule: SensorRule) -> str:
    """The rule as people say it: PM2.5 高于 150 微克/立方米，持续 60 分钟."""
    kind, long = KINDS[rule.kind], how_long(minutes_of(rule))
    if rule.test == SILENT:
        return f"超过 {long}没有数据"
    said = TESTS[FLAG] if rule.test == FLAG else f"{kind.reading} {TESTS[rule.test][2:]} {rule.threshold:g} {kind.unit}"
    return f"{said}，持续 {long}" if rule.minutes else said


def how_long(minutes: int) -> str:
    """45 分钟, 24 小时."""
    return f"{minutes // 60} 小时" if minutes and minutes % 60 == 0 else f"{minutes} 分钟"


def reading(device: Device) -> str:
    """What it said last: 烟雾浓度 3 %; "" when it said no number."""
    kind = KINDS[device.kind]
    return "" if device.last_value is None else f"{kind.reading} {device.last_value:g} {kind.unit}"


@dataclass(slots=True)
class Line:
    """One device on the page. `ringing`: labels of the causes that hold; `order`: that of the newest alarm, if the reader may
    know of it; `false`: how many of its alarms were false within the days of GZ-3.1."""

    device: Device
    kind: str
    reading: str
    ringing: list[str]
    order: Order | None
    times: int
    false: int
    worn: bool


def devices(actor: Actor, kind: str = "") -> list[Line]:
    """The devices that the actor may know of, ringing ones first. Four statements."""
    rows = access.visible_to(actor)
    found: list[Device] = list((rows.filter(kind=kind) if kind else rows).order_by("community_id", "kind", "code")[:MOST])
    alarms: dict[UUID, list[Alarm]] = defaultdict(list)
    for alarm in Alarm.objects.filter(device_id__in=[d.id for d in found]).order_by("last_at"):
        alarms[alarm.device_id].append(alarm)
    wanted = [a.order_id for rows in alarms.values() for a in rows if a.order_id]
    orders = {o.id: o for o in Order.objects.filter(id__in=wanted)}
    labels = {(r.kind, r.cause): r.label for rows in rules().values() for r in rows}
    false, most = false_alarms(found), false_at_most()
    lines = []
    for device in found:
        mine = alarms[device.id]
        last = next((orders[a.order_id] for a in reversed(mine) if a.order_id in orders), None)
        lines.append(
            Line(
                device, KINDS[device.kind].label, reading(device),
                [labels.get((device.kind, a.cause), "告警") for a in mine if a.raised_at], last,
                sum(a.times for a in mine if a.raised_at), false.get(device.id, 0), false.get(device.id, 0) >= most,
            )
        )  # fmt: skip
    return sorted(lines, key=lambda x: not x.ringing)


def false_at_most() -> int:
    """From how many false alarms on a device is to be looked after."""
    value = shelf.values(FALSE_CLAUSE).get("false")
    return int(value.amount) if value else 3


def false_alarms(devices: Sequence[Device]) -> dict[UUID, int]:
    """How many orders of each device ended as untrue within the days of GZ-3.1."""
    value = shelf.values(FALSE_CLAUSE).get("window")
    since = clock.now() - timedelta(minutes=value.span[0] if value else 30 * 24 * 60)
    here = {d.community_id for d in devices}
    keys = Order.objects.filter(
        community_id__in=here, kind="alarm", procedure="sensor", ending="untrue", closed_at__gte=since
    ).values_list("key", flat=True)
    found: dict[UUID, int] = defaultdict(int)
    for key in keys:
        parts = (key or "").split(":")
        if len(parts) == 4 and parts[0] == "sensor":
            found[UUID(parts[1])] += 1
    return found
