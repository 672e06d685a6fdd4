"""Who files old orders: the centre for the district or its street, a community's head for her own community."""

from uuid import UUID

from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.kernel.roles import Role

FILE = frozenset({Role.CENTRE, Role.COMMUNITY_HEAD})
RIGHTS: dict[str, frozenset[Role]] = {"save_mapping": FILE, "begin_batch": FILE, "take_back_batch": FILE}


def may(actor: Actor, verb: str) -> bool:
    """May the actor do this at all? `communities` says where."""
    return actor.is_machine or (actor.kind == "worker" and actor.has_role(*RIGHTS[verb]))


def ask(actor: Actor, verb: str) -> None:
    """Raises Forbidden."""
    if not may(actor, verb):
        raise Forbidden("导入历史工单由平台中心和社区书记来做。")


def communities(actor: Actor) -> set[UUID] | None:
    """The communities whose old orders she may file; None for all of them."""
    posts = list(actor.with_role(*FILE))
    if actor.is_machine or any(p.reach()[0] == "district" for p in posts):
        return None
    return {
        a.id for a in places.areas(Area.COMMUNITY)
        if any(p.covers(street_id=a.street_id, community_id=a.id, grid_id=None) for p in posts)
    }  # fmt: skip
