"""States of an order and the verbs that move it. Diagram, buttons and tests derive from this table."""

from enum import StrEnum

from linli.kernel.machine import Machine, Move
from linli.standards import flow


class OrderState(StrEnum):
    """Where an order stands; LABELS and PLAIN give the desk's and the resident's word for it. The step of the order's
    procedure says more; its type says which state it is (STATE_OF)."""

    POOLED = "pooled"
    ASSIGNED = "assigned"
    WORKING = "working"
    WAITING = "waiting"
    HANDLED = "handled"
    REVIEW = "review"
    CLOSED = "closed"
    VOID = "void"


S = OrderState
LABELS = {
    S.POOLED: "待领办", S.ASSIGNED: "待受理", S.WORKING: "处理中", S.WAITING: "挂账等待", S.HANDLED: "待评价",
    S.REVIEW: "复核中", S.CLOSED: "已结束", S.VOID: "已作废",
}  # fmt: skip
PLAIN = {
    S.POOLED: "已受理，正在安排人", S.ASSIGNED: "已受理", S.WORKING: "处理中", S.WAITING: "处理中，需要等一等",
    S.HANDLED: "已办结，待您评价", S.REVIEW: "另一单位复核中", S.CLOSED: "已结束", S.VOID: "未受理",
}  # fmt: skip
OPEN = frozenset({S.POOLED, S.ASSIGNED, S.WORKING, S.WAITING, S.REVIEW})
IN_HAND = {S.ASSIGNED, S.WORKING}
CARRIED = IN_HAND | {S.WAITING}
STATE_OF = {
    flow.CLAIM: S.POOLED, flow.TASK: S.ASSIGNED, flow.ASSESS: S.ASSIGNED, flow.WAIT: S.WAITING, flow.RATE: S.HANDLED,
    flow.REVIEW: S.REVIEW, flow.END: S.CLOSED,
}  # fmt: skip

# Where `to` is missing the state stays, or is that of the step that the procedure leads to.
MOVES = Machine(
    OrderState,
    {
        "claim_order": Move(from_={S.POOLED}),
        "dispatch_order": Move(from_={S.POOLED}, needs={"to"}),
        "take_back_order": Move(from_=IN_HAND, needs={"words"}),
        "accept_order": Move(from_={S.ASSIGNED}, to=S.WORKING),
        "note_order": Move(from_=set(OPEN), needs={"words"}),
        "answer_order": Move(from_=CARRIED, needs={"words"}),
        "pass_step": Move(from_=CARRIED | {S.REVIEW}),
        "transfer_order": Move(from_=CARRIED, needs={"words", "to"}),
        "return_order": Move(from_=IN_HAND, to=S.ASSIGNED, needs={"words"}),
        "raise_order": Move(from_=IN_HAND, to=S.ASSIGNED, needs={"words"}),
        "assign_order": Move(from_=CARRIED, needs={"to"}),
        "correct_order": Move(from_=CARRIED | {S.POOLED}),
        "handle_order": Move(from_=CARRIED, needs={"words"}),
        "request_pause": Move(from_=IN_HAND, needs={"words"}),
        "request_extension": Move(from_=CARRIED | {S.REVIEW}, needs={"words"}),
        "request_outcome": Move(from_=CARRIED, needs={"words"}),
        "grant_request": Move(from_=CARRIED | {S.REVIEW}),
        "refuse_request": Move(from_=CARRIED | {S.REVIEW}, needs={"words"}),
        "resume_order": Move(from_={S.WAITING}, to=S.WORKING),
        "urge_order": Move(from_=set(OPEN)),
        "supervise_order": Move(from_=set(OPEN), needs={"words"}),
        "instruct_order": Move(from_=set(OPEN), needs={"words"}),
        "open_children": Move(from_=CARRIED),
        "open_repair": Move(from_=CARRIED, needs={"words"}),
        "merge_orders": Move(from_=CARRIED | {S.POOLED}, to=S.VOID, needs={"into"}),
        "split_order": Move(from_=CARRIED | {S.POOLED}, needs={"words"}),
        "void_order": Move(from_=CARRIED | {S.POOLED}, to=S.VOID, needs={"words"}),
        "add_voices": Move(from_=set(OPEN) | {S.HANDLED}),
        "remove_voice": Move(from_=set(OPEN) | {S.HANDLED}, needs={"words"}),
        "rate_order": Move(from_={S.HANDLED, S.CLOSED}, needs={"rating"}),
        "reopen_order": Move(from_={S.HANDLED, S.CLOSED}),
        "send_to_review": Move(from_={S.HANDLED, S.CLOSED}),
        "conclude_review": Move(from_={S.REVIEW}, needs={"words"}),
        "close_order": Move(from_={S.HANDLED}, to=S.CLOSED),
    },
)

