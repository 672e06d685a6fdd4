"""What the responsible person does with an order, and what the head does over it."""

from uuid import UUID

from django.db import transaction

from linli.accounts import selectors as accounts
from linli.calendars import selectors as calendars
from linli.grid import selectors as places
from linli.grid.duty import book as duty_book
from linli.grid.models import Post
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput
from linli.orders import access, clocks
from linli.orders.actions.common import clean_words, meet_clock, refresh_light, stamp_of, stop_clocks, tell
from linli.orders.actions.opening import tokens_of
from linli.orders.models import Clock, Order, OrderText
from linli.orders.states import MOVES
from linli.standards import selectors as standards
from linli.standards.seed import CATEGORY_LABELS

# Words that only say "heard" are no answer: the clock of *answered* goes on (issue: acknowledgement never counts).
EMPTY_ANSWERS = (
    "收到", "已收到", "好的", "知道了", "已受理", "已接单", "正在处理", "处理中", "我们会尽快处理", "尽快处理",
    "已转办", "请耐心等待", "请稍等", "已反馈", "感谢您的反映", "谢谢反馈", "已知晓", "马上处理", "会尽快",
)  # fmt: skip


def has_matter(words: str) -> bool:
    """Does an answer say more than that it was heard: what is, what will be done, by when, or an honest no?"""
    rest = "".join(c for c in words if c.isalnum())
    for empty in sorted(EMPTY_ANSWERS, key=len, reverse=True):
        rest = rest.replace(empty, "")
    return len(rest) >= 6


@transaction.atomic
def accept_order(*, by: Actor, order_id: UUID) -> Order:
    """Take an assigned order in hand. It does not stop the *answered* clock. Raises WrongState, Forbidden."""
    order = access.get_locked(by, order_id, "accept_order")
    MOVES.apply("accept_order", order)
    order.save(update_fields=["state"])
    tell(by, "accept_order", order)
    return order


@transaction.atomic
def note_order(*, by: Actor, order_id: UUID, words: str, blobs: list[str] | None = None) -> Order:
    """Write a working note that only staff see."""
    order = access.get_locked(by, order_id, "note_order")
    words = clean_words(words, "记录")
    MOVES.apply("note_order", order, words=words)
    tell(by, "note_order", order, words=words, blobs=blobs)
    return order


@transaction.atomic
def answer_order(*, by: Actor, order_id: UUID, words: str, blobs: list[str] | None = None, said_in: UUID | None = None) -> Order:
    """Tell the reporters what is, what will be done and by when, or an honest no. Stops the *answered* clock.

    `said_in`: the group in which the words stand already. Raises BadInput("no_matter") for a mere acknowledgement.
    """
    order = access.get_locked(by, order_id, "answer_order")
    words = clean_words(words, "答复")
    if not has_matter(words):
        raise BadInput("请写清是什么情况、怎么办、什么时候办；只说“收到”不算答复。", "no_matter")
    MOVES.apply("answer_order", order, words=words)
    _answered(order)
    refresh_light(order)
    order.save(update_fields=["state", "waits_answer", "answered_at", "answered_in_time", "light", "late_of"])
    tell(by, "answer_order", order, {"said_in": str(said_in)} if said_in else {}, words=words, blobs=blobs, public=True)
    return order


def _answered(order: Order) -> None:
    now = clock.now()
    in_time = meet_clock(order, Clock.ANSWER, now)
    order.waits_answer = False
    if order.answered_at is None:
        order.answered_at, order.answered_in_time = now, in_time


def _hand_over(order: Order, account_id: UUID, via: str) -> None:
    order.responsible_id, order.responsible_via = account_id, via
    order.save(update_fields=["state", "responsible_id", "responsible_via", "light"])


