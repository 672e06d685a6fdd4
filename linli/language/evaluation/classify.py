"""`linli evaluate classify`: a classifier trained on a file, or the shipped model under a map of labels."""

import random
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from linli.language.evaluation import scores
from linli.language.evaluation.files import BadFile, Row, documents_of, labels_of, read_rows, texts_of
from linli.language.lexicon import category_names
from linli.language.training import fit
from linli.language.understand import understand_many

BATCH = 100


def evaluate(
    train: str | Path = "", test: str | Path = "", mapping: str | Path = "", folds: int = 5
) -> dict[str, object]:
    """Figures of `train` on `test`, of `train` alone in `folds`, or of the shipped model on `test`. Raises BadFile."""
    if mapping or (test and not train):
        if train or not test:
            raise BadFile("--map judges the shipped model: give --test and no --train")
        return _shipped(test, mapping)
    if not train:
        raise BadFile("give --train, or --test with --map")
    return _trained(train, test) if test else _folds(train, folds)


def _result(truth: Sequence[str], guess: Sequence[str], seconds: float, **more: object) -> dict[str, object]:
    return {
        "macro_f1": scores.macro_f1(truth, guess),
        "accuracy": scores.accuracy(truth, guess),
        "per_class": scores.per_class(truth, guess),
        "ms_per_text": seconds * 1000 / max(1, len(truth)),
        "rows": len(truth),
        "confusion": scores.confusion(truth, guess),
    } | more


def _same(text: str) -> str:
    return "".join(text.split())


def left_out(train: Sequence[Row], test: Sequence[Row]) -> list[bool]:
    """Of each training row whether it stands in `test` too, by its `row` number or its text."""
    numbers = {row["row"].strip() for row in test if row.get("row", "").strip()}
    texts = {_same(t) for t in texts_of(test)}
    return [
        row.get("row", "").strip() in numbers or _same(text) in texts
        for row, text in zip(train, texts_of(train), strict=True)
    ]


def _trained(train: str | Path, test: str | Path) -> dict[str, object]:
    every, judged = read_rows(train), read_rows(test)
    truth = labels_of(judged, test, "category", "intent")
    out = left_out(every, judged)
    rows = [row for row, gone in zip(every, out, strict=True) if not gone]
    model = fit(documents_of(rows), labels_of(rows, train, "category", "intent"))
    model.predict(documents_of(judged[:BATCH]))
    started = time.perf_counter()
    guess: list[str] = []
    for i in range(0, len(judged), BATCH):
        guess += model.predict(documents_of(judged[i : i + BATCH]))
    return _result(truth, guess, time.perf_counter() - started, left_out=sum(out), trained_on=len(rows))


def _folds(train: str | Path, folds: int) -> dict[str, object]:
    rows = read_rows(train)
    truth, documents = labels_of(rows, train, "category", "intent"), documents_of(rows)
    if not 2 <= folds <= len(rows):
        raise BadFile(f"--folds {folds}: 2 to {len(rows)}")
    fold = [0] * len(rows)
    of_label: dict[str, list[int]] = defaultdict(list)
    for number, label in enumerate(truth):
        of_label[label].append(number)
    place = 0
    for label in sorted(of_label):
        random.Random(1).shuffle(of_label[label])  # noqa: S311 - a fixed split, no secret
        for number in of_label[label]:
            fold[number], place = place % folds, place + 1
    guess, seconds, each = [""] * len(rows), 0.0, []
    for f in range(folds):
        inside = [i for i in range(len(rows)) if fold[i] == f]
        rest = [i for i in range(len(rows)) if fold[i] != f]
        model = fit([documents[i] for i in rest], [truth[i] for i in rest])
        started = time.perf_counter()
        said = [
            label
            for k in range(0, len(inside), BATCH)
            for label in model.predict([documents[i] for i in inside[k : k + BATCH]])
        ]
        seconds += time.perf_counter() - started
        for number, label in zip(inside, said, strict=True):
            guess[number] = label
        each.append(scores.macro_f1([truth[i] for i in inside], said))
    return _result(truth, guess, seconds, left_out=0, folds=each)


def read_map(path: str | Path) -> dict[str, str]:
    """{our code: their label} of a file with columns ours (a category's Chinese name or code) and theirs. Raises BadFile."""
    codes = {zh: code for code, zh in category_names().items()}
    out = {}
    for row in read_rows(path, "ours", "theirs"):
        ours = row["ours"].strip()
        if codes.get(ours, ours) not in codes.values():
            raise BadFile(f"{path}: {ours} is none of our categories: {' '.join(codes)}")
        if row["theirs"].strip():
            out[codes.get(ours, ours)] = row["theirs"].strip()
    return out


def _shipped(test: str | Path, mapping: str | Path) -> dict[str, object]:
    rows = read_rows(test)
    names = category_names()
    theirs = read_map(mapping) if mapping else names
    back = {code: name for code, name in names.items()}
    truth = [theirs.get(t, t) if t in back else t for t in labels_of(rows, test, "category")]
    texts = texts_of(rows)
    understand_many(texts[:BATCH])
    started = time.perf_counter()
    found = [u for i in range(0, len(texts), BATCH) for u in understand_many(texts[i : i + BATCH])]
    seconds = time.perf_counter() - started
    # The product files a matter under its likeliest category; under a map, under the likeliest that the map knows.
    guess = [next((theirs[code] for code in u.categories if code in theirs), "") for u in found]
    plain = [theirs.get(u.category, "") for u in found]
    return _result(
        truth, guess, seconds, left_out=0, macro_f1_without_second_choice=scores.macro_f1(truth, plain)
    )
