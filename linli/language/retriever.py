"""A knowledge base in memory: every wording of every entry, found by characters and words, refused when unsure."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import rjieba

from linli.language.text import normalise, readable
from linli.language.words import FUNCTION_WORDS

SURE = 0.62
"""From this score on, a first answer is given."""
FAIR = 0.40
"""Below it nothing is near enough: a person is asked."""
CLEAR = 0.06
"""By so much the first must lead the second, or both are offered as buttons."""
FRESH_MAX = 400
"""So many added wordings are searched apart before they are merged into the main block."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found: `score` 0..1, `text` the wording that matched best."""

    entry_id: str
    score: float
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits with a verdict: "answer" (sure), "close" (offer the hits as choices), "refuse" (a person answers)."""

    hits: tuple[Hit, ...]
    verdict: str


@dataclass(frozen=True, slots=True)
class _Row:
    entry_id: str
    text: str
    features: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True, slots=True)
class _Block:
    """An inverted index: for feature f, `docs[starts[f]:starts[f+1]]` hold it with weight `values`."""

    rows: tuple[_Row, ...]
    entry: np.ndarray
    starts: np.ndarray
    docs: np.ndarray
    values: np.ndarray


class Retriever:
    """Finds entries by their wordings. Reading needs no lock; a change swaps whole blocks in at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._vocabulary: dict[str, int] = {}
        self._entries: list[str] = []
        self._numbers: dict[str, int] = {}
        self._gone: frozenset[str] = frozenset()
        self._idf = np.zeros(0)
        self._blocks: tuple[_Block, ...] = ()

    @classmethod
    def build(cls, entries: Iterable[tuple[str, Sequence[str]]]) -> "Retriever":
        """A retriever of (entry id, [question, other wordings …])."""
        made = cls()
        rows = [row for entry_id, texts in entries for row in made._rows(entry_id, texts)]
        made._rebuild(rows)
        return made

    def __len__(self) -> int:
        return len({row.entry_id for block in self._blocks for row in block.rows} - self._gone)

    def add(self, entry_id: str, texts: Sequence[str]) -> None:
        """Put an entry in, or in place of the one with this id; found from the next search on."""
        with self._lock:
            main = self._blocks[:1]
            fresh = list(self._blocks[1].rows) if len(self._blocks) > 1 else []
            known = entry_id in self._numbers and entry_id not in self._gone
            new = self._rows(entry_id, texts)
            if known or entry_id in self._gone:
                rows = [r for b in self._blocks for r in b.rows if r.entry_id not in self._gone and r.entry_id != entry_id]
                self._rebuild(rows + new)
                return
            fresh += new
            if not main or len(fresh) > FRESH_MAX:
                self._rebuild([r for b in main for r in b.rows if r.entry_id not in self._gone] + fresh)
                return
            self._idf = _grown(self._idf, len(self._vocabulary))
            self._blocks = (main[0], self._block(fresh))

    def remove(self, entry_id: str) -> None:
        """Take an entry out; unknown ids are harmless."""
        with self._lock:
            if entry_id in self._numbers:
                self._gone |= {entry_id}

    def search(self, query: str, k: int = 3) -> list[Hit]:
        """The `k` best entries, best first; empty when the query shares nothing with any wording."""
        weights = self._query(query)
        if not weights:
            return []
        gone, entries, found = self._gone, self._entries, {}
        for block in self._blocks:
            for number, score, row in self._best(block, weights, k + len(gone)):
                entry_id = entries[number]
                if entry_id not in gone and score > found.get(entry_id, (0.0, ""))[0]:
                    found[entry_id] = (score, block.rows[row].text)
        best = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))[:k]
        return [Hit(entry_id, round(min(1.0, score), 4), text) for entry_id, (score, text) in best]

    def answer(self, query: str) -> Answer:
        """The best three with a verdict: answer only when sure, offer when close, else leave it to a person."""
        hits = tuple(self.search(query))
        if not hits or hits[0].score < FAIR:
            return Answer(hits, "refuse")
        lead = hits[0].score - (hits[1].score if len(hits) > 1 else 0.0)
        if hits[0].score >= 0.98 and lead > 0:
            return Answer(hits, "answer")
        if hits[0].score >= SURE:
            return Answer(hits, "answer" if lead >= CLEAR else "close")
        return Answer(hits, "close" if lead < CLEAR and hits[0].score >= (SURE + FAIR) / 2 else "refuse")

    def _rows(self, entry_id: str, texts: Sequence[str]) -> list[_Row]:
        if entry_id not in self._numbers:
            self._numbers[entry_id] = len(self._entries)
            self._entries.append(entry_id)
        rows = []
        for text in dict.fromkeys(texts):
            counts = _counts(text)
            if not counts:
                continue
            vocabulary = self._vocabulary
            numbers = [vocabulary.setdefault(f, len(vocabulary)) for f in counts]
            rows.append(_Row(entry_id, text, np.array(numbers, np.int32), np.array(list(counts.values()), np.float32)))
        return rows

    def _rebuild(self, rows: list[_Row]) -> None:
        size = len(self._vocabulary)
        features = np.concatenate([r.features for r in rows]) if rows else np.zeros(0, np.int32)
        df = np.bincount(features, minlength=size)
        self._idf = np.log((1 + len(rows)) / (1 + df)) + 1.0
        block = self._block(rows)
        self._gone, self._blocks = frozenset(), (block,)

    def _block(self, rows: list[_Row]) -> _Block:
        size = len(self._idf)
        entry = np.array([self._numbers[r.entry_id] for r in rows], np.int32)
        if not rows:
            return _Block((), entry, np.zeros(size + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))
        features = np.concatenate([r.features for r in rows])
        docs = np.repeat(np.arange(len(rows), dtype=np.int32), [len(r.features) for r in rows])
        values = np.concatenate([r.counts for r in rows]) * self._idf[features]
        norm = np.sqrt(np.bincount(docs, values * values, minlength=len(rows)))
        order = np.argsort(features, kind="stable")
        starts = np.concatenate(([0], np.cumsum(np.bincount(features, minlength=size))))
        return _Block(tuple(rows), entry, starts, docs[order], (values / norm[docs])[order].astype(np.float32))

    def _query(self, query: str) -> dict[int, float]:
        idf, get = self._idf, self._vocabulary.get
        weights, unknown = {}, 0.0
        rare = float(idf.max()) if len(idf) else 1.0
        for feature, count in _counts(readable(query)).items():
            number = get(feature)
            if number is None or number >= len(idf):
                unknown += (count * rare * UNKNOWN) ** 2
            else:
                weights[number] = count * float(idf[number])
        norm = (sum(v * v for v in weights.values()) + unknown) ** 0.5
        return {f: v / norm for f, v in weights.items()} if norm else {}

    def _best(self, block: _Block, weights: dict[int, float], k: int) -> list[tuple[int, float, int]]:
        if not block.rows:
            return []
        last = len(block.starts) - 1
        docs, values = [], []
        for feature, weight in weights.items():
            if feature < last:
                a, b = block.starts[feature], block.starts[feature + 1]
                if a < b:
                    docs.append(block.docs[a:b])
                    values.append(block.values[a:b] * weight)
        if not docs:
            return []
        scores = np.bincount(np.concatenate(docs), np.concatenate(values), minlength=len(block.rows))
        # several wordings of one entry may lead: look deeper than k rows
        deep = min(len(scores), 16 * k)
        top = np.argpartition(scores, -deep)[-deep:]
        return [(int(block.entry[r]), float(scores[r]), int(r)) for r in top[np.argsort(-scores[top])] if scores[r] > 0]


UNKNOWN = 0.5
"""Weight of a query's features that no wording has: they lower the score, so that a near miss is refused."""
WORD = 1.0
FUNCTION = 0.35


def _counts(text: str) -> dict[str, float]:
    """Features of a text: single characters, pairs and words, function words light."""
    low = "".join(c for c in normalise(text).lower() if c.isalnum())
    counts: dict[str, float] = {}
    for i, c in enumerate(low):
        counts[c] = counts.get(c, 0.0) + 0.6
        if i:
            pair = low[i - 1 : i + 1]
            counts[pair] = counts.get(pair, 0.0) + 1.0
    for word in rjieba.cut(low):
        if len(word) > 1:
            key = f"w{word}"
            counts[key] = counts.get(key, 0.0) + (FUNCTION if word in FUNCTION_WORDS else WORD)
        elif word in FUNCTION_WORDS:
            counts[word] = counts.get(word, 0.6) * FUNCTION
    return counts


def _grown(idf: np.ndarray, size: int) -> np.ndarray:
    """`idf` with room for new features, which are as rare as the rarest known."""
    if len(idf) >= size:
        return idf
    return np.concatenate((idf, np.full(size - len(idf), idf.max() if len(idf) else 1.0)))
