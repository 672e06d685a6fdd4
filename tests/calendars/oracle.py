"""A slow, obviously right answer: walk minute by minute and ask the holiday package whether the day is worked.

It shares nothing with `worktime` but the meaning: no tables, no sums, no searches.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar

LOCAL = ZoneInfo("Asia/Shanghai")
Shifts = tuple[tuple[int, time, time], ...]
LAST_PUBLISHED = 2026


@cache
def shifts_of(shifts: Shifts, day: date) -> Shifts:
    """The shifts that begin on a day."""
    own = tuple(s for s in shifts if s[0] == day.weekday())
    if day.year > LAST_PUBLISHED:
        return own
    holiday = day in chinese_calendar.holidays
    make_up = day in chinese_calendar.workdays
    if holiday:
        return ()
    if not make_up or (own and day.weekday() < 5):
        return own
    for weekday in (0, 1, 2, 3, 4):
        week = tuple(s for s in shifts if s[0] == weekday)
        if week:
            return week
    return own


def moments(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """The beginning and end of a shift, local and naive."""
    first = datetime.combine(day, starts)
    last = datetime.combine(day, ends)
    return first, last if last > first else last + timedelta(days=1)


def open_at(shifts: Shifts, minute: datetime) -> bool:
    """Is the minute that begins at this local moment worked?"""
    return minute in _worked(shifts, minute.date()) if not minute.second else _open_at(shifts, minute)


@cache
def _worked(shifts: Shifts, day: date) -> frozenset[datetime]:
    """Each minute of a day asked once: ten tests walk over the same years."""
    first = datetime.combine(day, time())
    return frozenset(m for m in (first + timedelta(minutes=n) for n in range(24 * 60)) if _open_at(shifts, m))


def _open_at(shifts: Shifts, minute: datetime) -> bool:
    for day in (minute.date(), minute.date() - timedelta(days=1)):
        for _, starts, ends in shifts_of(shifts, day):
            first, last = moments(day, starts, ends)
            if first <= minute < last:
                return True
    return False


def add(shifts: Shifts, start: datetime, minutes: int) -> datetime:
    """Walk on until so many open minutes have passed; the end of the last of them."""
    at = start
    while minutes:
        minutes -= open_at(shifts, at)
        at += timedelta(minutes=1)
    return at


def between(shifts: Shifts, start: datetime, end: datetime) -> int:
    """Count the open minutes."""
    count, at = 0, start
    while at < end:
        count += open_at(shifts, at)
        at += timedelta(minutes=1)
    return count


def next_open(shifts: Shifts, start: datetime) -> datetime:
    """Walk on until a minute is open."""
    while not open_at(shifts, start):
        start += timedelta(minutes=1)
    return start


def add_days(shifts: Shifts, start: datetime, days: int) -> datetime:
    """Turn the leaf of the calendar until so many working days have come; the end of the last one's last shift."""
    day = start.date()
    while days:
        day += timedelta(days=1)
        days -= bool(shifts_of(shifts, day))
    return max(moments(day, a, b)[1] for _, a, b in shifts_of(shifts, day))


def utc(local: datetime) -> datetime:
    """Naive local → UTC."""
    return local.replace(tzinfo=LOCAL).astimezone(UTC)
