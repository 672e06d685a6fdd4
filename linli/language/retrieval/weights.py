"""What was learned of a knowledge base, in a checked file that every process reads: a place in a room of meanings for each
feature and each entry, how the parts of a match are mixed, and how far a first hit can be trusted."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from linli.language.retrieval.block import MIX, Entry, Scale
from linli.language.retrieval.reading import MEANING
from linli.language.retrieval.trust import PLAIN

VERSION = 2


def mark(texts: Sequence[str]) -> str:
    """Short digest of an entry's wordings: what was learned holds only for these."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


@dataclass(slots=True)
class Weights:
    """Row i of `values`, times `units[i]`, is the place of `features[i]`; row `names[i]` that of the entry `ids[i]` with
    wordings of digest `marks[i]`. An entry that was not there stands where its wordings do, `lift` times as far out."""

    features: list[str]
    ids: list[str]
    marks: list[str]
    names: np.ndarray
    values: np.ndarray
    units: np.ndarray
    lift: float = 1.0
    mix: np.ndarray = field(default_factory=lambda: MIX)
    trust: np.ndarray = field(default_factory=lambda: PLAIN)
    _at: dict[str, int] = field(default_factory=dict)
    _rows: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))

    @property
    def judged(self) -> bool:
        """Whether this base has learned when to trust a first hit."""
        return not np.array_equal(self.trust, PLAIN)

    def name(self, vocabulary: dict[str, int]) -> None:
        """Speak in the numbers of this vocabulary, which grows by what it does not know; for one vocabulary only: the
        names are let go."""
        if self._at:
            return
        numbers = [vocabulary.setdefault(f, len(vocabulary)) for f in self.features]
        self._rows = np.full(len(vocabulary), -1, np.int32)
        self._rows[numbers] = np.arange(len(numbers), dtype=np.int32)
        self._at = {name: i for i, name in enumerate(self.ids)}
        self.features = []

    def place(self, at: np.ndarray, weighed: np.ndarray) -> np.ndarray:
        """Where a text stands whose features `at` weigh so much."""
        known = at < len(self._rows)
        rows = self._rows[at[known]]
        weighed = weighed[known][rows >= 0] / max(1e-9, float(weighed @ weighed) ** 0.5)
        rows = rows[rows >= 0]
        return (weighed * self.units[rows]).astype(np.float32) @ self.values[rows].astype(np.float32)

    def meaning(self, entries: Sequence[Entry], scale: Scale) -> np.ndarray:
        """The place of each entry: learned, or that of its wordings where it is new or they have changed since."""
        out = np.zeros((len(entries), self.values.shape[1]), np.float16)
        for i, entry in enumerate(entries):
            at = self._at.get(entry.id)
            if at is not None and self.marks[at] == mark(entry.texts):
                out[i] = self.values[self.names[at]] * self.units[self.names[at]]
            else:
                places = [self.place(names, counts * scale.weighed(MEANING, names)) for names, counts in entry.wordings]
                out[i] = self.lift * np.mean(places, axis=0)
        return out

    def save(self, path: Path) -> None:
        """Write the file so that a reader sees the old one or the new one, never a part."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{os.getpid()}.npz")
        np.savez(
            part, version=np.array([VERSION]), features=_packed(self.features), ids=_packed(self.ids), marks=_packed(self.marks),
            names=self.names, values=self.values, units=self.units, lift=np.array([self.lift]), mix=self.mix, trust=self.trust,
        )  # fmt: skip
        part.replace(path)


def in_bytes(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(values, units): rows of small whole numbers, and what 1 is worth in each."""
    units = np.maximum(np.abs(rows).max(axis=1), 1e-6) / 127
    return np.round(rows / units[:, None]).astype(np.int8), units.astype(np.float32)


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
            lift = float(store["lift"][0])
            names, values, units = store["names"], store["values"], store["units"]
            made = Weights(features, ids, marks, names, values, units, lift, store["mix"], store["trust"])
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    return made if _sound(made) else None


def _sound(made: Weights) -> bool:
    names, values = made.names, made.values
    return (
        len(made.ids) == len(made.marks) == len(names) and names.ndim == 1 and names.dtype.kind == "i"
        and values.ndim == 2 and values.dtype == np.int8 and len(values) == len(made.units) == len(made.features) + len(names)
        and (not len(names) or 0 <= int(names.min()) <= int(names.max()) < len(values))
        and made.mix.shape == MIX.shape and made.trust.shape == PLAIN.shape
        and all(bool(np.isfinite(a).all()) for a in (made.units, made.mix, made.trust, np.array(made.lift)))
    )  # fmt: skip
