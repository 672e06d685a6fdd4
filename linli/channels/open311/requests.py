"""Orders as GeoReport's service requests: without the reporter, and confidential ones not at all."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from linli.grid import selectors as places
from linli.grid.models import Area
from linli.grid.selectors import Stamp
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.language import public_words, without_people
from linli.orders import access, board, labels
from linli.orders.models import Order, Word

#: GeoReport v2: a query without dates covers 90 days, and gives at most 1,000 requests
DAYS, MOST = 90, 1000


def visible(actor: Actor) -> Any:
    """The orders that may leave the house: seen by the key's account, no history, none confidential. Without a key: those
    that stand on the public message board."""
    rows = Order.objects.filter(shown=True, procedure=board.PROCEDURE) if actor.kind == "guest" else access.visible_to(actor)
    return rows.filter(confidential=False, history=False)


def between(start: datetime | None, end: datetime | None) -> tuple[datetime, datetime]:
    """The window of a query: at most 90 days, that end now or begin as wished."""
    if start is None:
        end = end or clock.now()
        return end - timedelta(days=DAYS), end
    return start, min(end or clock.now(), start + timedelta(days=DAYS))


def find(actor: Actor, *, numbers: Sequence[str], codes: Sequence[str], status: Sequence[str], window: tuple[datetime, datetime]) -> list[Order]:
    """At most 1,000, the newest first. Ids given by number leave all else aside, as the standard says."""
    rows = visible(actor)
    if numbers:
        return list(rows.filter(number__in=numbers[:MOST]).order_by("-id")[:MOST])
    rows = rows.filter(opened_at__gte=window[0], opened_at__lte=window[1])
    if codes:
        rows = rows.filter(kind__in=codes)
    if len(set(status)) == 1:
        rows = rows.filter(is_open=status[0] == "open")
    return list(rows.order_by("-id")[:MOST])


def one(actor: Actor, number: str) -> Order:
    """The order of that number. Raises NotFound, also where the key may not know of it."""
    found: Order | None = visible(actor).filter(number=number).first()
    if found is None:
        raise NotFound("没有这件事（service_request_id）。")
    return found


def by_token(actor: Actor, token: str) -> Order:
    """The order of a token. Raises NotFound."""
    try:
        found: Order | None = visible(actor).filter(id=UUID(token)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("没有这个凭据（token）。")
    return found


def stamp_for(actor: Actor, address_id: str, address: str, unit: str) -> Stamp:
    """Where it is: a community's or grid's code, else the longest name of a place of ours within the address.

    Raises BadInput when the address names no place, or several: nobody guesses where a lift hangs.
    """
    if address_id:
        area = next((a for a in places.areas() if a.code == address_id), None)
        if area is None or area.level not in (Area.COMMUNITY, Area.GRID):
            raise BadInput("address_id 要写社区或网格的代码。", "bad_address")
        return _stamp(area, unit, address)
    communities = [a for a in places.areas(Area.COMMUNITY) if access.may_open(actor, access.TAKE_IN, street_id=a.street_id, community_id=a.id, grid_id=None) and a.street_id]
    houses = [b for a in communities for b in places.buildings(a.id) if f"{b.estate}{b.name}" in address]
    if houses:
        longest = max(len(f"{b.estate}{b.name}") for b in houses)
        houses = [b for b in houses if len(f"{b.estate}{b.name}") == longest]
        if len(houses) == 1:
            return places.stamp_of_building(houses[0], unit)
    named = [a for a in communities if a.name in address] or [
        a for a in communities if any(b.estate and b.estate in address for b in places.buildings(a.id))
    ]
    if len(named) != 1:
        why = "有好几个地方叫这个名字" if named or houses else "没有认出这个地址"
        raise BadInput(f"{why}：请写明小区和楼号，或者在 address_id 里写社区代码。", "bad_address")
    return _stamp(named[0], unit, address)


def _stamp(area: Area, unit: str, text: str) -> Stamp:
    if area.street_id is None:
        raise BadInput("address_id 要写社区或网格的代码。", "bad_address")
    community = area.id if area.level == Area.COMMUNITY else area.community_id
    grid = area.id if area.level == Area.GRID else None
    assert community is not None
    return Stamp(area.street_id, community, grid, None, unit, text[:80] or area.name)


def shown(actor: Actor, orders: Sequence[Order]) -> list[dict[str, Any]]:
    """Each order as a service request; one of the message board in the words that stand there. Times are ISO 8601 with their
    offset."""
    told = _told(actor, orders)
    words = board.wordings([o for o in orders if on_board(o)])
    names = places.area_names({o.community_id for o in orders})
    return [
        {
            "service_request_id": o.number, "token": o.id.hex, "status": "open" if o.is_open else "closed",
            "status_notes": told[o.id][1] if o.id in told else "", "service_name": labels.kind(o.kind), "service_code": o.kind,
            "description": words.get(o.id) or o.title, "agency_responsible": names.get(o.community_id, ""),
            "service_notice": labels.step(o), "requested_datetime": _time(o.opened_at),
            "updated_datetime": _time(_updated(o, told[o.id][0] if o.id in told else None)), "expected_datetime": _time(o.solve_due_at),
            "address": o.place_text, "address_id": "", "zipcode": "", "lat": None, "long": None, "media_url": "",
        }
        for o in orders
    ]  # fmt: skip


def on_board(order: Order) -> bool:
    """Does it stand on the public message board?"""
    return order.shown and order.procedure == board.PROCEDURE


def words_told(rows: Iterable[tuple[Order, Word]]) -> dict[UUID, str]:
    """word id → what was told to the reporters, without those who spoke, their phones and homes."""
    rows = list(rows)
    called = board.names(list({o.id for o, _ in rows}))
    return {
        w.id: public_words(w.text, called.get(o.id, ())) if on_board(o) else without_people(w.text, called.get(o.id, ()), board.SAID)
        for o, w in rows
    }  # fmt: skip


def _told(actor: Actor, orders: Sequence[Order]) -> dict[UUID, tuple[datetime, str]]:
    """order id → when and what was told last; to a guest only what was answered in public."""
    if actor.kind == "guest":
        return {t.order_id: (t.at, t.text) for t in board.answers(orders)}
    by_id = {o.id: o for o in orders}
    rows = list(Word.objects.filter(order_id__in=list(by_id), public=True).order_by("id"))
    told = words_told((by_id[w.order_id], w) for w in rows)
    return {w.order_id: (w.at, told[w.id]) for w in rows}


def _updated(order: Order, told: datetime | None) -> datetime:
    times = [order.opened_at, order.answered_at, order.handled_at, order.closed_at, told]
    return max(t for t in times if t)


def _time(at: datetime | None) -> str | None:
    return clock.local(at).isoformat(timespec="seconds") if at else None
