"""What an order scores, when its procedure's scheme is on (off by default): points of a place, a reward of the resident who
found it (C10). Never anything of a person whose duty it is (国办函〔2026〕12号)."""

from typing import Any
from uuid import UUID

from linli.grid import selectors as grid
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.roles import VOLUNTEERS
from linli.ledger.record import record
from linli.orders.actions.clocking import flow_of
from linli.orders.actions.common import row_of
from linli.orders.models import Order, Reward, Score, Voice
from linli.orders.states import Door
from linli.standards import flow as flows


def score_order(by: Actor, order: Order, on: str) -> None:
    """Write down what happened (`on`: "late:<limit>", "outcome:<step>:<outcome>", "reopen") under each clause that scores it, once."""
    flow = flow_of(order)
    if not flow.scores_on or order.history:
        return
    for row in (s for s in flow.scores if s.on == on):
        made = _reward(order, row) if row.to == flows.FINDER else _score(order, row)
        if made:
            facts = {"on": on, "points": row.points, "clause": row.clause} | ({"for": row.to} if row.to else {})
            record(by, "orders.score_order", row_of(order, facts, ids.new()))


def _score(order: Order, row: flows.Score) -> bool:
    return Score.objects.get_or_create(order_id=order.id, on=row.on, round=order.reopened, defaults=_what(order, row))[1]


def _reward(order: Order, row: flows.Score) -> bool:
    """To whom spoke first, if looking is nobody's duty of hers; what a colleague brought in, by her own hand or on paper, is. The ledger
    says that, never to whom."""
    first = Voice.objects.filter(order_id=order.id, state=Voice.ACTIVE).order_by("id").first()
    if first is None or first.door == Door.DESK or not _is_volunteer(first.account_id):
        return False
    return Reward.objects.get_or_create(voice_id=first.id, defaults=_what(order, row))[1]


def _is_volunteer(account_id: UUID | None) -> bool:
    return account_id is None or all(p.role in VOLUNTEERS for p in grid.posts_of(account_id))


def _what(order: Order, row: flows.Score) -> dict[str, Any]:
    return {
        "street_id": order.street_id, "community_id": order.community_id, "points": row.points, "clause": row.clause, "local_day": clock.today(),
    }  # fmt: skip
