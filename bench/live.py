"""The live path through the real server: POST of a message → the frame that another `/live` connection receives, at
50 messages a second, and how long 小栖 takes to answer under that load; then 2,000 open connections and what they weigh.

`raw_loopback_ms`: one byte to a socket of this machine and back, in the same run.
"""

import asyncio
import http.client
import resource
import socket
import statistics
import threading
import time
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from bench import common
from bench.served import served
from linli.accounts import actions as accounts
from linli.accounts.models import Account
from linli.demo import cast as cast_module
from linli.grid.selectors import stamp_of_building
from linli.groups import actions as groups
from linli.groups.models import Message
from linli.kernel.actors import SYSTEM
from linli.ledger import live_token

RATE = 50
GROUPS = 50
MEMBERS = 4
CSRF = "a" * 32


def _people(people: Any) -> list[tuple[Any, str]]:
    """(group, session cookie) for many members of many groups, made by the actions."""
    stamp = stamp_of_building(people.building["jx3"])
    store = import_module(settings.SESSION_ENGINE).SessionStore
    rows = []
    for n in range(GROUPS):
        group = groups.add_group(by=SYSTEM, name=f"压力群{n}", stamp=stamp)
        for m in range(MEMBERS):
            account = accounts.add_account(by=SYSTEM, kind=Account.RESIDENT, name=f"居民{n}-{m}")
            groups.add_member(by=SYSTEM, group=group, sender_ref=f"account:{account.id}", nickname=f"居民{n}-{m}", account_id=account.id)
            session = store()
            session[SESSION_KEY] = str(account.id)
            session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            session[HASH_SESSION_KEY] = account.get_session_auth_hash()
            session.create()
            rows.append((group, session.session_key))
    return rows


class Readers:
    """SSE readers in one event loop of their own thread; the moment of each `changed` frame by topic."""

    def __init__(self, port: int):
        self.port = port
        self.frames: dict[str, list[float]] = defaultdict(list)
        self.open = self.refused = 0
        self.kept: list[Any] = []  # the loop holds its tasks weakly
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def connect(self, tokens: list[str]) -> None:
        for token in tokens:
            self.kept.append(asyncio.run_coroutine_threadsafe(self._read(token), self.loop))

    def wait(self, wanted: int, seconds: float = 60) -> None:
        """Until so many streams are open or refused."""
        until = time.monotonic() + seconds
        while self.open + self.refused < wanted and time.monotonic() < until:
            time.sleep(0.05)

    async def _read(self, token: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET /live?{urlencode({'t': token})} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n".encode())
        if b" 200 " not in await reader.readline():
            self.refused += 1
            return
        self.open += 1
        try:
            while line := await reader.readline():
                if line.startswith(b"data:") and b'"topic"' in line:
                    topic = line.split(b'"topic"')[1].split(b'"')[1].decode()
                    self.frames[topic].append(time.perf_counter())
        finally:
            self.open -= 1


def _weight(server: int) -> int:
    """Resident kB of the server's processes."""
    total = 0
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    for pid in [str(server), *children]:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1])
    return total


