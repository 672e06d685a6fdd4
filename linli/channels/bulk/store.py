"""Check a file as a whole, then store its rows: each once, however often and in whatever overlapping parts it is read."""

import difflib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import islice
from uuid import UUID

import numpy as np
from django.db import transaction

from linli.channels.bulk.rows import Row, Wrong
from linli.channels.bulk.source import Unreadable
from linli.channels.relay.keys import sender_ref
from linli.groups import actions as groups
from linli.groups.inbound import Inbound
from linli.groups.models import Group
from linli.kernel import clock, crypto
from linli.kernel.actors import Actor
from linli.language import normalise

BATCH = 100
OLD = timedelta(days=1)
SHOWN = 20
_CACHED = 20_000


class TooOld(Unreadable):
    """Rows are older than a day and nobody said --history."""


@dataclass(slots=True)
class Checked:
    """What the first reading found. `twice`: digests of rows of which there are several alike."""

    rows: int = 0
    wrong: int = 0
    examples: list[Wrong] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)
    twice: frozenset[int] = frozenset()
    oldest: datetime | None = None
    newest: datetime | None = None


@dataclass(slots=True)
class Stored:
    """How many rows were new, and where they went."""

    rows: int = 0
    new: int = 0
    accounts: set[str] = field(default_factory=set)
    communities: set[UUID] = field(default_factory=set)


def account(group_id: UUID) -> str:
    """The channel account of a group's words that came from files."""
    return f"file:{group_id}"


def check(rows: Iterable[Row | Wrong], *, history: bool) -> Checked:
    """Read everything once and store nothing. Eight bytes are kept of a row.

    Raises Unreadable for an unknown or ambiguous group (naming it and its like) and TooOld.
    """
    found = Checked()
    digests = array("Q")
    limit = clock.now() - OLD
    old = 0
    first_old: Row | None = None
    lines: dict[str, int] = {}
    for row in rows:
        if isinstance(row, Wrong):
            found.wrong += 1
            if len(found.examples) < SHOWN:
                found.examples.append(row)
            continue
        found.rows += 1
        if row.at:
            found.oldest = min(found.oldest or row.at, row.at)
            found.newest = max(found.newest or row.at, row.at)
            if row.at < limit:
                old += 1
                first_old = first_old or row
        if len(lines) <= 10_000:
            lines.setdefault(row.group, row.number)
        if not row.key:
            digests.append(digest(row))
    found.groups = _groups(lines)
    if first_old and first_old.at and not history:
        day = clock.local(first_old.at).strftime("%Y-%m-%d %H:%M")
        raise TooOld(
            f"{old} rows are more than a day old, the first in line {first_old.number} ({day}). Say --history to file them "
            "as history: understood and counted, and nothing acts. Nothing was stored."
        )
    if digests:
        values, counts = np.unique(np.frombuffer(digests, dtype=np.uint64), return_counts=True)
        found.twice = frozenset(int(v) for v in values[counts > 1])
    return found


def digest(row: Row) -> int:
    """Rows alike in group, sender, time and words have the same."""
    told = "\x1f".join((row.group, row.sender, row.at.isoformat() if row.at else "", normalise(row.text)))
    return int.from_bytes(blake2b(told.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _groups(lines: dict[str, int]) -> dict[str, Group]:
    """The groups by the names in the file: a name, community/name for one that several have, or an id."""
    everyone = list(Group.objects.all())
    names = Counter(g.name for g in everyone)
    by_name = {normalise(g.name): g for g in everyone} | {str(g.id): g for g in everyone}
    found, wrong = {}, []
    for name, line in lines.items():
        group = by_name.get(name)
        if group is None:
            near = difflib.get_close_matches(name, [g.name for g in everyone], 3, 0.3)
            said = f" Near it: {', '.join(near)}." if near else ""
            wrong.append(f"line {line}: there is no group `{name[:64]}`.{said}")
        elif names[group.name] > 1 and name != str(group.id):
            ids = ", ".join(str(g.id) for g in everyone if g.name == group.name)
            wrong.append(f"line {line}: several groups are called `{name}`: give the id ({ids}).")
        else:
            found[name] = group
    if wrong:
        raise Unreadable("\n".join([*wrong[:SHOWN], "Nothing was stored."]))
    return found


def store(
    by: Actor, rows: Iterable[Row | Wrong], checked: Checked, *, history: bool, batch: str = "",
    after: Callable[[Stored], None] = lambda stored: None,
) -> Stored:  # fmt: skip
    """Store a checked file by the hundred; `after` is called after each batch (progress, taking in)."""
    done = Stored()
    seen: Counter[int] = Counter()
    members: dict[tuple[UUID, str], UUID] = {}
    for portion in _portions(r for r in rows if isinstance(r, Row)):
        with transaction.atomic():
            if len(members) > _CACHED:
                members.clear()
            _find_members(by, portion, checked, members)
            inbound = [_inbound(r, checked, members, seen, history, batch) for r in portion]
            done.new += len(groups.receive(by, inbound))
        done.rows += len(portion)
        done.accounts |= {i.account for i in inbound}
        done.communities |= {i.community_id for i in inbound}
        after(done)
    return done


def _portions(rows: Iterator[Row]) -> Iterator[Sequence[Row]]:
    while portion := list(islice(rows, BATCH)):
        yield portion


def _find_members(by: Actor, rows: Sequence[Row], checked: Checked, members: dict[tuple[UUID, str], UUID]) -> None:
    wanted = {(checked.groups[r.group].id, r.sender): checked.groups[r.group] for r in rows if r.sender}
    new = [(group, sender_ref(sender), sender[:32], (gid, sender)) for (gid, sender), group in wanted.items() if (gid, sender) not in members]
    if new:
        made = groups.add_senders(by=by, senders=[(group, ref, name) for group, ref, name, _ in new])
        for (_, _, _, key), member in zip(new, made, strict=True):
            members[key] = member.id


def _inbound(row: Row, checked: Checked, members: dict[tuple[UUID, str], UUID], seen: Counter[int], history: bool, batch: str) -> Inbound:
    group = checked.groups[row.group]
    hint = {"door": "import", "batch": batch} if history else {}
    return Inbound(
        group_id=group.id, community_id=group.community_id, account=account(group.id), dedupe_key=_key(row, checked, seen),
        text=row.text, member_id=members.get((group.id, row.sender)), sent_at=row.at or clock.now(), hint=hint,
        history=history,
    )  # fmt: skip


def _key(row: Row, checked: Checked, seen: Counter[int]) -> str:
    """The file's own key, else what the row says and the how-manieth of its like it is in the file."""
    if row.key:
        return f"key:{crypto.ring().index(normalise(row.key))}"
    mark = digest(row)
    if mark in checked.twice:
        seen[mark] += 1
    return f"row:{mark:016x}:{max(seen[mark], 1)}"
