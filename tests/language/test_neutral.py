"""A question goes to a department without the person who asked it, or it does not go by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.language import neutral
from linli.language.signals import PHONE


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("咱们这里能装充电桩吗", "咱们这里能装充电桩吗"),
        ("我妈没退休金能领啥补贴", "老人没退休金能领啥补贴"),
        ("我家孩子上小学要带什么", "孩子上小学要带什么"),
        ("我老公在外地能办社保卡吗", "家里人在外地能办社保卡吗"),
        ("3号楼2单元502能申请加装电梯吗", "某户能申请加装电梯吗"),
        ("3号楼能装充电桩吗", "某栋楼能装充电桩吗"),
        ("我家漏水楼上不管怎么办", "家里漏水楼上不管怎么办"),
        ("每月300元的补贴怎么领", "每月300元的补贴怎么领"),
        ("12345打不通怎么办", "12345打不通怎么办"),
        ("2026年医保什么时候交", "2026年医保什么时候交"),
        ("小区高层能养狗吗", "小区高层能养狗吗"),
        ("座机02584561234打不通，居住证咋办", "座机打不通,居住证咋办"),
    ],
)
def test_what_can_be_generalised_is(said, plain):
    assert neutral(said) == plain


@pytest.mark.parametrize(
    "said",
    [
        "张阿姨家的狗咬人找谁", "老王家漏水找谁赔", "我叫王小明，公积金咋提", "身份证号320102199001011234丢了",
        "我老公有尿毒症能报销吗", "@小刘 你家那个证办了吗", "微信号：abc12 加我说", "社保卡尾号88231怎么查", "我家502漏水怎么办", "吗", "",
        "说来话长，" + "我跟你们讲这个事情它是这样的" * 8,
    ],
)  # fmt: skip
def test_what_tells_who_asked_waits_for_a_person(said):
    assert neutral(said) == ""


@given(st.text(max_size=120))
def test_any_text_is_harmless_and_no_number_of_a_person_comes_through(text):
    out = neutral(text + "13912345678")
    assert "13912345678" not in out and not any(len(m[0]) == 11 for m in PHONE.finditer(out))
