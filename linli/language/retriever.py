"""A knowledge base in memory: every wording of every entry, found by characters and words, refused when unsure."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import rjieba

from linli.language.retrieval.block import Asked, Block, Entry, Scale, block_of, scale_of
from linli.language.retrieval.reading import ALSO_LIGHT, features, grams, kinds
from linli.language.retrieval.weights import Weights
from linli.language.text import normalise, readable
from linli.language.words import FUNCTION_WORDS

TOP = 1.6
"""The rank score that is called certain: a cosine of 1 and all words of the query."""
MEANT = 0.65
"""From this score on a first answer is given, if it is near as well; below, it is offered."""
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
_GENERIC = frozenset(
    "办理 申请 手续 流程 材料 条件 政策 规定 标准 时间 地点 电话 步骤 方法 业务 问题 需要 提供 进行 介绍 了解 帮 查询 说明 告诉 具体 相关 有关 联系 准备 领取 方式 打听".split()
)
_GENERIC_CHARS = frozenset(
    "办帮领交查弄开拿我你他她妈爸个下给去来想要能会得有问怎么什哪咋啥多少几时候的了吗呢"
)


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
        self._kinds = np.zeros((3, 0), np.float32)
        self._weights = weights
        self._state = _State(scale_of([], self._kinds))

    @classmethod
    def build(
        cls, entries: Iterable[tuple[str, Sequence[str]] | tuple[str, Sequence[str], str]], weights: Weights | None = None
    ) -> "Retriever":
        """A retriever of (entry id, [question, other wordings …][, answer]), with learned weights when there are some."""
        made = cls(weights)
        made._state = made._built([made._entry(*entry) for entry in entries])
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
            block = block_of([*fresh, new], scale, self._learned)
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

    def search(self, query: str, k: int = 3) -> list[Hit]:
        """The `k` likeliest entries, likeliest first; empty when the query shares nothing with any wording."""
        state = self._state
        asked = self._asked(query, state.scale)
        found = []
        for block, gone in zip(state.blocks, state.gone, strict=True):
            for score, near, at, wording in block.find(asked, max(k, LOOKED_AT) + min(len(gone), FRESH_MAX)):
                entry = block.entries[at]
                if entry.id not in gone:
                    # asked in the entry's very words: nothing learned may come before it
                    rank = score + (1.0 if near >= SAME else 0.0)
                    found.append((-rank, entry.id, near, entry.texts[wording]))
        found.sort()
        return [Hit(name, _share(-rank), text, _share(near * TOP)) for rank, name, near, text in found[:k]]

    def answer(self, query: str) -> Answer:
        """The best three with a verdict: answer only when sure, offer when close, else leave it to a person."""
        hits = tuple(self.search(query))
        if not hits or hits[0].near < FAIR:
            return Answer(hits, "refuse")
        first = hits[0]
        lead = first.near - max((h.near for h in hits[1:]), default=0.0)
        if first.near >= SAME and lead > 0:
            return Answer(hits, "answer")
        if self._covered(query, first.text) < COVERED:
            return Answer(hits, "refuse")
        if lead < CLEAR and len(hits) > 1:
            return Answer(hits, "close")
        sure = first.near >= SURE or (first.near >= ALONE and lead >= ALONE / 2)
        return Answer(hits, "answer" if sure and first.score >= MEANT else "close")

    def _covered(self, query: str, text: str) -> float:
        """Share (by rarity) of the query's words with matter whose characters, at least half, stand in `text`."""
        idf, get = self._state.scale.idf, self._vocabulary.get
        rare = float(idf.max()) if len(idf) else 1.0
        low, total, held = normalise(text).lower(), 0.0, 0.0
        for word in rjieba.cut(readable(query).lower()):
            if (
                word in FUNCTION_WORDS
                or word in _GENERIC
                or word in ALSO_LIGHT
                or set(word) <= _GENERIC_CHARS
            ):
                continue
            if not word.isalnum():
                continue
            number = get(f"w{word}" if len(word) > 1 else word)
            weight = float(idf[number]) if number is not None and number < len(idf) else rare
            total += weight
            pairs = [word[i : i + 2] for i in range(len(word) - 1)] or [word]
            held += weight * (1.0 if word in low else sum(p in low for p in pairs) / len(pairs))
        return held / total if total else 1.0

    def _entry(self, entry_id: str, texts: Sequence[str], answer: str = "") -> Entry:
        vocabulary, wordings, kept = self._vocabulary, [], []
        for text in dict.fromkeys(texts):
            counts = features(text)
            if counts:
                kept.append(text)
                wordings.append(_numbers(counts, vocabulary))
        return Entry(entry_id, tuple(kept), tuple(wordings), _numbers(grams(kept, answer), vocabulary))

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
        return _State(scale, (block_of(entries, scale, self._learned),), (frozenset(),))

    def _learned(self, entry: Entry) -> tuple[np.ndarray, np.ndarray] | None:
        return self._weights.row(entry.id, entry.texts) if self._weights else None

    def _asked(self, query: str, scale: Scale) -> Asked:
        get, size = self._vocabulary.get, len(scale.idf)
        names, counts, unknown = [], [], 0.0
        rare = float(scale.idf.max(initial=1.0))
        for feature, count in features(readable(query)).items():
            number = get(feature)
            if number is not None and number < size:
                names.append(number)
                counts.append(count)
            elif feature[0] != "#":
                unknown += (count * rare) ** 2
        at = np.array(names, np.int32)
        base = np.array(counts, np.float32) * scale.idf[at]
        dense = np.zeros((3, size), np.float32)
        rank, near = base * scale.kinds[0, at], base * scale.kinds[1, at]
        rank /= max(1e-9, float(rank @ rank) ** 0.5)
        near /= max(1e-9, (float(near @ near) + unknown) ** 0.5)
        plain = scale.whole[at] * scale.kinds[2, at]
        dense[0, at], dense[1, at], dense[2, at] = rank, near, plain / max(1e-9, float(plain.sum()))
        order = np.argsort(-scale.idf[at], kind="stable")
        return Asked(at[order].tolist(), rank[order].tolist(), dense[0], dense[1], dense[2])


def _without(state: _State, entry_id: str) -> _State:
    gone = tuple(g | {entry_id} if entry_id in b.ids else g for b, g in zip(state.blocks, state.gone, strict=True))
    return _State(state.scale, state.blocks, gone)


def _numbers(counts: dict[str, float], vocabulary: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    numbers = [vocabulary.setdefault(f, len(vocabulary)) for f in counts]
    return np.array(numbers, np.int32), np.array(list(counts.values()), np.float32)


def _share(rank: float) -> float:
    return round(min(1.0, max(0.0, rank / TOP)), 4)
