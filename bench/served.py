"""The product's own processes, started by a bench with its database and asked over TCP."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def served(command: str) -> Iterator[tuple[int, int]]:
    """`linli serve` or `linli web`, answering; gives (port, pid) and ends it afterwards. Raises RuntimeError with its last words."""
    port = free_port()
    path = Path(os.environ["LINLI_VAR"]) / "serve.log"
    with path.open("ab") as log:
        server = subprocess.Popen([sys.executable, "-m", "linli.site.cli", command], env={**os.environ, "LINLI_PORT": str(port)}, stdout=log, stderr=log)
    try:
        for _ in range(300):
            try:
                probe = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                probe.request("GET", "/")
                if probe.getresponse().status == 200:
                    break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError(f"linli {command} did not answer: {path.read_text()[-800:]}")
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(20)
