"""The only writer of pastes and of what was carried back."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from linli.channels.models import Paste, RelayCopy
from linli.groups import access
from linli.groups.models import Message
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import NotFound
from linli.ledger.record import Row, record


@transaction.atomic
def keep_paste(*, by: Actor, group_id: UUID, key: str, lines: int, message_ids: Sequence[UUID]) -> Paste:
    """Remember which messages came of a paste. The same key again gives the paste that has it.

    Raises NotFound, Forbidden for a group that the actor does not manage.
    """
    group = access.get_managed(by, group_id)
    assert by.id is not None
    there = Paste.objects.filter(key=key, group_id=group_id).first()
    if there:
        return there
    paste = Paste.objects.create(
        id=ids.new(), key=key, group_id=group_id, account_id=by.id, made_at=clock.now(), lines=lines,
        message_ids=[str(i) for i in message_ids],
    )  # fmt: skip
    facts = {"paste": str(paste.id), "lines": lines, "new": len(message_ids)}
    record(by, "channels.keep_paste", Row("group", group.id, group.street_id, group.community_id, group.grid_id, facts))
    return paste


@transaction.atomic
def mark_copied(*, by: Actor, message_id: UUID) -> RelayCopy:
    """One of 小栖's messages is being put into the WeChat group. The second time changes nothing. Raises NotFound."""
    message = Message.objects.filter(id=message_id, direction=Message.OUT).first()
    if message is None:
        raise NotFound()
    group = access.get_managed(by, message.group_id)
    assert by.id is not None
    there = RelayCopy.objects.filter(message_id=message_id).first()
    if there:
        return there
    RelayCopy.objects.bulk_create(
        [RelayCopy(message_id=message_id, group_id=group.id, account_id=by.id, copied_at=clock.now())],
        ignore_conflicts=True,
    )
    facts = {"message": str(message_id)}
    record(by, "channels.mark_copied", Row("group", group.id, group.street_id, group.community_id, group.grid_id, facts))
    return RelayCopy.objects.get(message_id=message_id)
