"""States of an order and the verbs that move it. Diagram, buttons and tests derive from this table."""

from enum import StrEnum

from linli.kernel.machine import Machine, Move


class OrderState(StrEnum):
    """Where an order stands; LABELS and PLAIN give the desk's and the resident's word for it."""

    ASSIGNED = "assigned"
    WORKING = "working"
    HANDLED = "handled"
    REVIEW = "review"
    CLOSED = "closed"
    VOID = "void"


S = OrderState
LABELS = {
    S.ASSIGNED: "待受理", S.WORKING: "处理中", S.HANDLED: "待评价",
    S.REVIEW: "复核中", S.CLOSED: "已结束", S.VOID: "已作废",
}  # fmt: skip
PLAIN = {
    S.ASSIGNED: "已受理", S.WORKING: "处理中", S.HANDLED: "已办结，待您评价",
    S.REVIEW: "另一单位复核中", S.CLOSED: "已结束", S.VOID: "未受理",
}  # fmt: skip
OPEN = frozenset({S.ASSIGNED, S.WORKING, S.REVIEW})
IN_HAND = {S.ASSIGNED, S.WORKING}

MOVES = Machine(
    OrderState,
    {
        "accept_order": Move(from_={S.ASSIGNED}, to=S.WORKING),
        "note_order": Move(from_=set(OPEN), needs={"words"}),
        "answer_order": Move(from_=IN_HAND, to=S.WORKING, needs={"words"}),
        "transfer_order": Move(from_=IN_HAND, to=S.ASSIGNED, needs={"words", "to"}),
        "return_order": Move(from_=IN_HAND, to=S.ASSIGNED, needs={"words"}),
        "assign_order": Move(from_=IN_HAND, to=S.ASSIGNED, needs={"to"}),
        "correct_order": Move(from_=IN_HAND),
        "handle_order": Move(from_=IN_HAND, to=S.HANDLED, needs={"words"}),
        "void_order": Move(from_=IN_HAND, to=S.VOID, needs={"words"}),
        "add_voices": Move(from_=set(OPEN) | {S.HANDLED}),
        "remove_voice": Move(from_=set(OPEN) | {S.HANDLED}, needs={"words"}),
        "rate_order": Move(from_={S.HANDLED, S.CLOSED}, needs={"rating"}),
        "reopen_order": Move(from_={S.HANDLED, S.CLOSED}, to=S.ASSIGNED),
        "send_to_review": Move(from_={S.HANDLED, S.CLOSED}, to=S.REVIEW),
        "conclude_review": Move(from_={S.REVIEW}, to=S.CLOSED, needs={"words"}),
        "close_order": Move(from_={S.HANDLED}, to=S.CLOSED),
    },
)

VERB_LABELS = {
    "open_orders": "受理", "file_history": "历史归档", "accept_order": "接单", "note_order": "记一笔",
    "answer_order": "答复居民", "transfer_order": "转办", "return_order": "退回", "assign_order": "指派",
    "correct_order": "更正", "handle_order": "办结", "void_order": "作废", "add_voices": "加一个发声",
    "remove_voice": "移出发声", "rate_order": "评价", "reopen_order": "重办", "send_to_review": "转复核",
    "conclude_review": "复核答复", "close_order": "结束", "warn_order": "提醒", "view_order": "查看",
    "view_voices": "查看反映人", "call_voice": "拨打反映人", "print_order": "打印", "export_orders": "导出", "copy_order": "复制",
}  # fmt: skip


class Rating(StrEnum):
    """What one voice says of the result. UNRATED and NOT_REACHED are values of their own, never satisfied."""

    UNRATED = "unrated"
    SATISFIED = "satisfied"
    SO_SO = "so_so"
    UNSOLVED = "unsolved"
    NOT_REACHED = "not_reached"


RATING_LABELS = {
    Rating.UNRATED: "未评价", Rating.SATISFIED: "满意", Rating.SO_SO: "一般",
    Rating.UNSOLVED: "没解决", Rating.NOT_REACHED: "没联系上",
}  # fmt: skip


class Door(StrEnum):
    """Through which door the word came in."""

    GROUP = "group"
    REPORT = "report"
    QR = "qr"
    RELAY = "relay"
    COUNTER = "counter"
    PHONE = "phone"
    API = "api"
    IMPORT = "import"


DOOR_LABELS = {
    Door.GROUP: "群里反映", Door.REPORT: "随手报", Door.QR: "扫码反映", Door.RELAY: "微信群转入",
    Door.COUNTER: "窗口代填", Door.PHONE: "电话代填", Door.API: "接口", Door.IMPORT: "历史导入",
}  # fmt: skip
