"""Who hands readings in, who registers devices, who writes and approves rules, who sees them. A rule holds for the whole
district and is a standard: whoever writes standards writes it, and another one approves it (clause GZ-1.1)."""

from typing import Any

from django.db.models import Q

from linli.channels.models import Device
from linli.grid.selectors import Stamp
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.kernel.roles import Role
from linli.orders import access as orders
from linli.standards import access as standards

R = Role
#: a gateway's account has one of these posts; its reach says whose devices it speaks for
HAND_IN = frozenset({R.CENTRE, R.BIG_DATA, R.DISTRICT_BODY, R.DEPARTMENT, R.STREET_SECTION, R.COMMUNITY_HEAD})
KEEP = standards.WRITE | {R.COMMUNITY_HEAD}
RIGHTS: dict[str, frozenset[Role]] = {
    "take_readings": HAND_IN, "add_device": KEEP, "end_device": KEEP, "save_rule": standards.WRITE, "drop_rule": standards.WRITE,
    "approve_rule": standards.APPROVE,
}  # fmt: skip
SEE = orders.READ | HAND_IN
SAID = {
    "take_readings": "这把钥匙的账号没有报送感知数据的岗位。", "add_device": "设备由社区书记、街道科室和云平台中心登记。",
    "end_device": "设备由社区书记、街道科室和云平台中心停用。",
}  # fmt: skip


def may(actor: Actor, verb: str) -> bool:
    """Has the actor the right at all? `covers` says where. Raises KeyError for an unknown verb."""
    roles = RIGHTS[verb]
    return actor.is_machine or (actor.kind == "worker" and actor.has_role(*roles))


def ask(actor: Actor, verb: str) -> None:
    """Raises Forbidden unless `may`."""
    if not may(actor, verb):
        raise Forbidden(SAID.get(verb, "规则由云平台中心、街道和区级部门来写，另一位同志审核。"))


def covers(actor: Actor, verb: str, place: Device | Stamp) -> bool:
    """Does a post with the right hold this place?"""
    if actor.is_machine:
        return True
    here = {"street_id": place.street_id, "community_id": place.community_id, "grid_id": place.grid_id}
    return any(p.covers(**here) for p in actor.with_role(*RIGHTS[verb]))


def check_read(actor: Actor) -> None:
    """Raises Forbidden for whoever has nothing to do with devices."""
    if actor.kind != "worker" or not actor.has_role(*SEE):
        raise Forbidden("感知设备给社区和街道的工作人员看。", "not_staff")


def visible_to(actor: Actor) -> Any:
    """The devices in use that this actor may know of, as rows to filter on."""
    rows = Device.objects.filter(ended_at=None)
    if actor.is_machine:
        return rows
    found = Q(pk__in=[])
    for post in actor.with_role(*SEE) if actor.kind == "worker" else ():
        name, value = post.reach()
        if name == "district":
            return rows
        # Whoever serves one grid knows the devices of her community, as she knows its orders.
        found |= Q(community_id=post.community_id) if post.community_id else Q(**{name: value})
    return rows.filter(found)
