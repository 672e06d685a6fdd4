"""Opening, reading, and what the responsible person does."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from linli.grid import selectors as places
from linli.grid.models import Area
from linli.grid.selectors import Stamp
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.rest import PROBLEMS, actor
from linli.ledger.models import Event
from linli.ledger.record import history
from linli.orders import access, actions, assignees, selectors, voices
from linli.orders.drafts import Draft, VoiceDraft, client_key
from linli.orders.filters import OPEN_STATE, parse
from linli.orders.models import Order
from linli.orders.schemas import (
    ONE,
    Correction,
    EventOut,
    HandOver,
    NewOrder,
    NewVoice,
    OrderOut,
    OrderPage,
    Purpose,
    Rated,
    Removal,
    Result,
    VoiceOut,
    Words,
)
from linli.orders.states import Door

router = Router(tags=["orders"])
#: what an event says of who spoke stays out of the API: voices are opened by `view_voices` alone
SEALED_FACTS = frozenset({"voice", "voices", "file"})


def _stamp(body: NewOrder) -> Stamp:
    if body.building_id:
        for building in places.buildings_by_id([body.building_id]):
            return places.stamp_of_building(building, body.unit)
        raise NotFound("没有这栋楼。", "bad_building")
    if body.community_id is None:
        raise BadInput("请给出社区或楼栋。", "missing_place")
    area = places.area(body.community_id)
    if area is None or area.level != Area.COMMUNITY or area.street_id is None:
        raise NotFound("没有这个社区。", "bad_community")
    return Stamp(area.street_id, area.id, None, None, body.unit, area.name)


@router.post("/orders", response={201: OrderOut, **PROBLEMS}, operation_id="open_order")
def open_order(request: HttpRequest, body: NewOrder) -> Status[Order]:
    """Open an order. The same `key` again gives the order it made. Which `procedure` may be opened by whom is its own
    (403); those with a door of their own are refused (own_page)."""
    by = actor(request)
    key = client_key(by.id, body.key) if body.key else None
    stamp = _stamp(body)
    if body.procedure:
        made = actions.bring_matter(
            by=by, procedure=body.procedure, stamp=stamp, words=body.words, kind=body.kind, line=body.line, thing=body.thing,
            urgency=body.urgency, name=body.name, phone=body.phone, key=key,
        )  # fmt: skip
        return Status(201, made)
    if body.line and body.line not in assignees.lines(stamp):
        raise BadInput("这里没有做这条线的同志，请另选一条，或者不选。", "unknown_line")
    voice = VoiceDraft(words=body.words, name=body.name, phone=body.phone, door=Door.API)
    draft = Draft(
        kind=body.kind, stamp=stamp, voice=voice, thing=body.thing, urgency=body.urgency, line=body.line, key=key,
    )  # fmt: skip
    return Status(201, actions.open_order(by=by, draft=draft))


@router.get("/orders", response={200: OrderPage, **PROBLEMS}, operation_id="list_orders")
def list_orders(
    request: HttpRequest, area: UUID | None = None, kind: str = "", category: str = "", light: str = "",
    state: str = OPEN_STATE, door: str = "", q: str = "", mine: bool = False, since: date | None = None,
    until: date | None = None, after: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Twenty orders that the caller may see. Open ones (the default): worst light first; others: newest first.

    `area` is a street, community or grid; `q` searches in words, for who may read them; there is no filter by person.
    A resident gets her own matters, newest first.
    """
    by = actor(request)
    if by.kind != "worker":
        return {"items": list(access.visible_to(by).order_by("-id")[:20]), "next": ""}
    filters = parse({
        "area": str(area or ""), "kind": kind, "category": category, "light": light, "state": state, "door": door,
        "q": q, "mine": "1" if mine else "", "since": str(since or ""), "until": str(until or ""), "after": after,
    })  # fmt: skip
    place = places.area(area) if area else None
    if area and place is None:
        raise NotFound("没有这个地方。", "bad_area")
    found = selectors.list_orders(by, filters, place)
    return {"items": found.rows, "next": found.next}


@router.get("/orders/search", response={200: list[OrderOut], **PROBLEMS}, operation_id="search_orders")
def search_orders(request: HttpRequest, q: str) -> list[Order]:
    """The twenty newest orders whose title, place, number or words hold all the words of `q`, in any state."""
    return selectors.search(actor(request), q)


@router.get("/orders/{uuid:order_id}", response=ONE, operation_id="get_order")
def get_order(request: HttpRequest, order_id: UUID) -> Order:
    """One order. A colleague's look is recorded, once in ten minutes."""
    by = actor(request)
    order = access.get(by, order_id)
    if by.kind == "worker":
        actions.view_order(by=by, order=order)
    return order


@router.get("/orders/{uuid:order_id}/events", response={200: list[EventOut], **PROBLEMS}, operation_id="order_events")
def order_events(request: HttpRequest, order_id: UUID) -> list[dict[str, Any]]:
    """What happened, oldest first: verbs, times, codes and numbers."""
    order = access.get(actor(request), order_id)
    return [_event(e) for e in history(order.id)]


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": event.id, "at": event.at, "verb": event.verb, "by_kind": event.actor_kind,
        "by_id": event.actor_id if event.actor_kind == "worker" else None,
        "facts": {k: v for k, v in event.facts.items() if k not in SEALED_FACTS},
    }  # fmt: skip


