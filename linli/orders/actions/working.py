"""What the responsible person does with an order, and what the head does over it."""

from uuid import UUID

from django.db import transaction

from linli.accounts import selectors as accounts
from linli.grid import selectors as places
from linli.grid.access import post_ref
from linli.grid.duty import book as duty_book
from linli.grid.models import Post
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, WrongState
from linli.kernel.roles import Role
from linli.orders import access, clocks, hands, search
from linli.orders.actions import clocking, doubts, stepping
from linli.orders.actions.common import clean_words, tell
from linli.orders.actions.opening import tokens_of
from linli.orders.models import Clock, Order, OrderText
from linli.orders.states import MOVES, OrderState
from linli.standards import selectors as standards
from linli.standards.models import Kind
from linli.standards.seed import CATEGORY_LABELS

RETURNS_AT_MOST, PLACE_AT_MOST = 2, 80
#: what follows from the running clocks
DERIVED = ["light", "late_of", "due_at", "answer_due_at", "solve_due_at"]

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
    stepping.touch_clocks(order, by)
    order.save(update_fields=["state", *DERIVED])
    tell(by, "accept_order", order)
    return order


@transaction.atomic
def note_order(*, by: Actor, order_id: UUID, words: str, blobs: list[str] | None = None) -> Order:
    """Write a working note that only staff see."""
    order = access.get_locked(by, order_id, "note_order")
    words = clean_words(words, "记录")
    MOVES.apply("note_order", order, words=words)
    stepping.touch_clocks(order, by)
    order.save(update_fields=DERIVED)
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
    if order.state == OrderState.ASSIGNED:
        order.state = OrderState.WORKING.value
    answered(order)
    stepping.touch_clocks(order, by)
    clocking.refresh(order)
    order.save(update_fields=["state", "waits_answer", "answered_at", "answered_in_time", *DERIVED])
    tell(by, "answer_order", order, {"said_in": str(said_in)} if said_in else {}, words=words, blobs=blobs, public=True)
    return order


def answered(order: Order) -> None:
    """A person's words with matter have been told: the promise is kept. The caller saves the order."""
    now = clock.now()
    in_time = clocking.meet(order, now, "answer")
    order.waits_answer = False
    if order.answered_at is None:
        order.answered_at, order.answered_in_time = now, next(iter(in_time.values()), None)


def _hand_over(order: Order, account_id: UUID, via: str) -> None:
    if order.state == OrderState.WORKING:
        order.state = OrderState.ASSIGNED.value
    order.responsible_id, order.responsible_via = account_id, via
    order.save(update_fields=["state", "responsible_id", "responsible_via", "returned", "level"])


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
    """Give an order back with a reason: the community's head has it from then on (the centre where there is none).

    The second time the centre has it, and what the centre assigns is not returned again: no ping-pong.
    """
    order = access.get_locked(by, order_id, "return_order")
    words = clean_words(words, "退回原因")
    MOVES.apply("return_order", order, words=words)
    if order.returned >= RETURNS_AT_MOST:
        raise WrongState("已经退回过两次，由平台中心指定了您来办，不能再退。确有困难，请上报或申请延期。", "returned_twice")
    book, stamp = duty_book(), hands.stamp_of(order)
    # A complaint of the community's own people is never returned to them.
    first = book.street(stamp) if order.kind in access.BEYOND else book.heads(stamp)
    above = [i for i in (*([] if order.returned else first), *book.centre()) if i != by.id]
    if not above:
        raise BadInput("没有可以退回的上级，请改用转办。", "nobody_above")
    before = order.responsible_id
    order.returned += 1
    _hand_over(order, above[0], "returned")
    tell(by, "return_order", order, {"from": str(before), "to": str(above[0]), "times": order.returned}, words=words)
    return order


@transaction.atomic
def raise_order(*, by: Actor, order_id: UUID, words: str) -> Order:
    """Up the levels (C18): what a grid cannot solve goes to the community, the street, the district, with a reason that the
    resident reads. The clocks go on. Raises WrongState where there is no higher one."""
    order = access.get_locked(by, order_id, "raise_order")
    words = clean_words(words, "上报原因")
    MOVES.apply("raise_order", order, words=words)
    to, level = next_level(order)
    if to is None:
        raise WrongState("已经在最高一级，没有可以上报的地方了。", "top_level")
    before = order.responsible_id
    order.level = level
    _hand_over(order, to, "raised")
    tell(by, "raise_order", order, {"from": str(before), "to": str(to), "level": level}, words=words, public=True)
    return order


