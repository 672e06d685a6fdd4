"""The knowledge base in memory: right, offered, or honestly refused."""

import threading

import pytest

from linli.language import Retriever

ENTRIES = [
    ("elder_card", ["老年证怎么办理", "办老年证要带什么", "老年优待证在哪办"]),
    ("disabled", ["残疾证怎么办理", "残疾人证评残去哪"]),
    ("residence", ["居住证怎么办", "居住证多久能下来"]),
    ("fee", ["物业费怎么交", "在哪里交物业费"]),
    ("allowance", ["高龄补贴怎么领", "高龄津贴多少岁能领"]),
    ("sorting", ["垃圾分类怎么分", "过期药是什么垃圾"]),
]


@pytest.fixture
def knowledge():
    return Retriever.build(ENTRIES)


@pytest.mark.parametrize(
    ("query", "entry"),
    [
        ("老年证怎么办？", "elder_card"),
        ("老年证咋办", "elder_card"),
        ("居住证", "residence"),
        ("高龄津贴怎么领", "allowance"),
        ("过期药扔哪", "sorting"),
        ("帮我妈办个老年证", "elder_card"),
    ],
)
def test_the_right_entry_comes_first(knowledge, query, entry):
    assert knowledge.search(query)[0].entry_id == entry


def test_what_is_sure_is_answered(knowledge):
    answer = knowledge.answer("老年证怎么办？")
    assert (answer.verdict, answer.hits[0].entry_id) == ("answer", "elder_card")
    assert 0 < answer.hits[0].score <= 1


def test_words_about_the_asker_do_not_count(knowledge):
    assert knowledge.answer("帮我妈办个老年证").verdict in ("answer", "close")


@pytest.mark.parametrize(
    "query",
    [
        "健康证怎么办",
        "结婚证怎么办",
        "怎么养猫",
        "垃圾什么时候清",
        "",
        "😂",
        "今天天气真好",
        "物业费多少钱一平",
    ],
)
def test_what_is_not_known_is_refused(knowledge, query):
    assert knowledge.answer(query).verdict == "refuse"


def test_two_that_are_close_are_offered():
    knowledge = Retriever.build([("a", ["小区停车月卡怎么办"]), ("b", ["小区停车年卡怎么办"])])
    answer = knowledge.answer("小区停车卡怎么办")
    assert answer.verdict == "close" and {h.entry_id for h in answer.hits} == {"a", "b"}


def test_a_new_entry_is_found_at_once_and_a_removed_one_no_more(knowledge):
    knowledge.add("health", ["健康证怎么办理"])
    assert knowledge.answer("健康证怎么办").hits[0].entry_id == "health"
    knowledge.remove("health")
    assert all(h.entry_id != "health" for h in knowledge.search("健康证怎么办"))
    knowledge.add("health", ["健康证去医院办"])
    assert knowledge.search("健康证")[0].text == "健康证去医院办"
    assert len(knowledge) == len(ENTRIES) + 1


def test_an_entry_is_replaced_not_doubled(knowledge):
    knowledge.add("fee", ["停车费怎么交"])
    assert len(knowledge) == len(ENTRIES)
    assert all(h.text != "物业费怎么交" for h in knowledge.search("物业费怎么交"))


def test_empty():
    knowledge = Retriever.build([])
    assert knowledge.search("电梯") == [] and knowledge.answer("电梯").verdict == "refuse"
    knowledge.add("a", ["电梯坏了怎么办"])
    assert knowledge.search("电梯")[0].entry_id == "a"
    knowledge.remove("nobody")


def test_many_additions_are_merged():
    knowledge = Retriever.build(ENTRIES)
    for n in range(450):
        knowledge.add(f"n{n}", [f"第{n}号窗口办什么业务"])
    assert knowledge.search("第333号窗口办什么业务")[0].entry_id == "n333"
    assert knowledge.search("老年证怎么办理")[0].entry_id == "elder_card"


def test_reading_while_writing(knowledge):
    wrong = []

    def read():
        for _ in range(200):
            if knowledge.search("老年证怎么办理")[0].entry_id != "elder_card":
                wrong.append(1)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for n in range(100):
        knowledge.add(f"x{n % 7}", [f"新知识{n}"])
        knowledge.remove(f"x{(n + 3) % 7}")
    for thread in threads:
        thread.join()
    assert not wrong
