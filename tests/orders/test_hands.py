"""In whose hands a step is: the role of the place, her stand-in, another body, the centre; never nobody, never silently."""

from datetime import datetime, timedelta

import pytest

from linli.accounts import actions as accounts
from linli.grid import actions as grid
from linli.grid.duty import book
from linli.grid.models import Post
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.roles import Role
from linli.ledger.delivery import deliver_all
from linli.ledger.models import Event
from linli.notices.models import Notice
from linli.orders import actions, hands
from linli.orders.models import Order
from linli.standards.flow import WHO
from tests.orders.people import WORDS, opened, voice_of
from tests.orders.test_pool import pooled

pytestmark = pytest.mark.django_db


def away(cast, key: str, stand_in: str = "", days: int = 3) -> None:
    now = clock.now()
    grid.add_absence(
        by=SYSTEM, account_id=cast.account[key].id, starts_at=now, ends_at=now + timedelta(days=days),
        stand_in_id=cast.account[stand_in].id if stand_in else None,
    )  # fmt: skip


def gone(cast, key: str) -> None:
    accounts.change_account(by=SYSTEM, account_id=cast.account[key].id, active=False)


def found(cast, order: Order, who: str, person=None) -> tuple[str, str]:
    to, via = hands.find(order, who, book(), clock.now(), person=person)
    return cast.key_of(to), via


WHOSE = {
    "place": ("li_min", "worker"), "head": ("zhao_hui", "head"), "manager": ("xu_jing", "manager"), "street": ("cao_wei", "street"),
    "section": ("xie_lin", "section"), "stability_centre": ("ge_jun", "stability_centre"), "centre": ("yu_tao", "centre"),
    "department": ("fang_zheng", "department"), "district": ("yuan_qing", "district"), "property": ("shi_qiang", "property"),
    "line": ("han_mei", "line"), "front_desk": ("lu_xin", "front_desk"), "guide": ("qi_yue", "guide"), "deputy": ("bao_hua", "deputy"),
    "same": ("li_min", "same"), "claimer": ("li_min", "same"), "named": ("li_min", "same"), "other_body": ("xie_lin", "review"),
    "opener": ("yu_tao", "gap"), "parent": ("li_min", "worker"),
}  # fmt: skip


@pytest.mark.parametrize("who", sorted(WHO))
def test_everybody_is_found(cast, at, who):
    assert set(WHOSE) == set(WHO)
    assert found(cast, opened(cast), who) == WHOSE[who]


#: who → the one that has it, and who follows when she is on leave without a stand-in
NEXT = {
    "place": ("li_min", "colleague"), "head": ("zhao_hui", "yu_tao"), "manager": ("xu_jing", "zhao_hui"), "street": ("cao_wei", "yu_tao"),
    "section": ("xie_lin", "cao_wei"), "stability_centre": ("ge_jun", "cao_wei"), "department": ("fang_zheng", "yuan_qing"),
    "district": ("yuan_qing", "yu_tao"), "property": ("shi_qiang", "zhao_hui"), "line": ("han_mei", "zhao_hui"),
    "front_desk": ("lu_xin", "zhao_hui"), "guide": ("qi_yue", "xie_lin"), "deputy": ("bao_hua", "yuan_qing"), "other_body": ("xie_lin", "cao_wei"),
}  # fmt: skip


@pytest.mark.parametrize("who", sorted(NEXT))
@pytest.mark.parametrize("how", ["on leave", "stopped", "post ended"])
def test_whoever_is_not_there_is_followed_by_the_next_and_at_last_by_the_centre(cast, at, who, how):
    order = opened(cast)
    first, then = NEXT[who]
    if how == "on leave":
        away(cast, first)
    elif how == "stopped":
        gone(cast, first)
    else:
        for post in Post.objects.filter(account_id=cast.account[first].id):
            grid.end_post(by=SYSTEM, post_id=post.id)
    to, via = found(cast, order, who)
    assert to != first and to
    if then == "colleague":
        assert to in ("wang_fang", "zhang_jie") and via == "colleague"
    else:
        assert to == then and (via == "gap" or who == "other_body")


@pytest.mark.parametrize(("who", "first"), [("place", "li_min"), ("head", "zhao_hui"), ("section", "xie_lin"), ("street", "cao_wei"), ("line", "han_mei")])
def test_a_stand_in_has_it_while_she_is_on_leave(cast, at, who, first):
    order = opened(cast)
    away(cast, first, "zhang_jie")
    assert found(cast, order, who)[0] == "zhang_jie"
    at.move(days=4)
    assert found(cast, order, who)[0] == first


