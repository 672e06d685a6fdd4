"""How far a first hit is trusted: by what the entry lacks, and by what the base learned when it asked itself."""

import numpy as np

from linli.language import Retriever
from linli.language.retrieval import honesty, learning
from linli.language.retrieval.trust import PLAIN, SIGNALS, trusted

BASE = [
    ("park", ["北京市公园几点开门", "北京的公园什么时候开"], "早上六点。"),
    ("pool", ["游泳馆几点开门", "游泳馆开放时间"], "早上九点。"),
    ("books", ["图书馆周一开不开", "图书馆星期一去能进吗"], "周一闭馆。"),
]


def score(knowledge, query):
    return knowledge.search(query)[0].score


def test_another_place_is_trusted_less():
    knowledge = Retriever.build(BASE)
    assert score(knowledge, "北京市公园几点开门啊") > score(knowledge, "上海市公园几点开门啊")


def test_the_signals_are_named_and_weighed():
    found = Retriever.build(BASE).signals("上海市公园几点开门")
    assert len(found) == len(SIGNALS) == len(PLAIN) - 1
    told = dict(zip(SIGNALS, found, strict=True))
    assert told["names"] == 1 and told["strange"] == 1 and told["missing"] + told["unknown"] > 0
    assert 0 < trusted(found, PLAIN) < 1
    assert trusted(np.full(len(SIGNALS), 1e9), PLAIN) <= 1
    assert Retriever.build(BASE).signals("🎈") is None


def many():
    """A base of 60 entries whose wordings are of different words."""
    things = [a + b for a in "水电气暖门窗墙梯灯网" for b in ("表", "费", "卡", "管", "箱", "闸")]
    said = ("{}坏了找谁", "{}怎么报修", "家里{}出毛病", "谁来修{}", "{}不能用了咋整", "修{}要多久")
    return [(thing, [s.format(thing) for s in said], f"{thing}报修打物业电话。") for thing in things]


def test_a_base_is_divided_into_what_it_knows_and_what_it_does_not():
    entries = many()
    base, known, unknown = honesty.divided(entries)
    assert (base, known, unknown) == honesty.divided(entries)
    ids, texts = {name for name, _, _ in base}, {t for _, some, _ in base for t in some}
    assert len(ids) == len(entries) - int(honesty.LEFT_OUT * len(entries))
    assert not texts & {t for t, _ in known} and not texts & set(unknown)
    assert {name for _, name in known} <= ids


def test_too_small_a_base_keeps_the_usual_weights():
    assert honesty.judged(BASE, learning.teach) is None
    assert np.array_equal(learning.learn(BASE).trust, PLAIN)


def test_a_base_learns_when_to_trust(monkeypatch):
    monkeypatch.setattr(honesty, "LEAST", 20)
    taught = learning.learn(many())
    assert not np.array_equal(taught.trust, PLAIN) and np.isfinite(taught.trust).all() and (taught.mix >= 0).all()
    knowledge = Retriever.build(many(), taught)
    assert score(knowledge, "水表坏了该找谁") > score(knowledge, "公园坏了该找谁")
