"""What hangs on an order: the one it belongs to, joint tasks, supervisions, what was merged into it or split from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from linli.accounts import selectors as accounts
from linli.kernel.actors import Actor
from linli.orders import access, labels
from linli.orders.actions.clocking import flow_to_show
from linli.orders.models import Order, Score
from linli.orders.states import CHILD, FLOOD, MERGED, SPLIT, SUPERVISES

AT_MOST = 60
WORDS = {CHILD: "协办", SUPERVISES: "督办", MERGED: "并进来的", SPLIT: "拆出去的", FLOOD: "同一位居民接着说的"}
PARENT = {CHILD: "这是它的协办任务", SUPERVISES: "这是对它的督办", MERGED: "已经并入", SPLIT: "从它拆出来", FLOOD: "同一位居民一天里先说的"}


@dataclass(slots=True)
class Other:
    """Another order with a word for how it hangs together; who has it and where it stands."""

    order: Order
    what: str
    who: str
    state: str
    light: str


@dataclass(slots=True)
class Related:
    """`parent` None where there is none; `open_children`: tasks that still owe an answer."""

    parent: Other | None = None
    others: list[Other] = field(default_factory=list)
    children: int = 0
    open_children: int = 0
    scores: list[tuple[str, int, str]] = field(default_factory=list)


def of(actor: Actor, order: Order) -> Related:
    """All that the actor may know of. Three statements, five where there is something."""
    rows = list(Order.objects.filter(parent_id=order.id).order_by("id")[:AT_MOST])
    parent = Order.objects.filter(id=order.parent_id).first() if order.parent_id else None
    names = accounts.names(o.responsible_id for o in [*rows, *([parent] if parent else [])] if o.responsible_id)
    seen = [o for o in rows if access.reads(actor, o)]
    found = Related(others=[_other(o, WORDS.get(o.relation, ""), names) for o in seen])
    children = [o for o in rows if o.relation == CHILD]
    found.children, found.open_children = len(children), sum(o.is_open for o in children)
    if parent is not None and access.reads(actor, parent):
        found.parent = _other(parent, PARENT.get(order.relation, ""), names)
    found.scores = scores(order)
    return found


def _other(order: Order, what: str, names: dict) -> Other:
    who = names.get(order.responsible_id, "") if order.responsible_id else ""
    return Other(order, what, who, labels.ending(order) or labels.step(order) or labels.state(order), order.light if order.is_open else "none")


def scores(order: Order) -> list[tuple[str, int, str]]:
    """(what for, points, clause) that the place gained or lost by it; [] while the scheme is off."""
    if not flow_to_show(order).scores_on:
        return []
    return [(_why(s.on), s.points, s.clause) for s in _rows(order)]


def _rows(order: Order) -> Sequence[Score]:
    return list(order.scores.order_by("id"))


def _why(on: str) -> str:
    what, _, rest = on.partition(":")
    return {"late": "超时", "outcome": "核实属实", "reopen": "重办"}.get(what, "") or rest
