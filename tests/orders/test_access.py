"""One rule answers "this one?" and "which ones?": for everybody of the cast and every order they agree."""

from dataclasses import replace
from datetime import date

import pytest

from linli.accounts import actions as accounts
from linli.grid import access as grid_access
from linli.grid import actions as places
from linli.grid import atlas
from linli.grid.models import Post
from linli.kernel import ids
from linli.kernel.actors import BOT, GUEST, SYSTEM, Actor, PostRef
from linli.kernel.errors import BadInput, Forbidden, NotFound
from linli.kernel.roles import Role
from linli.ledger import stamps
from linli.orders import access, actions
from linli.orders.models import Order, Voice
from tests.orders.people import WORDS, draft, opened

pytestmark = pytest.mark.django_db


def spread(cast) -> list[Order]:
    """Orders in every community: plain, confidential, without a grid, in somebody's hands from elsewhere."""
    found = []
    for building in ("jx3", "jx8", "ld2", "hw1", "hp1", "hp6"):
        for kind in ("repair", "vice"):
            found.append(actions.open_order(by=SYSTEM, draft=draft(cast, kind=kind, building=building)))
    for community in cast.community.values():
        one = draft(cast)
        one.stamp = replace(one.stamp, street_id=community.street_id, community_id=community.id, grid_id=None, building_id=None)
        found.append(actions.open_order(by=SYSTEM, draft=one))
    for key in ("lu_jun", "fang_zheng", "tang_ning"):
        if key in cast.account:
            found.append(actions.open_order(by=SYSTEM, draft=draft(cast, kind="vice", to_account=cast.account[key].id)))
    return found


def agree(actor: Actor, orders: list[Order]) -> set:
    listed = set(access.visible_to(actor).values_list("id", flat=True))
    assert listed == {o.id for o in orders if access.reads(actor, o)}, actor
    return listed


def test_everybody_of_the_cast(cast, at):
    orders = spread(cast)
    actions.handle_order(by=SYSTEM, order_id=orders[0].id, words=WORDS)
    orders = list(Order.objects.all())
    for key in cast.account:
        agree(cast.actor(key), orders)
    assert agree(GUEST, orders) == set() and len(agree(BOT, orders)) == len(orders)
    for voice in Voice.objects.all()[:5]:
        assert agree(Actor("link", voice.id), orders) == {voice.order_id}


def test_every_role_at_every_reach_and_two_posts_together(cast, at):
    orders = spread(cast)
    street, community, grid = cast.street["jinxiu"], cast.community["jinxiu"], cast.grid["jinxiu1"]
    reaches = [
        {}, {"street_id": street.id}, {"street_id": street.id, "community_id": community.id},
        {"street_id": street.id, "community_id": community.id, "grid_id": grid.id},
    ]  # fmt: skip
    posts = [PostRef(ids.new(), role, **reach) for role in Role for reach in reaches]
    for post in posts:
        agree(Actor("worker", ids.new(), (post,)), orders)
    some = [p for p in posts if p.role in (Role.GRID_WORKER, Role.STABILITY_CENTRE, Role.COMMUNITY_HEAD, Role.BIG_DATA)]
    for one in some:
        for other in some:
            agree(Actor("worker", ids.new(), (one, other)), orders)


def test_who_sees_a_confidential_order(cast, at):
    order = opened(cast, kind="vice")
    see = {k for k in cast.account if access.reads(cast.actor(k), order)}
    roles = {p.role for k in see for p in cast.actor(k).posts}
    assert "zhou" in see and "li_min" not in see and "yu_tao" not in see
    # The police of its street are told of vice: they read the matter, never who spoke.
    assert {k for k in see if k != "zhou"} == {"zhao_hui", "ge_jun", "cao_wei", "fang_zheng"}
    assert roles <= access.CONFIDENTIAL | {Role.RESIDENT, Role.DEPARTMENT}


def test_a_resident_reads_her_own_and_no_longer_when_taken_out(cast, at):
    order = opened(cast, "chen")
    chen = Voice.objects.get(order=order, account_id=cast.account["chen"].id)
    assert access.reads(cast.actor("chen"), order) and not access.reads(cast.actor("liu"), order)
    actions.remove_voice(by=cast.actor("li_min"), order_id=order.id, voice_id=chen.id, words="说的是另一件事")
    assert not access.reads(cast.actor("chen"), order) and not access.reads(Actor("link", chen.id), order)
    with pytest.raises(NotFound):
        access.get(cast.actor("chen"), order.id)


@pytest.mark.parametrize("verb", ["view_voices", "add_voices", "remove_voice", "rate_order"])
@pytest.mark.parametrize("who", ["property", "department"])
def test_whoever_repairs_or_is_reported_never_touches_voices(cast, at, verb, who):
    order = opened(cast)
    role = Role.PROPERTY if who == "property" else Role.DEPARTMENT
    account = Post.objects.filter(role=role, area__street_id=None) | Post.objects.filter(role=role)
    post = account.filter(area__in=[cast.community["jinxiu"], cast.street["jinxiu"]]).first()
    actions.assign_order(by=cast.actor("zhao_hui"), order_id=order.id, to=post.account_id)
    order.refresh_from_db()
    actor = cast.actor(cast.key_of(post.account_id))
    assert access.reads(actor, order) and access.may(actor, "handle_order", order)
    assert not access.may(actor, verb, order)
    both = replace(actor, posts=(*actor.posts, *cast.actor("li_min").posts))
    assert not access.may(both, verb, order)


def test_a_stopped_account_and_an_ended_post_do_nothing(cast, at):
    order = opened(cast)
    accounts.change_account(by=SYSTEM, account_id=cast.account["li_min"].id, active=False)
    cast.account["li_min"].refresh_from_db()
    assert cast.actor("li_min") == GUEST
    for post in Post.objects.filter(account_id=cast.account["zhao_hui"].id):
        places.end_post(by=SYSTEM, post_id=post.id)
    head = cast.actor("zhao_hui")
    assert head.posts == () and not access.reads(head, order)
    Post.objects.filter(account_id=cast.account["wang_fang"].id).update(starts=date(2027, 1, 1))
    stamps.renew([atlas.DUTY])
    assert grid_access.actor_for(cast.account["wang_fang"]).posts == ()


def test_nobody_who_has_left_is_given_an_order(cast, at):
    order = opened(cast)
    accounts.change_account(by=SYSTEM, account_id=cast.account["wang_fang"].id, active=False)
    for to in (cast.account["wang_fang"].id, cast.account["zhou"].id, cast.account["sun_li"].id, ids.new()):
        with pytest.raises(BadInput):
            actions.assign_order(by=cast.actor("zhao_hui"), order_id=order.id, to=to)


def test_who_only_watches_is_told_forbidden_and_who_sees_nothing_not_found(cast, at):
    order = opened(cast)
    with pytest.raises(Forbidden):
        actions.answer_order(by=cast.actor("qi_yue"), order_id=order.id, words=WORDS)
    for key in ("sun_li", "zhou", "chen", "lang_yue", "bao_hua"):
        with pytest.raises((NotFound, Forbidden)):
            actions.answer_order(by=cast.actor(key), order_id=order.id, words=WORDS)
    order.refresh_from_db()
    assert order.answered_at is None
