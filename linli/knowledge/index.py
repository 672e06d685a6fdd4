"""The retriever of this process, built again when an entry changed (looked at most once a second)."""

import threading
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from linli.kernel import clock
from linli.knowledge.models import Entry
from linli.language import Retriever

_lock = threading.Lock()
_state: dict = {"looked": None, "stamp": None, "retriever": None, "entries": {}}


def _fresh(looked: datetime | None) -> bool:
    return looked is not None and clock.wall() - looked < timedelta(seconds=1)


def current() -> tuple[Retriever, dict[str, Entry]]:
    """(retriever, entries by id) of everything in force today."""
    with _lock:
        if _fresh(_state["looked"]):
            return _state["retriever"], _state["entries"]
        rows = Entry.objects.filter(state=Entry.IN_FORCE).filter(Q(valid_to=None) | Q(valid_to__gte=clock.today()))
        stamp = tuple(rows.aggregate(n=Count("id"), at=Max("updated_at")).values())
        if stamp != _state["stamp"]:
            entries = {str(e.id): e for e in rows.order_by("id")}
            _state["retriever"] = Retriever.build([(k, [e.question, *e.wordings]) for k, e in entries.items()])
            _state["entries"], _state["stamp"] = entries, stamp
        _state["looked"] = clock.wall()
        return _state["retriever"], _state["entries"]


def forget() -> None:
    """Look again at the next question (after a change in this process; tests)."""
    with _lock:
        _state.update(looked=None, stamp=None, retriever=None, entries={})
