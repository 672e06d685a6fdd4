"""Learning from wordings: which words mean the same here, what tells an entry from those it is taken for, and what the base
does not know. Minutes of nobody's time: it runs apart (`apart.start_learning`)."""

import argparse
import json
import os
import re
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import numpy as np
from scipy import sparse

from linli.language.apart import mark_file
from linli.language.retrieval.block import Entry, scale_of
from linli.language.retrieval.descent import descend
from linli.language.retrieval.honesty import Entries, judged
from linli.language.retrieval.reading import ANSWER_CHARS, MEANING, features, grams, kinds
from linli.language.retrieval.table import stacked
from linli.language.retrieval.weights import Weights, in_bytes, mark

ROOMS = 2
"""So many rooms are learned from different beginnings, and their mean taken."""
MOST = 30_000
"""Wordings learned from at most; those of entries that have several come first."""
FEW, SELDOM = 5_000, 2
"""Where there are more features than FEW, those of fewer than SELDOM lessons are left out."""
SENTENCES, SENTENCE = 6, 60
"""So many sentences of an answer are lessons too, so many characters of each: answers hold the other words for a thing."""
_ENDS = re.compile(r"[。；！？\n;!?]+")


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
    lessons = [(i, w) for i, e in enumerate(made) for w in e.wordings]
    lessons = sorted(lessons, key=lambda lesson: len(made[lesson[0]].wordings) < 2)[:MOST]
    answers = {entry[0]: entry[2] for entry in entries}
    count = len(lessons)
    told = [(i, _numbers(vocabulary, f)) for i, e in enumerate(made) for s in _sentences(answers[e.id]) if (f := features(s))]
    lessons += told[:MOST]
    names = list(vocabulary)
    scale = scale_of(made, kinds(names))
    own = np.array([i for i, _ in lessons])
    table = stacked([w for _, w in lessons])
    table = table.scaled(table.values * scale.weighed(MEANING, table.names)).unit()
    asked = sparse.csr_matrix((table.values, table.names, table.starts), shape=(len(lessons), len(names)))
    often = np.bincount(table.names, minlength=len(names))
    used = np.flatnonzero(often >= (SELDOM if len(names) > FEW else 1))
    asked = asked[:, used].tocsr()
    rooms = [descend(asked, own, len(made), seed) for seed in range(ROOMS)]
    places = np.concatenate([f for f, _ in rooms], axis=1)
    stands = np.concatenate([p for _, p in rooms], axis=1) / ROOMS
    values, units = in_bytes(np.concatenate((places, stands)))
    numbers = np.arange(len(made), dtype=np.int32) + len(used)
    lift = _lift(asked[:count], own[:count], places, stands)
    return Weights([names[i] for i in used], [e.id for e in made], [mark(e.texts) for e in made], numbers, values, units, lift)


def _lift(asked: sparse.csr_matrix, own: np.ndarray, places: np.ndarray, stands: np.ndarray) -> float:
    """How much farther out entries stand than the mean of their wordings, by what both give for their own wordings."""
    at = asked @ places
    sums = sparse.csr_matrix((np.ones(len(own), np.float32), (own, np.arange(len(own)))), shape=(len(stands), len(own)))
    means = (sums @ at) / np.maximum(1, np.bincount(own, minlength=len(stands)))[:, None]
    learned, plain = (at * stands[own]).sum(axis=1), (at * means[own]).sum(axis=1)
    return float(np.median(learned) / max(1e-6, float(np.median(plain))))


def _sentences(answer: str) -> list[str]:
    return [s[:SENTENCE] for s in _ENDS.split(answer[:ANSWER_CHARS]) if len(s) > 3][:SENTENCES]


def _entry(vocabulary: dict[str, int], entry_id: str, texts: Sequence[str], answer: str = "") -> Entry:
    kept = [(t, f) for t in dict.fromkeys(texts) if (f := features(t))]
    texts = tuple(t for t, _ in kept)
    wordings = tuple(_numbers(vocabulary, f) for _, f in kept)
    return Entry(entry_id, texts, wordings, _numbers(vocabulary, grams(texts, answer)))


def _numbers(vocabulary: dict[str, int], counts: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
    at = [vocabulary.setdefault(f, len(vocabulary)) for f in counts]
    return np.array(at, np.int32), np.array(list(counts.values()), np.float32)


def _end_with(parent: int) -> None:
    """Whoever started this is gone: nobody waits for what is learned here."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def main() -> None:
    """`python -m linli.language.retrieval.learning IN OUT`: IN a JSON list of [id, texts, answer]; gives way to others."""
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--mark", default="")
    # Told, not asked for here: by the time this runs, who started it may be gone already.
    parser.add_argument("--parent", type=int, default=os.getppid())
    args = parser.parse_args()
    Thread(target=_end_with, args=[args.parent], daemon=True).start()
    os.nice(15)
    entries = json.loads(args.source.read_text(encoding="utf-8"))
    args.source.unlink()
    weights = learn(entries)
    if weights is None:
        args.target.unlink(missing_ok=True)
    else:
        weights.save(args.target)
    mark_file(args.target).write_text(args.mark, encoding="utf-8")


if __name__ == "__main__":
    main()
