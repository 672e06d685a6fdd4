"""Spreadsheets as people keep them: merged headings, sheets per building, dates of every make, numbers that Excel broke."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from linli.channels.archive import book, cells, headers
from linli.channels.archive.cells import Refused
from linli.channels.bulk.source import Unreadable
from linli.kernel import clock

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


def sheets(path, name=""):
    with book.opened(path, name) as found:
        return {s.name: list(s.rows) for s in found}


def saved(tmp_path, *rows, merge=(), title="诉求台账"):
    made = Workbook()
    page = made.active
    page.title = title
    for row in rows:
        page.append(row)
    for area in merge:
        page.merge_cells(area)
    made.save(tmp_path / "old.xlsx")
    return tmp_path / "old.xlsx"


def test_a_heading_of_two_rows_under_a_title_is_one_label_a_column(tmp_path):
    path = saved(
        tmp_path, ["锦绣苑社区2019年诉求台账"], ["序号", "诉求人", None, "诉求内容", "办理情况", None], [None, "姓名", "电话", None, "结果", "时间"],
        [1, "周阿姨", 19000000001, "电梯坏了", "修好了", datetime(2019, 5, 1)],
        merge=["A1:F1", "A2:A3", "B2:C2", "D2:D3", "E2:F2"],
    )  # fmt: skip
    header = headers.find(sheets(path)["诉求台账"])
    assert header.labels == ["序号", "诉求人/姓名", "诉求人/电话", "诉求内容", "办理情况/结果", "办理情况/时间"]
    assert [headers.guess(label) for label in header.labels] == ["", "name", "phone", "words", "result", "closed_at"]
    assert (header.lines, [line for line, _ in header.data]) == ((2, 3), [4])


def test_the_same_heading_in_a_csv_that_cannot_merge(tmp_path):
    path = tmp_path / "old.csv"
    path.write_text("台账,,,,,\n序号,诉求人,,诉求内容,办理情况,\n,姓名,电话,,结果,时间\n1,周阿姨,19000000001,电梯坏了,修好了,2019-05-01\n", encoding="gb18030")
    header = headers.find(sheets(path)["old"])
    assert header.labels[1:] == ["诉求人/姓名", "诉求人/电话", "诉求内容", "办理情况/结果", "办理情况/时间"]


def test_what_is_merged_over_rows_holds_in_each_of_them(tmp_path):
    path = saved(tmp_path, ["社区", "时间", "内容"], ["锦绣苑", "2019-5-1", "一"], [None, "2019-5-2", "二"], ["柳堤", "2019-5-3", "三"], merge=["A2:A3"])
    assert [row[0] for _, row in sheets(path)["诉求台账"][1:]] == ["锦绣苑", "锦绣苑", "柳堤"]


def test_a_sheet_that_says_it_is_smaller_than_it_is_is_read_whole(tmp_path):
    made = Workbook(write_only=True)
    page = made.create_sheet("一")
    for n in range(1200):
        page.append([n, "内容"])
    made.save(tmp_path / "old.xlsx")
    assert len(sheets(tmp_path / "old.xlsx")["一"]) == 1200


def test_the_old_format_with_two_buildings_merges_and_real_dates():
    found = sheets(DATA / "ledger-2016.xls")
    assert list(found) == ["3号楼", "5号楼"]
    header = headers.find(found["3号楼"])
    assert header.labels == ["序号", "诉求人/姓名", "诉求人/联系电话", "诉求内容", "诉求时间", "社区", "办理情况/结果", "办理情况/办结时间"]
    assert [(line, row[1], row[4], row[5]) for line, row in header.data] == [
        (4, "周䶮", datetime(2016, 5, 3, 9, 30), "锦绣苑社区"), (5, "陈师傅", datetime(2016, 5, 4, 9, 30), "锦绣苑社区"),
    ]  # fmt: skip


def test_what_is_no_spreadsheet_is_said_plainly(tmp_path):
    for content in (b"PK\x03\x04torn", b"\xd0\xcf\x11\xe0torn"):
        (tmp_path / "torn").write_bytes(content)
        with pytest.raises(Unreadable, match="另存为"):
            sheets(tmp_path / "torn")


@pytest.mark.parametrize("rows", [[["1", "2"], ["3", "4"]], [["只有一句话"]], [["张三", "李四", "王五"], ["赵六", "钱七", "孙八"]]])
def test_a_sheet_without_a_heading_has_none(rows):
    assert headers.find(list(enumerate(rows, 1))) is None


@pytest.mark.parametrize(
    "value,said",
    [
        (datetime(2019, 2, 28, 11, 25), "2019-02-28 11:25"), (43524.475694444, "2019-02-28 11:25"), ("43524.475694444", "2019-02-28 11:25"),
        ("2019/2/28 11:25", "2019-02-28 11:25"), ("2019.2.28", "2019-02-28 00:00"), ("２０１９年２月２８日　１１时２５分", "2019-02-28 11:25"),
        ("2019年2月28日 下午3点", "2019-02-28 15:00"), ("20190228", "2019-02-28 00:00"), (20190228, "2019-02-28 00:00"),
        ("20190228112500", "2019-02-28 11:25"), ("2019-02-28T11:25:00", "2019-02-28 11:25"),
    ],
)  # fmt: skip
def test_a_date_however_it_was_kept(value, said):
    assert f"{clock.local(cells.moment(value, NOW)):%Y-%m-%d %H:%M}" == said


@pytest.mark.parametrize("value", ["03/04/2019", "19.2.28", "2019-13-01", "上个月", "2031-01-01", "1905-01-01", 12, "2019-02-30", True])
def test_a_date_that_may_mean_something_else_is_refused(value):
    with pytest.raises(Refused):
        cells.moment(value, NOW)


@pytest.mark.parametrize("value", [4.4e17, "4.4E+17", "４.４Ｅ＋１７", 440106199001011234, "1.9E+10"])
def test_a_number_that_a_spreadsheet_broke_is_refused(value):
    with pytest.raises(Refused, match="重新导出"):
        cells.number(value, 32)


def test_numbers_keep_their_digits():
    assert cells.number(20190228001.0, 32) == "20190228001"
    assert cells.number("ＧＤ２０１９－００１", 32) == "GD2019-001"
    assert cells.phone(19000000001.0) == "19000000001"
    assert cells.phone("190-0000 0001") == "19000000001"


def test_a_broken_line_and_an_error_value_are_refused():
    for value in ("\ufffd", "#REF!", "#N/A"):
        with pytest.raises(Refused):
            cells.text(value)
