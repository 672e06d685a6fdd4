"""What a row of the list and a line of the place tree show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from linli.accounts import selectors as accounts
from linli.calendars import selectors as calendars
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.orders import access, clocks, labels, minutes, scopes, selectors
from linli.orders.models import Clock, Order

LEVEL_CLASS = {Area.DISTRICT: "", Area.STREET: "l2", Area.COMMUNITY: "l3", Area.GRID: "l4"}
SHOW_ALL = 40


@dataclass(slots=True)
class Row:
    """One order in a table. The responsible person stands in the row; nothing sorts or counts by her."""

    order: Order
    light: str
    word: str
    what: str
    kind: str
    door: str
    who: str
    waits: str
    left: timedelta | None
    due: datetime | None = None


def rows(orders: Sequence[Order]) -> list[Row]:
    """Rows for the table. Two statements."""
    now = clock.now()
    names = accounts.names(o.responsible_id for o in orders if o.responsible_id)
    works = _at_work(orders, now)
    return [_row(o, names, works, now) for o in orders]


def _at_work(orders: Sequence[Order], now: datetime) -> dict[UUID, bool]:
    codes = {c: places.calendar_codes(c) for c in {o.community_id for o in orders if o.is_open}}
    found = calendars.get_calendars("hours", codes.values()) if codes else {}
    return {c: found[mine].is_open(now) for c, mine in codes.items()}


def _row(order: Order, names: dict[UUID, str], works: dict[UUID, bool], now: datetime) -> Row:
    away = bool(getattr(order, "away", False))
    own = works.get(order.community_id, True) and not away
    waits_answer = order.waits_answer
    own = order.late_of == order.responsible_id if order.light == clocks.RED and order.late_of else own
    light, word = minutes.light(order.light, own, away=away, clock=Clock.ANSWER if waits_answer else Clock.SOLVE)
    if not order.is_open:
        light, word = "none", labels.state(order)
    elif order.light == "none":
        word = labels.state(order)
    waits, left, due = "", None, None
    if order.is_open and order.light != "none":
        due = order.answer_due_at if waits_answer else order.solve_due_at
        waits = "答复" if waits_answer else "办结" if order.solve_due_at else labels.step(order) or "办结"
        due = due or order.due_at
        left = due - now if due else None
    responsible = names.get(order.responsible_id, "") if order.responsible_id else ""
    return Row(
        order=order, light=light, word=word, what=labels.state(order), kind=labels.kind(order.kind),
        door=labels.DOOR_LABELS.get(order.door, ""), who=responsible or ("—" if order.history else "暂时没有人"),
        waits=waits, left=left, due=due,
    )  # fmt: skip


@dataclass(slots=True)
class Node:
    """One line of the place tree; `count` open orders, None where the actor may not look."""

    id: UUID
    name: str
    cls: str
    count: int
    current: bool


def tree(actor: Actor, areas: Sequence[Area], chosen: UUID | None) -> list[Node]:
    """Street → community → grid, as far as the actor's posts reach, with open orders by place. One statement.

    In a large district communities show below the chosen street and grids below the chosen community.
    """
    reach = scopes.reach(actor, access.READ)
    if not reach:
        return []
    mine = [a for a in areas if a.level != Area.DISTRICT and any(s.holds(scopes.of_area(a)) for s in reach)]
    counts = selectors.open_counts(actor)
    by_id = {a.id: a for a in areas}
    here = by_id.get(chosen) if chosen else None
    on_way = {here.id, here.street_id, here.community_id} if here else set()
    small = len(mine) <= SHOW_ALL
    shown = []
    for area in _in_order(mine):
        if not small and area.level == Area.COMMUNITY and area.street_id not in on_way:
            continue
        if area.level == Area.GRID and area.community_id not in on_way and not (small and len(mine) <= 12):
            continue
        shown.append(Node(area.id, area.name, LEVEL_CLASS[area.level], counts.get(area.id, 0), area.id == chosen))
    return shown


def _in_order(areas: Iterable[Area]) -> list[Area]:
    rank = {Area.STREET: 0, Area.COMMUNITY: 1, Area.GRID: 2}
    rows = sorted(areas, key=lambda a: (rank[a.level], a.code))
    children: dict[UUID | None, list[Area]] = {}
    ids = {a.id for a in rows}
    for area in rows:
        children.setdefault(area.parent_id if area.parent_id in ids else None, []).append(area)

    def walk(parent: UUID | None) -> list[Area]:
        return [x for a in children.get(parent, []) for x in (a, *walk(a.id))]

    return walk(None)
