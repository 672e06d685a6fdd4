"""Working time at the desk: the week of the district, a street or a community, and the days that differ from it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.accounts import selectors as accounts
from linli.calendars import selectors as calendars
from linli.calendars.actions import check_shifts
from linli.calendars.worktime import NoOpenTime, OutOfCalendar
from linli.grid import access, actions, selectors, week
from linli.grid.actions.hours import FIRST, code_of, seen_week
from linli.grid.models import Area
from linli.grid.seen import mark
from linli.grid.web import common
from linli.grid.web.roster import week as roster_week
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput
from linli.ledger.record import history

LEVELS = (Area.DISTRICT, Area.STREET, Area.COMMUNITY)
MOST_ROWS, SPARE = 21, 1
VERBS = {
    "grid.set_hours": "改了上下班时间", "grid.drop_hours": "改成跟着上一级", "grid.set_special_days": "定了特别的日子",
    "grid.drop_special_days": "去掉了特别的日子",
}  # fmt: skip
HISTORY = 6


@dataclass(slots=True)
class Row:
    """One row of the form as it is shown: ticked days, from, to, as texts."""

    days: set[str]
    starts: str
    ends: str


@dataclass(slots=True)
class Days:
    """Days in a row that are alike: a holiday, make-up days, a local decision."""

    first: date
    last: date
    working: bool
    name: str
    provisional: bool
    place: str
    own: bool
    published: bool

    @property
    def count(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def span(self) -> str:
        """周四, 周四到周六 3 天"""
        first, last = (f"周{week.DAYS[d.weekday()]}" for d in (self.first, self.last))
        return first if self.count == 1 else f"{first}到{last} {self.count} 天"


@require_GET
def hours(request: HttpRequest, area_id: UUID | None = None) -> HttpResponse:
    """GET /desk/grid/hours/ and /desk/grid/hours/<area>/?year=2026"""
    actor = common.worker(request)
    return _page(request, actor, _area(actor, area_id))


def _area(actor: Actor, area_id: UUID | None) -> Area:
    """The wished place (a grid's is its community's), else the reader's own. Raises NotFound."""
    area = common.choose(common.mine(actor), area_id, actor, LEVELS)
    community = selectors.area(area.community_id) if area.level == Area.GRID and area.community_id else None
    return community or area


def _above(area: Area) -> list[Area]:
    """The place and those above it that may have a week, nearest first; the district comes last."""
    above = [selectors.area(i) for i in (area.community_id, area.street_id) if i]
    return [a for a in (*above, *selectors.areas(Area.DISTRICT)[:1]) if a]


def _page(request: HttpRequest, actor: Actor, area: Area, **more: Any) -> HttpResponse:
    above = _above(area)
    source, shifts = _source(above)
    rows = more.pop("rows", None) or _rows(shifts)
    codes = selectors.calendar_codes(area.id)
    year = _year(request)
    areas = common.mine(actor)
    sets = access.may(actor, "set_hours", area)
    context = {
        "room": "grid", "tree_label": "选地方", "nodes": common.nodes(areas, area, LEVELS), "area": area,
        "district": not code_of(area), "own": source.id == area.id, "sets": sets, "rows": rows, "source": source.name, "lines": week.lines(shifts), "total": week.hours(week.total(shifts)),
        "weekdays": list(enumerate(week.DAYS)), "seen": seen_week(area), "said": common.said(request), "year": year,
        "years": [year - 1, year, year + 1], "days": _days(above, year), "here": clock.today(), "data": {},
        "waiting": calendars.get_calendar(FIRST, codes).is_provisional(datetime(year, 7, 1, tzinfo=clock.LOCAL)),
        "history": _history(area), "gaps": _gaps(actor, area),
    }  # fmt: skip
    return render(request, "grid/hours.html", context | more, status=422 if more.get("wrong") or more.get("wrong_day") else 200)


def _source(above: list[Area]) -> tuple[Area, list[week.ShiftRow]]:
    """The nearest place that has a week, and that week."""
    for area in above:
        if shifts := calendars.own_week(FIRST, code_of(area)):
            return area, shifts
    return above[-1], []


def _rows(shifts: list[week.ShiftRow]) -> list[Row]:
    rows = [Row({str(d) for d in s.days}, s.starts.isoformat("minutes"), s.ends.isoformat("minutes")) for s in week.spans(shifts)]
    return rows + [Row(set(), "", "") for _ in range(SPARE)]


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "") or request.POST.get("year", "")
    today = clock.today().year
    return int(text) if text.isdecimal() and len(text) == 4 and abs(int(text) - today) <= 20 else today


def _days(above: list[Area], year: int) -> list[Days]:
    """The special days of a year as they count here: the nearest place's word for each day, runs of like days as one."""
    found: dict[date, Days] = {}
    for area in reversed(above):
        for d in calendars.list_special_days(year, code_of(area)):
            told = calendars.published().get(d.day) == (d.working, d.name) and not code_of(area)
            found[d.day] = Days(d.day, d.day, d.working, d.name, d.provisional, area.name, area is above[0], told)
    runs: list[Days] = []
    for day in sorted(found):
        one, last = found[day], runs[-1] if runs else None
        alike = ("working", "name", "provisional", "place", "own", "published")
        if last and last.last + timedelta(days=1) == day and all(getattr(last, k) == getattr(one, k) for k in alike):
            last.last = day
        else:
            runs.append(one)
    return runs


