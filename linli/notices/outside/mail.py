"""One letter by LINLI_MAIL_BACKEND: off, console, file, or SMTP with a hard limit of seconds for the whole conversation."""

import contextlib
import json
import os
import smtplib
import socket
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from threading import Timer
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from linli.kernel import clock

SECONDS = 15.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")
NAMES = ("off", "console", "file", "smtp")


class Unsent(Exception):
    """The other side surely did not take it: the reason as a short code. again: it may take it later."""

    def __init__(self, reason: str, again: bool = True):
        super().__init__(reason)
        self.again = again


class Unsure(Exception):
    """It was handed over and no answer came: it must not be sent a second time."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where to send: `tls` at once (smtps) or after STARTTLS, which only a relay on this machine may lack."""

    host: str
    port: int
    tls: bool
    user: str
    password: str


def server() -> Server:
    """The server of LINLI_MAIL_URL. Raises ImproperlyConfigured for an address that is none."""
    try:
        parts = urlsplit(settings.LINLI_MAIL_URL)
        port = parts.port
    except ValueError as exc:
        raise ImproperlyConfigured("LINLI_MAIL_URL cannot be read") from exc
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured("LINLI_MAIL_URL reads like smtps://user:password@host:465")
    tls = parts.scheme == "smtps"
    return Server(parts.hostname, port or (465 if tls else 587), tls, unquote(parts.username or ""), unquote(parts.password or ""))


def send(to: str, subject: str, text: str, name: str) -> None:
    """Send a letter. name: lasting, of letters and digits; it becomes the Message-ID.

    Raises Unsent, Unsure, ImproperlyConfigured. Call it outside any transaction.
    """
    backend = BACKENDS.get(settings.LINLI_MAIL_BACKEND)
    if backend is None:
        raise ImproperlyConfigured(f"LINLI_MAIL_BACKEND is one of {', '.join(NAMES)}")
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = settings.LINLI_MAIL_FROM, to, subject
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = f"<{name}@{_domain()}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text, cte="base64")
    backend(to, letter)


def _domain() -> str:
    return settings.LINLI_MAIL_FROM.rpartition("@")[2] or "localhost"


def _off(to: str, letter: EmailMessage) -> None:
    raise Unsent("off", again=False)


def _console(to: str, letter: EmailMessage) -> None:
    name, _, domain = to.partition("@")
    sys.stdout.write(f"Mail → {name[:1]}***@{domain}: {letter['Subject']}\n{letter.get_content()}")
    sys.stdout.flush()


def _file(to: str, letter: EmailMessage) -> None:
    """Append one JSON line to LINLI_VAR/mail/<local day>.jsonl, readable by this user only."""
    now = clock.now()
    folder = Path(settings.LINLI_VAR) / "mail"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    said = {"at": now.isoformat(), "to": to, "subject": letter["Subject"], "text": letter.get_content(), "id": letter["Message-ID"]}
    fd = os.open(folder / f"{clock.local_day(now)}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(fd, "ab") as file:
        file.write((json.dumps(said, ensure_ascii=False) + "\n").encode())  # one write: two processes do not mix


class _Limit:
    """Hangs up after so many seconds, however slowly the other side drips: a socket's own limit begins anew with each byte."""

    def __init__(self, seconds: float):
        self.over = False
        self._spare: socket.socket | None = None
        self._timer = Timer(seconds, self._hang_up)
        self._timer.daemon = True
        self._timer.start()

    def hold(self, sock: socket.socket) -> None:
        self._spare = sock.dup()  # TLS takes the socket itself over
        if self.over:
            self._hang_up()

    def _hang_up(self) -> None:
        self.over = True
        if self._spare is not None:
            with contextlib.suppress(OSError):
                self._spare.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._timer.cancel()
        if self._spare is not None:
            self._spare.close()


class _Line(smtplib.SMTP):
    """SMTP over a socket that the limit can hang up, encrypted from the first byte where the server is so."""

    def __init__(self, to: Server, limit: _Limit, seconds: float):
        self._to, self._limit = to, limit
        super().__init__(to.host, to.port, local_hostname=_domain(), timeout=seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock = socket.create_connection((host, port), timeout)
        sock.settimeout(timeout * 2)  # connected: from here on the limit decides
        self._limit.hold(sock)
        return ssl.create_default_context().wrap_socket(sock, server_hostname=host) if self._to.tls else sock

    def getreply(self) -> tuple[int, bytes]:
        """An answer that was cut off half-way reads like a code of its own, so none counts once we have hung up."""
        answer = super().getreply()
        if self._limit.over:
            raise smtplib.SMTPServerDisconnected("hung up")
        return answer


def _smtp(to: str, letter: EmailMessage) -> None:
    where, given = server(), False
    with contextlib.closing(_Limit(SECONDS)) as limit, contextlib.ExitStack() as stack:
        try:
            line = _Line(where, limit, SECONDS)
            stack.callback(line.close)
            line.ehlo_or_helo_if_needed()
            if not where.tls and where.host not in LOOPBACK:
                line.starttls(context=ssl.create_default_context())
            if where.user:
                line.login(where.user, where.password)
            _yes(*line.mail(settings.LINLI_MAIL_FROM))
            _yes(*line.rcpt(to))
            given = True
            _yes(*line.data(letter.as_bytes()))
        except smtplib.SMTPResponseException as exc:  # a clear no, of whatever step
            raise Unsent(f"smtp {exc.smtp_code}") from exc
        except (OSError, ValueError) as exc:
            reason = "timeout" if limit.over or isinstance(exc, TimeoutError) else type(exc).__name__
            raise (Unsure(reason) if given else Unsent(reason)) from exc
        with contextlib.suppress(OSError, ValueError):
            line.quit()


def _yes(code: int, said: bytes) -> None:
    """Raises Unsent unless the answer is a yes; a 5xx is a no for ever."""
    if not 200 <= code < 300:
        raise Unsent(f"smtp {code}", again=code < 500)


BACKENDS: dict[str, Callable[[str, EmailMessage], None]] = {"off": _off, "console": _console, "file": _file, "smtp": _smtp}
