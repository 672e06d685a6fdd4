"""A reworded answer keeps every fact of its source, or it is dropped."""

import pytest

from linli.assistant.scribe.facts import changed

ANSWER = (
    "年满80周岁的本地户籍老人可以申请高龄津贴。带上身份证、户口簿和银行卡，到社区服务站窗口办理，不收费。"
    "80至89周岁每月100元，90周岁以上每月200元。材料齐全的，3个工作日内办结，次月起发放；不能本人到场的，可以由子女代办。"
    "咨询电话 0571-87654321，周一至周五 8:30-17:30。依据《浙江省老年人权益保障条例》。"
)
HONEST = [
    "本地户籍老人年满80周岁，可以申请高龄津贴。带上身份证、户口簿和银行卡，到社区服务站窗口办理，不收费。",
    "80至89周岁每月100元，90周岁以上每月200元。",
    "带上身份证、户口簿和银行卡，到社区服务站窗口办理就行，不收费。不能本人到场的，可以由子女代办。",
    "材料齐全的，三个工作日内办结，次月起发放。有问题打咨询电话 0571-87654321，周一至周五 8:30-17:30。",
    "别着急。年满80周岁的老人可以申请高龄津贴。",
]
LIES = {
    "another age": ("年满70周岁的本地户籍老人可以申请高龄津贴。", "number"),
    "more money": ("80至89周岁每月300元，90周岁以上每月200元。", "number"),
    "true numbers, wrong line": ("80至89周岁每月200元。", "number"),
    "true numbers, wrong line, in two halves": ("年满80周岁的老人，每月200元。", "number"),
    "another unit": ("材料齐全的，3个月内办结。", "number"),
    "in Chinese figures": ("材料齐全的，五个工作日内办结。", "number"),
    "another phone": ("咨询电话 0571-87654322，周一至周五 8:30-17:30。", "number"),
    "a phone more": ("咨询电话 0571-87654321，也可以打 13800001111。", "number"),
    "other hours": ("咨询电话 0571-87654321，周一至周五 8:30-18:00。", "number"),
    "another document": ("依据《中华人民共和国社会保险法》。", "name"),
    "another office": ("带上身份证、户口簿和银行卡，到派出所窗口办理，不收费。", "name"),
    "another paper": ("带上结婚证、户口簿和银行卡，到社区服务站窗口办理，不收费。", "name"),
    "a link": ("到社区服务站窗口办理，详见 www.example.com。", "markup"),
    "an app": ("可以在 ZheLiBan 申请高龄津贴。", "name"),
    "it costs": ("带上身份证、户口簿和银行卡，到社区服务站窗口办理，收费。", "weight"),
    "not may": ("年满80周岁的本地户籍老人不可以申请高龄津贴。", "weight"),
    "a not fallen out": ("能本人到场的，可以由子女代办。", "weight"),
    "must": ("不能本人到场的，必须由子女代办。", "weight"),
    "below": ("90周岁以下每月200元。", "weight"),
    "only": ("只有年满80周岁的本地户籍老人可以申请高龄津贴。", "weight"),
    "everybody": ("本地户籍老人都可以申请高龄津贴。", "weight"),
    "online": ("带上身份证、户口簿和银行卡，网上办理，不收费。", "name|weight"),
    "by itself": ("年满80周岁的本地户籍老人自动发放高龄津贴。", "name|weight"),
    "a promise": ("年满80周岁的本地户籍老人可以申请高龄津贴，明天就到账。", "name|weight"),
    "a list": ("- **80岁**: 100元\n# 说明", "markup"),
    "a story": ("高龄津贴" + "您可以申请高龄津贴。" * 60, "long"),
    "other language": ("You may apply at the station.", "empty"),
    "its own orders": ("好的，以下是改写后的内容：年满80周岁的本地户籍老人可以申请高龄津贴。", "name|weight|number"),
}


@pytest.mark.parametrize("said", HONEST)
def test_an_honest_rewording_passes(said):
    assert changed(said, (ANSWER,)) == ""


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_found(name):
    said, why = LIES[name]
    assert changed(said, (ANSWER,)) in why.split("|")


def test_the_answer_itself_is_no_lie():
    assert changed(ANSWER, (ANSWER,)) == ""
