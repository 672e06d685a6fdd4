"""Files of the hotline, as its platforms export them: headings in their own words, numbers and times as spreadsheets make
them. A number that was rounded is refused, never guessed."""

from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from linli.channels.hotline import sheet
from linli.kernel import clock
from linli.kernel.errors import BadInput
from linli.language import without_people

HEAD = ["工单编号", "受理时间", "诉求内容", "诉求地址", "办理时限", "诉求类别", "诉求人", "联系电话"]
LIFT = ["RX20260302000123", "2026-03-02 08:12", "电梯坏了，老人下不去", "锦绣苑3号楼2单元", "2026-03-05 17:00", "物业管理", "周女士", "19000007788"]


def xlsx(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def csv(*rows, encoding="utf-8"):
    return "\r\n".join(",".join(str(c) for c in row) for row in rows).encode(encoding)


@pytest.fixture
def read(at):
    return lambda data, name="转办单.xlsx": sheet.read(name, data)


def test_a_row_of_xlsx_has_its_number_words_times_and_caller(read):
    rows, wrongs = read(xlsx(["市热线转办清单"], HEAD, LIFT))
    assert wrongs == []
    row = rows[0]
    assert (row.line, row.number, row.words, row.address, row.kind) == (3, LIFT[0], LIFT[2], LIFT[3], "物业管理")
    assert (row.name, row.phone) == ("周女士", "19000007788")
    assert row.moment("due_at") == datetime(2026, 3, 5, 17, tzinfo=clock.LOCAL)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_that_spreadsheets_write(read, encoding):
    rows, wrongs = read(csv(HEAD, LIFT, encoding=encoding), "a.csv")
    assert ([r.number for r in rows], wrongs) == ([LIFT[0]], [])


def test_a_deadline_that_names_a_day_ends_with_it_also_as_a_cell_of_dates(read):
    rows, _ = read(xlsx(HEAD, [*LIFT[:4], "2026年3月6日"], ["RX2", None, "路灯不亮", "", datetime(2026, 3, 7)]))
    assert [clock.local(r.moment("due_at")).strftime("%d %H:%M") for r in rows] == ["06 23:59", "07 23:59"]


@pytest.mark.parametrize("number", ["4.4E+17", "4.4e17", 4.4e17, 440123199001011234])
def test_a_number_that_the_spreadsheet_rounded_is_refused_never_guessed(read, number):
    rows, wrongs = read(xlsx(HEAD, [number, *LIFT[1:]], LIFT))
    assert [r.number for r in rows] == [LIFT[0]]
    assert [w.line for w in wrongs] == [2]
    assert "文本" in wrongs[0].why


def test_what_is_wrong_is_told_with_its_line_and_the_others_are_taken(read):
    lines = [
        ["", *LIFT[1:]], ["RX3", "上周三", *LIFT[2:]], ["RX4", "", "", ""], ["RX5", "", "字" * 2001, ""],
        ["RX6", "", "路灯不亮", "", "2062-01-01"], LIFT, LIFT,
    ]  # fmt: skip
    rows, wrongs = read(xlsx(HEAD, *lines))
    assert [r.number for r in rows] == [LIFT[0]]
    assert [w.line for w in wrongs] == [2, 3, 4, 5, 6, 8]
    assert "第 7 行一样" in wrongs[-1].why


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsx", xlsx(["姓名", "内容"], ["周", "电梯坏了"]), "工单编号"),
        ("a.xlsx", b"PK\x03\x04 torn", "打不开"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", ".xls"),
        ("a.csv", b"\x00\x01\x02", "不是表格"),
        ("a.csv", b"", "工单编号"),
        ("a.csv", csv(HEAD, *([f"RX{n}", "", "路灯不亮"] for n in range(100, 601))), "500"),
    ],
)
def test_a_file_that_is_none_is_refused_in_plain_words(read, name, data, said):
    with pytest.raises(BadInput, match=said):
        read(data, name)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("已给李阿姨修好，电话13800001234已回访", "已给居民修好，电话（电话略）已回访"),
        ("3号楼2单元502室漏水已修复", "某户漏水已修复"),
        ("周桂芳家的灯修好了", "诉求人家的灯修好了"),
        ("依据《物业管理条例》第三十五条，2026年3月3日10时到场", "依据《物业管理条例》第三十五条，2026年3月3日10时到场"),
        ("3号楼2单元电梯已恢复运行", "3号楼2单元电梯已恢复运行"),
        ("证件44012319900101123X不再保存", "证件（证件号略）不再保存"),
    ],
)
def test_words_for_the_platform_hold_no_resident(written, told):
    assert without_people(written, ["周桂芳", ""]) == told
