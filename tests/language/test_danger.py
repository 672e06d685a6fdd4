"""Words of dying and of blows at home are seen however short; jokes and other uses of the same words are not."""

import pytest

from linli.language import understand
from tests.language.cast import JINXIU


@pytest.mark.parametrize(
    "text",
    [
        "我不想活了", "活着真没意思", "活够了", "想死的心都有了", "我想自杀", "真想一了百了", "死了算了", "我女儿自残", "孩子在割自己的手",
        "我妈留了遗书人不见了", "有人要跳楼", "作业多得我不想活了", "安眠药都准备好了", "我站在楼顶，谁也别拦", "活着还有什么奔头",
        "老伴走了我也不想活了", "他说要跳河", "撑不下去了",
    ],
)  # fmt: skip
def test_who_wants_to_die(text):
    u = understand(text, JINXIU)
    assert u.wants_to_die and (u.intent, u.urgency, u.leave_alone) == ("emergency", 2, "")


@pytest.mark.parametrize(
    "text",
    [
        "想死你们了", "热得要死", "累死了", "累得不想活了哈哈", "电影里那个人想自杀", "堵车堵得要死", "鱼不想活动了", "股票跌得想跳楼", "笑死我了",
        "你是不是不想活了", "怎么预防孩子自残", "店开不下去，活不下去的公司多了", "支撑不下去了", "花又活了", "我要死守阵地",
    ],
)  # fmt: skip
def test_who_does_not(text):
    assert not understand(text, JINXIU).wants_to_die


@pytest.mark.parametrize(
    "text",
    [
        "我被老公打了", "老公打我", "他又喝酒打我，我不敢回家", "被家里人打了", "我爸用皮带抽我", "我妈被我弟打了", "男朋友打我", "老公掐我脖子",
        "孩子被继父打", "婆婆不让我出门", "儿子对老娘动手", "前夫把我打了", "保姆打我妈", "她后妈天天打她", "我身上的伤都是他打的",
    ],
)  # fmt: skip
def test_blows_at_home(text):
    u = understand(text, JINXIU)
    assert (u.intent, u.kind) == ("sensitive", "abuse")


@pytest.mark.parametrize(
    "text",
    [
        "老公打我电话我没接到", "老公打麻将去了", "妈妈打毛衣真好看", "这道题打了我个措手不及", "弟弟打游戏呢", "哥哥打球输给我了", "我爸打针去了",
        "爸爸打扮成圣诞老人", "妹妹打车来的", "老婆打人民医院电话了", "他打我微信语音了", "女儿打败了我",
    ],
)  # fmt: skip
def test_no_blows(text):
    assert understand(text, JINXIU).intent not in ("sensitive", "emergency")


def test_danger_is_heard_in_a_long_message_too():
    assert understand("我跟大家说说我家的事，" * 8 + "我真的不想活了", JINXIU).wants_to_die
