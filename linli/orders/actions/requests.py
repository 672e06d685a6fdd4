"""What needs another person's yes: standing still for a while (挂账), more time, an outcome that two must answer for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, Forbidden, NotFound, WrongState
from linli.orders import access
from linli.orders.actions import clocking, passing, stepping
from linli.orders.actions.clocking import flow_of
from linli.orders.actions.common import clean_words, tell
from linli.orders.models import Clock, Order, Request
from linli.orders.states import MOVES, WAITS_FOR, OrderState

EXTENSION_AT_MOST = 2


@transaction.atomic
def request_pause(*, by: Actor, order_id: UUID, waits_for: str, until: datetime, words: str) -> Request:
    """Ask to let the clocks stand still until a date, because something else has to happen first. The reporter must have
    been answered: who waits has a right to know why. Raises BadInput, WrongState."""
    order = access.get_locked(by, order_id, "request_pause")
    words = clean_words(words, "挂账原因")
    MOVES.apply("request_pause", order, words=words)
    if waits_for not in WAITS_FOR:
        raise BadInput("请选在等什么。", "missing_waits_for")
    if order.waits_answer and order.voice_count:
        raise WrongState("请先答复居民，说明为什么要等、等到什么时候，再申请挂账。", "answer_first")
    now = clock.now()
    if not now < until <= now + passing.WAIT_AT_MOST:
        raise BadInput("请填等到哪一天，在今天之后、一年之内。", "missing_date")
    row = _ask(by, order, Request.PAUSE, words, until=until, given={"waits_for": waits_for})
    tell(by, "request_pause", order, {"request": str(row.id), "waits_for": waits_for, "until": until.isoformat()}, words=words)
    return row


@transaction.atomic
def request_extension(*, by: Actor, order_id: UUID, clock_name: str, amount: int, words: str) -> Request:
    """Ask for more time on one of the order's clocks: all extensions together at most as much as it had at first. `amount`
    in the clock's unit.
    The answer's two hours are a promise and cannot be extended. Raises BadInput, WrongState."""
    order = access.get_locked(by, order_id, "request_extension")
    words = clean_words(words, "延期原因")
    MOVES.apply("request_extension", order, words=words)
    row = Clock.objects.filter(order_id=order.id, name=clock_name, state=Clock.RUNNING).first()
    if row is None or clock_name in (Clock.ANSWER, Clock.WAIT):
        raise BadInput("请选要延长哪一个时限。", "bad_clock")
    before = clocking.extensions(row)
    if len(before) >= EXTENSION_AT_MOST:
        raise WrongState("这个时限已经延过两次了，不能再延。", "extended_twice")
    if not 0 < amount <= row.amount - 2 * sum(before):
        raise BadInput("前后延长加在一起，最多延长一倍的时间，请改短一些。", "bad_amount")
    asked = _ask(by, order, Request.EXTENSION, words, clock_name=clock_name, amount=amount)
    tell(by, "request_extension", order, {"request": str(asked.id), "clock": clock_name, "amount": amount}, words=words)
    return asked


def _ask(
    by: Actor, order: Order, kind: str, words: str, *, until: datetime | None = None, given: dict[str, Any] | None = None,
    clock_name: str = "", amount: int = 0,
) -> Request:  # fmt: skip
    if by.id is None:
        raise Forbidden()
    if Request.objects.filter(order_id=order.id, kind=kind, state=Request.OPEN).exists():
        raise WrongState("已经有一个申请在等答复。", "request_open")
    stepping.touch_clocks(order, by)
    order.save()
    return Request.objects.create(
        order_id=order.id, kind=kind, asked_by=by.id, asked_at=clock.now(), words=words, given=given or {}, clock=clock_name,
        amount=amount, until=until,
    )  # fmt: skip


@transaction.atomic
def grant_request(*, by: Actor, request_id: UUID, words: str = "") -> Order:
    """Say yes, and do it. Never by who asked. Raises Forbidden, Conflict when it was decided already, and whatever the deed
    itself raises when the order has moved on meanwhile."""
    row, order = _open(by, request_id, "grant_request")
    MOVES.apply("grant_request", order)
    _decide(by, row, Request.GRANTED, words)
    facts = {"request": str(row.id), "what": row.kind, "asked_by": str(row.asked_by)}
    if row.kind == Request.OUTCOME:
        return _outcome(by, row, order, facts)
    if row.kind == Request.PAUSE:
        _pause(order, row)
    else:
        _extend(order, row)
    clocking.refresh(order)
    order.save()
    tell(by, "grant_request", order, facts | {"clock": row.clock, "amount": row.amount}, words=words.strip())
    return order


