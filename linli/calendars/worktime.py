"""Working time as arithmetic, without a database: a WorkTime answers when a limit ends and how much of it is used.

All moments are aware; shifts are wall time in Asia/Shanghai. Open time is kept as two sorted lists (the end of each
open interval and the open time up to it), so that every question is one or two binary searches.

The unit of `amount` follows the kind of the calendar: minutes for "clock" and "hours", working days for "days".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from linli.kernel.clock import LOCAL
from linli.kernel.errors import BadInput, LinliError

CLOCK, HOURS, DAYS = "clock", "hours", "days"
KINDS = (CLOCK, HOURS, DAYS)
# China kept summer time until 1991: before 1992 a minute on the wall is not always a minute that passed.
FIRST_YEAR, LAST_YEAR = 1992, 2200

DAY_MINUTES = 24 * 60
MINUTE = 60_000_000  # microseconds
DAY = DAY_MINUTES * MINUTE
_EPOCH = datetime(1970, 1, 1, tzinfo=LOCAL)  # differences within one zone are differences on the wall
_EPOCH_DAY = _EPOCH.date().toordinal()
_MICROSECOND = timedelta(microseconds=1)

Span = tuple[int, int]  # minutes of the local day, [from, to); `to` may pass 1440 for a shift over midnight


class NoOpenTime(LinliError):
    """The calendar never opens, so no limit on it can end."""

    code, status = "no_open_time", 409
    message = "这份工作日历里没有任何上班时间，请先到工作日历里把班次排上。"


class OutOfCalendar(BadInput):
    """A moment before FIRST_YEAR or after LAST_YEAR."""

    code = "out_of_calendar"
    message = "这个时间太早或太远，工作日历算不了，请核对日期。"


def span(starts: time, ends: time) -> Span:
    """A shift as minutes of its day; an end at or before the start lies on the next day (22:00–06:00, 8:00–0:00)."""
    first, last = starts.hour * 60 + starts.minute, ends.hour * 60 + ends.minute
    return (first, last) if last > first else (first, last + DAY_MINUTES)


@dataclass(frozen=True, slots=True)
class _Table:
    """Open intervals of whole years, in microseconds of local time since 1970."""

    first_year: int
    last_year: int
    starts: list[int]
    ends: list[int]
    done: list[int]  # open time up to ends[i]
    days: list[int]  # working days, counted from 1970
    day_ends: list[int]  # the end of each one's last shift

    def opened(self, at: int) -> int:
        """Open microseconds before a local moment."""
        i = bisect_right(self.ends, at)
        before = self.done[i - 1] if i else 0
        return before + max(0, at - self.starts[i]) if i < len(self.ends) else before

    def days_through(self, at: int) -> int:
        """Working days up to and with the day of a local moment."""
        return bisect_right(self.days, at // DAY)


@dataclass(frozen=True, eq=False)
class WorkTime:
    """One calendar at one place. Immutable for its readers; built once, it makes years ready as they are asked for.

    shifts: weekday (0 = Monday) → spans. special: day → working? (holidays False, make-up days True).
    announced: the years whose holidays the State Council has published; all others run on plain weekdays.
    tentative: single days that are not settled yet. version: changes with every change of the data.
    """

    kind: str
    shifts: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    special: Mapping[date, bool] = field(default_factory=dict)
    announced: frozenset[int] = frozenset()
    tentative: frozenset[date] = frozenset()
    version: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of calendar: {self.kind}")
        for weekday, spans in self.shifts.items():
            if not 0 <= weekday <= 6 or any(
                not 0 <= a < DAY_MINUTES or not a < b <= a + DAY_MINUTES for a, b in spans
            ):
                raise ValueError(f"malformed shifts for weekday {weekday}")
        object.__setattr__(self, "shifts", MappingProxyType(dict(self.shifts)))
        object.__setattr__(self, "special", MappingProxyType(dict(self.special)))
        object.__setattr__(self, "_table", None)

    # -- questions ---------------------------------------------------------------------------------------------

    def add(self, start: datetime, amount: float) -> datetime:
        """The moment (UTC) when `amount` of working time has passed since `start`.

        clock: minutes on the wall. hours: open minutes; a limit that fills a shift ends with that shift, not at the
        opening of the next. days: whole working days after the day of `start` (which does not count), to the end of
        the last shift. An amount of 0 gives `start`. Raises BadInput when negative, NoOpenTime, OutOfCalendar.
        """
        if amount < 0:
            raise BadInput("时限不能是负数。")
        if amount == 0:
            return start.astimezone(UTC)
        if self.kind == CLOCK:
            try:
                return start.astimezone(UTC) + timedelta(minutes=amount)
            except OverflowError:
                raise OutOfCalendar() from None
        if self.kind == DAYS:
            return self._add_days(start, amount)
        return self._add_open(start, round(amount * MINUTE))

    def between(self, start: datetime, end: datetime) -> float:
        """Working time from `start` to `end` in the calendar's unit; negative when `end` is the earlier one.

        Inverse of `add`: between(s, add(s, n)) == n. For "days": the working days after the day of `start` that
        have ended by `end`.
        """
        if end < start:
            return -self.between(end, start)
        if self.kind == CLOCK:
            return (end - start) / timedelta(minutes=1)
        if self.kind == DAYS:
            table, first, last = self._cover(start, end)
            return float(max(0, bisect_right(table.day_ends, last) - table.days_through(first)))
        return self.minutes(start, end)

    def minutes(self, start: datetime, end: datetime) -> float:
        """Open minutes from `start` to `end`, also of a "days" calendar."""
        if end < start:
            return -self.minutes(end, start)
        if self.kind == CLOCK:
            return (end - start) / timedelta(minutes=1)
        table, first, last = self._cover(start, end)
        return (table.opened(last) - table.opened(first)) / MINUTE

    def share(self, start: datetime, amount: float, part: float) -> datetime:
        """The moment when `part` of a limit is used up: 0.8 for yellow, 1 for red, 1.5 for the next level.

        Of a "days" limit the open minutes from `start` to its end are shared out, so that 80 % of one day exists.
        """
        if self.kind != DAYS:
            return self.add(start, amount * part)
        end = self.add(start, amount)
        if part == 1 or amount == 0:
            return end
        table, first, last = self._cover(start, end)
        return self._add_open(start, round((table.opened(last) - table.opened(first)) * part))

    def push(self, at: datetime, start: datetime, end: datetime) -> datetime:
        """`at`, later by the open time between `start` and `end`: what a limit's moment becomes by a pause before it."""
        if end <= start:
            return at.astimezone(UTC)
        if self.kind == CLOCK:
            return at.astimezone(UTC) + (end - start)
        table, first, last = self._cover(start, end)
        return self._add_open(at, table.opened(last) - table.opened(first))

    def is_open(self, at: datetime) -> bool:
        """Is somebody at work at this moment? A shift holds its first moment and not its last."""
        if self.kind == CLOCK:
            return True
        table, moment, _ = self._cover(at, at)
        i = bisect_right(table.ends, moment)
        return i < len(table.ends) and table.starts[i] <= moment

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when open, else the beginning (UTC) of the next shift. Raises NoOpenTime, OutOfCalendar."""
        if self.kind == CLOCK:
            return at.astimezone(UTC)
        table, moment, _ = self._cover(at, at)
        while (i := bisect_right(table.ends, moment)) >= len(table.ends):
            table = self._longer(table)
        return _moment(max(moment, table.starts[i]))

    def works_on(self, day: date) -> bool:
        """Does any shift begin on this local day?"""
        return self.kind == CLOCK or bool(self._spans(day))

    def is_provisional(self, at: datetime) -> bool:
        """Do the holidays around this moment still wait for their publication (or for a decision)?"""
        day = at.astimezone(LOCAL).date()
        return self.kind != CLOCK and (day.year not in self.announced or day in self.tentative)

    # -- the table ---------------------------------------------------------------------------------------------

    def _spans(self, day: date) -> tuple[Span, ...]:
        """Shifts that begin on a day. A make-up Saturday runs like the first weekday that has shifts."""
        weekday = day.weekday()
        own = self.shifts.get(weekday, ())
        working = self.special.get(day)
        if working is None:
            return own
        if not working:
            return ()
        if weekday < 5 and own:
            return own
        return next((self.shifts[w] for w in range(5) if self.shifts.get(w)), own)

    def _cover(self, start: datetime, end: datetime) -> tuple[_Table, int, int]:
        """The table ready for both moments, and the moments in local microseconds."""
        first = (start.astimezone(LOCAL) - _EPOCH) // _MICROSECOND
        last = first if end is start else (end.astimezone(LOCAL) - _EPOCH) // _MICROSECOND
        table: _Table | None = self._table  # type: ignore[attr-defined]
        low, high = _year(first), _year(last)
        if table is None or low < table.first_year or high > table.last_year:
            if low < FIRST_YEAR or high > LAST_YEAR:
                raise OutOfCalendar()
            if table is not None:
                low, high = min(low, table.first_year), max(high, table.last_year)
            table = self._build(low, min(high + 1, LAST_YEAR))
        return table, first, last

    def _longer(self, table: _Table) -> _Table:
        """The same table to twice as far. Raises NoOpenTime when nothing opens ever, else OutOfCalendar at the end."""
        if not any(self.shifts.values()):
            raise NoOpenTime()
        if table.last_year >= LAST_YEAR:
            raise OutOfCalendar()
        years = table.last_year - table.first_year + 1
        return self._build(table.first_year, min(table.last_year + years, LAST_YEAR))

    def _build(self, first_year: int, last_year: int) -> _Table:
        first = date(first_year, 1, 1).toordinal()
        spans: list[Span] = []
        days: list[int] = []
        day_ends: list[int] = []
        for ordinal in range(first - 1, date(last_year, 12, 31).toordinal() + 1):
            own = self._spans(date.fromordinal(ordinal))
            if own:
                midnight = (ordinal - _EPOCH_DAY) * DAY
                spans += [(midnight + a * MINUTE, midnight + b * MINUTE) for a, b in own]
                if ordinal >= first:
                    days.append(ordinal - _EPOCH_DAY)
                    last = midnight + max(b for _, b in own) * MINUTE
                    day_ends.append(max(last, day_ends[-1]) if day_ends else last)
        starts, ends = _union(spans)
        done, total = [], 0
        for a, b in zip(starts, ends, strict=True):
            total += b - a
            done.append(total)
        table = _Table(first_year, last_year, starts, ends, done, days, day_ends)
        # One assignment: other threads see the old table or the new one.
        object.__setattr__(self, "_table", table)
        return table

    # -- adding ------------------------------------------------------------------------------------------------

    def _add_open(self, start: datetime, micros: int) -> datetime:
        table, moment, _ = self._cover(start, start)
        if micros <= 0:
            return start.astimezone(UTC)
        target = table.opened(moment) + micros
        while not table.done or table.done[-1] < target:
            table = self._longer(table)
        i = bisect_left(table.done, target)
        return _moment(table.ends[i] - (table.done[i] - target))

    def _add_days(self, start: datetime, amount: float) -> datetime:
        if amount != int(amount):
            raise BadInput("按工作日计算的时限要填整数天。")
        table, moment, _ = self._cover(start, start)
        target = table.days_through(moment) + int(amount) - 1
        while target >= len(table.day_ends):
            table = self._longer(table)
        return _moment(table.day_ends[target])


def _union(spans: Iterable[Span]) -> tuple[list[int], list[int]]:
    """Overlapping and touching intervals joined."""
    starts: list[int] = []
    ends: list[int] = []
    for a, b in sorted(spans):
        if ends and a <= ends[-1]:
            ends[-1] = max(ends[-1], b)
        else:
            starts.append(a)
            ends.append(b)
    return starts, ends


def _year(local: int) -> int:
    return date.fromordinal(_EPOCH_DAY + local // DAY).year


def _moment(local: int) -> datetime:
    """Local microseconds → UTC."""
    return (_EPOCH + timedelta(microseconds=local)).astimezone(UTC)
