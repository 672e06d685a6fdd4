"""A scene that many tests look at: made once in a run, then copied (`tests/databases.py`)."""

from datetime import datetime

from linli.demo import cast as demo_cast
from linli.kernel import clock
from linli.ledger.delivery import deliver_all
from tests.insight.test_cells import Walk, settle

BEGINS, ENDS = datetime(2026, 3, 2, 10), datetime(2026, 3, 29, 10)


def march() -> None:
    """A walk of some hundred deeds over three communities in March: every figure has something in it."""
    with clock.frozen(BEGINS) as at:
        walk = Walk(demo_cast.find(), at, 7)
        for _ in range(220):
            walk.step()
        at.set(ENDS)
        settle(deliver_all)
