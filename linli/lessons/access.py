"""Who may see what the model is good at, and set it back: those who set standards and keep the platform.

No figure here is of a person: decisions are counted by what they were about, never by who made them.
"""

from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.kernel.roles import Role

KEEPERS = frozenset({Role.CENTRE, Role.ADMIN_SYSTEM, Role.BIG_DATA})
RIGHTS: dict[str, frozenset[Role]] = {
    "read": KEEPERS | {Role.STREET_LEADER, Role.DISTRICT_BODY, Role.ADMIN_AUDIT},
    "train_model": KEEPERS,
    "back_model": KEEPERS,
}


def may(actor: Actor, verb: str) -> bool:
    """May this actor do the verb?"""
    return actor.is_machine or (actor.kind == "worker" and actor.has_role(*RIGHTS[verb]))


def ask(actor: Actor, verb: str) -> None:
    """Raises Forbidden unless `may`."""
    if not may(actor, verb):
        raise Forbidden("小栖的学习由平台中心和系统管理员照看。")
