"""Working time as the desk changes it: the district's week, an area's own week, single days. `calendars` knows no places, so
the reach is asked here, and it writes as the system; who it was stands in our own event."""

from collections.abc import Sequence
from datetime import date, time, timedelta

from django.db import transaction

from linli.calendars import actions as calendars
from linli.calendars import selectors as calendars_of
from linli.calendars.models import SpecialDay
from linli.grid import access
from linli.grid.actions.common import row_at
from linli.grid.models import Area
from linli.grid.seen import check, mark
from linli.kernel import ids
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import BadInput, NotFound
from linli.ledger.record import record

ShiftRow = calendars.ShiftRow
#: limits in working hours and in working days run on one week
CODES = {"hours": "工作时间", "days": "工作日"}
FIRST = "hours"
MOST_DAYS = 31


def code_of(area: Area | None) -> str:
    """Under which code a place's working time stands; "" for the district. Raises BadInput for a grid."""
    if area is None or area.level == Area.DISTRICT:
        return ""
    if area.level == Area.GRID:
        raise BadInput("上下班时间排在街道或社区，网格跟着社区。", "bad_area")
    return area.code


def seen_week(area: Area | None) -> str:
    """The mark of a place's own week as it is now (`grid.seen`)."""
    return mark(calendars_of.own_week(FIRST, code_of(area)))


@transaction.atomic
def set_hours(*, by: Actor, area: Area | None, shifts: Sequence[ShiftRow], seen: str | None = None) -> bool:
    """Give the district (None), a street or a community its week. What is under way keeps the hour that was promised.
    Returns whether anything changed.

    Raises Forbidden, Stale; BadInput for shifts that overlap, NoOpenTime for none.
    """
    code = code_of(area)
    access.ask(by, "set_hours", area)
    calendars.hold(FIRST)
    check(seen_week(area), seen)
    shifts = sorted(set(shifts))
    if shifts and calendars_of.own_week(FIRST, code) == shifts:
        return False
    for kind, name in CODES.items():
        name = f"{area.name[:50]}{name}" if area and code else name
        calendars.save_calendar(by=SYSTEM, code=kind, name=name, kind=kind, shifts=shifts, area_code=code)
    record(by, "grid.set_hours", row_at("hours", area.id if area else ids.new(), area, {"area": code, "week": _week(shifts)}))
    return True


def _week(shifts: Sequence[ShiftRow]) -> dict[str, list[str]]:
    week: dict[str, list[str]] = {}
    for weekday, starts, ends in shifts:
        week.setdefault(str(weekday), []).append(f"{_hour(starts)}-{_hour(ends)}")
    return week


def _hour(at: time) -> str:
    return at.isoformat("minutes")


@transaction.atomic
def drop_hours(*, by: Actor, area: Area, seen: str | None = None) -> None:
    """The place follows what lies above it again: community → street → district. Raises Forbidden, BadInput, Stale, NotFound."""
    code = code_of(area)
    access.ask(by, "drop_hours", area)
    if not code:
        raise BadInput("全区的上下班时间不能去掉，只能修改。")
    calendars.hold(FIRST)
    check(seen_week(area), seen)
    own = [kind for kind in CODES if calendars_of.own_week(kind, code)]
    if not own:
        raise NotFound("这里没有自己的上下班时间。")
    for kind in own:
        calendars.drop_calendar(by=SYSTEM, code=kind, area_code=code)
    record(by, "grid.drop_hours", row_at("hours", area.id, area, {"area": code}))


def _days(first: date, last: date | None) -> list[date]:
    last = last or first
    if last < first:
        raise BadInput("最后一天要在第一天之后。", "bad_period")
    if (last - first).days >= MOST_DAYS:
        raise BadInput(f"一次最多 {MOST_DAYS} 天，请分几次填。", "too_many_days")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@transaction.atomic
def set_special_days(
    *, by: Actor, area: Area | None, first: date, last: date | None = None, working: bool, name: str = "",
    provisional: bool = False,
) -> int:  # fmt: skip
    """Make days (to `last`, included) a holiday or working days, for the district, a street or a community; `provisional`
    until they are published. Returns how many changed. Raises Forbidden, BadInput, OutOfCalendar."""
    code = code_of(area)
    access.ask(by, "set_special_days", area)
    days, name = _days(first, last), " ".join(name.replace("\x00", "").split())
    calendars.hold(FIRST)
    there = {d.day: (d.working, d.name, d.provisional) for d in SpecialDay.objects.filter(area_code=code, day__in=days)}
    new = [day for day in days if there.get(day) != (working, name, provisional)]
    for day in new:
        calendars.set_special_day(by=SYSTEM, day=day, working=working, name=name, area_code=code, provisional=provisional)
    if new:
        facts = {
            "area": code, "from": new[0].isoformat(), "until": new[-1].isoformat(), "days": len(new), "working": working,
            "provisional": provisional,
        }  # fmt: skip
        record(by, "grid.set_special_days", row_at("hours", area.id if area else ids.new(), area, facts))
    return len(new)


@transaction.atomic
def drop_special_days(*, by: Actor, area: Area | None, first: date, last: date | None = None) -> int:
    """Let these days follow the plain week (or what lies above) again. Returns how many did. Raises Forbidden, NotFound."""
    code = code_of(area)
    access.ask(by, "drop_special_days", area)
    days = _days(first, last)
    calendars.hold(FIRST)
    there = list(SpecialDay.objects.filter(area_code=code, day__in=days).order_by("day").values_list("day", flat=True))
    if not there:
        raise NotFound("这几天没有特别安排。")
    for day in there:
        calendars.drop_special_day(by=SYSTEM, day=day, area_code=code)
    facts = {"area": code, "from": there[0].isoformat(), "until": there[-1].isoformat(), "days": len(there)}
    record(by, "grid.drop_special_days", row_at("hours", area.id if area else ids.new(), area, facts))
    return len(there)
