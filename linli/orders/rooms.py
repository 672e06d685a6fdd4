"""The pages of work orders that stand beside each other, as far as a colleague's posts lead there."""

from dataclasses import dataclass

from linli.kernel.actors import Actor
from linli.kernel.roles import Role
from linli.orders import access, bringing

#: who looks at the board: those who coordinate
LOOKERS = frozenset({
    Role.COMMUNITY_HEAD, Role.CENTRE, Role.STABILITY_CENTRE, Role.STREET_LEADER, Role.STREET_SECTION, Role.DISTRICT_BODY,
    Role.GRID_GUIDE, Role.DUTY_OFFICER,
})  # fmt: skip
#: who is asked to decide, or may ask
ASKERS = access.ASSIGNEES | access.DECIDE


@dataclass(frozen=True, slots=True)
class Room:
    """One chip; `url` is the name of a path."""

    url: str
    label: str
    icon: str
    code: str


ROOMS = (
    (Room("order_list", "全部工单", "order", "list"), None),
    (Room("order_tasks", "我的任务", "mine", "tasks"), None),
    (Room("desk_bring", "发起", "plus", "bring"), None),
    (Room("order_hall", "抢单大厅", "hand", "hall"), access.READ),
    (Room("order_requests", "申请", "check", "requests"), ASKERS),
    (Room("order_watch", "督办催办", "flame", "watch"), access.READ),
    (Room("desk_board", "看板", "opinion", "board"), LOOKERS),
)


def rooms(actor: Actor, here: str) -> dict[str, object]:
    """The chips' part of a page's context; `here` is the page's own code."""
    found = [r for r, roles in ROOMS if roles is None or actor.has_role(*roles)]
    if not bringing.all_for(actor):
        found = [r for r in found if r.code != "bring"]
    return {"may_export": actor.has_role(*access.RIGHTS["export_orders"]), "rooms": found, "here": here}
