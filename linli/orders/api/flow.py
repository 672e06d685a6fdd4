"""The verbs of procedures: claiming and dispatch, steps, requests, up the levels, joining forces."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from linli.kernel import clock
from linli.kernel.rest import PROBLEMS, actor
from linli.orders import access, actions, asked
from linli.orders.actions.passing import outcomes_for
from linli.orders.models import Order, Request
from linli.orders.schemas import ONE, HandOver, OrderOut, Words

router = Router(tags=["orders"])
MANY: dict[Any, Any] = {201: list[OrderOut], **PROBLEMS}


class OutcomeOut(Schema):
    """One way out of the order's step; `needs`: what has to be given (words, photo, place, paper, date, person, law,
    and of a closing report progress, cause, response, follow_up, which go into `parts`)."""

    code: str
    label: str
    to: str
    needs: list[str]
    told: bool
    second: bool


class Passing(Schema):
    """By which outcome, and what it needs; `seriousness` and `difficulty` (1–3) where a level is set. `step`: the step
    that was seen; when somebody has moved the order on meanwhile, the answer is 409 moved_on."""

    outcome: str = Field("", max_length=24)
    step: str = Field("", max_length=24)
    words: str = Field("", max_length=2000)
    law: str = Field("", max_length=200)
    place: str = Field("", max_length=80)
    line: str = Field("", max_length=24)
    person: UUID | None = None
    until: datetime | None = None
    blobs: list[UUID] = Field([], max_length=9)
    seriousness: int = Field(0, ge=0, le=3)
    difficulty: int = Field(0, ge=0, le=3)
    parts: dict[str, str] = Field({}, max_length=8)


class Pause(Words):
    """What it waits for (resident, unit, money, vote, material, weather) and until when."""

    waits_for: str = Field(max_length=16)
    until: datetime


class Extension(Words):
    """Which clock, and how much more, in the clock's unit."""

    clock: str = Field(max_length=24)
    amount: int = Field(ge=1, le=1_000_000)


class RequestOut(Schema):
    """Something that waits for another person's yes."""

    id: UUID
    order_id: UUID
    kind: str
    state: str
    asked_by: UUID
    asked_at: datetime
    clock: str
    amount: int
    until: datetime | None
    words: str


class Supervision(Words):
    """What the issuer wants to know, and within how many days."""

    days: int = Field(2, ge=1, le=30)
    inspection: bool = False


class TaskIn(Words):
    """One part of a joint matter."""

    to: UUID
    days: int = Field(3, ge=1, le=60)


class Tasks(Schema):
    """Who joins in."""

    tasks: list[TaskIn] = Field(min_length=1, max_length=20)


class Merge(Schema):
    """The orders that go into this one."""

    orders: list[UUID] = Field(min_length=1, max_length=50)


class Split(Words):
    """Which voices get an order of their own."""

    voices: list[UUID] = Field(min_length=1, max_length=200)
    kind: str = Field("", max_length=24)
    thing: str = Field("", max_length=32)


class Batch(Words):
    """One verb over many orders, with what it needs: `to` for dispatch and assign, words for a note or a result."""

    verb: Literal["claim_order", "dispatch_order", "assign_order", "note_order", "handle_order"]
    orders: list[UUID] = Field(min_length=1, max_length=100)
    words: str = Field("", max_length=2000)
    to: UUID | None = None
    ending: str = Field("done", max_length=16)


class DoneOut(Schema):
    """What became of one of them: `code` and `message` are "" when it was done."""

    order_id: UUID
    ok: bool
    code: str
    message: str


REQUESTED: dict[Any, Any] = {201: RequestOut, **PROBLEMS}


@router.post("/orders/batch", response={200: list[DoneOut], **PROBLEMS}, operation_id="do_many")
def do_many(request: HttpRequest, body: Batch) -> list[actions.Done]:
    """The same verb over many orders, each with its own result; one that cannot be done keeps no other from it."""
    wanted: dict[str, dict[str, Any]] = {
        "claim_order": {}, "dispatch_order": {"to": body.to, "words": body.words}, "assign_order": {"to": body.to, "words": body.words},
        "note_order": {"words": body.words}, "handle_order": {"words": body.words, "ending": body.ending},
    }  # fmt: skip
    return actions.do_many(by=actor(request), verb=body.verb, order_ids=body.orders, **wanted[body.verb])


@router.post("/orders/{uuid:order_id}/claim", response=ONE, operation_id="claim_order")
def claim_order(request: HttpRequest, order_id: UUID) -> Order:
    """Take it out of the pool; exactly one claimant wins, the others get 409 already_claimed."""
    return actions.claim_order(by=actor(request), order_id=order_id)


@router.post("/orders/{uuid:order_id}/dispatch", response=ONE, operation_id="dispatch_order")
def dispatch_order(request: HttpRequest, order_id: UUID, body: HandOver) -> Order:
    """Give a pooled order to somebody."""
    return actions.dispatch_order(by=actor(request), order_id=order_id, to=body.to, words=body.words)


@router.post("/orders/{uuid:order_id}/take-back", response=ONE, operation_id="take_back_order")
def take_back_order(request: HttpRequest, order_id: UUID, body: Words) -> Order:
    """Out of idle hands, back into the pool."""
    return actions.take_back_order(by=actor(request), order_id=order_id, words=body.words)