def _post(port: int, rows: list[tuple[Any, str]], seconds: float, tag: str) -> list[tuple[str, float]]:
    """RATE messages a second, evenly, by a few keep-alive connections; (topic, moment of the POST)."""
    total = int(RATE * seconds)
    sent: list[tuple[str, float]] = []
    refused: list[int] = []
    lock = threading.Lock()
    texts = [text for _, text in common.stream(total)]
    began = time.perf_counter() + 0.5
    turn = iter(range(total))

    def work() -> None:
        conn = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with lock:
                n = next(turn, None)
            if n is None:
                return
            group, session = rows[(n % GROUPS) * MEMBERS + n // GROUPS % MEMBERS]
            time.sleep(max(0.0, began + n / RATE - time.perf_counter()))
            body = urlencode({"text": texts[n], "key": f"{tag}{n}", "csrfmiddlewaretoken": CSRF})
            headers = {
                "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true",
                "Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF,
            }  # fmt: skip
            moment = time.perf_counter()
            conn.request("POST", f"/g/{group.id}/say/", body, headers)
            answer = conn.getresponse()
            answer.read()
            with lock:
                if answer.status == 200:
                    sent.append((f"g:{group.id}", moment))
                else:
                    refused.append(answer.status)

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        raise RuntimeError(f"{len(refused)} messages were refused: {sorted(set(refused))}")
    return sent


def _loopback() -> float:
    """Median milliseconds of one byte there and back over TCP on this machine."""
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    peer, _ = server.accept()
    took = []
    for _ in range(200):
        start = time.perf_counter()
        client.send(b"x")
        peer.recv(1)
        peer.send(b"x")
        client.recv(1)
        took.append((time.perf_counter() - start) * 1000)
    for sock in (server, client, peer):
        sock.close()
    return statistics.median(took)


def _answers() -> list[float]:
    """Milliseconds from a word stored to 小栖's words stored, for each that has some: both by the server's clock."""
    rows = Message.objects.filter(direction=Message.OUT, reply_to__isnull=False).values_list("reply_to", "received_at")
    answered: dict[Any, Any] = {}
    for about, moment in rows.order_by("-id"):
        answered[about] = moment
    asked = dict(Message.objects.filter(id__in=answered, direction=Message.IN).values_list("id", "received_at"))
    return [(answered[key] - moment).total_seconds() * 1000 for key, moment in asked.items()]


def main(small: bool) -> dict[str, Any]:
    """One JSON object."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(65_536, hard) if hard > 0 else 65_536, hard))
    people = cast_module.load()
    rows = _people(people)
    connection.close()
    began = time.perf_counter()
    with served("serve") as (port, server):
        readers = Readers(port)
        topics = sorted({f"g:{g.id}" for g, _ in rows})
        readers.connect([live_token.make([t]) for t in topics])
        readers.wait(len(topics))
        _post(port, rows, 2, "warm")
        time.sleep(1)
        sent = _post(port, rows, 10 if small else 40, "b")
        _wait_for_effects()
        answers = _answers()
        waits, missing = [], 0
        for topic, moment in sent:
            after = [f for f in readers.frames[topic] if f >= moment]
            if after:
                waits.append((after[0] - moment) * 1000)
            else:
                missing += 1
        many = 400 if small else 2_000
        before, opened = _weight(server), readers.open
        tokens = [live_token.make([topics[n % len(topics)]]) for n in range(many)]
        for start in range(0, many, 100):
            readers.connect(tokens[start : start + 100])
            time.sleep(0.15)
        readers.wait(opened + many)
        time.sleep(1)
        after_open = _weight(server)
        got = readers.open - opened
        return {
            "p50_ms": round(statistics.median(waits), 1), "p99_ms": round(common.percentile(waits, 0.99), 1),
            "answer_p50_ms": round(statistics.median(answers), 1), "answer_p99_ms": round(common.percentile(answers, 0.99), 1),
            "answered": len(answers),
            "kb_per_connection": round((after_open - before) / max(got, 1), 1), "connections": got, "refused": readers.refused,
            "frames_missing": missing, "sent": len(sent), "rate": RATE, "raw_loopback_ms": round(_loopback(), 3),
            "seconds": round(time.perf_counter() - began, 1), "rows": common.counts(), "db": connection.vendor,
        }  # fmt: skip


def _wait_for_effects() -> None:
    """Until each word has its outcome and no delivery is open; the server's worker does it. Raises RuntimeError after a minute."""
    until = time.monotonic() + 60
    while (left := common.counts())["waiting"] or left["open_deliveries"]:
        if time.monotonic() > until:
            raise RuntimeError(f"left undone: {left}")
        time.sleep(0.2)
