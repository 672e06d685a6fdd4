"""A building was moved to another grid: its groups are led by that grid's worker from now on."""

from collections.abc import Sequence

from linli.groups import actions as groups
from linli.kernel.actors import SYSTEM
from linli.ledger.handlers import on
from linli.ledger.models import Event


@on("grid.change_building", name="stories.groups_follow_their_building", batch=50)
def groups_follow_their_building(events: Sequence[Event]) -> None:
    """Only a move has `from_grid`; a new name or another property company changes nothing for them."""
    for building_id in dict.fromkeys(e.subject_id for e in events if e.facts.get("from_grid")):
        groups.follow_building(by=SYSTEM, building_id=building_id)
