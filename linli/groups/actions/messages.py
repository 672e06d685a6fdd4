"""The inbox and 小栖's words. Never lose a word: stored first, acknowledged then, its outcome exactly once."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from linli.groups.inbound import Inbound
from linli.groups.models import Group, Message
from linli.kernel import clock, crypto, ids
from linli.kernel.actors import Actor
from linli.kernel.bulk import insert_rows, update_rows
from linli.kernel.errors import Conflict, NotFound
from linli.language import normalise
from linli.ledger import wake
from linli.ledger.record import Row, record

MAX_TEXT = 20_000
STORE = 100
LONGEST_AI = 2000


def clean_text(text: str) -> str:
    """What can be stored on every database: no NUL, no lone surrogates; the words themselves stay as they were said."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")[:MAX_TEXT]


def receive(by: Actor, inbound: Sequence[Inbound]) -> list[Message]:
    """Store messages once each; returns those that are new. They wait for the assistant from then on.

    Idempotent by (account, dedupe_key), also when two processes store the same one at the same moment. `by` is the
    sender, or whoever carries the words in (worker, channel).
    """
    new: list[Message] = []
    for start in range(0, len(inbound), STORE):
        new += _store(inbound[start : start + STORE])
    return new


def _store(inbound: Sequence[Inbound]) -> list[Message]:
    now = clock.now()
    rows = [
        Message(
            id=ids.new(), group_id=i.group_id, community_id=i.community_id, member_id=i.member_id, account=i.account,
            dedupe_key=i.dedupe_key, kind=i.kind, text=clean_text(i.text), blob_ids=i.blob_ids, hint=i.hint,
            sent_at=i.sent_at, received_at=now, history=i.history, audience=i.audience,
            to_member_id=i.member_id if i.audience != Message.GROUP else None,
        )
        for i in inbound
    ]  # fmt: skip
    # In the order of their keys, so that two processes that store the same words never wait for each other in a circle.
    ordered = sorted(rows, key=lambda r: (r.account, r.dedupe_key))
    try:
        with transaction.atomic():
            insert_rows(ordered)
            _told(rows)
        return rows
    except IntegrityError:
        # Some of them are known already, or come twice.
        with transaction.atomic():
            Message.objects.bulk_create(ordered, ignore_conflicts=True)
            stored = set(Message.objects.filter(id__in=[r.id for r in rows]).values_list("id", flat=True))
            new = [r for r in rows if r.id in stored]
            _told(new)
        return new


def _told(new: Sequence[Message]) -> None:
    if new:
        wake.touch({f"g:{r.group_id}" for r in new if not r.history and r.audience == Message.GROUP})
        wake.nudge_workers()


@dataclass(slots=True)
class Say:
    """One thing that 小栖 (or a person through it) says. `key` makes it once only."""

    group: Group
    text: str
    key: str
    audience: str = Message.GROUP
    to_member_id: UUID | None = None
    reply_to: UUID | None = None
    card: dict[str, Any] = field(default_factory=dict)
    kind: str = "text"
    blob_ids: list[str] = field(default_factory=list)
    outcome: str = ""
    outcome_id: UUID | None = None


def say(by: Actor, what: Say) -> None:
    """See `say_many`."""
    say_many(by, [what])


def say_many(by: Actor, what: Iterable[Say]) -> int:
    """Write outgoing messages, each once by its key. In a muted group nothing is said to the group: what has an
    addressee goes to her own page, the rest is not said. Must run in a transaction. Returns how many were written."""
    now = clock.now()
    rows = []
    for w in what:
        audience = w.audience
        if w.group.muted and audience != Message.OWN:
            if w.to_member_id is None:
                continue
            audience = Message.OWN
        rows.append(
            Message(
                id=ids.new(), group_id=w.group.id, community_id=w.group.community_id, member_id=None,
                account=f"out:{w.group.id}", dedupe_key=w.key[:80], direction=Message.OUT, kind=w.kind,
                text=clean_text(w.text), blob_ids=w.blob_ids, audience=audience, to_member_id=w.to_member_id,
                card=w.card, reply_to=w.reply_to, sent_at=now, received_at=now, state=Message.DONE,
                outcome=w.outcome, outcome_id=w.outcome_id,
            )
        )  # fmt: skip
    if rows:
        Message.objects.bulk_create(rows, ignore_conflicts=True)
        wake.touch({f"g:{r.group_id}" for r in rows} | {f"m:{r.to_member_id}" for r in rows if r.to_member_id})
    return len(rows)


