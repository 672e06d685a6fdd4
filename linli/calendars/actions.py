"""The only writer of calendars. Each change is recorded, which renews the stamp under which readers keep what they built."""

from collections.abc import Sequence
from datetime import date, time

from django.db import connection, transaction

from linli.calendars import access, selectors, worktime
from linli.calendars.models import Calendar, Shift, SpecialDay
from linli.kernel import ids
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.ledger.record import Row, record

ShiftRow = tuple[int, time, time]  # weekday (0 = Monday), from, to; to ≤ from means the next day

OFFICE: tuple[ShiftRow, ...] = tuple(
    (weekday, starts, ends)
    for weekday in range(5)
    for starts, ends in ((time(9), time(12)), (time(13, 30), time(17, 30)))
)
DEFAULTS = (("clock", "全天候", ()), ("hours", "工作时间", OFFICE), ("days", "工作日", OFFICE))


@transaction.atomic
def seed_calendars(*, by: Actor) -> int:
    """Make the three default calendars and the published holidays and make-up days of 2004 and later.

    May run again at any time, best after each update of the holiday package: calendars and settled days that
    somebody edited stay, provisional days of a published year give way. Returns how many rows changed. Raises Forbidden.
    """
    access.ask(by, "seed_calendars")
    changed = 0
    for code, name, shifts in DEFAULTS:
        calendar, made = Calendar.objects.get_or_create(
            code=code, area_code="", defaults={"name": name, "kind": code}
        )
        if made:
            _put_shifts(calendar, shifts)
            changed += 1
    published = selectors.published()
    years = {day.year for day in published}
    district = SpecialDay.objects.filter(area_code="")
    given_way = [r.id for r in district.filter(provisional=True) if r.day.year in years]
    district.filter(id__in=given_way).delete()
    there = set(district.values_list("day", flat=True))
    rows = [
        SpecialDay(day=day, working=working, name=name)
        for day, (working, name) in sorted(published.items())
        if day not in there
    ]
    SpecialDay.objects.bulk_create(rows, batch_size=500)
    changed += len(rows) + len(given_way)
    if changed:
        record(by, "calendars.seed_calendars", Row("calendars", ids.new(), facts={"rows": changed}))
    return changed


@transaction.atomic
def save_calendar(
    *, by: Actor, code: str, name: str, kind: str, shifts: Sequence[ShiftRow] = (), area_code: str = ""
) -> Calendar:
    """Make the calendar of a code (for the district or one area), or replace it with all its shifts.

    Raises Forbidden; BadInput for shifts that overlap or are malformed; NoOpenTime for "hours" or "days" without any.
    """
    access.ask(by, "save_calendar")
    code, name = code.strip(), name.strip()
    if not code or not name or len(code) > 40 or len(name) > 60 or len(area_code) > 40:
        raise BadInput("请填写日历的编号（40字以内）和名称（60字以内）。")
    if kind not in worktime.KINDS:
        raise BadInput("日历的类型只能是全天候、工作时间或工作日。")
    if kind == worktime.CLOCK:
        shifts = ()
    elif not shifts:
        raise worktime.NoOpenTime()
    check_shifts(shifts)
    hold(code)
    calendar, made = Calendar.objects.get_or_create(
        code=code, area_code=area_code, defaults={"name": name, "kind": kind}
    )
    before = set(calendar.shifts.values_list("weekday", "starts", "ends"))
    if not made and before == set(shifts) and (calendar.name, calendar.kind) == (name, kind):
        return calendar
    Calendar.objects.filter(id=calendar.id).update(name=name, kind=kind)
    calendar.name, calendar.kind = name, kind
    _put_shifts(calendar, shifts)
    facts = {"kind": kind, "area": area_code, "shifts": len(shifts)}
    record(by, "calendars.save_calendar", Row("calendar", calendar.id, facts=facts))
    return calendar


