"""Pure arithmetic of an order's clocks: when each rung of the ladder is due, and which light burns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

GREEN, YELLOW, RED, NONE = "green", "yellow", "red", "none"
WORST = {NONE: 0, GREEN: 1, YELLOW: 2, RED: 3}
Ladder = Sequence[Sequence[Any]]
Pauses = Sequence[tuple[datetime, datetime]]


class Calendar(Protocol):
    """What `linli.calendars` gives; amounts are minutes, or working days on a calendar of days."""

    def add(self, start: datetime, amount: float) -> datetime:
        """The moment so much working time after `start`."""

    def share(self, start: datetime, amount: float, part: float) -> datetime:
        """The moment at which a part of the amount is used up."""

    def push(self, at: datetime, start: datetime, end: datetime) -> datetime:
        """`at`, later by the working time between the two."""


def step_at(calendar: Calendar, started_at: datetime, amount: float, percent: float, pauses: Pauses = ()) -> datetime:
    """When `percent` of the clock's amount have passed. `pauses`: when it stood still, in their order; a moment that was
    reached before a pause stays, each later one is as much working time later as the pause had."""
    at = calendar.share(started_at, amount, percent / 100)
    for begins, ends in pauses:
        if at <= begins:
            break
        at = calendar.push(at, begins, ends)
    return at


def plan(calendar: Calendar, started_at: datetime, amount: float, ladder: Ladder, pauses: Pauses = ()) -> list[datetime]:
    """The moment of each rung of the ladder [[percent, whom, …], …]."""
    return [step_at(calendar, started_at, amount, row[0], pauses) for row in ladder]


def read_pauses(rows: Sequence[Sequence[str]]) -> list[tuple[datetime, datetime]]:
    """The pauses that are over, from their stored form [[from, to], …, [from]]."""
    return [(datetime.fromisoformat(row[0]), datetime.fromisoformat(row[1])) for row in rows if len(row) == 2]


def light_of(ladder: Ladder, step: int) -> str:
    """The light after `step` rungs of the ladder: green to 80 %, yellow to 100 %, red after."""
    passed = [row[0] for row in ladder[:step]]
    if any(percent >= 100 for percent in passed):
        return RED
    return YELLOW if passed else GREEN


def worst(lights: Sequence[str]) -> str:
    """The light of an order: the worst of its running clocks; none when no clock runs."""
    return max(lights, key=lambda light: WORST[light], default=NONE)
