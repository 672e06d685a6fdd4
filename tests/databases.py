"""Each worker's database, and snapshots that all workers share: `empty` (migrated), `cast` (people and places), and scenes
made on the cast that many tests look at.

A test asks for one of them; it is laid anew only when the last test left something else behind. The first worker that
needs a snapshot makes it under a file lock, the others copy: a file by SQLite's backup, a PostgreSQL template.
"""

import fcntl
import re
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.signals import connection_created

from linli.accounts import selectors as accounts
from linli.calendars import selectors as calendars
from linli.grid import atlas
from linli.knowledge import index
from linli.ledger import clockrow, stamps
from linli.orders import selectors as orders
from linli.standards import selectors as standards
from tests.settings import CLUSTER, DATABASE, ROOT, WORKER


@contextmanager
def _alone() -> Iterator[None]:
    with (ROOT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Sqlite:
    """Snapshots are files beside the workers' folders."""

    here = ROOT / WORKER / "linli.sqlite3"

    def has(self, kind: str) -> bool:
        return (ROOT / f"{kind}.sqlite3").exists()

    def keep(self, kind: str) -> None:
        part = ROOT / f"{kind}.part"
        self._copy(self.here, part)
        part.rename(ROOT / f"{kind}.sqlite3")

    def lay(self, kind: str) -> None:
        self._copy(ROOT / f"{kind}.sqlite3", self.here)

    def create(self) -> None:
        """The file is made by the first connection."""

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        # The backup is one transaction on the target, so that threads which still hold it open see a whole database.
        with closing(sqlite3.connect(source)) as a, closing(sqlite3.connect(target, timeout=20)) as b:
            b.execute("PRAGMA synchronous=OFF")
            a.backup(b)


class Postgres:
    """Snapshots are template databases of the run's temporary cluster."""

    def _do(self, *statements: str) -> list[Any]:
        with psycopg.connect(f"host={CLUSTER} user=linli dbname=postgres", autocommit=True) as conn:
            for statement in statements:
                cursor = conn.execute(statement)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def has(self, kind: str) -> bool:
        return bool(self._do(f"SELECT 1 FROM pg_database WHERE datname = 'kept_{kind}'"))

    def keep(self, kind: str) -> None:
        self._do(f"CREATE DATABASE kept_{kind} TEMPLATE {WORKER}")

    def lay(self, kind: str) -> None:
        self._do(f"DROP DATABASE IF EXISTS {WORKER} WITH (FORCE)", f"CREATE DATABASE {WORKER} TEMPLATE kept_{kind}")

    def create(self) -> None:
        self._do(f"CREATE DATABASE {WORKER}")


class Stage:
    """What the worker's database holds now: a snapshot's name, or "" when a test committed into it."""

    def __init__(self) -> None:
        self.engine = Postgres() if DATABASE == "postgres" else Sqlite()
        self.now = self._laid = ""
        #: a test wrote beside the verbs, so that no stamp tells of it
        self.written = False

    def want(self, kind: str, make: dict[str, Callable[[], object]]) -> None:
        """Lay the snapshot unless it lies already; make it first where nobody has. `make`: how the cast and each scene come about."""
        if self.now == kind:
            if kind == "empty" or self.written:
                forget_stamped()  # in an empty one nothing has a stamp yet
            return
        with _alone():
            if not self.engine.has("empty"):
                self.engine.create()
                call_command("migrate", verbosity=0)
                connections.close_all()
                self.engine.keep("empty")
            for wanted, ground in (("cast", "empty"), (kind, "cast")):
                if kind != "empty" and not self.engine.has(wanted):
                    connections.close_all()
                    self.engine.lay(ground)
                    forget_stamped()
                    make[wanted]()
                    connections.close_all()
                    self.engine.keep(wanted)
        connections.close_all()
        self.engine.lay(kind)
        if self._laid != kind:
            # Of the same snapshot it follows by itself what a test has changed.
            index.drop()
        forget_stamped()
        self.now = self._laid = kind


def forget() -> None:
    """What is kept for a while, whatever changes: the next test has another clock and other orders."""
    clockrow._cache.clear()
    stamps.forget()
    orders._counts.clear()


def forget_stamped() -> None:
    """What is kept under stamps. They stand in the database, so that within one snapshot it stays true from test to test, as a
    test's changes are rolled back with their stamps; another snapshot may have the same stamps and other rows."""
    accounts.forget()
    atlas.forget()
    standards.forget()
    calendars._cache.clear()
    STAGE.written = False


#: all but the note of when somebody last signed in, which Django makes and no reader keeps
_WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+?)_(?!account" SET "last_login" = %s WHERE)')


def watch_writes() -> None:
    """A test that writes what readers keep under stamps by the ORM itself, past the verbs, has no stamp that tells of it: drop it
    at once, and again before the next test. What the product's own code writes must have its stamp."""
    kept = {verb.partition(".")[0] for verbs in stamps._watched.values() for verb in verbs}
    own = str(settings.BASE_DIR / "linli")

    def through(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        found = _WRITES.match(sql)
        if found and found[1] in kept and not _by(own):
            forget_stamped()
            STAGE.written = True
        return done

    def made(connection: Any, **given: Any) -> None:
        # Once Playwright's loop runs in the tests' thread, Django has another connection for it.
        if through not in connection.execute_wrappers and threading.current_thread() is threading.main_thread():
            connection.execute_wrappers.append(through)

    connection_created.connect(made, weak=False)
    connections.close_all()


def _by(folder: str) -> bool:
    """Does the statement come out of a file under this folder?"""
    frame = sys._getframe(2)
    while frame := frame.f_back:  # type: ignore[assignment]
        if frame.f_code.co_filename.startswith(folder):
            return True
    return False


STAGE = Stage()
