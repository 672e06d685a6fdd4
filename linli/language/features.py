"""Messages as rows of a sparse matrix: character 1-3 grams of a simplified spelling, and the cue tags found.

A gram is its own number (three characters of 21 bits), so training and predicting share no hash and no table of strings.
"""

import re
from collections.abc import Sequence

import numpy as np
from scipy import sparse

BITS = 21
TAG_BASE = np.uint64(1 << 63)
MAX_GRAMS_CHARS = 300
"""The model reads the first 300 characters: later ones change an intent seldom and cost time."""

_DIGITS = re.compile(r"\d+")
_NAME = re.compile(r"@?小[栖棲]")
_REPEAT = re.compile(r"(.)\1{2,}")
_START, _END = "\u0002", "\u0003"


def simplified(text: str) -> str:
    """The spelling that the model reads: lower case, numbers as 0, no more than two of a character, the bot's name gone."""
    low = _NAME.sub("", text.lower())[:MAX_GRAMS_CHARS]
    low = _REPEAT.sub(r"\1\1", _DIGITS.sub("0", low))
    return f"{_START}{low.replace(' ', '').strip()}{_END}"


def keys_of(texts: Sequence[str], tags: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """(text number, feature key) of every gram and tag; texts are already simplified."""
    lengths = np.fromiter((len(t) for t in texts), np.int64, len(texts))
    points = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    keys, owners = [points], [owner]
    for n in (2, 3):
        if len(points) < n:
            break
        inside = owner[: len(owner) - n + 1] == owner[n - 1 :]
        gram = points[: len(points) - n + 1].copy()
        for step in range(1, n):
            gram |= points[step : len(points) - n + 1 + step] << np.uint64(BITS * step)
        keys.append(gram[inside])
        owners.append(owner[: len(owner) - n + 1][inside])
    tag_owner = [i for i, row in enumerate(tags) for _ in row]
    if tag_owner:
        keys.append(np.array([t for row in tags for t in row], np.uint64) | TAG_BASE)
        owners.append(np.array(tag_owner, np.int64))
    return np.concatenate(owners), np.concatenate(keys)


def matrix(texts: Sequence[str], tags: Sequence[Sequence[int]], vocabulary: np.ndarray, idf: np.ndarray) -> sparse.csr_matrix:
    """TF-IDF rows of unit length (grams) with tags beside them; `vocabulary` is sorted."""
    owners, keys = keys_of(texts, tags)
    columns = np.searchsorted(vocabulary, keys)
    columns[columns == len(vocabulary)] = 0
    known = vocabulary[columns] == keys
    owners, columns = owners[known], columns[known]
    shape = (len(texts), len(vocabulary))
    cell, counts = np.unique(owners * shape[1] + columns, return_counts=True)
    owners, columns = np.divmod(cell, shape[1])
    values = (1.0 + np.log(counts)) * idf[columns]
    is_tag = vocabulary[columns] >= TAG_BASE
    values[is_tag] = idf[columns[is_tag]]
    norm = np.sqrt(np.bincount(owners, np.where(is_tag, 0.0, values * values), minlength=shape[0]))
    norm[norm == 0] = 1.0
    values = np.where(is_tag, values, values / norm[owners])
    pointers = np.concatenate(([0], np.cumsum(np.bincount(owners, minlength=shape[0]))))
    return sparse.csr_matrix((values, columns, pointers), shape=shape)
