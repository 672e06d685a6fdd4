"""`python -m bench.understanding [--part NAME …] [--data DIR] [--json]`: every figure of docs/benchmarks.md, "Understanding" and
"Answers", with the splits made here from the shared files (../shared/data); no row is kept.

Parts: classes, mapped, intent, events, speed, faq, refusal, own, errors, memory (all where none is named). Beside the figures stand the
floor of the issue and the machine's load. A part that learns weights takes about 40 s a base on one core.
"""

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from linli.language import apart, understand, understand_many
from linli.language.evaluation import answer, classify, events, intent
from linli.language.evaluation.files import Row, read_rows
from linli.language.events import Told, cluster
from linli.language.retrieval import weights
from linli.language.retriever import Retriever

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("LINLI_EVAL_DATA") or ROOT.parent / "shared" / "data")
ENTRIES = ROOT / "linli" / "knowledge" / "data" / "entries"
THEIRS = {
    "物业服务": "城乡建设", "市政设施": "城乡建设", "公共安全": "城乡建设", "教育托幼": "教育文体", "邻里文化": "教育文体",
    "环境卫生": "环境保护", "医疗健康": "卫生计生", "交通出行": "交通运输", "社会保障": "劳动和社会保障", "消费经营": "商贸旅游",
}  # fmt: skip
"""map.csv: our ten under the seven of the shared letters."""
Entries = list[tuple[str, list[str], str]]
Figures = dict[str, Any]


