"""Who may change working time. Everybody may read it: opening hours are public.

This floor knows codes and no places, so a post's reach cannot be compared with an area here: only posts that cover
the whole district pass. `grid.actions.set_hours` lets a street edit its own shifts: it checks the reach and acts as system.
"""

from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.kernel.roles import Role

RIGHTS: dict[str, tuple[Role, ...]] = {
    "seed_calendars": (Role.ADMIN_SYSTEM,),
    "save_calendar": (Role.ADMIN_SYSTEM, Role.BIG_DATA),
    "drop_calendar": (Role.ADMIN_SYSTEM, Role.BIG_DATA),
    "set_special_day": (Role.ADMIN_SYSTEM, Role.BIG_DATA),
    "drop_special_day": (Role.ADMIN_SYSTEM, Role.BIG_DATA),
}


def may(actor: Actor, verb: str) -> bool:
    """May the actor use this verb of `actions`? Raises KeyError for a verb that is not in the table."""
    roles = RIGHTS[verb]
    return actor.kind == "system" or any(p.reach()[0] == "district" for p in actor.with_role(*roles))


def ask(actor: Actor, verb: str) -> None:
    """Raises Forbidden unless `may`."""
    if not may(actor, verb):
        raise Forbidden()