VERB_LABELS = {
    "open_orders": "受理", "file_history": "历史归档", "take_back_history": "撤回历史", "claim_order": "领办", "dispatch_order": "派单",
    "take_back_order": "收回", "accept_order": "接单", "note_order": "记一笔", "answer_order": "答复居民",
    "pass_step": "转下一步", "transfer_order": "转办", "return_order": "退回", "raise_order": "上报", "assign_order": "指派",
    "correct_order": "更正", "suggest_fields": "AI 建议", "handle_order": "办结", "request_pause": "申请挂账", "request_extension": "申请延期",
    "request_outcome": "提请确认", "grant_request": "同意", "refuse_request": "不同意", "resume_order": "恢复办理",
    "urge_order": "催办", "supervise_order": "督办", "instruct_order": "交办", "open_children": "请人协办", "open_repair": "转物业报修",
    "merge_orders": "并单", "split_order": "拆单", "void_order": "作废", "add_voices": "加一个发声",
    "remove_voice": "移出发声", "rate_order": "评价", "reopen_order": "重办", "send_to_review": "转复核",
    "conclude_review": "复核答复", "close_order": "结束", "warn_order": "提醒", "replan_clocks": "按新日历重排期限", "score_order": "记分", "view_order": "查看",
    "view_voices": "查看反映人", "call_voice": "拨打反映人", "print_order": "打印", "export_orders": "导出", "copy_order": "复制",
    "name_concerned": "写明当事人", "invite_company": "发物业链接", "open_link": "物业打开链接", "finish_sheet": "看过纸质单", "edit_wording": "改公开措辞", "keep_words": "记入原单", "add_find_kind": "加一种黄金眼事项", "drop_find_kind": "停用一种黄金眼事项",
    "start_campaign": "开始专项", "end_campaign": "结束专项",
}  # fmt: skip


class Way(StrEnum):
    """The four ways of finding (C17): each problem carries its own, counted per way."""

    STAFF = "staff"
    PROPERTY = "property"
    RESIDENT = "resident"
    SUPERVISION = "supervision"
    SENSOR = "sensor"


WAY_LABELS = {
    Way.STAFF: "社工自查", Way.PROPERTY: "物业主查", Way.RESIDENT: "居民协查", Way.SUPERVISION: "社区督查", Way.SENSOR: "感知发现",
}  # fmt: skip

#: endings after which a matter is solved (as long as no voice says 没解决) and *solved in time* has a meaning; an honest no is no
#: failure and no success
SOLVED = ("done", "class_a")
CHILD, SUPERVISES, MERGED, SPLIT = "child", "supervises", "merged", "split"
#: what one speaker said beyond the orders of a day, gathered under one that stands in no figure
FLOOD = "flood"
WAITS_FOR = {
    "resident": "等居民", "unit": "等别的单位", "money": "等资金", "vote": "等表决", "material": "等材料", "weather": "等天气",
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
    DESK = "desk"
    HOTLINE = "hotline"
    DEPUTY = "deputy"
    GOLDEN_EYE = "golden_eye"
    BOARD = "board"
    SENSOR = "sensor"


DOOR_LABELS = {
    Door.GROUP: "群里反映", Door.REPORT: "随手报", Door.QR: "扫码反映", Door.RELAY: "微信群转入",
    Door.COUNTER: "窗口代填", Door.PHONE: "电话代填", Door.API: "接口", Door.IMPORT: "历史导入", Door.DESK: "工作人员上报",
    Door.HOTLINE: "12345 转来", Door.DEPUTY: "代表提出", Door.GOLDEN_EYE: "黄金眼", Door.BOARD: "民情留言", Door.SENSOR: "感知设备",
}  # fmt: skip
