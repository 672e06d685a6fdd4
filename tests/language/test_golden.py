"""The kept sentences: reviewed labels, apart from the examples, and what counts as worse."""

from collections import Counter
from dataclasses import replace

import pytest

from linli.language import CATEGORIES, DAILY, INTENTS, SENSITIVE, examples
from linli.language.evaluation.golden import evaluate
from linli.language.golden import HEADS, LOST, MANNERS, Scores, golden, no_worse, score
from linli.language.model import MODEL_DIR
from tests.language.near import Near

ROWS = golden()


def test_the_golden_set_holds_everything_that_can_be_told():
    assert len(ROWS) >= 400 and len({r.text for r in ROWS}) == len(ROWS)
    for r in ROWS:
        assert r.intent in INTENTS and r.manner in MANNERS and r.urgency in (0, 1, 2), r.text
        assert (r.intent in ("small_talk", "call_person")) == (r.kind == ""), r.text
        assert (r.intent == "sensitive") == (r.kind in SENSITIVE), r.text
        assert (r.intent == "question") == (r.kind == "consult"), r.text
        assert (r.intent == "emergency") == (r.urgency == 2), r.text
    for labels, have, least in (
        (INTENTS, Counter(r.intent for r in ROWS), 20),
        ((*DAILY, *SENSITIVE), Counter(r.kind for r in ROWS), 6),
        (CATEGORIES, Counter(r.category for r in ROWS), 15),
        (MANNERS, Counter(r.manner for r in ROWS), 5),
    ):
        assert {label: have[label] for label in labels if have[label] < least} == {}


def test_no_golden_sentence_is_near_an_example_or_another():
    known = Near(e.text for e in examples.read())
    for row in ROWS:
        assert not (other := known.like(row.text)), (row.text, other)
        known.add(row.text)


@pytest.fixture(scope="module")
def shipped():
    return score()


def test_figures_of_the_shipped_model(shipped):
    assert shipped.rows == len(ROWS) and set(shipped.heads) == set(HEADS)
    assert sum(sum(said.values()) for said in shipped.confusion["intent"].values()) == len(ROWS)
    assert Scores.of_json(shipped.as_json()) == shipped
    assert no_worse(shipped, shipped) == []


def test_floors_of_the_shipped_model(shipped):
    """Not goals: what it reached when it was built, so that no later change loses it unseen."""
    assert shipped.macro_f1["intent"] >= 0.85 and shipped.heads["intent"]["emergency"]["recall"] >= 0.9


def worse(found, head, label, **measures):
    heads = {h: dict(labels) for h, labels in found.heads.items()}
    heads[head][label] = heads[head][label] | measures
    return replace(found, heads=heads)


def test_a_model_that_misses_what_matters_is_worse(shipped):
    for label, sentences in LOST.items():
        found = shipped.heads["intent"][label]
        one = 1 / found["rows"]
        assert no_worse(worse(shipped, "intent", label, recall=found["recall"] - sentences * one), shipped) == []
        told = no_worse(worse(shipped, "intent", label, recall=found["recall"] - (sentences + 1) * one), shipped)
        assert [(w.head, w.label, w.measure) for w in told] == [("intent", label, "recall")]
    assert LOST["emergency"] == 0
    f1 = shipped.heads["category"]["health"]["f1"]
    assert no_worse(worse(shipped, "category", "health", f1=f1 - 0.02), shipped) == []
    assert [w.label for w in no_worse(worse(shipped, "category", "health", f1=f1 - 0.05), shipped)] == ["health"]
    assert [w.label for w in no_worse(worse(shipped, "kind", "abuse", f1=0.0), shipped)] == ["abuse"]


def test_a_model_that_forgot_a_label_is_worse(shipped):
    heads = shipped.heads | {"intent": {k: v for k, v in shipped.heads["intent"].items() if k != "emergency"}}
    assert {w.measure for w in no_worse(replace(shipped, heads=heads), shipped)} == {"recall", "f1"}


def test_the_command_s_figures():
    found = evaluate(against=MODEL_DIR)
    assert found["rows"] == len(ROWS) and found["worse"] == []
