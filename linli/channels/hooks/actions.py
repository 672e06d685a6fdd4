"""The only writer of hooks and of the calls owed to them."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from linli.accounts import selectors as accounts
from linli.channels.hooks import signing, targets
from linli.channels.hooks.body import VERBS
from linli.channels.models import Hook, HookCall
from linli.grid.access import actor_for
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.ledger.models import Event
from linli.ledger.record import Row, record
from linli.orders import access
from linli.orders.models import Order

#: waits before each new try; the last one is given up after about a day
WAITS = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800)
#: transactions write their events a moment before they are seen; nobody is told twice, so looking back costs little
LOOK_BACK = timedelta(seconds=90)
LEASE = timedelta(seconds=60)
MOST = 20_000
KEPT = timedelta(days=7)


@transaction.atomic
def add_hook(*, by: Actor, name: str, url: str, account_id: UUID, verbs: Sequence[str] = ()) -> Hook:
    """A system that hears of orders that this account may see; no verbs: all of them. Its `secret` is shown this once.

    Raises BadInput for an address that may not be called, an unknown verb, or an account that is not in use.
    """
    verbs = tuple(v if v.startswith("orders.") else f"orders.{v}" for v in verbs)
    if unknown := sorted(set(verbs) - set(VERBS)):
        raise BadInput(f"没有这些动作：{'、'.join(unknown)}", "unknown_verb")
    if account_id not in accounts.active_names([account_id]):
        raise BadInput("这个账号不是在用的工作人员账号。", "bad_account")
    hook = Hook.objects.create(
        name=name.strip()[:64] or url[:64], url=targets.check(url), secret=signing.new_secret(), account_id=account_id,
        verbs=list(verbs), since=clock.wall(),
    )  # fmt: skip
    record(by, "channels.add_hook", Row("hook", hook.id))
    return hook


@transaction.atomic
def end_hook(*, by: Actor, hook_id: UUID) -> None:
    """It is called no more, and what is owed to it is dropped. Raises NotFound."""
    if not Hook.objects.filter(id=hook_id, ended_at=None).update(ended_at=clock.wall()):
        raise NotFound("没有这个回调。", "hook_gone")
    HookCall.objects.filter(hook_id=hook_id, state=HookCall.PENDING).delete()
    record(by, "channels.end_hook", Row("hook", hook_id))


def owe_calls() -> int:
    """Look at what happened since the last look and owe each hook its calls, once per event. Returns how many are new.

    A hook hears of orders that its account may see now, never of a confidential one. While nobody looked, nothing is lost:
    `since` moves only with a look.
    """
    hooks = list(Hook.objects.filter(ended_at=None))
    if not hooks:
        return 0
    until = clock.wall() - LOOK_BACK
    verbs = set(VERBS) if any(not h.verbs for h in hooks) else {v for h in hooks for v in h.verbs}
    events = list(Event.objects.filter(id__gte=ids.floor(min(h.since for h in hooks)), verb__in=verbs).order_by("id")[:MOST])
    if len(events) == MOST:
        until = min(until, ids.made_at(events[-1].id))
    orders = Order.objects.filter(confidential=False, history=False).in_bulk({e.subject_id for e in events})
    calls = [c for h in hooks for c in _calls(h, [e for e in events if e.subject_id in orders], orders)]
    HookCall.objects.bulk_create(calls, ignore_conflicts=True)
    Hook.objects.filter(id__in=[h.id for h in hooks], since__lt=until).update(since=until)
    return len(calls)


def _calls(hook: Hook, events: Sequence[Event], orders: dict[UUID, Order]) -> list[HookCall]:
    """Those that are not owed yet."""
    actor, first = actor_for(accounts.staff_account(hook.account_id), purpose="hook"), ids.floor(hook.since)
    told = [
        e for e in events
        if e.id >= first and (not hook.verbs or e.verb in hook.verbs) and access.reads(actor, orders[e.subject_id])
    ]  # fmt: skip
    known = set(HookCall.objects.filter(hook=hook, event_id__in=[e.id for e in told]).values_list("event_id", flat=True))
    return [HookCall(hook=hook, event_id=e.id, due_at=clock.wall()) for e in told if e.id not in known]


def take_call() -> HookCall | None:
    """The call that is due longest, leased for a minute: when this process dies, another one makes it."""
    now = clock.wall()
    due = HookCall.objects.select_related("hook").filter(state=HookCall.PENDING, due_at__lte=now)
    for call in due.order_by("due_at")[:10]:
        mine = HookCall.objects.filter(id=call.id, state=HookCall.PENDING, due_at=call.due_at)
        if mine.update(due_at=now + LEASE):
            return call
    return None


@transaction.atomic
def settle_call(call: HookCall, *, status: int = 0, error: str = "", drop: bool = False) -> None:
    """Answered with 2xx, or nothing to say any more (`drop`): done. Else again later, the last time after about a day.
    410 Gone ends the hook."""
    now = clock.wall()
    call.attempts, call.status, call.error = call.attempts + 1, status, error[:80]
    if drop:
        call.state = HookCall.DONE
    elif 200 <= status < 300:
        call.state = HookCall.DONE
        Hook.objects.filter(id=call.hook_id).update(failing_since=None)
    elif status == 410:
        call.state = HookCall.FAILED
        Hook.objects.filter(id=call.hook_id, ended_at=None).update(ended_at=now)
    else:
        Hook.objects.filter(id=call.hook_id, failing_since=None).update(failing_since=now)
        if call.attempts > len(WAITS):
            call.state = HookCall.FAILED
        else:
            call.due_at = now + timedelta(seconds=WAITS[call.attempts - 1])
    call.save(update_fields=["attempts", "status", "error", "state", "due_at"])


@transaction.atomic
def call_again(*, by: Actor) -> int:
    """Calls that were given up are owed again, where the hook is still in use. Returns how many."""
    rows = HookCall.objects.filter(state=HookCall.FAILED, hook__ended_at=None)
    hooks = set(rows.values_list("hook_id", flat=True))
    found = rows.update(state=HookCall.PENDING, attempts=0, due_at=clock.wall())
    for hook_id in hooks:
        record(by, "channels.call_again", Row("hook", hook_id))
    return found
