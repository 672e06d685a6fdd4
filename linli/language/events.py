"""Same events in many messages: one place, one event, many voices over months. Text in, groups out; nothing is learned.
`apart.clustered` has it done in a process of its own, which ends with its memory and with scipy.

Two messages are as alike as the words that they share are rare (the title counts twice, names of estates and firms
are the rarest words of all). Groups grow by average likeness, so that one odd message does not chain two events.
Near-identical complaints from two estates stay two: where both name a place and no name fits, likeness is cut.
"""

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import rjieba
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from linli.language.text import normalise
from linli.language.words import FUNCTION_WORDS, NO_MATTER

ALIKE = 0.12
"""Average likeness within a group. Groups hardly change between 0.10 and 0.15."""
LINKED = 0.10
"""Pairs less alike than this never meet: they are not in one connected part."""
LARGEST = 3000
"""Parts above this size are cut at a stricter limit first: average linkage needs its square in memory."""
APART = 0.1
"""What is left of the likeness of two messages whose places do not fit."""
LITTLE, OTHER = 0.02, 0.1
"""Two messages that share less than this besides their place's name speak of two events there."""
FAR_DAYS, FAR = 200.0, 0.8
"""What is left of the likeness of two messages more than `FAR_DAYS` apart."""
BODY_CHARS = 500
BLOCK = 500
_REGION = re.compile(r"西地省|[A-Z]\d{0,3}(?=[市区县镇])[市区县镇]?|[A-Z]\d{4,}")
_HAN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]")
_ESTATE = re.compile(
    r"([\u4e00-\u9fffA-Za-z0-9·]{2,8}?)(?:小区|社区|家园|花园|花苑|嘉园|佳苑|雅苑|名苑|新城|新村|公寓|大厦|山庄|国际城|之城|公馆|华庭|华府|小镇|国际"
    r"|村|小学|中学|学院|大学|幼儿园|医院)"
)
_ROAD = re.compile(r"([\u4e00-\u9fff]{2,6}?)(?:街道|大道|(?<![道铁公马一])路(?![上边过口灯面])|(?<![临沿上逛])街)")
_BEFORE_NAME = re.compile(
    r".*(?:关于|反映|反应|投诉|举报|咨询|请问|请求|建议|希望|位于|我们|我是|住在|居住|尊敬|领导|附近|旁边|小区|社区|街道|路|街|道|号|期|侧|业主|居民|公司|物业|的|在|和|与|对|到|至|从|了|市|区|县|镇|是|由|把|被|问|于|给|请|求|为何|[,。!?:;、 ])"
)
_COMMON_PART = re.compile(r"国际|新城|中心|时代|花园|广场|城市|之城|首府|公园|世纪|阳光|东方|大厦|第[一二三四五六七八九十]+")


@dataclass(frozen=True, slots=True)
class Told:
    """One message of a year: `time` is ISO-like text or empty."""

    id: str
    title: str
    body: str
    time: str = ""


def cluster(messages: Sequence[Told]) -> list[list[int]]:
    """Groups of message numbers, the largest first; every message is in exactly one, many alone."""
    if not messages:
        return []
    alike = _likeness(_vectors(messages, messages), messages, LINKED)
    groups: list[list[int]] = []
    pending = [(np.arange(len(messages)), LINKED)]
    while pending:
        members, limit = pending.pop()
        part = alike[members][:, members]
        part.data[part.data < limit] = 0
        part.eliminate_zeros()
        count, number = connected_components(part, directed=False)
        order = np.argsort(number, kind="stable")
        for inside in np.split(order, np.flatnonzero(np.diff(number[order])) + 1):
            here = members[inside]
            if len(here) > LARGEST:
                pending.append((here, limit * 1.15))
            else:
                groups.extend(_average(here, part[inside][:, inside]))
    groups.sort(key=lambda g: (-len(g), g[0]))
    return groups


def similarities(messages: Sequence[Told], among: Sequence[Told]) -> np.ndarray:
    """Likeness (0..1) of every two `messages`, words weighed by how rare they are `among` others. A square array."""
    return _likeness(_vectors(messages, among), messages, 0.0).toarray()


def _average(members: np.ndarray, alike: sparse.csr_matrix) -> list[list[int]]:
    """Groups by average linkage, along chains of nearest neighbours (Murtagh 1983), as scipy.cluster finds them at this height. A group that has nothing near enough never will have: averages only grow."""
    if len(members) == 1:
        return [[int(members[0])]]
    distance = 1.0 - np.clip(alike.toarray(), 0.0, 1.0)
    distance = (distance + distance.T) / 2
    np.fill_diagonal(distance, np.inf)
    groups = {n: [int(m)] for n, m in enumerate(members)}
    found: list[list[int]] = []
    chain: list[int] = []
    while groups:
        if not chain:
            chain.append(next(iter(groups)))
        tip = chain[-1]
        near = int(distance[tip].argmin())
        if distance[tip, near] > 1.0 - ALIKE:
            found.append(sorted(groups.pop(chain.pop())))
            distance[tip], distance[:, tip] = np.inf, np.inf
        elif len(chain) > 1 and distance[tip, near] >= distance[tip, chain[-2]]:
            other = chain[-2]
            del chain[-2:]
            mine, its = len(groups[tip]), len(groups[other])
            joined = (distance[tip] * mine + distance[other] * its) / (mine + its)
            distance[tip], distance[:, tip] = np.inf, np.inf
            distance[other], distance[:, other] = joined, joined
            distance[other, other] = np.inf
            groups[other] += groups.pop(tip)
        else:
            chain.append(near)
    return found


