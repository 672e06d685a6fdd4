"""What every slice's `api` shares: the declared body of an error, and the actor of a request."""

from typing import Any

from django.http import HttpRequest
from ninja import Schema

from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden


class Problem(Schema):
    """What went wrong: `code` for machines, `message` in plain Chinese for people."""

    code: str
    message: str


#: the error answers that an operation may give besides its own
PROBLEMS: dict[Any, Any] = {frozenset({400, 401, 403, 404, 409, 429}): Problem}


def actor(request: HttpRequest) -> Actor:
    """Who acts (linli.site.middleware builds it)."""
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found


def worker(request: HttpRequest) -> Actor:
    """A colleague. Raises Forbidden for everybody else."""
    found = actor(request)
    if found.kind != "worker":
        raise Forbidden("这一项给社区和街道的工作人员用。", "not_staff")
    return found


def no_nul(text: str) -> str:
    """A text that every database takes."""
    return text.replace("\x00", "")