@router.get("/orders/{uuid:order_id}/outcomes", response={200: list[OutcomeOut], **PROBLEMS}, operation_id="order_outcomes")
def order_outcomes(request: HttpRequest, order_id: UUID) -> list[dict[str, Any]]:
    """The ways out of the order's step that are possible now."""
    order = access.get(actor(request), order_id)
    return [
        {"code": o.code, "label": o.label, "to": o.to, "needs": sorted(o.needs), "told": o.told, "second": o.second}
        for o in outcomes_for(order, clock.now())
    ]


@router.post("/orders/{uuid:order_id}/pass", response=ONE, operation_id="pass_step")
def pass_step(request: HttpRequest, order_id: UUID, body: Passing) -> Order:
    """Leave the step by one of its outcomes."""
    given = actions.Given(
        words=body.words, law=body.law, person=body.person, until=body.until, blobs=[str(b) for b in body.blobs],
        place=body.place, line=body.line, seriousness=body.seriousness, difficulty=body.difficulty, parts=body.parts,
    )  # fmt: skip
    return actions.pass_step(by=actor(request), order_id=order_id, outcome=body.outcome, given=given, at_step=body.step)


@router.post("/orders/{uuid:order_id}/raise", response=ONE, operation_id="raise_order")
def raise_order(request: HttpRequest, order_id: UUID, body: Words) -> Order:
    """Up to the next level, with a reason that the resident reads."""
    return actions.raise_order(by=actor(request), order_id=order_id, words=body.words)


@router.get("/orders/{uuid:order_id}/requests", response={200: list[RequestOut], **PROBLEMS}, operation_id="order_requests")
def order_requests(request: HttpRequest, order_id: UUID) -> list[Request]:
    """Pauses, extensions and outcomes that were asked for, newest first."""
    return asked.of_order(actor(request), order_id)


@router.post("/orders/{uuid:order_id}/pause", response=REQUESTED, operation_id="request_pause")
def request_pause(request: HttpRequest, order_id: UUID, body: Pause) -> Status[Request]:
    """Ask to let the clocks stand still (挂账)."""
    by = actor(request)
    return Status(201, actions.request_pause(by=by, order_id=order_id, waits_for=body.waits_for, until=body.until, words=body.words))


@router.post("/orders/{uuid:order_id}/extend", response=REQUESTED, operation_id="request_extension")
def request_extension(request: HttpRequest, order_id: UUID, body: Extension) -> Status[Request]:
    """Ask for more time."""
    by = actor(request)
    return Status(201, actions.request_extension(by=by, order_id=order_id, clock_name=body.clock, amount=body.amount, words=body.words))


@router.post("/requests/{uuid:request_id}/grant", response=ONE, operation_id="grant_request")
def grant_request(request: HttpRequest, request_id: UUID) -> Order:
    """Say yes; never to one's own request."""
    return actions.grant_request(by=actor(request), request_id=request_id)


@router.post("/requests/{uuid:request_id}/refuse", response=ONE, operation_id="refuse_request")
def refuse_request(request: HttpRequest, request_id: UUID, body: Words) -> Order:
    """Say no, with the reason."""
    return actions.refuse_request(by=actor(request), request_id=request_id, words=body.words)


@router.post("/orders/{uuid:order_id}/resume", response=ONE, operation_id="resume_order")
def resume_order(request: HttpRequest, order_id: UUID) -> Order:
    """What it waited for is there."""
    return actions.resume_order(by=actor(request), order_id=order_id)


@router.post("/orders/{uuid:order_id}/urge", response=ONE, operation_id="urge_order")
def urge_order(request: HttpRequest, order_id: UUID) -> Order:
    """Remind whoever has it; once a day per person."""
    return actions.urge_order(by=actor(request), order_id=order_id)


@router.post("/orders/{uuid:order_id}/supervise", response={201: OrderOut, **PROBLEMS}, operation_id="supervise_order")
def supervise_order(request: HttpRequest, order_id: UUID, body: Supervision) -> Status[Order]:
    """An order on this order, closed by its issuer."""
    by = actor(request)
    made = actions.supervise_order(by=by, order_id=order_id, words=body.words, days=body.days, inspection=body.inspection)
    return Status(201, made)


@router.post("/orders/{uuid:order_id}/children", response=MANY, operation_id="open_children")
def open_children(request: HttpRequest, order_id: UUID, body: Tasks) -> Status[list[Order]]:
    """Join forces: one child order per task."""
    tasks = [actions.Task(t.to, t.words, t.days) for t in body.tasks]
    return Status(201, actions.open_children(by=actor(request), order_id=order_id, tasks=tasks))


@router.post("/orders/{uuid:order_id}/repair", response={201: OrderOut, **PROBLEMS}, operation_id="open_repair")
def open_repair(request: HttpRequest, order_id: UUID, body: Words) -> Status[Order]:
    """Let the property company repair it: a child order by the repair's procedure."""
    return Status(201, actions.open_repair(by=actor(request), order_id=order_id, words=body.words))


@router.post("/orders/{uuid:order_id}/merge", response=ONE, operation_id="merge_orders")
def merge_orders(request: HttpRequest, order_id: UUID, body: Merge) -> Order:
    """Take other orders of the same matter into this one, with all their voices."""
    return actions.merge_orders(by=actor(request), order_ids=body.orders, into=order_id)


@router.post("/orders/{uuid:order_id}/split", response={201: OrderOut, **PROBLEMS}, operation_id="split_order")
def split_order(request: HttpRequest, order_id: UUID, body: Split) -> Status[Order]:
    """Some voices mean another matter."""
    by = actor(request)
    made = actions.split_order(by=by, order_id=order_id, voice_ids=body.voices, words=body.words, kind=body.kind, thing=body.thing)
    return Status(201, made)
