"""Reading what people bring to be judged: CSV files, plain or gzipped, whose text stands in known columns."""

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path

from linli.language.classifier import cut_words, words_of

MAX_CELL = 10_000_000
Row = dict[str, str]


class BadFile(ValueError):
    """A file that cannot be read as what it should be. The text says which and why."""


def read_rows(path: str | Path, *needed: str) -> list[Row]:
    """The rows of a CSV file (`.gz` too, UTF-8 with or without mark). Raises BadFile when a `needed` column is absent."""
    try:
        raw = Path(path).read_bytes()
        if raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
        csv.field_size_limit(MAX_CELL)
        reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
        rows = [{k: v or "" for k, v in row.items() if isinstance(k, str)} for row in reader]
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise BadFile(f"{path}: cannot be read: {error}") from error
    missing = [name for name in needed if name not in (reader.fieldnames or ())]
    if missing:
        raise BadFile(f"{path}: no column {', '.join(missing)}; there are {', '.join(reader.fieldnames or ['none'])}")
    return rows


def text_columns(rows: Sequence[Row]) -> tuple[str, ...]:
    """Which columns hold the text: `text`, else `title,body`, `title`, `text_seg`, `query`, `question`. Raises BadFile."""
    have = set(rows[0]) if rows else {"text"}
    for columns in (("text",), ("title", "body"), ("title",), ("text_seg",), ("query",), ("question",)):
        if have.issuperset(columns):
            return columns
    raise BadFile(f"no text column (text, title, body or text_seg); there are {', '.join(sorted(have))}")


def texts_of(rows: Sequence[Row]) -> list[str]:
    """Each row's text as a person would read it; segmented words are joined again."""
    columns = text_columns(rows)
    if columns == ("text_seg",):
        return ["".join(row["text_seg"].split()) for row in rows]
    return ["。".join(part for part in (row[c].strip() for c in columns) if part) for row in rows]


def documents_of(rows: Sequence[Row]) -> list[list[str]]:
    """Each row's words for a `Classifier`: the given ones of `text_seg`, else cut here."""
    if text_columns(rows) == ("text_seg",):
        return [cut_words(row["text_seg"].split()) for row in rows]
    return [words_of(text) for text in texts_of(rows)]


def labels_of(rows: Sequence[Row], path: str | Path, *names: str) -> list[str]:
    """The label of each row, from the first of columns `label`, then `names`. Raises BadFile when absent or empty."""
    for name in ("label", *names):
        if rows and name in rows[0]:
            labels = [row[name].strip() for row in rows]
            if "" in labels:
                raise BadFile(f"{path}: row {labels.index('') + 2} has no {name}")
            return labels
    raise BadFile(f"{path}: no rows with a column {' or '.join(('label', *names))}")
