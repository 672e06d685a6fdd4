"""Codes of orders as people read them."""

from linli.orders.models import Clock, Order
from linli.orders.states import DOOR_LABELS, LABELS, RATING_LABELS, OrderState
from linli.standards import flow
from linli.standards import selectors as standards
from linli.standards.flow import WHOM
from linli.standards.seed import CATEGORY_LABELS

VIA = {
    "worker": "网格责任人", "stand_in": "代班", "colleague": "同事代管", "head": "社区书记", "roster": "值班表",
    "duty": "街道值班", "gap": "没有排班，平台中心接", "transfer": "转办", "assigned": "指派", "returned": "退回",
    "review": "复核", "street": "街道", "chosen": "指定", "responsible": "责任人", "claimed": "领办", "dispatched": "派单",
    "taken_back": "收回后由平台中心接", "raised": "上报", "centre": "平台中心", "manager": "网格管理员", "section": "街道科室",
    "stability_centre": "综治中心", "department": "职能部门", "district": "区级部门", "property": "物业", "line": "条线社工",
    "front_desk": "前台", "guide": "网格指导员", "deputy": "人大代表", "same": "责任人", "claimer": "领办人", "opener": "发起人",
    "named": "指定", "parent": "主单责任人",
}  # fmt: skip
ENDINGS = flow.ENDINGS | {"history": "历史", "merged": "并入别的工单"}
LIGHT_WORDS = {"green": "正常", "yellow": "临近", "red": "超时", "none": ""}
__all__ = [
    "CATEGORY_LABELS", "DOOR_LABELS", "ENDINGS", "LABELS", "LIGHT_WORDS", "RATING_LABELS", "VIA", "WHOM",
    "clock", "ending", "kind", "procedure", "state", "step",
]  # fmt: skip


def kind(code: str) -> str:
    """报修, 卫生 …; the code itself when an adopter took the kind away."""
    found = standards.kinds().get(code)
    return found.label if found else code


def clause(code: str) -> str:
    """微信群服务规范 4.2; the code itself where the library does not have it."""
    found = standards.clause(code)
    return f"{found.document} {found.number}" if found else code


def clock(order: Order, name: str) -> str:
    """What a clock of the order waits for: 答复, 办结, or what the procedure calls its limit."""
    if name == Clock.WAIT:
        return "等待"
    try:
        found = standards.flow(order.procedure, order.procedure_version).limits.get(name)
    except standards.BrokenProcedure:
        found = None
    return found.label if found else "办理"


def procedure(order: Order) -> str:
    """The name of the procedure that the order runs under."""
    return standards.procedure(order.procedure, order.procedure_version).name


def step(order: Order) -> str:
    """The step of the procedure that the order is at; "" where that says no more than the state."""
    if order.history or not order.is_open:
        return ""
    try:
        return standards.flow(order.procedure, order.procedure_version).step(order.step).label
    except (standards.BrokenProcedure, KeyError):
        return "流程读不出来，请联系平台中心"


def state(order: Order) -> str:
    """Where the order stands, as the desk says it."""
    return "历史" if order.history else LABELS[OrderState(order.state)]


def ending(order: Order) -> str:
    """How it ended; "" while it has not."""
    return "" if order.is_open else ENDINGS.get(order.ending, "")
