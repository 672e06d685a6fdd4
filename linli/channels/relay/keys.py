"""Lasting names: of a sender by her nickname, of a line by sender, words and the how-manieth of its like it is."""

from collections import Counter
from collections.abc import Iterable, Sequence

from linli.channels.relay.align import LONG, Mark
from linli.channels.relay.parse import Line
from linli.kernel import clock, crypto
from linli.language import normalise


def account(group_id: object) -> str:
    """The channel account of a group's pasted words."""
    return f"relay:{group_id}"


def sender_ref(nickname: str) -> str:
    """The sender reference of a nickname in a chat whose people we only know by nickname; the name cannot be told from it."""
    return f"relay:{crypto.ring().index(normalise(nickname))}"


def mark_of(line: Line) -> Mark:
    """What a line is compared by."""
    words = normalise(line.text)
    minute = clock.local(line.time).strftime("%Y-%m-%dT%H:%M") if line.time else ""
    return Mark(crypto.ring().index(f"{normalise(line.sender)}\x1f{words}\x1f"), minute, len(words) >= LONG)


def stored_mark(dedupe_key: str, minute: str, long: bool) -> Mark:
    """The mark of a stored line, from what `receive` was given for it."""
    return Mark(dedupe_key.partition(":")[0], minute, long)


def dedupe_keys(marks: Sequence[Mark], known: Sequence[bool], stored: Iterable[Mark]) -> list[str]:
    """A key for each line: base and how-manieth. Known lines get "" (they have theirs)."""
    counts = Counter(s.base for s in stored)
    keys = []
    for mark, there in zip(marks, known, strict=True):
        if there:
            keys.append("")
            continue
        counts[mark.base] += 1
        keys.append(f"{mark.base}:{counts[mark.base]}")
    return keys
