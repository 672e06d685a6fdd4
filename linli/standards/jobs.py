"""By the clock: standards whose day has come."""

from linli.kernel.actors import CLOCK
from linli.ledger.handlers import every
from linli.standards.actions import library


@every(600, name="standards.start_documents")
def start_documents() -> None:
    """In force within ten minutes of midnight of the day that was named when they were approved."""
    library.start_documents(by=CLOCK)
