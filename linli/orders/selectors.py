"""Reads of orders. A list filters by equality on stamped ids, pages by key, and never sorts or groups by person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from linli.grid.models import Absence, Area
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.orders import access, bringing, counted, promises, scopes
from linli.orders import search as text_search
from linli.orders.filters import ALL, COUNTED, IN_OPEN, LIGHTS, OPEN_STATE, Filters
from linli.orders.models import Clock, Order, Reward, Word
from linli.orders.scopes import Scope
from linli.standards import selectors as standards

PAGE = 20
EXPORT_AT_MOST = 5000
COUNTS_KEPT = 30.0
SLOW = 0.05
QUICK = 400
_ANY = "a light"
_counts: dict[frozenset, tuple[float, list[tuple]]] = {}


@dataclass(slots=True)
class Page:
    """One page of a list; `next` is the cursor of the page after it, "" at the end."""

    rows: list[Order]
    next: str = ""


def list_orders(actor: Actor, filters: Filters, area: Area | None = None, *, limit: int = PAGE) -> Page:
    """What the actor may see of what she asks for, in one statement.

    `area` is the row of `filters.area`. Each row has `away` (its responsible
    person is on leave now). Open orders: worst light first, then by promised answer. Others: newest first.
    Raises NotFound for a cursor that is none, and BadInput for word search by who may not read words.
    """
    bases = _bases(actor, filters, scopes.of_area(area) if area else None)
    if not bases:
        return Page([])
    if filters.q:
        return _found(actor, bases, filters, limit)
    plain = [base for _, base in bases]
    rows = _by_light(plain, filters, limit) if filters.is_open else _newest(plain, filters, limit)
    rows = list({o.id: o for o in rows}.values())
    rows.sort(key=_place_in_open_list if filters.is_open else _newest_first)
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, _cursor(rows[-1], filters) if more else "")


BROUGHT = 20


def brought_by(actor: Actor) -> list[Order]:
    """The newest orders that this colleague brought herself (`bring_matter`), newest first; no confidential one that she may
    not read any more. Nobody asks for another person's. Index order_opener."""
    rows = Order.objects.filter(opener_id=actor.id, relation="", procedure__in=[b.code for b in bringing.all_for(actor)]).order_by("-id")
    return [o for o in rows[:BROUGHT] if not o.confidential or access.reads(actor, o)]


def search(actor: Actor, words: str, *, limit: int = PAGE) -> list[Order]:
    """Orders whose title, place, number or words hold all the words, newest first. Raises BadInput (see list_orders)."""
    return list_orders(actor, Filters(q=words, state=ALL), limit=limit).rows


def _bases(actor: Actor, filters: Filters, wished: Scope | None) -> list[tuple[Scope, QuerySet[Order]]]:
    """One query set per place, each with equalities only, plus what may be seen of confidential orders there."""
    rest = _rest(filters)
    if filters.mine:
        # the single-column index on responsible_id
        mine = Order.objects.filter(rest, responsible_id=actor.id)
        return [(wished, mine.filter(**wished.equal())) if wished else (Scope(), mine)]
    roles = access.WORDS if filters.q and scopes.may_search(actor) else access.READ
    places = scopes.reach(actor, roles)
    if not places and actor.kind == "worker":
        # Property, firms, departments: nothing but what they are responsible for.
        own = wished.equal() if wished else {}
        return [(wished or Scope(), Order.objects.filter(rest, responsible_id=actor.id, **own))]
    found = scopes.within(places, wished)
    return [(s, Order.objects.filter(scopes.secret(actor, s), rest, **s.equal())) for s in found]


def _rest(filters: Filters) -> Q:
    rest = Q()
    if filters.kind:
        rest &= Q(kind=filters.kind)
    if filters.category:
        rest &= Q(category=filters.category)
    if filters.door:
        rest &= Q(door=filters.door)
    if filters.clause:
        rest &= Q(clause=filters.clause)
    if filters.way:
        rest &= Q(way=filters.way)
    if filters.figure:
        rest &= counted.which(filters.figure, clock.now())
    if filters.promise:
        rest &= promises.orders(filters.promise, filters.kept or "due", clock.now())
    rest &= _days(filters)
    if filters.state == "history":
        rest &= Q(history=True)
    elif filters.state == COUNTED:
        rest &= counted.LIVE
    elif filters.state == OPEN_STATE:
        rest &= Q(is_open=True)
    elif filters.state != ALL:
        rest &= Q(state=filters.state, history=False)
    if filters.light and not filters.is_open:
        rest &= Q(light=filters.light)
    return rest


def _days(filters: Filters) -> Q:
    days = Q()
    if filters.since:
        days &= Q(local_day__gte=filters.since)
    if filters.until:
        days &= Q(local_day__lte=filters.until)
    return days


def with_leave(rows: QuerySet[Order]) -> QuerySet[Order]:
    """With `away` beside each order, as `list_orders` gives them."""
    now = clock.now()
    away = Absence.objects.filter(account_id=OuterRef("responsible_id"), starts_at__lte=now, ends_at__gt=now)
    return rows.annotate(away=Exists(away))


