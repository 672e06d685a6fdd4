"""Which sentence shares most of its character trigrams with another."""

from collections import defaultdict
from collections.abc import Iterable

from linli.language.text import WORDLIKE


def grams(text: str) -> set[str]:
    core = "".join(c for c in text if WORDLIKE.match(c) or c in "[]+")
    return {core[i : i + 3] for i in range(max(1, len(core) - 2))}


class Near:
    """Sentences by their trigrams."""

    def __init__(self, texts: Iterable[str] = ()):
        self.texts: list[str] = []
        self.sets: list[set[str]] = []
        self.holders: dict[str, list[int]] = defaultdict(list)
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        found = grams(text)
        for gram in found:
            self.holders[gram].append(len(self.sets))
        self.texts.append(text)
        self.sets.append(found)

    def like(self, text: str, most: float = 0.6) -> str:
        """A sentence that shares more than `most` of the trigrams of the shorter of the two; "" when none does."""
        found, shared = grams(text), defaultdict(int)
        for gram in found:
            for other in self.holders.get(gram, ()):
                shared[other] += 1
        return next((self.texts[o] for o, n in shared.items() if n / min(len(found), len(self.sets[o])) > most), "")
