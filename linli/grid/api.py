"""REST of places and duty: which areas there are, working time and the days that differ, who is on duty when. Read by who works here;
set by who may at the desk."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from linli.calendars import selectors as calendars
from linli.grid import access, actions, selectors
from linli.grid.actions.hours import FIRST, code_of
from linli.grid.models import Area, RosterShift
from linli.grid.web.common import mine
from linli.grid.web.roster import week as roster_week
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.rest import PROBLEMS, no_nul, worker

router = Router(tags=["places"])
YEARS = (2000, 2100)
#: "08:30", local
HourOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class AreaOut(Schema):
    """A district, street, community or grid; `parent_id`: what it lies in."""

    id: UUID
    code: str
    name: str
    level: str
    parent_id: UUID | None


class ShiftOut(Schema):
    """Working time of a weekday (0 Monday … 6 Sunday), local; `ends` not after `starts` runs past midnight."""

    weekday: int = Field(ge=0, le=6)
    starts: HourOfDay
    ends: HourOfDay


class SpecialOut(Schema):
    """A day that differs; `provisional` until the holidays of its year are published."""

    day: date
    working: bool
    name: str
    provisional: bool


class HoursOut(Schema):
    """A place's working time: its own week ([]: it follows what lies above), the week that holds here, and the days that were entered for
    exactly this place in the year."""

    area_id: UUID
    own: list[ShiftOut]
    week: list[ShiftOut]
    year: int
    days: list[SpecialOut]


class HoursIn(Schema):
    """The week that shall hold. What is under way keeps the hour that was promised."""

    area_id: UUID
    week: list[ShiftOut] = Field(min_length=1, max_length=50)


class DaysIn(Schema):
    """Days (to `until`, included) that are a holiday or working days."""

    area_id: UUID
    since: date
    until: date | None = None
    working: bool
    name: str = Field("", max_length=32)


class DaysOut(Schema):
    """How many days changed."""

    changed: int


class DutyOut(Schema):
    """Who is on duty, from when to when, local; each week on the day, or on that date alone (`once`)."""

    id: UUID
    account_id: UUID
    name: str
    starts: HourOfDay
    ends: HourOfDay
    once: bool


class GapOut(Schema):
    """Time that neither working hours nor a roster covers."""

    since: datetime
    until: datetime


class RosterDay(Schema):
    """One day with its shifts and gaps."""

    day: date
    shifts: list[DutyOut]
    gaps: list[GapOut]


class DutyIn(Schema):
    """Somebody on duty for a street or community: each weekday, or on one date. The same hours change hands."""

    area_id: UUID
    account_id: UUID
    starts: HourOfDay
    ends: HourOfDay
    weekday: int | None = Field(None, ge=0, le=6)
    day: date | None = None


class DutyMade(Schema):
    """The shift on the roster."""

    id: UUID


def _reader(request: HttpRequest) -> Actor:
    by = worker(request)
    if not by.has_role(*access.SEE):
        raise Forbidden("这一项给社区和街道的工作人员用。", "not_staff")
    return by


def _area(by: Actor, area_id: UUID) -> Area:
    found = next((a for a in mine(by) if a.id == area_id), None)
    if found is None:
        raise NotFound("没有这个地方，或者不在您的范围里。", "bad_area")
    return found


def _said(at: time) -> str:
    return at.isoformat("minutes")


def _shifts(rows: list[tuple[int, time, time]]) -> list[dict[str, Any]]:
    return [{"weekday": w, "starts": _said(a), "ends": _said(b)} for w, a, b in rows]


@router.get("/areas", response={200: list[AreaOut], **PROBLEMS}, operation_id="list_areas")
def list_areas(request: HttpRequest) -> list[Area]:
    """The places that the caller's posts reach, with those above them: parents first."""
    return mine(_reader(request))


