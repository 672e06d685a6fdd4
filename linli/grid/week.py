"""A week of working time as people read it: rows of a form, a picture, and what it would mean for a limit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from linli.calendars import selectors as calendars
from linli.calendars.worktime import DAY_MINUTES, span
from linli.grid import selectors
from linli.grid.models import Area
from linli.kernel import clock

ShiftRow = tuple[int, time, time]
DAYS = ("一", "二", "三", "四", "五", "六", "日")
#: a week of fewer or more hours is probably a slip
FEW, MANY = 15, 84


@dataclass(frozen=True, slots=True)
class Span:
    """One row of the form: these weekdays, from, to."""

    days: tuple[int, ...]
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Line:
    """One weekday of the picture: what is said of it, and the bars (from, wide; minutes of the day)."""

    name: str
    said: str
    bars: tuple[tuple[int, int], ...]


def spans(shifts: Iterable[ShiftRow]) -> list[Span]:
    """The week as few rows: the same hours of several days are one."""
    found: dict[tuple[time, time], list[int]] = {}
    for weekday, starts, ends in sorted(shifts, key=lambda s: (s[1], s[2], s[0])):
        found.setdefault((starts, ends), []).append(weekday)
    return [Span(tuple(days), *hours) for hours, days in found.items()]


def lines(shifts: Sequence[ShiftRow]) -> list[Line]:
    """Seven days; what runs over midnight goes on on the next day's bar."""
    bars: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for weekday, starts, ends in shifts:
        first, last = span(starts, ends)
        bars[weekday].append((first, min(last, DAY_MINUTES) - first))
        if last > DAY_MINUTES:
            bars[(weekday + 1) % 7].append((0, last - DAY_MINUTES))
    return [Line(f"周{DAYS[n]}", _said(n, shifts), tuple(sorted(bars[n]))) for n in range(7)]


def _said(weekday: int, shifts: Sequence[ShiftRow]) -> str:
    own = sorted((a, b) for w, a, b in shifts if w == weekday)
    said = [f"{hour(a)}–{'次日' if 0 < _minutes(b) <= _minutes(a) else ''}{hour(b, end=True)}" for a, b in own]
    over = [b for w, a, b in shifts if w == (weekday - 1) % 7 and 0 < _minutes(b) <= _minutes(a)]
    return "、".join([f"到 {hour(b)}（接前一天）" for b in over] + said) or "休息"


def hour(at: time, end: bool = False) -> str:
    """9:00; the end of a day is 24:00."""
    return "24:00" if end and at == time() else f"{at.hour}:{at.minute:02d}"


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def total(shifts: Iterable[ShiftRow]) -> int:
    """Minutes of a week."""
    return sum(b - a for a, b in (span(starts, ends) for _, starts, ends in shifts))


def hours(minutes: int) -> str:
    """37.5, 40"""
    return f"{minutes / 60:.1f}".removesuffix(".0")


def preview(area: Area | None, shifts: Sequence[ShiftRow]) -> list[str]:
    """What this week would mean, in whole sentences, beside what the present one means. Raises NoOpenTime, OutOfCalendar."""
    codes = selectors.calendar_codes(area.id if area else None)
    office, days = calendars.get_calendar("hours", codes), calendars.get_calendar("days", codes)
    friday = _friday()
    said = [f"按这张表，一周上班 {hours(total(shifts))} 小时。"]
    for now, amount, what in ((office, 120, "2 个工作小时"), (days, 1, "1 个工作日")):
        new, old = calendars.with_shifts(now, shifts).add(friday, amount), now.add(friday, amount)
        before = "，和现在一样" if new == old else f"；现在的表是{moment(old)}"
        said.append(f"{moment(friday)} 收到的 {what}的事，{moment(new)} 到期{before}。")
    minutes = total(shifts) / 60
    if minutes < FEW or minutes > MANY:
        said.append("一周的钟点不太像平常的上班时间，请再看一眼。")
    return said


def _friday() -> datetime:
    """The next Friday, 16:50: shortly before one goes home, so that a limit runs over the week's end."""
    today = clock.today()
    return datetime.combine(today + timedelta(days=(4 - today.weekday()) % 7), time(16, 50), clock.LOCAL)


def moment(at: datetime) -> str:
    """3月9日 周一 10:20"""
    here = clock.local(at)
    return f"{here.month}月{here.day}日 周{DAYS[here.weekday()]} {hour(here.time())}"
