"""Words that point somewhere, from data/cues.tsv: things with their kind and category, cues, sensitive matters."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class Thing:
    """A canonical thing ("电梯") with the kind and category that a complaint about it usually has."""

    name: str
    kind: str
    category: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a text holds: things in the order they stand (with positions), cue names, sensitive kinds."""

    things: tuple[tuple[int, str], ...]
    cues: frozenset[str]
    sensitive: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.things or self.cues or self.sensitive)


class Lexicon:
    """All spellings indexed by their first character, so that one pass over a text finds them."""

    def __init__(self, rows: list[list[str]]) -> None:
        self.things: dict[str, Thing] = {}
        self.sensitive_category: dict[str, str] = {}
        self.tags: list[tuple[str, str]] = []
        self.spellings: dict[str, list[str]] = {}
        index: dict[str, list[tuple[str, int]]] = {}
        for row in rows:
            sort, name, kind, category, words = row
            number = len(self.tags)
            self.tags.append((sort, name))
            if sort == "thing":
                self.things[name] = Thing(name, kind, category)
                self.spellings[name] = words.split()
            elif sort == "sensitive":
                self.sensitive_category[name] = category
            for word in words.split():
                index.setdefault(word[0].lower(), []).append((word.lower(), number))
        self.index = {c: tuple(sorted(set(v), key=lambda w: (-len(w[0]), w))) for c, v in index.items()}

    def scan(self, text: str) -> list[tuple[int, int, str]]:
        """(position, tag number, word) of every spelling in lower-cased `text`, overlaps included."""
        found: list[tuple[int, int, str]] = []
        get, starts = self.index.get, text.startswith
        for position, c in enumerate(text):
            if entries := get(c):
                for word, number in entries:
                    if starts(word, position):
                        found.append((position, number, word))
        return found

    def find(self, text: str) -> tuple[Found, list[int]]:
        """What `text` holds, and the distinct tag numbers in it (features of the model)."""
        things: list[tuple[int, str]] = []
        ends: dict[str, int] = {}
        cues: set[str] = set()
        sensitive: list[str] = []
        numbers: set[int] = set()
        for position, number, word in self.scan(text):
            sort, name = self.tags[number]
            numbers.add(number)
            if sort == "thing":
                if name not in ends:
                    things.append((position, name))
                ends[name] = position + len(word)
            elif sort == "cue":
                cues.add(name)
            elif name not in sensitive:
                sensitive.append(name)
        return Found(tuple(things), frozenset(cues), tuple(sensitive)), sorted(numbers)


def read_rows(path: Path, columns: int) -> list[list[str]]:
    """The tab-separated rows of a data file, comments and empty lines left out. Raises ValueError on a wrong row."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        row = line.split("\t")
        if len(row) != columns:
            raise ValueError(f"{path.name}:{number}: {len(row)} columns, expected {columns}")
        rows.append(row)
    return rows


@cache
def lexicon() -> Lexicon:
    """The project's lexicon, read once a process."""
    return Lexicon(read_rows(DATA / "cues.tsv", 5))


@cache
def category_names() -> dict[str, str]:
    """{code: Chinese name} of the ten categories, from data/taxonomy.json."""
    taxonomy = json.loads((DATA / "taxonomy.json").read_text(encoding="utf-8"))
    return {label["code"]: label["zh"] for label in taxonomy["categories"]}
