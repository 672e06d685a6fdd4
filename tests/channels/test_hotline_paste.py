"""Slips of the hotline as people copy them: label by label, several at once, or a table. What no field was made of stays to be
seen; nothing is guessed."""

from datetime import datetime

import pytest

from linli.channels.hotline import paste
from linli.kernel import clock
from linli.kernel.errors import BadInput
from tests.channels.test_hotline import HEAD, LIFT

SLIP = """市民服务热线转办单
工单编号：RX20260302000123    受理时间：2026-03-02 08:12
* 办理时限: 2026-03-05 17:00
来电人：周女士  联系电话：19000007788
事发地址：锦绣苑3号楼2单元
诉求内容：电梯坏了，
老人下不去。
诉求类别：物业管理
紧急程度：一般
承办单位：锦绣社区
回访要求：办结后回访"""
SECOND = "工单编号\nRX-2\n诉求内容\n柳堤路的路灯不亮\n办理期限\n2026年3月4日"


@pytest.fixture
def read(at):
    return paste.read


def test_a_slip_is_read_by_its_labels_with_number_times_codes_and_caller(read):
    (row,), wrongs = read(SLIP)
    assert wrongs == []
    assert (row.number, row.words, row.address) == (LIFT[0], "电梯坏了，\n老人下不去。", "锦绣苑3号楼2单元")
    assert (row.name, row.phone, row.kind, row.grade, row.unit) == ("周女士", "19000007788", "物业管理", "一般", "锦绣社区")
    assert row.moment("sent_at") == datetime(2026, 3, 2, 8, 12, tzinfo=clock.LOCAL)
    assert row.moment("due_at") == datetime(2026, 3, 5, 17, tzinfo=clock.LOCAL)


def test_what_no_field_was_made_of_is_kept_to_be_seen(read):
    (row,), _ = read(SLIP)
    assert row.rest == ["市民服务热线转办单", "回访要求：办结后回访"]
    (row,), _ = read("工单编号：RX1\n联系电话：转接中\n诉求内容：路灯不亮\n内容：另一句")
    assert (row.phone, row.rest) == ("", ["内容：另一句", "联系电话：转接中"])


@pytest.mark.parametrize("between", ["\n\n", "\n--------\n", "\n"])
def test_several_slips_one_after_the_other_are_told_apart(read, between):
    rows, wrongs = read(f"{SLIP}{between}{SECOND}")
    assert ([r.number for r in rows], wrongs) == ([LIFT[0], "RX-2"], [])
    assert rows[1].words == "柳堤路的路灯不亮"
    assert clock.local(rows[1].moment("due_at")).strftime("%d %H:%M") == "04 23:59"


def test_slips_that_begin_with_another_label_than_the_number_are_told_apart(read):
    rows, _ = read("受理时间：2026-03-01 09:00\n工单编号：RX1\n诉求内容：路灯不亮\n受理时间：2026-03-02 09:00\n工单编号：RX2\n诉求内容：井盖坏了")
    assert [(r.number, r.words, r.moment("sent_at").day) for r in rows] == [("RX1", "路灯不亮", 1), ("RX2", "井盖坏了", 2)]


def test_a_table_is_read_by_its_heading_also_with_lines_in_a_cell(read):
    lines = ["\t".join(HEAD), "\t".join([LIFT[0], LIFT[1], '"电梯坏了\n老人下不去"', *LIFT[3:]]), "\t".join(["RX-3", "", "井盖坏了"])]
    rows, wrongs = read("\r\n".join(lines))
    assert wrongs == []
    assert [(r.number, r.words) for r in rows] == [(LIFT[0], "电梯坏了\n老人下不去"), ("RX-3", "井盖坏了")]
    assert rows[0].phone == LIFT[7]


def test_label_and_value_in_cells_of_a_form_are_read_as_pairs(read):
    (row,), _ = read("工单编号\tRX-4\t受理时间\t2026-03-02 08:12\n诉求内容\t路灯不亮\t\t")
    assert (row.number, row.words, clock.local(row.moment("sent_at")).hour) == ("RX-4", "路灯不亮", 8)


def test_a_label_inside_the_words_is_no_field(read):
    (row,), _ = read("工单编号：RX5\n诉求内容：市民说电话：打不通，地址：在河边\n事发地址：柳堤路")
    assert (row.words, row.address, row.phone) == ("市民说电话：打不通，地址：在河边", "柳堤路", "")


def test_what_is_wrong_is_told_with_its_line_and_the_others_are_taken(read):
    rows, wrongs = read("工单编号：4.4E+17\n诉求内容：路灯不亮\n工单编号：RX6\n诉求内容：井盖坏了\n工单编号：RX7\n来电人：甲\n工单编号：RX6\n诉求内容：又一件")
    assert [r.number for r in rows] == ["RX6"]
    assert [w.line for w in wrongs] == [1, 5, 7]
    assert "没有诉求内容" in wrongs[1].why


@pytest.mark.parametrize(("text", "said"), [("  \n", "还没有内容"), ("电梯坏了，请派人来修", "没有认出工单"), ("姓名\t内容\n甲\t路灯", "没有认出工单"), ("工" * 200_001, "分几次")])
def test_a_text_that_holds_no_slip_is_refused_in_plain_words(read, text, said):
    with pytest.raises(BadInput, match=said):
        read(text)


def test_the_blank_form_filled_in_is_a_slip(read):
    values = iter(["RX8", "2026-03-02 08:12", "2026-03-05", "周女士", "19000007788", "柳堤路", "路灯不亮"])
    filled = "\n".join(f"{line}{next(values)}" for line in paste.BLANK.strip().split("\n"))
    (row,), wrongs = read(filled)
    assert (row.number, row.name, row.words, row.rest, wrongs) == ("RX8", "周女士", "路灯不亮", [], [])