def next_level(order: Order) -> tuple[UUID | None, int]:
    """(who has it at the next level up, that level); (None, 0) at the top."""
    book, now = duty_book(), clock.now()
    here = max(order.level, _level_of(order))
    for level, who in ((1, "head"), (2, "section"), (3, "district")):
        if level <= here:
            continue
        to, via = hands.find(order, who, book, now)
        if to and to != order.responsible_id and via != hands.GAP:
            return to, level
    return None, 0


LEVELS = {"grid_id": 0, "community_id": 0, "street_id": 2, "district": 3}


def _level_of(order: Order) -> int:
    """The level at which an order is held now: up from a section is the district, never its community's head. Whoever
    has it by the roster holds it for the place."""
    posts = places.posts_of(order.responsible_id) if order.responsible_id else []
    levels = [
        1 if p.role == Role.COMMUNITY_HEAD else LEVELS[post_ref(p).reach()[0]]
        for p in posts if p.role not in (Role.DUTY_OFFICER, Role.CENTRE) and p.role in access.ASSIGNEES | access.UPPER_HANDS
    ]  # fmt: skip
    return max(levels, default=2 if order.kind in access.BEYOND else 0)


@transaction.atomic
def correct_order(*, by: Actor, order_id: UUID, kind: str | None = None, category: str | None = None, thing: str | None = None, unit: str | None = None, building_id: UUID | None = None, place: str | None = None) -> Order:
    """Put right what the machine misunderstood: kind, category, thing, place. Without any of them: it understood rightly.

    It is in a building of its community (`building_id`, `unit`), or in none and `place` says in up to 80 characters where. Raises
    BadInput for a building of another community, an unknown kind or category, a longer place.

    Settles the machine's doubt and keeps the decision as an example to learn from; a sensitive kind makes the order
    confidential, and then nothing of its words is kept.
    """
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
        _replan_by_kind(order, kinds.get(facts["kind_from"]))
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
    elif place := (place or "").replace("\x00", "").strip():
        if len(place) > PLACE_AT_MOST:
            raise BadInput("地点请写 80 字以内。", "bad_place")
        order.building_id, order.unit, order.place_text = None, "", place
        facts["place"] = "changed"
    order.save()
    _find_by_new_name(order)
    decided = bool(facts.keys() & {"kind", "category"})
    if kind or category or (thing is None and not building_id and not place):
        # Who only names the thing or the place has said nothing of the class.
        facts |= doubts.settle(by, order, decided=decided, category=order.category if category or not decided else "")
    tell(by, "correct_order", order, facts)
    return order


def _find_by_new_name(order: Order) -> None:
    """The search finds it by its new title and place as well."""
    row = OrderText.objects.filter(order_id=order.id).first()
    if row:
        row.tokens = search.merged(tokens_of(order, ""), row.tokens)
        row.save(update_fields=["tokens"])


def _replan_by_kind(order: Order, before: Kind | None) -> None:
    """Another kind has another limit: the clocks that go by kind are planned again from their own start; those that stand still when
    they go on. Somebody else's deadline (the hotline's, in minutes on the wall) holds where it is the earlier one; more time that was
    granted stays, up to as much as the new limit gives."""
    kind = standards.kinds()[order.kind]
    names = [x.code for x in clocking.flow_of(order).limits.values() if x.by_kind]
    worktimes = clocking.Worktimes()
    for row in Clock.objects.filter(order_id=order.id, name__in=names, state__in=(Clock.RUNNING, Clock.PAUSED)):
        granted = sum(clocking.extensions(row))
        own = before is not None and (row.amount - granted, row.calendar) == (before.solve_minutes, before.solve_calendar)
        amount = kind.solve_minutes + min(granted, kind.solve_minutes)
        theirs = row.due_at if row.calendar == "clock" and not own else None
        if row.state == Clock.PAUSED and theirs is None:
            Clock.objects.filter(id=row.id).update(amount=amount, calendar=kind.solve_calendar)
        elif row.state == Clock.RUNNING:
            row.amount, row.calendar = amount, kind.solve_calendar
            clocking.replan(row, order, clock.now(), worktimes)
            if theirs:
                clocking.bring_forward(order, theirs, clock.now())
    clocking.refresh(order)


@transaction.atomic
def void_order(*, by: Actor, order_id: UUID, words: str) -> Order:
    """It was no matter at all (a test, a double): ended with a reason; the voices are told on their own page."""
    order = access.get_locked(by, order_id, "void_order")
    words = clean_words(words, "作废原因")
    MOVES.apply("void_order", order, words=words)
    clocking.stop(order)
    stepping.drop_requests(order, clock.now())
    order.due_at = None
    order.closed_at, order.is_open, order.light, order.ending, order.waits_answer = clock.now(), False, clocks.NONE, "void", False
    order.save()
    tell(by, "void_order", order, words=words, public=True)
    return order
