"""Fits a `Classifier` on given labels. With `train.py` the only place that needs scikit-learn."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from linli.language.classifier import HEAD_WORDS, Classifier, counted, rows_of

LEAST_ROWS = 2
"""A feature that stands in fewer documents says nothing about the next one."""
RARE = 1.3
"""The power of a feature's rarity (inverse document frequency)."""
MARGINS, SHARES = 0.6, 0.3
"""Strength of the two learners: of plain margins, and of margins over features weighed by how unevenly labels use them."""
SMOOTH = 0.1
"""What a label is thought to have used of each feature anyway."""
HEAD_WEIGHT = 0.2
"""Each letter is learned once more by its first words, lightly: many people write no more than a title."""
SHARPNESS = 2.5
"""Makes shares of margins; a margin of one is then about 10:1."""
SAMPLE = 500
"""So many documents tell how far each learner's scores reach, so that neither drowns the other."""


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
    idf = ((np.log((1 + len(documents)) / (1 + rows)) + 1.0) ** RARE).astype(np.float32)
    matrix: sparse.csr_matrix = rows_of(cells, len(every), vocabulary, idf)
    target = np.array([names.index(x) for x in (*labels, *(labels[i] for i in heads))])
    trust = np.concatenate((np.ones(len(documents)), np.full(len(heads), HEAD_WEIGHT)))
    sample = matrix[: min(SAMPLE, len(documents))]
    learned = [_margins(matrix, target, trust, len(documents), len(names)), _shares(matrix, target, trust, len(documents), len(names))]
    reach = [float(np.abs(sample @ weights + bias).mean()) or 1.0 for weights, bias in learned]
    weights = sum(w * (reach[0] / r / 2) for (w, _), r in zip(learned, reach, strict=True))
    bias = sum(b * (reach[0] / r / 2) for (_, b), r in zip(learned, reach, strict=True))
    return Classifier(
        tuple(names), vocabulary, idf, np.asarray(weights).astype(np.float32), np.asarray(bias).astype(np.float32), SHARPNESS
    )


Learned = tuple[np.ndarray, np.ndarray]
"""(weights, one column a label; bias)."""


def _against(matrix: sparse.csr_matrix, mine: np.ndarray, trust: np.ndarray, size: int, labels: int, strength: float) -> Learned:
    """One label against the rest, its few documents counting as much as if all labels had the same number."""
    share = size / labels / max(1, int(mine[:size].sum()))
    learner = LinearSVC(C=strength, tol=1e-3, max_iter=300, random_state=1)
    learner.fit(matrix, mine, sample_weight=trust * np.where(mine, share, 1.0))
    return learner.coef_[0], learner.intercept_[0]


def _margins(matrix: sparse.csr_matrix, target: np.ndarray, trust: np.ndarray, size: int, labels: int) -> Learned:
    found = [_against(matrix, target == k, trust, size, labels, MARGINS) for k in range(labels)]
    return np.stack([w for w, _ in found], axis=1), np.array([b for _, b in found])


def _shares(matrix: sparse.csr_matrix, target: np.ndarray, trust: np.ndarray, size: int, labels: int) -> Learned:
    """Wang and Manning's NB-SVM (ACL 2012), with the sizes of the log-ratios only: what is used evenly counts little."""
    documents, own = matrix[:size], target[:size]
    sums = np.stack([np.asarray(documents[own == k].sum(axis=0)).ravel() for k in range(labels)])
    squares = np.asarray(documents.multiply(documents).mean(axis=0)).ravel()
    weights, bias = np.zeros((matrix.shape[1], labels)), np.zeros(labels)
    for k in range(labels):
        mine, rest = sums[k] + SMOOTH, sums.sum(axis=0) - sums[k] + SMOOTH
        uneven = np.abs(np.log(mine / mine.sum() / (rest / rest.sum())))
        uneven /= np.sqrt((squares * uneven * uneven).sum() / 2) or 1.0
        scaled = matrix @ sparse.diags(uneven.astype(np.float32))
        found, bias[k] = _against(scaled.tocsr(), target == k, trust, size, labels, SHARES)
        weights[:, k] = found * uneven
    return weights, bias
