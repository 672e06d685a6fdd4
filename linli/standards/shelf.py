"""The standards that are or were in force, kept in this process's memory under a stamp: orders, procedures and pages ask
for clauses all the time. They are public to all who work here; drafts and lists are read by `reading.py`, with an actor."""

from collections.abc import Iterable
from datetime import datetime
from threading import Lock
from uuid import UUID

from linli.ledger import stamps
from linli.standards.documents import ClauseText, DocumentState, Value, value
from linli.standards.models import Clause, Document
from linli.standards.texts import clause_text

S = DocumentState
STAMP = stamps.watch("standards_library", "standards.")
_lock = Lock()
_kept: dict[str, "_Shelf"] = {}


class _Shelf:
    """`versions`: code → versions that are or were in force, oldest first; `clauses`: (document id, number) → clause."""

    def __init__(self) -> None:
        self.versions: dict[str, list[Document]] = {}
        for row in Document.objects.filter(state__in=(S.IN_FORCE, S.SUPERSEDED)).order_by("code", "version"):
            self.versions.setdefault(row.code, []).append(row)
        by_id = {d.id: d for rows in self.versions.values() for d in rows}
        self.clauses: dict[tuple[UUID, str], Clause] = {}
        for clause in Clause.objects.filter(document_id__in=list(by_id)).order_by("document_id", "position").defer("tokens"):
            clause.document = by_id[clause.document_id]
            self.clauses[clause.document_id, clause.number] = clause


def _shelf() -> _Shelf:
    stamp = stamps.current(STAMP)
    found = _kept.get(stamp)
    if found is None:
        with _lock:
            found = _kept.get(stamp)
            if found is None:
                found = _Shelf()
                _kept.clear()
                _kept[stamp] = found
    return found


def forget() -> None:
    """Drop what is kept (tests: another database)."""
    _kept.clear()


def in_force(code: str, at: datetime | None = None) -> Document | None:
    """The version in force now, or at a moment; for a moment before the first one, the first. None for an unknown code."""
    rows = _shelf().versions.get(code, [])
    if at is None:
        return rows[-1] if rows else None
    return next((d for d in reversed(rows) if d.in_force_at and d.in_force_at <= at), rows[0] if rows else None)


def clause(code: str, at: datetime | None = None) -> Clause | None:
    """The clause that a code names (WXQ-4.2), as it stands or stood at a moment; None when there is none."""
    document_code, _, number = code.partition("-")
    document = in_force(document_code, at)
    return _shelf().clauses.get((document.id, number)) if document else None


def names(codes: Iterable[str]) -> dict[str, str]:
    """code → 微信群服务规范 4.2; codes without a clause stay as they are."""
    found = {code: clause(code) for code in set(codes)}
    return {code: f"{c.document.title} {c.number}" if c else code for code, c in found.items()}


def text(code: str) -> ClauseText | None:
    """The clause in force as text, with its values."""
    found = clause(code)
    return clause_text(found) if found else None


def values(code: str) -> dict[str, Value]:
    """The values of a clause in force by their codes; {} for none."""
    found = clause(code)
    return {v["code"]: value(v) for v in found.values} if found else {}


def texts(document_code: str) -> list[ClauseText]:
    """All clauses in force of a standard."""
    document = in_force(document_code)
    return [clause_text(c) for (d, _), c in _shelf().clauses.items() if document and d == document.id]


def clauses() -> dict[str, Clause]:
    """All clauses in force by their codes, in the order of codes."""
    shelf = _shelf()
    here = {d.id for rows in shelf.versions.values() for d in rows[-1:]}
    return {c.code: c for c in sorted(shelf.clauses.values(), key=lambda c: (c.document.code, c.position)) if c.document_id in here}
