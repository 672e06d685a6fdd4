"""The retriever of this process: follows the table by what changed since, looked at most once a second; weights that a
worker learned (`learning`) are swapped in when their file changes, and all works without them. What is asked at a place
goes through `ask`, which knows only what holds there."""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import BigIntegerField, Count, F, Func, Max, Q, QuerySet, Sum

from linli.grid import selectors as places
from linli.kernel import clock
from linli.knowledge.models import Entry
from linli.language import Answer, Retriever
from linli.language.retrieval.weights import load

MANY = 200
"""More changes at once than this: built anew."""

_lock = threading.Lock()
_state: dict = {"looked": None, "stamp": None, "seen": {}, "retriever": None, "entries": {}, "local": (), "weights": None}


class _Moment(Func):
    """A time as a number of milliseconds."""

    template = "CAST(EXTRACT(EPOCH FROM %(expressions)s) * 1000 AS bigint)"
    output_field = BigIntegerField()

    def as_sqlite(self, compiler, connection, **more):  # type: ignore[no-untyped-def]
        # Counted from 2023, so that the sum of very many stays a whole number of SQLite's.
        template = "CAST((julianday(%(expressions)s) - 2460000) * 86400000 AS integer)"
        return self.as_sql(compiler, connection, template=template, **more)


def weights_file() -> Path:
    """Where what was learned lies, for all processes."""
    return Path(settings.LINLI_VAR) / "knowledge" / "weights.npz"


def served() -> QuerySet[Entry]:
    """What may be told today: in force by state and by date, and its source read."""
    today = clock.today()
    rows = Entry.objects.filter(state=Entry.IN_FORCE).filter(Q(valid_to=None) | Q(valid_to__gte=today))
    rows = rows.filter(Q(valid_from=None) | Q(valid_from__lte=today))
    return rows.exclude(source__contains=Entry.UNREAD).exclude(article__contains=Entry.UNREAD)


def texts_of(entry: Entry) -> tuple[str, list[str], str]:
    """(id, [question, wordings …], answer) as the retriever takes it."""
    return str(entry.id), [entry.question, *entry.wordings], entry.answer


def current() -> tuple[Retriever, dict[str, Entry]]:
    """(retriever, entries by id) of everything that is served today. While one thread brings it up to date, the others
    go on with what there is."""
    if _fresh(_state["looked"]):
        return _state["retriever"], _state["entries"]
    if not _lock.acquire(blocking=_state["retriever"] is None):
        return _state["retriever"], _state["entries"]
    try:
        if not _fresh(_state["looked"]):
            _look()
        return _state["retriever"], _state["entries"]
    finally:
        _lock.release()


def holds(entry: Entry, community_id: UUID | None) -> bool:
    """Is this entry told in that community: one of the whole district, of its street or of itself? None: only the first."""
    if entry.area_id is None:
        return True
    here = places.area(community_id) if community_id else None
    return here is not None and entry.area_id in (here.id, here.street_id)


def ask(words: str, community_id: UUID | None) -> tuple[Answer, list[Entry]]:
    """What is known of these words in a community (None: anywhere in the district): the verdict with its hits, and their
    entries in the same order."""
    retriever, entries = current()
    local = _state["local"]
    answer = retriever.answer(words, {str(e.id) for e in local if not holds(e, community_id)} if local else ())
    # An entry that came or went in this very moment is in one of the two only.
    known = [(h, e) for h in answer.hits if (e := entries.get(h.entry_id)) and holds(e, community_id)]
    sure = bool(known) and known[0][0] == answer.hits[0]
    return Answer(tuple(h for h, _ in known), answer.verdict if sure else "refuse"), [e for _, e in known]


def by_code(community_id: UUID | None) -> dict[str, Entry]:
    """What is told today in a community by its code, by which questions back name their choices."""
    return {e.code: e for e in current()[1].values() if holds(e, community_id)}


def forget() -> None:
    """Look again at the next question (after a change in this process)."""
    _state["looked"] = None


def drop() -> None:
    """Forget everything (tests: another database)."""
    with _lock:
        _state.update(looked=None, stamp=None, seen={}, retriever=None, entries={}, local=(), weights=None)


def _fresh(looked: datetime | None) -> bool:
    return looked is not None and _state["retriever"] is not None and clock.wall() - looked < timedelta(seconds=1)


def _look() -> None:
    looked = clock.wall()
    rows = served()
    # The number of entries and the newest change alone say nothing of a day that has come, or of a commit that took long; to read
    # row by row which there are costs many times more.
    changes = rows.aggregate(n=Count("id"), newest=Max("updated_at"), all=Sum(_Moment(F("updated_at"))))
    stamp = (clock.today(), *changes.values())
    if stamp != _state["stamp"] or _state["retriever"] is None:
        _follow(rows)
        _state["stamp"] = stamp
    mark = _mark(weights_file())
    if mark != _state["weights"]:
        _state["retriever"].weigh(load(weights_file()))
        _state["weights"] = mark
    _state["looked"] = looked


def _mark(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _follow(rows: QuerySet[Entry]) -> None:
    now = dict(rows.values_list("id", "updated_at"))
    seen = _state["seen"]
    changed = [i for i, at in now.items() if seen.get(i) != at]
    gone = [i for i in seen if i not in now]
    retriever: Retriever | None = _state["retriever"]
    if retriever is None or len(changed) + len(gone) > MANY:
        entries = {str(e.id): e for e in rows.order_by("id")}
        _state["retriever"] = Retriever.build([texts_of(e) for e in entries.values()])
        _state.update(entries=entries, weights=None)
    else:
        entries = dict(_state["entries"])
        for entry in rows.filter(id__in=changed):
            retriever.add(*texts_of(entry))
            entries[str(entry.id)] = entry
        for entry_id in gone:
            retriever.remove(str(entry_id))
            entries.pop(str(entry_id), None)
        _state["entries"] = entries
    _state["local"] = tuple(e for e in entries.values() if e.area_id)
    _state["seen"] = now
