"""Kinds of devices, what each of them measures, and the rules that every district starts with. A district writes its own at
the desk; the thresholds here are ours and cautious, not those of a norm."""

from dataclasses import dataclass

ABOVE, BELOW, FLAG, SILENT = "above", "below", "flag", "silent"
TESTS = {ABOVE: "读数高于", BELOW: "读数低于", FLAG: "设备自己报警", SILENT: "没有数据"}
#: how long silence may last where the rule does not say: clause GZ-3.2
SILENCE = ("GZ-3.2", "silent")


@dataclass(frozen=True, slots=True)
class DeviceKind:
    """`reading` with its `unit`: what the value is; `urgent`: an alarm of it does not wait for the morning."""

    label: str
    reading: str
    unit: str
    category: str
    urgent: bool = False


KINDS: dict[str, DeviceKind] = {
    "fire": DeviceKind("消防烟感", "烟雾浓度", "%", "safety", urgent=True),
    "gas": DeviceKind("燃气探测", "燃气浓度", "%LEL", "safety", urgent=True),
    "lift": DeviceKind("电梯", "停层时间", "分钟", "property", urgent=True),
    "water": DeviceKind("积水水位", "水深", "厘米", "municipal", urgent=True),
    "air": DeviceKind("空气质量", "PM2.5", "微克/立方米", "environment"),
    "traffic": DeviceKind("路口车流", "排队长度", "米", "traffic"),
}
#: kind, cause, label, test, threshold, minutes
SHIPPED: list[tuple[str, str, str, str, float | None, int]] = [
    ("fire", "alarm", "烟雾报警", FLAG, None, 0), ("gas", "alarm", "燃气报警", FLAG, None, 0),
    ("gas", "high", "燃气浓度偏高", ABOVE, 10, 5), ("lift", "alarm", "电梯困人报警", FLAG, None, 0),
    ("water", "alarm", "积水报警", FLAG, None, 0), ("water", "high", "积水偏深", ABOVE, 20, 10),
    ("air", "high", "空气重度污染", ABOVE, 150, 60), ("traffic", "high", "路口长时间堵车", ABOVE, 200, 30),
    *[(kind, "silent", "设备失联", SILENT, None, 0) for kind in KINDS],
]  # fmt: skip
