"""Codes of orders as people read them."""

from linli.orders.models import Order
from linli.orders.states import DOOR_LABELS, LABELS, RATING_LABELS, OrderState
from linli.standards import selectors as standards
from linli.standards.seed import CATEGORY_LABELS

VIA = {
    "worker": "网格责任人", "stand_in": "代班", "colleague": "同事代管", "head": "社区书记", "roster": "值班表",
    "duty": "街道值班", "gap": "没有排班，平台中心接", "transfer": "转办", "assigned": "指派", "returned": "退回",
    "review": "复核", "street": "街道", "chosen": "指定", "responsible": "责任人",
}  # fmt: skip
ENDINGS = {
    "done": "已办好", "no": "办不了，如实说明", "not_ours": "归别的单位管", "void": "作废", "reviewed": "复核终结",
    "history": "历史",
}  # fmt: skip
CLOCKS = {"answer": "答复", "solve": "办结"}
LIGHT_WORDS = {"green": "正常", "yellow": "临近", "red": "超时", "none": ""}
WHOM = {"holder": "当班的人", "community_head": "社区书记", "street": "街道"}
__all__ = [
    "CATEGORY_LABELS", "CLOCKS", "DOOR_LABELS", "ENDINGS", "LABELS", "LIGHT_WORDS", "RATING_LABELS", "VIA", "WHOM",
    "ending", "kind", "state",
]  # fmt: skip


def kind(code: str) -> str:
    """报修, 卫生 …; the code itself when an adopter took the kind away."""
    found = standards.kinds().get(code)
    return found.label if found else code


def state(order: Order) -> str:
    """Where the order stands, as the desk says it."""
    return "历史" if order.history else LABELS[OrderState(order.state)]


def ending(order: Order) -> str:
    """How it ended; "" while it has not."""
    return "" if order.is_open else ENDINGS.get(order.ending, "")
