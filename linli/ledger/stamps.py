"""What readers keep in memory is kept under a stamp: a value that changes when the tables behind it change.

A reader says what makes its copy stale: `watch("places", "grid.", "accounts.change_account")` (a slice's events by its
prefix with the dot, or one verb). `record()` renews the stamp in the transaction of the change, so that whoever can see
the change sees the new stamp. `current("places")` costs one small statement in a quarter of a second for all names.
"""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from uuid import UUID

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from linli.kernel import ids
from linli.ledger.models import Stamp

#: seconds that another process's change may go unseen; a change of this process is seen at once
KEPT = 0.25

_watched: dict[str, tuple[str, ...]] = {}
_lock = Lock()
_seen: dict[str, str] = {}
_until = 0.0
#: `renewed`: this thread's open transaction has renewed a stamp, which nobody else may see yet; `own`: what it read since, see `_own`;
#: `now`: see `read_now`
_mine = threading.local()


def watch(name: str, *verbs: str) -> str:
    """Whatever is kept under `name` is stale after these verbs. Returns the name. Called where a module is loaded."""
    _watched[name] = verbs
    _stale.cache_clear()
    return name


@lru_cache(maxsize=1024)
def _stale(verb: str) -> tuple[str, ...]:
    app = verb.partition(".")[0] + "."
    return tuple(sorted(n for n, verbs in _watched.items() if app in verbs or verb in verbs))


def makes_stale(verb: str) -> bool:
    """Does this verb make something stale that readers keep?"""
    return bool(_stale(verb))


def renew_for(verb: str) -> None:
    """Called by `record()`: every stamp that this verb makes stale gets a new value, in the caller's transaction."""
    if names := _stale(verb):
        renew(names)


def renew(names: Iterable[str]) -> UUID:
    """New values: random and no counters, since after a rolled-back change a counter would repeat with another content."""
    value = ids.new()
    for name in names:
        if not Stamp.objects.filter(name=name).update(value=value):
            Stamp.objects.bulk_create([Stamp(name=name, value=value)], update_conflicts=True, unique_fields=["name"], update_fields=["value"])
    _mine.renewed, _mine.own = True, None
    transaction.on_commit(forget)
    return value


def forget() -> None:
    """Look again at the next question."""
    global _until
    _until, _mine.renewed, _mine.own = 0.0, False, None


@contextmanager
def read_now() -> Iterator[None]:
    """In here this thread goes by the stamps as the database has them on entering. Whoever hears of a change that another process
    made a moment ago must not act on what was kept from before it: the handler runs once, and its effect would be lost."""
    _mine.now = _read()
    try:
        yield
    finally:
        _mine.now = None


def current(name: str) -> str:
    """The stamp's value; "" while nothing has changed yet."""
    global _seen, _until
    if getattr(_mine, "renewed", False):
        connection = transaction.get_connection()
        if connection.in_atomic_block:
            return _own(connection).get(name, "")
        _mine.renewed, _mine.own = False, None
    if (now := getattr(_mine, "now", None)) is not None:
        return str(now.get(name, ""))
    if time.monotonic() >= _until:
        with _lock:
            _until = time.monotonic() + KEPT
            _seen = _read()
    return _seen.get(name, "")


def _own(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The stamps as an open transaction that renewed some sees them. Whatever is taken back, the transaction or a savepoint, leaves
    the connection with another list of what waits for the commit: what was read before that counts no more."""
    kept = getattr(_mine, "own", None)
    if kept is None or kept[0] is not connection.run_on_commit or time.monotonic() >= kept[1]:
        kept = _mine.own = (connection.run_on_commit, time.monotonic() + KEPT, _read())
    found: dict[str, str] = kept[2]
    return found


def _read() -> dict[str, str]:
    return {n: str(v) for n, v in Stamp.objects.values_list("name", "value")}
