"""Row locks that a person in a crowd does not wait for: after a second she is told that somebody else has it in hand.

All others wait as long as the database lets them. SQLite has one writer at a time and no row locks; a guarded UPDATE decides.
"""

from typing import Any, TypeVar

from django.db import OperationalError, connection
from django.db.models import Model, QuerySet

from linli.kernel.errors import Conflict

PATIENCE = "1s"
#: PostgreSQL's lock_not_available (55P03) and deadlock_detected (40P01)
BUSY = ("55P03", "40P01")
M = TypeVar("M", bound=Model)


class Busy(Conflict):
    """Somebody else holds the row."""

    code, message = "busy", "别的同志正在办这一件，请过一会儿刷新再看。"


def held(rows: QuerySet[M], *, patient: bool) -> list[M]:
    """The rows, locked until the transaction ends. Raises Busy when it would have to wait longer than PATIENCE (or than
    the database allows), or when two deeds would wait for each other."""
    if not connection.features.has_select_for_update:
        return list(rows)
    if not patient:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
    try:
        return list(rows.select_for_update())
    except OperationalError as exc:
        if is_busy(exc):
            raise Busy() from exc
        raise


def queue(name: str) -> None:
    """Whoever asks with the same name waits here until this transaction ends: for what is counted before it is written, where there
    is no row to lock. On SQLite a transaction has the whole database to itself from its beginning."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def is_busy(exc: BaseException) -> bool:
    """Did the database refuse because of somebody else's lock?"""
    cause: Any = exc.__cause__
    return getattr(cause, "sqlstate", "") in BUSY
