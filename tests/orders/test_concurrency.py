"""Two hands on one order: one winner, a clear word for the other, no effect twice, no two that wait for each other."""

import pytest
from django.db import connection

from linli.assistant.intake import take_in
from linli.groups import actions as groups
from linli.groups.inbound import Inbound
from linli.groups.models import Member
from linli.kernel import clock, ids
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Forbidden, LinliError, NotFound, WrongState
from linli.ledger.delivery import deliver_all
from linli.ledger.models import Event
from linli.notices.models import Notice
from linli.orders import actions
from linli.orders.models import Clock, Order, Voice
from tests.orders.people import WORDS, draft, opened, race, voice_of

pytestmark = pytest.mark.django_db(transaction=True)


def events(order: Order, verb: str) -> int:
    return Event.objects.filter(subject_id=order.id, verb=f"orders.{verb}").count()


@pytest.mark.parametrize(
    ("verb", "more"), [("accept_order", {}), ("handle_order", {"words": WORDS}), ("void_order", {"words": "试着按的"})]
)
def test_one_of_several_hands_wins(cast, at, verb, more):
    order = opened(cast)
    head = cast.actor("zhao_hui") if verb != "accept_order" else cast.actor("li_min")
    found = race(*[lambda: getattr(actions, verb)(by=head, order_id=order.id, **more)] * 4)
    assert sum(isinstance(f, Order) for f in found) == 1
    assert all(isinstance(f, WrongState) for f in found if not isinstance(f, Order))
    assert events(order, verb) == 1


@pytest.mark.parametrize("turn", range(3))
def test_handled_or_void_but_not_both(cast, at, turn):
    order = opened(cast)
    head = cast.actor("zhao_hui")
    found = race(
        lambda: actions.handle_order(by=head, order_id=order.id, words=WORDS),
        lambda: actions.void_order(by=head, order_id=order.id, words="试着按的"),
        lambda: actions.accept_order(by=cast.actor("li_min"), order_id=order.id),
    )
    ended = [f for f in found[:2] if isinstance(f, Order)]
    assert len(ended) == 1 and events(order, "handle_order") + events(order, "void_order") == 1
    order.refresh_from_db()
    assert order.state == ended[0].state and not order.is_open
    assert not Clock.objects.filter(order=order, state=Clock.RUNNING).exists()


def test_answered_twice_at_once_the_clock_is_met_once(cast, at):
    order = opened(cast)
    worker, head = cast.actor("li_min"), cast.actor("zhao_hui")
    race(
        lambda: actions.answer_order(by=worker, order_id=order.id, words=WORDS),
        lambda: actions.answer_order(by=head, order_id=order.id, words="已联系电梯公司，下午五点前换好"),
    )
    order.refresh_from_db()
    assert (order.answered_at, order.answered_in_time, order.state) == (clock.now(), True, "working")
    assert Clock.objects.get(order=order, name=Clock.ANSWER).state == Clock.MET


def test_she_gives_it_away_once(cast, at):
    order = opened(cast)
    worker = cast.actor("li_min")
    to = [cast.account[k].id for k in ("wang_fang", "zhao_hui", "zhang_jie")]
    found = race(*[lambda t=t: actions.transfer_order(by=worker, order_id=order.id, to=t, words="不是我这块，请接手") for t in to])
    won = [f for f in found if isinstance(f, Order)]
    assert len(won) == 1 and all(isinstance(f, (Forbidden, NotFound)) for f in found if not isinstance(f, Order))
    order.refresh_from_db()
    assert order.responsible_id == won[0].responsible_id and events(order, "transfer_order") == 1
    deliver_all()
    assert Notice.objects.filter(subject_id=order.id, kind="order_transferred").count() == 1


def test_words_about_one_lift_at_the_same_moment_are_one_order_with_two_voices(cast, at):
    def tell(who: str, text: str) -> int:
        member = cast.member[who]
        row = Inbound(member.group_id, member.group.community_id, f"page:{member.group_id}", str(ids.new()), text, member.id, clock.now())
        groups.receive(SYSTEM, [row])
        return take_in()

    race(
        lambda: tell("zhou", "3号楼2单元电梯坏了，老人下不去楼"), lambda: tell("chen", "3号楼2单元电梯又停了，没人修"),
        lambda: tell("liu", "3号楼2单元的电梯坏了没人管"), take_in,
    )  # fmt: skip
    while take_in():
        pass
    order = Order.objects.get()
    assert order.voice_count == 3 == Voice.objects.filter(order=order).count()


