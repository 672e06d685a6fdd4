"""A local OpenAI-compatible server that does what it is told: answers, lies, stalls, drips, breaks off, floods, redirects."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from linli.assistant.scribe.client import Endpoint


def reply(words: object, *, finish: str = "stop") -> bytes:
    """What such a server says, as a whole HTTP answer."""
    return http(json.dumps({"choices": [{"message": {"role": "assistant", "content": words}, "finish_reason": finish}]}).encode())


def http(body: bytes, status: str = "200 OK", *, length: int | None = None, more: str = "") -> bytes:
    """An HTTP answer; `length` may lie."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body) if length is None else length}\r\n{more}\r\n"
    return head.encode() + body


@dataclass
class Fake:
    """`act` gets (socket, path, body) of each request; what was asked stands in `asked`."""

    act: Callable[[socket.socket, "Fake"], None]
    asked: list[dict] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def endpoint(self, seconds: float = 4.0) -> Endpoint:
        """Its address for the client."""
        return Endpoint(self.url, "fake-model", "fake-key", seconds)


def says(words: object, **more) -> Callable:
    """Answer properly with these words."""
    return lambda sock, fake: sock.sendall(reply(words, **more))


def sends(raw: bytes) -> Callable:
    """Send exactly these bytes and hang up."""
    return lambda sock, fake: sock.sendall(raw)


def stalls(sock, fake) -> None:
    """Take the request and say nothing."""
    fake.ending.wait(30)


def drips(sock, fake) -> None:
    """A byte now and then for ever, so that no read ever times out by itself."""
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n")
    while not fake.ending.wait(0.05):
        sock.sendall(b" ")


def drips_headers(sock, fake) -> None:
    """Headers that never end."""
    sock.sendall(b"HTTP/1.1 200 OK\r\n")
    while not fake.ending.wait(0.05):
        sock.sendall(b"X-More: a\r\n")


def floods(sock, fake) -> None:
    """More than anybody wants."""
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while not fake.ending.is_set():
        sock.sendall(b"x" * 65536)


@contextmanager
def served(act: Callable) -> Iterator[Fake]:
    """`with served(says("好")) as fake:` — a server on a free port of this machine, gone afterwards."""
    listener = socket.create_server(("127.0.0.1", 0))
    fake = Fake(act, url=f"http://127.0.0.1:{listener.getsockname()[1]}/v1")

    def one(sock: socket.socket) -> None:
        with sock:
            try:
                stream = sock.makefile("rb")
                head = b""
                while (line := stream.readline()).strip():
                    head += line
                length = next((int(x.split(b":")[1]) for x in head.lower().splitlines() if x.startswith(b"content-length")), None)
                if length is None:
                    return  # somebody knocks and says nothing, as the doctor does
                fake.heads.append(head.decode())
                fake.asked.append(json.loads(stream.read(length)))
                fake.act(sock, fake)
            except OSError:
                return  # the client has hung up

    def accept() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(sock,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield fake
    finally:
        fake.ending.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
