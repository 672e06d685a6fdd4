"""Which verbs stand as buttons: what the state allows (states.MOVES) and the actor may (access.may)."""

from dataclasses import dataclass

from linli.kernel.actors import Actor
from linli.orders import access, hands, road
from linli.orders.actions.clocking import flow_to_show
from linli.orders.models import Clock, Order, Request
from linli.orders.states import CHILD, MOVES, OrderState
from linli.standards.flow import CLAIM, REVIEW, WAIT


@dataclass(frozen=True, slots=True)
class Button:
    """A verb with its word, icon and the sentence above its form."""

    verb: str
    label: str
    icon: str
    lead: str = ""
    send: str = "写好了，提交"
    #: one tap does it, without a form
    tap: bool = False


BUTTONS = {
    b.verb: b
    for b in (
        Button("claim_order", "我来领办", "hand", tap=True),
        Button("accept_order", "接单", "hand", tap=True),
        Button("answer_order", "答复居民", "send", "写给居民看：是什么情况、怎么办、什么时候办。办不了，请如实说原因和去处。", "发给居民"),
        Button("handle_order", "办结", "ok", "写给居民看：办了什么，结果怎样。居民会收到，并请他们评价。", "提交结果"),
        Button("conclude_review", "复核答复", "ok", "这是给居民的最终答复：查明了什么，接下来可以去哪里。", "发出最终答复"),
        Button("dispatch_order", "派单", "people", "没有人领的，派给一位同事。", "派给这位同事"),
        Button("resume_order", "等到了，接着办", "refresh", tap=True),
        Button("note_order", "记一笔", "edit", "只有工作人员看得到。", "记下来"),
        Button("transfer_order", "转办", "move", "交给另一位同事，时限不变。", "转给这位同事"),
        Button("assign_order", "指派", "people", "指定由谁来办，时限不变。", "指派"),
        Button("request_pause", "申请挂账", "clock", "要等别的事先办好，时限先停下来；要另一位同志同意。等到那天会自动接着走。", "提出申请"),
        Button("request_extension", "申请延期", "calendar", "时间不够，请另一位同志同意多给一些；答复居民的两小时不能延。", "提出申请"),
        Button("raise_order", "上报", "up", "下面办不了的，交给上一级。原因居民会看到。", "上报一级"),
        Button("invite_company", "给物业发链接", "link", "物业没有账号也能答复：一件事一个链接，三天有效，答复一次就作废。看不到是谁反映的。", "做一个链接"),
        Button("open_children", "请人协办", "people", "一件事几家一起办：每家一张任务单，各有时限；都答复了，牵头的再办结。", "发出任务"),
        Button("open_repair", "转物业报修", "tool", "请这栋楼的物业来修，物业那边另有时限，能退回、能等维修资金和表决；这件事仍由您答复居民。写清修什么，不要写是谁反映的、住哪一户。", "交给物业"),
        Button("merge_orders", "并单", "link", "说的是同一件事，并到这一件里来：反映人一个不少，都会收到结果。", "并到这一件"),
        Button("split_order", "拆单", "share", "几个人说的不是一件事，把选中的拆成新的一件，时限从现在算起。", "拆成两件"),
        Button("urge_order", "替居民催办", "bell", tap=True),
        Button("supervise_order", "督办", "flame", "写明要办的人答复什么；TA 答复后由您销号。", "发出督办"),
        Button("take_back_order", "收回", "undo", "一直没有动静的，收回来重新领办，请写明原因。", "收回"),
        Button("return_order", "退回", "undo", "退给社区书记另作安排，请写明原因。", "退回"),
        Button("correct_order", "更正", "tool", "机器听错了的，在这里改过来；办结时限按新的种类重算。", "改过来"),
        Button("add_voices", "加反映人", "plus", "又有人当面或打电话说同一件事，记在这里；结果也会告诉 TA。", "加上"),
        Button("void_order", "作废", "trash", "只用于误报、测试、重复。请写明原因，反映人会看到。", "作废这张工单"),
    )
}
SECOND_TAP = {"merge_orders": "再点一次：并单", "raise_order": "再点一次：上报", "void_order": "再点一次：作废", "return_order": "再点一次：退回", "conclude_review": "再点一次：发出"}


def allowed(actor: Actor, order: Order, verb: str) -> bool:
    """State and right together."""
    if verb == "invite_company":
        return order.is_open and access.may(actor, verb, order) and flow_to_show(order).step(order.step).who == "property"
    return MOVES.allows(verb, order.state) and access.may(actor, verb, order)


def makes_sense(actor: Actor, order: Order, verb: str) -> bool:
    """Would the verb do anything here? The actions refuse what this leaves out; a button that is refused is a trap."""
    flow = flow_to_show(order)
    step = flow.step(order.step)
    match verb:
        case "claim_order":
            return access.may_claim(actor, order, step.roles)
        case "take_back_order":
            return order.responsible_id != actor.id and any(s.type == CLAIM for s in flow.steps.values())
        case "resume_order":
            return step.type != WAIT
        case "open_repair":
            known = Order.objects.filter(parent_id=order.id, relation=CHILD, procedure="repair", is_open=True)
            return order.procedure != "repair" and not order.confidential and hands.has_company(hands.stamp_of(order)) and not known.exists()
        case "split_order":
            return order.voice_count > 1
        case "merge_orders":
            return bool(order.voice_count)
        case "urge_order":
            return order.responsible_id != actor.id and (bool(order.voice_count) or order.opener_id == actor.id)
        case "request_pause":
            answered = not (order.waits_answer and order.voice_count)
            return answered and step.type != WAIT and not order.requests.filter(kind=Request.PAUSE, state=Request.OPEN).exists()
        case "request_extension":
            return order.clocks.filter(state=Clock.RUNNING).exclude(name__in=(Clock.ANSWER, Clock.WAIT)).exists()
        case "answer_order":
            return bool(order.voice_count) or flow.answers
        case "conclude_review":
            return step.type == REVIEW and len(step.outcomes) == 1
        case "handle_order":
            return road.classic(step) and access.may_pass(actor, order, step.who, verb)
    return True


@dataclass(frozen=True, slots=True)
class Shown:
    """The one main button, those beside it, and the rest behind 更多."""

    main: Button | None
    beside: tuple[Button, ...]
    more: tuple[Button, ...]


def of(actor: Actor, order: Order, *, waits_answer: bool, ways: bool = False) -> Shown:
    """What to do next stands first: answer while the answer is awaited, then the result. `ways`: the step's own ways out
    stand as buttons by themselves."""
    may = [b for verb, b in BUTTONS.items() if not order.history and allowed(actor, order, verb) and makes_sense(actor, order, verb)]
    names = {b.verb for b in may}
    first = ["answer_order", "handle_order"] if waits_answer else ["handle_order", "answer_order"]
    if order.state == OrderState.REVIEW:
        first = ["conclude_review"]
    if order.state == OrderState.POOLED:
        first = ["claim_order", "dispatch_order"]
    if order.state == OrderState.WAITING:
        first = ["resume_order", "answer_order"]
    main = next((BUTTONS[v] for v in first if v in names), None)
    if main is None and may and not ways:
        main = next((b for b in may if b.verb in ("assign_order", "note_order")), None)
    near = [v for v in ("accept_order", *first) if v in names and (main is None or v != main.verb)]
    beside = tuple(BUTTONS[v] for v in near[:2])
    rest = tuple(b for b in may if b != main and b not in beside)
    return Shown(main, beside, rest)
