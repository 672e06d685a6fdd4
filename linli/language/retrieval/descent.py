"""Places in a room of a few dimensions for features and entries, so that a wording stands nearest to its own entry: a
linear softmax of low rank over the entries. Words of one sense come to stand together, whichever entry taught it."""

import numpy as np
from scipy import sparse

WIDTH = 128
"""Dimensions of one room."""
SHARP = 12.0
"""How many units of log-odds a product of 1 is worth."""
ROUNDS, MOVES, AT_ONCE, STEP = 12, 700, 256, 0.2
"""At least so many rounds through all wordings, and at least so many moves in all."""
FORGOTTEN = 0.5
"""So many of a wording's features are hidden each time it is seen."""
OTHERS = 1000
"""So many entries a batch is told apart from, beside its own."""


def descend(asked: sparse.csr_matrix, own: np.ndarray, entries: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(place of each feature, place of each entry); row i of `asked`, of length 1, is a wording of entry `own[i]`."""
    dice = np.random.default_rng(seed)
    count, size = asked.shape
    features = dice.normal(0, WIDTH**-0.5, (size, WIDTH)).astype(np.float32)
    sums = sparse.csr_matrix((np.ones(count, np.float32), (own, np.arange(count))), shape=(entries, count))
    places = sums @ (asked @ features)
    places /= np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-6)
    rounds = max(ROUNDS, MOVES // -(-count // AT_ONCE))
    moved_features, moved_places = np.full(size, 1e-3, np.float32), np.full(entries, 1e-3, np.float32)
    for n in range(rounds):
        step = STEP * (1.01 - n / rounds)
        order = dice.permutation(count)
        for a in range(0, count, AT_ONCE):
            batch = order[a : a + AT_ONCE]
            some, told = _batch(asked, own, batch, entries, dice)
            used, where = np.unique(some.indices, return_inverse=True)
            some = sparse.csr_matrix((some.data, where.ravel(), some.indptr), shape=(len(batch), len(used)))
            stands = some @ features[used]
            odds = SHARP * (stands @ places[told].T)
            odds = np.exp(odds - odds.max(axis=1, keepdims=True))
            odds /= odds.sum(axis=1, keepdims=True)
            odds[np.arange(len(batch)), np.searchsorted(told, own[batch])] -= 1.0
            odds *= SHARP / len(batch)
            slope_places, slope_features = odds.T @ stands, some.T @ (odds @ places[told])
            _move(features, moved_features, used, slope_features, step)
            _move(places, moved_places, told, slope_places, step)
    return features, places


def _batch(
    asked: sparse.csr_matrix, own: np.ndarray, batch: np.ndarray, entries: int, dice: np.random.Generator
) -> tuple[sparse.csr_matrix, np.ndarray]:
    """The wordings of a batch with a part of their features hidden, and the entries that they are told apart from."""
    some = asked[batch]
    some.data = some.data * ((dice.random(len(some.data)) >= FORGOTTEN) / (1 - FORGOTTEN)).astype(np.float32)
    mine = np.unique(own[batch])
    if entries <= OTHERS + len(mine):
        return some, np.arange(entries)
    return some, np.union1d(mine, dice.integers(0, entries, OTHERS))


def _move(rows: np.ndarray, moved: np.ndarray, at: np.ndarray, slope: np.ndarray, step: float) -> None:
    moved[at] += (slope**2).mean(axis=1)
    rows[at] -= step * slope / np.sqrt(moved[at])[:, None]
