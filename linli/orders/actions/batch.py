"""Many orders at once: each is a deed of its own, with its own result; one that cannot be done keeps no other from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, LinliError
from linli.orders.actions.claiming import claim_order, dispatch_order
from linli.orders.actions.passing import handle_order
from linli.orders.actions.working import assign_order, note_order

AT_MOST = 100
VERBS: dict[str, Callable[..., Any]] = {
    "claim_order": claim_order, "dispatch_order": dispatch_order, "assign_order": assign_order, "note_order": note_order,
    "handle_order": handle_order,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one order: `code` "" and no message when it was done, else why not, in plain Chinese."""

    order_id: UUID
    code: str = ""
    message: str = ""

    @property
    def ok(self) -> bool:
        """It was done."""
        return not self.code


def do_many(*, by: Actor, verb: str, order_ids: Sequence[UUID], **given: Any) -> list[Done]:
    """Claim, dispatch, assign, note or close several orders, in their order, each in a transaction of its own. `given` is
    what the verb needs besides. Raises BadInput for an unknown verb, for none or for too many orders."""
    wanted = list(dict.fromkeys(order_ids))
    if verb not in VERBS:
        raise BadInput("这一步不能一次办多件。", "bad_verb")
    if not 1 <= len(wanted) <= AT_MOST:
        raise BadInput(f"请选 1 到 {AT_MOST} 件。", "bad_count")
    return [_one(by, verb, order_id, given) for order_id in wanted]


def _one(by: Actor, verb: str, order_id: UUID, given: dict[str, Any]) -> Done:
    try:
        VERBS[verb](by=by, order_id=order_id, **given)
    except LinliError as exc:
        return Done(order_id, exc.code, exc.message)
    return Done(order_id)
