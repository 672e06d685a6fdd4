"""Pure arithmetic of an order's clocks: when each step of the ladder is due, and which light burns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

GREEN, YELLOW, RED, NONE = "green", "yellow", "red", "none"
WORST = {NONE: 0, GREEN: 1, YELLOW: 2, RED: 3}


class Calendar(Protocol):
    """What `linli.calendars` gives: working minutes added to a moment."""

    def add(self, start: datetime, minutes: int) -> datetime:
        """The moment so many working minutes after `start`."""


def step_at(calendar: Calendar, started_at: datetime, minutes: int, percent: int) -> datetime:
    """When `percent` of the clock's minutes have passed on its calendar."""
    return calendar.add(started_at, minutes * percent // 100)


def plan(calendar: Calendar, started_at: datetime, minutes: int, ladder: Sequence[Sequence]) -> list[datetime]:
    """The moment of each step of the ladder [[percent, whom], …]."""
    return [step_at(calendar, started_at, minutes, percent) for percent, _ in ladder]


def light_of(ladder: Sequence[Sequence], step: int) -> str:
    """The light after `step` steps of the ladder: green to 80 %, yellow to 100 %, red after."""
    passed = [percent for percent, _ in ladder[:step]]
    if any(percent >= 100 for percent in passed):
        return RED
    return YELLOW if passed else GREEN


def worst(lights: Sequence[str]) -> str:
    """The light of an order: the worst of its running clocks; none when no clock runs."""
    return max(lights, key=lambda light: WORST[light], default=NONE)