def written(path: Path, rows: Sequence[Row]) -> Path:
    """A CSV file of these rows."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        out = csv.DictWriter(handle, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    return path


def picked(found: Figures, *names: str) -> Figures:
    """Some figures, to four places."""
    return {n: round(v, 4) if isinstance(v := found[n], float) else v for n in names}


class Bench:
    """The parts; each yields (what, split, figures, floor)."""

    def __init__(self, data: Path, folder: Path):
        self.data, self.folder = data, folder

    def file(self, name: str) -> Path:
        """A shared file."""
        return self.data / f"{name}.csv.gz"

    def rows(self, name: str) -> list[Row]:
        """Its rows."""
        return read_rows(self.file(name))

    def titles(self) -> Path:
        """The raw letters with their titles only."""
        keep = ("title", "label", "row")
        return written(self.folder / "titles.csv", [{k: r[k] for k in keep} for r in self.rows("appeals_raw_train")])

    def mapping(self) -> Path:
        """map.csv."""
        return written(self.folder / "map.csv", [{"ours": o, "theirs": t} for o, t in THEIRS.items()])

    def classes(self) -> Iterator[tuple]:
        """Seven classes, trained on the given rows."""
        train = self.file("appeals_seg_train")
        found = classify.evaluate(train)
        folds = [round(f, 4) for f in found["folds"]]  # type: ignore[attr-defined]
        yield "seven classes, macro-F1", "five folds of the segmented letters", picked(found, "macro_f1", "ms_per_text") | {"folds": folds}, 0.925
        for split, test, floor in (("raw letters", self.file("appeals_raw_train"), 0.87), ("their titles", self.titles(), 0.83)):
            yield "seven classes, macro-F1", split, picked(classify.evaluate(train, test), "macro_f1", "accuracy", "left_out"), floor

    def mapped(self) -> Iterator[tuple]:
        """The shipped model under another city's labels."""
        segmented = random.Random(4).sample(self.rows("appeals_seg_train"), 2500)
        tests = (("raw letters", self.file("appeals_raw_train"), 0.75), ("their titles", self.titles(), None),
                 ("seg2k: 2,500 segmented letters, seed 4", written(self.folder / "seg2k.csv", segmented), None))  # fmt: skip
        for split, test, floor in tests:
            yield "shipped model, mapped, macro-F1", split, picked(classify.evaluate("", test, self.mapping()), "macro_f1", "accuracy"), floor

    def intent(self) -> Iterator[tuple]:
        """Appeals against chat, and three classes."""
        for name in ("hot_messages_4326", "appeals_raw_train"):
            found = intent.evaluate(self.file(name), self.file("chat_negatives_dev"), self.file("faq_queries_dev"))
            yield "appeals against chat, AUC; three classes", name, picked(found, "auc", "recall_at_1pct", "macro_f1"), "0.985; 0.85"

    def events(self) -> Iterator[tuple]:
        """Same event."""
        found = events.evaluate(self.file("hot_messages_4326"), self.file("gold_events_dev"))
        yield "same event", "the year, judged on the gold rows", picked(found, "b3_f", "false_merges", "pair_auc"), "0.86; at most 1"

    def speed(self) -> Iterator[tuple]:
        """One message through everything, in processor time."""
        texts = [r["text"] for r in self.rows("chat_negatives_dev")[:2000]] + [r["title"] for r in self.rows("hot_messages_4326")[:1000]]
        random.Random(1).shuffle(texts)
        understand_many(texts[:300])
        began = time.process_time()
        for text in texts[:1000]:
            understand(text)
        single = (time.process_time() - began) * 1000 / 1000
        began = time.process_time()
        for i in range(0, len(texts), 100):
            understand_many(texts[i : i + 100])
        batch = (time.process_time() - began) * 1000 / len(texts)
        yield "one message, ms of processor", "chat and titles", {"single": round(single, 3), "in_batches_of_100": round(batch, 3)}, "3; 0.15"

    def split(self, seed: int, share: float) -> tuple[list[Row], list[Row]]:
        """(learned, asked) of the shared queries."""
        rows = self.rows("faq_queries_dev")
        random.Random(seed).shuffle(rows)
        cut = int(share * len(rows))
        return rows[:cut], rows[cut:]

    def faq(self) -> Iterator[tuple]:
        """FAQ Hit@1 and MRR, standard questions only and with wordings."""
        base = self.rows("faq_kb_5200")
        plain = built(answer.entries_of(base, []))
        for split, asked in (("seed 7, the 20 % asked", self.split(7, 0.8)[1]), ("all queries", self.rows("faq_queries_dev"))):
            yield "FAQ, standard questions only", split, judged(plain, asked), "0.70"
        for seed, share in ((7, 0.8), (1, 0.95), (2, 0.95), (3, 0.95), (4, 0.95), (5, 0.95), (6, 0.95)):
            learned, asked = self.split(seed, share)
            found = judged(built(answer.entries_of(base, learned)), asked)
            yield "FAQ, with wordings", f"seed {seed}, {share:.0%} learned", found, "0.87; 0.91"

    def refusal(self) -> Iterator[tuple]:
        """Near misses: entries left out of the base and asked for. (a) 400 policy entries; (b) also 100 that people ask for."""
        for name, share in (("standard questions only", 0.0), ("with wordings, 80 % of seed 8", 0.8)):
            for seed in (11, 12):
                yield from self._refusal(name, share, seed)

    def _refusal(self, name: str, share: float, seed: int) -> Iterator[tuple]:
        base, (learned, asked) = self.rows("faq_kb_5200"), self.split(8, 0.8)
        dice, wordings = random.Random(seed), learned if share else []
        policy = set(dice.sample(sorted(r["kb_id"] for r in base if r["kb_id"].startswith("N")), 400))
        wanted = set(dice.sample(sorted({r["kb_id"] for r in asked}), 100))
        for case, gone in (("a", policy), ("b", policy | wanted)):
            unknown = [r["question"] for r in base if r["kb_id"] in policy] if case == "a" else [r["query"] for r in asked if r["kb_id"] in wanted]
            kept = [r for r in base if r["kb_id"] not in gone]
            retriever = built(answer.entries_of(kept, [w for w in wordings if w["kb_id"] not in gone]))
            known = [r for r in asked if r["kb_id"] not in gone]
            figures = {"auc": round(answer.refusal_auc(retriever, [r["query"] for r in known], unknown), 4)}
            figures["near_misses_answered"] = round(sum(retriever.answer(q).verdict == "answer" for q in unknown) / len(unknown), 4)
            yield f"refusal ({case})", f"{name}, seed {seed}", figures | judged(retriever, known), 0.90 if case == "a" else None

    def own(self) -> Iterator[tuple]:
        """A small base: our own entries, a tenth left out and asked with all their texts, one wording of each other kept back."""
        rows = [r for path in sorted(ENTRIES.glob("*.csv")) for r in read_rows(path)]
        for seed in (0, 1, 2):
            dice = random.Random(seed)
            gone = set(dice.sample(sorted(r["code"] for r in rows), len(rows) // 10))
            unknown = [t for r in rows if r["code"] in gone for t in (r["question"], *r["wordings"].split("|")) if t]
            full, plain, asked = [], [], []
            for row in rows:
                if row["code"] in gone:
                    continue
                told = [w for w in row["wordings"].split("|") if w]
                back = told.pop(dice.randrange(len(told)))
                asked.append({"kb_id": row["code"], "query": back})
                full.append((row["code"], [row["question"], *told], row["answer"]))
                plain.append((row["code"], [row["question"]], row["answer"]))
            for name, entries in (("with wordings", full), ("standard questions only", plain)):
                retriever = built(entries)
                figures = judged(retriever, asked) | {"auc": round(answer.refusal_auc(retriever, [a["query"] for a in asked], unknown), 4)}
                yield "our own entries", f"{name}, seed {seed}", {**figures, "entries": len(entries)}, None

    def errors(self) -> Iterator[tuple]:
        """What docs/understanding.md tells of wrong answers (nothing learned) and of groups that fall apart. Counts only."""
        base = self.rows("faq_kb_5200")
        question = {r["kb_id"]: r["question"] for r in base}
        retriever, said, missed = Retriever.build(answer.entries_of(base, [])), Counter[str](), Counter[str]()
        for row in random.Random(3).sample(self.rows("faq_queries_dev"), 2000):
            found, names = retriever.answer(row["query"]), [h.entry_id for h in retriever.search(row["query"], 10)]
            at = names.index(row["kb_id"]) if row["kb_id"] in names else 10
            said[f"{found.verdict}, right entry {'first' if at == 0 else 'second or third' if at < 3 else 'not offered'}"] += 1
            if at:
                gold, first = pairs(question[row["kb_id"]]), pairs(question[names[0]]) if names else set[str]()
                missed["all"] += 1
                missed["right entry second or third" if at < 3 else "among ten" if at < 10 else "further down"] += 1
                sister = len(gold & first) >= len(gold | first) / 2
                missed["sister" if sister else "no pair in common" if not pairs(row["query"]) & gold else "short" if len(row["query"]) <= 5 else "other"] += 1
        yield "answers, 2,000 queries, seed 3", "standard questions only, nothing learned", dict(said), None
        yield "… whose first entry is wrong", "the same", dict(missed), None
        known = {r["id"]: r["event_id"] for r in self.rows("gold_events_dev")}
        told = [Told(r["id"], r["title"], r["body"], r["time"]) for r in self.rows("hot_messages_4326")]
        groups = cluster(told)
        for event in sorted(set(known.values())):
            held = [(sum(known.get(told[i].id) == event for i in g), len(g)) for g in groups]
            parts = sorted((n for n, _ in held if n), reverse=True)
            yield "same event", event, {"gold": sum(parts), "clusters": parts, "beyond_gold": sum(size - n for n, size in held if n)}, None

    def memory(self) -> Iterator[tuple]:
        """MB of a process that holds 5,200 entries and 10,000 wordings; and of a web process that has them in its tables."""
        split = "faq_kb_5200 and all of faq_queries_dev"
        yield "process with 5,200 entries and 10,000 wordings, MB", split, self.apart("plain"), 200
        yield "web process with the same in its tables, MB", split, self.apart("fill") | self.apart("web"), None

    def apart(self, kind: str) -> Figures:
        """A process of its own."""
        words = [sys.executable, "-m", "bench.understanding_memory", kind, str(self.data)]
        said = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT, env=bare(self.folder / "site"))
        if said.returncode:
            raise SystemExit(said.stderr[-3000:])
        found: Figures = json.loads(said.stdout.splitlines()[-1])
        return found


def bare(var: Path) -> dict[str, str]:
    """The environment of a process of its own."""
    var.mkdir(exist_ok=True)
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("LINLI_", "DJANGO_"))}
    own = {"LINLI_VAR": str(var), "LINLI_SECRET_KEY": "bench-" * 12, "LINLI_DATA_KEYS": f"k1:{'0' * 64}", "LINLI_LEARN": "0"}
    return keep | own | {"DJANGO_SETTINGS_MODULE": "linli.site.settings", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def pairs(text: str) -> set[str]:
    """All pairs of characters that stand together."""
    return {text[i : i + 2] for i in range(len(text) - 1)}


def built(entries: Entries) -> Retriever:
    """The product's retriever with what it learns from these entries."""
    retriever = Retriever.build(entries)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "weights.npz"
        if apart.start_learning(entries, target).wait() == 0:
            retriever.weigh(weights.load(target))
    return retriever


def judged(retriever: Retriever, asked: Sequence[Row]) -> Figures:
    """hit1, hit3, mrr10; how many were answered and how many of those rightly."""
    found = answer.judge(retriever, [(r["query"], r["kb_id"]) for r in asked])
    return picked(found, "hit1", "hit3", "mrr10", "answered", "answered_right") | {"asked": len(asked)}


def main() -> None:
    """One line a figure as it is measured; with `--json` one object at the end."""
    names = [n for n in vars(Bench) if n in ("classes", "mapped", "intent", "events", "speed", "faq", "refusal", "own", "errors", "memory")]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", nargs="*", choices=names, default=names)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if not (args.data / "README.md").is_file():
        raise SystemExit(f"{args.data} is absent: name the folder of the shared files by --data")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(args.data, Path(folder))
        for name in args.part:
            part: Callable[[], Iterator[tuple]] = getattr(bench, name)
            for what, split, figures, floor in part():
                row = {"part": name, "what": what, "split": split, **figures, "at_least": floor, "load": round(os.getloadavg()[0], 1)}
                rows.append(row)
                print(json.dumps(row, ensure_ascii=False), file=sys.stderr if args.json else sys.stdout, flush=True)
    if args.json:
        print(json.dumps({"rows": rows}, ensure_ascii=False))


if __name__ == "__main__":
    main()
