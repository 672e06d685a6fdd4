"""A classifier of given labels: what it learns, leaves out, saves and refuses."""

import json

import numpy as np
import pytest

from linli.language.classifier import CARD, WEIGHTS, ModelRefused, cut_words, load_classifier, words_of
from linli.language.training import TooFewLabels, fit

LIFT = ["电梯停在六楼不动", "电梯门关不上", "换了电梯按钮还是坏", "电梯里没有灯", "电梯年检过期了"]
BUS = ["公交车等了一小时", "末班公交取消了", "公交站台没有雨棚", "公交司机不停靠", "这路公交太少"]
TEXTS = LIFT + BUS
LABELS = ["梯"] * 5 + ["车"] * 5


def model():
    return fit([words_of(t) for t in TEXTS], LABELS)


def test_it_tells_what_it_learned_apart():
    found = model()
    assert found.predict([words_of("我们的电梯又停了"), words_of("公交什么时候来")]) == ["梯", "车"]
    shares = found.probabilities([words_of(t) for t in TEXTS])
    assert np.allclose(shares.sum(axis=1), 1)
    assert found.predict([]) == []


def test_cut_words_and_raw_text_look_alike():
    assert cut_words("电梯 A3 区 坏 12 天".split()) == ["电梯", "坏", "0", "天"]
    assert "A" not in "".join(words_of("A市A3区电梯坏了，西地省")) and "西地省" not in words_of("西地省电梯")
    assert words_of("") == [] and cut_words(["。", " "]) == []


def test_an_empty_text_gets_some_label():
    assert model().predict([[], words_of("\ud800😂")])


def test_the_same_rows_give_the_same_weights(tmp_path):
    assert model().save(tmp_path / "a", {}) == model().save(tmp_path / "b", {})


def test_saved_and_loaded_it_says_the_same(tmp_path):
    one = model()
    one.save(tmp_path, {"task": "category"})
    again = load_classifier(tmp_path)
    documents = [words_of(t) for t in TEXTS]
    assert np.array_equal(one.scores(documents), again.scores(documents))


def test_a_damaged_model_is_refused(tmp_path):
    with pytest.raises(ModelRefused):
        load_classifier(tmp_path)
    model().save(tmp_path, {})
    card = json.loads((tmp_path / CARD).read_text(encoding="utf-8"))
    for change in ({"digest": "0"}, {"version": 0}, {"labels": ["梯"]}, {"sharpness": "x"}):
        (tmp_path / CARD).write_text(json.dumps(card | change), encoding="utf-8")
        with pytest.raises(ModelRefused):
            load_classifier(tmp_path)
    (tmp_path / CARD).write_text(json.dumps(card), encoding="utf-8")
    np.savez(tmp_path / WEIGHTS, vocabulary=np.array([{}], dtype=object))
    with pytest.raises(ModelRefused):
        load_classifier(tmp_path)


def test_one_label_is_nothing_to_learn():
    with pytest.raises(TooFewLabels):
        fit([["电梯"]], ["梯"])
