"""The sentences that no model may understand worse: data/golden.tsv, ours, reviewed, none of them (nor near it) an example.

A new model is judged by the very object that the product runs: with lexicon, rules and topic words around it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from linli.language.evaluation import scores
from linli.language.labels import CATEGORIES, SENSITIVE
from linli.language.lexicon import DATA, read_rows
from linli.language.model import Model
from linli.language.understand import understand_many

FILE = DATA / "golden.tsv"
HEADS = ("intent", "kind", "category", "urgency")
MANNERS = ("plain", "misspelt", "dialect", "angry", "spoken", "polite", "two", "danger", "border")
"""How a sentence is hard, as the golden file's last column says; border: near another label's ground."""
LOST = {"emergency": 0, "sensitive": 1, "appeal": 2, "call_person": 1}
"""What must not be missed, and how many of its golden sentences a new model may miss more than the old one. Two models trained
on nearly the same differ by a sentence or two either way; of emergencies none may be lost."""
LESS = {"intent": 0.02, "kind": 0.1, "category": 0.04}
"""So much may the F1 of an important intent, a sensitive kind (six to eleven sentences), a category fall."""


class Golden(NamedTuple):
    """A sentence of the golden set with what it must be understood as; kind and category "" where there are none."""

    text: str
    intent: str
    kind: str
    category: str
    urgency: int
    manner: str


class Worse(NamedTuple):
    """In what a new model is worse than an old one: head, label, measure ("f1" or "recall"), both figures."""

    head: str
    label: str
    measure: str
    old: float
    new: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of a model on the golden set. `heads`: {head: {label: {"precision", "recall", "f1", "rows"}}}; `confusion` the
    same with counts of what was said; `manners`: {manner: share of sentences whose intent is right}."""

    rows: int
    heads: dict[str, dict[str, dict[str, float]]]
    macro_f1: dict[str, float]
    accuracy: dict[str, float]
    confusion: dict[str, dict[str, dict[str, int]]]
    manners: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """Plain values for a file or a column."""
        return {name: getattr(self, name) for name in self.__slots__}

    @staticmethod
    def of_json(found: dict[str, Any]) -> "Scores":
        """What `as_json` gave."""
        return Scores(**found)


def read(path: Path = FILE) -> list[Golden]:
    """The golden set. Raises ValueError on a wrong row."""
    plain = [["" if cell == "-" else cell for cell in row] for row in read_rows(path, 6)]
    return [Golden(r[0], r[1], r[2], r[3], int(r[4]), r[5]) for r in plain]


@cache
def golden() -> tuple[Golden, ...]:
    """The project's golden set, read once a process."""
    return tuple(read())


def score(model: Model | None = None, rows: Sequence[Golden] = ()) -> Scores:
    """Figures of `model` (without: the one in use) on the golden set, or on `rows`."""
    judged = list(rows or golden())
    found = understand_many([r.text for r in judged], using=model)
    intents = ([r.intent for r in judged], [u.intent for u in found])
    kinds = _told([(r.kind, u.kind) for r, u in zip(judged, found, strict=True)])
    categories = _told([(r.category, u.category) for r, u in zip(judged, found, strict=True)])
    urgency = ([str(r.urgency) for r in judged], [str(u.urgency) for u in found])
    pairs = dict(zip(HEADS, (intents, kinds, categories, urgency), strict=True))
    right: dict[str, list[bool]] = defaultdict(list)
    for row, u in zip(judged, found, strict=True):
        right[row.manner].append(row.intent == u.intent)
    return Scores(
        len(judged),
        {h: scores.per_class(*p) for h, p in pairs.items()},
        {h: scores.macro_f1(*p) for h, p in pairs.items()},
        {h: scores.accuracy(*p) for h, p in pairs.items()},
        {h: scores.confusion(*p) for h, p in pairs.items()},
        {m: sum(r) / len(r) for m, r in sorted(right.items())},
    )


def _told(pairs: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """(truth, guess) of those that have a label; "none" where the model saw nothing to label."""
    told = [(truth, guess or "none") for truth, guess in pairs if truth]
    return [t for t, _ in told], [g for _, g in told]


def no_worse(new: Scores, old: Scores) -> list[Worse]:
    """In what `new` is worse than `old`; an empty list lets it be promoted. Looked at are the important intents (recall and F1),
    the sensitive kinds, and every category. Who promotes compares with the shipped model too, lest small losses add up."""
    worse = []
    for label, sentences in LOST.items():
        rows = old.heads["intent"][label]["rows"]
        worse += _worse(new, old, "intent", label, "recall", sentences / rows)
        worse += _worse(new, old, "intent", label, "f1", LESS["intent"])
    for head, labels in (("kind", SENSITIVE), ("category", CATEGORIES)):
        for label in labels:
            worse += _worse(new, old, head, label, "f1", LESS[head])
    return worse


def _worse(new: Scores, old: Scores, head: str, label: str, measure: str, limit: float) -> list[Worse]:
    was = old.heads[head].get(label, {}).get(measure, 0.0)
    now = new.heads[head].get(label, {}).get(measure, 0.0)
    return [Worse(head, label, measure, was, now)] if was - now > limit + 1e-9 else []
