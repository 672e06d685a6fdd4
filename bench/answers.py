"""`python -m bench.answers [--data DIR] [--entries N …]`: answers beside bm25s, in quality and in time, on the same rows.

Quality: a part of the shared queries is learned as wordings, the rest is asked (seed and share below). Time: one query at
a time after warm-up, segmentation included on both sides; larger knowledge bases are made by crossing entries' halves.
bm25s is needed by this bench only (`pip install bm25s`).
"""

import argparse
import csv
import gzip
import importlib.util
import json
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import rjieba

from linli.language import apart
from linli.language.evaluation import answer
from linli.language.retrieval import weights
from linli.language.retriever import Retriever

SEED, SHARE = 7, 0.8
DATA = Path(os.environ.get("LINLI_EVAL_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
Entries = list[tuple[str, list[str], str]]


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a gzipped CSV."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


class Bm25s:
    """bm25s over words or character pairs of every wording; an entry counts by its best wording."""

    def __init__(self, entries: Entries, cut: Any):
        import bm25s  # noqa: PLC0415  (only this bench needs it)

        self.cut = cut
        self.names = [name for name, texts, _ in entries for _ in texts]
        self.index = bm25s.BM25()
        self.index.index([cut(t) for _, texts, _ in entries for t in texts], show_progress=False)

    def search(self, query: str, k: int) -> list[str]:
        """Entry ids, best first."""
        words = [w for w in self.cut(query) if w in self.index.vocab_dict]
        if not words:
            return []
        found, _ = self.index.retrieve([words], k=min(6 * k, len(self.names)), show_progress=False)
        return list(dict.fromkeys(self.names[i] for i in found[0]))[:k]


def words(text: str) -> list[str]:
    """Words by rjieba."""
    return rjieba.cut(text.lower())


def pairs(text: str) -> list[str]:
    """Characters and pairs of characters."""
    low = "".join(c for c in text.lower() if c.isalnum())
    return [*low, *(low[i : i + 2] for i in range(len(low) - 1))]


def grown(entries: Entries, size: int) -> Entries:
    """As many entries as asked: the first half of one question with the second of another."""
    dice, made = random.Random(SEED), list(entries[:size])
    while len(made) < size:
        one, two = dice.choice(entries), dice.choice(entries)
        text = one[1][0][: (len(one[1][0]) + 1) // 2] + two[1][0][len(two[1][0]) // 2 :]
        made.append((f"made{len(made)}", [text], two[2]))
    return made


def quality(search: Any, asked: list[tuple[str, str]]) -> dict[str, float]:
    """hit1 and mrr10."""
    at = []
    for query, gold in asked:
        found = search(query, 10)
        at.append(found.index(gold) if gold in found else 10)
    places = np.array(at)
    return {"hit1": round(float((places == 0).mean()), 4), "mrr10": round(float(np.where(places < 10, 1 / (places + 1), 0).mean()), 4)}


def times(search: Any, asked: list[tuple[str, str]], most: int = 600) -> dict[str, float]:
    """Percentiles in ms."""
    for query, _ in asked[:50]:
        search(query, 3)
    took = []
    for query, _ in asked[:most]:
        start = time.perf_counter()
        search(query, 3)
        took.append((time.perf_counter() - start) * 1000)
    return {"p50_ms": round(float(np.percentile(took, 50)), 3), "p99_ms": round(float(np.percentile(took, 99)), 3)}


def main() -> None:
    """One JSON object a line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--entries", type=int, nargs="*", default=[100_000])
    args = parser.parse_args()
    base, queries = rows(args.data / "faq_kb_5200.csv.gz"), rows(args.data / "faq_queries_dev.csv.gz")
    random.Random(SEED).shuffle(queries)
    cut = int(SHARE * len(queries))
    asked = [(q["query"], q["kb_id"]) for q in queries[cut:]]
    for name, entries in (("questions", answer.entries_of(base, [])), ("with wordings", answer.entries_of(base, queries[:cut]))):
        compare(name, entries, asked, judged=True)
    plain = answer.entries_of(base, [])
    for size in args.entries:
        compare(f"{size} entries", grown(plain, size), asked, judged=False)


def compare(name: str, entries: Entries, asked: list[tuple[str, str]], *, judged: bool) -> None:
    """Ours, and bm25s over words and over pairs, on the same entries and queries."""
    ours = Retriever.build(entries)
    if judged:
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "w.npz"
            apart.start_learning(entries, target).wait()
            ours.weigh(weights.load(target))
    systems: dict[str, Any] = {"linli": lambda q, k: [h.entry_id for h in ours.search(q, k)], "linli answer": lambda q, k: ours.answer(q)}
    if importlib.util.find_spec("bm25s"):
        systems |= {"bm25s words": Bm25s(entries, words).search, "bm25s pairs": Bm25s(entries, pairs).search}
    for system, search in systems.items():
        found = quality(search, asked) if judged and system != "linli answer" else {}
        print(json.dumps({"on": name, "system": system, **found, **times(search, asked)}), flush=True)


if __name__ == "__main__":
    main()
