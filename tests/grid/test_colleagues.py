"""A colleague's name, number, posts and account at the desk; nobody can shut the last administrator out."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from linli.accounts import actions as accounts
from linli.accounts.models import Account
from linli.grid import actions
from linli.grid.duty import book
from linli.grid.models import Post
from linli.grid.seen import Stale, seen_of
from linli.grid.selectors import stamp_of_building
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, Conflict, Forbidden, NotFound
from linli.kernel.roles import Role
from linli.ledger.models import Event

pytestmark = pytest.mark.django_db


def events(verb):
    return Event.objects.filter(verb=verb)


def test_her_name_and_number(cast, at):
    li, admin = cast.account["li_min"], cast.actor("admin")
    actions.change_colleague(by=admin, account_id=li.id, name=" 李 敏敏 ", phone="190 0000 1234")
    now = Account.objects.get(id=li.id)
    assert (now.name, now.phone, now.is_active) == ("李 敏敏", "19000001234", True)
    event = events("grid.change_colleague").get()
    assert event.facts == {"v": 1, "fields": ["name", "phone"]} and event.grid_id == cast.grid["jinxiu1"].id
    assert "敏" not in str(event.facts) and events("accounts.change_account").count() == 1
    actions.change_colleague(by=admin, account_id=li.id, name="李 敏敏", phone="19000001234")
    assert events("grid.change_colleague").count() == events("accounts.change_account").count() == 1
    with pytest.raises(Stale):
        actions.change_colleague(by=admin, account_id=li.id, name="x", seen=seen_of(li))
    for given in ({"name": " "}, {"name": "长" * 33}, {"phone": "12"}):
        with pytest.raises(BadInput):
            actions.change_colleague(by=admin, account_id=li.id, **given)
    actions.change_colleague(by=admin, account_id=li.id, phone="")
    assert Account.objects.get(id=li.id).phone == ""


def test_a_change_does_not_write_back_an_old_password(cast, at):
    li = cast.account["li_min"]
    token = actions.renew_link(by=cast.actor("admin"), account_id=li.id)
    accounts.use_one_time_link(token=token, password="vergissmeinnicht-7")
    actions.change_colleague(by=cast.actor("admin"), account_id=li.id, name="李敏敏")
    assert Account.objects.get(id=li.id).check_password("vergissmeinnicht-7")


def test_stopped_and_started_again(cast, at):
    li, admin = cast.account["li_min"], cast.actor("admin")
    stamp = stamp_of_building(cast.building["jx3"])
    assert cast.key_of(book().holder_of(li.id, stamp, at()).account_id) == "li_min"
    link = actions.renew_link(by=admin, account_id=li.id)
    actions.change_colleague(by=admin, account_id=li.id, active=False)
    li.refresh_from_db()
    assert cast.actor("li_min").kind == "guest"
    found = book().holder_of(li.id, stamp, at())
    assert cast.key_of(found.account_id) == "wang_fang" and found.via == "colleague", "her minute is somebody else's at once"
    with pytest.raises(NotFound):
        accounts.use_one_time_link(token=link, password="vergissmeinnicht-7")
    with pytest.raises(Conflict):
        actions.renew_link(by=admin, account_id=li.id)
    actions.change_colleague(by=admin, account_id=li.id, active=True)
    li.refresh_from_db()
    assert cast.actor("li_min").has_role(Role.GRID_WORKER), "her posts are still there"
    assert [e.facts.get("active") for e in events("grid.change_colleague").order_by("id")] == [False, True]


def test_a_new_link_ends_the_old_one(cast, at):
    li, admin = cast.account["li_min"], cast.actor("admin")
    old, new = (actions.renew_link(by=admin, account_id=li.id) for _ in range(2))
    with pytest.raises(NotFound):
        accounts.use_one_time_link(token=old, password="vergissmeinnicht-7")
    assert accounts.use_one_time_link(token=new, password="vergissmeinnicht-7").id == li.id
    assert events("grid.renew_link").count() == 2
    with pytest.raises(Forbidden):
        actions.renew_link(by=cast.actor("zhao_hui"), account_id=li.id)


def test_residents_are_no_colleagues(cast, at):
    for account_id in (cast.account["zhou"].id, uuid4()):
        with pytest.raises(NotFound):
            actions.change_colleague(by=SYSTEM, account_id=account_id, name="x")
        with pytest.raises(NotFound):
            actions.renew_link(by=SYSTEM, account_id=account_id)


def test_nobody_else_changes_a_colleague(cast, at):
    for key in ("zhao_hui", "cao_wei", "li_min", "security", "audit", "shi_qiang", "zhou"):
        with pytest.raises(Forbidden):
            actions.change_colleague(by=cast.actor(key), account_id=cast.account["wang_fang"].id, active=False)


def test_somebody_is_always_left_to_administer(cast, at):
    admin, li = cast.account["admin"], cast.account["li_min"]
    with pytest.raises(Conflict):
        actions.change_colleague(by=cast.actor("admin"), account_id=admin.id, active=False)
    with pytest.raises(Conflict):
        actions.change_colleague(by=SYSTEM, account_id=admin.id, active=False)
    post = Post.objects.get(account_id=admin.id, role=Role.ADMIN_SYSTEM)
    with pytest.raises(Conflict):
        actions.end_post(by=SYSTEM, post_id=post.id)
    actions.add_post(by=SYSTEM, account_id=li.id, role=Role.ADMIN_SYSTEM, ends=clock.today() + timedelta(days=7))
    with pytest.raises(Conflict):  # she would be gone before him
        actions.end_post(by=SYSTEM, post_id=post.id, last_day=clock.today() + timedelta(days=9))
    actions.end_post(by=SYSTEM, post_id=post.id)
    assert not cast.actor("admin").has_role(Role.ADMIN_SYSTEM)
    with pytest.raises(Conflict):
        actions.change_colleague(by=SYSTEM, account_id=li.id, active=False)


def test_posts_with_their_periods(cast, at):
    li, grid = cast.account["li_min"], cast.grid["jinxiu2"]
    given = {"by": cast.actor("admin"), "account_id": li.id, "role": Role.GRID_WORKER, "area": grid}
    period = {"starts": date(2026, 4, 1), "ends": date(2026, 4, 30)}
    post = actions.add_post(**given, **period)
    assert actions.add_post(**given, **period).id == post.id, "a post to come is not given twice either"
    assert not any(p.grid_id == grid.id for p in cast.actor("li_min").posts)
    with pytest.raises(BadInput):
        actions.add_post(**given, starts=date(2026, 4, 2), ends=date(2026, 4, 1))
    at.move(days=31)
    assert any(p.grid_id == grid.id for p in cast.actor("li_min").posts)
    actions.end_post(by=cast.actor("admin"), post_id=post.id, last_day=date(2026, 4, 5))
    assert Post.objects.get(id=post.id).ends == date(2026, 4, 5)
