"""Which lines of a paste the group holds already. Pure.

Two lines are the same when sender and words are, and their minutes where both have one. Lines with times are matched by
their time. The others are laid against what is stored: the longest overlap (the paste goes on where the stored ends, or
lies in it, or comes before it) decides, so that a new 「好的」 is not taken for last week's; where an overlap is torn by a
line that somebody left out, runs that cannot be chance are matched in their order.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

LONG = 6
"""A line of so many characters is not said twice by chance."""
NEAR = 400


@dataclass(frozen=True, slots=True)
class Mark:
    """What is compared of a line: `base` stands for sender and words, `minute` for the time ("" = not known)."""

    base: str
    minute: str = ""
    long: bool = False


def same(a: Mark, b: Mark) -> bool:
    """May these be one and the same line?"""
    return a.base == b.base and (not a.minute or not b.minute or a.minute == b.minute)


def known(stored: Sequence[Mark], pasted: Sequence[Mark]) -> list[bool]:
    """For each pasted line: is it stored already? Each stored line answers for one pasted line only."""
    found: dict[int, int] = {}
    used: set[int] = set()
    _by_time(stored, pasted, found, used)
    timeless = any(not m.minute for m in (*stored, *pasted))
    if timeless and len(found) < len(pasted):
        for i, j in _overlap(stored, pasted) or _runs(stored[-NEAR:], pasted, max(len(stored) - NEAR, 0)):
            if i not in found and j not in used:
                found[i] = j
                used.add(j)
    return [i in found for i in range(len(pasted))]


def _by_time(stored: Sequence[Mark], pasted: Sequence[Mark], found: dict[int, int], used: set[int]) -> None:
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for j, s in enumerate(stored):
        if s.minute:
            places[s.base, s.minute].append(j)
    for i, p in enumerate(pasted):
        if p.minute and (rest := places.get((p.base, p.minute))):
            found[i] = rest.pop(0)
            used.add(found[i])


def _overlap(stored: Sequence[Mark], pasted: Sequence[Mark]) -> list[tuple[int, int]]:
    """The longest contiguous overlap as pairs (pasted, stored); the latest of equals."""
    best: list[tuple[int, int]] = []
    s, p = len(stored), len(pasted)
    for shift in range(s - 1, -p, -1):  # pasted[i] lies at stored[i + shift]
        first, last = max(0, -shift), min(p, s - shift)
        length = last - first
        if length <= len(best) or not all(same(stored[i + shift], pasted[i]) for i in range(first, last)):
            continue
        at_the_end = shift + last == s and first == 0
        if at_the_end or length > 1 or pasted[first].long:
            best = [(i, i + shift) for i in range(first, last)]
    return best


def _runs(stored: Sequence[Mark], pasted: Sequence[Mark], offset: int) -> list[tuple[int, int]]:
    """The longest common subsequence, of which only long lines and runs of two and more count."""
    rows, columns = len(pasted), len(stored)
    lengths = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            lengths[i][j] = (
                lengths[i + 1][j + 1] + 1 if same(stored[j], pasted[i]) else max(lengths[i + 1][j], lengths[i][j + 1])
            )
    pairs, i, j = [], 0, 0
    while i < rows and j < columns:
        if same(stored[j], pasted[i]):
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    there = set(pairs)
    return [
        (i, j + offset)
        for i, j in pairs
        if pasted[i].long or (i - 1, j - 1) in there or (i + 1, j + 1) in there
    ]
