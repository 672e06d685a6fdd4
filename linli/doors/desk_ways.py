"""Where a colleague begins her work from the desk's first page, by what her posts may do."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from linli.channels import access as archive
from linli.channels.hotline import access as hotline
from linli.channels.paper import access as paper
from linli.channels.sensors import access as sensors
from linli.grid import access as grid
from linli.groups import access as groups
from linli.kernel.actors import Actor
from linli.kernel.roles import Role
from linli.lessons import access as lessons
from linli.orders import access
from linli.orders import actions as orders
from linli.standards import access as standards


@dataclass(frozen=True, slots=True)
class Way:
    """One page to begin at: its address, icon, name, and what one does there."""

    url: str
    icon: str
    label: str
    what: str


def ways(actor: Actor) -> list[Way]:
    """Those that this actor may open, the everyday ones first."""
    return [Way(reverse(name), icon, label, what) for opens, name, icon, label, what in _all(actor) if opens]


def _all(actor: Actor) -> Iterator[tuple[bool, str, str, str, str]]:
    yield actor.has_role(Role.GOLDEN_EYE, Role.CENTRE), "golden_eye", "eye", "黄金眼报告", "看到的事，拍一张报上来"
    yield orders.may_find(actor, "deputies"), "deputies", "send", "代表意见", "居民反映多的事，提为意见"
    yield actor.has_role(*groups.MANAGE, Role.GROUP_OWNER), "relay", "paste", "转入微信群消息", "从微信群复制来的话"
    yield actor.has_role(*access.TAKE_IN), "counter", "phone", "窗口、电话代填", "来窗口的、打电话来的，替他记下来"
    yield bool(paper.types(actor)), "paper", "camera", "纸质单", "打空白单，填好的拍照交回"
    yield actor.has_role(*hotline.LIST), "hotline", "bell", "12345 转来", "收热线工单，办好了回填"
    yield actor.has_role(*sensors.SEE), "sensors", "flame", "感知设备", "设备告警，登记设备"
    yield actor.has_role(*grid.SEE), "roster", "clock", "值班和请假", "下班以后谁接着"
    yield standards.reads(actor), "procedures", "order", "流程", "每一步谁来办、多长时间"
    yield archive.may(actor, "begin_batch"), "desk_archive", "upload", "导入历史工单", "往年的台账"
    yield lessons.may(actor, "read"), "understanding", "help", "小栖学得怎么样", "哪些话听错了，怎么改"
    yield actor.has_role(Role.ADMIN_SYSTEM, Role.CENTRE), "desk_health", "tool", "系统运行", "卡住的消息、没送到的"


def offices(actor: Actor) -> list[Way]:
    """An administrator's pages, which are her everyday ones."""
    if not actor.has_role(*grid.SETTERS):
        return []
    return [
        Way(reverse("colleagues"), "people", "同事和账号", "加人、换岗位、停用、新的登录链接"),
        Way(reverse("grid"), "grid", "地方和楼栋", "街道、社区、网格、楼栋、单位"),
        Way(reverse("roster"), "clock", "值班和请假", "下班以后谁接着"),
        Way(reverse("desk_health"), "tool", "系统运行", "卡住的消息、没送到的"),
    ]
