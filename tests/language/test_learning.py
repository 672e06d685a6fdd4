"""Weights learned from wordings: better than without, checked when read, swapped in whole, harmless when stale."""

import numpy as np
import pytest

from linli.language import Retriever, apart
from linli.language.retrieval import learning, weights

ENTRIES = [
    ("card_new", ["老年卡怎么办理", "想办一张老年卡", "老年卡去哪儿申请", "老人乘车的卡怎么弄"], "带身份证到社区服务站。"),
    ("card_lost", ["老年卡丢了怎么办", "老人的乘车卡掉了", "补一张老年卡", "卡找不到了要重新弄"], "先挂失再补办。"),
    ("card_charge", ["老年卡怎么充值", "乘车卡里没钱了", "给老人的卡存钱", "卡里的钱用完了怎么弄"], "到公交网点。"),
    ("alone", ["垃圾分几类"], "四类。"),
]


def built(loaded=None):
    return Retriever.build(ENTRIES, loaded)


def test_learning_is_deterministic_and_survives_the_file(tmp_path):
    one, two = learning.learn(ENTRIES), learning.learn(ENTRIES)
    assert one.features == two.features and np.array_equal(one.values, two.values)
    one.save(tmp_path / "w.npz")
    back = weights.load(tmp_path / "w.npz")
    assert back.ids == ["card_new", "card_lost", "card_charge", "alone"] and np.allclose(back.values, one.values, atol=2e-3)
    knowledge = built(back)
    assert all(knowledge.search(text)[0].entry_id == name for name, texts, _ in ENTRIES for text in texts)


def test_it_tells_apart_what_was_near():
    plain, taught = built(), built(learning.learn(ENTRIES))

    def lead(knowledge):
        hits = {h.entry_id: h.score for h in knowledge.search("老人的卡不见了，重新办")}
        return hits["card_lost"] - hits["card_new"]

    assert lead(taught) > lead(plain)


def test_in_a_process_of_its_own(tmp_path):
    target = tmp_path / "knowledge" / "w.npz"
    assert apart.start_learning(ENTRIES, target).wait(60) == 0
    assert sorted(p.name for p in target.parent.iterdir()) == ["w.npz", "w.npz.mark"]
    knowledge = built()
    knowledge.weigh(weights.load(target))
    assert knowledge.search("老年卡掉了")[0].entry_id == "card_lost"


def test_nothing_to_learn(tmp_path):
    assert learning.learn([("a", ["电梯坏了"], "")]) is None and learning.learn([]) is None
    assert apart.start_learning([("a", ["电梯坏了"], "")], tmp_path / "w.npz").wait(60) == 0
    assert weights.load(tmp_path / "w.npz") is None


def test_a_changed_entry_is_not_judged_by_what_was_learned_before():
    knowledge = built(learning.learn(ENTRIES))
    knowledge.add("card_lost", ["身份证丢了怎么补"], "去派出所。")
    assert knowledge.search("身份证丢了")[0].entry_id == "card_lost"
    assert knowledge.search("老年卡怎么办理")[0].entry_id == "card_new"
    knowledge.add("garden", ["屋顶菜地怎么申请"], "抽签。")
    assert knowledge.answer("屋顶菜地怎么申请").verdict == "answer" and len(knowledge) == 5


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"\x93NUMPY"])
def test_a_damaged_file_is_as_none(tmp_path, damage):
    (tmp_path / "w.npz").write_bytes(damage)
    assert weights.load(tmp_path / "w.npz") is None


def test_a_file_that_lies_is_as_none(tmp_path):
    made = learning.learn(ENTRIES)
    made.names = made.names + 10**6
    made.save(tmp_path / "w.npz")
    assert weights.load(tmp_path / "w.npz") is None


def test_words_for_the_same_thing_come_to_stand_together():
    said = ("{}怎么办理", "{}在哪里办", "办{}要带什么", "想弄一个{}")
    pairs = (("敬老通", "老来福"), ("爱幼通", "小福星"), ("助残通", "暖心宝"))
    entries = [(a, [s.format(w) for s in said for w in pair], "") for pair in pairs for a in pair[:1]]
    taught = learning.learn(entries)
    place = {name: taught.values[i].astype(float) for i, name in enumerate(taught.features)}

    def near(one, other):
        return place[one] @ place[other] / np.linalg.norm(place[one]) / np.linalg.norm(place[other])

    assert near("老来", "敬老") > max(near("老来", "爱幼"), near("老来", "助残"))


def test_a_new_entry_stands_among_what_was_learned():
    knowledge = built(learning.learn(ENTRIES))
    knowledge.add("bus", ["公交线路怎么查"], "看站牌。")
    assert knowledge.search("公交线路在哪查")[0].entry_id == "bus"
    assert knowledge._state.blocks[1].meaning.any()


def test_a_file_of_other_shapes_is_as_none(tmp_path):
    for change in ("units", "mix", "trust"):
        made = learning.learn(ENTRIES)
        setattr(made, change, np.full_like(getattr(made, change), np.nan))
        made.save(tmp_path / "w.npz")
        assert weights.load(tmp_path / "w.npz") is None
