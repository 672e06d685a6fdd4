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
    """In anybody's own words. `community_id`: where it is asked; without it only what holds in the whole district is told."""

    question: str = Field(min_length=1, max_length=500)
    community_id: UUID | None = None


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
    found, entries = index.ask(body.question, body.community_id)
    most = {"answer": 1, "close": len(entries)}.get(found.verdict, 0)
    rows = []
    for hit, e in zip(found.hits[:most], entries[:most], strict=True):
        rows.append({
            "id": e.id, "question": e.question, "answer": telling.told(e.answer, facts.of_place(body.community_id)), "source": telling.source_of(e),
            "read_on": e.read_on, "department": e.department, "updated_at": e.updated_at, "score": hit.score,
        })  # fmt: skip
    return {"verdict": found.verdict, "entries": rows}
