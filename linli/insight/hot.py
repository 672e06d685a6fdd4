"""Hot matters: one place, one thing, many voices over time (一地一事). Heat decays; a person counts once in a matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from os.path import commonprefix
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Max, Min, Q, Value, When
from django.db.models.functions import Coalesce

from linli.insight import access
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.orders import access as order_access
from linli.orders import counted, labels, scopes
from linli.orders.filters import COUNTED, Filters
from linli.orders.models import Order, Voice
from linli.orders.scopes import Scope

AT_MOST = 12
#: what was said longer ago is not hot any more, whatever period the page shows
DAYS = 30
#: kinds that only wait for somebody to look: they say nothing of a matter
NO_MATTER = ("look", "person")
#: what one voice weighs by its age in days: today 15, of the last three 7, of the week 3, older 1
WEIGHTS = ((1, 8), (3, 4), (7, 2))
NEW, RISING, FLAT, FALLING = "new", "rising", "flat", "falling"
WORDS = {NEW: "新", RISING: "上升", FLAT: "平", FALLING: "回落"}


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing at one place: how many people spoke of it, in how many orders, since when, and where it is heading."""

    place: str
    thing: str
    kind: str
    category: str
    community_id: UUID
    people: int
    orders: int
    still_open: int
    first_at: datetime
    last_at: datetime
    heat: int
    trend: str
    confidential: bool
    query: str

    @property
    def word(self) -> str:
        """新, 上升, 平, 回落."""
        return WORDS[self.trend]

    @property
    def span(self) -> str:
        """How long people have spoken of it, from the first to the last word."""
        hours = int((self.last_at - self.first_at).total_seconds() // 3600)
        return "" if hours < 1 else f"前后说了 {hours} 小时" if hours < 24 else f"前后说了 {hours // 24} 天"


def hot_matters(actor: Actor, found: Sequence[Scope], since: date, category: str = "", *, limit: int = AT_MOST) -> list[Matter]:
    """The hottest matters among the orders opened since a day (30 days ago at most) in those places that the actor may
    know of, in one statement; [] for who reads no orders. A confidential order counts only for who may see it."""
    since = max(since, clock.today() - timedelta(days=DAYS - 1))
    readable = scopes.reach(actor, order_access.READ)
    places = [place for scope in found for place in scopes.within(readable, scope)]
    visible = access.either([Q(**p.equal()) & scopes.secret(actor, p) for p in places])
    if visible is None:
        return []
    rows = Order.objects.filter(visible, counted.LIVE, local_day__gte=since)
    rows = rows.exclude(kind__in=NO_MATTER).exclude(thing="", building_id=None).exclude(thing="", kind="consult")
    if category:
        rows = rows.filter(category=category)
    return [_matter(actor, row, since) for row in _grouped(rows)[:limit]]


def _grouped(rows: Any) -> Any:
    now = clock.now()
    spoke = Q(voices__state=Voice.ACTIVE, voices__for_voice_id=None)
    person = Coalesce("voices__member_id", "voices__account_id", "voices__id")

    def people(newest: int, oldest: int | None) -> Count:
        within = spoke & (Q(voices__created_at__lte=now - timedelta(days=newest)) if newest else Q())
        if oldest:
            within &= Q(voices__created_at__gt=now - timedelta(days=oldest))
        return Count(person, distinct=True, filter=within)

    keyed = rows.annotate(
        what=Case(When(thing="", then=F("kind")), default=F("thing")),
        spot=Case(When(building_id=None, then=F("place_text")), default=Value("")),
    )
    grouped = keyed.order_by().values("community_id", "building_id", "spot", "what").annotate(
        people=people(0, None), in1=people(0, 1), in3=people(0, 3), in7=people(0, 7),
        before1=people(1, 2), before3=people(3, 6),
        orders=Count("id", distinct=True), still_open=Count("id", distinct=True, filter=Q(is_open=True)),
        secret=Count("id", distinct=True, filter=Q(confidential=True)),
        any_thing=Max("thing"), any_kind=Max("kind"), any_category=Max("category"),
        low=Min("place_text"), high=Max("place_text"),
        first_at=Min("voices__created_at", filter=spoke), last_at=Max("voices__created_at", filter=spoke),
    )  # fmt: skip
    heat = F("people") + sum((F(f"in{days}") * weight for days, weight in WEIGHTS), start=Value(0))
    # People, not rows: somebody who says the same every day is one voice.
    return grouped.filter(people__gte=2).annotate(heat=heat).order_by("-heat", "-last_at", "what")


def _matter(actor: Actor, row: dict[str, Any], since: date) -> Matter:
    thing, kind = row["any_thing"], row["any_kind"]
    place = row["spot"] or _common(row["low"], row["high"])
    words = f"{thing} {place}".strip() if scopes.may_search(actor) else ""
    only = "" if thing and words else kind
    query = Filters(area=row["community_id"], kind=only, state=COUNTED, q=words, since=since).query()
    return Matter(
        place=place, thing=thing or labels.kind(kind), kind=labels.kind(kind), category=row["any_category"],
        community_id=row["community_id"], people=row["people"], orders=row["orders"], still_open=row["still_open"],
        first_at=row["first_at"], last_at=row["last_at"], heat=row["heat"], trend=_trend(row),
        confidential=bool(row["secret"]), query=query,
    )  # fmt: skip


def _trend(row: dict[str, Any]) -> str:
    """The last day against the day before; for what has gone on for a week, the last three days against the three
    before them."""
    age = clock.now() - row["first_at"]
    if age < timedelta(days=1):
        return NEW
    days = 3 if age > timedelta(days=7) else 1
    now, before = row[f"in{days}"], row[f"before{days}"]
    return RISING if now > before else FLAT if now == before else FALLING


def _common(low: str, high: str) -> str:
    """What two places have in common: 3号楼1单元 and 3号楼12单元 are both 3号楼."""
    if low == high:
        return low
    return commonprefix([low, high]).rstrip("0123456789") or low
