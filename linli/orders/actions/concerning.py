"""Whom an order concerns that nobody reported (a word in a group that was dealt with): she is sealed like a reporter, sees what
was done in plain words, and objects herself (clause YQ-4.1)."""

from uuid import UUID

from django.db import transaction

from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import WrongState
from linli.orders import access
from linli.orders.actions import clocking
from linli.orders.actions.clocking import flow_of
from linli.orders.actions.common import tell
from linli.orders.actions.passing import OBJECTIONS
from linli.orders.drafts import Concern
from linli.orders.models import Clock, Concerned, Order


def may_concern(order: Order) -> bool:
    """Has its procedure an objection, and nobody who could raise it as a reporter?"""
    if not order.is_open or order.voice_count:
        return False
    return any(o.code in OBJECTIONS for s in clocking.flow_to_show(order).steps.values() for o in s.outcomes)


@transaction.atomic
def name_concerned(*, by: Actor, order_id: UUID, concern: Concern) -> Order:
    """Say whom the order concerns, or correct it. Named while the order waits for her, her days begin anew: she hears of it
    only now. Raises WrongState where the procedure knows no objection, or once it was raised."""
    order = access.get_locked(by, order_id, "name_concerned")
    if not may_concern(order) or order.state == "review":
        raise WrongState("这件事没有要等的当事人，或者已经过了提异议的时候。", "no_objection")
    Concerned.objects.update_or_create(order_id=order.id, defaults=row_of_concern(concern))
    step = flow_of(order).step(order.step)
    waits = any(o.code in OBJECTIONS for o in step.outcomes)
    if waits:
        Clock.objects.filter(order_id=order.id, name=step.code, state=Clock.RUNNING).update(state=Clock.STOPPED, next_at=None)
        clocking.begin(order, flow_of(order).starting(f"step:{step.code}"), clock.now(), clocking.Worktimes())
        clocking.refresh(order)
        order.save()
    tell(by, "name_concerned", order, {"waits": waits})
    return order


def row_of_concern(concern: Concern) -> dict:
    """The fields of its row."""
    return {"account_id": concern.account_id, "member_id": concern.member_id, "group_id": concern.group_id, "named_at": clock.now()}
