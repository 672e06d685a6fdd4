"""A word becomes an order: number, place, responsible person, two clocks, first voice, event."""

from collections import defaultdict
from collections.abc import Sequence as Seq
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from linli.calendars import selectors as calendars
from linli.grid import selectors as places
from linli.grid.duty import DutyBook, Holder
from linli.grid.duty import book as duty_book
from linli.kernel import clock, crypto, ids
from linli.kernel.actors import Actor
from linli.kernel.bulk import insert_rows
from linli.kernel.errors import BadInput, Forbidden
from linli.language import search_tokens
from linli.ledger.record import Row, record_many
from linli.orders import access, clocks, search
from linli.orders.actions.common import touch
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Clock, Order, OrderText, Sequence, Voice
from linli.orders.states import OrderState
from linli.standards import selectors as standards


def open_order(*, by: Actor, draft: Draft) -> Order:
    """One matter; see `open_orders`."""
    return open_orders(by=by, drafts=[draft])[0]


def open_orders(*, by: Actor, drafts: Seq[Draft]) -> list[Order]:
    """Open an order for each draft, in order; a draft whose key is known gives the order that has it.

    Raises BadInput for an unknown kind and Forbidden when the actor takes in no words for the place.
    """
    try:
        return _open(by, drafts)
    except IntegrityError:
        # The same key at the same moment: the other one was first, so the key is known now. Inside a transaction of the
        # caller's nothing can be tried again.
        if transaction.get_connection().in_atomic_block or not any(d.key for d in drafts):
            raise
        return _open(by, drafts)


@transaction.atomic
def _open(by: Actor, drafts: Seq[Draft]) -> list[Order]:
    kinds = standards.kinds()
    for draft in drafts:
        if draft.kind not in kinds:
            raise BadInput("没有这一类事项。", "unknown_kind")
        if not access.may_open(by, street_id=draft.stamp.street_id, community_id=draft.stamp.community_id, grid_id=draft.stamp.grid_id):
            raise Forbidden()
    keys = [d.key for d in drafts if d.key]
    # Mostly there is none; forty columns are read only of those that there are.
    ids = list(Order.objects.filter(key__in=keys).values_list("id", flat=True)) if keys else []
    known = {o.key: o for o in Order.objects.filter(id__in=ids)} if ids else {}
    fresh = [d for d in drafts if d.key is None or d.key not in known]
    made = _insert(by, fresh) if fresh else []
    by_draft = {id(d): o for d, o in zip(fresh, made, strict=True)}
    return [by_draft.get(id(d)) or known[d.key] for d in drafts]


def _insert(by: Actor, drafts: Seq[Draft]) -> list[Order]:
    now = clock.now()
    book, worktimes = duty_book(), Worktimes()
    codes = places.community_codes()
    numbers = _numbers(drafts, codes, clock.local_day(now))
    orders: list[Order] = []
    rows: list[Clock] = []
    for draft, number in zip(drafts, numbers, strict=True):
        order, started = _order(draft, number, now)
        if draft.history_at is None:
            order.responsible_id, order.responsible_via = _responsible(draft, book, now)
            made = _clocks(order, started, worktimes)
            order.answer_due_at, order.solve_due_at = made[0].due_at, made[1].due_at
            rows += made
        orders.append(order)
    voices = [v for d, o in zip(drafts, orders, strict=True) for v in _voices(d, o)]
    texts = [OrderText(order_id=o.id, tokens=tokens_of(o, d.voice.words)) for d, o in zip(drafts, orders, strict=True)]
    insert_rows(orders, voices, rows, texts)
    for verb, history in (("orders.open_orders", False), ("orders.file_history", True)):
        mine = [(o, d) for o, d in zip(orders, drafts, strict=True) if o.history is history]
        if mine:
            record_many(by, verb, [_event(o) for o, _ in mine])
    touch(*orders)
    return orders


def _order(draft: Draft, number: str, now: datetime) -> tuple[Order, datetime]:
    kind = standards.kinds()[draft.kind]
    procedure = standards.procedure_for(draft.kind, question=draft.question)
    at = draft.history_at or now
    order = Order(
        number=number, key=draft.key, kind=draft.kind, category=draft.category or kind.category,
        procedure=procedure.code, procedure_version=procedure.version, clause=procedure.clause_code,
        door=draft.voice.door, urgency=draft.urgency, confidential=kind.confidential, batch=draft.batch[:64],
        title=(draft.title or default_title("" if kind.confidential else draft.thing, kind.label))[:80],
        thing="" if kind.confidential else draft.thing[:32],
        street_id=draft.stamp.street_id, community_id=draft.stamp.community_id, grid_id=draft.stamp.grid_id,
        building_id=draft.stamp.building_id, unit=draft.stamp.unit[:16], place_text=draft.stamp.text[:80],
        opened_at=at, local_day=clock.local_day(at), voice_count=2 if draft.voice.behalf else 1,
    )  # fmt: skip
    if draft.history_at is not None:
        order.history, order.is_open, order.state = True, False, OrderState.CLOSED
        order.closed_at, order.light, order.ending, order.waits_answer = at, clocks.NONE, "history", False
    return order, at


def default_title(thing: str, label: str) -> str:
    """The neutral name of a matter: what it is about, never a reporter's words."""
    return f"{thing} · {label}" if thing else label


