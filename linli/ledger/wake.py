"""Wake-up after commit: a datagram to every listening process of this machine; tables polled each second are the truth."""

from collections.abc import Iterable

from django.conf import settings
from django.db import connection, transaction

from linli.kernel import clock
from linli.kernel.bulk import insert_returning
from linli.ledger.datagram import listen, send
from linli.ledger.models import Wake

__all__ = ["listen", "nudge_workers", "send", "touch"]
CHANNEL = "linli"


def touch(topics: str | Iterable[str]) -> None:
    """Say that live topics changed: rows in this transaction, a datagram `id topic` a line after its commit."""
    names = {topics} if isinstance(topics, str) else set(topics)
    if not names:
        return
    at = clock.wall()
    rows = insert_returning([Wake(topic=name, at=at) for name in sorted(names)])
    _after_commit("live", "\n".join(f"{row.id} {row.topic}" for row in rows))


def nudge_workers() -> None:
    """After commit: something waits to be processed."""
    _after_commit("work", "")


def _after_commit(kind: str, message: str) -> None:
    if settings.LINLI_PG_NOTIFY and connection.vendor == "postgresql" and len(message) < 7_000:
        # PostgreSQL itself holds it back until the commit.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{kind} {message}"])
    transaction.on_commit(lambda: send(kind, message))
