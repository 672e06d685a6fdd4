"""A set of entries ready to be searched: found by one inverted index, then the best candidates looked at closely."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linli.language.retrieval.reading import NEARNESS, PLAIN, RANKING
from linli.language.retrieval.table import Table, stacked

CANDIDATES = 48
POSTINGS = 150_000
"""So many postings are read for one query; what remains of the commonest features counts for the candidates only."""
MIX = np.array((1.0, 1.0, 1.0), np.float32)
"""Weights of a candidate's parts: the match with its wordings' mean, with all its words, and in learned meaning."""
RARER = 1.0
"""Added to the rarity of a feature for the order of hits, so that common ones count a little more."""
_K, _B, _SHARPER = 0.8, 0.45, 1.5
_scratch = threading.local()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry's numbers: `wordings` a (features, counts) each, `grams` those of all its words with its answer."""

    id: str
    texts: tuple[str, ...]
    wordings: tuple[tuple[np.ndarray, np.ndarray], ...]
    grams: tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True)
class Scale:
    """Rarity of features: of wordings, of whole entries, by kind, and the usual length of an entry."""

    idf: np.ndarray
    whole: np.ndarray
    kinds: np.ndarray
    length: float

    def grown(self, kinds: np.ndarray) -> "Scale":
        """With room for new features, which are as rare as the rarest known."""
        new = kinds.shape[1] - len(self.idf)
        if new <= 0:
            return self
        idf = np.concatenate((self.idf, np.full(new, self.idf.max(initial=1.0), np.float32)))
        whole = np.concatenate((self.whole, np.full(new, self.whole.max(initial=1.0), np.float32)))
        return Scale(idf, whole, kinds, self.length)

    def weighed(self, kind: int, at: np.ndarray) -> np.ndarray:
        """What one occurrence of the features `at` is worth for RANKING or MEANING."""
        return (self.idf[at] + RARER) * self.kinds[kind, at]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query's numbers: its features, rarest first, with their weights for the order of hits, for how near a hit is, and
    in the match with all of an entry's words; its place among learned meanings (empty where nothing was learned); its
    spelling and words."""

    at: np.ndarray
    ranking: np.ndarray
    near: np.ndarray
    plain: np.ndarray
    meaning: np.ndarray
    low: str
    words: list[str]


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates, best first: `scores` and `parts` (a row of MIX's parts each) of all; of the first of them `entries`,
    their numbers, with `wordings`, the nearest of each, and how `near` (0..1) that is."""

    scores: list[float]
    parts: np.ndarray
    entries: list[int]
    wordings: list[int]
    near: list[float]


@dataclass(frozen=True, slots=True)
class Block:
    """`index` and `rows`: the mean of each entry's wordings, by feature and by entry; `whole`: BM25 of all its words;
    `near`: each wording as a unit vector; `first[e]`: the first wording of entry e; `meaning`: a learned row an entry."""

    entries: tuple[Entry, ...]
    ids: frozenset[str]
    index: Table
    rows: Table
    whole: Table
    near: Table
    first: np.ndarray
    meaning: np.ndarray

    def find(self, asked: Asked, mix: np.ndarray, k: int) -> Found | None:
        """The candidates for a query, the best `k` with their nearest wording; None when it shares nothing with any."""
        found = self._candidates(asked)
        if not len(found):
            return None
        dense = _zeros(self.index)
        try:
            parts = np.zeros((len(found), len(MIX)), np.float32)
            dense[asked.at] = asked.ranking
            parts[:, 0] = self.rows.dot(found, dense)
            dense[asked.at] = asked.plain
            parts[:, 1] = self.whole.dot(found, dense)
            if len(asked.meaning) and self.meaning.shape[1]:
                parts[:, 2] = self.meaning[found].astype(np.float32) @ asked.meaning
            scores = parts @ mix
            order = np.argsort(-scores, kind="stable")
            first = found[order[:k]]
            dense[asked.at] = asked.near
            lengths = self.first[first + 1] - self.first[first]
            ends = np.cumsum(lengths)
            nearness = self.near.dot(np.arange(int(ends[-1])) + np.repeat(self.first[first] - ends + lengths, lengths), dense)
        finally:
            dense[asked.at] = 0.0
        best = [int(nearness[b - n : b].argmax()) for b, n in zip(ends.tolist(), lengths.tolist(), strict=True)]
        near = nearness[ends - lengths + np.array(best)].tolist()
        return Found(scores[order].tolist(), parts[order], first.tolist(), best, near)

    def _candidates(self, asked: Asked) -> np.ndarray:
        size, starts, last = len(self.entries), self.index.starts, len(self.index) - 1
        parts, weights, lengths, total = [], [], [], 0
        for name, weight in zip(asked.at.tolist(), asked.ranking.tolist(), strict=True):
            if not weight or name > last:
                continue
            a, b = int(starts[name]), int(starts[name + 1])
            if a < b:
                if total and total + b - a > POSTINGS:
                    continue
                total += b - a
                parts.append(slice(a, b))
                weights.append(weight)
                lengths.append(b - a)
        if not parts:
            return np.zeros(0, np.int64)
        entries = np.concatenate([self.index.names[p] for p in parts])
        values = np.concatenate([self.index.values[p] for p in parts])
        values *= np.repeat(np.array(weights, np.float32), lengths)
        scores = np.bincount(entries, values, minlength=size)
        few = min(size, CANDIDATES)
        top = np.argpartition(scores, -few)[-few:] if few < size else np.arange(size)
        return top[scores[top] > 0]


