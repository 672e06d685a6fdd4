"""What is said in other words: ways of asking (`asking.tsv`, "#fee") and words that mean nearly the same (`alike.tsv`,
"@挂失"), found in a text at the leftmost place, the longest first."""

from collections.abc import Iterator
from pathlib import Path

_DATA = Path(__file__).resolve().parent.parent / "data"


class Finder:
    """Words → names of the groups that hold them; a text's groups are found in one pass."""

    def __init__(self, groups: dict[str, list[str]], least: int):
        self.names: dict[str, tuple[str, ...]] = {}
        for name, words in groups.items():
            for word in words:
                if len(word) >= least:
                    self.names[word] = (*self.names.get(word, ()), name)
        lengths: dict[str, set[int]] = {}
        for word in self.names:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: sorted(some, reverse=True) for first, some in lengths.items()}

    def find(self, low: str) -> Iterator[tuple[str, ...]]:
        """The names at each place where one of the words stands; no two places overlap."""
        at, end, lengths, names = 0, len(low), self._lengths, self.names
        while at < end:
            step = 1
            for length in lengths.get(low[at], ()):
                found = names.get(low[at : at + length])
                if found is not None:
                    step = length
                    yield found
                    break
            at += step


def _asking() -> dict[str, list[str]]:
    lines = (_DATA / "asking.tsv").read_text(encoding="utf-8").splitlines()
    return {f"#{name}": said.split() for name, _, said in (line.partition("\t") for line in lines)}


def _alike() -> dict[str, list[str]]:
    lines = (_DATA / "alike.tsv").read_text(encoding="utf-8").splitlines()
    return {f"@{words[0]}": [w.lower() for w in words] for words in map(str.split, lines)}


ASKING = Finder(_asking(), 1)
ALIKE = Finder(_alike(), 2)
