"""Learning from wordings: what tells an entry from those it is taken for. Minutes of nobody's time: it runs apart.

Every wording is asked as if it were new (its own share taken out of its entry's mean); a softmax over the entries that
come nearest then moves weights from the entries it was nearly taken for to its own.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import sparse

from linli.language.retrieval.block import RANKING, Entry, block_of, scale_of
from linli.language.retrieval.reading import features, grams, kinds
from linli.language.retrieval.table import Table
from linli.language.retrieval.weights import Weights, mark

RIVALS = 15
"""So many other entries each wording is told apart from."""
SHARP = 12.0
"""How many units of log-odds a cosine of 1 is worth."""
ROUNDS, STEP, DECAY = 30, 0.5, 2e-6
MOST = 30_000
"""Wordings learned from at most; those of entries that have several come first."""
ALONE = 0.65
"""Nearness assumed of a wording that its entry has no other for."""
SMALL = 0.01
"""Weights below it are dropped."""
AT_ONCE = 500


def learn(entries: Sequence[tuple[str, Sequence[str], str]]) -> Weights | None:
    """Weights for entries (id, texts, answer); None when no entry has a second wording to learn from."""
    vocabulary: dict[str, int] = {}
    made = [e for e in (_entry(vocabulary, *entry) for entry in entries) if e.wordings]
    if len(made) < 2 or all(len(e.wordings) < 2 for e in made):
        return None
    lessons = [(i, w) for i, e in enumerate(made) for w in e.wordings]
    lessons = sorted(lessons, key=lambda lesson: len(made[lesson[0]].wordings) < 2)[:MOST]
    names = list(vocabulary)
    scale = scale_of(made, kinds(names))
    rows = block_of(made, scale, lambda e: None).rows
    asked, own = _lessons(lessons, scale.idf * scale.kinds[RANKING]), np.array([i for i, _ in lessons])
    means = sparse.csr_matrix((rows.values, rows.names, rows.starts), shape=(len(made), len(names)))
    rivals = _rivals(asked, means, own, min(RIVALS, len(made) - 1))
    learned = _descend(asked, means, rivals)
    return _weights(made, names, (means + learned).tocsr())


def _entry(vocabulary: dict[str, int], entry_id: str, texts: Sequence[str], answer: str = "") -> Entry:
    def numbers(counts: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
        at = [vocabulary.setdefault(f, len(vocabulary)) for f in counts]
        return np.array(at, np.int32), np.array(list(counts.values()), np.float32)

    kept = [(t, f) for t in dict.fromkeys(texts) if (f := features(t))]
    texts = tuple(t for t, _ in kept)
    return Entry(entry_id, texts, tuple(numbers(f) for _, f in kept), numbers(grams(texts, answer)))


def _lessons(lessons: list[tuple[int, tuple[np.ndarray, np.ndarray]]], weight: np.ndarray) -> sparse.csr_matrix:
    starts = np.concatenate(([0], np.cumsum([len(w[0]) for _, w in lessons])))
    at = np.concatenate([w[0] for _, w in lessons])
    values = np.concatenate([w[1] for _, w in lessons]) * weight[at]
    unit = Table(starts, at, values.astype(np.float32)).unit()
    return sparse.csr_matrix((unit.values, unit.names, unit.starts), shape=(len(lessons), len(weight)))


def _rivals(asked: sparse.csr_matrix, means: sparse.csr_matrix, own: np.ndarray, k: int) -> np.ndarray:
    """Per wording its own entry, then the `k` others whose mean is nearest."""
    turned, found = means.T.tocsr(), []
    for a in range(0, asked.shape[0], AT_ONCE):
        near = (asked[a : a + AT_ONCE] @ turned).toarray()
        mine = own[a : a + AT_ONCE]
        near[np.arange(len(mine)), mine] = np.inf
        top = np.argpartition(-near, k, axis=1)[:, : k + 1]
        order = np.argsort(-np.take_along_axis(near, top, 1), axis=1, kind="stable")
        found.append(np.take_along_axis(top, order, 1))
    return np.concatenate(found)


def _descend(asked: sparse.csr_matrix, means: sparse.csr_matrix, rivals: np.ndarray) -> sparse.csr_matrix:
    """What to add to the means, in the same units."""
    count, width = rivals.shape
    size = means.shape[1]
    of = np.repeat(np.arange(count), np.diff(asked.indptr))
    keys = rivals[of].astype(np.int64) * size + asked.indices[:, None]
    places, where = np.unique(keys.ravel(), return_inverse=True)
    cells = (of[:, None] * width + np.arange(width)[None, :]).ravel()
    del keys
    values = np.repeat(asked.data, width).astype(np.float32)
    design = sparse.csr_matrix((values, (cells, where.ravel())), shape=(count * width, len(places)))
    turned = design.T.tocsr()
    start = np.asarray(means[places // size, places % size]).ravel().astype(np.float32)
    near = (design @ start).reshape(count, width)
    near[:, 0] = _without_itself(near[:, 0], rivals[:, 0])
    delta = np.zeros(len(places), np.float32)
    first, second = np.zeros_like(delta), np.zeros_like(delta)
    for n in range(1, ROUNDS + 1):
        z = (design @ delta).reshape(count, width) + SHARP * near
        z = np.exp(z - z.max(axis=1, keepdims=True))
        z /= z.sum(axis=1, keepdims=True)
        z[:, 0] -= 1.0
        slope = turned @ z.ravel().astype(np.float32) + DECAY * count * delta
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope * slope
        delta -= STEP * (first / (1 - 0.9**n)) / (np.sqrt(second / (1 - 0.99**n)) + 0.01)
    return sparse.csr_matrix((delta / SHARP, (places // size, places % size)), shape=means.shape)


def _without_itself(near: np.ndarray, own: np.ndarray) -> np.ndarray:
    """The nearness of each wording to the mean of its entry's *other* wordings, as if it had just been asked. The mean was
    made a unit; the length it had is the sum of its wordings' nearness to it."""
    length = np.bincount(own, near)[own]
    rest = np.sqrt(np.maximum(length**2 - 2 * near * length + 1, 1e-3))
    alone = np.bincount(own)[own] == 1
    return np.where(alone, ALONE, np.clip((near * length - 1) / rest, 0.0, 1.0))


