"""A knowledge base in memory: every wording of every entry, found by characters and words, refused when unsure."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import rjieba

from linli.language.text import normalise, readable
from linli.language.words import FUNCTION_WORDS

SURE = 0.60
"""From this score on, a first answer is given."""
FAIR = 0.42
"""Below it nothing is near enough: a person is asked."""
CLEAR = 0.08
"""By so much the first must lead the second, or both are offered as buttons."""
ALONE = 0.5
"""Enough when no other entry comes near."""
COVERED = 0.6
"""So much of the query's rare words the entry must hold: 残疾证怎么办 is no question about 老年证."""
FRESH_MAX = 400
"""So many added wordings are searched apart before they are merged into the main block."""
UNKNOWN = 1.0
"""Weight of a query's features that no wording has: they lower the score, so that a near miss is refused."""
FUNCTION = 0.6
"""Weight of function words beside words with matter."""
_GENERIC = frozenset(
    "办理 申请 手续 流程 材料 条件 政策 规定 标准 时间 地点 电话 步骤 方法 业务 问题 需要 提供 进行 介绍 了解 帮 查询 说明 告诉 具体 相关 有关 联系 准备 领取 方式 打听".split()
)


_SAID = (("咋", "怎么"), ("啥", "什么"), ("木有", "没有"), ("哪儿", "哪里"), ("肿么", "怎么"))
_ALSO_LIGHT = frozenset(
    "办理 申请 帮 帮忙 帮我 告诉 介绍 了解 妈 爸 我妈 我爸 奶奶 爷爷 家里 人家 老人家".split()
)


_GENERIC_CHARS = frozenset(
    "办帮领交查弄开拿我你他她妈爸个下给去来想要能会得有问怎么什哪咋啥多少几时候的了吗呢"
)


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
    ids: frozenset[str]
    starts: np.ndarray
    docs: np.ndarray
    values: np.ndarray


@dataclass(frozen=True, slots=True)
class _State:
    """All that a search reads, swapped as one."""

    idf: np.ndarray
    blocks: tuple[_Block, ...] = ()
    gone: frozenset[str] = frozenset()

    def rows(self) -> list[_Row]:
        return [row for block in self.blocks for row in block.rows if row.entry_id not in self.gone]


