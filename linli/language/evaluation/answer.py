"""`linli evaluate answer`: the product's own retriever, with what it learns from the wordings, on files."""

import gc
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from linli.language import apart
from linli.language.evaluation.files import BadFile, Row, read_rows
from linli.language.retrieval import weights
from linli.language.retriever import Retriever

DEEP = 10
WARM = 50


def evaluate(
    kb: str | Path, queries: str | Path, wordings: str | Path = "", unanswerable: str | Path = ""
) -> dict[str, object]:
    """hit1, hit3, mrr10, refusal_auc (when there are unanswerable ones), how right the given answers are, ms, MB.
    Raises BadFile."""
    entries = entries_of(read_rows(kb), read_rows(wordings) if wordings else [])
    asked = [(_field(r, "query"), _field(r, "kb_id")) for r in read_rows(queries)]
    unknown = [_field(r, "question", "query", "text") for r in read_rows(unanswerable)] if unanswerable else []
    if not asked:
        raise BadFile("no row in --queries")
    start = time.perf_counter()
    retriever = Retriever.build(entries)
    built = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "weights.npz"
        if apart.start_learning(entries, target).wait():
            raise BadFile("learning from the wordings failed")
        learned = time.perf_counter() - start - built
        retriever.weigh(weights.load(target))
    found = judge(retriever, asked)
    found["refusal_auc"] = refusal_auc(retriever, [q for q, _ in asked], unknown) if unknown else None
    if unknown:
        found["wrongly_answered"] = float(np.mean([retriever.answer(q).verdict == "answer" for q in unknown]))
    times = timed(retriever, [q for q, _ in asked])
    found |= {"p50_ms": float(np.percentile(times, 50)), "p99_ms": float(np.percentile(times, 99))}
    found |= {"mb": memory_mb(), "entries": len(entries), "queries": len(asked), "build_s": built, "learn_s": learned}
    return found


def entries_of(kb: Iterable[Row], wordings: Iterable[Row]) -> list[tuple[str, list[str], str]]:
    """(id, [question, wordings …], answer) of each entry; wordings of unknown entries are left out."""
    more: dict[str, list[str]] = defaultdict(list)
    for row in wordings:
        more[_field(row, "kb_id")].append(_field(row, "query"))
    return [(i, [_field(r, "question"), *more[i]], r.get("answer", "") or "") for r in kb if (i := _field(r, "kb_id"))]


def judge(retriever: Retriever, asked: Sequence[tuple[str, str]]) -> dict[str, object]:
    """Where the right entry stands among the first ten; of the answers given by themselves, how many are right."""
    places, given, right = [], 0, 0
    for query, gold in asked:
        names = [h.entry_id for h in retriever.search(query, DEEP)]
        places.append(names.index(gold) if gold in names else DEEP)
        answer = retriever.answer(query)
        if answer.verdict == "answer":
            given += 1
            right += answer.hits[0].entry_id == gold
    at = np.array(places)
    return {
        "hit1": float(np.mean(at == 0)), "hit3": float(np.mean(at < 3)), "mrr10": float(np.mean(np.where(at < DEEP, 1 / (at + 1), 0))),
        "answered": given / len(asked), "answered_right": right / given if given else None,
    }  # fmt: skip


def refusal_auc(retriever: Retriever, known: Sequence[str], unknown: Sequence[str]) -> float:
    """How surely the confidence of the first answer tells the questions that have one from those that have none."""
    high, low = (np.array([confidence(retriever, q) for q in part]) for part in (known, unknown))
    below = np.searchsorted(np.sort(low), high, side="left")
    upto = np.searchsorted(np.sort(low), high, side="right")
    return float(np.mean((below + upto) / 2) / len(low))


def confidence(retriever: Retriever, query: str) -> float:
    """The score of the first hit; 0 where there is none."""
    hits = retriever.search(query, 1)
    return hits[0].score if hits else 0.0


def timed(retriever: Retriever, queries: Sequence[str], most: int = 2000) -> list[float]:
    """Milliseconds for the answer to each query, one at a time, after warm-up."""
    for query in queries[:WARM]:
        retriever.answer(query)
    took = []
    for query in queries[:most]:
        start = time.perf_counter()
        retriever.answer(query)
        took.append((time.perf_counter() - start) * 1000)
    return took


def memory_mb() -> float:
    """What this process holds now, in MB (its peak where the system does not tell)."""
    gc.collect()
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _field(row: Row, *names: str) -> str:
    for name in names:
        if name in row:
            return (row[name] or "").strip()
    raise BadFile(f"no column {' or '.join(names)}")
