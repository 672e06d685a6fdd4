"""Learning from wordings: which words mean the same here, what tells an entry from those it is taken for, and what the base
does not know. Minutes of nobody's time: it runs apart."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import sparse

from linli.language.retrieval.block import Entry, scale_of
from linli.language.retrieval.descent import descend
from linli.language.retrieval.honesty import Entries, judged
from linli.language.retrieval.reading import MEANING, features, grams, kinds
from linli.language.retrieval.table import stacked
from linli.language.retrieval.weights import Weights, mark

ROOMS = 2
"""So many rooms are learned from different beginnings, and their mean taken."""
MOST = 30_000
"""Wordings learned from at most; those of entries that have several come first."""
FEW = 5_000
"""Where there are more features than this, those of a single wording are left out."""


def learn(entries: Entries) -> Weights | None:
    """Weights for entries (id, texts, answer); None when no entry has a second wording to learn from."""
    taught = teach(entries)
    found = judged(entries, teach) if taught else None
    if taught and found:
        taught.mix, taught.trust = found
    return taught


def teach(entries: Entries) -> Weights | None:
    """The same with the usual mix and trust."""
    vocabulary: dict[str, int] = {}
    made = [e for e in (_entry(vocabulary, *entry) for entry in entries) if e.wordings]
    if len(made) < 2 or all(len(e.wordings) < 2 for e in made):
        return None
    names = list(vocabulary)
    scale = scale_of(made, kinds(names))
    lessons = [(i, w) for i, e in enumerate(made) for w in e.wordings]
    lessons = sorted(lessons, key=lambda lesson: len(made[lesson[0]].wordings) < 2)[:MOST]
    own = np.array([i for i, _ in lessons])
    table = stacked([w for _, w in lessons])
    table = table.scaled(table.values * scale.weighed(MEANING, table.names)).unit()
    asked = sparse.csr_matrix((table.values, table.names, table.starts), shape=(len(lessons), len(names)))
    often = np.bincount(table.names, minlength=len(names))
    used = np.flatnonzero(often > (1 if len(names) > FEW else 0))
    asked = asked[:, used].tocsr()
    rooms = [descend(asked, own, len(made), seed) for seed in range(ROOMS)]
    places = np.concatenate([f for f, _ in rooms], axis=1)
    stands = np.concatenate([p for _, p in rooms], axis=1) / ROOMS
    values = np.concatenate((places, stands)).astype(np.float16)
    numbers = np.arange(len(made), dtype=np.int32) + len(used)
    lift = _lift(asked, own, places, stands)
    return Weights([names[i] for i in used], [e.id for e in made], [mark(e.texts) for e in made], numbers, values, lift)


def _lift(asked: sparse.csr_matrix, own: np.ndarray, places: np.ndarray, stands: np.ndarray) -> float:
    """How much farther out entries stand than the mean of their wordings, by what both give for their own wordings."""
    at = asked @ places
    sums = sparse.csr_matrix((np.ones(len(own), np.float32), (own, np.arange(len(own)))), shape=(len(stands), len(own)))
    means = (sums @ at) / np.maximum(1, np.bincount(own, minlength=len(stands)))[:, None]
    learned, plain = (at * stands[own]).sum(axis=1), (at * means[own]).sum(axis=1)
    return float(np.median(learned) / max(1e-6, float(np.median(plain))))


def _entry(vocabulary: dict[str, int], entry_id: str, texts: Sequence[str], answer: str = "") -> Entry:
    def numbers(counts: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
        at = [vocabulary.setdefault(f, len(vocabulary)) for f in counts]
        return np.array(at, np.int32), np.array(list(counts.values()), np.float32)

    kept = [(t, f) for t in dict.fromkeys(texts) if (f := features(t))]
    texts = tuple(t for t, _ in kept)
    return Entry(entry_id, texts, tuple(numbers(f) for _, f in kept), numbers(grams(texts, answer)))


def start(entries: Entries, target: Path) -> "subprocess.Popen[bytes]":
    """Learn in a process of its own that writes `target` when it is done; the caller polls or waits."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source = target.with_name(f".{target.name}.{os.getpid()}.json")
    source.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    words = [sys.executable, "-m", "linli.language.retrieval.learning", str(source), str(target)]
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(words, stdin=subprocess.DEVNULL, env={**os.environ, **threads})  # noqa: S603


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
