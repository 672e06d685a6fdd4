"""The roster of a street or community: the week, its gaps, leave and who stands in."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.accounts import selectors as accounts
from linli.calendars import selectors as calendars
from linli.grid import access, actions, selectors
from linli.grid.duty import OFFICE_CALENDAR
from linli.grid.duty import book as duty_book
from linli.grid.models import Absence, Area, Post, RosterShift
from linli.grid.web import common
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.kernel.roles import LABELS, Role

LEVELS = (Area.STREET, Area.COMMUNITY)
DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
STEP = timedelta(minutes=30)


@dataclass(slots=True)
class Day:
    """One day of the week view: its shifts and the hours that nobody has."""

    day: date
    name: str
    today: bool
    shifts: list[tuple[RosterShift, str]] = field(default_factory=list)
    gaps: list[tuple[datetime, datetime]] = field(default_factory=list)


@require_GET
def roster(request: HttpRequest, area_id: UUID | None = None) -> HttpResponse:
    """GET /desk/roster/ and /desk/roster/<area>/?week=2026-03-02"""
    actor = common.worker(request)
    return _page(request, actor, _chosen(actor, area_id))


def _chosen(actor: Actor, area_id: UUID | None) -> Area:
    areas = common.mine(actor)
    if area_id is None:
        streets = [a for a in areas if a.level == Area.STREET]
        if streets:
            return streets[0]
    return common.choose(areas, area_id, actor, LEVELS)


def _page(request: HttpRequest, actor: Actor, area: Area, **more: Any) -> HttpResponse:
    monday = _monday(request.GET.get("week", ""))
    days = week(area, monday)
    staff = _staff(area)
    absences = _absences({i for i, _, _ in staff})
    names = accounts.names({a.account_id for a in absences} | {a.stand_in_id for a in absences if a.stand_in_id})
    areas = common.mine(actor)
    context = {
        "room": "grid", "area": area, "nodes": common.nodes(areas, area, LEVELS), "days": days, "monday": monday,
        "before": monday - timedelta(days=7), "after": monday + timedelta(days=7), "weekdays": list(enumerate(DAYS)),
        "gaps": any(d.gaps for d in days), "staff": staff, "data": request.POST,
        "officers": [s for s in staff if s[2] in (Role.DUTY_OFFICER, Role.COMMUNITY_HEAD, Role.GRID_WORKER)] or staff,
        "absences": [(a, names.get(a.account_id, ""), names.get(a.stand_in_id, "") if a.stand_in_id else "") for a in absences],
        "sets": access.may(actor, "set_roster_shift", area), "leaves": access.may(actor, "add_absence", area),
    }  # fmt: skip
    return render(request, "grid/roster.html", context | more, status=422 if more.get("wrong") else 200)


def _monday(text: str) -> date:
    try:
        day = date.fromisoformat(text) if text else clock.today()
    except ValueError:
        day = clock.today()
    return day - timedelta(days=day.weekday())


def week(area: Area, monday: date) -> list[Day]:
    """Seven days with their shifts (a dated one goes before the weekly) and the hours outside the working time that
    no roster of the area, or of its street, covers."""
    book = duty_book()
    office = calendars.get_calendar(OFFICE_CALENDAR, selectors.calendar_codes(area.id))
    shifts = list(RosterShift.objects.filter(area=area).order_by("starts"))
    names = accounts.names(s.account_id for s in shifts)
    today = clock.today()
    found = []
    for n in range(7):
        day = monday + timedelta(days=n)
        mine = [s for s in shifts if s.day == day] or [s for s in shifts if s.weekday == n]
        row = Day(day, DAYS[n], day == today, [(s, names.get(s.account_id, "")) for s in mine])
        at = datetime.combine(day, time(), clock.LOCAL)
        end = at + timedelta(days=1)
        while at < end:
            covered = office.is_open(at) or book.on_roster(area.id, at) or (area.level == Area.COMMUNITY and book.on_roster(area.street_id, at))
            if not covered:
                if row.gaps and row.gaps[-1][1] == at:
                    row.gaps[-1] = (row.gaps[-1][0], at + STEP)
                else:
                    row.gaps.append((at, at + STEP))
            at += STEP
        found.append(row)
    return found


def _staff(area: Area) -> list[tuple[UUID, str, Role]]:
    """Colleagues of the area and below, each once, with the role of her first post."""
    here = Q(area=area) | (Q(area__street_id=area.id) if area.level == Area.STREET else Q(area__community_id=area.id))
    if area.level == Area.COMMUNITY:
        here |= Q(area_id=area.street_id, role=Role.DUTY_OFFICER)
    posts = [p for p in Post.objects.filter(here).select_related("area").order_by("id") if selectors.in_force(p)]
    posts = [p for p in posts if Role(p.role) in access.ON_DUTY]
    names = accounts.active_names(p.account_id for p in posts)
    found: dict[UUID, tuple[UUID, str, Role]] = {}
    for p in posts:
        if p.account_id in names:
            label = f"{names[p.account_id]} · {p.area.name if p.area else ''}{LABELS[Role(p.role)]}"
            found.setdefault(p.account_id, (p.account_id, label, Role(p.role)))
    return sorted(found.values(), key=lambda r: (r[2] != Role.DUTY_OFFICER, r[1]))


def _absences(people: set[UUID]) -> list[Absence]:
    return list(Absence.objects.filter(account_id__in=people, ends_at__gt=clock.now()).order_by("starts_at")[:200])


def _id(request: HttpRequest, name: str, missing: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as exc:
        raise BadInput(missing) from exc


def _moment(text: str, what: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL)
    except ValueError as exc:
        raise BadInput(f"请填写{what}。") from exc


@require_POST
def set_shift(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """POST /desk/roster/<area>/shift/"""
    actor = common.worker(request)
    area = _chosen(actor, area_id)
    post = request.POST
    try:
        starts, ends = time.fromisoformat(post.get("starts", "")), time.fromisoformat(post.get("ends", ""))
        day = date.fromisoformat(post["day"]) if post.get("day") else None
    except ValueError:
        return _page(request, actor, area, wrong="请填写从几点到几点。")
    try:
        weekday = None if day or not post.get("weekday", "").isdecimal() else int(post["weekday"])
        actions.set_roster_shift(
            by=actor, area=area, account_id=_id(request, "account", "请选谁来值班。"), starts=starts, ends=ends,
            weekday=weekday, day=day,
        )  # fmt: skip
    except (BadInput, Conflict) as exc:
        return _page(request, actor, area, wrong=exc.message)
    return HttpResponseRedirect(reverse("roster_area", args=[area.id]))


@require_POST
def remove_shift(request: HttpRequest, area_id: UUID, shift_id: UUID) -> HttpResponse:
    """POST /desk/roster/<area>/shift/<id>/remove/"""
    actions.remove_roster_shift(by=common.worker(request), shift_id=shift_id)
    return HttpResponseRedirect(reverse("roster_area", args=[area_id]))


@require_POST
def add_absence(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """POST /desk/roster/<area>/absence/"""
    actor = common.worker(request)
    area = _chosen(actor, area_id)
    try:
        stand_in = request.POST.get("stand_in", "")
        actions.add_absence(
            by=actor, account_id=_id(request, "account", "请选谁请假。"),
            starts_at=_moment(request.POST.get("starts", ""), "从什么时候"),
            ends_at=_moment(request.POST.get("ends", ""), "到什么时候"),
            stand_in_id=_id(request, "stand_in", "请选谁代班。") if stand_in else None,
        )  # fmt: skip
    except (BadInput, Conflict, NotFound) as exc:
        return _page(request, actor, area, wrong_leave=exc.message, wrong=exc.message)
    return HttpResponseRedirect(reverse("roster_area", args=[area.id]))


@require_POST
def end_absence(request: HttpRequest, area_id: UUID, absence_id: UUID) -> HttpResponse:
    """POST /desk/roster/<area>/absence/<id>/end/"""
    actions.end_absence(by=common.worker(request), absence_id=absence_id)
    return HttpResponseRedirect(reverse("roster_area", args=[area_id]))