@router.get("/hours/{uuid:area_id}", response={200: HoursOut, **PROBLEMS}, operation_id="get_hours")
def get_hours(request: HttpRequest, area_id: UUID, year: int = Query(0, ge=0, le=YEARS[1])) -> dict[str, Any]:
    """Working time of the district, a street or a community, and its special days of a year (this one without)."""
    area = _area(_reader(request), area_id)
    year = year if year >= YEARS[0] else clock.today().year
    code = code_of(area)
    above = [*selectors.calendar_codes(area.id), ""] if code else [""]
    weeks = [calendars.own_week(FIRST, c) for c in above]
    own = calendars.own_week(FIRST, code)
    days = calendars.list_special_days(year, code)
    return {"area_id": area.id, "own": _shifts(own), "week": _shifts(own or next((w for w in weeks if w), [])), "year": year, "days": days}


@router.post("/hours", response={200: HoursOut, **PROBLEMS}, operation_id="set_hours")
def set_hours(request: HttpRequest, body: HoursIn) -> dict[str, Any]:
    """Give the district, a street or a community its week."""
    by = _reader(request)
    area = _area(by, body.area_id)
    actions.set_hours(by=by, area=area, shifts=[(s.weekday, time.fromisoformat(s.starts), time.fromisoformat(s.ends)) for s in body.week])
    return get_hours(request, area.id, 0)


@router.post("/hours/days", response={200: DaysOut, **PROBLEMS}, operation_id="set_special_days")
def set_special_days(request: HttpRequest, body: DaysIn) -> dict[str, int]:
    """Make days a holiday or working days for the district, a street or a community, a month at once at most."""
    by = _reader(request)
    area = _area(by, body.area_id)
    changed = actions.set_special_days(by=by, area=area, first=body.since, last=body.until, working=body.working, name=no_nul(body.name))
    return {"changed": changed}


@router.get("/rosters/{uuid:area_id}", response={200: list[RosterDay], **PROBLEMS}, operation_id="get_roster")
def get_roster(request: HttpRequest, area_id: UUID, day: date | None = None) -> list[dict[str, Any]]:
    """Seven days from the Monday of `day` (this week without) of a street or community: who is on duty, and the gaps."""
    area = _area(_reader(request), area_id)
    if area.level not in (Area.STREET, Area.COMMUNITY):
        raise NotFound("值班表排在街道或社区。", "bad_area")
    day = day or clock.today()
    if not YEARS[0] <= day.year < YEARS[1]:
        raise NotFound("没有这一周。", "bad_day")
    return [
        {"day": d.day, "gaps": [{"since": a, "until": b} for a, b in d.gaps], "shifts": [_duty(s, name) for s, name in d.shifts]}
        for d in roster_week(area, day - timedelta(days=day.weekday()))
    ]  # fmt: skip


def _duty(s: RosterShift, name: str) -> dict[str, Any]:
    return {"id": s.id, "account_id": s.account_id, "name": name, "starts": _said(s.starts), "ends": _said(s.ends), "once": s.day is not None}


@router.post("/rosters", response={201: DutyMade, **PROBLEMS}, operation_id="set_roster_shift")
def set_roster_shift(request: HttpRequest, body: DutyIn) -> Status[RosterShift]:
    """Put somebody on duty."""
    by = _reader(request)
    made = actions.set_roster_shift(
        by=by, area=_area(by, body.area_id), account_id=body.account_id, starts=time.fromisoformat(body.starts), ends=time.fromisoformat(body.ends), weekday=body.weekday, day=body.day
    )
    return Status(201, made)


@router.post("/rosters/shifts/{uuid:shift_id}/remove", response={204: None, **PROBLEMS}, operation_id="remove_roster_shift")
def remove_roster_shift(request: HttpRequest, shift_id: UUID) -> Status[None]:
    """Take a shift off the roster; one that is gone already stays gone."""
    actions.remove_roster_shift(by=_reader(request), shift_id=shift_id)
    return Status(204, None)
