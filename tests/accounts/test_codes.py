"""Codes for a number: five tries in all, also for many guesses at the same moment; a number written by others is not proved."""

import pytest

from linli.accounts import actions
from linli.accounts.models import Account, PhoneCode
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, LinliError
from tests.orders.people import race

PHONE = "13900000001"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_are_five():
    _, code = actions.send_phone_code(phone=PHONE)
    found = race(*[lambda: actions.check_phone_code(phone=PHONE, code=wrong(code))] * 12)
    codes = [f.code for f in found if isinstance(f, LinliError)]
    assert codes.count("code_wrong") == 5 and codes.count("code_gone") == 7
    with pytest.raises(BadInput):
        actions.check_phone_code(phone=PHONE, code=code)


@pytest.mark.django_db(transaction=True)
def test_a_code_is_used_once():
    _, code = actions.send_phone_code(phone=PHONE)
    found = race(*[lambda: actions.check_phone_code(phone=PHONE, code=code)] * 4)
    assert sorted(isinstance(f, str) for f in found) == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_for_a_code_at_once_get_five():
    found = race(*[lambda: actions.send_phone_code(phone=PHONE)] * 12)
    sent = [f for f in found if isinstance(f, tuple)]
    assert len(sent) == 5 and {f.code for f in found if isinstance(f, LinliError)} == {"too_many_codes"}
    assert PhoneCode.objects.filter(expires_at__gt=clock.wall()).count() == 1, "only the last of them opens anything"


@pytest.mark.django_db
def test_a_code_ends_when_a_newer_one_is_sent_also_after_that_one_was_used():
    (_, first), (_, second) = (actions.send_phone_code(phone=PHONE) for _ in range(2))
    for _ in range(2):  # one in a million has the same code twice
        if first == second:
            _, second = actions.send_phone_code(phone=PHONE)
    with pytest.raises(BadInput):
        actions.check_phone_code(phone=PHONE, code=first)
    assert actions.check_phone_code(phone=PHONE, code=second) == PHONE
    with pytest.raises(BadInput) as refused:
        actions.check_phone_code(phone=PHONE, code=first)
    assert refused.value.code == "code_gone"


@pytest.mark.django_db
def test_a_number_that_an_administrator_changes_has_to_be_proved_again():
    account = actions.add_account(by=SYSTEM, kind=Account.RESIDENT, name="周阿姨")
    _, code = actions.send_phone_code(phone=PHONE)
    actions.prove_phone(by=SYSTEM, account_id=account.id, phone=PHONE, code=code)
    actions.change_account(by=SYSTEM, account_id=account.id, phone="13900000002")
    account.refresh_from_db()
    assert account.phone == "13900000002" and account.phone_proved_at is None