class Retriever:
    """Finds entries by their wordings. Reading needs no lock; a change swaps whole blocks in at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._vocabulary: dict[str, int] = {}
        self._state = _State(np.zeros(0))

    @classmethod
    def build(cls, entries: Iterable[tuple[str, Sequence[str]]]) -> "Retriever":
        """A retriever of (entry id, [question, other wordings …])."""
        made = cls()
        made._state = made._built([row for entry_id, texts in entries for row in made._rows(entry_id, texts)])
        return made

    def __len__(self) -> int:
        return len({row.entry_id for row in self._state.rows()})

    def add(self, entry_id: str, texts: Sequence[str]) -> None:
        """Put an entry in, or in place of the one with this id; found from the next search on."""
        with self._lock:
            state, new = self._state, self._rows(entry_id, texts)
            fresh = list(state.blocks[1].rows) if len(state.blocks) > 1 else []
            known = any(entry_id in block.ids for block in state.blocks)
            if known or not state.blocks or len(fresh) + len(new) > FRESH_MAX:
                self._state = self._built([row for row in state.rows() if row.entry_id != entry_id] + new)
                return
            idf = _grown(state.idf, len(self._vocabulary))
            self._state = _State(idf, (state.blocks[0], _block(fresh + new, idf)), state.gone)

    def remove(self, entry_id: str) -> None:
        """Take an entry out; unknown ids are harmless."""
        with self._lock:
            state = self._state
            if any(entry_id in block.ids for block in state.blocks):
                self._state = _State(state.idf, state.blocks, state.gone | {entry_id})

    def search(self, query: str, k: int = 3) -> list[Hit]:
        """The `k` best entries, best first; empty when the query shares nothing with any wording."""
        state = self._state
        weights = self._query(query, state.idf)
        found: dict[str, Hit] = {}
        for block in state.blocks:
            for score, row in _best(block, weights, k + len(state.gone)):
                if row.entry_id not in state.gone and (
                    row.entry_id not in found or score > found[row.entry_id].score
                ):
                    found[row.entry_id] = Hit(row.entry_id, round(min(1.0, score), 4), row.text)
        return sorted(found.values(), key=lambda hit: (-hit.score, hit.entry_id))[:k]

    def answer(self, query: str) -> Answer:
        """The best three with a verdict: answer only when sure, offer when close, else leave it to a person."""
        hits = tuple(self.search(query))
        if not hits or hits[0].score < FAIR:
            return Answer(hits, "refuse")
        covered = self._covered(query, hits[0].text) >= COVERED
        lead = hits[0].score - (hits[1].score if len(hits) > 1 else 0.0)
        if hits[0].score >= 0.98 and lead > 0:
            return Answer(hits, "answer")
        if not covered:
            return Answer(hits, "refuse")
        if lead < CLEAR and len(hits) > 1:
            return Answer(hits, "close")
        sure = hits[0].score >= SURE or (hits[0].score >= ALONE and lead >= ALONE / 2)
        return Answer(hits, "answer" if sure else "close")

    def _covered(self, query: str, text: str) -> float:
        """Share (by rarity) of the query's words with matter whose characters, at least half, stand in `text`."""
        idf, get = self._state.idf, self._vocabulary.get
        rare = float(idf.max()) if len(idf) else 1.0
        low, total, held = normalise(text).lower(), 0.0, 0.0
        for word in rjieba.cut(readable(query).lower()):
            if (
                word in FUNCTION_WORDS
                or word in _GENERIC
                or word in _ALSO_LIGHT
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

    def _rows(self, entry_id: str, texts: Sequence[str]) -> list[_Row]:
        rows, vocabulary = [], self._vocabulary
        for text in dict.fromkeys(texts):
            counts = _counts(text)
            if counts:
                numbers = [vocabulary.setdefault(f, len(vocabulary)) for f in counts]
                values = np.array(list(counts.values()), np.float32)
                rows.append(_Row(entry_id, text, np.array(numbers, np.int32), values))
        return rows

    def _built(self, rows: list[_Row]) -> _State:
        features = np.concatenate([r.features for r in rows]) if rows else np.zeros(0, np.int32)
        df = np.bincount(features, minlength=len(self._vocabulary))
        idf = np.log((1 + len(rows)) / (1 + df)) + 1.0
        return _State(idf, (_block(rows, idf),) if rows else ())

    def _query(self, query: str, idf: np.ndarray) -> dict[int, float]:
        get = self._vocabulary.get
        rare = float(idf.max()) if len(idf) else 1.0
        weights: dict[int, float] = {}
        unknown = 0.0
        for feature, count in _counts(readable(query)).items():
            number = get(feature)
            if number is None or number >= len(idf):
                unknown += (count * rare * UNKNOWN) ** 2
            else:
                weights[number] = count * float(idf[number])
        norm = (sum(v * v for v in weights.values()) + unknown) ** 0.5
        return {f: v / norm for f, v in weights.items()} if norm else {}


def _block(rows: list[_Row], idf: np.ndarray) -> _Block:
    features = np.concatenate([r.features for r in rows]) if rows else np.zeros(0, np.int32)
    docs = np.repeat(np.arange(len(rows), dtype=np.int32), [len(r.features) for r in rows])
    counts = np.concatenate([r.counts for r in rows]) if rows else np.zeros(0, np.float32)
    values = counts * idf[features]
    norm = np.sqrt(np.bincount(docs, values * values, minlength=len(rows)))
    order = np.argsort(features, kind="stable")
    starts = np.concatenate(([0], np.cumsum(np.bincount(features, minlength=len(idf)))))
    weighted = (values / norm[docs])[order].astype(np.float32)
    return _Block(tuple(rows), frozenset(r.entry_id for r in rows), starts, docs[order], weighted)


def _best(block: _Block, weights: dict[int, float], k: int) -> list[tuple[float, _Row]]:
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
    return [(float(scores[r]), block.rows[r]) for r in top[np.argsort(-scores[top])] if scores[r] > 0]


def _counts(text: str) -> dict[str, float]:
    """Features of a text: single characters, pairs and words; function words, and pairs that touch one, are light."""
    low = "".join(c for c in normalise(text).lower() if c.isalnum())
    for said, meant in _SAID:
        low = low.replace(said, meant)
    counts: dict[str, float] = {}
    before, before_light = "", 1.0
    for word in rjieba.cut(low):
        light = FUNCTION if word in FUNCTION_WORDS or word in _ALSO_LIGHT else 1.0
        if len(word) > 1:
            key = f"w{word}"
            counts[key] = counts.get(key, 0.0) + light
        for i, c in enumerate(word):
            counts[c] = counts.get(c, 0.0) + 0.6 * light
            if before:
                pair = before + c
                counts[pair] = counts.get(pair, 0.0) + (light if i else min(light, before_light))
            before = c
        before_light = light
    return counts


def _grown(idf: np.ndarray, size: int) -> np.ndarray:
    """`idf` with room for new features, which are as rare as the rarest known."""
    if len(idf) >= size:
        return idf
    return np.concatenate((idf, np.full(size - len(idf), idf.max() if len(idf) else 1.0)))
