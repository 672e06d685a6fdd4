"""Tokens for search: what is asked for is found in what is stored."""

from hypothesis import given
from hypothesis import strategies as st

from linli.language import normalise, query_tokens, search_tokens


def test_words_and_pairs_are_stored():
    tokens = search_tokens("３号楼电梯坏了，Lift 故障！")
    assert {"电梯", "lift", "故障", "3"} <= set(tokens)
    assert "，" not in tokens and len(tokens) == len(set(tokens))


def test_function_words_are_not_asked_for():
    assert query_tokens("请问电梯怎么还没修好吗") == ["电梯", "修好"]
    assert query_tokens("的了吗") != []


def test_every_query_word_is_found_in_a_text_that_holds_it():
    text = "锦绣苑3号楼2单元自来水管道昨天晚上爆裂，楼道里的感应灯也不亮"
    for query in ("自来水管道", "感应灯", "电梯的感应灯怎么不亮"[3:6], "爆裂", "3", "自来水", "锦绣苑"):
        assert set(query_tokens(query)) <= set(search_tokens(text)), query


def test_empty_and_punctuation():
    assert search_tokens("") == search_tokens("！？…😂") == query_tokens("。。") == []


def test_normalise():
    assert normalise("  ＡＢＣ　１２３\u200b\x00\n电\u200d梯 ") == "ABC 123 电梯"
    assert normalise(None) == "" and normalise(b"\xff\xe7\x94\xb5") == "电"
    assert normalise("\ud800电梯\udfff") == "电梯"


@given(st.text(alphabet=st.characters(), max_size=80))
def test_any_text_goes_through(text):
    clean = normalise(text)
    assert normalise(clean) == clean
    clean.encode("utf-8")
    assert all(token and not token.isspace() for token in search_tokens(text) + query_tokens(text))
