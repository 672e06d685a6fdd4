"""Reads of accounts."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from linli.accounts.models import Account
from linli.kernel import crypto


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


def lock(account_id: UUID) -> None:
    """Hold the account's row for this transaction, so that two deeds of one person stand in a queue. SQLite has one writer
    at a time anyway."""
    if connection.features.has_select_for_no_key_update:
        list(Account.objects.select_for_update(no_key=True).filter(id=account_id).values_list("id"))