def test_ratings_and_ticks_do_not_wait_for_each_other(cast, at):
    """A tick that locked the clock first and a verb that locks the order first would stop each other on PostgreSQL."""
    made = [opened(cast, "chen") for _ in range(12)]
    at.move(minutes=125)  # yellow and red of every answer clock are due
    worker = cast.actor("li_min")

    def ticks() -> int:
        return sum(actions.advance_clocks(limit=5) for _ in range(12))

    race(
        ticks, ticks, lambda: [actions.answer_order(by=worker, order_id=o.id, words=WORDS) for o in made[:6]],
        lambda: [actions.handle_order(by=worker, order_id=o.id, words=WORDS) for o in reversed(made[6:])],
    )  # fmt: skip
    while actions.advance_clocks():
        pass
    for order in made:
        order.refresh_from_db()
        answer = Clock.objects.get(order=order, name=Clock.ANSWER)
        assert answer.state == Clock.MET and order.answered_in_time is False
        assert order.light in ("green", "none"), "a light that the tick wrote over the answer's"
    warned = Event.objects.filter(verb="orders.warn_order").values_list("subject_id", "facts__percent", "facts__clock")
    assert len(warned) == len(set(warned)), "a step was taken twice"


def test_a_rating_and_the_closing_of_the_unrated(cast, at):
    made = [opened(cast) for _ in range(6)]
    for order in made:
        actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words=WORDS)
    at.move(days=7)
    voices = [Voice.objects.get(order=o) for o in made]

    def rate() -> list:
        out = []
        for v in voices:
            try:
                actions.rate_order(by=cast.actor("zhou"), order_id=v.order_id, voice_id=v.id, rating="unsolved")
                out.append(v.order_id)
            except LinliError:
                pass
        return out

    found = race(rate, actions.close_unrated, actions.advance_clocks)
    for order in made:
        order.refresh_from_db()
        assert order.is_open is (order.id in found[0]), "closed and reopened at once"


def test_voices_from_many_threads_are_all_counted(cast, at):
    order = opened(cast)
    people = [k for k in cast.member if "@" not in k and k != "zhou"][:8]
    race(*[lambda k=k: actions.add_voices(by=SYSTEM, order_id=order.id, voices=[voice_of(cast, k)]) for k in people])
    order.refresh_from_db()
    assert order.voice_count == 9 == Voice.objects.filter(order=order).count()


def test_the_same_person_from_many_threads_is_counted_once(cast, at):
    order = opened(cast)
    race(*[lambda: actions.add_voices(by=SYSTEM, order_id=order.id, voices=[voice_of(cast, "chen")])] * 6)
    order.refresh_from_db()
    assert order.voice_count == 2 and Voice.objects.filter(order=order).count() == 7


def test_numbers_are_unique_and_without_a_gap(cast, at):
    def many() -> list[str]:
        return [o.number for _ in range(3) for o in actions.open_orders(by=SYSTEM, drafts=[draft(cast), draft(cast, "chen")])]

    numbers = sorted(n for found in race(*[many] * 8) for n in found)
    assert len(set(numbers)) == 48
    assert [int(n.rpartition("-")[2]) for n in numbers] == list(range(1, 49))


def test_a_failed_opening_leaves_no_gap(cast, at):
    first = opened(cast)
    with pytest.raises(LinliError):
        actions.open_orders(by=SYSTEM, drafts=[draft(cast), draft(cast, kind="nonsense")])
    assert int(opened(cast).number[-3:]) == int(first.number[-3:]) + 1


def test_one_key_at_the_same_moment_is_one_order(cast, at):
    found = race(*[lambda: actions.open_order(by=SYSTEM, draft=draft(cast, key="api:one"))] * 6)
    assert len({o.id for o in found}) == 1 and Order.objects.count() == 1


def test_one_invitation_twice_at_once_is_one_member(cast, at):
    group = cast.group["jx5"]
    found = race(*[lambda: groups.join_group(by=cast.actor("zhou"), invite=group.invite, nickname="周阿姨")] * 4)
    assert len({member.id for member, _ in found}) == 1
    assert Member.objects.filter(group=group, account_id=cast.account["zhou"].id).count() == 1
    assert Event.objects.filter(verb="groups.add_member", subject_id=group.id, facts__member=str(found[0][0].id)).count() == 1


def test_the_head_and_the_worker_at_once_leave_one_responsible_person(cast, at):
    order = opened(cast)
    found = race(
        lambda: actions.assign_order(by=cast.actor("zhao_hui"), order_id=order.id, to=cast.account["wang_fang"].id),
        lambda: actions.return_order(by=cast.actor("li_min"), order_id=order.id, words="不归我这一片"),
        lambda: actions.accept_order(by=cast.actor("li_min"), order_id=order.id),
    )
    order.refresh_from_db()
    assert order.responsible_id and order.state in ("assigned", "working")
    steps = Event.objects.filter(subject_id=order.id).order_by("id").values_list("facts__to", flat=True)
    last = [s for s in steps if s][-1]
    assert str(order.responsible_id) == last and len([f for f in found if isinstance(f, Order)]) >= 1


@pytest.mark.postgres
def test_postgres_is_what_it_runs_on(cast):
    assert connection.vendor == "postgresql"
