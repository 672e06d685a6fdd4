"""Messages as sparse rows: characters, words, the grammar of the words, and the cue tags found.

Grammar (part-of-speech pairs) is what tells a stranger's report from friends' talk when no word is known.
A character gram is its own number (two characters of 21 bits), other features are a checksum with a mark,
so that training and predicting share no table of strings.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
import rjieba

BITS = 21
MARK = 1 << 63
WORD, GRAMMAR = MARK | 1 << 60, MARK | 2 << 60
GRAMMAR_BASE, WORD_BASE, TAG_BASE = np.uint64(GRAMMAR), np.uint64(WORD), np.uint64(MARK)
GRAMMAR_WEIGHT = 0.5
TAG_WEIGHT = 0.45
MAX_CHARS = 300
"""The model reads the first 300 characters: later ones change an intent seldom and cost time."""

_DIGITS = re.compile(r"\d+")
_NAME = re.compile(r"@?小[栖棲]")
_REPEAT = re.compile(r"(.)\1{2,}")
_START, _END = "\u0002", "\u0003"


def simplified(text: str) -> str:
    """The spelling that the model reads: lower case, numbers as 0, at most two of a character, no name of the bot."""
    low = _NAME.sub("", text.lower())[:MAX_CHARS]
    low = _REPEAT.sub(r"\1\1", _DIGITS.sub("0", low))
    return f"{_START}{low.replace(' ', '').strip()}{_END}"


@lru_cache(maxsize=50_000)
def _word(word: str) -> tuple[int, str]:
    """(feature, part of speech) of a word; the part of speech is the dictionary's, so it can be remembered."""
    if word.isdigit():
        return WORD | crc32(b"0"), "m"
    tags = rjieba.tag(word)
    return WORD | crc32(word.encode()), tags[0][1] if len(tags) == 1 else "?"


@lru_cache(maxsize=20_000)
def _pair(left: str, right: str) -> int:
    return GRAMMAR | crc32(f"{left} {right}".encode())


def word_features(words: Sequence[str], tags: Sequence[int]) -> list[int]:
    """Features of a text's words and grammar, and of the lexicon `tags` found in it."""
    out = [MARK | tag for tag in tags]
    before = "^"
    for word in words:
        feature, speech = _word(word)
        out.append(feature)
        out.append(_pair("", speech))
        out.append(_pair(before, speech))
        before = speech
    out.append(_pair(before, "$"))
    return out


def keys_of(texts: Sequence[str], extras: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """(text number, feature) of every character gram and every extra feature; texts are already simplified."""
    lengths = np.fromiter((len(t) for t in texts), np.int64, len(texts))
    points = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    inside = owner[:-1] == owner[1:]
    pairs = (points[:-1] | points[1:] << np.uint64(BITS))[inside]
    extra = np.array([key for row in extras for key in row], np.uint64)
    extra_owner = np.repeat(np.arange(len(extras), dtype=np.int64), [len(row) for row in extras])
    return np.concatenate((owner, owner[:-1][inside], extra_owner)), np.concatenate((points, pairs, extra))


class Rows(NamedTuple):
    """Sparse rows as in CSR: row i has `values[pointers[i]:pointers[i + 1]]` in `columns` alike."""

    values: np.ndarray
    columns: np.ndarray
    pointers: np.ndarray

    def times(self, weights: np.ndarray) -> np.ndarray:
        """The product with a dense matrix, a row each. In numpy, for predicting is all that most processes do, and scipy.sparse costs
        each of them 24 MB."""
        out = np.zeros((len(self.pointers) - 1, weights.shape[1]), weights.dtype)
        full = np.flatnonzero(np.diff(self.pointers))
        if len(full):
            out[full] = np.add.reduceat(np.take(weights, self.columns, axis=0) * self.values[:, None], self.pointers[full], axis=0)
        return out


def rows_of(texts: Sequence[str], extras: Sequence[Sequence[int]], vocabulary: np.ndarray, idf: np.ndarray) -> Rows:
    """TF-IDF rows (characters and words of unit length, grammar of its own length, tags as they are)."""
    owners, keys = keys_of(texts, extras)
    columns = np.searchsorted(vocabulary, keys)
    columns[columns == len(vocabulary)] = 0
    known = vocabulary[columns] == keys
    size = len(vocabulary)
    cell, counts = np.unique(owners[known] * size + columns[known], return_counts=True)
    owners, columns = np.divmod(cell, size)
    feature = vocabulary[columns]
    grammar, tag = feature >= GRAMMAR_BASE, (feature >= TAG_BASE) & (feature < WORD_BASE)
    values = np.where(grammar, counts, (1.0 + np.log(counts)) * idf[columns])
    squares = values * values
    spelling = _length(owners, np.where(grammar | tag, 0.0, squares), len(texts))
    sentence = _length(owners, np.where(grammar, squares, 0.0), len(texts))
    values /= np.where(grammar, sentence[owners] / GRAMMAR_WEIGHT, spelling[owners])
    values[tag] = TAG_WEIGHT
    pointers = np.concatenate(([0], np.cumsum(np.bincount(owners, minlength=len(texts)))))
    # As the weights are: else each call would copy them all into another type.
    return Rows(values.astype(np.float32), columns, pointers)


def _length(owners: np.ndarray, squares: np.ndarray, size: int) -> np.ndarray:
    total = np.sqrt(np.bincount(owners, squares, minlength=size))
    total[total == 0] = 1.0
    return total
