"""REST of orders: the same actions as every other door. Errors are declared: {"code", "message"}."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from linli.grid import selectors as places
from linli.grid.models import Area
from linli.grid.selectors import Stamp
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput
from linli.orders import access, actions
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Order
from linli.orders.states import Door

router = Router(tags=["orders"])


class Problem(Schema):
    """What went wrong: `code` for machines, `message` for people."""

    code: str
    message: str


PROBLEMS = {(400, 403, 404, 409, 429): Problem}


class OrderOut(Schema):
    """An order without its reporter. Times are UTC."""

    id: UUID
    number: str
    state: str
    kind: str
    category: str
    title: str
    place_text: str
    light: str
    urgency: int
    confidential: bool
    history: bool
    street_id: UUID
    community_id: UUID
    grid_id: UUID | None
    responsible_id: UUID | None
    opened_at: datetime
    answer_due_at: datetime | None
    solve_due_at: datetime | None
    answered_at: datetime | None
    handled_at: datetime | None
    closed_at: datetime | None
    voice_count: int
    reopened: int


class NewOrder(Schema):
    """One word taken in for somebody. Give a building or a community; `key` makes the call idempotent."""

    kind: str = Field(max_length=24)
    words: str = Field(min_length=1, max_length=2000)
    community_id: UUID | None = None
    building_id: UUID | None = None
    unit: str = Field("", max_length=16)
    thing: str = Field("", max_length=32)
    urgency: int = Field(0, ge=0, le=2)
    name: str = Field("", max_length=32)
    phone: str = Field("", max_length=20)
    key: str | None = Field(None, max_length=64)


class Words(Schema):
    """What the person on duty writes."""

    words: str = Field(max_length=2000)


class HandOver(Schema):
    """To whom, and why."""

    to: UUID
    words: str = Field("", max_length=2000)


class Result(Schema):
    """The result: done, an honest no, or not ours."""

    words: str = Field(max_length=2000)
    ending: str = "done"


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


def _stamp(body: NewOrder) -> Stamp:
    if body.building_id:
        for building in places.buildings_by_id([body.building_id]):
            return places.stamp_of_building(building, body.unit)
        raise BadInput("没有这栋楼。", "bad_building")
    area = places.area(body.community_id) if body.community_id else None
    if area is None or area.level != Area.COMMUNITY or area.street_id is None:
        raise BadInput("请给出社区或楼栋。", "missing_place")
    return Stamp(area.street_id, area.id, None, None, body.unit, area.name)


@router.post("/orders", response={201: OrderOut, **PROBLEMS}, operation_id="open_order")
def open_order(request: HttpRequest, body: NewOrder) -> tuple[int, Order]:
    """Open an order. The same `key` again gives the order it made."""
    by = _actor(request)
    voice = VoiceDraft(words=body.words, name=body.name, phone=body.phone, door=Door.API)
    draft = Draft(
        kind=body.kind, stamp=_stamp(body), voice=voice, thing=body.thing, urgency=body.urgency,
        key=f"api:{by.id}:{body.key}"[:80] if body.key else None,
    )  # fmt: skip
    return 201, actions.open_order(by=by, draft=draft)


@router.get("/orders", response={200: list[OrderOut], **PROBLEMS}, operation_id="list_orders")
def list_orders(request: HttpRequest, community_id: UUID | None = None, kind: str = "", light: str = "", state: str = "", before: UUID | None = None) -> list[Order]:
    """Twenty orders that the caller may see, newest first; `before` is the last id of the page before."""
    rows = access.visible_to(_actor(request))
    wanted = {"community_id": community_id, "kind": kind, "light": light, "state": state}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if before:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[:20])


@router.get("/orders/{order_id}", response={200: OrderOut, **PROBLEMS}, operation_id="get_order")
def get_order(request: HttpRequest, order_id: UUID) -> Order:
    """One order."""
    return access.get(_actor(request), order_id)


@router.post("/orders/{order_id}/accept", response={200: OrderOut, **PROBLEMS}, operation_id="accept_order")
def accept_order(request: HttpRequest, order_id: UUID) -> Order:
    """Take it in hand."""
    return actions.accept_order(by=_actor(request), order_id=order_id)


@router.post("/orders/{order_id}/note", response={200: OrderOut, **PROBLEMS}, operation_id="note_order")
def note_order(request: HttpRequest, order_id: UUID, body: Words) -> Order:
    """A working note for staff."""
    return actions.note_order(by=_actor(request), order_id=order_id, words=body.words)


@router.post("/orders/{order_id}/answer", response={200: OrderOut, **PROBLEMS}, operation_id="answer_order")
def answer_order(request: HttpRequest, order_id: UUID, body: Words) -> Order:
    """Words with matter for the reporters; stops the *answered* clock."""
    return actions.answer_order(by=_actor(request), order_id=order_id, words=body.words)


@router.post("/orders/{order_id}/transfer", response={200: OrderOut, **PROBLEMS}, operation_id="transfer_order")
def transfer_order(request: HttpRequest, order_id: UUID, body: HandOver) -> Order:
    """To another colleague, with a reason."""
    return actions.transfer_order(by=_actor(request), order_id=order_id, to=body.to, words=body.words)


@router.post("/orders/{order_id}/return", response={200: OrderOut, **PROBLEMS}, operation_id="return_order")
def return_order(request: HttpRequest, order_id: UUID, body: Words) -> Order:
    """Back to the head, with a reason."""
    return actions.return_order(by=_actor(request), order_id=order_id, words=body.words)


@router.post("/orders/{order_id}/handle", response={200: OrderOut, **PROBLEMS}, operation_id="handle_order")
def handle_order(request: HttpRequest, order_id: UUID, body: Result) -> Order:
    """Close with a result; the voices are asked to rate."""
    return actions.handle_order(by=_actor(request), order_id=order_id, words=body.words, ending=body.ending)


