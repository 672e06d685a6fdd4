"""A set of entries ready to be searched: found by one inverted index, then the best candidates looked at closely."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from linli.language.retrieval.table import Table, stacked

RANKING, NEARNESS, PLAIN = 0, 1, 2
CANDIDATES = 48
POSTINGS = 150_000
"""So many postings are read for one query; what remains of the commonest features counts for the candidates only."""
WHOLE = 0.4
"""Weight of the match with all of an entry's words (BM25) beside that with its wordings."""
_K, _B = 1.2, 0.6


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


@dataclass(frozen=True, slots=True)
class Block:
    """`index` and `rows`: what is learned of each entry, by feature and by entry; `whole`: BM25 of all its words;
    `near`: each wording as a unit vector; `first[e]`: the first wording of entry e."""

    entries: tuple[Entry, ...]
    ids: frozenset[str]
    index: Table
    rows: Table
    whole: Table
    near: Table
    first: np.ndarray

    def find(self, asked: "Asked", k: int) -> list[tuple[float, float, int, int]]:
        """(rank score, nearness, entry, wording) of the best `k`, best first."""
        size = len(self.entries)
        if not size or not len(asked.names):
            return []
        found = self._candidates(asked, size)
        if not len(found):
            return []
        scores = self.rows.dot(found, asked.ranking) + WHOLE * self.whole.dot(found, asked.plain)
        keep = np.argsort(-scores, kind="stable")[:k]
        found, scores = found[keep], scores[keep]
        lengths = self.first[found + 1] - self.first[found]
        ends = np.cumsum(lengths)
        wordings = np.arange(int(ends[-1])) + np.repeat(self.first[found] - ends + lengths, lengths)
        nearness = self.near.dot(wordings, asked.near)
        out = []
        for entry, score, end, length in zip(found.tolist(), scores.tolist(), ends.tolist(), lengths.tolist(), strict=True):
            best = end - length + int(nearness[end - length : end].argmax())
            out.append((score, float(nearness[best]), entry, int(wordings[best] - self.first[entry])))
        return out

    def _candidates(self, asked: "Asked", size: int) -> np.ndarray:
        starts, last = self.index.starts, len(self.index) - 1
        parts, weights, lengths, total = [], [], [], 0
        for name, weight in zip(asked.names, asked.weights, strict=True):
            if name > last:
                continue
            a, b = starts[name], starts[name + 1]
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
        values = values * np.repeat(np.array(weights, np.float32), lengths)
        scores = np.bincount(entries, values, minlength=size)
        few = min(size, CANDIDATES)
        top = np.argpartition(scores, -few)[-few:] if few < size else np.arange(size)
        return top[scores[top] > 0]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query's numbers: its features, rarest first, with their weights; the same as dense vectors."""

    names: list[int]
    weights: list[float]
    ranking: np.ndarray
    near: np.ndarray
    plain: np.ndarray


def scale_of(entries: Sequence[Entry], kinds: np.ndarray) -> Scale:
    """The rarity of every feature among these entries."""
    size = kinds.shape[1]
    wordings = [w for e in entries for w in e.wordings]
    df = _counted([names for names, _ in wordings], size)
    whole = _counted([e.grams[0] for e in entries], size)
    idf = np.log((1 + len(wordings)) / (1 + df)) + 1.0
    bm = np.log(1 + (len(entries) - whole + 0.5) / (whole + 0.5))
    length = float(np.mean([e.grams[1].sum() for e in entries])) if entries else 1.0
    return Scale(idf.astype(np.float32), bm.astype(np.float32), kinds, max(1.0, length))


def _counted(parts: Sequence[np.ndarray], size: int) -> np.ndarray:
    return np.bincount(np.concatenate(parts), minlength=size) if parts else np.zeros(size)


def block_of(
    entries: Sequence[Entry], scale: Scale, learned: Callable[[Entry], tuple[np.ndarray, np.ndarray] | None]
) -> Block:
    """Entries made searchable; `learned` gives an entry's weights, or None where nothing was learned of it yet."""
    size = len(scale.idf)
    raw = stacked([w for e in entries for w in e.wordings])
    owner = np.repeat(np.arange(len(entries)), [len(e.wordings) for e in entries])
    near = raw.scaled(raw.values * (scale.idf * scale.kinds[NEARNESS])[raw.names]).unit()
    ranking = raw.scaled(raw.values * (scale.idf * scale.kinds[RANKING])[raw.names]).unit()
    rows = ranking.joined(owner, len(entries), size).unit()
    taught = [learned(e) for e in entries]
    if any(t is not None for t in taught):
        own = [
            t if t is not None else (rows.names[a:b], rows.values[a:b])
            for t, a, b in zip(taught, rows.starts[:-1], rows.starts[1:], strict=True)
        ]
        rows = stacked(own)
    grams = stacked([e.grams for e in entries])
    of = grams.rows_of()
    long = np.bincount(of, grams.values, minlength=len(entries)) / scale.length
    saturated = grams.values * (_K + 1) / (grams.values + _K * (1 - _B + _B * long[of]))
    first = np.concatenate(([0], np.cumsum([len(e.wordings) for e in entries], dtype=np.int64)))
    ids = frozenset(e.id for e in entries)
    return Block(tuple(entries), ids, rows.turned(size), rows, grams.scaled(saturated), near, first)
