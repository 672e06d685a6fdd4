"""Figures said plainly: moments, time left, shares with their denominators. Pure functions, tested as such."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from linli.kernel import clock

HOURS, LONG = 10 * 60, 3 * 24 * 60


def when(at: datetime, now: datetime | None = None, full: bool = False) -> str:
    """A moment for people in China: 今天 10:40, 昨天 16:20, 明天 9:00, 11月3日, 2025年11月3日.

    A day to come always carries its hour, because a promise is an hour; `full` adds the hour to past days too.
    """
    here, today = clock.local(at), clock.local_day(now or clock.now())
    hour = f"{here.hour}:{here.minute:02d}"
    days = (here.date() - today).days
    near = {0: "今天", -1: "昨天", 1: "明天", 2: "后天"}.get(days)
    if near:
        return f"{near} {hour}"
    day = f"{here.month}月{here.day}日"
    if here.year != today.year:
        day = f"{here.year}年{day}"
    return f"{day} {hour}" if full or days > 0 else day


def moment(at: datetime) -> str:
    """The whole moment, for titles and prints: 2026年11月3日 14:05."""
    here = clock.local(at)
    return f"{here.year}年{here.month}月{here.day}日 {here.hour}:{here.minute:02d}"


def on_paper(at: datetime, now: datetime | None = None) -> str:
    """A moment on a sheet of paper, which is read on other days too: 11月3日 14:05, of another year 2025年11月3日 14:05."""
    here, today = clock.local(at), clock.local_day(now or clock.now())
    year = "" if here.year == today.year else f"{here.year}年"
    return f"{year}{here.month}月{here.day}日 {here.hour}:{here.minute:02d}"


def day(at: datetime) -> str:
    """A day that was agreed, with its name: 3月5日（周四）."""
    here = clock.local(at)
    return f"{here.month}月{here.day}日（周{'一二三四五六日'[here.weekday()]}）"


def minutes_of(value: float | timedelta) -> int:
    """Whole minutes of a number of minutes or a timedelta; a begun minute of delay counts as late."""
    number = value.total_seconds() / 60 if isinstance(value, timedelta) else value
    return int(number // 1)


def remain(minutes: float | timedelta) -> str:
    """Time left on a clock: 剩 0:20, 超 0:35. From ten hours on the minutes say nothing and 37:28 could be either: 剩 37 小时. A
    limit's hours are not turned into days (a working day has eight), but from three days on the hour says nothing: 超 22 天."""
    left = minutes_of(minutes)
    if abs(left) >= LONG:
        return f"{'超' if left < 0 else '剩'} {abs(left) // 1440} 天"
    if abs(left) >= HOURS:
        return f"{'超' if left < 0 else '剩'} {abs(left) // 60} 小时"
    return f"{'超' if left < 0 else '剩'} {abs(left) // 60}:{abs(left) % 60:02d}"


def remain_spoken(minutes: float | timedelta) -> str:
    """The same for a screen reader: 剩 20 分钟, 超时 1 小时 5 分钟."""
    left = minutes_of(minutes)
    if abs(left) >= LONG:
        return f"{'超时' if left < 0 else '剩'} {abs(left) // 1440} 天"
    hours, rest = divmod(abs(left), 60)
    rest = rest if abs(left) < HOURS else 0
    words = [f"{hours} 小时" if hours else "", f"{rest} 分钟" if rest or not hours else ""]
    return ("超时 " if left < 0 else "剩 ") + " ".join(w for w in words if w)


def percent(part: float, whole: float) -> str:
    """A share rounded down, so that 100% means all and 0% means none; "" without a denominator."""
    if not whole:
        return ""
    if 0 < part < whole / 100:
        return "不到 1%"
    return f"{int(part * 100 // whole)}%"


def points(values: Sequence[float], width: float = 96, height: float = 28) -> list[tuple[float, float]]:
    """Where a small line goes through, left to right, scaled from nought to the greatest value."""
    top = max([*values, 1])
    step = width / max(len(values) - 1, 1)
    return [(round(i * step, 1), round(height - 3 - v / top * (height - 6), 1)) for i, v in enumerate(values)]