def _responsible(draft: Draft, book: DutyBook, now: datetime) -> tuple[UUID | None, str]:
    if draft.to_account:
        return draft.to_account, "chosen"
    holder: Holder = book.holder(draft.stamp, now)
    first = standards.kinds()[draft.kind].first
    if first == "street":
        return next(iter(book.street(draft.stamp)), None), "street"
    if first == "head" and holder.via in ("worker", "stand_in", "colleague"):
        # A sensitive matter goes to the fewest eyes: the community's head, not the neighbour on the grid.
        heads = book.heads(draft.stamp)
        if heads:
            return heads[0], "head"
    return holder.account_id, holder.via


class Worktimes:
    """Calendars read once per batch: (code, a place's codes) → working time."""

    def __init__(self) -> None:
        self._stamp = calendars.version()
        self._kept: dict[tuple[str, tuple[str, ...]], clocks.Calendar] = {}

    def get(self, code: str, codes: tuple[str, ...]) -> clocks.Calendar:
        """The working time of a calendar at a place, given by its codes (`grid.selectors.calendar_codes`). Raises NotFound."""
        key = (code, codes)
        if key not in self._kept:
            self._kept[key] = calendars.get_calendar(code, codes, self._stamp)
        return self._kept[key]


def _clocks(order: Order, started: datetime, worktimes: Worktimes) -> list[Clock]:
    codes = places.calendar_codes(order.community_id)
    data = standards.procedure(order.procedure, order.procedure_version).data
    kind = standards.kinds()[order.kind]
    answer, solve = data["answer"], data["solve"]
    wanted = [
        (Clock.ANSWER, answer["calendar"], answer["minutes"], answer["ladder"]),
        (Clock.SOLVE, kind.solve_calendar, kind.solve_minutes, solve["ladder"]),
    ]
    return [new_clock(order, worktimes.get(row[1], codes), started, *row) for row in wanted]


def new_clock(order: Order, worktime: clocks.Calendar, started: datetime, name: str, calendar: str, minutes: int, ladder: list, round_: int = 0) -> Clock:
    """A running clock of an order; `minutes` count on the calendar of the order's community."""
    steps = clocks.plan(worktime, started, minutes, ladder)
    return Clock(
        order_id=order.id, name=name, round=round_, calendar=calendar, minutes=minutes, started_at=started,
        due_at=clocks.step_at(worktime, started, minutes, 100), ladder=ladder, next_at=steps[0] if steps else None,
    )  # fmt: skip


def _voices(draft: Draft, order: Order) -> list[Voice]:
    first = voice_row(order, draft.voice, order.opened_at)
    if draft.voice.behalf is None:
        return [first]
    second = voice_row(order, draft.voice.behalf, order.opened_at)
    second.for_voice_id = first.id
    return [first, second]


def voice_row(order: Order, draft: VoiceDraft, at: datetime) -> Voice:
    """A voice to be inserted."""
    return Voice(
        id=ids.new(), order_id=order.id, door=draft.door, group_id=draft.group_id, member_id=draft.member_id,
        account_id=draft.account_id, message_id=draft.message_id, home_id=draft.home_id, words=draft.words,
        name=draft.name, phone=draft.phone, phone_index=crypto.ring().index(draft.phone), blob_ids=draft.blob_ids, created_at=at,
    )  # fmt: skip


def tokens_of(order: Order, words: str) -> str:
    """What the search finds an order by: its places, its neutral title, number and the words of its voices."""
    places_ = [search.place(i) for i in (order.street_id, order.community_id) if i]
    return " ".join([*places_, *search_tokens(f"{order.title} {order.place_text} {order.number} {words}")])


def _event(order: Order) -> Row:
    facts = {
        "kind": order.kind, "category": order.category, "door": order.door, "procedure": order.procedure,
        "responsible": str(order.responsible_id) if order.responsible_id else None, "via": order.responsible_via,
    }  # fmt: skip
    return Row("order", order.id, order.street_id, order.community_id, order.grid_id, facts)


def _numbers(drafts: Seq[Draft], codes: dict[UUID, str], day: date) -> list[str]:
    """Short numbers area-date-sequence; one guarded UPDATE per community gives out the whole batch's numbers."""
    counts: dict[UUID, int] = defaultdict(int)
    for draft in drafts:
        counts[draft.stamp.community_id] += 1
    nexts: dict[UUID, int] = {}
    for community_id in sorted(counts):
        last = _count_up(community_id, day, counts[community_id])
        if last is None:
            Sequence.objects.bulk_create([Sequence(community_id=community_id, day=day)], ignore_conflicts=True)
            last = _count_up(community_id, day, counts[community_id])
        assert last is not None
        nexts[community_id] = last - counts[community_id]
    out = []
    for draft in drafts:
        nexts[draft.stamp.community_id] += 1
        code = codes.get(draft.stamp.community_id, "0")[-6:]
        out.append(f"{code}-{day:%y%m%d}-{nexts[draft.stamp.community_id]:03d}")
    return out


def _count_up(community_id: UUID, day: date, by: int) -> int | None:
    """Add to a sequence and return where it stands, in one statement; None when there is no such row yet."""
    meta, quote = Sequence._meta, connection.ops.quote_name
    values: tuple[tuple[str, Any], ...] = (("community_id", community_id), ("day", day))
    given = [meta.get_field(name).get_db_prep_save(value, connection) for name, value in values]  # type: ignore[union-attr]
    table, last, place, on = (quote(n) for n in (meta.db_table, "last", "community_id", "day"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {last} = {last} + %s WHERE {place} = %s AND {on} = %s RETURNING {last}",  # noqa: S608 - names of our own table
            [by, *given],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None
