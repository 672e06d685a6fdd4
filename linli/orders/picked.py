"""What many ask for, for deputies to take up (DB-1.1): a thing in a community that at least K people spoke of within a month.
No person, no home, no words: fewer than K people are never named, nor is what is confidential or speaks of our own people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from linli.grid import selectors as places
from linli.grid.selectors import Stamp
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.roles import Role
from linli.orders import access, counted, scopes
from linli.orders.models import Order, Voice

#: at least so many different people, or nobody hears of it
K = 3
DAYS = 30
AT_MOST = 30
ROLES = frozenset({Role.DEPUTY, Role.DISTRICT_BODY, Role.CENTRE})
#: what waits for a person's ear, words against our own people, and what goes its own public way
NOT_PICKED = ("look", "person", "data", "item", "deputy", "message", *access.BEYOND)
PROCEDURE = "deputies"
_PERSON = Coalesce("voices__account_id", "voices__member_id", "voices__id")
_SPOKE = Q(voices__state=Voice.ACTIVE, voices__for_voice_id=None)


@dataclass(frozen=True, slots=True)
class Picked:
    """One thing in one community: how many people, in how many matters, how many of them still open. `raised`: the number of an
    opinion about it that is under way."""

    community_id: UUID
    community: str
    thing: str
    people: int
    orders: int
    still_open: int
    raised: str = ""

    @property
    def words(self) -> str:
        """The opinion in plain words, without anybody in it."""
        left = f"，其中 {self.still_open} 件还没办结" if self.still_open else ""
        return f"近 {DAYS} 天，{self.community}有 {self.people} 位居民反映“{self.thing}”，共 {self.orders} 件{left}。请有关单位一起研究，拿出管长远的办法，答复居民。"


def _rows(reach: Sequence[scopes.Scope]) -> QuerySet[Order]:
    here = Q(pk__in=[])
    for scope in reach:
        here = here | Q(**scope.equal()) if scope.equal() else Q()
        if not scope.equal():
            break
    since = clock.today() - timedelta(days=DAYS - 1)
    rows = Order.objects.filter(here, counted.LIVE, local_day__gte=since, confidential=False).exclude(thing="")
    return rows.exclude(kind__in=NOT_PICKED).exclude(procedure=PROCEDURE)


def _grouped(rows: QuerySet[Order]) -> Any:
    return rows.order_by().values("community_id", "thing").annotate(
        people=Count(_PERSON, distinct=True, filter=_SPOKE), orders=Count("id", distinct=True),
        still_open=Count("id", distinct=True, filter=Q(is_open=True)),
    ).filter(people__gte=K).order_by("-people", "thing")  # fmt: skip


def matters(actor: Actor) -> list[Picked]:
    """What at least K people spoke of in the places that the actor's posts reach, the most voices first. Two statements."""
    reach = scopes.reach(actor, ROLES)
    if not reach:
        return []
    rows = list(_grouped(_rows(reach))[:AT_MOST])
    names = places.area_names({r["community_id"] for r in rows})
    going = Order.objects.filter(procedure=PROCEDURE, is_open=True, community_id__in=[r["community_id"] for r in rows])
    raised = {(c, t): n for c, t, n in going.values_list("community_id", "thing", "number")}
    return [
        Picked(r["community_id"], names.get(r["community_id"], ""), r["thing"], r["people"], r["orders"], r["still_open"], raised.get((r["community_id"], r["thing"]), ""))
        for r in rows
    ]  # fmt: skip


def one(actor: Actor, community_id: str, thing: str) -> Picked | None:
    """The matter of that name; None where too few spoke of it, or it lies elsewhere."""
    return next((p for p in matters(actor) if str(p.community_id) == community_id and p.thing == thing), None)


def stamp_of(picked: Picked) -> Stamp:
    """Where it is: the community, nothing nearer."""
    area = places.area(picked.community_id)
    assert area is not None and area.street_id is not None
    return Stamp(area.street_id, area.id, None, None, "", area.name)


def speakers(picked: Picked) -> list[Voice]:
    """One voice of each person who asked for it and can be reached on her own page, in the order in which they spoke."""
    area = places.area(picked.community_id)
    assert area is not None
    ids = _rows([scopes.of_area(area)]).filter(thing=picked.thing).values("id")
    rows = Voice.objects.filter(order_id__in=ids, state=Voice.ACTIVE, for_voice_id=None).defer("words", "name", "phone").order_by("id")
    first: dict[UUID, Voice] = {}
    for voice in rows:
        if voice.account_id or voice.member_id:
            first.setdefault(voice.speaker, voice)
    return list(first.values())
