"""By the clock: a training that has ended is judged, enough new decisions start another."""

from linli.kernel.actors import CLOCK
from linli.ledger.handlers import every
from linli.lessons import actions


@every(30, name="lessons.advance_training")
def advance_training() -> None:
    """The learning itself runs in a process of its own, at low priority."""
    actions.advance_training(by=CLOCK)
