"""A signed, short-lived word of which live topics a page may hear; made by the page after its access check."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.core import signing

from linli.kernel import clock

_SALT = "linli.live"
MOST_TOPICS = 40
#: wall seconds when the page that is being made began to be made
_began: ContextVar[float] = ContextVar("linli_page_began", default=0.0)


@dataclass(frozen=True, slots=True)
class Pass:
    """What a token says: its topics, when its page began to be made and until when it is good (wall seconds)."""

    topics: tuple[str, ...]
    made: float
    until: float


@contextmanager
def page() -> Iterator[None]:
    """In here a page is made: what changes from now on it may have read too early to show. Around each request."""
    before = _began.set(round(clock.wall().timestamp(), 3))
    try:
        yield
    finally:
        _began.reset(before)


def make(topics: list[str], seconds: int = 3600) -> str:
    """A token for these topics, good for so many seconds; two tokens are never equal. Raises ValueError above 40.

    It counts as made when its page began (`page`), so that a change after the page's reading and before its listening is told.
    """
    if len(topics) > MOST_TOPICS:
        raise ValueError(f"a live token holds at most {MOST_TOPICS} topics")
    made = _began.get() or round(clock.wall().timestamp(), 3)
    return signing.Signer(salt=_SALT).sign_object([made, seconds, secrets.token_hex(4), *topics], compress=True)


def open_pass(token: str) -> Pass:
    """Raises ValueError when it was changed, is not ours or its time is over."""
    try:
        made, seconds, _nonce, *topics = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError) as exc:
        raise ValueError("not a live token") from exc
    if made + seconds < clock.wall().timestamp():
        raise ValueError("the live token's time is over")
    return Pass(tuple(topics), made, made + seconds)


def read(token: str) -> list[str]:
    """The topics of a token; raises ValueError like `open_pass`."""
    return list(open_pass(token).topics)
