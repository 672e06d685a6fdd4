"""Reads of accounts."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from linli.accounts.models import Account, ApiKey
from linli.kernel import clock, crypto


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
    """The account as which a machine's key acts; None for an unknown, ended or expired key or a stopped account."""
    hashed = hashlib.sha256(key.encode(errors="replace")).hexdigest()
    rows = ApiKey.objects.select_related("account").filter(key_hash=hashed, ended_at=None, expires_at__gt=clock.wall())
    found = rows.first() if key else None
    return found.account if found and found.account.is_active else None


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
