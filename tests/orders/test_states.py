"""The state × verb table: in every state exactly the verbs of MOVES pass; and shape of the table itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from linli.grid.selectors import stamp_of_building
from linli.kernel import clock
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import Conflict, LinliError, WrongState
from linli.ledger.models import Event
from linli.orders import actions
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Clock, Order, Request, Voice
from linli.orders.states import LABELS, MOVES, OPEN, PLAIN, STATE_OF, VERB_LABELS, OrderState, Rating
from linli.standards import selectors as standards

S = OrderState
WORDS = "控制板烧坏了，电梯公司下午五点前换好"


def opened(cast, building: str = "jx3") -> Order:
    """A fresh order of the lift in a building (锦绣苑3号楼), with two voices."""
    voice = VoiceDraft(words="电梯坏了", member_id=cast.member["zhou"].id, account_id=cast.account["zhou"].id)
    draft = Draft(kind="repair", stamp=stamp_of_building(cast.building[building], "2单元"), voice=voice, thing="电梯")
    order = actions.open_order(by=SYSTEM, draft=draft)
    second = VoiceDraft(words="还没修好", member_id=cast.member["chen"].id, account_id=cast.account["chen"].id)
    actions.add_voices(by=SYSTEM, order_id=order.id, voices=[second])
    return Order.objects.get(id=order.id)


def voice_of(order: Order, n: int = 0) -> Voice:
    return order.voices.order_by("id")[n]


def rate(order: Order, rating: str, n: int = 0) -> Order:
    return actions.rate_order(by=SYSTEM, order_id=order.id, voice_id=voice_of(order, n).id, rating=rating)


def pooled(cast, building: str = "jx3") -> Order:
    """A problem in the pool, with two people who spoke of it."""
    voice = VoiceDraft(words="路灯坏了", member_id=cast.member["zhou"].id, account_id=cast.account["zhou"].id)
    draft = Draft(kind="repair", stamp=stamp_of_building(cast.building[building]), voice=voice, thing="路灯", procedure="pool")
    order = actions.open_order(by=SYSTEM, draft=draft)
    second = VoiceDraft(words="还没修好", member_id=cast.member["chen"].id, account_id=cast.account["chen"].id)
    actions.add_voices(by=SYSTEM, order_id=order.id, voices=[second])
    return Order.objects.get(id=order.id)


def paused(order: Order, cast, by=None) -> None:
    """挂账, asked for by the responsible person and granted by another one."""
    by = by or cast.actor(cast.key_of(order.responsible_id))
    actions.answer_order(by=SYSTEM, order_id=order.id, words=WORDS)
    until = clock.now() + timedelta(days=20)
    row = actions.request_pause(by=by, order_id=order.id, waits_for="money", until=until, words="等维修资金")
    actions.grant_request(by=SYSTEM, request_id=row.id)


def brought_to(state: str, cast, building: str = "jx3") -> Order:
    """An order in a state, brought there by the actions alone."""
    order = pooled(cast, building) if state == S.POOLED else opened(cast, building)
    by = {"by": SYSTEM, "order_id": order.id}
    if state == S.WORKING:
        actions.accept_order(**by)
    elif state == S.WAITING:
        paused(order, cast)
    elif state == S.HANDLED:
        actions.handle_order(**by, words=WORDS)
    elif state == S.CLOSED:
        actions.handle_order(**by, words=WORDS)
        rate(order, Rating.SATISFIED, 0)
        rate(order, Rating.SO_SO, 1)
    elif state == S.VOID:
        actions.void_order(**by, words="试着按的")
    elif state == S.REVIEW:
        for _ in range(3):
            actions.handle_order(**by, words=WORDS)
            rate(order, Rating.UNSOLVED)
    order.refresh_from_db()
    assert order.state == state
    return order


def calls(cast) -> dict[str, Callable[[Order], object]]:
    """How each verb is asked for; what follows from others stands in DERIVED: nobody calls it by itself."""
    to = cast.account["shi_qiang"].id
    worker = cast.account["li_min"].id

    def do(name: str, **more: object) -> Callable[[Order], object]:
        return lambda order: getattr(actions, name)(by=SYSTEM, order_id=order.id, **more)

    def asked(order: Order) -> Request:
        return Request.objects.create(
            order_id=order.id, kind=Request.EXTENSION, asked_by=worker, asked_at=clock.now(), words="要等配件", clock="solve",
            amount=60,
        )  # fmt: skip

    def grant(order: Order) -> None:
        if order.state in (S.WAITING, S.REVIEW):
            Clock.objects.filter(order_id=order.id, name="solve").update(state=Clock.RUNNING)
        actions.grant_request(by=SYSTEM, request_id=asked(order).id)

    def ask(order: Order, name: str, **more: object) -> None:
        by = Actor("worker", order.responsible_id) if order.responsible_id else SYSTEM
        getattr(actions, name)(by=by, order_id=order.id, words="要等配件", **more)

    def extend(order: Order) -> None:
        running = Clock.objects.filter(order_id=order.id, state=Clock.RUNNING).exclude(name__in=["answer", "wait"]).first()
        if running is None and order.state == S.WAITING:
            running = Clock.objects.get(order_id=order.id, name="solve")
            Clock.objects.filter(id=running.id).update(state=Clock.RUNNING)
        ask(order, "request_extension", clock_name=running.name if running else "solve", amount=1)

    def pause(order: Order) -> None:
        if order.state in (S.ASSIGNED, S.WORKING):
            actions.answer_order(by=SYSTEM, order_id=order.id, words=WORDS)
        ask(order, "request_pause", waits_for="money", until=clock.now() + timedelta(days=9))

    def out(order: Order) -> None:
        step = standards.flow(order.procedure, order.procedure_version).step(order.step)
        code = step.outcomes[0].code if step.outcomes else "done"
        actions.pass_step(by=SYSTEM, order_id=order.id, outcome=code, given=actions.Given(words=WORDS))

    def merge(order: Order) -> None:
        actions.merge_orders(by=SYSTEM, order_ids=[order.id], into=opened(cast, "jx5").id)

    def split(order: Order) -> None:
        actions.split_order(by=SYSTEM, order_id=order.id, voice_ids=[voice_of(order, 1).id], words="说的是另一部电梯")

    return {
        "claim_order": lambda o: actions.claim_order(by=cast.actor("li_min"), order_id=o.id),
        "dispatch_order": do("dispatch_order", to=to),
        "take_back_order": do("take_back_order", words="三天没有动静"),
        "accept_order": do("accept_order"),
        "note_order": do("note_order", words="到现场看过"),
        "answer_order": do("answer_order", words=WORDS),
        "pass_step": out,
        "transfer_order": do("transfer_order", to=to, words="归物业修"),
        "return_order": do("return_order", words="不在我的网格"),
        "raise_order": do("raise_order", words="社区没有这个权限"),
        "assign_order": do("assign_order", to=to),
        "correct_order": do("correct_order", thing="门禁"),
        "handle_order": do("handle_order", words=WORDS),
        "request_pause": pause,
        "request_extension": extend,
        "grant_request": grant,
        "refuse_request": lambda o: actions.refuse_request(by=SYSTEM, request_id=asked(o).id, words="时间够用"),
        "resume_order": do("resume_order"),
        "urge_order": do("urge_order"),
        "supervise_order": lambda o: actions.supervise_order(by=cast.actor("yu_tao"), order_id=o.id, words="请说明进展"),
        "open_children": do("open_children", tasks=[actions.Task(to, "换一个控制板")]),
        "open_repair": do("open_repair", words="楼道顶上漏水"),
        "merge_orders": merge,
        "split_order": split,
        "void_order": do("void_order", words="试着按的"),
        "add_voices": do("add_voices", voices=[VoiceDraft(words="我家也是")]),
        "remove_voice": lambda o: actions.remove_voice(
            by=SYSTEM, order_id=o.id, voice_id=voice_of(o).id, words="说的是另一件事"
        ),
        "rate_order": lambda o: rate(o, Rating.SO_SO),
        "conclude_review": do("conclude_review", words=WORDS),
    }


#: recorded by other verbs' functions: nobody calls them by themselves
DERIVED = {"reopen_order", "send_to_review", "close_order", "instruct_order", "request_outcome"}
#: where a verb leads whose state is that of the step it goes to
LEADS = {
    ("claim_order", S.POOLED): S.WORKING, ("dispatch_order", S.POOLED): S.ASSIGNED, ("conclude_review", S.REVIEW): S.CLOSED,
    ("pass_step", S.REVIEW): S.CLOSED,
} | {(v, s): S.HANDLED for v in ("pass_step", "handle_order") for s in (S.ASSIGNED, S.WORKING, S.WAITING)} | {
    (v, S.WORKING): S.ASSIGNED for v in ("transfer_order", "assign_order")
} | {("answer_order", S.ASSIGNED): S.WORKING, ("request_pause", S.ASSIGNED): S.WORKING}  # fmt: skip
#: an outcome that gives the result, or ends the review, is recorded as what it is
RECORDED = {("pass_step", S.REVIEW): "conclude_review"} | {("pass_step", s): "handle_order" for s in (S.ASSIGNED, S.WORKING, S.WAITING)}


@pytest.mark.parametrize("state", list(OrderState))
def test_exactly_the_verbs_of_the_table_pass(cast, at, state):
    order = brought_to(state, cast)
    table = calls(cast)
    assert set(table) | DERIVED == set(MOVES.moves), "a verb of the table is not tried here"
    for verb, call in table.items():
        before = Event.objects.filter(subject_id=order.id).count()
        with transaction.atomic():
            if verb == "take_back_order" and MOVES.allows(verb, state):
                # A resident's word is in no pool: nothing is taken back into one.
                with pytest.raises(WrongState, match="没有领办"):
                    call(order)
            elif MOVES.allows(verb, state):
                call(order)
                order.refresh_from_db()
                after = LEADS.get((verb, state)) or MOVES.moves[verb].to or state
                if verb != "rate_order":
                    assert order.state == after, verb
                recorded = RECORDED.get((verb, state), verb)
                assert Event.objects.filter(subject_id=order.id, verb=f"orders.{recorded}").exists(), verb
            else:
                with pytest.raises((WrongState, Conflict)):
                    call(order)
                assert Event.objects.filter(subject_id=order.id).count() == before, verb
            transaction.set_rollback(True)
        order.refresh_from_db()
        assert order.state == state


@pytest.mark.parametrize("state", list(OrderState))
def test_a_voice_that_is_not_helped_reopens_or_sends_to_review(cast, at, state):
    order = brought_to(state, cast)
    for reopened, verb, after in ((0, "reopen_order", S.ASSIGNED), (2, "send_to_review", S.REVIEW)):
        with transaction.atomic():
            Order.objects.filter(id=order.id).update(reopened=reopened)
            if MOVES.allows(verb, state):
                assert rate(order, Rating.UNSOLVED).state == after
                assert Event.objects.filter(subject_id=order.id, verb=f"orders.{verb}").exists()
            else:
                with pytest.raises(WrongState):
                    rate(order, Rating.UNSOLVED)
            transaction.set_rollback(True)


@pytest.mark.parametrize("state", list(OrderState))
def test_only_what_is_handled_closes_by_itself(cast, at, state):
    order = brought_to(state, cast)
    at.move(days=8)
    closed = actions.close_unrated()
    order.refresh_from_db()
    assert closed == (1 if MOVES.allows("close_order", state) else 0)
    assert order.state == (S.CLOSED if closed else state)
    if closed:
        assert order.satisfied == 0, "nobody's silence is satisfaction"


@pytest.mark.parametrize("state", list(OrderState))
def test_open_clocks_run_and_ended_ones_stand(cast, at, state):
    order = brought_to(state, cast)
    running = set(Clock.objects.filter(order_id=order.id, state=Clock.RUNNING).values_list("name", flat=True))
    wanted = {S.ASSIGNED: {"answer", "solve"}, S.WORKING: {"answer", "solve"}, S.POOLED: {"claim"}, S.WAITING: {"wait"}, S.REVIEW: {"review"}}
    assert running == wanted.get(OrderState(state), set())
    assert order.is_open == (order.state in OPEN)


def test_the_table_is_whole():
    assert set(LABELS) == set(PLAIN) == set(OrderState)
    assert set(MOVES.moves) <= set(VERB_LABELS)
    reached = {m.to for m in MOVES.moves.values() if m.to} | set(STATE_OF.values())
    assert reached == set(OrderState), "a state that nothing reaches"
    moving = {"claim_order", "pass_step", "handle_order", "conclude_review", "reopen_order", "send_to_review"}
    left = {s for v, m in MOVES.moves.items() for s in m.from_ if v in moving or (m.to and m.to != s)}
    assert left == set(OrderState) - {S.VOID}, "only a void order stays where it is"


NEEDS_WORDS = [v for v, m in MOVES.moves.items() if "words" in m.needs and v not in DERIVED]
MORE: dict[str, dict[str, object]] = {
    "request_pause": {"waits_for": "money", "until": None}, "request_extension": {"clock_name": "solve", "amount": 1},
    "split_order": {"voice_ids": []},
}  # fmt: skip


@pytest.mark.parametrize("verb", NEEDS_WORDS)
def test_what_a_verb_needs_must_be_given(cast, at, verb):
    state = next(s for s in OrderState if MOVES.allows(verb, s))
    order = brought_to(state, cast)
    more: dict[str, object] = {"words": "  \n"}
    if "to" in MOVES.moves[verb].needs:
        more["to"] = cast.account["shi_qiang"].id
    if verb == "remove_voice":
        more["voice_id"] = voice_of(order).id
    more |= MORE.get(verb, {})
    about: dict[str, object] = {"order_id": order.id}
    if verb == "refuse_request":
        row = actions.request_extension(
            by=cast.actor(cast.key_of(order.responsible_id)), order_id=order.id, clock_name="solve", amount=1, words="要等配件"
        )
        about = {"request_id": row.id}
    with pytest.raises(LinliError) as caught:
        getattr(actions, verb)(by=SYSTEM, **about, **more)
    assert (caught.value.code, caught.value.status) == ("missing_words", 400)


def test_a_final_letter_is_final(cast, at):
    order = brought_to(S.REVIEW, cast)
    actions.conclude_review(by=SYSTEM, order_id=order.id, words=WORDS)
    at.move(days=1)
    with pytest.raises(WrongState):
        rate(order, Rating.UNSOLVED)
    order.refresh_from_db()
    assert order.state == S.CLOSED


def test_a_removed_voice_takes_its_rating_along(cast, at):
    order = brought_to(S.HANDLED, cast)
    rate(order, Rating.SATISFIED)
    actions.remove_voice(by=SYSTEM, order_id=order.id, voice_id=voice_of(order).id, words="说的是另一件事")
    order.refresh_from_db()
    assert (order.voice_count, order.satisfied) == (1, 0)


def test_the_days_to_rate_end(cast, at):
    order = brought_to(S.HANDLED, cast)
    at.move(days=7, seconds=-1)
    rate(order, Rating.SATISFIED)
    at.move(seconds=2)
    with pytest.raises(WrongState):
        rate(order, Rating.UNSOLVED, 1)
