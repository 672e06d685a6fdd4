"""REST of standards: read by whoever works here; a next version is drafted, read by a second person and brought into force as at the
desk. That of procedures: `procedures_api`."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from linli.kernel.errors import NotFound
from linli.kernel.rest import PROBLEMS, no_nul, worker
from linli.standards import access_library, reading
from linli.standards.actions import library
from linli.standards.documents import ClauseText, DocumentState, Value
from linli.standards.models import Clause, Document
from linli.standards.texts import clause_text

router = Router(tags=["standards"])
MOST_VERSION = 32_767


class ValueOut(Schema):
    """A number that a machine may use: kind limit, threshold or score; `calendar` ("" but for limits): clock, hours, days."""

    code: str = Field(max_length=32)
    label: str = Field(max_length=40)
    kind: Literal["limit", "threshold", "score"]
    amount: float = Field(ge=-1_000_000, le=1_000_000)
    unit: str = Field(max_length=12)
    calendar: str = Field("", max_length=12)


class ClauseOut(Schema):
    """One clause; `code` is what procedures and orders name. `digest` goes back into `was` of whoever changes it."""

    code: str
    number: str
    chapter: str
    title: str
    text: str
    values: list[ValueOut]
    digest: str


class StandardOut(Schema):
    """One version of a standard: draft, review, approved (its day has not come), in_force, superseded."""

    id: UUID
    code: str
    version: int
    title: str
    subsystem: str
    module: str
    state: str
    valid_from: date | None
    valid_until: date | None
    note: str


class StandardText(StandardOut):
    """The whole of a version."""

    scope: str
    object: str
    flow: list[str]
    requirement: str
    clauses: list[ClauseOut]


class ClauseIn(Schema):
    """A clause as it shall be. `replaces`: the number of the one that it takes the place of ("" a new one), `was`: its digest as
    the writer had it before her."""

    number: str = Field(max_length=16)
    chapter: str = Field(max_length=60)
    title: str = Field(max_length=60)
    text: str = Field(max_length=2000)
    values: list[ValueOut] = Field([], max_length=20)
    replaces: str = Field("", max_length=16)
    was: str = Field("", max_length=16)


class Reason(Schema):
    """What has to be changed."""

    words: str = Field(max_length=200)


def _clause(row: Clause) -> dict[str, Any]:
    text = clause_text(row)
    return {
        "code": row.code, "number": row.number, "chapter": row.chapter, "title": row.title, "text": row.text, "values": row.values,
        "digest": text.digest,
    }  # fmt: skip


def _head(row: Document) -> dict[str, Any]:
    return {name: getattr(row, name) for name in StandardOut.model_fields}


STANDARD: dict[Any, Any] = {200: StandardOut, **PROBLEMS}


@router.get("/standards", response={200: list[StandardOut], **PROBLEMS}, operation_id="list_standards")
def list_standards(request: HttpRequest, state: Literal["in_force", "draft", "review", "approved", "superseded", "over"] = "in_force") -> list[Document]:
    """The standards in a state, by code; "over": in force and past their time. Drafts for who may write."""
    return [row.document for row in reading.by_state(worker(request), state)]


@router.get("/standards/clauses", response={200: list[ClauseOut], **PROBLEMS}, operation_id="search_clauses")
def search_clauses(request: HttpRequest, q: str = Query(max_length=100), past: bool = False) -> list[dict[str, Any]]:
    """Clauses in force that hold all words, or whose code begins so; sixty at most. `past`: also in other versions."""
    return [_clause(hit.clause) for hit in reading.search(worker(request), no_nul(q), past=past)]


@router.get("/standards/{code}", response={200: StandardText, **PROBLEMS}, operation_id="get_standard")
def get_standard(request: HttpRequest, code: str, version: int = Query(0, ge=0, le=MOST_VERSION)) -> dict[str, Any]:
    """One version with its clauses; without a version the one in force."""
    by, code = worker(request), no_nul(code)
    if version:
        row = access_library.get(by, code, version)
    else:
        found = access_library.visible_to(by).filter(code=code, state=DocumentState.IN_FORCE).first()
        if found is None:
            raise NotFound("没有找到施行中的这份标准。")
        row = found
    more = {"scope": row.scope, "object": row.object, "flow": row.flow, "requirement": row.requirement}
    return _head(row) | more | {"clauses": [_clause(c) for c in row.clauses.order_by("position")]}


@router.post("/standards/{code}/revise", response={201: StandardOut, **PROBLEMS}, operation_id="revise_standard")
def revise_standard(request: HttpRequest, code: str) -> Status[Document]:
    """The next version as a copy of the one in force, to be written on."""
    return Status(201, library.revise_document(by=worker(request), code=no_nul(code)))


@router.post("/standards/drafts/{uuid:document_id}/clauses", response={200: ClauseOut, **PROBLEMS}, operation_id="save_clause")
def save_clause(request: HttpRequest, document_id: UUID, body: ClauseIn) -> dict[str, Any]:
    """Write a clause of a draft: a new one, or in the place of another."""
    values = tuple(Value(v.code, v.label, v.kind, int(v.amount) if v.amount == int(v.amount) else v.amount, v.unit, v.calendar) for v in body.values)
    text = ClauseText(*(no_nul(t).strip() for t in (body.number, body.chapter, body.title, body.text)), values)
    return _clause(library.save_clause(by=worker(request), document_id=document_id, clause=text, number=no_nul(body.replaces), was=body.was))


@router.post("/standards/drafts/{uuid:document_id}/submit", response=STANDARD, operation_id="submit_standard")
def submit_standard(request: HttpRequest, document_id: UUID) -> Document:
    """To a second person."""
    return library.submit_document(by=worker(request), document_id=document_id)


@router.post("/standards/drafts/{uuid:document_id}/return", response=STANDARD, operation_id="return_standard")
def return_standard(request: HttpRequest, document_id: UUID, body: Reason) -> Document:
    """Back to its writers, with what has to be changed."""
    return library.return_document(by=worker(request), document_id=document_id, words=no_nul(body.words))


@router.post("/standards/drafts/{uuid:document_id}/approve", response=STANDARD, operation_id="approve_standard")
def approve_standard(request: HttpRequest, document_id: UUID) -> Document:
    """In force from its day; never by one of its writers."""
    return library.approve_document(by=worker(request), document_id=document_id)


@router.post("/standards/drafts/{uuid:document_id}/drop", response={204: None, **PROBLEMS}, operation_id="drop_standard")
def drop_standard(request: HttpRequest, document_id: UUID) -> Status[None]:
    """Throw a draft away."""
    library.drop_document(by=worker(request), document_id=document_id)
    return Status(204, None)
