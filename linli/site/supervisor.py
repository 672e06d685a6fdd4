"""`linli serve`: start the processes, start again what dies, end all of them with itself. Loads no Django."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from linli.site.cluster import die_with_parent

# sysexits.h: a child that cannot start with this configuration has said why; starting it again would not help.
EX_CONFIG = 78
GRACE = 10.0


@dataclass
class Child:
    """One process and how often it died young."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    not_before: float = 0.0
    env: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command, env=os.environ | self.env, stdin=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=die_with_parent,
        )  # fmt: skip


def linli(*words: str) -> list[str]:
    """The command line of another `linli` process with this Python."""
    return [sys.executable, "-m", "linli.site.cli", *words]


class Supervisor:
    """Runs in the main thread; `stop` is what SIGTERM and SIGINT call."""

    def __init__(self, children: list[Child], watch: Path | None = None):
        self.children, self.watch = children, watch
        self.watched = newest(watch) if watch else 0.0
        self.ending = threading.Event()
        self.code = 0

    def stop(self, *_: object) -> None:
        """End all children, then run() returns."""
        self.ending.set()

    def run(self) -> int:
        """Start everything and stay until stopped; returns the exit code."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        for child in self.children:
            child.start()
        looked = time.monotonic()
        while not self.ending.wait(0.1):
            for child in self.children:
                self._look_after(child)
            if self.watch and time.monotonic() > looked + 1:
                looked = time.monotonic()
                self._reload()
        self._end()
        return self.code

    def _reload(self) -> None:
        found = newest(self.watch) if self.watch else 0.0
        if found > self.watched:
            self.watched = found
            say("a source changed: starting anew")
            self._end()
            for child in self.children:
                child.start()

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.not_before:
                child.start()
            return
        code = child.process.poll()
        if code is None:
            return
        child.process = None
        if code == EX_CONFIG:
            self.code = code
            self.ending.set()
            return
        child.deaths = 0 if now - child.started > 30 else child.deaths + 1
        wait = min(2.0 ** (child.deaths - 1), 30.0) if child.deaths else 0.0
        child.not_before = now + wait
        say(f"{child.name} ended with {code}; starting it again in {wait:.0f} s")

    def _end(self) -> None:
        alive = [c.process for c in self.children if c.process and c.process.poll() is None]
        for process in alive:
            process.terminate()
        until = time.monotonic() + GRACE
        for process in alive:
            try:
                process.wait(max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def newest(folder: Path) -> float:
    """When the newest Python file or template under the folder was written."""
    files = (p for kind in ("*.py", "*.html") for p in folder.rglob(kind))
    return max((p.stat().st_mtime for p in files), default=0.0)


def say(text: str) -> None:
    """One line for whoever started us."""
    sys.stderr.write(f"linli: {text}\n")
    sys.stderr.flush()


def tell_when_ready(host: str, port: int, began: float) -> None:
    """In the background: say when the first page answers, and after how many seconds."""

    def ask() -> None:
        for _ in range(600):
            try:
                conn = http.client.HTTPConnection(host, port, timeout=5)
                conn.request("GET", "/")
                status = conn.getresponse().status
                conn.close()
                say(f"http://{host}:{port}/ answers {status} after {time.monotonic() - began:.1f} s")
                return
            except OSError:
                time.sleep(0.1)

    threading.Thread(target=ask, daemon=True).start()
