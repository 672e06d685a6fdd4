"""The board of the command centre: what is open now by light, step, kind and place, warnings, what nobody claimed and what
is stuck. Figures with their denominators, drill-down to the orders, no person anywhere (burden rules)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from linli.doors import desk_notices
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.orders import access, labels, pool
from linli.orders.filters import LIGHTS
from linli.orders.models import Order
from linli.orders.rooms import LOOKERS, rooms
from linli.orders.states import OPEN, OrderState
from linli.standards import selectors as standards

#: red, and in the same step for so long: somebody above has to help
STUCK = timedelta(days=1)
FLOW_DAYS = 14
ROWS, STEPS = 8, 8
LIGHT_NAMES = {"red": "超时", "yellow": "临近", "green": "正常", "none": "不计时"}
LIGHT_CLASS = {"red": "late", "yellow": "soon", "green": "", "none": "quiet"}


@dataclass(slots=True)
class Place:
    """A street (or community, where the reader has one street only) with what is open there."""

    name: str
    url: str
    open: int
    red: int
    pooled: int
    waiting: int


@dataclass(slots=True)
class Line:
    """One order without any person: where, what, which step, how long."""

    order: Order
    step: str
    left: timedelta | None
    note: str = ""


@dataclass(slots=True)
class Board:
    """Everything that is shown; bars are (label, value, note, url, class), each of `open` but where a note says of what."""

    open: int = 0
    red: int = 0
    yellow: int = 0
    pooled: int = 0
    waiting: int = 0
    stuck: int = 0
    by_light: list[tuple[str, int, str, str, str]] = field(default_factory=list)
    by_state: list[tuple[str, int, str, str]] = field(default_factory=list)
    by_step: list[tuple[str, int]] = field(default_factory=list)
    by_kind: list[tuple[str, int, str, str]] = field(default_factory=list)
    by_place: list[Place] = field(default_factory=list)
    place_word: str = "街道"
    opened: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    warned: list[Line] = field(default_factory=list)
    unclaimed: list[Line] = field(default_factory=list)
    stuck_rows: list[Line] = field(default_factory=list)

    @property
    def whole(self) -> str:
        """The denominator beside each bar."""
        return f"/ {self.open} 件"


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """GET /desk/board/ — the page, or its live part alone."""
    actor = _looker(request)
    part = getattr(request, "htmx", None) and request.htmx.target == "board"  # type: ignore[attr-defined]
    context = {"b": figures(actor), "now": clock.now(), "room": "orders", "tree_label": ""} | rooms(actor, "board")
    return render(request, "doors/board_live.html" if part else "doors/board.html", context)


@require_GET
def screen(request: HttpRequest) -> HttpResponse:
    """GET /desk/board/screen/ — the same, dark, for the big screen (1920×1080)."""
    actor = _looker(request)
    part = getattr(request, "htmx", None) and request.htmx.target == "board"  # type: ignore[attr-defined]
    where = next((places.area_names([i]).get(i, "") for p in actor.posts if (i := p.community_id or p.street_id)), "")
    context = {"b": figures(actor), "now": clock.now(), "where": where or "全区"}
    return render(request, "doors/board_screen_live.html" if part else "doors/board_screen.html", context)


def _looker(request: HttpRequest) -> Actor:
    actor = desk_notices.worker(request)
    if not actor.has_role(*LOOKERS):
        raise Forbidden("看板给统筹的同志看；您手上的事在“我的任务”里。")
    return actor


def figures(actor: Actor) -> Board:
    """The board of the actor's places. Nine statements, whatever the number of orders."""
    now = clock.now()
    here = pool.here(actor).filter(history=False).order_by()
    live = here.filter(is_open=True)
    found = Board()
    _lights(found, live)
    _steps(found, live)
    _kinds(found, live)
    _places(found, actor, live)
    _flow(found, here, now)
    warned = live.filter(warning__gt=0).order_by("warning", "due_at", "id")[:ROWS]
    found.warned = [_line(o, now, f"{o.warning} 级") for o in warned]
    found.unclaimed = [_line(o, now) for o in live.filter(state=OrderState.POOLED).order_by("due_at", "id")[:ROWS]]
    stuck = live.filter(light="red", step_at__lt=now - STUCK)
    found.stuck = stuck.count()
    found.stuck_rows = [_line(o, now) for o in stuck.order_by("step_at", "id")[:ROWS]]
    return found


