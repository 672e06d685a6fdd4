"""Wake-up after commit: a datagram to every listening process of this machine; tables polled each second are the truth."""

import socket
import threading
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from linli.kernel import clock
from linli.ledger.models import Wake

_local = threading.local()


def touch(topics: str | Iterable[str]) -> None:
    """Say that live topics changed: rows in this transaction, a datagram after its commit."""
    names = {topics} if isinstance(topics, str) else set(topics)
    if not names:
        return
    at = clock.wall()
    Wake.objects.bulk_create([Wake(topic=name, at=at) for name in sorted(names)])
    message = "\n".join(sorted(names))
    transaction.on_commit(lambda: send("live", message))


def nudge_workers() -> None:
    """After commit: something waits to be processed."""
    transaction.on_commit(lambda: send("work", ""))


def send(kind: str, message: str) -> None:
    """One datagram to each `<run>/<kind>-*.sock`; a lost one costs at most a second."""
    data = message.encode()[:60_000]
    sock = getattr(_local, "sock", None)
    if sock is None:
        sock = _local.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        sock.setblocking(False)
    for path in Path(settings.LINLI_RUN).glob(f"{kind}-*.sock"):
        try:
            sock.sendto(data, str(path))
        except BlockingIOError:
            continue
        except OSError:
            # Nobody listens there any more: a process that was killed left its socket behind.
            path.unlink(missing_ok=True)


def listen(kind: str, name: str) -> socket.socket:
    """Bind `<run>/<kind>-<name>.sock`; the caller reads it and closes it."""
    folder = Path(settings.LINLI_RUN)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kind}-{name}.sock"
    path.unlink(missing_ok=True)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sock.bind(str(path))
    return sock
