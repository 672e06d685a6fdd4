"""Reads of accounts."""

from collections.abc import Iterable
from uuid import UUID

from linli.accounts.models import Account


def names(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Display names by account id, in one query."""
    wanted = {i for i in account_ids if i}
    return dict(Account.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def phone_of(account_id: UUID) -> str:
    """A staff member's number for one-tap calling; empty when none is known."""
    return Account.objects.filter(id=account_id).values_list("phone", flat=True).first() or ""
