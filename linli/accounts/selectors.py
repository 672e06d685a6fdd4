"""Reads of accounts."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from linli.accounts.models import Account, ApiKey
from linli.kernel import clock, crypto
from linli.ledger import stamps

#: what a machine's keys open is kept in this process: it calls thousands of times with the same one
KEYS = stamps.watch("keys", "accounts.add_api_key", "accounts.end_api_key", "accounts.change_account")


class _Key(NamedTuple):
    expires_at: datetime
    account: Account


_keys: dict[str, dict[str, _Key]] = {}


def names(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Display names by account id, in one query."""
    wanted = {i for i in account_ids if i}
    return dict(Account.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def phone_of(account_id: UUID) -> str:
    """A staff member's number for one-tap calling; empty when none is known."""
    return Account.objects.filter(id=account_id).values_list("phone", flat=True).first() or ""


def phones(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Numbers of colleagues for one-tap calling, in one query."""
    wanted = set(account_ids)
    return dict(Account.objects.filter(id__in=wanted).values_list("id", "phone")) if wanted else {}


def resident_with_phone(digits: str) -> Account | None:
    """The resident whose number this is, if she has proved it."""
    index = crypto.ring().index(digits)
    rows = Account.objects.filter(phone_index=index, phone_proved_at__isnull=False, kind=Account.RESIDENT, is_active=True)
    return rows.first() if digits else None


def active_names(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of those staff accounts that are in use, in one query."""
    wanted = {i for i in account_ids if i}
    rows = Account.objects.filter(id__in=wanted, kind=Account.STAFF, is_active=True)
    return dict(rows.values_list("id", "name")) if wanted else {}


def account_of_key(key: str) -> Account | None:
    """The account as which a machine's key acts; None for an unknown, ended or expired key or a stopped account.

    It is shared by all who ask with the key, so it must not be changed; nothing but its id, kind, name and that it is in use is
    kept true. Another process goes by an ended key for `stamps.KEPT` seconds at most.
    """
    if not key:
        return None
    hashed = hashlib.sha256(key.encode(errors="replace")).hexdigest()
    stamp = stamps.current(KEYS)
    if (known := _keys.get(stamp)) is None:
        _keys.clear()
        known = _keys.setdefault(stamp, {})
    if (found := known.get(hashed)) is None:
        row = ApiKey.objects.select_related("account").filter(key_hash=hashed, ended_at=None, account__is_active=True).first()
        if row is None:
            return None
        # A key that opens nothing is asked for each time: whoever guesses fills no memory.
        found = known[hashed] = _Key(row.expires_at, row.account)
    return found.account if found.expires_at > clock.wall() else None


def forget() -> None:
    """Drop what is kept of keys (tests: another database)."""
    _keys.clear()


def api_keys() -> list[ApiKey]:
    """All keys, the newest first."""
    return list(ApiKey.objects.select_related("account").order_by("-id"))


def staff_account(account_id: UUID) -> Account | None:
    """A colleague's account that is in use."""
    return Account.objects.filter(id=account_id, kind=Account.STAFF, is_active=True).first()


def lock(account_id: UUID) -> None:
    """Hold the account's row for this transaction, so that two deeds of one person stand in a queue. SQLite has one writer
    at a time anyway."""
    if connection.features.has_select_for_no_key_update:
        list(Account.objects.select_for_update(no_key=True).filter(id=account_id).values_list("id"))