def _history(area: Area) -> list[tuple[str, str, Any]]:
    events = [e for e in history(area.id) if e.verb in VERBS][-HISTORY:]
    names = accounts.names(e.actor_id for e in events if e.actor_id)
    return [(names.get(e.actor_id, "系统") if e.actor_id else "系统", VERBS[e.verb], e.at) for e in reversed(events)]


def _gaps(actor: Actor, area: Area) -> bool:
    """Are there hours of this week that neither working time nor a roster covers, and may the reader do something about it?"""
    if area.level == Area.DISTRICT or not access.may(actor, "set_roster_shift", area):
        return False
    today = clock.today()
    return any(d.gaps for d in roster_week(area, today - timedelta(days=today.weekday())))


@require_POST
def set_hours(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """POST /desk/grid/hours/<area>/set/ — `step`: more (another row), look (what it would mean), save."""
    actor = common.worker(request)
    area = _area(actor, area_id)
    access.ask(actor, "set_hours", area)
    rows = _typed(request)
    step = request.POST.get("step", "look")
    if step == "more":
        return _page(request, actor, area, rows=[*rows, Row(set(), "", "")][:MOST_ROWS], editing=True)
    try:
        shifts = _shifts(rows)
        looked = mark(sorted(shifts))
        # Whoever changes the rows after she looked is shown once more what they mean.
        if step != "save" or request.POST.get("looked") != looked:
            said = _preview(area, shifts)
            return _page(request, actor, area, rows=rows, look=said, looked=looked, editing=True, tried=week.lines(shifts))
        actions.set_hours(by=actor, area=area, shifts=shifts, seen=request.POST.get("seen") or None)
    except (*common.REFUSED, NoOpenTime, OutOfCalendar) as exc:
        return _page(request, actor, area, rows=rows, wrong=exc.message, what="week", editing=True)
    return common.done(_address(area), "week")


def _address(area: Area) -> str:
    return reverse("hours_area", args=[area.id])


def _typed(request: HttpRequest) -> list[Row]:
    post = request.POST
    count = min(int(post["rows"]) if post.get("rows", "").isdecimal() and len(post["rows"]) < 4 else 0, MOST_ROWS)
    return [
        Row({d for d in post.getlist(f"days-{n}") if d in "0123456" and d}, post.get(f"from-{n}", "")[:8], post.get(f"to-{n}", "")[:8])
        for n in range(count)
    ]


def _shifts(rows: list[Row]) -> list[week.ShiftRow]:
    """Rows without a day are left out. Raises BadInput for half a row."""
    shifts: list[week.ShiftRow] = []
    for row in rows:
        if not row.days:
            if row.starts or row.ends:
                if row.starts and row.ends:
                    continue  # all its days were unticked: the row goes
                raise BadInput("有一行填了时间没勾星期几。不要这一行，就把时间也清空。", "half_a_row")
            continue
        try:
            starts, ends = time.fromisoformat(row.starts), time.fromisoformat("00:00" if row.ends == "24:00" else row.ends)
        except ValueError as exc:
            raise BadInput("勾了星期几的那一行，请填从几点到几点。", "bad_hours") from exc
        if starts == ends and starts != time():
            raise BadInput("从和到是同一个时间，请再看一眼。", "bad_hours")
        shifts += [(int(day), starts, ends) for day in sorted(row.days)]
    if not shifts:
        raise BadInput("至少留一段上班时间，不然什么事都没有到期的时候。", "no_hours")
    return shifts


def _preview(area: Area, shifts: list[week.ShiftRow]) -> list[str]:
    check_shifts(shifts)
    return week.preview(area, shifts)


@require_POST
def drop_hours(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """POST /desk/grid/hours/<area>/drop/ — follow what lies above again."""
    actor = common.worker(request)
    area = _area(actor, area_id)
    try:
        actions.drop_hours(by=actor, area=area, seen=request.POST.get("seen") or None)
    except common.REFUSED as exc:
        return _page(request, actor, area, wrong=exc.message)
    return common.done(_address(area), "follows")


@require_POST
def set_special_days(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """POST /desk/grid/hours/<area>/days/"""
    actor = common.worker(request)
    area, post = _area(actor, area_id), request.POST
    access.ask(actor, "set_special_days", area)
    try:
        first, last = common.day(post.get("first", ""), "第一天"), common.day(post.get("last", ""), "最后一天")
        if first is None:
            raise BadInput("请填写是哪一天。", "missing_day")
        if post.get("working") not in ("0", "1"):
            raise BadInput("请选那天放假还是上班。", "missing_kind")
        actions.set_special_days(
            by=actor, area=area, first=first, last=last, working=post["working"] == "1", name=post.get("name", ""),
            provisional=post.get("provisional") == "1",
        )  # fmt: skip
    except (*common.REFUSED, OutOfCalendar) as exc:
        return _page(request, actor, area, wrong_day=exc.message, data=post)
    return common.done(_address(area), "days", year=first.year)


@require_POST
def drop_special_days(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """POST /desk/grid/hours/<area>/days/drop/"""
    actor = common.worker(request)
    area, post = _area(actor, area_id), request.POST
    access.ask(actor, "drop_special_days", area)
    try:
        first, last = common.day(post.get("first", "")), common.day(post.get("last", ""))
        if first is None:
            raise BadInput("请填写是哪一天。", "missing_day")
        actions.drop_special_days(by=actor, area=area, first=first, last=last)
    except common.REFUSED as exc:
        return _page(request, actor, area, wrong_day=exc.message)
    return common.done(_address(area), "dropped", year=first.year)
