"""Word search: the same answers on both databases, inside the searcher's area only."""

import pytest

from linli.grid.selectors import stamp_of_building
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput
from linli.orders import actions
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.selectors import search


def opened(cast, building, words, thing="电梯", kind="repair"):
    draft = Draft(kind=kind, stamp=stamp_of_building(cast.building[building]), voice=VoiceDraft(words=words), thing=thing)
    return actions.open_order(by=SYSTEM, draft=draft)


def test_two_character_words_are_found(cast, at):
    lift = opened(cast, "jx3", "电梯又坏了，老人下不去楼")
    opened(cast, "jx3", "路灯不亮", thing="路灯")
    worker = cast.actor("li_min")
    assert [o.id for o in search(worker, "电梯")] == [lift.id]
    assert [o.id for o in search(worker, "老人下楼的电梯")] == []
    assert [o.id for o in search(worker, "老人 电梯")] == [lift.id]
    assert [o.id for o in search(worker, lift.number)] == [lift.id]


def test_punctuation_and_quotes_are_harmless(cast, at):
    opened(cast, "jx3", "o'neil said \"电梯\" \\ & | ! ( : *")
    worker = cast.actor("li_min")
    for words in ("'", '"', "电梯' OR 1=1", "a & | ! b", "\\", "*", "NEAR(", "", "的", "😀", "电梯:*"):
        search(worker, words)


def test_other_places_are_not_found(cast, at):
    here = opened(cast, "jx3", "电梯坏了")
    assert [o.id for o in search(cast.actor("li_min"), "电梯")] == [here.id]
    for key in ("chu_weimin", "tao_ran", "qian_xiulan"):
        assert search(cast.actor(key), "电梯") == []


def test_who_may_not_read_words_may_not_search_them(cast, at):
    with pytest.raises(BadInput):
        search(cast.actor("shi_qiang"), "电梯")
