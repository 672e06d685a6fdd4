"""In whose hands a step of an order is: from place, line, roster, organisation (flow.WHO) to one person. Who is not there
is stood in for; where nobody is, the centre has it and `via` says so ("gap"): never nobody in silence."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from linli.grid import selectors as places
from linli.grid.duty import DutyBook
from linli.grid.selectors import Stamp
from linli.kernel.roles import Role
from linli.orders.models import Order
from linli.standards import selectors as standards

GAP = "gap"
Hands = tuple[UUID | None, str]
ROLES = {
    "manager": (Role.GRID_MANAGER, Role.COMMUNITY_HEAD),
    "section": (Role.STREET_SECTION, Role.STREET_LEADER),
    "stability_centre": (Role.STABILITY_CENTRE, Role.STREET_LEADER),
    "department": (Role.DEPARTMENT, Role.DISTRICT_BODY, Role.STREET_SECTION),
    "district": (Role.DISTRICT_BODY, Role.CENTRE),
    "line": (Role.LINE_WORKER, Role.COMMUNITY_HEAD),
    "front_desk": (Role.FRONT_DESK, Role.COMMUNITY_HEAD),
    "guide": (Role.GRID_GUIDE, Role.STREET_SECTION, Role.STREET_LEADER),
    "deputy": (Role.DEPUTY, Role.DISTRICT_BODY),
}


def stamp_of(order: Order) -> Stamp:
    """The place an order is stamped with."""
    return Stamp(order.street_id, order.community_id, order.grid_id, order.building_id, order.unit, order.place_text)


def find(order: Order, who: str, book: DutyBook, now: datetime, *, person: UUID | None = None) -> Hands:
    """(account, via) for a step that `who` does; see flow.WHO. `person`: named at the step before."""
    stamp = stamp_of(order)
    if who == "place":
        return _of_place(order, book, now)
    if who == "head":
        return _there(book.heads(stamp), "head", book, now)
    if who == "street":
        return _there(book.street(stamp), "street", book, now)
    if who == "centre":
        return _centre(book, now, "centre")
    if who == "property":
        return _property(order, book, now)
    if who == "other_body":
        return _other_body(order, book, now)
    if who in ROLES:
        return _by_role(order, who, book, now)
    return _known(order, who, book, now, person)


def of_worker(order: Order, book: DutyBook, now: datetime) -> Hands:
    """Whose place it is at whatever hour: work of days is not given to whoever happens to be on duty at night."""
    return _of_place(order, book, now, duty=False)


def _there(people: Sequence[UUID], via: str, book: DutyBook, now: datetime) -> Hands:
    """The first of these who is there or stood in for; the centre when nobody is."""
    to = next((i for i in people if not book.is_away(i, now)), None)
    if to is None:
        return _centre(book, now)
    # The duty book gives the centre itself where a place has no such post.
    return to, GAP if to in book.centre() else via


def _of_place(order: Order, book: DutyBook, now: datetime, *, duty: bool = True) -> Hands:
    stamp = stamp_of(order)
    kind = standards.kinds().get(order.kind)
    first = kind.first if kind else ""
    if first == "street":
        return _there(book.street(stamp), "street", book, now)
    holder = book.holder(stamp, now) if duty else book.worker(stamp, now)
    if first == "head" and holder.via in ("worker", "stand_in", "colleague"):
        # A sensitive matter goes to the fewest eyes: the community's head, not the neighbour on the grid.
        heads = book.heads(stamp)
        if heads:
            return heads[0], "head"
    return holder.account_id, holder.via


def _centre(book: DutyBook, now: datetime, via: str = GAP) -> Hands:
    people = [book.stand_in(i, now) for i in book.centre()]
    return next((i for i in people if i), next(iter(book.centre()), None)), via


def _by_role(order: Order, who: str, book: DutyBook, now: datetime) -> Hands:
    if who == "deputy" and order.opener_id and any(p.role == Role.DEPUTY for p in places.posts_of(order.opener_id)):
        return order.opener_id, "deputy"
    for n, role in enumerate(ROLES[who]):
        people = [i for i in book.nearest(role, stamp_of(order), now, order.line) if not book.is_away(i, now)]
        if people:
            return people[0], who if n == 0 else GAP
    return _centre(book, now)


def has_company(stamp: Stamp) -> bool:
    """Does a property company look after the place, with or without somebody who has an account?"""
    building = next(iter(places.buildings_by_id([stamp.building_id])), None) if stamp.building_id else None
    if building is not None:
        return building.property_org_id is not None
    return any(b.property_org_id for b in places.buildings(stamp.community_id))


def _property(order: Order, book: DutyBook, now: datetime) -> Hands:
    building = next(iter(places.buildings_by_id([order.building_id])), None) if order.building_id else None
    people = book.of_organisation(Role.PROPERTY, building.property_org_id, now) if building and building.property_org_id else []
    people = people or book.nearest(Role.PROPERTY, stamp_of(order), now)
    here = next((i for i in people if not book.is_away(i, now)), None)
    if here:
        return here, "property"
    to, _ = _there(book.heads(stamp_of(order)), GAP, book, now)
    return to, GAP


def _other_body(order: Order, book: DutyBook, now: datetime) -> Hands:
    """A section of the street, else its leader, else the centre; never who had it."""
    stamp = stamp_of(order)
    before = {order.responsible_id, order.claimer_id}
    reviewers = [*book.nearest(Role.STREET_SECTION, stamp, now), *book.street(stamp), *book.centre()]
    there = [r for r in reviewers if r not in before and not book.is_away(r, now)]
    others = [r for r in reviewers if r not in before]
    return next(iter([*there, *others]), order.responsible_id), "review"


def _known(order: Order, who: str, book: DutyBook, now: datetime, person: UUID | None) -> Hands:
    wanted = {
        "named": person or order.responsible_id, "claimer": order.claimer_id or order.responsible_id, "opener": order.opener_id,
        "same": order.responsible_id,
    }.get(who)  # fmt: skip
    if who == "parent" and order.parent_id:
        wanted = Order.objects.filter(id=order.parent_id).values_list("responsible_id", flat=True).first()
    if wanted and not book.is_away(wanted, now):
        return wanted, "same" if wanted == order.responsible_id else who
    stands_in = book.stand_in(wanted, now) if wanted else None
    if stands_in:
        return stands_in, "stand_in"
    # Gone for good, or nobody: the worker of the place has it, as for a new matter.
    return _of_place(order, book, now) if who in ("same", "claimer", "parent") else _centre(book, now)
