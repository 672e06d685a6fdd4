"""The only writer of notices."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.ledger import wake
from linli.notices import quiet, selectors
from linli.notices.models import Notice
from linli.notices.texts import TEXTS

_CODE = re.compile(r"[0-9A-Za-z_.:+/-]{0,64}", re.ASCII)
_PERSONAL = re.compile(r"(\+?86)?-?1[3-9]\d{9}|\d{17}[\dXx]")  # a phone or an identity number is no code
_CHUNK = 500


@transaction.atomic
def notify(
    by: Actor,
    account_ids: Iterable[UUID],
    kind: str,
    subject_kind: str,
    subject_id: UUID,
    dedupe_key: str,
    *,
    params: Mapping[str, Any] | None = None,
    urgent: bool = False,
    at: datetime | None = None,
) -> int:
    """Tell each account once: a second call with the same dedupe key changes nothing. Returns how many are new.

    dedupe_key: names the step, e.g. "order:<id>:answered:yellow:1". at: when it is to be told (default now); in the
    quiet hours it waits for their end unless urgent. by: whose deed it tells of; the caller leaves out whom it need
    not tell. Raises ValueError for an unknown kind or for params that are not ids, codes, numbers, times.
    """
    if kind not in TEXTS:
        raise ValueError(f"no text for a notice of kind {kind}")
    if not dedupe_key or len(dedupe_key) > 120:
        raise ValueError("a dedupe key has 1 to 120 characters")
    facts = {name: _plain(value) for name, value in (params or {}).items()}
    now = clock.now()
    wanted = at or now
    not_before = wanted.astimezone(UTC) if urgent else quiet.hours().after(wanted)
    told = sorted(set(account_ids))
    new = 0
    for start in range(0, len(told), _CHUNK):
        rows = [
            Notice(
                id=ids.new(), account_id=account, kind=kind, subject_kind=subject_kind, subject_id=subject_id,
                params=facts, urgent=urgent, created_at=now, not_before=not_before, dedupe_key=dedupe_key,
            )
            for account in told[start : start + _CHUNK]
        ]  # fmt: skip
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        made = Notice.objects.filter(id__in=[r.id for r in rows]).values_list("account_id", flat=True)
        wake.touch([topic(account) for account in made])
        new += len(made)
    return new


@dataclass(slots=True)
class NoticeDraft:
    """One notice to some accounts; the fields are those of `notify`."""

    account_ids: list[UUID]
    kind: str
    subject_kind: str
    subject_id: UUID
    dedupe_key: str
    params: dict[str, Any] = field(default_factory=dict)
    urgent: bool = False


@transaction.atomic
def notify_many(by: Actor, rows: Iterable[NoticeDraft]) -> int:
    """Many different notices in few statements, each account once per dedupe key. Returns how many rows were given.

    Raises ValueError as `notify` does.
    """
    now = clock.now()
    later = quiet.hours().after(now)
    made = []
    for row in rows:
        if row.kind not in TEXTS:
            raise ValueError(f"no text for a notice of kind {row.kind}")
        facts = {name: _plain(value) for name, value in row.params.items()}
        made += [
            Notice(
                id=ids.new(), account_id=account, kind=row.kind, subject_kind=row.subject_kind,
                subject_id=row.subject_id, params=facts, urgent=row.urgent, created_at=now,
                not_before=now if row.urgent else later, dedupe_key=row.dedupe_key,
            )
            for account in row.account_ids
        ]  # fmt: skip
    Notice.objects.bulk_create(made, ignore_conflicts=True, batch_size=_CHUNK)
    wake.touch({topic(n.account_id) for n in made})
    return len(made)


@transaction.atomic
def mark_read(by: Actor, notice_ids: Iterable[UUID] | None = None, *, subject_id: UUID | None = None) -> int:
    """Mark one's own notices as read: those named, those of one subject (its page was opened), or all that show.

    Others' notices and read ones are passed over. Returns how many changed. Raises Forbidden for who has no inbox.
    """
    if by.kind not in ("worker", "resident") or by.id is None:
        raise Forbidden()
    rows = selectors.visible_to(by).filter(read_at__isnull=True)
    if notice_ids is not None:
        rows = rows.filter(id__in=list(notice_ids))
    if subject_id is not None:
        rows = rows.filter(subject_id=subject_id)
    changed = rows.update(read_at=clock.now())
    if changed:
        wake.touch(topic(by.id))
    return changed


def topic(account_id: UUID) -> str:
    """The live topic that says "your inbox changed"; it carries nothing else."""
    return f"inbox:{account_id}"


def _plain(value: Any) -> Any:
    """JSON of an id, code, number or time; ValueError for anything that could be words or name somebody."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time in a notice must be aware")
        return value.astimezone(UTC).isoformat()
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str) and _CODE.fullmatch(value) and not _PERSONAL.fullmatch(value):
        return value
    raise ValueError("a notice holds ids, codes, numbers and times, no text")
