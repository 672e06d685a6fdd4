"""What was learned of a knowledge base: per entry a row of weights, in a checked file that every process reads."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

VERSION = 1


def mark(texts: Sequence[str]) -> str:
    """Short digest of an entry's wordings: what was learned holds only for these."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


@dataclass(slots=True)
class Weights:
    """`features` are names; row i, for the entry `ids[i]` with wordings of digest `marks[i]`, is
    `names[starts[i]:starts[i+1]]` with `values`."""

    features: list[str]
    ids: list[str]
    marks: list[str]
    starts: np.ndarray
    names: np.ndarray
    values: np.ndarray
    _at: dict[str, int] = field(default_factory=dict)
    _numbers: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))

    def name(self, vocabulary: dict[str, int]) -> None:
        """Speak in the numbers of this vocabulary, which grows by what it does not know; for one vocabulary only: the
        names are let go."""
        if self._at:
            return
        self._numbers = np.array([vocabulary.setdefault(f, len(vocabulary)) for f in self.features], np.int32)
        self._at = {name: i for i, name in enumerate(self.ids)}
        self.features = []

    def row(self, entry_id: str, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray] | None:
        """(features, weights) of an entry; None when it is unknown or its wordings have changed since."""
        at = self._at.get(entry_id)
        if at is None or self.marks[at] != mark(texts):
            return None
        a, b = self.starts[at], self.starts[at + 1]
        return self._numbers[self.names[a:b]], self.values[a:b].astype(np.float32)

    def save(self, path: Path) -> None:
        """Write the file so that a reader sees the old one or the new one, never a part."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{os.getpid()}.npz")
        np.savez_compressed(
            part, version=np.array([VERSION]), features=_packed(self.features), ids=_packed(self.ids),
            marks=_packed(self.marks), starts=self.starts, names=self.names, values=self.values.astype(np.float16),
        )  # fmt: skip
        part.replace(path)


def _packed(words: Sequence[str]) -> np.ndarray:
    return np.frombuffer("\n".join(words).encode(), np.uint8)


def _unpacked(array: np.ndarray) -> list[str]:
    text = array.tobytes().decode()
    return text.split("\n") if text else []


def load(path: Path) -> Weights | None:
    """The weights in a file; None when there is none, or it is of another version or damaged: all works without."""
    try:
        with np.load(path, allow_pickle=False) as store:
            if store["version"].tolist() != [VERSION]:
                return None
            features, ids, marks = (_unpacked(store[name]) for name in ("features", "ids", "marks"))
            made = Weights(features, ids, marks, store["starts"], store["names"], store["values"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    starts, names = made.starts, made.names
    sound = (
        len(made.ids) == len(made.marks) == len(starts) - 1 and starts[0] == 0 and starts[-1] == len(names) == len(made.values)
        and bool((np.diff(starts) >= 0).all()) and (not len(names) or 0 <= names.min() <= names.max() < len(made.features))
        and bool(np.isfinite(made.values).all())
    )  # fmt: skip
    return made if sound else None