def _zeros(index: Table) -> np.ndarray:
    """Room for one query's weights by feature, all 0, kept for this thread; whoever uses it puts the zeros back."""
    room = getattr(_scratch, "room", None)
    if room is None or len(room) < len(index):
        room = _scratch.room = np.zeros(len(index) + 4096, np.float32)
    return room


def scale_of(entries: Sequence[Entry], kinds: np.ndarray) -> Scale:
    """The rarity of every feature among these entries."""
    size = kinds.shape[1]
    wordings = [w for e in entries for w in e.wordings]
    df = _counted([names for names, _ in wordings], size)
    whole = _counted([e.grams[0] for e in entries], size)
    idf = np.log((1 + len(wordings)) / (1 + df)) + 1.0
    bm = np.log(1 + (len(entries) - whole + 0.5) / (whole + 0.5)) ** _SHARPER
    length = float(np.mean([e.grams[1].sum() for e in entries])) if entries else 1.0
    return Scale(idf.astype(np.float32), bm.astype(np.float32), kinds, max(1.0, length))


def _counted(parts: Sequence[np.ndarray], size: int) -> np.ndarray:
    return np.bincount(np.concatenate(parts), minlength=size) if parts else np.zeros(size)


def block_of(entries: Sequence[Entry], scale: Scale, meaning: np.ndarray) -> Block:
    """Entries made searchable; `meaning` is a learned row an entry, of width 0 where nothing was learned."""
    size = len(scale.idf)
    raw = stacked([w for e in entries for w in e.wordings])
    owner = np.repeat(np.arange(len(entries)), [len(e.wordings) for e in entries])
    near = raw.scaled(raw.values * (scale.idf * scale.kinds[NEARNESS])[raw.names]).kept().unit().halved()
    ranking = raw.scaled(raw.values * scale.weighed(RANKING, raw.names)).kept().unit()
    rows = ranking.joined(owner, len(entries), size).unit()
    grams = stacked([e.grams for e in entries])
    of = grams.rows_of()
    long = np.bincount(of, grams.values, minlength=len(entries)) / scale.length
    saturated = grams.values * (_K + 1) / (grams.values + _K * (1 - _B + _B * long[of]))
    first = np.concatenate(([0], np.cumsum([len(e.wordings) for e in entries], dtype=np.int64)))
    ids = frozenset(e.id for e in entries)
    return Block(tuple(entries), ids, rows.turned(size), rows, grams.scaled(saturated).halved(), near, first, meaning)


def plain_weights(scale: Scale, at: np.ndarray) -> np.ndarray:
    """A query's weights for the match with all of an entry's words; they add up to 1."""
    plain = scale.whole[at] * scale.kinds[PLAIN, at]
    return plain / max(1e-9, float(plain.sum()))
