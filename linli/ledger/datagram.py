"""Datagrams between the processes of this machine. Knows no tables, so that the live door can run without models."""

import os
import socket
import threading
from pathlib import Path

from django.conf import settings

_local = threading.local()
LARGEST = 60_000


def send(kind: str, message: str) -> None:
    """One datagram to each `<run>/<kind>-*.sock`; a lost one costs at most a second, tables are the truth."""
    data = message.encode()
    if len(data) > LARGEST:
        return
    sock = getattr(_local, "sock", None)
    if sock is None:
        sock = _local.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        sock.setblocking(False)
    folder = str(settings.LINLI_RUN)
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        if not name.startswith(f"{kind}-") or not name.endswith(".sock"):
            continue
        try:
            sock.sendto(data, f"{folder}/{name}")
        except (ConnectionRefusedError, FileNotFoundError):
            # Nobody listens there any more: a process that was killed left its socket behind.
            Path(folder, name).unlink(missing_ok=True)
        except OSError:
            # Its buffer is full for the moment: it will look into the table.
            continue


def listen(kind: str, name: str) -> socket.socket:
    """Bind `<run>/<kind>-<name>.sock`; the caller reads it and ends it with `close`."""
    folder = Path(settings.LINLI_RUN)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kind}-{name}.sock"
    path.unlink(missing_ok=True)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sock.bind(str(path))
    sock.setblocking(False)
    return sock


def close(sock: socket.socket) -> None:
    """Stop listening and take the socket's file away."""
    path = sock.getsockname()
    sock.close()
    Path(path).unlink(missing_ok=True)


def drain(sock: socket.socket) -> list[str]:
    """All datagrams that wait on a listening socket."""
    got = []
    while True:
        try:
            got.append(sock.recv(LARGEST + 1).decode(errors="replace"))
        except BlockingIOError:
            return got
