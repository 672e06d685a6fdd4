"""The small model: three linear heads (intent, kind, category) over the same sparse rows. `versions` says which one is used."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from linli.language.features import rows_of, simplified, word_features

MODEL_DIR = Path(__file__).resolve().parent / "model"
WEIGHTS, CARD = "weights.npz", "card.json"
VERSION = 2
UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error)
"""What reading a damaged file of weights may raise."""
HEADS = ("intent", "kind", "category")


class ModelMissing(RuntimeError):
    """The language model has not been built on this machine, or its files do not belong together."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights and labels. `predict` gives log-probabilities per head, one row a text."""

    version: int
    digest: str
    labels: dict[str, tuple[str, ...]]
    vocabulary: np.ndarray
    idf: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    examples: int = 0

    def predict(
        self, texts: Sequence[str], words: Sequence[Sequence[str]], tags: Sequence[Sequence[int]]
    ) -> dict[str, np.ndarray]:
        """Log-probabilities per head for readable `texts` with their `words` and lexicon `tags`."""
        extras = [word_features(w, t) for w, t in zip(words, tags, strict=True)]
        rows = rows_of([simplified(t) for t in texts], extras, self.vocabulary, self.idf)
        scores = rows.times(self.weights) + self.bias
        out, start = {}, 0
        for head in HEADS:
            stop = start + len(self.labels[head])
            part = scores[:, start:stop]
            top = part.max(axis=1, keepdims=True)
            out[head] = part - top - np.log(np.exp(part - top).sum(axis=1, keepdims=True))
            start = stop
        return out


def digest_of(*arrays: np.ndarray) -> str:
    """SHA-256 over the arrays' bytes, in order."""
    total = hashlib.sha256()
    for array in arrays:
        total.update(np.ascontiguousarray(array).tobytes())
    return total.hexdigest()


def load(folder: Path = MODEL_DIR) -> Model:
    """The model in `folder`, checked against its card. Raises ModelMissing when absent or damaged."""
    card_file, weights_file = folder / CARD, folder / WEIGHTS
    if not card_file.is_file() or not weights_file.is_file():
        raise ModelMissing(
            f"no language model in {folder}: run `make setup` (or `python -m linli.language.train`)"
        )
    try:
        card = json.loads(card_file.read_text(encoding="utf-8"))
        with np.load(weights_file, allow_pickle=False) as store:
            arrays = [store[name] for name in ("vocabulary", "idf", "weights", "bias")]
    except UNREADABLE as error:
        raise ModelMissing(
            f"the language model in {folder} cannot be read ({error}): run `make setup`"
        ) from error
    if not isinstance(card, dict) or card.get("version") != VERSION or card.get("digest") != digest_of(*arrays):
        raise ModelMissing(
            f"the language model in {folder} is of another version or damaged: run `make setup`"
        )
    labels = {head: tuple(card["labels"][head]) for head in HEADS}
    vocabulary, idf, weights, bias = arrays
    return Model(VERSION, card["digest"], labels, vocabulary, idf, weights, bias, int(card.get("examples", 0)))
