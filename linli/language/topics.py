"""Words that belong to a category, from data/topics.tsv: what a long letter is about, counted.

The linear model learns categories from short sentences of our own; a letter holds twenty words that no example has.
"""

from functools import cache

import numpy as np

from linli.language.lexicon import DATA, read_rows

READ_CHARS = 600
HEAD_CHARS = 30
"""A word among the first characters (the title) counts twice."""
WEAK = 0.5
"""How much a word counts that only points to a category."""
PRIOR = 0.25
"""Words that each category is thought to have anyway: few words move little."""
FIRST, EACH, MOST = 2.0, 0.5, 12.0
"""How much the shares of topic words count beside the linear model: more with each word, since that model, learned
from sentences, knows little of letters."""


class Topics:
    """Words of each category, indexed by their first two characters."""

    def __init__(self, rows: list[list[str]]) -> None:
        self.categories = tuple(row[0] for row in rows)
        index: dict[str, dict[str, dict[int, float]]] = {}
        for number, (_, *columns) in enumerate(rows):
            for words, weight in zip(columns, (1.0, WEAK), strict=True):
                for word in words.lower().split():
                    if len(word) > 1:
                        index.setdefault(word[:2], {}).setdefault(word, {}).setdefault(number, weight)
        self.index = {
            two: tuple((w, tuple((n, x / len(held)) for n, x in held.items())) for w, held in words.items())
            for two, words in index.items()
        }

    def count(self, text: str) -> list[float]:
        """How much of each category lower-cased `text` holds: distinct words, shared words in parts."""
        text = text[:READ_CHARS]
        total = [0.0] * len(self.categories)
        seen: set[str] = set()
        get, starts = self.index.get, text.startswith
        for position in range(len(text) - 1):
            if entries := get(text[position : position + 2]):
                for word, numbers in entries:
                    if word not in seen and starts(word, position):
                        seen.add(word)
                        times = 2.0 if position < HEAD_CHARS else 1.0
                        for number, weight in numbers:
                            total[number] += weight * times
        return total

    def log_odds(self, texts: list[str]) -> np.ndarray:
        """Log-odds of the categories, one row a text; equal where nothing is found, firmer the more words are found."""
        counts = np.array([self.count(t) for t in texts], float).reshape(len(texts), len(self.categories))
        total = counts.sum(axis=1, keepdims=True)
        counts += PRIOR
        return np.minimum(FIRST + EACH * total, MOST) * np.log(counts / counts.sum(axis=1, keepdims=True))


@cache
def topics() -> Topics:
    """The project's topic words, read once a process."""
    return Topics(read_rows(DATA / "topics.tsv", 3))
