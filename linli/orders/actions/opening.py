"""A word becomes an order: number, place, the first step of its procedure with hands and clocks, first voice, event."""

from collections import defaultdict
from collections.abc import Sequence as Seq
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from linli.grid import selectors as places
from linli.grid.duty import DutyBook
from linli.grid.duty import book as duty_book
from linli.kernel import clock, crypto, ids
from linli.kernel.actors import Actor
from linli.kernel.bulk import insert_rows
from linli.kernel.errors import BadInput, Forbidden, LinliError
from linli.kernel.roles import Role
from linli.ledger.record import Row, record_many
from linli.orders import access, clocks, hands, search
from linli.orders.actions.clocking import Worktimes, derive, flow_of, new_clock
from linli.orders.actions.common import count_history, touch
from linli.orders.actions.stepping import starting_limits
from linli.orders.drafts import Concern, Draft, VoiceDraft
from linli.orders.models import Clock, Concerned, Doubt, Order, OrderText, Sequence, Voice
from linli.orders.states import STATE_OF, Door, OrderState, Way
from linli.standards import selectors as standards
from linli.standards.flow import CLAIM, END, Flow, Step


def open_order(*, by: Actor, draft: Draft) -> Order:
    """One matter; see `open_orders`."""
    return open_orders(by=by, drafts=[draft])[0]


def open_orders(*, by: Actor, drafts: Seq[Draft]) -> list[Order]:
    """Open an order for each draft, in order; a draft whose key is known gives the order that has it.

    Raises BadInput for an unknown kind and Forbidden when the actor takes in no words for the place.
    """
    try:
        # A key is nearly always new, and the unique key itself tells when it is not. Inside a transaction of the caller's nothing
        # can be tried again, and of many drafts one is often known.
        return _open(by, drafts, look=len(drafts) > 1 or transaction.get_connection().in_atomic_block)
    except (IntegrityError, LinliError):
        # Known, or the same key at the same moment: the other one was first. An order that is there is given whatever has changed
        # since in what it was opened by.
        if transaction.get_connection().in_atomic_block or not any(d.key for d in drafts):
            raise
        return _open(by, drafts, look=True)


@transaction.atomic
def _open(by: Actor, drafts: Seq[Draft], *, look: bool) -> list[Order]:
    """look: ask first which keys are known; else an IntegrityError tells of it."""
    kinds = standards.kinds()
    known_procedures = {p.code for p in standards.procedures()}
    for draft in drafts:
        if draft.kind not in kinds:
            raise BadInput("没有这一类事项。", "unknown_kind")
        if draft.procedure and draft.procedure not in known_procedures:
            raise BadInput("没有这份流程，或者它还没有生效。", "unknown_procedure")
        flow = _flow_asked(draft)
        roles = access.TAKE_IN if flow is None else {Role(r) for r in flow.open_by if r in ROLES}
        stamp = draft.stamp
        if not access.may_open(by, roles, street_id=stamp.street_id, community_id=stamp.community_id, grid_id=stamp.grid_id):
            raise Forbidden("这类事项不由您的岗位发起。" if flow else None)
    keys = [d.key for d in drafts if d.key] if look else []
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
        order = _order(by, draft, number, now)
        if draft.history_at is None:
            rows += _begin(by, order, draft, book, worktimes, now)
        orders.append(order)
    voices = [v for d, o in zip(drafts, orders, strict=True) for v in _voices(d, o)]
    texts = [OrderText(order_id=o.id, tokens=tokens_of(o, d.voice.words if d.voice else "")) for d, o in zip(drafts, orders, strict=True)]
    doubts = [Doubt(order_id=o.id) for d, o in zip(drafts, orders, strict=True) if d.unsure and o.is_open and not o.confidential]
    insert_rows(orders, voices, rows, texts, doubts, [_concerned(d.concern, o) for d, o in zip(drafts, orders, strict=True) if d.concern])
    for verb, history in (("orders.open_orders", False), ("orders.file_history", True)):
        mine = [(o, d) for o, d in zip(orders, drafts, strict=True) if o.history is history]
        if mine:
            record_many(by, verb, [_event(o) for o, _ in mine])
            if history:
                count_history(by, [o for o, _ in mine])
    touch(*orders)
    return orders


