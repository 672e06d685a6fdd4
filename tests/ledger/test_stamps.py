"""What is kept in memory is stale as soon as a change of its tables can be seen, and not before."""

import threading
import time
from datetime import date

import pytest
from django.db import connections, transaction

from linli.accounts import actions as accounts
from linli.calendars import actions as calendars
from linli.grid import actions as grid
from linli.grid import selectors as places
from linli.grid.duty import book
from linli.kernel.actors import SYSTEM
from linli.kernel.roles import Role
from linli.ledger import delivery, stamps
from tests.orders.people import opened


def names() -> set[str]:
    return {a.name for a in places.areas("community")}


@pytest.mark.django_db
def test_a_change_is_seen_at_once_by_who_made_it(cast, at):
    assert "新名社区" not in names()
    grid.change_area(by=SYSTEM, area_id=cast.community["liudi"].id, name="新名社区")
    assert "新名社区" in names()
    worker, place = cast.account["wang_fang"].id, cast.community["liudi"]
    assert worker not in book().with_role(Role.DUTY_OFFICER, place.id)
    grid.add_post(by=SYSTEM, account_id=worker, role=Role.DUTY_OFFICER, area=place)
    assert worker in book().with_role(Role.DUTY_OFFICER, place.id)


@pytest.mark.django_db
def test_what_is_taken_back_was_never_there(cast, at):
    before = names()
    with pytest.raises(RuntimeError), transaction.atomic():
        grid.change_area(by=SYSTEM, area_id=cast.community["liudi"].id, name="不算数社区")
        assert "不算数社区" in names()
        raise RuntimeError
    assert names() == before


@pytest.mark.django_db(transaction=True)
def test_others_see_it_after_the_commit_and_not_before(cast, at):
    seen = []

    def look() -> None:
        try:
            seen.append("新名社区" in names())
        finally:
            connections.close_all()

    def other() -> None:
        thread = threading.Thread(target=look)
        thread.start()
        thread.join(20)

    with transaction.atomic():
        grid.change_area(by=SYSTEM, area_id=cast.community["liudi"].id, name="新名社区")
        assert "新名社区" in names()
        if connections["default"].features.has_select_for_update:
            other()
    other()
    assert seen in ([False, True], [True])


@pytest.mark.django_db
def test_a_verb_renews_what_watches_it_and_nothing_else(cast, at):
    before = {name: stamps.current(name) for name in ("places", "duty", "calendars")}
    calendars.set_special_day(by=SYSTEM, day=date(2026, 3, 9), working=False)
    after = {name: stamps.current(name) for name in before}
    assert [name for name in before if before[name] != after[name]] == ["calendars"]


@pytest.mark.django_db
def test_who_hears_of_another_process_s_change_sees_it(cast, at):
    """The clerk stops an account in the web process; the worker, which has looked a moment before, hears of it within KEPT."""
    order, li = opened(cast), cast.account["li_min"].id
    assert order.responsible_id == li
    delivery.deliver_all()
    before, until = {name: stamps.current(name) for name in ("duty", "places")}, time.monotonic() + 60
    accounts.change_account(by=SYSTEM, account_id=li, active=False)
    stamps._seen, stamps._until, stamps._mine.renewed = before, until, False  # what the worker keeps
    assert not book().has_left(li), "it has not looked yet"
    delivery.deliver_all()
    order.refresh_from_db()
    assert order.responsible_id not in (li, None)
    stamps.forget()


@pytest.mark.django_db
def test_asking_often_costs_one_statement(cast, at, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        for _ in range(50):
            stamps.current("places")
            stamps.current("duty")


@pytest.mark.django_db
def test_a_savepoint_that_is_taken_back_takes_its_stamps_along(cast, at):
    grid.change_area(by=SYSTEM, area_id=cast.community["liudi"].id, name="算数社区")
    kept = stamps.current("places")
    for _ in range(2):
        with pytest.raises(RuntimeError), transaction.atomic():
            grid.change_area(by=SYSTEM, area_id=cast.community["liudi"].id, name="不算数社区")
            assert stamps.current("places") != kept and "不算数社区" in names()
            raise RuntimeError
        assert stamps.current("places") == kept and "算数社区" in names() and "不算数社区" not in names()


@pytest.mark.django_db
def test_who_has_changed_something_asks_often_with_one_statement(cast, at, django_assert_max_num_queries):
    grid.change_area(by=SYSTEM, area_id=cast.community["liudi"].id, name="新名社区")
    with django_assert_max_num_queries(2):  # two where a quarter of a second is over in between
        for _ in range(50):
            stamps.current("places")
