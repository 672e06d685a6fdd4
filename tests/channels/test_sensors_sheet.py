"""A list of devices as a spreadsheet: all or none, each wrong line named, the same list again changes nothing."""

import io

import pytest
from openpyxl import Workbook

from linli.channels.models import Device
from linli.channels.sensors import actions, sheet
from linli.channels.sensors.actions import NewDevice
from linli.grid.selectors import stamp_of_building
from linli.kernel.errors import BadInput, Forbidden
from linli.ledger.models import Event
from tests.orders.people import race

pytestmark = pytest.mark.django_db
HEAD = ["设备编号", "种类", "名称", "社区", "楼栋", "单元或位置"]
GOOD = [
    ["XF-0301", "消防烟感", "2单元楼道烟感", "锦绣苑社区", "锦绣苑3号楼", "2单元"],
    ["JS-1", "积水", "地下车库水位", "锦绣苑", "", "地下车库入口"],
]


def xlsx(*rows, head=HEAD, above=()) -> bytes:
    book = Workbook()
    for row in (*above, head, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(cast, data: bytes, name: str = "设备.xlsx"):
    return sheet.read(name, data, [cast.community["jinxiu"], cast.community["heping"]])


def test_devices_stand_where_the_list_says(cast, at):
    rows, wrongs = read(cast, xlsx(*GOOD, above=[["2026年设备台账"], []]))
    assert not wrongs and [n for n, _ in rows] == [4, 5]
    made, refused = actions.add_devices(by=cast.actor("zhao_hui"), rows=[r for _, r in rows])
    assert not refused and [(d.code, d.kind, d.place_text, d.unit) for d in made] == [
        ("XF-0301", "fire", "锦绣苑3号楼2单元", "2单元"), ("JS-1", "water", "地下车库入口", ""),
    ]  # fmt: skip
    assert made[0].building_id == cast.building["jx3"].id and made[0].grid_id == cast.grid["jinxiu1"].id
    assert Event.objects.filter(verb="channels.add_devices").count() == 2
    again = actions.add_devices(by=cast.actor("zhao_hui"), rows=[r for _, r in rows])
    assert again == ([], []) and Device.objects.count() == 2


def test_a_list_of_another_system_as_gb18030(cast, at):
    text = "编号,设备类型,设备名称,所属社区,安装位置\r\n1001,燃气,3号楼表房,锦绣苑社区,表房\r\n"
    rows, wrongs = read(cast, text.encode("gb18030"), "设备.csv")
    assert not wrongs and (rows[0][1].code, rows[0][1].kind, rows[0][1].stamp.text) == ("1001", "gas", "表房")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["XF-1", "摄像头", "门口", "锦绣苑社区", "", "门口"], "没有“摄像头”这种设备"), (["XF-1", "", "门口", "锦绣苑社区", "", "门口"], "请写是哪一种设备"),
        (["XF-1", "电梯", "门口", "没有的社区", "", "门口"], "没有“没有的社区”这个社区"), (["XF-1", "电梯", "门口", "", "", "门口"], "请写是哪个社区"),
        (["XF-1", "电梯", "门口", "锦绣苑社区", "88号楼", ""], "没有“88号楼”"), (["XF-1", "电梯", "门口", "锦绣苑社区", "", ""], "请写楼栋，或者写清装在哪儿"),
        (["XF-1", "电梯", "#REF!", "锦绣苑社区", "", "门口"], "出错的公式"),
    ],
)
def test_a_wrong_line_is_named(cast, at, row, why):
    rows, wrongs = read(cast, xlsx(GOOD[0], row))
    assert [(w.line, why in w.why) for w in wrongs] == [(3, True)] and len(rows) == 1


@pytest.mark.parametrize(("data", "said"), [(b"\x00\x01nothing", "没有找到表头"), (xlsx(head=["甲", "乙", "丙"]), "没有找到表头"), (b"PK\x03\x04broken", "读不下去"), (b"x" * (sheet.MOST_BYTES + 1), "文件太大了")])
def test_what_is_no_list_is_refused_as_a_whole(cast, at, data, said):
    with pytest.raises(BadInput) as refused:
        read(cast, data)
    assert said in refused.value.message


def test_one_wrong_device_and_none_is_registered(cast, at):
    here, there = stamp_of_building(cast.building["jx3"]), stamp_of_building(cast.building["hp1"])
    head = cast.actor("zhao_hui")
    actions.add_device(by=head, code="A-1", kind="fire", name="烟感", stamp=here)
    rows = [NewDevice("B-1", "fire", "烟感", here), NewDevice("A-1", "gas", "烟感", here), NewDevice("B-1", "fire", "烟感", here),
            NewDevice("编号", "fire", "烟感", here), NewDevice("C-1", "fire", "", here), NewDevice("D-1", "fire", "烟感", there)]  # fmt: skip
    made, wrongs = actions.add_devices(by=head, rows=rows)
    assert made == [] and [n for n, _ in wrongs] == [1, 2, 3, 4, 5] and Device.objects.count() == 1
    assert "别的样子" in wrongs[0][1] and "两行" in wrongs[1][1] and "不是您负责的地方" in wrongs[4][1]
    with pytest.raises(Forbidden):
        actions.add_devices(by=cast.actor("li_min"), rows=rows)


@pytest.mark.django_db(transaction=True)
def test_two_lists_at_one_moment_register_each_device_once(cast, at):
    rows = [NewDevice(f"A-{n}", "fire", "烟感", stamp_of_building(cast.building["jx3"])) for n in range(20)]
    found = race(*[lambda: actions.add_devices(by=cast.actor("zhao_hui"), rows=rows)] * 4)
    assert Device.objects.count() == 20
    assert all(isinstance(f, BadInput) or f[1] == [] for f in found) and sum(len(f[0]) for f in found if isinstance(f, tuple)) == 20


def test_five_thousand_devices_cost_few_statements(cast, at, django_assert_max_num_queries):
    stamp = stamp_of_building(cast.building["jx3"])
    rows = [NewDevice(f"A-{n}", "fire", "烟感", stamp) for n in range(5000)]
    with django_assert_max_num_queries(10):
        made, _ = actions.add_devices(by=cast.actor("zhao_hui"), rows=rows)
    assert len(made) == 5000
