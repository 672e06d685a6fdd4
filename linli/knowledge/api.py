"""REST of knowledge: a question and what the knowledge base knows of it, with its source."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from linli.kernel.rest import PROBLEMS
from linli.knowledge import facts, index, telling

router = Router(tags=["knowledge"])


class Question(Schema):
    """In anybody's own words."""

    question: str = Field(min_length=1, max_length=500)


class EntryOut(Schema):
    """One entry with where its answer comes from; `score` 0 to 1."""

    id: UUID
    question: str
    answer: str
    source: str
    read_on: date | None
    department: str
    updated_at: datetime
    score: float


class Known(Schema):
    """verdict: "answer" (the first entry is it), "close" (one of these may be meant), "refuse" (a person has to
    answer: say it in a group or open an order)."""

    verdict: str
    entries: list[EntryOut]


@router.post("/knowledge/ask", response={200: Known, **PROBLEMS}, operation_id="ask_knowledge")
def ask_knowledge(request: HttpRequest, body: Question) -> dict[str, Any]:
    """What is known of a question. Asking opens nothing and tells nobody."""
    retriever, entries = index.current()
    found = retriever.answer(body.question)
    hits = [h for h in found.hits if h.entry_id in entries] if found.verdict != "refuse" else []
    rows = []
    for hit in hits[:1] if found.verdict == "answer" else hits:
        e = entries[hit.entry_id]
        rows.append({
            "id": e.id, "question": e.question, "answer": telling.told(e.answer, facts.of_place(None)), "source": telling.source_of(e),
            "read_on": e.read_on, "department": e.department, "updated_at": e.updated_at, "score": hit.score,
        })  # fmt: skip
    return {"verdict": found.verdict, "entries": rows}
