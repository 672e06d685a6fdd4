"""Members by the hundred, for words that come in files."""

from collections.abc import Sequence

from django.db import transaction

from linli.groups.models import Group, Member
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.ledger.record import Row, record_many


@transaction.atomic
def add_senders(*, by: Actor, senders: Sequence[tuple[Group, str, str]]) -> list[Member]:
    """The members of these (group, sender reference, nickname), in order; those that are new are made. Nicknames of known
    ones stay as they are. Four statements for any number."""
    refs = {ref for _, ref, _ in senders}
    known = _by_ref(senders, refs)
    wanted = {(g.id, ref): (g, nickname) for g, ref, nickname in senders if (g.id, ref) not in known}
    if wanted:
        now = clock.now()
        rows = [
            Member(id=ids.new(), group=g, sender_ref=ref, nickname=nickname, joined_at=now)
            for (_, ref), (g, nickname) in wanted.items()
        ]
        Member.objects.bulk_create(rows, ignore_conflicts=True)
        known = _by_ref(senders, refs)
        mine = {r.id for r in rows}
        made = [m for m in known.values() if m.id in mine]
        places = {g.id: g for g, _, _ in senders}
        record_many(
            by, "groups.add_member",
            [
                Row("group", g.id, g.street_id, g.community_id, g.grid_id, {"member": str(m.id), "role": m.role})
                for m in made for g in [places[m.group_id]]
            ],
        )  # fmt: skip
    return [known[g.id, ref] for g, ref, _ in senders]


def _by_ref(senders: Sequence[tuple[Group, str, str]], refs: set[str]) -> dict[tuple[object, str], Member]:
    rows = Member.objects.filter(group_id__in={g.id for g, _, _ in senders}, sender_ref__in=refs)
    return {(m.group_id, m.sender_ref): m for m in rows}
