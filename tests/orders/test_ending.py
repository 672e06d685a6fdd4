"""Ratings, two reopenings, the review by another body, and closing what nobody rated."""

from datetime import timedelta

import pytest

from linli.grid import actions as grid
from linli.grid.models import Post
from linli.kernel import clock
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import BadInput, NotFound, WrongState
from linli.ledger.models import Event
from linli.orders import actions
from linli.orders.models import Clock, Order, Voice
from tests.orders.people import WORDS, opened, voice_of

pytestmark = pytest.mark.django_db


def handled(cast, *others: str, ending: str = "done") -> Order:
    order = opened(cast, *others)
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS, ending=ending)
    return Order.objects.get(id=order.id)


def rate(cast, order: Order, who: str, rating: str, n: int = 0) -> Order:
    voice = Voice.objects.filter(order=order, account_id=cast.account[who].id).order_by("id")[n]
    actions.rate_order(by=cast.actor(who), order_id=order.id, voice_id=voice.id, rating=rating)
    order.refresh_from_db()
    return order


def test_it_ends_when_each_person_has_said_what_she_thinks(cast, at):
    order = handled(cast, "chen")
    assert rate(cast, order, "zhou", "satisfied").state == "handled"
    assert rate(cast, order, "chen", "so_so").state == "closed"
    assert (order.satisfied, order.so_so, order.is_open, order.closed_at) == (1, 1, False, clock.now())


def test_who_spoke_twice_says_it_once(cast, at):
    order = opened(cast)
    actions.add_voices(by=SYSTEM, order_id=order.id, voices=[voice_of(cast, "zhou", "还有异响"), voice_of(cast, "zhou@jx", "3号楼的电梯")])
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    rate(cast, order, "zhou", "satisfied", n=1)
    assert (order.state, order.satisfied, order.voice_count) == ("closed", 1, 1)
    assert set(order.voices.values_list("rating", flat=True)) == {"satisfied"}


def test_words_added_after_a_rating_do_not_undo_it(cast, at):
    order = handled(cast, "chen")
    rate(cast, order, "zhou", "satisfied")
    actions.add_voices(by=SYSTEM, order_id=order.id, voices=[voice_of(cast, "zhou", "谢谢师傅")])
    assert rate(cast, order, "chen", "satisfied").state == "closed" and order.satisfied == 2


def test_a_changed_mind_counts_once_and_may_reopen_what_was_closed(cast, at):
    order = handled(cast)
    rate(cast, order, "zhou", "satisfied")
    assert (rate(cast, order, "zhou", "so_so").satisfied, order.so_so, order.state) == (0, 1, "closed")
    rate(cast, order, "zhou", "unsolved")
    assert (order.state, order.reopened, order.unsolved, order.closed_at) == ("assigned", 1, 0, None)
    assert order.is_open and order.solved_in_time is None and order.voices.get().rating == "unrated"


def test_a_reopened_order_runs_on_new_clocks_and_is_rated_afresh(cast, at):
    order = handled(cast, "chen")
    rate(cast, order, "chen", "satisfied")
    at.move(days=2)
    rate(cast, order, "zhou", "unsolved")
    assert (order.satisfied, order.unsolved) == (0, 0)
    clocks = list(Clock.objects.filter(order=order, state=Clock.RUNNING).order_by("name"))
    assert [(c.name, c.round, c.started_at) for c in clocks] == [("answer", 1, clock.now()), ("solve", 1, clock.now())]
    assert order.answer_due_at == clock.now() + timedelta(hours=2) and order.light == "green"
    at.move(hours=3)
    actions.advance_clocks()
    order.refresh_from_db()
    assert order.light in ("yellow", "red"), "the second round has its ladder too"
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    order.refresh_from_db()
    assert order.answered_in_time is True, "answered the first time in time: that stands"
    assert rate(cast, order, "chen", "satisfied").state == "handled"


def test_seven_days_to_the_minute(cast, at):
    order = handled(cast)
    at.move(days=7)
    assert actions.close_unrated() == 0
    assert rate(cast, order, "zhou", "unsolved").reopened == 1
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    at.move(days=7, seconds=1)
    with pytest.raises(WrongState):
        rate(cast, order, "zhou", "unsolved")
    assert actions.close_unrated() == 1 and actions.close_unrated() == 0
    order.refresh_from_db()
    assert (order.state, order.satisfied, order.voices.get().rating) == ("closed", 0, "unrated")
    assert Event.objects.filter(subject_id=order.id, verb="orders.close_order").count() == 1


def to_review(cast, order: Order) -> Order:
    for _ in range(3):
        actions.handle_order(by=cast.actor("zhao_hui"), order_id=order.id, words=WORDS)
        rate(cast, order, "zhou", "unsolved")
    return order


def test_the_third_time_another_body_looks_and_its_letter_is_final(cast, at):
    order = to_review(cast, opened(cast))
    assert (order.state, order.reopened, order.is_open, order.light) == ("review", 2, True, "green")
    assert order.responsible_id == cast.account["xie_lin"].id
    with pytest.raises(WrongState):
        actions.answer_order(by=SYSTEM, order_id=order.id, words=WORDS)
    actions.conclude_review(by=cast.actor("xie_lin"), order_id=order.id, words="换新电梯列入六月计划；不服可向区住建局投诉")
    with pytest.raises(WrongState) as refused:
        rate(cast, order, "zhou", "unsolved")
    assert refused.value.code == "final"
    order.refresh_from_db()
    assert (order.state, order.ending, order.is_open) == ("closed", "reviewed", False)


def test_where_no_section_is_the_leader_or_the_centre_reviews_and_may_conclude(cast, at):
    for role in ("street_section", "street_leader"):
        for post in Post.objects.filter(role=role, area=cast.street["jinxiu"]):
            grid.end_post(by=SYSTEM, post_id=post.id)
    order = to_review(cast, opened(cast))
    assert order.responsible_id == cast.account["yu_tao"].id
    actions.conclude_review(by=cast.actor("yu_tao"), order_id=order.id, words="已核实，按计划六月更换")
    order.refresh_from_db()
    assert order.state == "closed"


def test_what_cannot_be_said(cast, at):
    order = handled(cast, "chen")
    voice = Voice.objects.get(order=order, account_id=cast.account["zhou"].id)
    for rating in ("unrated", "not_reached", "great", ""):
        with pytest.raises(BadInput):
            actions.rate_order(by=cast.actor("zhou"), order_id=order.id, voice_id=voice.id, rating=rating)
    with pytest.raises(NotFound):
        actions.rate_order(by=cast.actor("chen"), order_id=order.id, voice_id=voice.id, rating="satisfied")
    with pytest.raises(NotFound):
        actions.rate_order(by=Actor("link", Voice.objects.get(order=order, account_id=cast.account["chen"].id).id), order_id=order.id, voice_id=voice.id, rating="satisfied")
    actions.rate_order(by=Actor("link", voice.id), order_id=order.id, voice_id=voice.id, rating="satisfied")
    actions.rate_order(by=cast.actor("li_min"), order_id=order.id, voice_id=Voice.objects.get(order=order, account_id=cast.account["chen"].id).id, rating="not_reached", how="phone")
    order.refresh_from_db()
    assert (order.state, order.satisfied, order.not_reached) == ("closed", 1, 1)


@pytest.mark.parametrize("ending", ["no", "not_ours"])
def test_an_honest_no_is_an_end_of_its_own(cast, at, ending):
    order = handled(cast, ending=ending)
    assert (order.ending, order.solved_in_time, order.answered_in_time) == (ending, None, True)
    assert rate(cast, order, "zhou", "unsolved").reopened == 1
