"""Pure arithmetic of an order's clocks: when each rung of the ladder is due, and which light burns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

GREEN, YELLOW, RED, NONE = "green", "yellow", "red", "none"
WORST = {NONE: 0, GREEN: 1, YELLOW: 2, RED: 3}
Ladder = Sequence[Sequence[Any]]


class Calendar(Protocol):
    """What `linli.calendars` gives; amounts are minutes, or working days on a calendar of days."""

    def add(self, start: datetime, amount: float) -> datetime:
        """The moment so much working time after `start`."""

    def share(self, start: datetime, amount: float, part: float) -> datetime:
        """The moment at which a part of the amount is used up."""

    def between(self, start: datetime, end: datetime) -> float:
        """Working time that passed."""


def step_at(calendar: Calendar, started_at: datetime, amount: float, percent: float, used: float = 0) -> datetime:
    """When `percent` of the clock's amount have passed, `used` of it before `started_at`."""
    part = percent / 100
    if not used:
        return calendar.share(started_at, amount, part)
    rest = amount - used
    if rest <= 0 or amount * part <= used:
        return started_at
    # Shared out over what is left, so that a limit in whole days has its yellow hour too.
    return calendar.share(started_at, rest, (amount * part - used) / rest)


def plan(calendar: Calendar, started_at: datetime, amount: float, ladder: Ladder, used: float = 0) -> list[datetime]:
    """The moment of each rung of the ladder [[percent, whom, …], …]."""
    return [step_at(calendar, started_at, amount, row[0], used) for row in ladder]


def light_of(ladder: Ladder, step: int) -> str:
    """The light after `step` rungs of the ladder: green to 80 %, yellow to 100 %, red after."""
    passed = [row[0] for row in ladder[:step]]
    if any(percent >= 100 for percent in passed):
        return RED
    return YELLOW if passed else GREEN


def worst(lights: Sequence[str]) -> str:
    """The light of an order: the worst of its running clocks; none when no clock runs."""
    return max(lights, key=lambda light: WORST[light], default=NONE)
