"""`linli evaluate intent`: appeals, chat and questions before the shipped model."""

from collections.abc import Sequence
from pathlib import Path

from linli.language.evaluation import scores
from linli.language.evaluation.files import read_rows, texts_of
from linli.language.understand import Understanding, understand_many

BATCH = 100
MATTERS = ("appeal", "sensitive", "emergency")
THREE = {"question": "question", "call_person": "question", "small_talk": "chat"}


def evaluate(appeals: str | Path, chat: str | Path, questions: str | Path = "") -> dict[str, object]:
    """`auc` of P(matter), appeals against chat; `recall_at_1pct` of chat; `macro_f1` of the classes given. Raises BadFile."""
    found = {"appeal": _read(appeals), "chat": _read(chat)}
    if questions:
        found["question"] = _read(questions)
    matter = {name: [sum(u.probs[m] for m in MATTERS) for u in us] for name, us in found.items()}
    truth = [name for name, us in found.items() for _ in us]
    guess = [THREE.get(u.intent, "appeal") for us in found.values() for u in us]
    return {
        "auc": scores.auc(matter["appeal"], matter["chat"]),
        "recall_at_1pct": scores.recall_at(matter["appeal"], matter["chat"], 0.01),
        "macro_f1": scores.macro_f1(truth, guess),
        "per_class": scores.per_class(truth, guess),
        "confusion": scores.confusion(truth, guess),
        "rows": {name: len(us) for name, us in found.items()},
    }


def _read(path: str | Path) -> Sequence[Understanding]:
    texts = texts_of(read_rows(path))
    return [u for i in range(0, len(texts), BATCH) for u in understand_many(texts[i : i + BATCH])]
