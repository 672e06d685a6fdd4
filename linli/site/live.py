"""`/live`: server-sent events "this topic changed", a bare ASGI app without models; ≤60 kB a connection.

One task per connection waits for its end; writing is done by short tasks, so that an idle reader costs next to nothing.
"""

import asyncio
import json
import os
from collections import Counter, defaultdict
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from linli.kernel import clock
from linli.ledger import datagram
from linli.ledger.live_token import Pass, open_pass
from linli.site.wakes import Notified, Poller, Rows, is_postgres

HEARTBEAT = 15
PER_TOKEN = 8
STUCK = 30
FORGET = 60
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class Listener:
    """One open connection."""

    __slots__ = ("send", "pass_", "task", "pending", "writing_since")

    def __init__(self, send: Any, pass_: Pass, task: Any):
        self.send, self.pass_, self.task = send, pass_, task
        self.pending: set[str] = set()
        self.writing_since = 0.0


class Hub:
    """Who listens to what, and what was already told. All methods run in the event loop of the process."""

    def __init__(self) -> None:
        self.by_topic: dict[str, set[Listener]] = defaultdict(set)
        self.listeners: set[Listener] = set()
        self.per_token: Counter[str] = Counter()
        self.seen: dict[int, float] = {}
        self.recent: dict[str, float] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.threads: list[Any] = []
        self.closing = False

    async def start(self) -> None:
        """Listen to datagrams, poll the table, beat."""
        loop = self.loop = asyncio.get_running_loop()
        self.closing = False
        self.sock = datagram.listen("live", f"{os.getpid()}-{id(self):x}")
        loop.add_reader(self.sock.fileno(), self._datagrams)
        self.threads = [Poller(lambda rows: loop.call_soon_threadsafe(self.rows, rows))]
        if settings.LINLI_PG_NOTIFY and is_postgres():
            self.threads.append(Notified("live"))
        for thread in self.threads:
            thread.start()
        self._spawn(self._beat())

    async def stop(self) -> None:
        """Close every connection and let go of everything."""
        self.close_all()
        for thread in self.threads:
            thread.stop()
        self.loop.remove_reader(self.sock.fileno())
        datagram.close(self.sock)
        for task in list(self.tasks):
            task.cancel()

    def close_all(self) -> None:
        """End every stream now: the server goes down."""
        self.closing = True
        for listener in list(self.listeners):
            listener.task.cancel()

    def _spawn(self, work: Any) -> None:
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _datagrams(self) -> None:
        for message in datagram.drain(self.sock):
            pairs = (line.split(" ", 1) for line in message.splitlines())
            self.rows([(int(p[0]), p[1]) for p in pairs if len(p) == 2 and p[0].isdigit()])

    def rows(self, rows: Rows) -> None:
        """Wake rows came, by datagram or by poll: tell each once."""
        now = clock.wall().timestamp()
        for number, topic in rows:
            if number not in self.seen:
                self.seen[number] = now
                self.recent[topic] = now
                for listener in self.by_topic.get(topic, ()):
                    self._tell(listener, topic)

    def _tell(self, listener: Listener, topic: str) -> None:
        listener.pending.add(topic)
        if not listener.writing_since:
            listener.writing_since = clock.wall().timestamp()
            self._spawn(self._write(listener))

    async def _write(self, listener: Listener, first: bytes = b"") -> None:
        body = first
        while body or listener.pending:
            for topic in sorted(listener.pending):
                body += b"event: changed\ndata: " + json.dumps({"topic": topic}).encode() + b"\n\n"
            listener.pending.clear()
            await listener.send({"type": "http.response.body", "body": body, "more_body": True})
            body = b""
        listener.writing_since = 0.0

    async def _beat(self) -> None:
        """Each second a fifteenth of the connections hears a comment; what is old or stuck is closed."""
        slot = 0
        while True:
            await asyncio.sleep(1)
            now = clock.wall().timestamp()
            self.seen = {k: at for k, at in self.seen.items() if now - at < FORGET}
            self.recent = {k: at for k, at in self.recent.items() if now - at < FORGET}
            slot = (slot + 1) % HEARTBEAT
            for listener in [x for x in self.listeners if (id(x) >> 6) % HEARTBEAT == slot]:
                stuck = listener.writing_since and now - listener.writing_since > STUCK
                if stuck or now > listener.pass_.until:
                    listener.task.cancel()
                elif not listener.writing_since:
                    listener.writing_since = now
                    self._spawn(self._write(listener, b":\n\n"))

    async def serve(self, scope: Any, receive: Any, send: Any) -> None:
        """One request to /live?t=token."""
        token = parse_qs(scope["query_string"].decode("ascii", "replace")).get("t", [""])[0]
        try:
            pass_ = open_pass(token)
        except ValueError:
            return await refuse(send, 403)
        if scope["method"] != "GET" or self.closing:
            return await refuse(send, 405 if not self.closing else 503)
        if self.per_token[token] >= PER_TOKEN:
            return await refuse(send, 429)
        listener = Listener(send, pass_, asyncio.current_task())
        self.per_token[token] += 1
        self.listeners.add(listener)
        for topic in pass_.topics:
            self.by_topic[topic].add(listener)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
            for topic in pass_.topics:
                # It changed after the page was made and before it began to listen.
                if self.recent.get(topic, 0) > pass_.made:
                    self._tell(listener, topic)
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._forget(listener, token)

    def _forget(self, listener: Listener, token: str) -> None:
        self.listeners.discard(listener)
        for topic in listener.pass_.topics:
            self.by_topic[topic].discard(listener)
            if not self.by_topic[topic]:
                del self.by_topic[topic]
        self.per_token[token] -= 1
        if not self.per_token[token]:
            del self.per_token[token]


async def refuse(send: Any, status: int) -> None:
    """A short answer without a body; the page goes on asking at its pauses."""
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
