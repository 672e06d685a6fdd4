"""Registering devices, one or a list, and taking them out of use."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from linli.channels.models import Device
from linli.channels.sensors import access
from linli.channels.sensors.kinds import KINDS
from linli.grid.selectors import Stamp
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.bulk import insert_rows
from linli.kernel.errors import BadInput, Forbidden, NotFound
from linli.ledger.record import Row, record, record_many

CODE = re.compile(r"[A-Za-z0-9._:-]{1,40}")


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device to be registered: its gateway's code for it, its kind, what people call it, and where it is."""

    code: str
    kind: str
    name: str
    stamp: Stamp


@transaction.atomic
def add_device(*, by: Actor, code: str, kind: str, name: str, stamp: Stamp) -> Device:
    """Register a device at a place. Raises Forbidden, BadInput; a code that is in use already is refused."""
    access.ask(by, "add_device")
    device = _device(by, NewDevice(code, kind, name, stamp))
    if Device.objects.filter(code=device.code, ended_at=None).exists():
        raise BadInput(f"编号 {device.code} 已经登记过了，请核对一下。", "code_taken")
    _insert([device])
    record(by, "channels.add_device", row_of(device, {"kind": kind}))
    return device


@transaction.atomic
def add_devices(*, by: Actor, rows: Sequence[NewDevice]) -> tuple[list[Device], list[tuple[int, str]]]:
    """Register many, all or none: (those that are new, (position, what is wrong with it) in order). What is registered already just
    so is passed over, so that a list handed in again changes nothing. Raises Forbidden."""
    access.ask(by, "add_device")
    wrongs: list[tuple[int, str]] = []
    made: dict[str, Device] = {}
    known = {d.code: d for d in Device.objects.filter(ended_at=None, code__in={r.code.strip() for r in rows})}
    for n, row in enumerate(rows):
        try:
            device = _device(by, row)
        except (BadInput, Forbidden) as exc:
            wrongs.append((n, exc.message))
            continue
        if device.code in made:
            wrongs.append((n, f"编号 {device.code} 在这份表里有两行。"))
        elif device.code not in known:
            made[device.code] = device
        elif any(getattr(device, name) != getattr(known[device.code], name) for name in SAME):
            wrongs.append((n, f"编号 {device.code} 已经登记成别的样子了；要改，请先停用原来那一台。"))
    if wrongs:
        return [], wrongs
    _insert(list(made.values()))
    record_many(by, "channels.add_devices", [row_of(d, {"kind": d.kind}) for d in made.values()])
    return list(made.values()), []


def _insert(devices: list[Device]) -> None:
    try:
        insert_rows(devices)
    except IntegrityError as exc:
        raise BadInput("刚才有人登记了同样的编号，请看一眼再交一次。", "code_taken") from exc


#: in which a device of a list is the one that is registered
SAME = ("kind", "name", "community_id", "building_id", "unit", "place_text")


def _device(by: Actor, new: NewDevice) -> Device:
    """The row to be inserted. Raises Forbidden, BadInput."""
    stamp = new.stamp
    if not access.covers(by, "add_device", stamp):
        raise Forbidden("这里不是您负责的地方，请当地的社区或街道来登记。")
    code, name = new.code.strip(), new.name.replace("\x00", "").strip()
    if not CODE.fullmatch(code):
        raise BadInput("设备编号请用字母、数字、点、横线，40 个以内，和设备平台上的一样。", "bad_code")
    if new.kind not in KINDS:
        raise BadInput("请选是哪一种设备。", "bad_kind")
    if not name or len(name) > 40:
        raise BadInput("请写设备名称，40 字以内，比如：2单元楼道烟感。", "bad_name")
    return Device(
        code=code, kind=new.kind, name=name, street_id=stamp.street_id, community_id=stamp.community_id, grid_id=stamp.grid_id,
        building_id=stamp.building_id, unit=stamp.unit, place_text=stamp.text[:80], made_at=clock.now(),
    )  # fmt: skip


@transaction.atomic
def end_device(*, by: Actor, device_id: UUID) -> Device:
    """Out of use: what it says from now on is unknown. Its open orders go on. Raises NotFound, Forbidden."""
    access.ask(by, "end_device")
    device = locked(Device.objects.filter(id=device_id, ended_at=None))
    if not device or not access.covers(by, "end_device", device[0]):
        raise NotFound("没有找到这台设备。")
    device[0].ended_at = clock.now()
    device[0].save(update_fields=["ended_at"])
    record(by, "channels.end_device", row_of(device[0], {}))
    return device[0]


def row_of(device: Device, facts: dict) -> Row:
    """A device's event, stamped with its place."""
    return Row("device", device.id, device.street_id, device.community_id, device.grid_id, facts)


def locked(rows) -> list:  # type: ignore[no-untyped-def]
    """The rows, held for this transaction where the database has row locks."""
    return list(rows.select_for_update() if connection.features.has_select_for_update else rows)
