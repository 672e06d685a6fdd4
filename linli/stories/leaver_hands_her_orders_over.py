"""Whoever leaves the service hands over what she had: her open orders find other hands, and these hear of it."""

from collections.abc import Sequence
from uuid import UUID

from linli.kernel.actors import SYSTEM
from linli.ledger.handlers import on
from linli.ledger.models import Event
from linli.orders import actions as orders


@on("accounts.change_account", "grid.end_post", name="stories.leaver_hands_her_orders_over")
def leaver_hands_her_orders_over(events: Sequence[Event]) -> None:
    """A stopped account, or one without any post left."""
    people = {UUID(e.facts["account"]) if "account" in e.facts else e.subject_id for e in events}
    for account_id in sorted(people):
        orders.hand_over_orders(by=SYSTEM, account_id=account_id)