def test_when_the_centre_is_on_leave_its_stand_in_has_it(cast, at):
    order = opened(cast)
    away(cast, "yu_tao", "lang_yue")
    assert found(cast, order, "centre") == ("lang_yue", "centre")


def test_a_line_has_its_own_worker_and_one_without_it_is_passed_over(cast, at):
    order = opened(cast)
    order.line = "养老"
    assert found(cast, order, "line") == ("han_mei", "line")
    order.line = "jobs"
    assert found(cast, order, "line") == ("zhao_hui", "gap"), "who does another line does not do this one"


def test_named_is_who_was_named_and_the_centre_when_she_is_not_there(cast, at):
    order = opened(cast)
    named = cast.account["fang_zheng"].id
    assert found(cast, order, "named", named) == ("fang_zheng", "named")
    away(cast, "fang_zheng")
    assert found(cast, order, "named", named) == ("yu_tao", "gap")


def test_a_sensitive_matter_goes_to_the_head_and_a_complaint_to_the_street(cast, at):
    assert found(cast, opened(cast, kind="group_rental"), "place") == ("zhao_hui", "head")
    complaint = opened(cast, kind="complaint")
    assert found(cast, complaint, "place") == ("cao_wei", "street")
    away(cast, "cao_wei")
    assert found(cast, complaint, "place") == ("yu_tao", "gap"), "never to those complained of"


@pytest.mark.parametrize("verb", ["return_order", "raise_order"])
def test_a_complaint_is_neither_returned_nor_raised_to_those_complained_of(cast, at, verb):
    order = opened(cast, kind="complaint")
    by = cast.actor(cast.key_of(order.responsible_id))
    moved = getattr(actions, verb)(by=by, order_id=order.id, words="请换一位同志来办")
    assert cast.key_of(moved.responsible_id) in ("yu_tao", "yuan_qing", "xie_lin")


def test_up_from_a_grid_the_community_the_street_the_district_and_no_further(cast, at):
    order = opened(cast)
    levels = []
    for _ in range(3):
        by = cast.actor(cast.key_of(order.responsible_id))
        order = actions.raise_order(by=by, order_id=order.id, words="本级没有这个权限，请上一级办")
        levels.append((cast.key_of(order.responsible_id), order.level))
    assert levels == [("zhao_hui", 1), ("xie_lin", 2), ("yuan_qing", 3)]
    with pytest.raises(Exception, match="最高一级"):
        actions.raise_order(by=cast.actor("yuan_qing"), order_id=order.id, words="再往上报")
    deliver_all()
    told = Notice.objects.filter(subject_id=order.id, kind="order_raised").order_by("id")
    assert [cast.key_of(n.account_id) for n in told] == ["zhao_hui", "xie_lin", "yuan_qing"]
    # The resident reads why, each time.
    assert order.words.filter(verb="raise_order", public=True).count() == 3


def test_up_from_a_section_is_the_district_never_the_community(cast, at):
    order = actions.assign_order(by=cast.actor("zhao_hui"), order_id=opened(cast).id, to=cast.account["xie_lin"].id)
    raised = actions.raise_order(by=cast.actor("xie_lin"), order_id=order.id, words="要区里立项")
    assert (cast.key_of(raised.responsible_id), raised.level) == ("yuan_qing", 3)


def test_two_returns_then_the_centre_has_said_the_last_word(cast, at):
    order = opened(cast)
    path = []
    for _ in range(2):
        by = cast.actor(cast.key_of(order.responsible_id))
        order = actions.return_order(by=by, order_id=order.id, words="不在我的网格")
        path.append(cast.key_of(order.responsible_id))
        order = actions.assign_order(by=cast.actor("yu_tao"), order_id=order.id, to=cast.account["li_min"].id)
    assert path == ["zhao_hui", "yu_tao"]
    with pytest.raises(Exception, match="不能再退"):
        actions.return_order(by=cast.actor("li_min"), order_id=order.id, words="还是不在我的网格")
    assert Order.objects.get(id=order.id).returned == 2


