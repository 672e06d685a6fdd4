"""The desk's first page: what waits for me, what is due today, my messages; for heads and leaders places and clauses.

There is no figure, light, share or order of persons here for anybody but the reader herself (burden rules).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.doors import desk_notices
from linli.doors.desk_ways import offices, ways
from linli.grid import selectors as places
from linli.grid.duty import book as duty_book
from linli.grid.models import Absence, Area
from linli.insight.figures import counts
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.roles import Role
from linli.ledger import live_token
from linli.notices import actions as notices
from linli.notices import selectors as inbox
from linli.orders import access, bringing, rows, scopes, selectors
from linli.orders.hands import stamp_of
from linli.orders.models import Order
from linli.standards import shelf

LEADS = frozenset({
    Role.COMMUNITY_HEAD, Role.STREET_LEADER, Role.STREET_SECTION, Role.CENTRE, Role.DISTRICT_BODY, Role.GRID_GUIDE,
})  # fmt: skip
WEEK = timedelta(days=7)
AT_MOST = 50


@dataclass(slots=True)
class Tally:
    """A place or a clause over the last seven days, each share with its denominator."""

    name: str
    open: int
    red: int
    answer_due: int
    answered_in_time: int
    solve_due: int
    solved_in_time: int
    url: str = ""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """GET /desk/"""
    actor = desk_notices.worker(request)
    context = my_work(actor)
    template = "doors/desk_home.html"
    if getattr(request, "htmx", None) and request.htmx.target == "my-work":  # type: ignore[attr-defined]
        return render(request, "doors/desk_my_work.html", context)
    context["by_place"], context["by_clause"] = tallies(actor)
    context["audits"] = actor.has_role(Role.ADMIN_AUDIT)
    context["offices"] = own = offices(actor)
    context["ways"] = found = ways(actor)
    context["more_ways"] = [w for w in found if w.url not in {o.url for o in own}]
    context["brings"] = bool(bringing.all_for(actor))
    context |= {"room": "home", "tree_label": "更多"}
    context["live"] = live_token.make([notices.topic(actor.id)])  # type: ignore[arg-type]
    return render(request, template, context)


def my_work(actor: Actor) -> dict[str, Any]:
    """What waits for this reader, by due time: her own, then what the roster or a colleague's leave puts in her hands."""
    assert actor.id is not None
    now = clock.now()
    tonight = datetime.combine(clock.local_day(now) + timedelta(days=1), time(), clock.LOCAL)
    waiting, due = selectors.waiting_for(actor.id), selectors.due_for(actor.id, tonight)
    instead = standing_in(actor, now)
    unread = inbox.inbox(actor, limit=5, unread_only=True)
    return {
        "waiting": rows.rows(waiting), "due": rows.rows(due), "instead": rows.rows(instead),
        "lines": desk_notices.lines(actor, unread),
        "greeting": greeting(clock.local(now).hour),
    }  # fmt: skip


def greeting(hour: int) -> str:
    """What one says to a colleague at this hour."""
    if hour < 5 or hour >= 22:
        return "夜里辛苦了"
    if hour < 11:
        return "早上好"
    if hour < 14:
        return "中午好"
    return "下午好" if hour < 18 else "晚上好"


def standing_in(actor: Actor, now: datetime) -> list[Order]:
    """Orders of others whose minute is this reader's now: she is on the roster, or stands in for somebody on leave."""
    assert actor.id is not None
    away = Absence.objects.filter(stand_in_id=actor.id, starts_at__lte=now, ends_at__gt=now).values_list("account_id", flat=True)
    for_whom = Q(responsible_id__in=list(away))
    areas = [p for p in actor.posts if p.role in (Role.DUTY_OFFICER, Role.CENTRE, Role.COMMUNITY_HEAD)]
    book = duty_book() if areas or away else None
    if book is None:
        return []
    for post in areas:
        for place in (post.community_id, post.street_id):
            if place and book.on_roster(place, now) == actor.id:
                for_whom |= Q(**{"community_id" if place == post.community_id else "street_id": place})
    found = Order.objects.filter(for_whom, is_open=True).exclude(responsible_id=actor.id)
    found = selectors.with_leave(found).filter(waits_answer=True).order_by("answer_due_at", "id")[:AT_MOST]
    return [
        o for o in found
        if access.reads(actor, o) and book.holder_of(o.responsible_id, stamp_of(o), now).account_id == actor.id
    ]  # fmt: skip


def tallies(actor: Actor) -> tuple[list[Tally], list[Tally]]:
    """(communities, clauses) of the actor's area for heads and leaders, by the same figures as public opinion (a promise
    whose hour is past counts, answered or not); two statements, index order_day_place."""
    reach = scopes.reach(actor, LEADS & access.READ)
    if not reach:
        return [], []
    here = Q()
    for scope in reach:
        here |= Q(**scope.equal())
    since = clock.local_day(clock.now() - WEEK)
    recent = Order.objects.filter(here, history=False).filter(Q(local_day__gte=since) | Q(is_open=True)).order_by()
    names = {a.id: a for a in places.areas(Area.COMMUNITY)}
    by_place = [
        _tally(names[row["community_id"]].name, row, f"?area={row['community_id']}")
        for row in _counted(recent, "community_id") if row["community_id"] in names
    ]  # fmt: skip
    rows = _counted(recent, "clause")
    clauses = shelf.names(row["clause"] for row in rows)
    by_clause = [_tally(clauses[row["clause"]], row) for row in rows]
    by_place.sort(key=lambda t: t.name)
    by_clause.sort(key=lambda t: t.name)
    return by_place, by_clause


def _counted(orders: Any, by: str) -> Sequence[dict[str, Any]]:
    wanted = ("n_answer_due", "n_answered_in_time", "n_solve_due", "n_solved_in_time")
    figures = {name: count for name, count in counts(clock.now()).items() if name in wanted}
    return list(
        orders.values(by).annotate(
            n_open=Count("id", filter=Q(is_open=True)), n_red=Count("id", filter=Q(is_open=True, light="red")), **figures
        )
    )


def _tally(name: str, row: dict[str, Any], url: str = "") -> Tally:
    return Tally(
        name, row["n_open"], row["n_red"], row["n_answer_due"], row["n_answered_in_time"], row["n_solve_due"], row["n_solved_in_time"], url
    )
