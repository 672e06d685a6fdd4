"""The state × verb table: in every state exactly the verbs of MOVES pass; and shape of the table itself."""

from collections.abc import Callable

import pytest
from django.db import transaction

from linli.grid.selectors import stamp_of_building
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import LinliError, WrongState
from linli.ledger.models import Event
from linli.orders import actions
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Clock, Order, Voice
from linli.orders.states import LABELS, MOVES, OPEN, PLAIN, VERB_LABELS, OrderState, Rating

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


def brought_to(state: str, cast, building: str = "jx3") -> Order:
    """An order in a state, brought there by the actions alone."""
    order = opened(cast, building)
    by = {"by": SYSTEM, "order_id": order.id}
    if state == S.WORKING:
        actions.accept_order(**by)
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
    """How each verb is asked for. The last three follow from others: nobody calls them by themselves."""
    to = cast.account["shi_qiang"].id

    def do(name: str, **more: object) -> Callable[[Order], object]:
        return lambda order: getattr(actions, name)(by=SYSTEM, order_id=order.id, **more)

    return {
        "accept_order": do("accept_order"),
        "note_order": do("note_order", words="到现场看过"),
        "answer_order": do("answer_order", words=WORDS),
        "transfer_order": do("transfer_order", to=to, words="归物业修"),
        "return_order": do("return_order", words="不在我的网格"),
        "assign_order": do("assign_order", to=to),
        "correct_order": do("correct_order", thing="门禁"),
        "handle_order": do("handle_order", words=WORDS),
        "void_order": do("void_order", words="试着按的"),
        "add_voices": do("add_voices", voices=[VoiceDraft(words="我家也是")]),
        "remove_voice": lambda o: actions.remove_voice(
            by=SYSTEM, order_id=o.id, voice_id=voice_of(o).id, words="说的是另一件事"
        ),
        "rate_order": lambda o: rate(o, Rating.SO_SO),
        "conclude_review": do("conclude_review", words=WORDS),
    }


DERIVED = {"reopen_order", "send_to_review", "close_order"}


@pytest.mark.parametrize("state", list(OrderState))
def test_exactly_the_verbs_of_the_table_pass(cast, at, state):
    order = brought_to(state, cast)
    table = calls(cast)
    assert set(table) | DERIVED == set(MOVES.moves), "a verb of the table is not tried here"
    for verb, call in table.items():
        before = Event.objects.count()
        with transaction.atomic():
            if MOVES.allows(verb, state):
                call(order)
                order.refresh_from_db()
                after = MOVES.moves[verb].to
                if verb != "rate_order":
                    assert order.state == (after or state), verb
                assert Event.objects.filter(verb=f"orders.{verb}").exists(), verb
            else:
                with pytest.raises(WrongState):
                    call(order)
                assert Event.objects.count() == before, verb
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
    assert running == ({"answer", "solve"} if state in (S.ASSIGNED, S.WORKING) else set())
    assert order.is_open == (order.state in OPEN)


def test_the_table_is_whole():
    assert set(LABELS) == set(PLAIN) == set(OrderState)
    assert set(MOVES.moves) <= set(VERB_LABELS)
    reached = {m.to for m in MOVES.moves.values() if m.to} | {S.ASSIGNED}
    assert reached == set(OrderState), "a state that nothing reaches"
    left = {s for m in MOVES.moves.values() for s in m.from_ if m.to and m.to != s}
    assert left == set(OrderState) - {S.VOID}, "only a void order stays where it is"


@pytest.mark.parametrize("verb", [v for v, m in MOVES.moves.items() if "words" in m.needs])
def test_what_a_verb_needs_must_be_given(cast, at, verb):
    state = next(s for s in OrderState if MOVES.allows(verb, s))
    order = brought_to(state, cast)
    more: dict[str, object] = {"words": "  \n"}
    if "to" in MOVES.moves[verb].needs:
        more["to"] = cast.account["shi_qiang"].id
    if verb == "remove_voice":
        more["voice_id"] = voice_of(order).id
    with pytest.raises(LinliError) as caught:
        getattr(actions, verb)(by=SYSTEM, order_id=order.id, **more)
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