def finish(outcomes: Sequence[tuple[Message, str, UUID | None]]) -> None:
    """Give messages their outcome; a message that has one already keeps it. Must run in the transaction of the
    effects."""
    plain: dict[str, list[UUID]] = {}
    pointing: list[tuple[UUID, int, str, UUID]] = []
    for message, outcome, ref in outcomes:
        if ref is None:
            plain.setdefault(outcome, []).append(message.id)
        else:
            pointing.append((message.id, Message.DONE, outcome, ref))
    for outcome, message_ids in plain.items():
        Message.objects.filter(id__in=message_ids, state=Message.NEW).update(state=Message.DONE, outcome=outcome)
    update_rows(Message, ["state", "outcome", "outcome_id"], pointing, guard="state = 0")


def settle(message_id: UUID, outcome: str, ref: UUID | None = None) -> None:
    """What became in the end of a word that 小栖 had asked about. Must run in the transaction of the effects."""
    Message.objects.filter(id=message_id, state=Message.DONE, outcome="asked").update(outcome=outcome, outcome_id=ref)


@transaction.atomic
def retry_message(*, by: Actor, message_id: UUID) -> bool:
    """Whoever keeps the system gives a stuck message to 小栖 again. False when it was not stuck."""
    message = Message.objects.filter(id=message_id, state=Message.STUCK).first()
    if message is None or not Message.objects.filter(id=message_id, state=Message.STUCK).update(state=Message.NEW, tries=0):
        return False
    record(by, "groups.retry_message", Row("message", message.id, community_id=message.community_id))
    wake.nudge_workers()
    return True


@transaction.atomic
def reword_message(*, by: Actor, message_id: UUID, words: str) -> Message:
    """Under 小栖's answer stands another wording of it, made by a language model and labelled so; the answer itself stays as it
    was told. Once. Raises NotFound where there is no such answer, Conflict when it has one."""
    rows = Message.objects.filter(id=message_id, direction=Message.OUT, card__type="answer")
    message = (rows.select_for_update() if connection.features.has_select_for_update else rows).first()
    if message is None:
        raise NotFound()
    if "ai" in message.card:
        raise Conflict()
    message.card = {**message.card, "ai": clean_text(words)[:LONGEST_AI]}
    message.save(update_fields=["card"])
    record(by, "groups.reword_message", Row("message", message.id, community_id=message.community_id, facts={"chars": len(words)}))
    wake.touch({f"g:{message.group_id}"} | ({f"m:{message.to_member_id}"} if message.to_member_id else set()))
    return message


def purge_small_talk(*, limit: int = 5000) -> int:
    """Blank the text of small talk older than LINLI_SMALL_TALK_DAYS; its hash (keyed: nobody can try words on it) and outcome stay. Returns how many."""
    before: datetime = clock.now() - timedelta(days=settings.LINLI_SMALL_TALK_DAYS)
    old = Message.objects.filter(
        outcome__in=("small_talk", "left_alone", "settled"), state=Message.DONE, received_at__lt=before, text_hash=""
    ).order_by("id")[:limit]
    rows = list(old)
    for row in rows:
        row.text_hash = crypto.ring().index(hashlib.sha256(normalise(row.text).encode()).hexdigest())
        row.text = ""
    Message.objects.bulk_update(rows, ["text", "text_hash"], batch_size=500)
    return len(rows)
