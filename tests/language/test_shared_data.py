"""Figures on real text that is not ours: read where it stands, never copied. The floors of issue "Understanding" §4, on samples
where the whole takes long (`python -m bench.understanding` has the rest)."""

import csv
import gzip
import os
import random
from pathlib import Path

import numpy as np
import pytest

from bench.understanding import THEIRS, Bench, written
from linli.language import Retriever, understand_many
from linli.language.evaluation import classify, events, intent, scores
from linli.language.evaluation.files import documents_of, read_rows
from linli.language.training import fit
from tests.settings import DATABASE

DATA = Path(os.environ.get("LINLI_EVAL_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(
        not (DATA / "README.md").is_file(), reason="../shared/data is absent (LINLI_EVAL_DATA)"
    ),
    pytest.mark.skipif(DATABASE == "postgres", reason="no database is asked: judged once, beside SQLite"),
]


def rows(name):
    csv.field_size_limit(10**8)
    with gzip.open(DATA / name, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def in_batches(texts):
    return [u for i in range(0, len(texts), 100) for u in understand_many(texts[i : i + 100])]


def p_appeal(found):
    return np.array([u.probs["appeal"] + u.probs["sensitive"] + u.probs["emergency"] for u in found])


def auc(high, low):
    order = np.concatenate((high, low)).argsort(kind="stable").argsort(kind="stable") + 1.0
    return (order[: len(high)].sum() - len(high) * (len(high) + 1) / 2) / (len(high) * len(low))


def test_appeals_against_chat():
    pick = random.Random(7)
    hot = pick.sample(rows("hot_messages_4326.csv.gz"), 800)
    chat = p_appeal(in_batches([r["text"] for r in pick.sample(rows("chat_negatives_dev.csv.gz"), 2000)]))
    letters = p_appeal(in_batches([f"{r['title']}。{r['body']}" for r in hot]))
    titles = p_appeal(in_batches([r["title"] for r in hot]))
    assert auc(letters, chat) >= 0.985
    assert auc(titles, chat) >= 0.94
    assert (chat > 0.5).mean() <= 0.08


def test_questions_are_questions():
    pick = random.Random(7)
    found = in_batches([r["query"] for r in pick.sample(rows("faq_queries_dev.csv.gz"), 1000)])
    assert sum(u.intent in ("question", "call_person") for u in found) / len(found) >= 0.78


def test_first_answer_from_five_thousand_entries():
    pick = random.Random(7)
    knowledge = Retriever.build([(r["kb_id"], [r["question"]]) for r in rows("faq_kb_5200.csv.gz")])
    asked = pick.sample(rows("faq_queries_dev.csv.gz"), 800)
    first = [knowledge.answer(r["query"]) for r in asked]
    hit = np.mean(
        [bool(a.hits) and a.hits[0].entry_id == r["kb_id"] for a, r in zip(first, asked, strict=True)]
    )
    given = [
        a.hits[0].entry_id == r["kb_id"] for a, r in zip(first, asked, strict=True) if a.verdict == "answer"
    ]
    assert hit >= 0.70
    assert np.mean(given) >= 0.88 and len(given) >= 0.3 * len(asked)


@pytest.fixture
def bench(tmp_path):
    return Bench(DATA, tmp_path)


@pytest.mark.parametrize("seed", [11, 12])
def test_near_misses_are_less_sure_than_what_is_known(bench, seed):
    """Standard questions only; 400 policy entries left out and asked for (case a)."""
    [case, _, found, least] = next(iter(bench._refusal("standard questions only", 0.0, seed)))
    assert case == "refusal (a)" and least == 0.90
    assert found["auc"] >= least and found["near_misses_answered"] <= 0.05 and found["answered_right"] >= 0.95
    assert found["hit1"] >= 0.70


def test_seven_classes_trained_without_the_rows_that_are_judged(bench):
    every, letters, titles = bench.rows("appeals_seg_train"), bench.rows("appeals_raw_train"), read_rows(bench.titles())
    rows = [row for row, gone in zip(every, classify.left_out(every, letters), strict=True) if not gone]
    assert len(every) - len(rows) >= len(letters)
    model, truth = fit(documents_of(rows), [r["label"] for r in rows]), [r["label"] for r in letters]
    assert scores.macro_f1(truth, model.predict(documents_of(letters))) >= 0.87
    assert scores.macro_f1(truth, model.predict(documents_of(titles))) >= 0.83


def test_the_shipped_model_under_another_city_s_classes(bench):
    assert len(THEIRS) == 10 and len(set(THEIRS.values())) == 7
    assert classify.evaluate("", bench.file("appeals_raw_train"), bench.mapping())["macro_f1"] >= 0.75


def sample(bench, name, share=5):
    rows = bench.rows(name)
    return written(bench.folder / f"{name}.csv", random.Random(7).sample(rows, len(rows) // share))


def test_three_classes(bench):
    parts = [sample(bench, n) for n in ("hot_messages_4326", "chat_negatives_dev", "faq_queries_dev")]
    found = intent.evaluate(*parts)
    assert found["macro_f1"] >= 0.85 and found["auc"] >= 0.985


def test_same_event(bench):
    found = events.evaluate(bench.file("hot_messages_4326"), bench.file("gold_events_dev"))
    assert found["b3_f"] >= 0.86 and found["false_merges"] <= 1
