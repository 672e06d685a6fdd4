"""Which clocks are behind the compliance with a clause: one condition for the count and for the list of orders that it leads to.

A clock counts against the clause that asks for its limit (`Clock.clause`), for every order but void and historical ones: what was
promised to a part of a matter was promised too."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from linli.orders import clocks
from linli.orders.models import Clock
from linli.orders.states import OrderState

FIGURES = {"due": "到期的", "kept": "守住的", "running": "还没到期的"}
#: what a list of orders can be narrowed to
LISTS = FIGURES | {"late": "没守住的"}


def all_of(place: Q) -> QuerySet[Clock]:
    """The clocks with a clause of the orders there (`place` is a condition on clocks)."""
    return Clock.objects.filter(place, order__history=False).exclude(order__state=OrderState.VOID).exclude(clause="")


def which(figure: str, now: datetime) -> Q:
    """The clocks that LISTS[figure] counts. *due*: met, past its time, or stopped after it had turned red; *kept*: met in time. A
    clock that stands still, or whose matter ended before its time, promised nothing that could be broken. Raises KeyError."""
    kept = Q(state=Clock.MET, kept=True)
    late = Q(state=Clock.MET, kept=False) | Q(state=Clock.RUNNING, due_at__lte=now) | Q(state=Clock.STOPPED, light=clocks.RED)
    running = Q(state=Clock.RUNNING, due_at__gt=now) | Q(state=Clock.PAUSED)
    return {"due": kept | late, "kept": kept, "late": late, "running": running}[figure]


def counts(now: datetime) -> dict[str, Count]:
    """As n_<figure>, straight from clocks."""
    return {f"n_{name}": Count("id", filter=which(name, now)) for name in FIGURES}


def orders(clause: str, figure: str, now: datetime) -> Q:
    """The orders that have such a clock."""
    own = Clock.objects.filter(which(figure, now), order_id=OuterRef("pk"), clause=clause)
    return Q(Exists(own), history=False) & ~Q(state=OrderState.VOID)
