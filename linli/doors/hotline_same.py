"""Rows of the hotline that are perhaps the matter of an order which is open already, or of an earlier row: words, place and time,
as 小栖 compares what is said in groups. Only proposed: a person says whether it is one matter."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from linli.assistant.desk import CANDIDATES, COMPARED, LOOK_BACK, known_place
from linli.channels.hotline.sheet import Row
from linli.grid import selectors as places
from linli.grid.selectors import Stamp
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.language import Matter, Understanding, same_matter
from linli.orders import access
from linli.orders.drafts import COMPLAINT, told_kind
from linli.orders.models import Order
from linli.standards import selectors as standards

AT_MOST = 3
#: of an earlier row: this and its number
OF_ROW = "row:"
ROWS_BACK = 100
"""So many rows of a community before it a row is compared with."""


@dataclass(slots=True)
class Same:
    """An order, or an earlier row of the file, that may be the row's matter; `sure`: words, place and time all fit."""

    order: Order | None
    sure: bool
    row: Row | None = None

    @property
    def value(self) -> str:
        """What a form sends when this one is ticked."""
        return str(self.order.id) if self.order else f"{OF_ROW}{self.row.number if self.row else ''}"


def proposals(actor: Actor, rows: Sequence[tuple[Row, Understanding, Stamp | None]]) -> list[list[Same]]:
    """For each row up to three open orders, the surest and newest first; [] for a row without a place and for what is
    confidential. Two statements, however many rows."""
    wanted = [(row, u, stamp) for row, u, stamp in rows if stamp is not None and not _secret(row, u)]
    things = {u.thing for _, u, _ in wanted if u.thing}
    kinds = {u.kind for _, u, _ in wanted if u.kind and not u.thing}
    if not things and not kinds:
        return [[] for _ in rows]
    seen = access.visible_to(actor).filter(confidential=False, history=False, is_open=True, opened_at__gt=clock.now() - LOOK_BACK)
    seen = seen.filter(community_id__in={s.community_id for _, _, s in wanted if s}).filter(Q(thing__in=things) | Q(kind__in=kinds, thing=""))
    known = list(seen.only(*COMPARED, "community_id", "number", "voice_count", "solve_due_at", "step").order_by("-id")[:CANDIDATES])
    return [[] if stamp is None or _secret(row, u) else _alike(row, u, stamp, known) for row, u, stamp in rows]


def earlier(rows: Sequence[tuple[Row, Understanding, Stamp | None]], known: set[str]) -> list[list[Same]]:
    """For each row up to three rows before it that may be its matter, the surest and nearest first; rows whose number is here already
    (`known`), that have no place, are confidential or complain of our people are left out."""
    before: dict[UUID, list[tuple[Row, Matter]]] = {}
    found: list[list[Same]] = []
    for row, u, stamp in rows:
        if stamp is None or row.number in known or _secret(row, u) or told_kind(row.words, u) == COMPLAINT:
            found.append([])
            continue
        matter, near = _matter_of(row, u, stamp), before.setdefault(stamp.community_id, [])
        verdicts = [(r, same_matter(matter, other)) for r, other in reversed(near[-ROWS_BACK:])]
        alike = [Same(None, v == "same", r) for r, v in verdicts if v != "different"]
        found.append(sorted(alike, key=lambda s: not s.sure)[:AT_MOST])
        near.append((row, matter))
    return found


def _secret(row: Row, u: Understanding) -> bool:
    kind = standards.kinds().get(told_kind(row.words, u))
    return kind is None or kind.confidential


def _alike(row: Row, u: Understanding, stamp: Stamp, known: Sequence[Order]) -> list[Same]:
    matter = _matter_of(row, u, stamp)
    verdicts = [(o, same_matter(matter, _matter(o))) for o in known if o.community_id == stamp.community_id]
    found = [Same(o, v == "same") for o, v in verdicts if v != "different"]
    return sorted(found, key=lambda s: not s.sure)[:AT_MOST]


def _matter_of(row: Row, u: Understanding, stamp: Stamp) -> Matter:
    at: datetime = row.moment("sent_at") or clock.now()
    # What stands for "somewhere in the community" is no place that two matters could share.
    place = replace(u.place, building=str(stamp.building_id) if stamp.building_id else "", unit=stamp.unit)
    return Matter(text=row.words, thing=u.thing, kind=u.kind, place=place, tokens=u.tokens, at=at)


def _matter(order: Order) -> Matter:
    place = known_place(order.building_id, order.unit, order.place_text, places.area(order.community_id))
    return Matter(text="", thing=order.thing, kind=order.kind, place=place, tokens=(), at=order.opened_at)
