"""Those who take in no words of others: golden eyes, the message board, deputies; whom a finding concerns; the property company."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from linli.files import selectors as files
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.grid.selectors import Stamp
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.rest import PROBLEMS, actor, no_nul, worker
from linli.orders import actions
from linli.orders.models import Order
from linli.orders.schemas import ONE, Words, of_place

router = Router(tags=["orders"])


class Here(Schema):
    """Where it is: a building of ours, or a community and a few words. `key` makes the call idempotent."""

    model_config = of_place()

    community_id: UUID | None = None
    building_id: UUID | None = None
    where: str = Field("", max_length=80)
    words: str = Field(max_length=2000)
    key: str = Field("", max_length=40)


class Find(Here):
    """What a golden eye saw: sanitation, illegal_building, group_rental or vice, with one photo at least (`keep_photo`)."""

    kind: str = Field(max_length=24)
    photos: list[UUID] = Field(min_length=1, max_length=9)


class Opinion(Here):
    """What a deputy takes up; `thing`: what it is about, in a few words."""

    thing: str = Field(max_length=32)
    photos: list[UUID] = Field([], max_length=9)


class BoardMessage(Here):
    """A word for the message board."""

    photos: list[UUID] = Field([], max_length=9)


class Opened(Schema):
    """The order that it became."""

    id: UUID
    number: str
    state: str


class Invitation(Words):
    """What the company has to know, never who spoke."""

    words: str = Field("", max_length=500)


class Link(Schema):
    """The path of the one-time link, shown once; an earlier one ends. It holds for three days and one answer."""

    path: str


MADE: dict[Any, Any] = {201: Opened, **PROBLEMS}


def _stamp(body: Here) -> Stamp:
    if body.building_id:
        for building in places.buildings_by_id([body.building_id]):
            return places.stamp_of_building(building)
        raise NotFound("没有这栋楼。", "bad_building")
    area = places.area(body.community_id) if body.community_id else None
    if area is None or area.level != Area.COMMUNITY or area.street_id is None:
        raise NotFound("没有这个社区。", "bad_community")
    return Stamp(area.street_id, area.id, None, None, "", no_nul(body.where).strip() or area.name)


def _photos(ids: list[UUID]) -> list[str]:
    """Photos that were kept before (`keep_photo`). Raises BadInput for one that is not there."""
    known = files.get_blobs(ids) if ids else {}
    if any(i not in known for i in ids):
        raise BadInput("有一张照片没有找到，请先传照片。", "bad_photo")
    return [str(i) for i in ids]


@router.post("/finds", response=MADE, operation_id="report_find")
def report_find(request: HttpRequest, body: Find) -> Status[Order]:
    """A golden eye's report; who saw it is sealed."""
    made = actions.report_find(
        by=worker(request), stamp=_stamp(body), kind=body.kind, words=no_nul(body.words), blobs=_photos(body.photos), key=no_nul(body.key)
    )
    return Status(201, made)


@router.post("/opinions", response=MADE, operation_id="raise_opinion")
def raise_opinion(request: HttpRequest, body: Opinion) -> Status[Order]:
    """A deputy's opinion; it comes back to be rated."""
    made = actions.raise_opinion(
        by=worker(request), stamp=_stamp(body), thing=no_nul(body.thing), words=no_nul(body.words), blobs=_photos(body.photos), key=no_nul(body.key)
    )
    return Status(201, made)


@router.post("/board/messages", response=MADE, operation_id="leave_message")
def leave_message(request: HttpRequest, body: BoardMessage) -> Status[Order]:
    """A word on the message board: looked at before others see it, answered by a named person."""
    made = actions.leave_message(by=actor(request), stamp=_stamp(body), words=no_nul(body.words), blobs=_photos(body.photos), key=no_nul(body.key))
    return Status(201, made)


@router.post("/orders/{uuid:order_id}/object", response=ONE, operation_id="object_order")
def object_order(request: HttpRequest, order_id: UUID, body: Words) -> Order:
    """Whom it concerns disputes what was found; who decides then follows from the procedure."""
    return actions.object_order(by=actor(request), order_id=order_id, words=no_nul(body.words))


@router.post("/orders/{uuid:order_id}/invite", response={201: Link, **PROBLEMS}, operation_id="invite_company")
def invite_company(request: HttpRequest, order_id: UUID, body: Invitation) -> Status[dict[str, str]]:
    """A one-time link for the property company that the step waits for."""
    return Status(201, {"path": f"/w/{actions.invite_company(by=worker(request), order_id=order_id, words=no_nul(body.words))}/"})