def _pause(order: Order, row: Request) -> None:
    now = clock.now()
    if order.state not in (OrderState.ASSIGNED, OrderState.WORKING):
        raise WrongState("这件事已经不在办理中，不能挂账了。")
    if row.until is None or row.until <= now:
        raise WrongState("申请的日期已经过了，请重新申请。", "too_late")
    clocking.pause(order, now)
    clocking.begin_wait(order, now, row.until, resumes=True)
    order.state, order.waits_for, order.waits_until = OrderState.WAITING.value, row.given["waits_for"], row.until


def _extend(order: Order, row: Request) -> None:
    running = Clock.objects.filter(order_id=order.id, name=row.clock, state=Clock.RUNNING).first()
    if running is None:
        raise WrongState("这个时限已经不在走了，不用再延。", "clock_over")
    running.amount += row.amount
    clocking.replan(running, order, clock.now(), clocking.Worktimes())


def _outcome(by: Actor, row: Request, order: Order, facts: dict[str, Any]) -> Order:
    flow = flow_of(order)
    step = flow.step(order.step)
    outcome = step.outcome(row.given["outcome"]) if row.given.get("step", step.code) == step.code else None
    if outcome is None:
        raise WrongState("这件事已经到了别的步骤，原来的结果用不上了。", "moved_on")
    given = passing.Given(
        words=row.words, blobs=list(row.given.get("blobs") or []), law=row.given.get("law", ""),
        place=row.given.get("place", ""), line=row.given.get("line", ""),
        person=UUID(row.given["person"]) if row.given.get("person") else None,
        until=datetime.fromisoformat(row.given["until"]) if row.given.get("until") else None,
    )  # fmt: skip
    verb = passing.verb_of(flow, order, step, outcome)
    MOVES.apply(verb, order, words=given.words)
    # The words are the asker's; the facts say who confirmed.
    asker = Actor("worker", row.asked_by)
    return passing.carry(asker, order, outcome, given, verb, more={"request": str(row.id), "confirmed_by": str(by.id)})


@transaction.atomic
def refuse_request(*, by: Actor, request_id: UUID, words: str) -> Order:
    """Say no, with the reason; the clocks have gone on all the time."""
    row, order = _open(by, request_id, "refuse_request")
    words = clean_words(words, "不同意的理由")
    MOVES.apply("refuse_request", order, words=words)
    _decide(by, row, Request.REFUSED, words)
    order.save(update_fields=["state"])
    tell(by, "refuse_request", order, {"request": str(row.id), "what": row.kind, "asked_by": str(row.asked_by)}, words=words)
    return order


def _open(by: Actor, request_id: UUID, verb: str) -> tuple[Request, Order]:
    rows = Request.objects.filter(id=request_id)
    found = rows.first()
    if found is None:
        raise NotFound("没有找到这个申请。")
    order = access.get_locked(by, found.order_id, verb)
    if connection.features.has_select_for_update:
        found = rows.select_for_update().get()
    if found.asked_by == by.id:
        raise Forbidden("自己申请的，要由另一位同志来定。")
    if found.state != Request.OPEN:
        raise Conflict("这个申请已经有人定过了。", "already_decided")
    return found, order


def _decide(by: Actor, row: Request, state: str, words: str) -> None:
    done = Request.objects.filter(id=row.id, state=Request.OPEN).update(state=state, decided_by=by.id, decided_at=clock.now())
    if not done:
        raise Conflict("这个申请已经有人定过了。", "already_decided")
    row.state, row.reason = state, words.strip()
    row.save(update_fields=["reason"])


@transaction.atomic
def resume_order(*, by: Actor, order_id: UUID, words: str = "") -> Order:
    """What it waited for is there: the clocks go on. Not for steps that wait by themselves; these have outcomes."""
    order = access.get_locked(by, order_id, "resume_order")
    if flow_of(order).step(order.step).type == "wait":
        raise WrongState("这一步要选等来的结果。", "choose_outcome")
    MOVES.apply("resume_order", order)
    go_on(order)
    tell(by, "resume_order", order, words=words.strip())
    return order


def go_on(order: Order) -> None:
    """An agreed pause is over; the caller has moved the state and holds the lock."""
    now = clock.now()
    order.waits_for, order.waits_until = "", None
    Clock.objects.filter(order_id=order.id, name=Clock.WAIT, state=Clock.RUNNING).update(state=Clock.MET, met_at=now, next_at=None)
    clocking.resume(order, now, clocking.Worktimes())
    clocking.refresh(order)
    order.save()
