"""Words alike and ways of asking: what the files hold, and how their words are found in a text."""

from pathlib import Path

from linli.language.retrieval import alike
from linli.language.retrieval.reading import features

LINES = (Path(alike.__file__).parents[1] / "data" / "alike.tsv").read_text(encoding="utf-8").splitlines()


def test_each_group_has_a_name_of_its_own_and_two_words_at_least():
    groups = [line.split() for line in LINES]
    names = [words[0] for words in groups]
    assert len(set(names)) == len(names) > 400
    assert all(len(words) >= 2 and len(set(words)) == len(words) for words in groups)
    assert all(len(word) >= 2 for words in groups for word in words)


def test_the_longest_word_at_the_leftmost_place():
    finder = alike.Finder({"card": ["银行卡", "卡片"], "bank": ["银行"], "both": ["银行卡"]}, 2)
    assert list(finder.find("我的银行卡和银行")) == [("card", "both"), ("bank",)]
    assert list(finder.find("")) == []


def test_what_is_said_in_other_words_is_a_feature():
    one, other = features("老年证丢了"), features("敬老卡不见了")
    assert {name for name in one if name[0] == "@"} & {name for name in other if name[0] == "@"} >= {"@老年证", "@丢失"}


def test_no_text_looks_like_the_name_of_a_group():
    assert not [name for name in features("#fee @挂失 ＃fee") if name in ("#fee", "w#fee")]
