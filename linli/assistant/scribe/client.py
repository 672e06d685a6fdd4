"""One request to an OpenAI-compatible endpoint: ends at its deadline whatever the other side does, believes nothing.

The standard library alone: no redirects are followed, no proxy of the environment is used, at most MOST_BYTES are read.
After several failures in a row nobody is asked for a while (`Breaker`).
"""

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

MOST_BYTES = 64_000
MOST_CHARS = 4_000
"""What is sent and what is taken of an answer, at most."""
DEFAULT_PATH = "/v1"


class Failed(Exception):
    """No usable answer. `code`: late, unreachable, refused, redirect, not_json, too_long, cut, empty, resting, bad_address."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`url` up to and with /v1; `seconds` from the first packet to the last byte."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    seconds: float = 4.0


class Breaker:
    """After `limit` failures in a row rests for `rest` seconds, each time twice as long up to an hour; one success ends it."""

    def __init__(self, limit: int = 3, rest: float = 60.0, now: Callable[[], float] = time.monotonic):
        self.limit, self.first, self.now = limit, rest, now
        self._lock = threading.Lock()
        self._failures, self._rest, self._until = 0, rest, 0.0

    @property
    def resting(self) -> bool:
        """Is nobody asked now?"""
        return self.now() < self._until

    def failed(self) -> None:
        """One more failure."""
        with self._lock:
            self._failures += 1
            if self._failures >= self.limit:
                self._until = self.now() + self._rest
                self._rest = min(self._rest * 2, 3600.0)

    def worked(self) -> None:
        """A usable answer."""
        with self._lock:
            self._failures, self._rest, self._until = 0, self.first, 0.0


def ask(endpoint: Endpoint, system: str, user: str, breaker: Breaker) -> str:
    """The endpoint's words to a system and a user text. Raises Failed, after `endpoint.seconds` at the latest."""
    if breaker.resting:
        raise Failed("resting")
    try:
        words = _within(endpoint, _body(endpoint, system, user))
    except Failed:
        breaker.failed()
        raise
    breaker.worked()
    return words


def _body(endpoint: Endpoint, system: str, user: str) -> bytes:
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user[:MOST_CHARS]}]
    asked = {"model": endpoint.model, "messages": messages, "temperature": 0, "max_tokens": 800, "stream": False}
    return json.dumps(asked, ensure_ascii=False).encode()


def _within(endpoint: Endpoint, body: bytes) -> str:
    """Run the exchange in a thread and leave it at the deadline: a name server, a handshake or a byte a minute can hold
    up the thread, never the caller."""
    done: list[Any] = []
    line = _Line(endpoint)

    def run() -> None:
        try:
            done.append(line.exchange(body))
        except Failed as failed:
            done.append(failed)
        except TimeoutError:
            done.append(Failed("late"))
        except Exception:
            # Whatever a hostile server can make the library raise is one and the same to us.
            done.append(Failed("unreachable"))

    thread = threading.Thread(target=run, daemon=True, name="scribe-request")
    thread.start()
    thread.join(endpoint.seconds)
    if not done:
        line.hang_up()
        raise Failed("late")
    if isinstance(done[0], Failed):
        raise done[0]
    return str(done[0])


class _Line:
    """One connection, which somebody else may cut."""

    def __init__(self, endpoint: Endpoint):
        self.endpoint = endpoint
        self.connection: http.client.HTTPConnection | None = None

    def exchange(self, body: bytes) -> str:
        parts = urlsplit(self.endpoint.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Failed("bad_address")
        seconds = self.endpoint.seconds
        if parts.scheme == "https":
            context = ssl.create_default_context()
            self.connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=seconds, context=context)
        else:
            self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=seconds)
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
        if self.endpoint.key:
            headers["Authorization"] = f"Bearer {self.endpoint.key}"
        path = parts.path.rstrip("/") or DEFAULT_PATH
        try:
            self.connection.request("POST", f"{path}/chat/completions", body, headers)
            return _words(self.connection.getresponse())
        finally:
            self.connection.close()

    def hang_up(self) -> None:
        """Cut the line under whoever reads from it."""
        sock = self.connection.sock if self.connection else None
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


def _words(response: http.client.HTTPResponse) -> str:
    if 300 <= response.status < 400:
        raise Failed("redirect")
    if response.status != 200:
        raise Failed("refused")
    raw = response.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Failed("too_long")
    if response.length:
        raise Failed("cut")
    try:
        choice = json.loads(raw.decode("utf-8"))["choices"][0]
        words = choice["message"]["content"]
        ended = choice.get("finish_reason", "stop")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise Failed("not_json") from error
    if not isinstance(words, str):
        raise Failed("not_json")
    if ended not in ("stop", None):
        raise Failed("cut")
    if not words.strip():
        raise Failed("empty")
    if len(words) > MOST_CHARS:
        raise Failed("too_long")
    return words.strip()
