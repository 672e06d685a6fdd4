"""A plain text classifier for given labels: TF-IDF of characters and words, one linear layer, saved without pickle.

Texts come in two forms: words already cut (columns `text_seg`) and raw ones, which are cut here and lose their
function words, so that both forms look alike. Tokens that only give a place or a region are taken out: they would
tell the label of the letters trained on and nothing about the next letter.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import rjieba
from scipy import sparse

from linli.language.model import UNREADABLE, digest_of
from linli.language.text import normalise
from linli.language.words import FUNCTION_WORDS

VERSION = 2
WEIGHTS, CARD = "weights.npz", "card.json"
CHARS = (1, 2, 3)
MAX_WORDS = 800
"""A letter's first 800 words are read."""
HEAD_WORDS, HEAD_TIMES = 8, 0.5
"""So many first words (a title, mostly) count so much more: who writes says there what it is about."""
OFTEN = 0.75
"""The power of a feature's count: said ten times, it counts as said five or six times."""
_REGION = re.compile(r"西地省|[A-Z]\d{0,3}(?=$|[市区县镇州])|(?<![A-Za-z0-9])[A-Z]\d{1,6}(?![A-Za-z0-9])")
_EMPTY = frozenset("市 区 县 省 镇 州".split())
_WORDLIKE = re.compile(r"[0-9a-z\u3400-\u4dbf\u4e00-\u9fff]")
_NUMBER = re.compile(r"^\d+$")
_MIX = np.uint64(0x9E3779B97F4A7C15)
_CHAR, _WORD, _PAIR = (np.uint64(n << 61) for n in (1, 4, 5))
_KEEP = np.uint64((1 << 61) - 1)


class ModelRefused(ValueError):
    """A model file that is absent, damaged or of another version. The text says which."""


def cut_words(words: Sequence[str]) -> list[str]:
    """Words without regions, marks and numbers' values (any number is "0"), lower-cased, at most `MAX_WORDS`."""
    out = []
    for word in words[: 2 * MAX_WORDS]:
        left = _REGION.sub("", word).lower()
        if left and left not in _EMPTY and _WORDLIKE.search(left):
            out.append("0" if _NUMBER.match(left) else left)
    return out[:MAX_WORDS]


def words_of(text: str) -> list[str]:
    """The words of a raw text in the form that segmented letters have: cut, without function words."""
    bare = _REGION.sub("", normalise(text)[: 4 * MAX_WORDS])
    return [w for w in cut_words(rjieba.cut(bare)) if w not in FUNCTION_WORDS]


@lru_cache(maxsize=200_000)
def _number(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "ignore"), digest_size=8).digest(), "little")


def _grams(documents: Sequence[Sequence[str]]) -> tuple[np.ndarray, np.ndarray]:
    """(document number, feature) of every character gram, word and pair of words."""
    joined = ["".join(d) for d in documents]
    lengths = np.fromiter((len(t) for t in joined), np.int64, len(joined))
    points = np.frombuffer("".join(joined).encode("utf-32-le", "ignore"), np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(joined)), lengths)
    owners, keys = [], []
    mixed = np.zeros(len(points), np.uint64)
    for n in CHARS:
        count = len(points) - n + 1
        if count <= 0:
            break
        mixed = (mixed[:count] + points[n - 1 :]) * _MIX
        inside = owner[:count] == owner[n - 1 :]
        owners.append(owner[:count][inside])
        keys.append((mixed[inside] >> np.uint64(3)) & _KEEP | _CHAR + np.uint64((n - 1) << 61))
    sizes = np.fromiter((len(d) for d in documents), np.int64, len(documents))
    words = np.fromiter((_number(w) for d in documents for w in d), np.uint64, int(sizes.sum()))
    owner = np.repeat(np.arange(len(documents)), sizes)
    owners.append(owner)
    keys.append(words & _KEEP | _WORD)
    inside = owner[:-1] == owner[1:]
    owners.append(owner[:-1][inside])
    keys.append(((words[:-1] * _MIX + words[1:]) * _MIX >> np.uint64(3))[inside] & _KEEP | _PAIR)
    return np.concatenate(owners), np.concatenate(keys)


