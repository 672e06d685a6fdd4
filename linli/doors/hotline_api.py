"""REST of the city's hotline: another system hands its orders in, once by their number, and fetches the results."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from linli.channels.hotline import access, actions, back
from linli.channels.models import Outside
from linli.doors import hotline
from linli.kernel import clock
from linli.kernel.errors import BadInput
from linli.kernel.rest import PROBLEMS, actor, no_nul
from linli.orders.schemas import OrderOut

router = Router(tags=["hotline"])


class HotlineOrder(Schema):
    """One order of the hotline under its own number. Times without a zone are China's. `community_id` where the address does not tell the
    place; `same_as`: the order of ours that is the same matter, one of those that an earlier answer proposed."""

    number: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_/-]{2,39}$")
    words: str = Field(min_length=1, max_length=2000)
    sent_at: datetime | None = None
    due_at: datetime | None = None
    address: str = Field("", max_length=200)
    community_id: UUID | None = None
    kind: str = Field("", max_length=64)
    grade: str = Field("", max_length=16)
    unit: str = Field("", max_length=64)
    name: str = Field("", max_length=32)
    phone: str = Field("", max_length=20)
    same_as: UUID | None = None


class HotlineTaken(Schema):
    """The order that has the number now (null: the caller may not look into it, it is confidential). `new`: the number was not here before; `joined`: its caller is one more voice of an order that was
    open already; `alike`: open orders that are perhaps the same matter, for a person to merge."""

    order: OrderOut | None
    new: bool
    joined: bool
    alike: list[OrderOut]


class HotlineLine(Schema):
    """One number with its order and where that stands; `text`: what goes back into the hotline's platform while it is owed, without
    people; `may_carry`: the caller may say that it did."""

    number: str
    order_id: UUID
    order_number: str
    state: str
    due_at: datetime | None
    owed: bool
    text: str
    carried_at: datetime | None
    may_carry: bool


class Carried(Schema):
    """Which of the order's numbers; "" all of them."""

    number: str = Field("", max_length=40)


class CarriedOut(Schema):
    """A number and when its result went back."""

    number: str
    carried_at: datetime | None


def _moment(at: datetime | None) -> str:
    try:
        return clock.local(at if at.tzinfo else at.replace(tzinfo=clock.LOCAL)).strftime("%Y-%m-%d %H:%M:%S") if at else ""
    except (OverflowError, ValueError) as exc:
        raise BadInput("时间不在合理的年份里，请核对。", "bad_time") from exc


@router.post("/hotline/orders", response={200: HotlineTaken, 201: HotlineTaken, **PROBLEMS}, operation_id="take_hotline_order")
def take_hotline_order(request: HttpRequest, body: HotlineOrder) -> Status[dict[str, Any]]:
    """Take one order of the hotline in: its caller sealed, its deadline kept. The same number again changes nothing (200)."""
    access.check(actor(request))
    texts = {n: no_nul(getattr(body, n)) for n in ("number", "words", "address", "kind", "grade", "unit", "name", "phone")}
    row = hotline.row_of(texts | {"sent_at": _moment(body.sent_at), "due_at": _moment(body.due_at)})
    took = hotline.take_one(actor(request), row, body.community_id, body.same_as)
    answer = {"order": took.order, "new": took.new, "joined": took.joined, "alike": [s.order for s in took.alike]}
    return Status(201 if took.new else 200, answer)


@router.get("/hotline/orders", response={200: list[HotlineLine], **PROBLEMS}, operation_id="hotline_orders")
def hotline_orders(request: HttpRequest, view: Literal["owed", "open", "all"] = "owed") -> list[dict[str, Any]]:
    """The hotline's numbers: those whose result waits to go back (nearest deadline first), those in work, or all (newest first); of two
    hundred orders at most."""
    return [
        {"number": x.outside.number, "order_id": x.order.id, "order_number": x.order.number, "state": x.state, "due_at": x.due_at, "owed": x.owed,
         "text": x.text, "carried_at": x.outside.carried_at, "may_carry": x.carries}
        for x in back.lines(actor(request), view)
    ]  # fmt: skip


@router.post("/hotline/orders/{uuid:order_id}/carried", response={200: list[CarriedOut], **PROBLEMS}, operation_id="carry_back")
def carry_back(request: HttpRequest, order_id: UUID, body: Carried) -> list[Outside]:
    """The result is in the hotline's platform now; where the order's flow waits for that, it goes on."""
    return actions.carry_back(by=actor(request), order_id=order_id, number=no_nul(body.number))