def _by_light(bases: Sequence[QuerySet[Order]], filters: Filters, limit: int) -> list[Order]:
    """Index order_community_due (community, is_open, light, due_at, id) for a community or grid,
    order_open_due (light, due_at, id where open) for a street or the district: each part reads its own rows
    in order and stops after one page. Each base is compiled once; the lights are put in as values."""
    at = _open_cursor(filters.after) if filters.after else None
    parts: list[tuple[str, list[Any]]] = []
    for base in bases:
        text, values = _compiled(base.filter(is_open=True, light=_ANY), limit)
        for rank, light in enumerate(LIGHTS):
            if (filters.light and light != filters.light) or (at and rank < at[0]):
                continue
            sql, params = text, [light if v == _ANY else v for v in values]
            if at and rank == at[0]:
                rest = base.filter(Q(due_at__gt=at[1]) | Q(due_at=at[1], id__gt=at[2]), is_open=True, light=light)
                sql, params = _compiled(rest, limit)
            parts.append((f"SELECT {rank} AS light_rank, part.* FROM ({sql}) AS part", params))  # noqa: S608
    params = [v for _, values in parts for v in values]
    sql = f"{' UNION ALL '.join(text for text, _ in parts)} ORDER BY light_rank, due_at, id LIMIT {limit + 1 + len(bases) * 2}"
    return list(Order.objects.raw(sql, params)) if parts else []


def _compiled(rows: QuerySet[Order], limit: int) -> tuple[str, list[Any]]:
    text, values = with_leave(rows).order_by("due_at", "id")[: limit + 1].query.sql_with_params()
    return text, list(values)


def _newest(bases: Sequence[QuerySet[Order]], filters: Filters, limit: int) -> list[Order]:
    """Indexes order_community_id, order_community_kind, order_street_id or the primary key, read backwards."""
    before = _id_cursor(filters.after) if filters.after else None
    rows = [base.filter(id__lt=before) if before else base for base in bases]
    return _union([with_leave(r).order_by("-id")[: limit + 1] for r in rows])


def _found(actor: Actor, bases: Sequence[tuple[Scope, QuerySet[Order]]], filters: Filters, limit: int) -> Page:
    """orders_text_fts on SQLite, orders_text_gin on PostgreSQL (search.py); an order's number by its unique index.

    First among the newest that hold the words, which costs the same however common they are; only when those do not
    fill a page, among all. At most three statements.
    """
    rows: list[Order] = []
    if "-" in filters.q:
        rows = _union([with_leave(b.filter(number=filters.q)) for _, b in bases])
        if rows:
            return Page(rows)
    if not scopes.may_search(actor):
        raise BadInput("您的岗位不能按原话搜索，可以输入完整的工单编号。", "no_word_search")
    tokens = text_search.words(filters.q)
    if not tokens:
        return Page([])
    before = _text_cursor(filters.after) if filters.after else None
    for quick in (True, False):
        parts = []
        for scope, base in bases:
            # A grid's token may be an old one (places are corrected); its community's and street's are not.
            here = f"{tokens} {text_search.place(scope.community_id or scope.street_id)}".strip()
            part = base.annotate(text_id=F("search__id"))
            if quick:
                part = part.filter(search__id__in=text_search.newest(here, QUICK, before))
            else:
                part = part.filter(search__tokens__match=here)
                part = part.filter(search__id__lt=before) if before else part
            parts.append(with_leave(part).order_by("-search__id")[: limit + 1])
        rows = sorted({o.id: o for o in _union(parts)}.values(), key=lambda o: -o.text_id)  # type: ignore[attr-defined]
        if len(rows) > limit:
            break
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, str(rows[-1].text_id) if more else "")  # type: ignore[attr-defined]


def _union(parts: Sequence[QuerySet[Order]]) -> list[Order]:
    """All parts in one statement, each with its own order and limit (which Django's union() refuses on SQLite)."""
    if len(parts) == 1:
        return list(parts[0])
    sql: list[str] = []
    params: list[Any] = []
    for n, part in enumerate(parts):
        text, values = part.query.sql_with_params()
        sql.append(f"SELECT * FROM ({text}) AS part{n}")  # noqa: S608 - compiled by Django, values apart
        params += values
    return list(Order.objects.raw(" UNION ALL ".join(sql), params))


def _place_in_open_list(order: Order) -> tuple:
    return (LIGHTS.index(order.light), order.due_at or order.opened_at, order.id)


def _newest_first(order: Order) -> int:
    return -order.id.int


def _cursor(last: Order, filters: Filters) -> str:
    if not filters.is_open:
        return str(last.id)
    due = last.due_at or last.opened_at
    return f"{LIGHTS.index(last.light)}~{due.isoformat()}~{last.id}"


