"""Sentences with their labels, as files: the project's own (data/examples.tsv) and those that people's decisions gave."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from linli.language.labels import CATEGORIES, DAILY, INTENTS, SENSITIVE
from linli.language.lexicon import DATA, read_rows
from linli.language.text import normalise

OWN = DATA / "examples.tsv"
KNOWN = {"intent": INTENTS, "kind": (*DAILY, *SENSITIVE), "category": CATEGORIES}


class Example(NamedTuple):
    """A sentence and what it means; an empty label teaches nothing about that head."""

    text: str
    intent: str = ""
    kind: str = ""
    category: str = ""


def read(path: Path = OWN) -> list[Example]:
    """The examples of a file: text, intent, kind, category, separated by tabs, "-" for none. Raises ValueError with the line's
    text when a label is unknown."""
    found = [Example(row[0], *("" if cell == "-" else cell for cell in row[1:])) for row in read_rows(path, 4)]
    for example in found:
        for head, labels in KNOWN.items():
            if getattr(example, head) not in ("", *labels):
                raise ValueError(f"{path.name}: {example.text[:20]}: there is no {head} {getattr(example, head)}")
    return found


def write(path: Path, examples: Iterable[Example]) -> None:
    """Write examples so that `read` gives them back; white space in a text becomes a blank, an empty text is left out."""
    rows = []
    for example in examples:
        text = normalise(example.text).lstrip("#")
        if text:
            rows.append("\t".join((text, *(label or "-" for label in example[1:]))) + "\n")
    path.write_text("".join(rows), encoding="utf-8")
