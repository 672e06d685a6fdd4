"""The live door's eyes on the table `ledger_wake`: a raw driver connection in a thread, no models."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from django.conf import settings

from linli.kernel import clock
from linli.ledger.datagram import send
from linli.site.database import driver_arguments

log = logging.getLogger("linli.live")
# Rows get their ids before their commits, so a lower id may appear after a higher one: look back this far each time.
OVERLAP = timedelta(seconds=10)
QUERY = "SELECT id, topic FROM ledger_wake WHERE at > "
Rows = list[tuple[int, str]]


def _postgres() -> Any:
    return psycopg.connect(**postgres_arguments(), autocommit=True, connect_timeout=5)


def postgres_arguments() -> dict[str, Any]:
    """The default database of the settings, as psycopg wants it."""
    return driver_arguments(settings.DATABASES["default"])


def is_postgres() -> bool:
    """Is the default database PostgreSQL?"""
    return settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def _sqlite() -> Any:
    return sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True, timeout=5)


def since(conn: Any, at: datetime) -> Rows:
    """Wake rows written after a moment."""
    if isinstance(conn, sqlite3.Connection):
        return conn.execute(QUERY + "?", [str(at.astimezone(UTC).replace(tzinfo=None))]).fetchall()
    return conn.execute(QUERY + "%s", [at]).fetchall()


class Poller(threading.Thread):
    """Calls `tell(rows)` each second with the rows of the last seconds; survives a database that goes and comes."""

    def __init__(self, tell: Callable[[Rows], None]):
        super().__init__(name="wakes", daemon=True)
        self._tell = tell
        self._end = threading.Event()

    def stop(self) -> None:
        """End within a second."""
        self._end.set()

    def run(self) -> None:
        pause = 1.0
        while not self._end.is_set():
            try:
                with closing(_postgres() if is_postgres() else _sqlite()) as conn:
                    while not self._end.is_set():
                        self._tell(since(conn, clock.wall() - OVERLAP))
                        pause = 1.0
                        self._end.wait(1.0)
            except (sqlite3.Error, psycopg.Error) as exc:
                log.warning("cannot read wakes, trying again in %.0f s: %s", pause, type(exc).__name__)
                self._end.wait(pause)
                pause = min(pause * 2, 15)


class Notified(threading.Thread):
    """LINLI_PG_NOTIFY: what PostgreSQL tells (from other machines too) goes to this machine's sockets."""

    def __init__(self, kind: str):
        super().__init__(name="notify", daemon=True)
        self._kind = kind
        self._end = threading.Event()

    def stop(self) -> None:
        """End within a second."""
        self._end.set()

    def run(self) -> None:
        while not self._end.is_set():
            try:
                with _postgres() as conn:
                    conn.execute("LISTEN linli")
                    while not self._end.is_set():
                        for note in conn.notifies(timeout=1):
                            kind, _, message = note.payload.partition(" ")
                            if kind == self._kind:
                                send(kind, message)
            except psycopg.Error as exc:
                log.warning("NOTIFY is lost for a moment: %s", type(exc).__name__)
                self._end.wait(2)