@router.post("/orders/{uuid:order_id}/accept", response=ONE, operation_id="accept_order")
def accept_order(request: HttpRequest, order_id: UUID) -> Order:
    """Take it in hand. The *answered* clock goes on."""
    return actions.accept_order(by=actor(request), order_id=order_id)


@router.post("/orders/{uuid:order_id}/note", response=ONE, operation_id="note_order")
def note_order(request: HttpRequest, order_id: UUID, body: Words) -> Order:
    """A working note for staff."""
    return actions.note_order(by=actor(request), order_id=order_id, words=body.words)


@router.post("/orders/{uuid:order_id}/answer", response=ONE, operation_id="answer_order")
def answer_order(request: HttpRequest, order_id: UUID, body: Words) -> Order:
    """Words with matter for the reporters; stops the *answered* clock. A mere 收到 is refused (no_matter)."""
    return actions.answer_order(by=actor(request), order_id=order_id, words=body.words)


@router.post("/orders/{uuid:order_id}/transfer", response=ONE, operation_id="transfer_order")
def transfer_order(request: HttpRequest, order_id: UUID, body: HandOver) -> Order:
    """To another colleague, with a reason. The clocks go on."""
    return actions.transfer_order(by=actor(request), order_id=order_id, to=body.to, words=body.words)


@router.post("/orders/{uuid:order_id}/assign", response=ONE, operation_id="assign_order")
def assign_order(request: HttpRequest, order_id: UUID, body: HandOver) -> Order:
    """The head or the centre gives it to somebody."""
    return actions.assign_order(by=actor(request), order_id=order_id, to=body.to, words=body.words)


@router.post("/orders/{uuid:order_id}/return", response=ONE, operation_id="return_order")
def return_order(request: HttpRequest, order_id: UUID, body: Words) -> Order:
    """Back to the head, with a reason."""
    return actions.return_order(by=actor(request), order_id=order_id, words=body.words)


@router.post("/orders/{uuid:order_id}/correct", response=ONE, operation_id="correct_order")
def correct_order(request: HttpRequest, order_id: UUID, body: Correction) -> Order:
    """Put right what the machine misunderstood; another kind has another limit, a sensitive one is confidential."""
    return actions.correct_order(
        by=actor(request), order_id=order_id, kind=body.kind, category=body.category, thing=body.thing,
        unit=body.unit, building_id=body.building_id, place=body.place,
    )  # fmt: skip


@router.post("/orders/{uuid:order_id}/handle", response=ONE, operation_id="handle_order")
def handle_order(request: HttpRequest, order_id: UUID, body: Result) -> Order:
    """Close with a result; the voices are asked to rate."""
    return actions.handle_order(by=actor(request), order_id=order_id, words=body.words, ending=body.ending)


@router.post("/orders/{uuid:order_id}/void", response=ONE, operation_id="void_order")
def void_order(request: HttpRequest, order_id: UUID, body: Words) -> Order:
    """It was no matter at all, with a reason that the voices read."""
    return actions.void_order(by=actor(request), order_id=order_id, words=body.words)


@router.post("/orders/{uuid:order_id}/conclude", response=ONE, operation_id="conclude_review")
def conclude_review(request: HttpRequest, order_id: UUID, body: Words) -> Order:
    """The reviewing body's final letter."""
    return actions.conclude_review(by=actor(request), order_id=order_id, words=body.words)


@router.post("/orders/{uuid:order_id}/voices", response={201: OrderOut, **PROBLEMS}, operation_id="add_voice")
def add_voice(request: HttpRequest, order_id: UUID, body: NewVoice) -> Status[Order]:
    """Somebody else says the same; she will hear the result too."""
    by = actor(request)
    draft = VoiceDraft(words=body.words, name=body.name, phone=body.phone, door=Door.API)
    actions.add_voices(by=by, order_id=order_id, voices=[draft])
    return Status(201, access.get(by, order_id))


@router.post("/orders/{uuid:order_id}/voices/view", response={200: list[VoiceOut], **PROBLEMS}, operation_id="view_voices")
def view_voices(request: HttpRequest, order_id: UUID, body: Purpose) -> list[voices.Card]:
    """Open the sealed voices for a purpose. Recorded."""
    by = actor(request)
    order = access.get(by, order_id)
    return voices.cards(by, order, actions.view_voices(by=by, order=order, purpose=body.purpose))


@router.post("/orders/{uuid:order_id}/voices/{uuid:voice_id}/remove", response=ONE, operation_id="remove_voice")
def remove_voice(request: HttpRequest, order_id: UUID, voice_id: UUID, body: Removal) -> Order:
    """Take somebody out who meant another matter, with the reason; it becomes an order of its own unless `own` is false."""
    return actions.remove_voice(by=actor(request), order_id=order_id, voice_id=voice_id, words=body.words, own=body.own)


@router.post("/orders/{uuid:order_id}/voices/{uuid:voice_id}/rate", response=ONE, operation_id="rate_order")
def rate_order(request: HttpRequest, order_id: UUID, voice_id: UUID, body: Rated) -> Order:
    """What one voice says of the result; a colleague writes down what was said on the phone. 没解决 reopens."""
    by = actor(request)
    how = "page" if by.kind != "worker" else body.how
    return actions.rate_order(
        by=by, order_id=order_id, voice_id=voice_id, rating=body.rating, how=how, words=body.words
    )
