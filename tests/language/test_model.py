"""The model file: built from our own examples, checked, never a pickle; and the floor stands alone."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import linli.language
from linli.language import CATEGORIES, DAILY, INTENTS, SENSITIVE, ModelMissing, examples, train
from linli.language.lexicon import DATA, lexicon
from linli.language.model import CARD, WEIGHTS, load
from tests.language.near import Near

ROWS = examples.read()


def test_examples_carry_known_labels():
    for text, intent, kind, category in ROWS:
        assert intent in INTENTS, text
        assert kind in ("", *DAILY, *SENSITIVE), text
        assert category in ("", *CATEGORIES), text
        assert (intent == "sensitive") == (kind in SENSITIVE), text
    assert len(ROWS) >= 2500


def test_no_two_examples_share_most_of_their_trigrams():
    known = Near()
    for text, *_ in ROWS:
        assert not (other := known.like(text)), (text, other)
        known.add(text)


def test_taxonomy_names_every_label():
    taxonomy = json.loads((DATA / "taxonomy.json").read_text(encoding="utf-8"))
    for name, codes in (("intents", INTENTS), ("kinds", (*DAILY, *SENSITIVE)), ("categories", CATEGORIES)):
        assert {label["code"] for label in taxonomy[name]} == set(codes)
        assert all(label["zh"] and label["scope"] for label in taxonomy[name])


def test_things_have_known_kinds():
    for thing in lexicon().things.values():
        assert thing.kind in DAILY and thing.category in CATEGORIES, thing.name
    assert set(lexicon().sensitive_category) == set(SENSITIVE)


def test_training_is_deterministic(tmp_path):
    some = ROWS[::12]
    assert train.build(some, tmp_path / "a") == train.build(some, tmp_path / "b")
    assert (tmp_path / "a" / WEIGHTS).read_bytes() == (tmp_path / "b" / WEIGHTS).read_bytes()
    assert set(load(tmp_path / "a").labels["intent"]) <= set(INTENTS)


def test_a_missing_model_says_what_to_do(tmp_path):
    with pytest.raises(ModelMissing, match="make setup"):
        load(tmp_path)


def test_a_damaged_model_is_refused(tmp_path):
    train.build(ROWS[::40], tmp_path)
    card = json.loads((tmp_path / CARD).read_text(encoding="utf-8"))
    (tmp_path / CARD).write_text(json.dumps(card | {"digest": "0"}), encoding="utf-8")
    with pytest.raises(ModelMissing, match="damaged"):
        load(tmp_path)
    (tmp_path / WEIGHTS).write_bytes(b"no zip")
    with pytest.raises(ModelMissing, match="cannot be read"):
        load(tmp_path)
    np.savez(tmp_path / WEIGHTS, vocabulary=np.array([{}], dtype=object))
    with pytest.raises(ModelMissing):
        load(tmp_path)


def test_predicting_needs_neither_django_nor_scikit_learn():
    code = (
        "import sys; from linli.language import understand; understand('电梯坏了'); "
        "sys.exit(any(m.split('.')[0] in ('django', 'sklearn', 'pandas', 'joblib') for m in sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=Path(linli.language.__file__).parents[2]).returncode
        == 0
    )