def check_assignee(order: Order, to: UUID) -> None:
    """Raises BadInput unless the account is in use and has a post that can carry this order: the place covered, a working
    role."""
    known = accounts.active_names([to])
    if order.kind in access.BEYOND and not any(p.role in access.UPPER_HANDS for p in places.posts_of(to)):
        raise BadInput("对工作人员的投诉只能在街道办，请选街道的同事。", "bad_assignee")
    for post in () if to not in known else Post.objects.filter(account_id=to).select_related("area"):
        if post.role not in access.ASSIGNEES or not places.in_force(post):
            continue
        area = post.area
        if area is None or area.id in (order.street_id, order.community_id, order.grid_id):
            return
        if area.level == "district" or area.community_id == order.community_id:
            return
    raise BadInput("这位同事不负责这个地方，请另选一位。", "bad_assignee")


@transaction.atomic
def transfer_order(*, by: Actor, order_id: UUID, to: UUID, words: str) -> Order:
    """Hand an order to another colleague with a reason. The clocks go on; there is always a responsible person."""
    order = access.get_locked(by, order_id, "transfer_order")
    words = clean_words(words, "转办原因")
    MOVES.apply("transfer_order", order, words=words, to=to)
    check_assignee(order, to)
    before = order.responsible_id
    _hand_over(order, to, "transfer")
    tell(by, "transfer_order", order, {"from": str(before), "to": str(to)}, words=words)
    return order


@transaction.atomic
def assign_order(*, by: Actor, order_id: UUID, to: UUID, words: str = "") -> Order:
    """The head or the centre gives an order to somebody."""
    order = access.get_locked(by, order_id, "assign_order")
    MOVES.apply("assign_order", order, to=to)
    check_assignee(order, to)
    before = order.responsible_id
    _hand_over(order, to, "assigned")
    tell(by, "assign_order", order, {"from": str(before), "to": str(to)}, words=words.strip())
    return order


@transaction.atomic
def return_order(*, by: Actor, order_id: UUID, words: str) -> Order:
    """Give an order back with a reason: the community's head has it from then on (the centre where there is none)."""
    order = access.get_locked(by, order_id, "return_order")
    words = clean_words(words, "退回原因")
    MOVES.apply("return_order", order, words=words)
    book = duty_book()
    heads = [i for i in book.heads(stamp_of(order)) if i != by.id] or [i for i in book.centre() if i != by.id]
    if not heads:
        raise BadInput("没有可以退回的上级，请改用转办。", "nobody_above")
    before = order.responsible_id
    _hand_over(order, heads[0], "returned")
    tell(by, "return_order", order, {"from": str(before), "to": str(heads[0])}, words=words)
    return order


@transaction.atomic
def correct_order(*, by: Actor, order_id: UUID, kind: str | None = None, category: str | None = None, thing: str | None = None, unit: str | None = None, building_id: UUID | None = None) -> Order:
    """Put right what the machine misunderstood: kind, category, thing, place. A sensitive kind makes it confidential."""
    order = access.get_locked(by, order_id, "correct_order")
    MOVES.apply("correct_order", order)
    kinds = standards.kinds()
    if category and category not in CATEGORY_LABELS:
        raise BadInput("没有这一类别。", "unknown_category")
    facts: dict[str, str] = {}
    if kind and kind != order.kind:
        if kind not in kinds:
            raise BadInput("没有这一类事项。", "unknown_kind")
        facts |= {"kind_from": order.kind, "kind": kind, "category_from": order.category}
        order.kind, order.category = kind, category or kinds[kind].category
        if kinds[kind].confidential:
            order.confidential, order.thing = True, ""
            facts["sensitive"] = "yes"
        _replan_solve(order)
    elif category and category != order.category:
        facts |= {"category_from": order.category, "category": category}
        order.category = category
    if kinds[order.kind].confidential:
        thing = None  # what it is about is not spelt out in a title
    if thing is not None and thing != order.thing:
        order.thing = thing[:32]
        facts["thing"] = "changed"
    if kind or thing is not None:
        order.title = f"{order.thing} · {kinds[order.kind].label}" if order.thing else kinds[order.kind].label
    if building_id:
        stamp = next(
            (places.stamp_of_building(b, unit or "") for b in places.buildings(order.community_id) if b.id == building_id),
            None,
        )  # fmt: skip
        if stamp is None:
            raise BadInput("这栋楼不在本社区。", "bad_building")
        order.building_id, order.grid_id = building_id, stamp.grid_id
        order.unit, order.place_text = stamp.unit[:16], stamp.text[:80]
        facts["building"] = str(building_id)
    order.save()
    _find_by_new_name(order)
    tell(by, "correct_order", order, facts)
    return order


