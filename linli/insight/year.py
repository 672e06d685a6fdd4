"""Hot matters of a year: orders, live and of former years, that speak of one event at one place, found by the very clustering that
`linli evaluate events` judges (`language.events.cluster`). Confidential orders are left out; no words of a reporter are kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q

from linli.insight import access
from linli.insight.charts import Chart, bars
from linli.insight.models import YearMatter
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.language import apart
from linli.orders import access as order_access
from linli.orders import counted, labels, scopes
from linli.orders.filters import ALL, Filters
from linli.orders.models import Order, Voice
from linli.orders.scopes import Scope

DAYS = 364
WEEKS = DAYS // 7
#: so many orders and people make a matter; so many of the newest orders of a community are looked at: the worker
#: does nothing else for the seconds that it takes
ORDERS, PEOPLE, MOST = 3, 3, 2_000
SHOWN = 12
#: kinds that only wait for somebody to look, or that ask: they say nothing of a matter
NO_MATTER = ("look", "person", "consult")


def gather(community_id: UUID, until: date) -> list[YearMatter]:
    """The matters of one community in the 52 weeks that end on a day, unsaved, the one with most people first."""
    since = until - timedelta(days=DAYS - 1)
    live = counted.LIVE | Q(history=True)
    spoke = Prefetch("voices", Voice.objects.filter(state=Voice.ACTIVE).order_by("id"), to_attr="spoke")
    rows = Order.objects.filter(live, community_id=community_id, confidential=False, local_day__gte=since, local_day__lte=until)
    orders = list(rows.exclude(kind__in=NO_MATTER).order_by("-id").prefetch_related(spoke)[:MOST])
    groups = apart.clustered([_told(o) for o in orders])
    parts = [part for group in groups for part in _by_place([orders[n] for n in group])]
    found = [_matter(part, since) for part in parts if len(part) >= ORDERS]
    return sorted((m for m in found if m.people >= PEOPLE), key=lambda m: (-m.people, -m.orders, m.thing, m.place))


def _told(order: Any) -> tuple[str, str, str, str]:
    words = " ".join(v.words for v in order.spoke if v.words)
    return str(order.id), order.thing, words or order.title, order.local_day.isoformat()


def _by_place(orders: Sequence[Any]) -> list[list[Any]]:
    """One event is at one place: what is told of two buildings is two matters, however alike the words."""
    found: dict[Any, list[Any]] = {}
    for order in orders:
        found.setdefault(order.building_id or order.place_text, []).append(order)
    return list(found.values())


def _matter(orders: Sequence[Any], since: date) -> YearMatter:
    # Somebody who says the same every day is one voice; an old order of which nobody knows who spoke is one too.
    spoke: list[set[UUID]] = [set() for _ in range(WEEKS)]
    for order in orders:
        spoke[(order.local_day - since).days // 7] |= {v.speaker for v in order.spoke} or {order.id}
    first = orders[0]
    thing, kind = _most(o.thing for o in orders), _most(o.kind for o in orders)
    days = sorted(o.local_day for o in orders)
    return YearMatter(
        street_id=first.street_id, community_id=first.community_id, place=_most(o.place_text for o in orders), thing=thing or labels.kind(kind),
        kind=kind, category=_most(o.category for o in orders), people=len(set().union(*spoke)), orders=len(orders), past=sum(1 for o in orders if o.history),
        first_day=days[0], last_day=days[-1], since=since, weeks=[len(s) for s in spoke],
    )  # fmt: skip


def _most(values: Any) -> str:
    """The most frequent that says something; of equals the first by its letters."""
    found = Counter(v for v in values if v)
    return min(found, key=lambda v: (-found[v], v)) if found else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A matter as the page shows it: its heat by week, and the list it leads to."""

    matter: YearMatter
    chart: Chart
    query: str


def hottest(actor: Actor, found: Sequence[Scope], category: str = "", *, limit: int = SHOWN) -> list[Shown]:
    """Those of the places that the actor reads orders of, whole communities only; the most people first. One statement."""
    readable = scopes.reach(actor, order_access.READ)
    places = [place for scope in found for place in scopes.within(readable, scope) if not place.grid_id]
    here = access.either([Q(**p.equal()) for p in places])
    if here is None:
        return []
    rows = YearMatter.objects.filter(here, **({"category": category} if category else {}))
    return [_shown(actor, row) for row in rows.order_by("-people", "-orders", "id")[:limit]]


def _shown(actor: Actor, row: YearMatter) -> Shown:
    words = f"{row.thing} {row.place}".strip() if scopes.may_search(actor) and row.thing != labels.kind(row.kind) else ""
    query = Filters(area=row.community_id, kind="" if words else row.kind, state=ALL, q=words, since=row.first_day, until=row.last_day).query()
    starts = [row.since + timedelta(weeks=n) for n in range(len(row.weeks))]
    return Shown(row, bars(list(zip(starts, row.weeks, strict=True))), query)


def next_community(ids: Sequence[UUID], made: dict[UUID, date]) -> UUID | None:
    """The community whose matters are oldest, of those not made today; None when all are."""
    old = [i for i in ids if made.get(i, date.min) < clock.today()]
    return min(old, key=lambda i: (made.get(i, date.min), i), default=None)
