"""Builds the model from data/examples.tsv, and from sentences that people judged: with `training` the only file that needs
scikit-learn.

    python -m linli.language.train                          the shipped model
    python -m linli.language.train --extra FILE --out DIR   another one, with the examples of FILE beside our own
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from linli.language import examples
from linli.language.features import keys_of, rows_of, simplified, word_features
from linli.language.lexicon import lexicon
from linli.language.model import CARD, HEADS, MODEL_DIR, VERSION, WEIGHTS, digest_of
from linli.language.text import readable
from linli.language.words import cut

STRENGTH = {"intent": 8.0, "kind": 8.0, "category": 8.0}
EXTRA_WEIGHT = 4.0
"""A sentence from here counts as so many of ours: it is what people here really write, judged by somebody who knew."""
EX_DATAERR = 65


def fit(rows: Sequence[Sequence[str]], extra: int = 0) -> tuple[dict[str, np.ndarray], dict[str, list[str]]]:
    """Arrays and labels of a model of `rows`, the last `extra` of which are from here; the same rows give the same bytes on
    one machine."""
    texts = [readable(r[0]) for r in rows]
    extras = [word_features(cut(t), lexicon().find(t.lower())[1]) for t in texts]
    simple = [simplified(t) for t in texts]
    owners, keys = keys_of(simple, extras)
    pairs = np.unique(np.stack([keys, owners.astype(np.uint64)]), axis=1)
    vocabulary, counts = np.unique(pairs[0], return_counts=True)
    idf = (np.log((1 + len(rows)) / (1 + counts)) + 1.0).astype(np.float32)
    every = sparse.csr_matrix(rows_of(simple, extras, vocabulary, idf), shape=(len(rows), len(vocabulary)))
    trust = np.ones(len(rows))
    trust[len(rows) - extra :] = EXTRA_WEIGHT
    weights, biases, labels = [], [], {}
    for column, head in enumerate(HEADS, 1):
        chosen = [i for i, r in enumerate(rows) if r[column]]
        target = [rows[i][column] for i in chosen]
        learner = LogisticRegression(C=STRENGTH[head], max_iter=200, class_weight="balanced", tol=1e-3)
        with threadpool_limits(1):
            # More threads wait for each other longer than they work, and may add up in another order.
            learner.fit(every[chosen], target, sample_weight=trust[chosen])
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


def build(rows: Sequence[Sequence[str]], folder: Path = MODEL_DIR, extra: int = 0) -> str:
    """Train on `rows` (the last `extra` from here) and write the model into `folder`; returns the digest."""
    arrays, labels = fit(rows, extra)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / WEIGHTS, allow_pickle=False, **arrays)
    digest = digest_of(*arrays.values())
    base = hashlib.sha256("\n".join("\t".join(r) for r in rows[: len(rows) - extra]).encode()).hexdigest()
    card = {"version": VERSION, "labels": labels, "digest": digest, "examples": len(rows), "extra": extra, "base": base}
    (folder / CARD).write_text(
        json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    return digest


def together(own: Sequence[examples.Example], extra: Sequence[examples.Example]) -> tuple[list[examples.Example], int]:
    """(what to train on, how many of it come from here): of two judgements on one sentence the later stands, and a sentence of
    ours that was judged otherwise here gives way."""
    judged = {e.text: e for e in extra}
    return [e for e in own if e.text not in judged] + list(judged.values()), len(judged)


def main(argv: Sequence[str] | None = None) -> int:
    """Train on the project's examples, with those of --extra, and say what was built. 65 when --extra cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extra", type=Path, help="text, intent, kind, category, separated by tabs, - for none")
    parser.add_argument("--out", type=Path, default=MODEL_DIR, help="folder for the model")
    args = parser.parse_args(argv)
    own = examples.read()
    try:
        more = examples.read(args.extra) if args.extra else []
    except (OSError, ValueError) as error:
        print(f"language model: {error}", file=sys.stderr)
        return EX_DATAERR
    rows, extra = together(own, more)
    digest = build(rows, args.out, extra)
    print(f"language model: {len(rows)} examples, {extra} of them from here, digest {digest[:12]}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