def _words(message: Told) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text, times in ((message.title, 2), (message.body[: BODY_CHARS * 2], 1)):
        clean = _REGION.sub(" ", normalise(text))[:BODY_CHARS]
        for word in rjieba.cut(clean):
            if word not in FUNCTION_WORDS and _HAN.match(word):
                counts[word] += times
    return counts


def _vectors(messages: Sequence[Told], among: Sequence[Told]) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """TF-IDF rows of unit length over the words that stand in at least two of `among`; the same without place names."""
    known = {id(m): _words(m) for m in among}
    spread: Counter[str] = Counter()
    for counts in known.values():
        spread.update(counts.keys())
    columns = {w: i for i, w in enumerate(sorted(w for w, n in spread.items() if n > 1))}
    idf = {w: np.log((1 + len(among)) / (1 + spread[w])) + 1.0 for w in columns}
    values: list[float] = []
    places: list[int] = []
    bare: list[float] = []
    ends = [0]
    for message in messages:
        counts = known.get(id(message)) or _words(message)
        names = " ".join(n for group in named_places(message) for n in group)
        here = [(w, (1.0 + np.log(n)) * idf[w]) for w, n in counts.items() if w in columns]
        length = np.sqrt(sum(v * v for _, v in here)) or 1.0
        places.extend(columns[w] for w, _ in here)
        values.extend(v / length for _, v in here)
        bare.extend(0.0 if w in names or w in NO_MATTER else v / length for w, v in here)
        ends.append(len(values))
    shape = (len(messages), len(columns))
    where = (np.array(places, np.int32), np.array(ends, np.int64))
    return (
        sparse.csr_matrix((np.array(values, np.float32), *where), shape=shape),
        sparse.csr_matrix((np.array(bare, np.float32), *where), shape=shape),
    )


def _likeness(
    rows: tuple[sparse.csr_matrix, sparse.csr_matrix], messages: Sequence[Told], least: float
) -> sparse.csr_matrix:
    """Likeness of at least `least`, in blocks so that memory stays small; places and days that do not fit cut it."""
    names, days = [named_places(m) for m in messages], _days(messages)
    every, bare = rows
    least = max(least, 1e-6)
    blocks = []
    for start in range(0, len(messages), BLOCK):
        block = (every[start : start + BLOCK] @ every.T).tocoo()
        event = (bare[start : start + BLOCK] @ bare.T).toarray()
        keep = block.data >= least
        left, right, values = block.row[keep], block.col[keep], block.data[keep].astype(float)
        values[event[left, right] < LITTLE] *= OTHER
        values[np.abs(days[left + start] - days[right]) > FAR_DAYS] *= FAR
        left = left + start
        for i in np.flatnonzero((values >= least) & (left != right)).tolist():
            if not fit_together(names[left[i]], names[right[i]]):
                values[i] *= APART
        kept = values >= least
        blocks.append((values[kept], left[kept], right[kept]))
    data, left, right = (np.concatenate([b[i] for b in blocks]) for i in range(3))
    return sparse.csr_matrix((data, (left, right)), shape=(len(messages), len(messages)))


def _days(messages: Sequence[Told]) -> np.ndarray:
    """Days since year 1; not a number where the time is not told, which is near to every day."""
    out = np.full(len(messages), np.nan)
    for i, message in enumerate(messages):
        try:
            out[i] = datetime.fromisoformat(message.time.strip().replace("/", "-")).toordinal()
        except ValueError:
            continue
    return out


def named_places(message: Told) -> tuple[frozenset[str], frozenset[str]]:
    """(estates, villages, schools; roads) that the title names, else the first words of the body."""
    for text in (message.title, message.body[:120]):
        clean = _REGION.sub(" ", normalise(text))
        estates, roads = _names(_ESTATE, clean), _names(_ROAD, clean)
        if estates or roads:
            return estates, roads
    return frozenset(), frozenset()


def _names(pattern: re.Pattern[str], text: str) -> frozenset[str]:
    found = (_COMMON_PART.sub("", _BEFORE_NAME.sub("", match[1])) for match in pattern.finditer(text))
    return frozenset(name for name in found if 2 <= len(name) <= 6)


def fit_together(
    one: tuple[frozenset[str], frozenset[str]], other: tuple[frozenset[str], frozenset[str]]
) -> bool:
    """Whether two messages can mean one place. Like is held against like: an estate lies on a road, and fits it."""
    for a, b in zip(one, other, strict=True):
        if a and b:
            return bool(a & b) or _share_two(a, b)
    return True


def _share_two(a: frozenset[str], b: frozenset[str]) -> bool:
    grams = {n[i : i + 2] for n in a for i in range(len(n) - 1)}
    return any(n[i : i + 2] in grams for n in b for i in range(len(n) - 1))


def main() -> None:
    """`python -m linli.language.events`: rows [id, title, body, time] as JSON on standard input, groups of their numbers as JSON out;
    gives way to others."""
    os.nice(15)
    json.dump(cluster([Told(*row) for row in json.load(sys.stdin)]), sys.stdout)


if __name__ == "__main__":
    main()
