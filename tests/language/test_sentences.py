"""Sentences that must be understood rightly: each row is one promise to somebody who writes like that."""

import pytest

from linli.language import understand, understand_many
from tests.language.cast import JINXIU

APPEALS = [
    # text, kind, category, urgency, thing
    ("3号楼2单元电梯又坏了，老人下不去楼", "repair", "property", 1, "电梯"),
    ("三号楼电梯停了", "repair", "property", 0, "电梯"),
    ("臭死了，什么时候来清", "sanitation", "environment", 0, "垃圾"),
    ("垃圾好几天没人收了呀", "sanitation", "environment", 0, "垃圾"),
    ("3栋二单元501漏水", "repair", "property", 0, "漏水"),
    ("3-2-501水管爆了", "repair", "property", 1, "水管"),
    ("锦绣路的路灯不亮", "repair", "municipal", 0, "路灯"),
    ("本单元门禁坏了", "repair", "property", 0, "门禁"),
    ("楼上半夜蹦迪吵得睡不着", "noise", "environment", 0, "噪音"),
    ("煤气味很大，2单元", "repair", "municipal", 1, "燃气"),
    ("消防通道又被车堵死了", "safety", "safety", 0, "消防通道"),
    ("有人被困在电梯里了，快来", "repair", "property", 1, "电梯"),
    ("我家的车位被人占了，挪车电话打不通", "parking", "traffic", 0, "停车"),
    ("电悌又不动咧，我婆婆咋下楼", "repair", "property", 0, "电梯"),
    ("我们这栋没水了", "repair", "municipal", 0, "停水"),
    ("灯坏了", "repair", "property", 0, "楼道灯"),
    ("灯又不亮了", "repair", "property", 0, "楼道灯"),
]


@pytest.mark.parametrize(("text", "kind", "category", "urgency", "thing"), APPEALS)
def test_an_appeal_is_seen_with_kind_and_urgency(text, kind, category, urgency, thing):
    u = understand(text, JINXIU)
    assert (u.intent, u.urgency, u.thing) == ("appeal", urgency, thing)
    assert u.kind == kind or (thing in ("燃气", "电梯") and u.kind == "safety")
    assert u.category == category or u.kind == "safety"


@pytest.mark.parametrize(
    "text",
    [
        "好的", "谢谢", "早上好", "[玫瑰]", "收到", "哈哈哈", "😂😂😂", "[强][强]", "嗯嗯", "辛苦了", "+1", "111",
        "电梯里碰到你家狗了真可爱", "今天垃圾分类打卡😂", "物业小王人真好", "修好了谢谢", "晚安啦大家",
        "路灯下面拍照真好看", "停车的时候遇到老同学了", "。。。", "👍👍", "你吃饭了吗", "明天一起去菜场吗",
        "电梯修好了，谢谢师傅", "昨天的消防演练好热闹", "垃圾桶换新的了，真漂亮",
    ],
)  # fmt: skip
def test_small_talk_is_left_alone(text):
    assert understand(text, JINXIU).intent == "small_talk"


@pytest.mark.parametrize(
    "text",
    [
        "老年证怎么办？", "小栖，居住证怎么办理", "请问一下高龄津贴怎么领", "着火了应该打什么电话", "物业费一平米多少钱",
        "社区食堂几点开门", "家里老人昨晚走了，怎么注销户口", "幼儿园什么时候报名", "过期药是什么垃圾", "养狗要不要办证",
        "医保卡丢了去哪补", "装修要先报备吗",
    ],
)  # fmt: skip
def test_a_question_is_a_question(text):
    u = understand(text, JINXIU)
    assert (u.intent, u.kind) == ("question", "consult")


@pytest.mark.parametrize(
    "text",
    [
        "人工",
        "找个真人",
        "转人工",
        "我要人工客服",
        "别让机器人回了，找个人来",
        "帮我叫一下网格员",
        "小栖，转人工",
        "人工！",
        "找个活人说话",
    ],
)
def test_a_person_is_called(text):
    assert understand(text, JINXIU).intent == "call_person"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("楼上天天传销上课", "pyramid_selling"),
        ("隔壁打老婆，天天哭", "abuse"),
        ("群租房，一套隔了八间", "group_rental"),
        ("一楼在院子里违章搭建", "illegal_building"),
        ("有人砸承重墙", "illegal_building"),
        ("棋牌室聚众赌博，一晚上输赢几万", "vice"),
        ("楼下按摩店涉黄", "vice"),
        ("一屋子人天天喊口号听课，门窗都拉着", "pyramid_selling"),
    ],
)
def test_the_five_sensitive_kinds(text, kind):
    u = understand(text, JINXIU)
    assert (u.intent, u.kind) == ("sensitive", kind)


@pytest.mark.parametrize(
    "text",
    [
        "着火了，5号楼",
        "煤气泄漏了快来人",
        "有老人晕倒在3号楼门口",
        "有人要跳楼",
        "孩子在滑梯那边不见了",
        "二楼冒浓烟",
        "有人拿刀砍人",
        "快，四楼阳台着了",
        "老太太从楼梯滚下去不动了",
        "楼道电瓶车冒烟了",
        "救命，有人触电了",
    ],
)
def test_an_emergency_is_an_emergency(text):
    u = understand(text, JINXIU)
    assert (u.intent, u.urgency) == ("emergency", 2)


@pytest.mark.parametrize(
    "text", ["今天消防演习，累死", "昨晚的电影里着火那段好假", "万一着火了怎么逃生", "作业太多了，救命"]
)
def test_talk_of_fire_is_no_fire(text):
    assert understand(text, JINXIU).intent not in ("emergency", "appeal", "sensitive")


