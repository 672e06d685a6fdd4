"""A machine's key: kept in the process that is asked with it, and shut at once when it ends."""

from datetime import timedelta

import pytest
from django.db import transaction

from linli.accounts import actions, selectors
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.ledger import stamps

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(cast, at):
    return actions.add_api_key(by=SYSTEM, account=cast.account["yu_tao"], name="热线平台", days=1)


def test_the_second_call_asks_nothing(cast, made, django_assert_num_queries):
    assert selectors.account_of_key(made[1]) == cast.account["yu_tao"]
    stamps.current(selectors.KEYS)
    with django_assert_num_queries(0):
        assert selectors.account_of_key(made[1]).name == cast.account["yu_tao"].name


def test_an_ended_key_opens_nothing_at_once(made):
    assert selectors.account_of_key(made[1])
    actions.end_api_key(by=SYSTEM, key_id=made[0].id)
    assert selectors.account_of_key(made[1]) is None


def test_a_stopped_account_s_key_opens_nothing_until_it_works_again(cast, made):
    account_id = cast.account["yu_tao"].id
    assert selectors.account_of_key(made[1])
    actions.change_account(by=SYSTEM, account_id=account_id, active=False)
    assert selectors.account_of_key(made[1]) is None
    actions.change_account(by=SYSTEM, account_id=account_id, active=True)
    assert selectors.account_of_key(made[1]).id == account_id


def test_an_end_that_is_taken_back_ends_nothing(made):
    assert selectors.account_of_key(made[1])
    with transaction.atomic():
        actions.end_api_key(by=SYSTEM, key_id=made[0].id)
        assert selectors.account_of_key(made[1]) is None
        transaction.set_rollback(True)
    assert selectors.account_of_key(made[1])


def test_a_kept_key_expires(made, monkeypatch):
    assert selectors.account_of_key(made[1])
    late = clock.wall() + timedelta(days=1)
    monkeypatch.setattr(clock, "wall", lambda: late)
    assert selectors.account_of_key(made[1]) is None


def test_a_new_name_is_seen(cast, made):
    assert selectors.account_of_key(made[1])
    actions.change_account(by=SYSTEM, account_id=cast.account["yu_tao"].id, name="于小涛")
    assert selectors.account_of_key(made[1]).name == "于小涛"


@pytest.mark.parametrize("key", ["", "lk_nonsense", "\ud800"])
def test_a_wrong_key_is_asked_for_and_never_kept(made, key):
    selectors.account_of_key(made[1])
    assert selectors.account_of_key(key) is None
    assert [len(known) for known in selectors._keys.values()] == [1]


def test_another_process_s_end_is_seen_after_a_moment(cast, made, monkeypatch):
    """Another process writes the row and its stamp; this one looks at the stamps again when their time is over."""
    assert selectors.account_of_key(made[1])
    with monkeypatch.context() as patched:
        patched.setattr(stamps, "forget", lambda: None)
        actions.end_api_key(by=SYSTEM, key_id=made[0].id)
    stamps._mine.renewed = False
    monkeypatch.setattr(stamps, "_until", 0.0)
    assert selectors.account_of_key(made[1]) is None
