"""Which verbs stand as buttons: what the state allows (states.MOVES) and the actor may (access.may)."""

from dataclasses import dataclass

from linli.kernel.actors import Actor
from linli.orders import access
from linli.orders.models import Order
from linli.orders.states import MOVES, OrderState


@dataclass(frozen=True, slots=True)
class Button:
    """A verb with its word, icon and the sentence above its form."""

    verb: str
    label: str
    icon: str
    lead: str = ""
    send: str = "写好了，提交"


BUTTONS = {
    b.verb: b
    for b in (
        Button("accept_order", "接单", "hand"),
        Button("answer_order", "答复居民", "send", "写给居民看：是什么情况、怎么办、什么时候办。办不了，请如实说原因和去处。", "发给居民"),
        Button("handle_order", "办结", "ok", "写给居民看：办了什么，结果怎样。居民会收到，并请他们评价。", "提交结果"),
        Button("conclude_review", "复核答复", "ok", "这是给居民的最终答复：查明了什么，接下来可以去哪里。", "发出最终答复"),
        Button("note_order", "记一笔", "edit", "只有工作人员看得到。", "记下来"),
        Button("transfer_order", "转办", "move", "交给另一位同事，时限不变。", "转给这位同事"),
        Button("assign_order", "指派", "people", "指定由谁来办，时限不变。", "指派"),
        Button("return_order", "退回", "undo", "退给社区书记另作安排，请写明原因。", "退回"),
        Button("correct_order", "更正", "tool", "机器听错了的，在这里改过来；办结时限按新的种类重算。", "改过来"),
        Button("add_voices", "加反映人", "plus", "又有人当面或打电话说同一件事，记在这里；结果也会告诉 TA。", "加上"),
        Button("void_order", "作废", "trash", "只用于误报、测试、重复。请写明原因，反映人会看到。", "作废这张工单"),
    )
}
SECOND_TAP = {"void_order": "再点一次：作废", "return_order": "再点一次：退回", "conclude_review": "再点一次：发出"}


def allowed(actor: Actor, order: Order, verb: str) -> bool:
    """State and right together."""
    return MOVES.allows(verb, order.state) and access.may(actor, verb, order)


@dataclass(frozen=True, slots=True)
class Shown:
    """The one main button, those beside it, and the rest behind 更多."""

    main: Button | None
    beside: tuple[Button, ...]
    more: tuple[Button, ...]


def of(actor: Actor, order: Order, *, waits_answer: bool) -> Shown:
    """What to do next stands first: answer while the answer is awaited, then the result."""
    may = [b for verb, b in BUTTONS.items() if not order.history and allowed(actor, order, verb)]
    names = {b.verb for b in may}
    first = ["answer_order", "handle_order"] if waits_answer else ["handle_order", "answer_order"]
    if order.state == OrderState.REVIEW:
        first = ["conclude_review"]
    main = next((BUTTONS[v] for v in first if v in names), None)
    if main is None and may:
        main = next((b for b in may if b.verb in ("assign_order", "note_order")), None)
    near = [v for v in ("accept_order", *first) if v in names and (main is None or v != main.verb)]
    beside = tuple(BUTTONS[v] for v in near[:2])
    rest = tuple(b for b in may if b != main and b not in beside)
    return Shown(main, beside, rest)
