"""A trouble said in three words, an old neighbour who does not open, and what only sounds like a matter."""

import pytest

from linli.language import understand


@pytest.mark.parametrize(
    "text",
    [
        "今天怎么又停电了", "停水了", "我家停气了", "自来水发黄，能喝吗", "阿姨广场舞音乐太大", "流浪猫太多了", "有老鼠", "蟑螂特别多", "有人偷电瓶",
        "有人在小区里发小广告",
    ],
)  # fmt: skip
def test_a_trouble_in_few_words_is_a_matter(text):
    assert understand(text).intent == "appeal"


@pytest.mark.parametrize(
    "text",
    ["老人一个人在家联系不上了，敲门没人应", "隔壁老人两天没开门了，敲门也不应", "对门奶奶三天没露面了，我有点担心", "救护车进不来，路被车堵死了", "消防车让一排车挡在外面"],
)
def test_who_may_lie_behind_a_shut_door_and_who_cannot_be_reached_hurries(text):
    assert understand(text).urgency >= 1


@pytest.mark.parametrize(
    "text",
    ["去社区服务站办，带身份证就行", "到街道窗口办就行，带户口本", "去派出所开证明，不用预约", "有人在遛狗", "有人在群里卖菜", "有人在小区里跳舞", "来水了", "老鼠爱大米", "昨天停电，我们点了蜡烛", "阿姨没接我电话"],
)
def test_advice_among_neighbours_and_plain_life_are_no_matters(text):
    found = understand(text)
    assert found.intent == "small_talk" and not found.urgency


@pytest.mark.parametrize(("text", "intent"), [("明天停水吗", "question"), ("失业了想找份工作", "question"), ("我想找李敏说点事", "call_person"), ("我要投诉李敏", "call_person")])
def test_questions_and_who_asks_for_somebody(text, intent):
    assert understand(text).intent == intent
