"""Places in words: every common spelling of a home, relative words, and what is no place."""

import pytest

from linli.language import Gazetteer, Place, building_key, find_place, spot_of, understand
from tests.language.cast import JINXIU, YINHE


@pytest.mark.parametrize(
    ("text", "building", "unit", "room"),
    [
        ("3号楼2单元", "3号楼", "2单元", ""),
        ("三号楼二单元", "3号楼", "2单元", ""),
        ("3栋", "3号楼", "", ""),
        ("第3幢", "3号楼", "", ""),
        ("3#楼", "3号楼", "", ""),
        ("3#2单元", "3号楼", "2单元", ""),
        ("3-2-501", "3号楼", "2单元", "501"),
        ("３号楼２单元", "3号楼", "2单元", ""),
        ("十二号楼", "12号楼", "", ""),
        ("二十一栋甲单元", "21号楼", "甲单元", ""),
        ("3楼2单元", "3号楼", "2单元", ""),
        ("3 号 楼 2 单元 501 室", "3号楼", "2单元", "501"),
        ("3号楼501", "3号楼", "", "501"),
        ("5栋1203室漏水", "5号楼", "", "1203"),
        ("2单元的", "3号楼", "2单元", ""),
        ("我们这栋", "3号楼", "", ""),
        ("我们楼没电", "3号楼", "", ""),
        ("咱们单元灯坏", "3号楼", "", ""),
        ("本楼停水", "3号楼", "", ""),
    ],
)
def test_homes(text, building, unit, room):
    found = understand(text, JINXIU).place
    assert (found.building, found.unit, found.room) == (building, unit, room)


@pytest.mark.parametrize(
    "text",
    [
        "今天3号",
        "下午3点半",
        "2024-05-01",
        "我住得很高",
        "三个人",
        "一起走",
        "楼上的",
        "一层灰",
        "13812345678",
        "打5折",
        "100块",
        "一号通知",
        "1.5元",
    ],
)
def test_no_places(text):
    assert not understand(text, JINXIU).place


def test_a_gazetteer_gives_its_own_spelling():
    assert find_place("5号楼", YINHE).building == "5幢"
    assert find_place("a座电梯", YINHE).building == "A座"
    assert find_place("b栋", YINHE).building == "B座"
    assert find_place("北门", YINHE).landmark == "北门"


def test_floor_is_not_building():
    found = find_place("4楼的住户", JINXIU)
    assert (found.building, found.floor) == ("", "4楼")
    assert find_place("3号楼5楼", JINXIU).floor == "5楼"
    assert find_place("十二层", None).floor == "12楼"


def test_home_is_read_from_the_group_name_when_not_given():
    group = Gazetteer(group="锦绣苑6栋1单元业主群")
    assert find_place("我们单元", group) == Place(building="6号楼", unit="1单元", text="我们单元")


def test_home_unit():
    group = Gazetteer(home_building="8号楼", home_unit="3单元")
    assert find_place("我们单元灯坏了", group).unit == "3单元"


def test_roads_and_landmarks():
    found = find_place("锦绣路南门口路灯不亮", JINXIU)
    assert (found.road, found.landmark) == ("锦绣路", "南门")
    assert find_place("解放路口积水", None).road == "解放路"
    assert find_place("走在路上", None).road == ""
    assert find_place("小区东门的快递柜", None).landmark == "小区东门"


def test_without_a_gazetteer_a_relative_place_is_text_only():
    found = find_place("我们这栋停电了", None)
    assert not found and found.text == "我们这栋"


@pytest.mark.parametrize(
    ("name", "key"), [("3号楼", "3"), ("三栋", "3"), ("3#", "3"), ("A座", "A"), ("a1栋", "A1"), ("03幢", "3")]
)
def test_building_key(name, key):
    assert building_key(name) == key


@pytest.mark.parametrize(
    ("text", "road", "landmark"),
    [("锦绣路", "锦绣路", ""), ("锦绣路东门", "锦绣路", "东门"), ("东门里侧", "", "东门"), ("锦绣广场东侧花坛", "", "锦绣广场"), ("老槐树下", "", "老槐树下"), ("锦绣苑社区", "", ""), ("", "", "")],
)
def test_an_order_s_place_is_read_again(text, road, landmark):
    assert spot_of(text, ["锦绣路", "锦绣路北段"], ["东门", "锦绣广场", "广场"], "锦绣苑社区") == Place(road=road, landmark=landmark)