def _open_cursor(text: str) -> tuple[int, datetime, UUID]:
    try:
        rank, due, last = text.split("~")
        return int(rank), datetime.fromisoformat(due), UUID(last)
    except ValueError as exc:
        raise NotFound("翻页的位置不对，请从第一页看起。", "bad_cursor") from exc


def _text_cursor(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise NotFound("翻页的位置不对，请从第一页看起。", "bad_cursor")
    return int(text)


def _id_cursor(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as exc:
        raise NotFound("翻页的位置不对，请从第一页看起。", "bad_cursor") from exc


def open_counts(actor: Actor) -> dict[UUID, int]:
    """Open orders by street, community and grid that the actor reads; the index order_open_place covers the count.

    By place only, never by person. Where counting takes long, the counts are kept for half a minute.
    """
    mine = scopes.reach(actor, access.READ)
    secret, upper = scopes.reach(actor, access.CONFIDENTIAL), scopes.reach(actor, access.UPPER)
    key = frozenset((s, any(k.holds(s) for k in secret) + any(k.holds(s) for k in upper)) for s in mine)
    found: dict[UUID, int] = {}
    for *places, n in _counted(key) if key else ():
        for place_id in places:
            if place_id:
                found[place_id] = found.get(place_id, 0) + n
    return found


def _counted(key: frozenset[tuple[Scope, int]]) -> list[tuple]:
    """(street, community, grid, open orders) of these scopes; level 0 leaves confidential ones out, 1 complaints."""
    kept = _counts.get(key)
    if kept and perf_counter() - kept[0] < COUNTS_KEPT:
        return kept[1]
    started = perf_counter()
    here = Q()
    for scope, level in key:
        seen = (Q(confidential=False), ~Q(kind__in=access.BEYOND), Q())[level]
        here |= Q(**scope.whole()) & seen
    grouped = Order.objects.filter(here, is_open=True).order_by().values_list("street_id", "community_id", "grid_id")
    rows = list(grouped.annotate(n=Count("id")))
    _counts.pop(key, None)
    if perf_counter() - started > SLOW:
        _counts[key] = (perf_counter(), rows)
    return rows


def similar_orders(actor: Actor, order: Order, *, limit: int = 5) -> list[tuple[Order, str]]:
    """Earlier orders of the same thing or kind here, nearest first, with the words of their result ("" where none).

    History counts too. Index order_community_kind. Three statements.
    """
    rows = list(
        Order.objects.filter(community_id=order.community_id, kind=order.kind, id__lt=order.id).order_by("-id")[:120]
    )
    if order.thing:
        same = Order.objects.filter(community_id=order.community_id, kind=order.kind, thing=order.thing, id__lt=order.id)
        rows += [o for o in same.order_by("-id")[:20] if o not in rows]
    rows = [o for o in rows if access.reads(actor, o)]

    def near(other: Order) -> tuple:
        same_thing = bool(order.thing) and other.thing == order.thing
        same_house = order.building_id is not None and other.building_id == order.building_id
        return (not same_thing, not same_house, other.is_open, -other.id.int)

    best = sorted(rows, key=near)
    if order.thing:
        best = [o for o in best if o.thing == order.thing] or best
    best = best[:limit]
    told = Word.objects.filter(order_id__in=[o.id for o in best], public=True).order_by("id")
    words = {w.order_id: w.text for w in told}
    return [(o, words.get(o.id, "")) for o in best]


def running_clocks(order_ids: Iterable[UUID]) -> dict[UUID, list[Clock]]:
    """Running clocks by order, the answer's first."""
    found: dict[UUID, list[Clock]] = {}
    for row in Clock.objects.filter(order_id__in=list(order_ids), state=Clock.RUNNING).order_by("name"):
        found.setdefault(row.order_id, []).append(row)
    return found


def may_rate(order: Order, now: datetime) -> bool:
    """Is there a result, and is it still time for its voices to say whether it helped?"""
    if order.handled_at is None or order.history:
        return False
    days = standards.flow(order.procedure, order.procedure_version).rate_days
    return now <= order.handled_at + timedelta(days=days)


def waiting_for(account_id: UUID) -> list[Order]:
    """One's own open orders that wait for an answer, by due time: for her own eyes only."""
    rows: QuerySet[Any] = with_leave(Order.objects.filter(responsible_id=account_id, state__in=IN_OPEN, is_open=True))
    return list(rows.filter(waits_answer=True).order_by("answer_due_at", "id")[:50])


def due_for(account_id: UUID, until: datetime) -> list[Order]:
    """One's own answered orders whose solving is due before `until`, by due time: for her own eyes only."""
    rows: QuerySet[Any] = with_leave(Order.objects.filter(responsible_id=account_id, is_open=True, solve_due_at__lt=until))
    return list(rows.filter(waits_answer=False).order_by("solve_due_at", "id")[:50])


def rewards_of(voice_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Points by voice, for the page of her who spoke; no statement without a voice."""
    return dict(Reward.objects.filter(voice_id__in=voice_ids).values_list("voice_id", "points")) if voice_ids else {}
