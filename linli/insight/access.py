"""Who may look at public opinion: figures of the places that her posts cover, never by person.

Figures count confidential orders too (a number tells nothing of a matter); hot matters name a thing and a place, so
they follow the orders' own rule.
"""

from collections.abc import Sequence

from django.db.models import Q

from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.kernel.roles import Role
from linli.orders import access as orders
from linli.orders import scopes
from linli.orders.scopes import Scope

SEE = orders.READ | {Role.BIG_DATA, Role.DEPUTY}
WEEK = frozenset({Role.STREET_LEADER, Role.STREET_SECTION, Role.DISTRICT_BODY, Role.CENTRE, Role.STABILITY_CENTRE})
RIGHTS: dict[str, frozenset[Role]] = {
    "read_opinion": SEE, "export_opinion": SEE, "export_figures": SEE, "set_formula": frozenset({Role.DISTRICT_BODY, Role.CENTRE}),
    "read_week": WEEK, "print_week": WEEK, "make_week_sheets": frozenset(),
}  # fmt: skip


def may(actor: Actor, verb: str) -> bool:
    """May the actor do this at all? `places` says where."""
    return actor.is_machine or (actor.kind == "worker" and actor.has_role(*RIGHTS[verb]))


def places(actor: Actor, wished: Scope | None = None) -> list[Scope]:
    """The places whose figures the actor sees, within the wished one; [] when that lies elsewhere. Raises Forbidden."""
    if not may(actor, "read_opinion"):
        raise Forbidden("社情民意由社区和街道的工作人员查看。")
    return scopes.within(scopes.reach(actor, SEE), wished)


def either(conditions: Sequence[Q]) -> Q | None:
    """One condition that holds where any of them does; None for none. An empty Q is "everything" and wins: Django's own
    `|` would drop it."""
    if not conditions:
        return None
    found = conditions[0]
    for one in conditions[1:]:
        found = found | one if found and one else Q()
    return found
