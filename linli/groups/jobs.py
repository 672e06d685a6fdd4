"""Retention: small talk loses its words after some days."""

from linli.groups import actions
from linli.ledger.handlers import every


@every(3600, name="groups.purge_small_talk")
def purge_small_talk() -> None:
    """Hourly, in portions."""
    actions.purge_small_talk()
