"""A signed, short-lived word of which live topics a page may hear; made by the page after its access check."""

import secrets
from dataclasses import dataclass

from django.core import signing

from linli.kernel import clock

_SALT = "linli.live"
MOST_TOPICS = 40


@dataclass(frozen=True, slots=True)
class Pass:
    """What a token says: its topics, when it was made and until when it is good (wall seconds)."""

    topics: tuple[str, ...]
    made: float
    until: float


def make(topics: list[str], seconds: int = 3600) -> str:
    """A token for these topics, good for so many seconds; two tokens are never equal. Raises ValueError above 40."""
    if len(topics) > MOST_TOPICS:
        raise ValueError(f"a live token holds at most {MOST_TOPICS} topics")
    made = round(clock.wall().timestamp(), 3)
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