def _weights(made: Sequence[Entry], names: list[str], rows: sparse.csr_matrix) -> Weights:
    rows.data[np.abs(rows.data) < SMALL] = 0
    rows.eliminate_zeros()
    rows.sort_indices()
    used, numbers = np.unique(rows.indices, return_inverse=True)
    return Weights(
        [names[i] for i in used], [e.id for e in made], [mark(e.texts) for e in made], rows.indptr.astype(np.int64),
        numbers.ravel().astype(np.int32), rows.data.astype(np.float32),
    )  # fmt: skip


def start(entries: Sequence[tuple[str, Sequence[str], str]], target: Path) -> "subprocess.Popen[bytes]":
    """Learn in a process of its own that writes `target` when it is done; the caller polls or waits."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source = target.with_name(f".{target.name}.{os.getpid()}.json")
    source.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    words = [sys.executable, "-m", "linli.language.retrieval.learning", str(source), str(target)]
    return subprocess.Popen(words, stdin=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"})  # noqa: S603


def main() -> None:
    """`python -m linli.language.retrieval.learning IN OUT`: IN a JSON list of [id, texts, answer]; gives way to others."""
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    args = parser.parse_args()
    os.nice(15)
    entries = json.loads(args.source.read_text(encoding="utf-8"))
    args.source.unlink()
    weights = learn(entries)
    if weights is None:
        args.target.unlink(missing_ok=True)
    else:
        weights.save(args.target)


if __name__ == "__main__":
    main()