def _find_by_new_name(order: Order) -> None:
    """The search finds it by its new title and place as well."""
    row = OrderText.objects.filter(order_id=order.id).first()
    if row:
        row.tokens = " ".join(dict.fromkeys([*tokens_of(order, "").split(), *row.tokens.split()]))[:4000].strip()
        row.save(update_fields=["tokens"])


def _replan_solve(order: Order) -> None:
    """Another kind has another limit: the *solved* clock is planned again from its own start."""
    row = Clock.objects.filter(order_id=order.id, name=Clock.SOLVE, state=Clock.RUNNING).first()
    if row is None:
        return
    kind = standards.kinds()[order.kind]
    worktime = calendars.get_calendar(kind.solve_calendar, places.calendar_codes(order.community_id))
    steps = clocks.plan(worktime, row.started_at, kind.solve_minutes, row.ladder)
    row.minutes, row.calendar = kind.solve_minutes, kind.solve_calendar
    row.due_at = clocks.step_at(worktime, row.started_at, row.minutes, 100)
    row.step = sum(1 for at in steps if at <= clock.now() and steps.index(at) < row.step)
    row.next_at = steps[row.step] if row.step < len(steps) else None
    row.light = clocks.light_of(row.ladder, row.step)
    row.save()
    order.solve_due_at = row.due_at
    refresh_light(order)


@transaction.atomic
def handle_order(
    *, by: Actor, order_id: UUID, words: str, blobs: list[str] | None = None, ending: str = "done", author: UUID | None = None
) -> Order:  # fmt: skip
    """Close with a result: done, an honest no ("no"), or not ours ("not_ours"). It also answers, if nobody had.

    The voices are asked to rate; *solved* counts only while none of them says 没解决. `author`: whose words they are when
    a machine carries them here (a department's answer to a question).
    """
    order = access.get_locked(by, order_id, "handle_order")
    words = clean_words(words, "办理结果")
    if not has_matter(words):
        raise BadInput("请写清办了什么、结果怎样；不能办的，写明原因和去处。", "no_matter")
    if ending not in ("done", "no", "not_ours"):
        raise BadInput("请选择结果。", "bad_ending")
    MOVES.apply("handle_order", order, words=words)
    now = clock.now()
    _answered(order)
    in_time = meet_clock(order, Clock.SOLVE, now)
    order.handled_at, order.ending, order.is_open = now, ending, False
    order.solved_in_time = in_time if ending == "done" else None
    order.light = clocks.NONE
    order.save()
    if author and by.is_machine:
        by = Actor("worker", author)
    tell(by, "handle_order", order, {"ending": ending}, words=words, blobs=blobs, public=True)
    return order


@transaction.atomic
def void_order(*, by: Actor, order_id: UUID, words: str) -> Order:
    """It was no matter at all (a test, a double): ended with a reason; the voices are told on their own page."""
    order = access.get_locked(by, order_id, "void_order")
    words = clean_words(words, "作废原因")
    MOVES.apply("void_order", order, words=words)
    stop_clocks(order)
    order.closed_at, order.is_open, order.light, order.ending, order.waits_answer = clock.now(), False, clocks.NONE, "void", False
    order.save()
    tell(by, "void_order", order, words=words, public=True)
    return order
