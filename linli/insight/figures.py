"""What is counted of a set of orders, once as aggregates of the database and once as a plain row of sums.

The meaning of each figure stands in docs/figures.md and here; the slow recount of tests/insight says it a third time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, Count, F, Q, Sum
from django.db.models.functions import Greatest

from linli.orders.states import OrderState


@dataclass(slots=True)
class Figures:
    """Sums over some orders; every share is a pair of them: part and whole."""

    opened: int = 0
    history: int = 0
    voices: int = 0
    answered: int = 0
    answered_in_time: int = 0
    answer_due: int = 0
    handled: int = 0
    declined: int = 0
    solved: int = 0
    solved_in_time: int = 0
    solve_due: int = 0
    reopened: int = 0
    satisfied: int = 0
    so_so: int = 0
    unsolved: int = 0
    not_reached: int = 0
    unrated: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Take in a row of `sums()` or `counts()`."""
        for name in NAMES:
            setattr(self, name, getattr(self, name) + (row[f"n_{name}"] or 0))

    @property
    def rated(self) -> int:
        """People who said what they think of the result: 满意 + 一般 + 没解决."""
        return self.satisfied + self.so_so + self.unsolved

    @property
    def empty(self) -> bool:
        """Nothing happened."""
        return not (self.opened or self.history)


NAMES = [f.name for f in fields(Figures)]


def sums() -> dict[str, Aggregate]:
    """Sums over cells, as n_<figure>."""
    return {f"n_{name}": Sum(name) for name in NAMES}


def counts(now: datetime) -> dict[str, Aggregate]:
    """The same figures straight from orders, as n_<figure>.

    A void order was no matter and a historical one does not act: neither is in any figure but `history`.
    *answer_due*: answered, or its hour is past. *solve_due*: ended with "done", in review, or its limit is past; an
    honest no is no failure and not among them. *solved*: handled as done and no voice says 没解决.
    """
    live = Q(history=False) & ~Q(state=OrderState.VOID)
    handled = live & Q(handled_at__isnull=False)
    done = handled & Q(ending="done")
    running_out = Q(handled_at=None, solve_due_at__lte=now)
    reviewed = Q(state=OrderState.REVIEW) | Q(ending="reviewed")
    rated = F("satisfied") + F("so_so") + F("unsolved") + F("not_reached")
    return {
        "n_opened": Count("id", filter=live),
        "n_history": Count("id", filter=Q(history=True)),
        "n_voices": Sum("voice_count", filter=live),
        "n_answered": Count("id", filter=live & Q(answered_at__isnull=False)),
        "n_answered_in_time": Count("id", filter=live & Q(answered_in_time=True)),
        "n_answer_due": Count("id", filter=live & (Q(answered_at__isnull=False) | Q(answer_due_at__lte=now))),
        "n_handled": Count("id", filter=handled),
        "n_declined": Count("id", filter=handled & Q(ending__in=["no", "not_ours"])),
        "n_solved": Count("id", filter=done & Q(unsolved=0)),
        "n_solved_in_time": Count("id", filter=done & Q(unsolved=0, solved_in_time=True)),
        "n_solve_due": Count("id", filter=live & (Q(handled_at__isnull=False, ending="done") | running_out | reviewed)),
        "n_reopened": Count("id", filter=live & Q(reopened__gt=0)),
        "n_satisfied": Sum("satisfied", filter=live),
        "n_so_so": Sum("so_so", filter=live),
        "n_unsolved": Sum("unsolved", filter=live),
        "n_not_reached": Sum("not_reached", filter=live),
        "n_unrated": Sum(Greatest(F("voice_count") - rated, 0), filter=handled),
    }
