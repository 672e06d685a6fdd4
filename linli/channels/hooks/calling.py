"""Webhooks are called beside the worker's other work, so that a slow receiver holds up nobody's word."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connections

from linli.channels.hooks import actions, body, post, signing
from linli.channels.models import HookCall
from linli.kernel import clock
from linli.ledger.models import Event
from linli.orders.models import Order

log = logging.getLogger("linli.hooks")
THREADS = 4
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="hooks")
_running: list[Future[int]] = []


def call_hooks() -> None:
    """Owe the calls of what has happened; make those that are due, each thread one after another."""
    actions.owe_calls()
    _running[:] = [f for f in _running if not f.done()]
    waiting = HookCall.objects.filter(state=HookCall.PENDING, due_at__lte=clock.wall())[:THREADS].count()
    for _ in range(min(waiting, THREADS - len(_running))):
        _running.append(_pool.submit(_in_thread))


def _in_thread() -> int:
    try:
        return call_due()
    except Exception:
        log.exception("calling hooks failed")
        return 0
    finally:
        connections.close_all()


def call_due(most: int = 100) -> int:
    """Make the calls that are due, one after another. Returns how many were made."""
    for made in range(most):
        call = actions.take_call()
        if call is None:
            return made
        make(call)
    return most


def make(call: HookCall) -> None:
    """One call, outside any transaction, and what came of it. Never raises for what the other side does."""
    event = Event.objects.get(id=call.event_id)
    order = Order.objects.filter(id=event.subject_id, confidential=False).first()
    if order is None:  # it became confidential since: nobody outside hears of it
        actions.settle_call(call, error="confidential", drop=True)
        return
    said = body.of(event, order)
    heads = signing.headers(call.hook.secret, event.id.hex, int(clock.wall().timestamp()), said)
    try:
        actions.settle_call(call, status=post.post(call.hook.url, said, heads))
    except post.Unanswered as exc:
        actions.settle_call(call, error=str(exc))


def forget_calls() -> None:
    """Calls that were answered are kept for a week."""
    HookCall.objects.filter(state=HookCall.DONE, due_at__lt=clock.wall() - actions.KEPT).delete()
