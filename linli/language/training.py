"""Fits a `Classifier` on given labels. With `train.py` the only place that needs scikit-learn."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from linli.language.classifier import Classifier, counted, rows_of

LEAST_ROWS = 2
"""A feature that stands in fewer documents says nothing about the next one."""
STRENGTH = 0.3
HEAD_WORDS = 8
HEAD_WEIGHT = 0.2
"""Each letter is learned once more by its first words, lightly: many people write no more than a title."""
SHARPNESS = 2.5
"""Makes shares of margins; a margin of one is then about 10:1."""


class TooFewLabels(ValueError):
    """Fewer than two labels: there is nothing to tell apart."""


def fit(documents: Sequence[Sequence[str]], labels: Sequence[str]) -> Classifier:
    """A classifier of `documents` (lists of words); the same input gives the same weights. Raises TooFewLabels."""
    names = sorted(set(labels))
    if len(names) < 2:
        raise TooFewLabels(f"{len(names)} labels; at least two are needed")
    heads = [i for i, d in enumerate(documents) if len(d) > HEAD_WORDS]
    every = [*documents, *(documents[i][:HEAD_WORDS] for i in heads)]
    cells = counted(every)
    whole = cells[0] < len(documents)
    vocabulary, rows = np.unique(cells[1][whole], return_counts=True)
    frequent = rows >= min(LEAST_ROWS, max(1, len(documents) // 50))
    vocabulary, rows = vocabulary[frequent], rows[frequent]
    idf = (np.log((1 + len(documents)) / (1 + rows)) + 1.0).astype(np.float32)
    matrix: sparse.csr_matrix = rows_of(cells, len(every), vocabulary, idf)
    target = np.array([*labels, *(labels[i] for i in heads)])
    trust = np.concatenate((np.ones(len(documents)), np.full(len(heads), HEAD_WEIGHT)))
    count = Counter(labels)
    learner = LinearSVC(
        C=STRENGTH,
        class_weight={n: len(labels) / len(names) / count[n] for n in names},
        tol=1e-3,
        max_iter=300,
        random_state=1,
    )
    learner.fit(matrix, target, sample_weight=trust)
    weights, bias = learner.coef_.T, np.asarray(learner.intercept_)
    if len(names) == 2:
        weights, bias = np.hstack((-weights, weights)), np.concatenate((-bias, bias))
    return Classifier(
        tuple(str(c) for c in learner.classes_),
        vocabulary,
        idf,
        weights.astype(np.float32),
        bias.astype(np.float32),
        SHARPNESS,
    )
