"""Sparse rows: for row r, `names[starts[r]:starts[r+1]]` are its columns and `values` their weights."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Table:
    """Compressed rows of a sparse matrix."""

    starts: np.ndarray
    names: np.ndarray
    values: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def rows_of(self) -> np.ndarray:
        """The row of each stored value."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))

    def dot(self, rows: np.ndarray, dense: np.ndarray) -> np.ndarray:
        """Dot products of the given rows with a dense vector; only these rows are read."""
        begins = self.starts[rows]
        lengths = self.starts[rows + 1] - begins
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        at = np.arange(total) + np.repeat(begins - ends + lengths, lengths)
        products = self.values[at] * dense[self.names[at]]
        if total and int(lengths.min()) > 0:
            return np.add.reduceat(products, ends - lengths)
        return np.bincount(np.repeat(np.arange(len(rows)), lengths), products, minlength=len(rows))

    def turned(self, columns: int) -> "Table":
        """The same values by column."""
        order = np.argsort(self.names, kind="stable")
        starts = np.concatenate(([0], np.cumsum(np.bincount(self.names, minlength=columns))))
        return Table(starts, self.rows_of()[order], self.values[order])

    def scaled(self, values: np.ndarray) -> "Table":
        """The same places with other values."""
        return Table(self.starts, self.names, values.astype(np.float32))

    def kept(self) -> "Table":
        """Without the places whose value is 0."""
        keep = self.values != 0
        starts = np.concatenate(([0], np.cumsum(keep)))[self.starts]
        return Table(starts, self.names[keep], self.values[keep])

    def halved(self) -> "Table":
        """With weights of half the size in memory, exact to three digits."""
        return Table(self.starts, self.names, self.values.astype(np.float16))

    def unit(self) -> "Table":
        """Every row with length 1."""
        rows = self.rows_of()
        norm = np.sqrt(np.bincount(rows, self.values.astype(np.float64) ** 2, minlength=len(self)))
        norm[norm == 0] = 1.0
        return self.scaled(self.values / norm[rows])

    def joined(self, group: np.ndarray, groups: int, columns: int) -> "Table":
        """Rows of the same group added up; `group` gives each row's."""
        keys = group[self.rows_of()].astype(np.int64) * columns + self.names
        unique, inverse = np.unique(keys, return_inverse=True)
        values = np.bincount(inverse.ravel(), self.values, minlength=len(unique)).astype(np.float32)
        starts = np.searchsorted(unique, np.arange(groups + 1, dtype=np.int64) * columns)
        return Table(starts, (unique % max(1, columns)).astype(np.int32), values)


def stacked(parts: Sequence[tuple[np.ndarray, np.ndarray]]) -> Table:
    """A table of rows given as (names, values)."""
    starts = np.concatenate(([0], np.cumsum([len(n) for n, _ in parts], dtype=np.int64)))
    names = np.concatenate([n for n, _ in parts]) if parts else np.zeros(0, np.int32)
    values = np.concatenate([v for _, v in parts]) if parts else np.zeros(0, np.float32)
    return Table(starts.astype(np.int64), names.astype(np.int32), values.astype(np.float32))
