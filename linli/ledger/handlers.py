"""Who listens to what. Found by `autodiscover_modules("jobs")` once at start; names are explicit and lasting."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Handler:
    """`call` takes a list of events: up to `batch` of them in one transaction."""

    name: str
    call: Callable[[Sequence[Any]], None]
    batch: int


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that runs every `seconds` in one of the worker processes."""

    name: str
    call: Callable[[], None]
    seconds: float


class NotYet(Exception):
    """Raised by a handler: try this delivery again at `at` (wall time); not a failure."""

    def __init__(self, at: datetime):
        self.at = at


_by_verb: dict[str, list[Handler]] = defaultdict(list)
_by_name: dict[str, Handler] = {}
_periodic: dict[str, Periodic] = {}


def on(*verbs: str, name: str, batch: int = 1) -> Callable[..., Any]:
    """Subscribe a function of a list of events to verbs, under a name that never changes (it is in the database)."""

    def register(call: Callable[[Sequence[Any]], None]) -> Callable[[Sequence[Any]], None]:
        if name in _by_name:
            raise ValueError(f"two handlers are named {name}")
        handler = Handler(name, call, batch)
        _by_name[name] = handler
        for verb in verbs:
            _by_verb[verb].append(handler)
        return call

    return register


def every(seconds: float, *, name: str) -> Callable[..., Any]:
    """Run a function without arguments every so many seconds, in one worker at a time."""

    def register(call: Callable[[], None]) -> Callable[[], None]:
        if name in _periodic:
            raise ValueError(f"two periodic jobs are named {name}")
        _periodic[name] = Periodic(name, call, seconds)
        return call

    return register


def handlers_of(verb: str) -> Sequence[Handler]:
    """The handlers subscribed to a verb."""
    return _by_verb.get(verb, ())


def handler(name: str) -> Handler | None:
    """The handler of that name, or None when the code that had it is gone."""
    return _by_name.get(name)


def names() -> list[str]:
    """All handler names."""
    return sorted(_by_name)


def verbs() -> list[str]:
    """All verbs that somebody listens to."""
    return sorted(_by_verb)


def periodics() -> list[Periodic]:
    """All periodic jobs."""
    return list(_periodic.values())