def counted(documents: Sequence[Sequence[str]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(document number, feature, count with that of the head), sorted by document, then by feature."""
    whole, head = _grams(documents), _grams([d[:HEAD_WORDS] for d in documents])
    owners, keys = np.concatenate((whole[0], head[0])), np.concatenate((whole[1], head[1]))
    times = np.repeat((1.0, HEAD_TIMES), (len(whole[0]), len(head[0])))
    order = np.lexsort((keys, owners))
    owners, keys, times = owners[order], keys[order], times[order]
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
    starts = np.flatnonzero(new)
    return owners[starts], keys[starts], np.add.reduceat(times, starts) if len(starts) else times


def rows_of(
    cells: tuple[np.ndarray, np.ndarray, np.ndarray], size: int, vocabulary: np.ndarray, idf: np.ndarray
) -> sparse.csr_matrix:
    """TF-IDF rows: characters and words each of unit length, so that neither drowns the other."""
    owners, keys, counts = cells
    columns = np.searchsorted(vocabulary, keys)
    columns[columns == len(vocabulary)] = 0
    known = vocabulary[columns] == keys
    owners, columns, counts = owners[known], columns[known], counts[known]
    values = counts**OFTEN * idf[columns]
    is_word = keys[known] >= _WORD
    part = owners * 2 + is_word
    length = np.sqrt(np.bincount(part, values * values, minlength=2 * size))
    values /= length[part]
    pointers = np.concatenate(([0], np.cumsum(np.bincount(owners, minlength=size))))
    return sparse.csr_matrix((values.astype(np.float32), columns, pointers), shape=(size, len(vocabulary)))


@dataclass(frozen=True, slots=True)
class Classifier:
    """Labels and weights. `scores` gives one row a document; `probabilities` makes shares of them."""

    labels: tuple[str, ...]
    vocabulary: np.ndarray
    idf: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    sharpness: float

    def scores(self, documents: Sequence[Sequence[str]]) -> np.ndarray:
        """The linear scores of documents given as words (`words_of`, `cut_words`), one column a label."""
        if not documents:
            return np.zeros((0, len(self.labels)))
        rows = rows_of(counted(documents), len(documents), self.vocabulary, self.idf)
        return np.asarray(rows @ self.weights) + self.bias

    def probabilities(self, documents: Sequence[Sequence[str]]) -> np.ndarray:
        """Shares that sum to one in each row."""
        scores = self.scores(documents) * self.sharpness
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True)

    def predict(self, documents: Sequence[Sequence[str]]) -> list[str]:
        """The best label of each document."""
        return [self.labels[i] for i in self.scores(documents).argmax(axis=1)]

    def save(self, folder: Path, about: dict[str, object]) -> str:
        """Write weights and card into `folder`; returns the digest."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = (self.vocabulary, self.idf, self.weights, self.bias)
        np.savez_compressed(
            folder / WEIGHTS, vocabulary=arrays[0], idf=arrays[1], weights=arrays[2], bias=arrays[3]
        )
        digest = digest_of(*arrays)
        card = about | {
            "version": VERSION,
            "labels": self.labels,
            "sharpness": self.sharpness,
            "digest": digest,
        }
        text = json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / CARD).write_text(text + "\n", encoding="utf-8")
        return digest


def load_classifier(folder: Path) -> Classifier:
    """The classifier in `folder`, checked against its card. Raises ModelRefused."""
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        with np.load(folder / WEIGHTS, allow_pickle=False) as store:
            arrays = [store[name] for name in ("vocabulary", "idf", "weights", "bias")]
        labels, sharpness = tuple(str(x) for x in card["labels"]), float(card["sharpness"])
        version, digest = card["version"], card["digest"]
    except UNREADABLE as error:
        raise ModelRefused(f"no readable model in {folder}: {error}") from error
    if version != VERSION or digest != digest_of(*arrays) or arrays[2].shape[1:] != (len(labels),):
        raise ModelRefused(f"the model in {folder} is of another version or damaged")
    return Classifier(labels, arrays[0], arrays[1], arrays[2], arrays[3], sharpness)