@pytest.mark.parametrize(
    "text",
    [
        "电梯还没修好吗，2单元的", "怎么样了", "有人管吗", "昨天报的下水道还没人来", "水管什么时候能修好", "路灯的事有进展吗",
        "门禁处理得怎么样了", "电梯修好了吗", "电梯怎么样了", "电梯修得咋样了", "路灯修得怎么样啦", "我反映的事咋样了", "那个工单处理得如何",
    ],
)  # fmt: skip
def test_a_follow_up_asks_how_a_known_matter_stands(text):
    u = understand(text, JINXIU)
    assert u.follow_up and u.intent == "appeal"


@pytest.mark.parametrize(
    "text",
    [
        "3号楼2单元电梯又坏了，老人下不去楼",
        "臭死了，什么时候来清",
        "面试怎么样了",
        "装修得怎么样了",
        "你妈妈身体怎么样了",
        "作业还没写完",
        "晚饭还没吃呢",
    ],
)
def test_no_follow_up(text):
    assert not understand(text, JINXIU).follow_up


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("满意", "satisfied"), ("很满意，谢谢", "satisfied"), ("修好了谢谢", "satisfied"), ("亮了，点赞", "satisfied"),
        ("一般般", "so_so"), ("还行吧", "so_so"), ("一般", "so_so"), ("没解决", "unsolved"), ("还是坏的", "unsolved"),
        ("不满意", "unsolved"), ("根本没人来修", "unsolved"), ("又坏了", "unsolved"), ("修好了吗", ""), ("电梯修好了没有", ""),
        ("3号楼2单元电梯又坏了，老人下不去楼", ""), ("老年证怎么办？", ""), ("早上好", ""), ("收到", ""),
    ],
)  # fmt: skip
def test_a_rating_in_words(text, rating):
    assert understand(text, JINXIU).rating == rating


@pytest.mark.parametrize(
    "text", ["你是真人吗", "你是机器人吗", "小栖是人还是机器", "跟我说话的是真人吗", "你是不是机器人啊"]
)
def test_it_is_asked_whether_it_is_a_machine(text):
    u = understand(text, JINXIU)
    assert u.asks_machine and u.intent == "small_talk"


@pytest.mark.parametrize("text", ["扫地机器人好用吗", "人工湖好漂亮", "洗衣机坏了谁会修", "我是你楼上的"])
def test_it_is_not_asked(text):
    assert not understand(text, JINXIU).asks_machine


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("小栖安静", "mute"), ("小栖别说话", "mute"), ("闭嘴小栖", "mute"), ("小栖，休息一下吧", "mute"),
        ("小栖说话", "unmute"), ("小栖回来", "unmute"), ("@小栖 可以说话了", "unmute"),
        ("安静", ""), ("大家别说话了", ""), ("小栖你好", ""), ("小栖，电梯坏了", ""),
    ],
)  # fmt: skip
def test_commands_only_by_name(text, command):
    u = understand(text, JINXIU)
    assert u.command == command
    assert u.addressed == ("小栖" in text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("王奶奶昨晚走了，大家节哀", "grief"), ("老李一路走好", "grief"), ("我爸今早没了", "grief"), ("🕯🕯🕯", "grief"),
        ("你算什么东西，滚", "quarrel"), ("你有病吧", "quarrel"), ("有本事下楼当面说", "quarrel"),
        ("我今年八岁，妈妈不在家", "child"), ("阿姨好，我叫小明，谁和我一起玩", "child"),
        ("家里老人昨晚走了，怎么注销户口", ""), ("3号楼2单元电梯又坏了，老人下不去楼", ""), ("公交车走了", ""),
        ("你们物业到底管不管，垃圾臭死了", ""), ("电梯里碰到你家狗了真可爱", ""), ("客人走了，累", ""),
    ],
)  # fmt: skip
def test_when_the_bot_keeps_silent(text, why):
    assert understand(text, JINXIU).leave_alone == why


def test_two_matters_in_one_message():
    u = understand("3号楼电梯坏了，另外南门垃圾房好几天没人清，臭死了", JINXIU)
    assert len(u.parts) == 2 and "电梯" in u.parts[0] and "垃圾" in u.parts[1]
    assert understand("3号楼2单元电梯又坏了，老人下不去楼", JINXIU).parts == ()
    assert len(understand("1、路灯不亮\n2、门禁坏了刷不开", JINXIU).parts) == 2


def test_when_and_phones():
    u = understand("昨天晚上10点开始漏水，我电话138 1234-5678，座机025-84561234", JINXIU)
    assert u.when == "昨天晚上10点开始"
    assert u.phones == ("13812345678", "02584561234")
    assert understand("身份证320102199001011234", JINXIU).phones == ()
    assert understand("电梯坏了", JINXIU).when == ""


def test_tokens_hold_matter_only():
    assert "电梯" in understand("请问我们的电梯怎么又不动了", JINXIU).tokens
    assert understand("好的", JINXIU).tokens == ()


def test_a_batch_says_the_same_as_single_messages():
    texts = [row[0] for row in APPEALS] + ["好的", "", "老年证怎么办？"]
    for one, many in zip([understand(t, JINXIU) for t in texts], understand_many(texts, JINXIU), strict=True):
        assert (one.intent, one.kind, one.category, one.place) == (
            many.intent,
            many.kind,
            many.category,
            many.place,
        )
        assert one.confidence == pytest.approx(many.confidence)


def test_probabilities_sum_to_one():
    for u in understand_many(["电梯坏了", "", "好的", "人工"]):
        assert sum(u.probs.values()) == pytest.approx(1.0)
        assert u.probs[u.intent] == u.confidence
