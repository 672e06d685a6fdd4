"""The tick of the clocks and the closing of what nobody rated."""

from linli.ledger.handlers import every
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
