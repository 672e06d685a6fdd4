"""The demo's virtual clock: one row, read by every process, kept still while nothing runs (architecture.md §6)."""

import threading
from datetime import datetime, timedelta

from linli.kernel import clock
from linli.ledger.models import VirtualClock

_cache: dict[str, tuple[datetime, VirtualClock]] = {}
_lock = threading.Lock()


def _row() -> VirtualClock | None:
    wall = clock.wall()
    with _lock:
        kept = _cache.get("row")
    if kept and wall - kept[0] < timedelta(seconds=1):
        return kept[1]
    row = VirtualClock.objects.filter(id=1).first()
    if row:
        with _lock:
            _cache["row"] = (wall, row)
    return row


def virtual_now() -> datetime:
    """The virtual moment; the wall when there is no row yet."""
    row = _row()
    wall = clock.wall()
    return wall if row is None else row.virtual_at + (wall - row.wall_at) * row.speed


def install() -> None:
    """Make `kernel.clock.now()` virtual in this process."""
    clock.set_source(virtual_now)


def start(at: datetime | None = None, speed: float | None = None) -> None:
    """Go on from the minute where the clock stood still (or from `at`): the time between two runs does not pass."""
    row = VirtualClock.objects.filter(id=1).first()
    begin = at or (row.virtual_at if row else clock.wall())
    pace = speed if speed is not None else (row.speed if row else 1.0)
    VirtualClock.objects.update_or_create(
        id=1, defaults={"virtual_at": begin, "wall_at": clock.wall(), "speed": pace}
    )
    _cache.clear()


def heartbeat() -> None:
    """Write down how far the clock has come; called every second while the demo runs."""
    row = VirtualClock.objects.filter(id=1).first()
    if row:
        wall = clock.wall()
        VirtualClock.objects.filter(id=1, wall_at=row.wall_at).update(
            virtual_at=row.virtual_at + (wall - row.wall_at) * row.speed, wall_at=wall
        )


def set_speed(speed: float) -> None:
    """Let the virtual clock run at another speed from now on; 0 stops it."""
    heartbeat()
    VirtualClock.objects.filter(id=1).update(speed=speed)
    _cache.clear()


def forget() -> None:
    """Drop what this process keeps of the row (the demo was reset)."""
    with _lock:
        _cache.clear()
