"""The tick of the clocks, the closing of what nobody rated, and new hours after a changed calendar."""

import time
from collections.abc import Sequence

from linli.ledger.handlers import every, on
from linli.ledger.models import Event
from linli.orders import actions


@every(1, name="orders.advance_clocks")
def advance_clocks() -> None:
    """Every second: take the steps that are due, in portions, until none is left."""
    while actions.advance_clocks(limit=500):
        pass


@every(60, name="orders.close_unrated")
def close_unrated() -> None:
    """Every minute: close what nobody rated in time."""
    actions.close_unrated()


@on(
    "calendars.save_calendar", "calendars.set_special_day", "calendars.drop_special_day", "calendars.seed_calendars",
    name="orders.begin_replan", batch=100,
)  # fmt: skip
def begin_replan(events: Sequence[Event]) -> None:
    """A changed calendar moves the hours of what is open. The district's change covers every area's."""
    areas = {str(e.facts.get("area", "")) for e in events}
    for area in [""] if "" in areas else sorted(areas):
        actions.begin_replan(area_code=area)


@every(1, name="orders.replan_clocks")
def replan_clocks() -> None:
    """Go on for a moment; clocks, words and deliveries have their turn in between."""
    until = time.monotonic() + 0.7
    while time.monotonic() < until and actions.replan_clocks():
        pass