@transaction.atomic
def drop_calendar(*, by: Actor, code: str, area_code: str) -> None:
    """An area's own calendar goes: it follows what lies above it again. Raises Forbidden, NotFound, BadInput."""
    access.ask(by, "drop_calendar")
    if not area_code:
        raise BadInput("全区的工作日历不能去掉，只能修改。")
    hold(code)
    calendar = Calendar.objects.filter(code=code, area_code=area_code).first()
    if calendar is None:
        raise NotFound("这里没有自己的工作日历。")
    calendar_id = calendar.id
    calendar.delete()
    record(by, "calendars.drop_calendar", Row("calendar", calendar_id, facts={"area": area_code}))


def hold(code: str) -> None:
    """Whoever changes calendars of this code waits here until the others have; must run in a transaction."""
    rows = Calendar.objects.filter(code=code).order_by("id")
    if connection.features.has_select_for_update:
        list(rows.select_for_update().values_list("id"))


@transaction.atomic
def set_special_day(
    *, by: Actor, day: date, working: bool, name: str = "", area_code: str = "", provisional: bool = False
) -> SpecialDay:
    """Make a day a holiday or a working day, for the district or one area. Raises Forbidden, BadInput."""
    access.ask(by, "set_special_day")
    if not worktime.FIRST_YEAR <= day.year <= worktime.LAST_YEAR:
        raise worktime.OutOfCalendar()
    if len(name) > 60 or len(area_code) > 40:
        raise BadInput("名称请控制在60字以内。")
    row, _ = SpecialDay.objects.update_or_create(
        area_code=area_code,
        day=day,
        defaults={"working": working, "name": name.strip(), "provisional": provisional},
    )
    facts = {"day": day.isoformat(), "working": working, "area": area_code, "provisional": provisional}
    record(by, "calendars.set_special_day", Row("special_day", row.id, facts=facts))
    return row


@transaction.atomic
def drop_special_day(*, by: Actor, day: date, area_code: str = "") -> None:
    """Let the day follow what was published, or the plain week (an area's: the district) again. Raises Forbidden, NotFound;
    BadInput for a day that is as it was published: whoever wants it otherwise says what it is instead."""
    access.ask(by, "drop_special_day")
    row = SpecialDay.objects.filter(area_code=area_code, day=day).first()
    if row is None:
        raise NotFound("这一天没有特别安排。")
    row_id = row.id
    told = selectors.published().get(day) if not area_code else None
    if told == (row.working, row.name):
        raise BadInput("这一天是国家公布的，去不掉；真要改，请加一个同一天的安排。", "published")
    if told:
        row.working, row.name, row.provisional = *told, False
        row.save()
    else:
        row.delete()
    facts = {"day": day.isoformat(), "area": area_code}
    record(by, "calendars.drop_special_day", Row("special_day", row_id, facts=facts))


def check_shifts(shifts: Sequence[ShiftRow]) -> None:
    """Raises BadInput unless the shifts are whole minutes and do not overlap, within a day or over midnight."""
    week = 7 * worktime.DAY_MINUTES
    taken: list[worktime.Span] = []
    for weekday, starts, ends in shifts:
        if weekday not in range(7) or any(t.second or t.microsecond for t in (starts, ends)):
            raise BadInput("班次要写明星期几，时间精确到分钟。")
        first, last = worktime.span(starts, ends)
        base = weekday * worktime.DAY_MINUTES
        taken += [(base + first, base + last), (base + first + week, base + last + week)]
    taken.sort()
    if any(b[0] < a[1] for a, b in zip(taken, taken[1:], strict=False)):
        raise BadInput("同一天的班次有重叠，请检查上下班时间。")


def _put_shifts(calendar: Calendar, shifts: Sequence[ShiftRow]) -> None:
    calendar.shifts.all().delete()
    Shift.objects.bulk_create(Shift(calendar=calendar, weekday=w, starts=a, ends=b) for w, a, b in shifts)
