"""What is counted of a set of orders, once as aggregates of the database and once as a plain row of sums.

The meaning of each figure stands in docs/figures.md and here; the slow recount of tests/insight says it a third time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, Count, F, Q, Sum
from django.db.models.functions import Greatest

from linli.orders import counted


@dataclass(slots=True)
class Figures:
    """Sums over some orders; every share is a pair of them: part and whole."""

    opened: int = 0
    history: int = 0
    voices: int = 0
    accepted_in_time: int = 0
    accept_due: int = 0
    answered: int = 0
    answered_in_time: int = 0
    answer_due: int = 0
    handled: int = 0
    declined: int = 0
    solved: int = 0
    solved_in_time: int = 0
    solve_due: int = 0
    reopened: int = 0
    returned: int = 0
    satisfied: int = 0
    so_so: int = 0
    unsolved: int = 0
    not_reached: int = 0
    unrated: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Take in a row of `sums()` or `counts()`."""
        for name in NAMES:
            setattr(self, name, getattr(self, name) + (row[f"n_{name}"] or 0))

    def less(self, others: "Iterable[Figures]") -> "Figures":
        """What is left of these sums without those of some of their orders."""
        left = Figures(**{name: getattr(self, name) for name in NAMES})
        for other in others:
            for name in NAMES:
                setattr(left, name, getattr(left, name) - getattr(other, name))
        return left

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

    A void order was no matter, a historical one does not act, and a child, a supervision or a merged order is a part of another
    one: none of them is in any figure but `history` (`orders.counted`).
    *accept_due*: taken out of the pool for the first time, in time or late. *answer_due*: answered, or its hour is past. *solve_due*: ended as solved, in review, or its limit is past; an
    honest no is no failure and not among them. *solved*: handled as done and no voice says 没解决.
    """
    rated = F("satisfied") + F("so_so") + F("unsolved") + F("not_reached")
    found: dict[str, Aggregate] = {f"n_{name}": Count("id", filter=counted.which(name, now)) for name in counted.FIGURES}
    return found | {
        "n_history": Count("id", filter=Q(history=True)),
        "n_voices": Sum("voice_count", filter=counted.LIVE),
        "n_satisfied": Sum("satisfied", filter=counted.LIVE),
        "n_so_so": Sum("so_so", filter=counted.LIVE),
        "n_unsolved": Sum("unsolved", filter=counted.LIVE),
        "n_not_reached": Sum("not_reached", filter=counted.LIVE),
        "n_unrated": Sum(Greatest(F("voice_count") - rated, 0), filter=counted.which("handled", now)),
    }