def _order(by: Actor, draft: Draft, number: str, now: datetime) -> Order:
    kind = standards.kinds()[draft.kind]
    procedure = standards.procedure(draft.procedure) if draft.procedure else standards.procedure_for(draft.kind, question=draft.question)
    flow = standards.flow(procedure.code, procedure.version)
    at = draft.history_at or now
    secret = kind.confidential or flow.confidential or draft.confidential
    order = Order(
        number=number, key=draft.key, kind=draft.kind, category=draft.category or kind.category,
        procedure=procedure.code, procedure_version=procedure.version, clause=procedure.clause_code,
        door=draft.voice.door if draft.voice else draft.door or Door.DESK, urgency=draft.urgency, confidential=secret,
        batch=draft.batch[:64], title=(draft.title or default_title("" if secret else draft.thing, kind.label))[:80],
        thing="" if secret else draft.thing[:32],
        street_id=draft.stamp.street_id, community_id=draft.stamp.community_id, grid_id=draft.stamp.grid_id,
        building_id=draft.stamp.building_id, unit=draft.stamp.unit[:16], place_text=draft.stamp.text[:80],
        opened_at=at, local_day=clock.local_day(at), voice_count=_people(draft),
        way=draft.way or flow.way or way_of(by, draft), line=draft.line, parent_id=draft.parent_id, relation=draft.relation,
        campaign_id=draft.campaign_id,
        opener_id=draft.opener_id or (by.id if by.kind == "worker" else None),
    )  # fmt: skip
    if draft.history_at is not None:
        order.history, order.is_open, order.state = True, False, OrderState.CLOSED
        order.closed_at, order.light, order.ending, order.waits_answer = at, clocks.NONE, "history", False
        order.step = next(c for c, s in flow.steps.items() if s.type == END)
    return order


def _concerned(concern: Concern, order: Order) -> Concerned:
    return Concerned(
        order_id=order.id, account_id=concern.account_id, member_id=concern.member_id, group_id=concern.group_id, named_at=order.opened_at
    )


def _flow_asked(draft: Draft) -> Flow | None:
    """The flow that a draft names; None for a resident's word, which finds its own."""
    return standards.flow(draft.procedure, standards.procedure(draft.procedure).version) if draft.procedure else None


def _people(draft: Draft) -> int:
    if draft.voice is None:
        return 0
    return 2 if draft.voice.behalf else 1


ROLES = frozenset(Role)
WAYS = {
    Role.PROPERTY: Way.PROPERTY, Role.COMMUNITY_HEAD: Way.SUPERVISION, Role.GRID_GUIDE: Way.SUPERVISION,
    Role.STREET_SECTION: Way.SUPERVISION, Role.STREET_LEADER: Way.SUPERVISION, Role.DEPARTMENT: Way.SUPERVISION,
    Role.GOLDEN_EYE: Way.RESIDENT, Role.DEPUTY: Way.RESIDENT,
}  # fmt: skip


def way_of(by: Actor, draft: Draft) -> str:
    """A word of a resident is the residents' finding whoever takes it in; else it is that of the finder's post."""
    if draft.voice is not None and draft.voice.door != Door.DESK:
        return Way.RESIDENT
    return next((way for role, way in WAYS.items() if by.has_role(role)), Way.STAFF)


def _begin(by: Actor, order: Order, draft: Draft, book: DutyBook, worktimes: Worktimes, now: datetime) -> list[Clock]:
    """The first step: its state, whose it is, and the clocks that begin with it."""
    flow: Flow = flow_of(order)
    step: Step = flow.step(flow.first_for(p.role for p in by.posts) if flow.entries else flow.first)
    order.step, order.step_at, order.state = step.code, now, STATE_OF[step.type]
    order.waits_answer = flow.answers
    if draft.to_account:
        order.responsible_id, order.responsible_via = draft.to_account, "chosen"
    elif step.type != CLAIM:
        order.responsible_id, order.responsible_via = hands.find(order, step.who, book, now)
    rows = []
    for limit in starting_limits(flow, step):
        due = draft.due_at if limit.until == "handle" or limit.code == Clock.SOLVE else None
        if limit.code == step.code and draft.limit:
            limit = replace(limit, amount=draft.limit)
        rows.append(new_clock(order, limit, worktimes, now, due_at=due))
    derive(order, rows)
    return rows


def default_title(thing: str, label: str) -> str:
    """The neutral name of a matter: what it is about, never a reporter's words."""
    return f"{thing} · {label}" if thing else label


def _voices(draft: Draft, order: Order) -> list[Voice]:
    if draft.voice is None:
        return []
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
    return search.tokens(f"{order.title} {order.place_text} {order.number} {words}", order.street_id, order.community_id)


def _event(order: Order) -> Row:
    facts = {
        "kind": order.kind, "category": order.category, "door": order.door, "procedure": order.procedure,
        "responsible": str(order.responsible_id) if order.responsible_id else None, "via": order.responsible_via,
        "step": order.step, "way": order.way,
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