# -- gone for good -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["stopped", "post ended"])
def test_what_was_in_her_hands_finds_others_and_they_hear_of_it(cast, at, how):
    mine, over = opened(cast), opened(cast)
    actions.handle_order(by=cast.actor("li_min"), order_id=over.id, words=WORDS)
    before = Order.objects.get(id=mine.id)
    if how == "stopped":
        gone(cast, "li_min")
    else:
        for post in Post.objects.filter(account_id=cast.account["li_min"].id):
            grid.end_post(by=SYSTEM, post_id=post.id)
    deliver_all()
    mine.refresh_from_db()
    over.refresh_from_db()
    to = cast.key_of(mine.responsible_id)
    assert to in ("wang_fang", "zhang_jie") and over.responsible_id == cast.account["li_min"].id
    assert (mine.answer_due_at, mine.solve_due_at) == (before.answer_due_at, before.solve_due_at), "the clocks go on"
    event = Event.objects.get(subject_id=mine.id, verb="orders.assign_order")
    assert event.facts == {"v": 1, "from": str(cast.account["li_min"].id), "to": str(mine.responsible_id), "via": "colleague"}
    assert Notice.objects.filter(account_id=mine.responsible_id, subject_id=mine.id, kind="order_assigned").count() == 1


def test_a_post_that_ends_later_or_one_of_two_hands_nothing_over(cast, at):
    order = opened(cast)
    post = Post.objects.get(account_id=cast.account["li_min"].id, role=Role.GROUP_OWNER)
    grid.end_post(by=SYSTEM, post_id=post.id)
    own = Post.objects.get(account_id=cast.account["li_min"].id, role=Role.GRID_WORKER)
    grid.end_post(by=SYSTEM, post_id=own.id, last_day=datetime(2026, 3, 31).date())
    deliver_all()
    assert Order.objects.get(id=order.id).responsible_id == cast.account["li_min"].id


def test_reminders_of_who_is_away_reach_whoever_stands_in_else_the_centre(cast, at):
    section = actions.assign_order(by=cast.actor("zhao_hui"), order_id=opened(cast).id, to=cast.account["xie_lin"].id)
    child = actions.open_children(by=cast.actor("zhao_hui"), order_id=section.id, tasks=[actions.Task(cast.account["fang_zheng"].id, "请到场")])[0]
    away(cast, "fang_zheng", days=9)
    at.set(datetime(2026, 3, 5, 17))
    while actions.advance_clocks():
        pass
    event = Event.objects.get(subject_id=child.id, verb="orders.warn_order", facts__whom="responsible")
    assert event.facts["to"] == [str(cast.account["yu_tao"].id)] and event.facts["via"] == "gap"


def test_a_roster_gap_goes_to_the_centre_and_says_so(cast, at):
    at.set(datetime(2026, 3, 2, 23))
    for key in ("hua_yu", "jin_qiang"):
        away(cast, key)
    order = opened(cast)
    assert (cast.key_of(order.responsible_id), order.responsible_via) == ("yu_tao", "gap")
    deliver_all()
    notice = Notice.objects.get(subject_id=order.id, account_id=cast.account["yu_tao"].id)
    assert notice.kind == "order_assigned" and notice.not_before == clock.now(), "at once, in the night too"


def test_where_there_is_no_centre_either_the_head_has_it(cast, at):
    gone(cast, "yu_tao")
    for key in ("li_min", "wang_fang", "zhang_jie"):
        away(cast, key)
    order = opened(cast)
    assert cast.key_of(order.responsible_id) == "zhao_hui"


def test_nobody_at_all_leaves_the_order_red_in_the_pool_and_not_in_nobodys_hands(cast, at):
    order = pooled(cast)[0]
    for key in ("li_min", "wang_fang", "zhang_jie", "zhao_hui", "cao_wei", "yu_tao"):
        gone(cast, key)
    at.move(hours=25)
    while actions.advance_clocks():
        pass
    order.refresh_from_db()
    assert (order.state, order.responsible_id, order.light) == ("pooled", None, "red")
    assert Event.objects.filter(subject_id=order.id, verb="orders.warn_order", facts__stuck="nobody_there").count() == 1
    # As soon as somebody is there it goes on by itself.
    accounts.change_account(by=SYSTEM, account_id=cast.account["li_min"].id, active=True)
    at.move(hours=1, seconds=1)
    while actions.advance_clocks():
        pass
    order.refresh_from_db()
    assert cast.key_of(order.responsible_id) == "li_min"


def test_a_voice_is_no_reason_to_have_an_order(cast, at):
    """Who spoke never becomes responsible by it, not even a colleague."""
    order = opened(cast)
    actions.add_voices(by=SYSTEM, order_id=order.id, voices=[voice_of(cast, "wang_fang")])
    assert found(cast, Order.objects.get(id=order.id), "place") == ("li_min", "worker")
