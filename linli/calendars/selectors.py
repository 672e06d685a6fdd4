"""Reads: the WorkTime of a code, and lists for the pages that edit it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time
from functools import cache
from threading import Lock

from chinese_calendar.constants import Holiday, holidays, workdays

from linli.calendars import worktime
from linli.calendars.models import Calendar, Shift, SpecialDay
from linli.calendars.worktime import WorkTime
from linli.kernel.errors import NotFound
from linli.ledger import stamps

STAMP = stamps.watch("calendars", "calendars.")
_KEPT = 500  # calendars × areas; old versions are dropped when more have gathered
_cache: dict[tuple[str, str, tuple[str, ...]], WorkTime] = {}
_lock = Lock()


def get_calendar(code: str, area_code: str | Sequence[str] = "", stamp: str | None = None) -> WorkTime:
    """The working time of a calendar code at a place. One small statement when nothing has changed.

    area_code: the place's code, or the codes of the place and what lies above it, nearest first; the first that has
    its own calendar wins, then the district's ("" is always asked last). Special days are taken day by day in the
    same order. Keep the result over a batch; it is immutable. `stamp`: a `version()` read before in the same batch.
    Raises NotFound for an unknown code.
    """
    areas = (area_code,) if isinstance(area_code, str) else tuple(area_code)
    return _kept(code, (*(a for a in areas if a), ""), version() if stamp is None else stamp)


def get_calendars(code: str, places: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], WorkTime]:
    """The same for several places at once, each by its codes, nearest first: one small statement when nothing has
    changed. Raises NotFound."""
    stamp = version()
    return {codes: get_calendar(code, codes, stamp) for codes in set(places)}


def _kept(code: str, areas: tuple[str, ...], stamp: str) -> WorkTime:
    key = (stamp, code, areas)
    found = _cache.get(key)
    if found is None:
        found = _load(code, areas, stamp)
        with _lock:
            if len(_cache) >= _KEPT:
                _cache.clear()
            _cache[key] = found
    return found


def version() -> str:
    """A stamp that changes with every change of calendars, shifts or special days."""
    return stamps.current(STAMP)


def _load(code: str, areas: tuple[str, ...], stamp: str) -> WorkTime:
    by_area = {c.area_code: c for c in Calendar.objects.filter(code=code, area_code__in=areas)}
    calendar = next((by_area[a] for a in areas if a in by_area), None)
    if calendar is None:
        raise NotFound(f"没有找到编号为“{code}”的工作日历。")
    shifts: dict[int, list[worktime.Span]] = {}
    rows_of = Shift.objects.filter(calendar=calendar)
    for weekday, starts, ends in rows_of.values_list("weekday", "starts", "ends"):
        shifts.setdefault(weekday, []).append(worktime.span(starts, ends))
    rows: dict[date, SpecialDay] = {}
    announced: set[int] = set()
    nearest = {a: i for i, a in enumerate(areas)}
    days = SpecialDay.objects.filter(area_code__in=areas)
    for row in sorted(days, key=lambda r: -nearest[r.area_code]):  # the nearest area comes last and stays
        rows[row.day] = row
        if not row.area_code and not row.provisional and (row.day.month, row.day.day) == (10, 1):
            # Every published list holds National Day; a single local day does not make a list.
            announced.add(row.day.year)
    return WorkTime(
        kind=calendar.kind,
        shifts={weekday: tuple(sorted(spans)) for weekday, spans in shifts.items()},
        special={day: row.working for day, row in rows.items()},
        announced=frozenset(announced),
        tentative=frozenset(day for day, row in rows.items() if row.provisional),
        version=stamp,
    )


def own_week(code: str, area_code: str) -> list[tuple[int, time, time]]:
    """The shifts that were given to exactly this area, by weekday and hour; none when it follows what lies above it."""
    rows = Shift.objects.filter(calendar__code=code, calendar__area_code=area_code)
    return sorted(rows.values_list("weekday", "starts", "ends"))


def with_shifts(found: WorkTime, shifts: Iterable[tuple[int, time, time]]) -> WorkTime:
    """The same calendar, its special days too, as if it had these shifts: to look before one saves."""
    spans: dict[int, list[worktime.Span]] = {}
    for weekday, starts, ends in shifts:
        spans.setdefault(weekday, []).append(worktime.span(starts, ends))
    return replace(found, shifts={weekday: tuple(sorted(mine)) for weekday, mine in spans.items()})


def list_calendars() -> list[Calendar]:
    """All calendars with their shifts, by code, the district's before the areas'. Two statements."""
    return list(Calendar.objects.order_by("code", "area_code").prefetch_related("shifts"))


def list_special_days(year: int, area_code: str = "") -> list[SpecialDay]:
    """The special days of one year that were entered for exactly this area, by day."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return list(SpecialDay.objects.filter(area_code=area_code, day__range=(first, last)).order_by("day"))


@cache
def published() -> dict[date, tuple[bool, str]]:
    """The days that the State Council has published, as far as the package knows them: day → (working?, Chinese name)."""
    names = {h.value: h.chinese for h in Holiday}
    days = {day: (False, names.get(name, name)) for day, name in holidays.items()}
    return days | {day: (True, f"{names.get(name, name)}调休上班") for day, name in workdays.items()}
