"""A knowledge base in memory: every wording of every entry, found by characters and words, refused when unsure."""

import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import rjieba

from linli.language.retrieval.block import MIX, Asked, Block, Entry, Scale, block_of, plain_weights, scale_of
from linli.language.retrieval.memory import give_back
from linli.language.retrieval.reading import (
    MEANING,
    NEARNESS,
    RANKING,
    counted,
    features,
    grams,
    kinds,
    low_of,
)
from linli.language.retrieval.trust import PLAIN, SHARP, SIGNALS, signals, trusted
from linli.language.retrieval.weights import Weights
from linli.language.text import readable

TOLD, OFFERED = 0.78, 0.5
"""Where the base has learned when to trust a first hit: from these probabilities on it is told, or offered."""
MEANT = 0.65
"""Elsewhere a first answer is given from this probability on, if it is near as well; below, it is offered."""
SURE = 0.60
"""… and from this nearness on."""
FAIR = 0.42
"""Below it nothing is near enough: a person is asked."""
CLEAR = 0.08
"""By so much the first must lead the second, or both are offered as buttons."""
ALONE = 0.5
"""Enough when no other entry comes near."""
COVERED = 0.6
"""So much of the query's rare words the entry must hold: 残疾证怎么办 is no question about 老年证."""
FRESH_MAX = 400
"""So many added entries are searched apart before they are merged into the main block."""
SAME = 0.98
"""As near as this, a query is a wording of the entry but for a mark or a space."""
LOOKED_AT = 10
"""So many hits are looked at closely, at least."""
_COVERED = SIGNALS.index("covered")


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found: `score` 0..1 is how surely it is meant, `near` 0..1 how near its wording `text` is."""

    entry_id: str
    score: float
    text: str
    near: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits with a verdict: "answer" (sure), "close" (offer the hits as choices), "refuse" (a person answers)."""

    hits: tuple[Hit, ...]
    verdict: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An entry that may be meant: `score` with what puts it first, its `parts`, its nearest wording and how near it is."""

    score: float
    entry: Entry
    text: str
    near: float
    parts: np.ndarray


@dataclass(frozen=True, slots=True)
class _State:
    """All that a search reads, swapped as one: the main block, then the fresh one; `gone[n]` is left out of block n."""

    scale: Scale
    blocks: tuple[Block, ...] = ()
    gone: tuple[frozenset[str], ...] = ()

    def entries(self) -> list[Entry]:
        pairs = zip(self.blocks, self.gone, strict=True)
        return [e for block, gone in pairs for e in block.entries if e.id not in gone]


class Retriever:
    """Finds entries by their wordings. Reading needs no lock; a change swaps whole blocks in at once."""

    def __init__(self, weights: Weights | None = None) -> None:
        self._lock = threading.Lock()
        self._vocabulary: dict[str, int] = {}
        self._kinds = kinds([])
        self._weights = weights
        self._state = _State(scale_of([], self._kinds))

    @classmethod
    def build(
        cls, entries: Iterable[tuple[str, Sequence[str]] | tuple[str, Sequence[str], str]], weights: Weights | None = None
    ) -> "Retriever":
        """A retriever of (entry id, [question, other wordings …][, answer]), with learned weights when there are some."""
        made = cls(weights)
        made._state = made._built([made._entry(*entry) for entry in entries])
        give_back()
        return made

    def __len__(self) -> int:
        return len(self._state.entries())

    def add(self, entry_id: str, texts: Sequence[str], answer: str = "") -> None:
        """Put an entry in, or in place of the one with this id; found from the next search on."""
        with self._lock:
            state, new = self._state, self._entry(entry_id, texts, answer)
            if not new.wordings:
                self._state = _without(state, entry_id)
                return
            pairs = zip(state.blocks[1:], state.gone[1:], strict=True)
            fresh = [e for block, gone in pairs for e in block.entries if e.id not in gone and e.id != entry_id]
            if not state.blocks or len(fresh) >= FRESH_MAX:
                self._state = self._built([e for e in state.entries() if e.id != entry_id] + [new])
                return
            scale, main = state.scale.grown(self._known_kinds()), state.blocks[0]
            block = self._block([*fresh, new], scale)
            gone = state.gone[0] | {entry_id} if entry_id in main.ids else state.gone[0]
            self._state = _State(scale, (main, block), (gone, frozenset()))

    def remove(self, entry_id: str) -> None:
        """Take an entry out; unknown ids are harmless."""
        with self._lock:
            self._state = _without(self._state, entry_id)

    def weigh(self, weights: Weights | None) -> None:
        """Swap in what was learned; searches under way go on with the old."""
        with self._lock:
            self._weights = weights
            self._state = self._built(self._state.entries())
        give_back()

    def search(self, query: str, k: int = 3) -> list[Hit]:
        """The `k` likeliest entries, likeliest first; empty when the query shares nothing with any wording."""
        state = self._state
        asked = self._asked(query, state.scale)
        found, scores = self._look(state, asked, k)
        return self._hits(found[:k], self._trust(self._signals(state, asked, found, scores)) if found else 0.0)

    def answer(self, query: str, left_out: Collection[str] = ()) -> Answer:
        """The best three with a verdict: answer only when sure, offer when close, else leave it to a person. Entries whose ids
        are `left_out` are as if they were not there (they hold for another place)."""
        state = self._state
        asked = self._asked(query, state.scale)
        found, scores = self._look(state, asked, 3, left_out)
        if not found:
            return Answer((), "refuse")
        told = self._signals(state, asked, found, scores)
        hits = tuple(self._hits(found[:3], self._trust(told)))
        return Answer(hits, _verdict(hits, float(told[_COVERED]), bool(self._weights and self._weights.judged)))

    def candidates(self, query: str) -> list[tuple[str, np.ndarray]]:
        """(entry id, the parts of its match) of everything that comes near (learning: how to mix them)."""
        state = self._state
        found, _ = self._look(state, self._asked(query, state.scale), LOOKED_AT)
        return [(c.entry.id, c.parts) for c in found]

    def signals(self, query: str) -> np.ndarray | None:
        """What speaks for and against the first hit (learning: when to trust it); None when there is none."""
        state = self._state
        asked = self._asked(query, state.scale)
        found, scores = self._look(state, asked, LOOKED_AT)
        return self._signals(state, asked, found, scores) if found else None

    def _look(self, state: _State, asked: Asked, k: int, left_out: Collection[str] = ()) -> tuple[list[_Candidate], list[float]]:
        mix = self._weights.mix if self._weights else MIX
        found, scores = [], []
        for block, gone in zip(state.blocks, state.gone, strict=True):
            those = block.find(asked, mix, max(k, LOOKED_AT) + min(len(gone) + len(left_out), FRESH_MAX))
            if those is None:
                continue
            several = zip(those.entries, those.wordings, those.near, those.scores, those.parts, strict=False)
            for at, wording, near, score, parts in several:
                entry = block.entries[at]
                if entry.id in gone or entry.id in left_out:
                    continue
                scores.append(score)
                # asked in the entry's very words: nothing learned may come before it
                first = score + (1.0 if near >= SAME else 0.0)
                found.append(_Candidate(first, entry, entry.texts[wording], near, parts))
            scores.extend(those.scores[len(those.entries) :])
        found.sort(key=lambda c: (-c.score, c.entry.id))
        return found, scores

    def _signals(self, state: _State, asked: Asked, found: Sequence[_Candidate], scores: Sequence[float]) -> np.ndarray:
        first = found[0]
        lead = first.score - found[1].score if len(found) > 1 else 1.0
        return signals(asked, first.entry, first.text, (*first.parts.tolist(), first.near), lead, scores, state.scale, self._vocabulary.get)

    def _trust(self, told: np.ndarray) -> float:
        return trusted(told, self._weights.trust if self._weights else PLAIN)

    def _hits(self, found: Sequence[_Candidate], trust: float) -> list[Hit]:
        return [
            Hit(c.entry.id, _share(trust * float(np.exp(SHARP / 3 * (c.score - found[0].score)))), c.text, _share(c.near))
            for c in found
        ]

    def _entry(self, entry_id: str, texts: Sequence[str], answer: str = "") -> Entry:
        vocabulary, wordings, kept = self._vocabulary, [], []
        for text in dict.fromkeys(texts):
            counts = features(text)
            if counts:
                kept.append(text)
                wordings.append(_numbers(counts, vocabulary))
        names, often = _numbers(grams(kept, answer), vocabulary)
        return Entry(entry_id, tuple(kept), tuple(wordings), (names, np.minimum(often, 255).astype(np.uint8)))

    def _known_kinds(self) -> np.ndarray:
        known = self._kinds.shape[1]
        if known < len(self._vocabulary):
            new = list(self._vocabulary)[known:]
            self._kinds = np.concatenate((self._kinds, kinds(new)), axis=1)
        return self._kinds

    def _built(self, entries: list[Entry]) -> _State:
        entries = [e for e in entries if e.wordings]
        if self._weights:
            self._weights.name(self._vocabulary)
        scale = scale_of(entries, self._known_kinds())
        if not entries:
            return _State(scale)
        return _State(scale, (self._block(entries, scale),), (frozenset(),))

    def _block(self, entries: list[Entry], scale: Scale) -> Block:
        places = self._weights.meaning(entries, scale) if self._weights else np.zeros((len(entries), 0), np.float16)
        return block_of(entries, scale, places)

    def _asked(self, query: str, scale: Scale) -> Asked:
        get, size = self._vocabulary.get, len(scale.idf)
        names, counts, unknown = [], [], 0.0
        rare = float(scale.idf.max(initial=1.0))
        low = low_of(readable(query))
        words = rjieba.cut(low)
        for feature, count in counted(low, words).items():
            number = get(feature)
            if number is not None and number < size:
                names.append(number)
                counts.append(count)
            elif feature[0] not in "#@":
                unknown += (count * rare) ** 2
        at, many = np.array(names, np.int32), np.array(counts, np.float32)
        order = np.argsort(-scale.idf[at], kind="stable")
        at, many = at[order], many[order]
        rank, near = many * scale.weighed(RANKING, at), many * scale.idf[at] * scale.kinds[NEARNESS, at]
        rank /= max(1e-9, float(rank @ rank) ** 0.5)
        near /= max(1e-9, (float(near @ near) + unknown) ** 0.5)
        place = self._weights.place(at, many * scale.weighed(MEANING, at)) if self._weights else np.zeros(0, np.float32)
        return Asked(at, rank, near, plain_weights(scale, at), place, low, words)


def _verdict(hits: Sequence[Hit], covered: float, judged: bool) -> str:
    first = hits[0]
    lead = first.near - max((h.near for h in hits[1:]), default=0.0)
    if first.near >= SAME and lead > 0:
        return "answer"
    if judged:
        two = len(hits) > 1 and hits[1].score >= TOLD
        return "answer" if first.score >= TOLD and not two else "close" if first.score >= OFFERED else "refuse"
    if first.near < FAIR or covered < COVERED:
        return "refuse"
    if lead < CLEAR and len(hits) > 1:
        return "close"
    sure = first.near >= SURE or (first.near >= ALONE and lead >= ALONE / 2)
    return "answer" if sure and first.score >= MEANT else "close"


def _without(state: _State, entry_id: str) -> _State:
    gone = tuple(g | {entry_id} if entry_id in b.ids else g for b, g in zip(state.blocks, state.gone, strict=True))
    return _State(state.scale, state.blocks, gone)


def _numbers(counts: dict[str, float], vocabulary: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    numbers = [vocabulary.setdefault(f, len(vocabulary)) for f in counts]
    return np.array(numbers, np.int32), np.array(list(counts.values()), np.float32)


def _share(part: float) -> float:
    return round(min(1.0, max(0.0, part)), 6)
