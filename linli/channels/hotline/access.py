"""Who takes the hotline's orders in (front desk and centre), who sees the list, and who carries results back. Which orders
anybody sees follows from `orders.access` as everywhere."""

from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.kernel.roles import Role
from linli.orders import access as orders
from linli.orders.models import Order

HANDS = frozenset({Role.FRONT_DESK, Role.CENTRE})
#: the street has what the community must not know, and carries it back itself
LIST = HANDS | {Role.COMMUNITY_HEAD, Role.STREET_SECTION, Role.STREET_LEADER}


def takes(actor: Actor) -> bool:
    """Does this actor take the hotline's orders in?"""
    return actor.kind == "worker" and actor.has_role(*HANDS)


def check(actor: Actor) -> None:
    """Raises Forbidden for whoever does not take them in."""
    if not takes(actor):
        raise Forbidden("12345 转来的工单由前台和云平台中心来收，您的岗位没有这一项。")


def check_list(actor: Actor) -> None:
    """Raises Forbidden for whoever has nothing to do with the hotline."""
    if actor.kind != "worker" or not actor.has_role(*LIST):
        raise Forbidden("12345 转来的工单由前台和云平台中心来收发，您的岗位没有这一项。")


def carries(actor: Actor, order: Order) -> bool:
    """May this actor say that the order's result was carried back? The centre, or whoever has the order."""
    return actor.kind == "worker" and orders.reads(actor, order) and (actor.has_role(Role.CENTRE) or order.responsible_id == actor.id)


def check_back(actor: Actor, order: Order) -> None:
    """Raises Forbidden unless `carries`."""
    if not carries(actor, order):
        raise Forbidden("结果由云平台中心回填到热线平台。")
