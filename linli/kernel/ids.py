"""Identifiers made by the application (UUIDv7, RFC 9562 §5.7): ordered by time, known before the insert."""

import os
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

_lock = threading.Lock()
_last = 0


def new() -> UUID:
    """Return a fresh UUIDv7; ids of one process always increase, also within one millisecond.

    The 74 bits after the millisecond are: 12 bits of sub-millisecond time (RFC 9562 §6.2 method 3), 62 random.
    """
    global _last
    nanos = time.time_ns()
    stamp = (nanos // 1_000_000) << 12 | (nanos % 1_000_000) * 4096 // 1_000_000
    with _lock:
        stamp = _last + 1 if stamp <= _last else stamp
        _last = stamp
    rand = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | rand
    return UUID(int=value)


def floor(at: datetime) -> UUID:
    """The smallest id that could have been made at this wall time: `id__gte=floor(at)` are those made since."""
    return UUID(int=int(at.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62)


def made_at(value: UUID) -> datetime:
    """The wall time in an id made by `new`, to the millisecond."""
    return datetime.fromtimestamp((value.int >> 80) / 1000, UTC)