def _line(order: Order, now: datetime, note: str = "") -> Line:
    return Line(order, labels.step(order) or labels.state(order), order.due_at - now if order.due_at else None, note)


def _lights(found: Board, live: QuerySet[Order]) -> None:
    counts = dict(live.values_list("light").annotate(n=Count("id")))
    found.open = sum(counts.values())
    found.red, found.yellow = counts.get("red", 0), counts.get("yellow", 0)
    for light in LIGHTS:
        n = counts.get(light, 0)
        found.by_light.append((LIGHT_NAMES[light], n, "", f"{reverse('order_list')}?light={light}", LIGHT_CLASS[light]))


def _name_of(procedure: str, version: int, step: str) -> str:
    try:
        return f"{standards.procedure(procedure, version).name} · {standards.flow(procedure, version).step(step).label}"
    except (standards.BrokenProcedure, KeyError):
        return "流程有误，平台中心在处理"


def _steps(found: Board, live: QuerySet[Order]) -> None:
    """By state first (the whole), then the procedures' own steps with the most."""
    rows = list(live.values_list("state", "procedure", "procedure_version", "step").annotate(n=Count("id")))
    states: dict[str, int] = {}
    steps: dict[str, int] = {}
    for state, procedure, version, step, n in rows:
        states[state] = states.get(state, 0) + n
        name = _name_of(procedure, version, step)
        steps[name] = steps.get(name, 0) + n
    found.pooled, found.waiting = states.get(OrderState.POOLED, 0), states.get(OrderState.WAITING, 0)
    order = [s for s in labels.LABELS if s in OPEN]
    url = reverse("order_list")
    found.by_state = [(labels.LABELS[s], states.get(s, 0), "", f"{url}?state={s}") for s in order]
    found.by_step = sorted(steps.items(), key=lambda kv: (-kv[1], kv[0]))[:STEPS]


def _kinds(found: Board, live: QuerySet[Order]) -> None:
    rows = sorted(live.values_list("kind").annotate(n=Count("id"), red=Count("id", filter=Q(light="red"))), key=lambda r: (-r[1], r[0]))
    url = reverse("order_list")
    found.by_kind = [(labels.kind(kind), n, f"其中超时 {red} / {n} 件", f"{url}?kind={kind}") for kind, n, red in rows[:STEPS]]


def _places(found: Board, actor: Actor, live: QuerySet[Order]) -> None:
    """By street for who has several, else by community."""
    streets = {a.id: a for a in places.areas(Area.STREET)}
    wide = any(p.reach()[0] == "district" for p in actor.posts if p.role in access.READ)
    by = "street_id" if wide else "community_id"
    found.place_word = "街道" if wide else "社区"
    known: dict[UUID, Area] = streets if wide else {a.id: a for a in places.areas(Area.COMMUNITY)}
    rows: Sequence[dict[str, Any]] = list(
        live.values(by).annotate(
            n=Count("id"), red=Count("id", filter=Q(light="red")), pooled=Count("id", filter=Q(state=OrderState.POOLED)),
            waiting=Count("id", filter=Q(state=OrderState.WAITING)),
        )
    )  # fmt: skip
    url = reverse("order_list")
    found.by_place = sorted(
        (Place(known[r[by]].name, f"{url}?area={r[by]}", r["n"], r["red"], r["pooled"], r["waiting"]) for r in rows if r[by] in known),
        key=lambda p: p.name,
    )


def _flow(found: Board, here: QuerySet[Order], now: datetime) -> None:
    """Opened and handled per day over two weeks."""
    today = clock.local_day(now)
    days = [today - timedelta(days=n) for n in range(FLOW_DAYS - 1, -1, -1)]
    opened = dict(here.filter(local_day__gte=days[0]).values_list("local_day").annotate(n=Count("id")))
    found.opened = [opened.get(d, 0) for d in days]
    closed: dict[Any, int] = {}
    since = now - timedelta(days=FLOW_DAYS)
    for at in here.filter(handled_at__gt=since).values_list("handled_at", flat=True):
        closed[clock.local_day(at)] = closed.get(clock.local_day(at), 0) + 1
    found.closed = [closed.get(d, 0) for d in days]
