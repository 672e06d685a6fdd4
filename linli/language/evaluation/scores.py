"""Measures, each as the literature defines it."""

from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np


def per_class(truth: Sequence[str], guess: Sequence[str]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and number of rows of every label in `truth`."""
    right, have, said = Counter[str](), Counter(truth), Counter(guess)
    right.update(t for t, g in zip(truth, guess, strict=True) if t == g)
    out = {}
    for label in sorted(have):
        precision = right[label] / said[label] if said[label] else 0.0
        recall = right[label] / have[label]
        both = precision + recall
        out[label] = {
            "precision": precision,
            "recall": recall,
            "f1": 2 * precision * recall / both if both else 0.0,
            "rows": have[label],
        }
    return out


def macro_f1(truth: Sequence[str], guess: Sequence[str]) -> float:
    """Mean F1 over the labels that occur in `truth`."""
    found = per_class(truth, guess)
    return sum(c["f1"] for c in found.values()) / len(found) if found else 0.0


def accuracy(truth: Sequence[str], guess: Sequence[str]) -> float:
    """Share of rows that are right."""
    return sum(t == g for t, g in zip(truth, guess, strict=True)) / len(truth) if truth else 0.0


def auc(high: Sequence[float], low: Sequence[float]) -> float:
    """Chance that one of `high` stands above one of `low`; a tie counts half. 0.5 when either is empty."""
    above, below = np.asarray(high, float), np.sort(np.asarray(low, float))
    if not len(above) or not len(below):
        return 0.5
    less = np.searchsorted(below, above, "left")
    less_or_same = np.searchsorted(below, above, "right")
    return float((less + less_or_same).sum() / 2 / len(above) / len(below))


def recall_at(high: Sequence[float], low: Sequence[float], share: float) -> float:
    """Share of `high` above the limit that at most `share` of `low` exceeds."""
    below = np.sort(np.asarray(low, float))[::-1]
    limit = below[min(int(len(below) * share), len(below) - 1)] if len(below) else -np.inf
    return float((np.asarray(high, float) > limit).mean()) if len(high) else 0.0


def b_cubed(truth: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """B³-F of a clustering: each row's precision and recall against its true group, averaged."""
    both = Counter(zip(truth, found, strict=True))
    of_truth, of_found = Counter(truth), Counter(found)
    total = len(truth)
    if not total:
        return 0.0
    precision = sum(n * n / of_found[f] for (_, f), n in both.items()) / total
    recall = sum(n * n / of_truth[t] for (t, _), n in both.items()) / total
    return 2 * precision * recall / (precision + recall)


def confusion(truth: Sequence[str], guess: Sequence[str]) -> dict[str, dict[str, int]]:
    """How often each true label was said to be which."""
    counts = Counter(zip(truth, guess, strict=True))
    columns = sorted({*truth, *guess})
    return {t: {g: counts[t, g] for g in columns if counts[t, g]} for t in sorted(set(truth))}
