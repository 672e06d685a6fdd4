"""The only writer of places, organisations, buildings, posts, leave and rosters.

Every verb asks `access.ask`, changes one thing in one transaction and records one event `grid.<verb>`. Said twice, a
verb changes nothing the second time: it gives back what is there.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from linli.accounts.models import Account
from linli.grid import access, selectors
from linli.grid.models import Absence, Area, Building, Home, Organisation, Post, RosterShift
from linli.kernel import clock, crypto
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.kernel.roles import Role
from linli.ledger.record import Row, record

ABOVE = {Area.DISTRICT: None, Area.STREET: Area.DISTRICT, Area.COMMUNITY: Area.STREET, Area.GRID: Area.COMMUNITY}


def _row(kind: str, thing_id: UUID, area: Area | None, facts: dict | None = None) -> Row:
    if area is None:
        return Row(kind, thing_id, facts=facts or {})
    grid_id = area.id if area.level == Area.GRID else None
    return Row(kind, thing_id, area.street_id, area.community_id, grid_id, facts or {})


def _words(text: str, what: str, most: int) -> str:
    text = " ".join(text.split())
    if not text:
        raise BadInput(f"请填写{what}。", "missing_text")
    if len(text) > most:
        raise BadInput(f"{what}太长了，{most} 个字以内就好。", "too_long")
    return text


def _names(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(n.strip() for n in names if n.strip()))


@transaction.atomic
def add_area(
    *, by: Actor, level: str, code: str, name: str, parent: Area | None = None, village: bool = False,
    roads: Sequence[str] = (), landmarks: Sequence[str] = (), valid_from: date | None = None,
) -> Area:  # fmt: skip
    """Add a place below its parent (district → street → community → grid). A code that is there gives its area.

    Raises Forbidden; BadInput for a wrong level or parent; Conflict for a code that names another place.
    """
    access.ask(by, "add_area", parent)
    name, code = _words(name, "名称", 64), _words(code, "编码", 32)
    if level not in ABOVE or (parent.level if parent else None) != ABOVE[level]:
        raise BadInput("上级不对：街道在区下面，社区在街道下面，网格在社区下面。", "bad_parent")
    there = Area.objects.filter(code=code).first()
    if there:
        if (there.level, there.name, there.parent_id) == (level, name, parent.id if parent else None):
            return there
        raise Conflict("这个编码已经给了另一个地方。", "code_taken")
    area = Area(
        level=level, code=code, name=name, parent=parent, village=village, roads=_names(roads),
        landmarks=_names(landmarks), valid_from=valid_from,
    )  # fmt: skip
    area.street_id = area.id if level == Area.STREET else parent.street_id if parent else None
    area.community_id = area.id if level == Area.COMMUNITY else parent.community_id if parent else None
    area.save(force_insert=True)
    record(by, "grid.add_area", _row("area", area.id, area, {"level": level, "code": code}))
    return area


@transaction.atomic
def change_area(
    *, by: Actor, area_id: UUID, name: str | None = None, village: bool | None = None,
    roads: Sequence[str] | None = None, landmarks: Sequence[str] | None = None,
    valid_to: date | None = None, replaced_by: UUID | None = None,
) -> Area:  # fmt: skip
    """Change what people call a place, its roads and landmarks, or end it on a day (with what follows it).

    Rows that were stamped with an ended place keep it. Raises NotFound, Forbidden, BadInput.
    """
    area = _area(area_id)
    access.ask(by, "change_area", area)
    wanted = {
        "name": _words(name, "名称", 64) if name is not None else None,
        "village": village,
        "roads": _names(roads) if roads is not None else None,
        "landmarks": _names(landmarks) if landmarks is not None else None,
        "valid_to": valid_to,
        "replaced_by": _area(replaced_by).id if replaced_by else None,
    }
    changed = [k for k, v in wanted.items() if v is not None and getattr(area, k) != v]
    if changed:
        for field in changed:
            setattr(area, field, wanted[field])
        area.save(update_fields=changed)
        record(by, "grid.change_area", _row("area", area.id, area, {"fields": changed}))
    return area


@transaction.atomic
def add_organisation(*, by: Actor, name: str, kind: str, area: Area | None = None, phone: str = "") -> Organisation:
    """Add a property company, a section, a department, a firm …; `area` is where it works (None: the district)."""
    access.ask(by, "add_organisation", area)
    name, kind = _words(name, "单位名称", 64), _words(kind, "单位类别", 24)
    there = Organisation.objects.filter(name=name, kind=kind, area=area).first()
    if there:
        return there
    org = Organisation.objects.create(name=name, kind=kind, area=area, phone=phone.strip()[:24])
    record(by, "grid.add_organisation", _row("organisation", org.id, area, {"kind": kind}))
    return org


@transaction.atomic
def add_building(
    *, by: Actor, grid: Area, estate: str, name: str, units: int = 1, property_org: Organisation | None = None
) -> Building:
    """Add a building to a grid, with an unguessable code for its lifts. Known by community, estate and name.

    Raises BadInput when `grid` is no grid or the number of units is not 1–99, Conflict when it stands in another grid.
    """
    access.ask(by, "add_building", grid)
    if grid.level != Area.GRID or grid.community_id is None or grid.street_id is None:
        raise BadInput("楼栋要放在网格里。", "bad_grid")
    estate, name = _words(estate, "小区名", 48), _words(name, "楼栋名", 32)
    if not 1 <= units <= 99:
        raise BadInput("单元数要在 1 到 99 之间。", "bad_units")
    there = Building.objects.filter(community_id=grid.community_id, estate=estate, name=name).first()
    if there:
        if there.grid_id != grid.id:
            raise Conflict("这栋楼已经在另一个网格里。", "building_taken")
        return there
    building = Building.objects.create(
        estate=estate, name=name, units=units, street_id=grid.street_id, community_id=grid.community_id,
        grid_id=grid.id, property_org=property_org, qr=secrets.token_urlsafe(12),
    )  # fmt: skip
    record(by, "grid.add_building", _row("building", building.id, grid, {"units": units}))
    return building


@transaction.atomic
def add_homes(*, by: Actor, building: Building, homes: Sequence[tuple[str, str]]) -> list[Home]:
    """Add homes (unit, room) to a building, in order; those that are there are given back. One event for the list."""
    access.ask(by, "add_homes", _area(building.grid_id))
    ring = crypto.ring()
    wanted = [(unit.strip()[:16], _words(room, "房号", 32)) for unit, room in homes]
    there = {(h.unit, h.room_index): h for h in Home.objects.filter(building=building)}
    new: dict[tuple[str, str], Home] = {}
    for unit, room in wanted:
        key = (unit, ring.index(room))
        if key not in there and key not in new:
            new[key] = Home(building=building, unit=unit, room=room, room_index=key[1])
    if new:
        Home.objects.bulk_create(new.values())
        facts = {"homes": len(new)}
        row = Row("building", building.id, building.street_id, building.community_id, building.grid_id, facts)
        record(by, "grid.add_homes", row)
    return [(there | new)[(unit, ring.index(room))] for unit, room in wanted]


def add_home(*, by: Actor, building: Building, unit: str, room: str) -> Home:
    """One home; see `add_homes`."""
    return add_homes(by=by, building=building, homes=[(unit, room)])[0]


@transaction.atomic
def add_post(
    *, by: Actor, account_id: UUID, role: Role | str, area: Area | None = None, org: Organisation | None = None,
    line: str = "", title: str = "", starts: date | None = None, ends: date | None = None,
) -> Post:  # fmt: skip
    """Give an account a role at an area (None: the whole district) or organisation, for a line of duty and a period.

    The same post in force is given back. Raises NotFound for an unknown account, BadInput for an unknown role or a
    period that ends before it starts, Forbidden.
    """
    access.ask(by, "add_post", area)
    try:
        role = Role(role)
    except ValueError as exc:
        raise BadInput("没有这个角色。", "bad_role") from exc
    if starts and ends and ends < starts:
        raise BadInput("结束的日子要在开始之后。", "bad_period")
    if not Account.objects.filter(id=account_id).exists():
        raise NotFound("没有找到这个账号。")
    line, title = line.strip()[:24], title.strip()[:32]
    for post in Post.objects.filter(account_id=account_id, role=role.value, area=area, org=org, line=line):
        if selectors.in_force(post) and (post.starts, post.ends) == (starts, ends):
            return post
    post = Post.objects.create(
        account_id=account_id, role=role.value, area=area, org=org, line=line, title=title, starts=starts, ends=ends
    )
    facts = {"account": str(account_id), "role": role.value}
    record(by, "grid.add_post", _row("post", post.id, area, facts))
    return post


@transaction.atomic
def end_post(*, by: Actor, post_id: UUID, last_day: date | None = None) -> Post:
    """The post is in force to the end of `last_day` (default: yesterday, so it ends at once). Raises NotFound."""
    post = Post.objects.select_related("area").filter(id=post_id).first()
    if post is None:
        raise NotFound("没有找到这个岗位。")
    access.ask(by, "end_post", post.area)
    day = last_day or clock.today() - timedelta(days=1)
    if post.ends is None or post.ends > day:
        post.ends = day
        post.save(update_fields=["ends"])
        facts = {"account": str(post.account_id), "role": post.role, "last_day": day.isoformat()}
        record(by, "grid.end_post", _row("post", post.id, post.area, facts))
    return post


@transaction.atomic
def add_absence(
    *, by: Actor, account_id: UUID, starts_at: datetime, ends_at: datetime, stand_in_id: UUID | None = None
) -> Absence:
    """Leave of a colleague from `starts_at` until `ends_at` (aware), and who stands in.

    Raises BadInput for a wrong period or stand-in, Conflict when other leave overlaps, Forbidden.
    """
    area = access.home_area(account_id)
    access.ask(by, "add_absence", area)
    if starts_at.tzinfo is None or ends_at.tzinfo is None or ends_at <= starts_at:
        raise BadInput("请假的结束时间要在开始之后。", "bad_period")
    if stand_in_id is not None and (
        stand_in_id == account_id
        or not Account.objects.filter(id=stand_in_id, kind=Account.STAFF, is_active=True).exists()
    ):
        raise BadInput("请另选一位在岗的同事代班。", "bad_stand_in")
    for row in Absence.objects.filter(account_id=account_id, starts_at__lt=ends_at, ends_at__gt=starts_at):
        if (row.starts_at, row.ends_at, row.stand_in_id) == (starts_at, ends_at, stand_in_id):
            return row
        raise Conflict("这段时间已经有请假记录。", "absence_overlaps")
    absence = Absence.objects.create(
        account_id=account_id, starts_at=starts_at, ends_at=ends_at, stand_in_id=stand_in_id
    )
    facts = {
        "account": str(account_id), "stand_in": str(stand_in_id) if stand_in_id else None,
        "from": starts_at.isoformat(), "until": ends_at.isoformat(),
    }  # fmt: skip
    record(by, "grid.add_absence", _row("absence", absence.id, area, facts))
    return absence


@transaction.atomic
def end_absence(*, by: Actor, absence_id: UUID, at: datetime | None = None) -> Absence:
    """The colleague is back from `at` (default now). Leave that is over stays as it is. Raises NotFound, Forbidden."""
    absence = Absence.objects.filter(id=absence_id).first()
    if absence is None:
        raise NotFound("没有找到这条请假记录。")
    area = access.home_area(absence.account_id)
    access.ask(by, "end_absence", area)
    end = max(at or clock.now(), absence.starts_at)
    if absence.ends_at > end:
        absence.ends_at = end
        absence.save(update_fields=["ends_at"])
        facts = {"account": str(absence.account_id), "until": end.isoformat()}
        record(by, "grid.end_absence", _row("absence", absence.id, area, facts))
    return absence


@transaction.atomic
def set_roster_shift(
    *, by: Actor, area: Area, account_id: UUID, starts: time, ends: time,
    weekday: int | None = None, day: date | None = None,
) -> RosterShift:  # fmt: skip
    """Put an account on duty for a street or community: each `weekday` (0 = Monday) or on one `day`, from `starts` to
    `ends` (ends ≤ starts: past midnight). The same hours of the same day change hands.

    Raises BadInput for a wrong day, place or account, Forbidden.
    """
    access.ask(by, "set_roster_shift", area)
    if area.level not in (Area.STREET, Area.COMMUNITY):
        raise BadInput("值班表排在街道或社区。", "bad_area")
    if (weekday is None) == (day is None) or (weekday is not None and weekday not in range(7)):
        raise BadInput("请选星期几，或者选一个日子。", "bad_day")
    if not Account.objects.filter(id=account_id, kind=Account.STAFF, is_active=True).exists():
        raise BadInput("请选一位在岗的同事。", "bad_account")
    shift = RosterShift.objects.filter(area=area, weekday=weekday, day=day, starts=starts, ends=ends).first()
    if shift and shift.account_id == account_id:
        return shift
    if shift:
        shift.account_id = account_id
        shift.save(update_fields=["account_id"])
    else:
        shift = RosterShift.objects.create(
            area=area, account_id=account_id, weekday=weekday, day=day, starts=starts, ends=ends
        )
    facts = {
        "account": str(account_id), "weekday": weekday, "day": day.isoformat() if day else None,
        "from": starts.isoformat("minutes"), "until": ends.isoformat("minutes"),
    }  # fmt: skip
    record(by, "grid.set_roster_shift", _row("roster_shift", shift.id, area, facts))
    return shift


@transaction.atomic
def remove_roster_shift(*, by: Actor, shift_id: UUID) -> None:
    """Take a shift off the roster; one that is gone already stays gone. Raises Forbidden."""
    shift = RosterShift.objects.select_related("area").filter(id=shift_id).first()
    if shift is None:
        return
    access.ask(by, "remove_roster_shift", shift.area)
    facts = {"account": str(shift.account_id), "weekday": shift.weekday}
    shift.delete()
    record(by, "grid.remove_roster_shift", _row("roster_shift", shift_id, shift.area, facts))


def _area(area_id: UUID) -> Area:
    area = Area.objects.filter(id=area_id).first()
    if area is None:
        raise NotFound("没有找到这个地方。")
    return area
