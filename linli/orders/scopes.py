"""From an actor and a wished place to equalities on stamped ids: what a list of orders may hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from linli.grid.models import Area
from linli.kernel.actors import Actor, PostRef
from linli.kernel.roles import Role
from linli.orders import access


@dataclass(frozen=True, slots=True)
class Scope:
    """One place by its stamped ids; None is "any". All None is the whole district."""

    street_id: UUID | None = None
    community_id: UUID | None = None
    grid_id: UUID | None = None

    def holds(self, other: "Scope") -> bool:
        """Does this place contain the other one?"""
        return (
            (self.street_id is None or self.street_id == other.street_id)
            and (self.community_id is None or self.community_id == other.community_id)
            and (self.grid_id is None or self.grid_id == other.grid_id)
        )

    def equal(self) -> dict[str, UUID]:
        """The narrowest equalities that an index serves: a community before its street, a grid beside its community."""
        if self.community_id:
            return {"community_id": self.community_id} | ({"grid_id": self.grid_id} if self.grid_id else {})
        return {"street_id": self.street_id} if self.street_id else {}

    def whole(self) -> dict[str, UUID]:
        """All equalities there are, for an index that begins with the street."""
        named = {"street_id": self.street_id, "community_id": self.community_id, "grid_id": self.grid_id}
        return {name: value for name, value in named.items() if value}


def of_post(post: PostRef) -> Scope:
    """What a post covers."""
    return Scope(post.street_id, post.community_id, post.grid_id)


def of_area(area: Area) -> Scope:
    """The rows of one area."""
    grid_id = area.id if area.level == Area.GRID else None
    community_id = area.id if area.level == Area.COMMUNITY else area.community_id
    street_id = area.id if area.level == Area.STREET else area.street_id
    return Scope(street_id, community_id, grid_id)


def widest(scopes: Iterable[Scope]) -> list[Scope]:
    """Without those that another one holds."""
    found: list[Scope] = []
    for scope in scopes:
        if any(f.holds(scope) for f in found):
            continue
        found = [f for f in found if not scope.holds(f)] + [scope]
    return found


def reach(actor: Actor, roles: frozenset[Role]) -> list[Scope]:
    """The places that the actor's posts with one of the roles cover; machines reach the whole district."""
    if actor.is_machine:
        return [Scope()]
    if actor.kind != "worker":
        return []
    return widest(of_post(p) for p in actor.posts if p.role in roles)


def within(scopes: Iterable[Scope], wished: Scope | None) -> list[Scope]:
    """The part of the scopes that lies in the wished place."""
    if wished is None:
        return list(scopes)
    return widest(wished if s.holds(wished) else s for s in scopes if s.holds(wished) or wished.holds(s))


def secret(actor: Actor, scope: Scope) -> Q:
    """Besides the place: who sees confidential orders there, and who complaints of our own people (`access.visible_to`)."""
    known, upper = reach(actor, access.CONFIDENTIAL), reach(actor, access.UPPER)
    if any(k.holds(scope) for k in upper):
        return Q()
    below = ~Q(kind__in=access.BEYOND)
    rule = below if any(k.holds(scope) for k in known) else Q(confidential=False)
    if actor.id:
        rule |= Q(responsible_id=actor.id)
    for k in known:
        if scope.holds(k):
            rule |= Q(**k.equal()) & below
    for k in upper:
        if scope.holds(k):
            rule |= Q(**k.equal())
    if shifts := access.on_shift(actor):
        rule |= (Q(street_id__in=shifts) | Q(community_id__in=shifts)) & below
    return rule


def may_search(actor: Actor) -> bool:
    """Whoever may not read words could guess them by searching, so she gets no word search."""
    return actor.is_machine or (actor.has_role(*access.WORDS) and not actor.has_role(*access.SEALED_FROM))
