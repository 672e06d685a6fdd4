"""Builds the model from data/examples.tsv: `python -m linli.language.train`. The only file that needs scikit-learn."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from linli.language.features import keys_of, matrix, simplified, word_features
from linli.language.lexicon import DATA, lexicon, read_rows
from linli.language.model import CARD, HEADS, MODEL_DIR, VERSION, WEIGHTS, digest_of
from linli.language.text import readable
from linli.language.words import cut

STRENGTH = {"intent": 8.0, "kind": 8.0, "category": 8.0}


def examples(path: Path = DATA / "examples.tsv") -> list[list[str]]:
    """Rows (text, intent, kind, category) of the project's own examples."""
    return [["" if cell == "-" else cell for cell in row] for row in read_rows(path, 4)]


def fit(rows: Sequence[Sequence[str]]) -> tuple[dict[str, np.ndarray], dict[str, list[str]]]:
    """Arrays and labels of a model of `rows`; the same rows give the same bytes on one machine."""
    texts = [readable(r[0]) for r in rows]
    extras = [word_features(cut(t), lexicon().find(t.lower())[1]) for t in texts]
    simple = [simplified(t) for t in texts]
    owners, keys = keys_of(simple, extras)
    pairs = np.unique(np.stack([keys, owners.astype(np.uint64)]), axis=1)
    vocabulary, counts = np.unique(pairs[0], return_counts=True)
    idf = (np.log((1 + len(rows)) / (1 + counts)) + 1.0).astype(np.float32)
    every = matrix(simple, extras, vocabulary, idf)
    weights, biases, labels = [], [], {}
    for column, head in enumerate(HEADS, 1):
        chosen = [i for i, r in enumerate(rows) if r[column]]
        target = [rows[i][column] for i in chosen]
        learner = LogisticRegression(C=STRENGTH[head], max_iter=200, class_weight="balanced", tol=1e-3)
        learner.fit(every[chosen], target)
        weights.append(learner.coef_.T.astype(np.float32))
        biases.append(learner.intercept_.astype(np.float32))
        labels[head] = [str(c) for c in learner.classes_]
    arrays = {
        "vocabulary": vocabulary,
        "idf": idf,
        "weights": np.hstack(weights),
        "bias": np.concatenate(biases),
    }
    return arrays, labels


def build(rows: Sequence[Sequence[str]], folder: Path = MODEL_DIR) -> str:
    """Train on `rows` and write the model into `folder`; returns the digest."""
    arrays, labels = fit(rows)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / WEIGHTS, allow_pickle=False, **arrays)
    digest = digest_of(*arrays.values())
    card = {"version": VERSION, "labels": labels, "digest": digest, "examples": len(rows)}
    (folder / CARD).write_text(
        json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    return digest


def main() -> int:
    """Train on the project's examples and say what was built."""
    rows = examples()
    digest = build(rows)
    print(f"language model: {len(rows)} examples, digest {digest[:12]}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
