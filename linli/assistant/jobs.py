"""Questions of 小栖 that nobody answered; errands of the optional scribe."""

from django.conf import settings

from linli.assistant import actions, errands
from linli.ledger.handlers import every


@every(5, name="assistant.expire_asks")
def expire_asks() -> None:
    """Their words become matters."""
    actions.expire_asks()


def run_errands() -> None:
    """In a thread of its own: the worker goes on."""
    errands.begin()


if settings.LINLI_SCRIBE_URL:
    every(1, name="assistant.run_errands")(run_errands)


@every(600, name="assistant.tidy_errands")
def tidy_errands() -> None:
    """What was done or left is of no use after a week."""
    errands.tidy()
