"""The library's rows as text, and text as rows."""

from collections.abc import Iterable
from datetime import date

from linli.kernel import ids
from linli.language import search_tokens
from linli.standards.documents import ClauseText, DocumentText, Head, in_order, value
from linli.standards.models import Clause, Document


def text_of(document: Document, clauses: Iterable[Clause] | None = None) -> DocumentText:
    """A version as text."""
    rows = document.clauses.order_by("position") if clauses is None else clauses
    head = Head(
        document.title, document.subsystem, document.module, document.scope, document.object, tuple(document.flow), document.requirement,
        _iso(document.valid_from), _iso(document.valid_until),
    )  # fmt: skip
    return DocumentText(document.code, head, in_order(clause_text(c) for c in rows))


def clause_text(clause: Clause) -> ClauseText:
    """A clause as text."""
    return ClauseText(clause.number, clause.chapter, clause.title, clause.text, tuple(value(v) for v in clause.values))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def clause_row(document: Document, c: ClauseText) -> Clause:
    """A clause as a row, not saved: its place in the order and its words for the search."""
    chapter, number = c.order
    tokens = " ".join(search_tokens(f"{document.title} {c.chapter} {c.title} {c.text} {' '.join(v.label for v in c.values)}"))
    return Clause(
        id=ids.new(), document=document, code=f"{document.code}-{c.number}", number=c.number, chapter=c.chapter, title=c.title, text=c.text,
        values=[v.plain() for v in c.values], position=chapter * 100 + number, tokens=f" {tokens} ",
    )  # fmt: skip
