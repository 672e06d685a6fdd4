"""`linli init`: one file makes a district; everything wrong is named at once; twice changes nothing."""

import csv
import datetime
import os

import pytest
from django.db import connections
from openpyxl import load_workbook

from linli.accounts.actions import use_one_time_link
from linli.accounts.models import Account, OneTimeLink
from linli.grid.duty import book as duty_book
from linli.grid.models import Absence, Area, Building, Home, Organisation, Post, RosterShift
from linli.grid.selectors import stamp_of_building
from linli.groups.models import Group, Member
from linli.kernel.roles import Role
from linli.knowledge.models import Entry
from linli.ledger.models import Event
from linli.site import cli
from linli.site.commands import init as command
from linli.standards.models import Kind
from tests.site.district import fill, small

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = (
    Area,
    Organisation,
    Building,
    Home,
    Account,
    Post,
    Group,
    Member,
    RosterShift,
    Absence,
    OneTimeLink,
    Event,
)


def linli(*words: object) -> int:
    return cli.main([str(w) for w in words])


def counts() -> dict[str, int]:
    return {t.__name__: t.objects.count() for t in TABLES}


@pytest.fixture(autouse=True)
def _quick(monkeypatch, settings, tmp_path):
    """Real keys; the front end is not collected again for each test."""
    monkeypatch.setenv("LINLI_SECRET_KEY", "k9Yw2" * 4 + "qLzR7" * 4 + "bN0v3" * 4)
    monkeypatch.setenv("LINLI_DATA_KEYS", "k1:" + "0123456789abcdef" * 4)
    monkeypatch.setattr(command, "collect", lambda: False)
    yield
    connections.close_all()


@pytest.fixture
def file(tmp_path):
    def make(rows):
        return fill(tmp_path / "district.xlsx", rows)

    return make


def test_without_a_file_it_makes_an_empty_district_and_an_administrator(capsys):
    assert linli("init") == 0
    out = capsys.readouterr().out
    assert Kind.objects.count() >= 13 and Entry.objects.exists()
    assert Area.objects.count() == 0
    post = Post.objects.get()
    assert (post.role, post.area) == (Role.ADMIN_SYSTEM, None)
    token = out.split("/welcome/")[1].split("/")[0]
    account = use_one_time_link(token=token, password="a good long password")
    assert account.login == "admin" and account.check_password("a good long password")
    before = counts()
    assert linli("init") == 0
    assert counts() == before and "/welcome/" not in capsys.readouterr().out


def test_the_template_holds_every_sheet_and_its_examples_are_ignored(tmp_path, capsys):
    path = tmp_path / "t.xlsx"
    assert linli("init", "--template", path) == 0
    assert path.stat().st_mode & 0o777 == 0o600
    book = load_workbook(path)
    assert book.sheetnames == [
        "说明", "区", "街道", "社区", "网格", "单位", "楼栋", "住户", "人员", "岗位", "群", "值班", "替班",
    ]  # fmt: skip
    assert all(book[n]["A2"].value == "示例" for n in book.sheetnames[1:])
    assert linli("init", "--template", path) == 1  # never written over
    capsys.readouterr()
    assert linli("init", "--from", path) == 1
    assert capsys.readouterr().err.count("：") and Area.objects.count() == 0


def test_one_file_makes_the_district(file, tmp_path, capsys):
    path = file(small())
    assert (
        linli("init", "--from", path, "--links", tmp_path / "links.csv", "--url", "https://linli.test") == 0
    )
    assert [a.code for a in Area.objects.filter(level="community").order_by("code")] == [
        "990200001001",
        "990200001201",
    ]
    grid = Area.objects.get(code="99020000100101")
    community = Area.objects.get(name="青桐里社区")
    assert (grid.parent, grid.street_id, grid.community_id) == (community, community.street_id, community.id)
    assert community.roads == ["青桐路", "学院巷"] and Area.objects.get(name="白杨村").village
    building = Building.objects.get(estate="青桐里")
    assert (building.units, building.property_org.name, building.grid_id) == (3, "青桐物业", grid.id)
    assert {(h.unit, h.room) for h in Home.objects.all()} == {("2单元", "502"), ("2单元", "601")}
    assert Account.objects.get(login="fang.lan").phone == "19000000201"
    assert Account.objects.get(login="yin.yue").phone == "19000000204"
    group = Group.objects.get(name="青桐里3号楼")
    assert group.building_id == building.id and Group.objects.get(name="青桐里微信群").channel == Group.RELAY
    members = {m.nickname: m.role for m in Member.objects.filter(group=group)}
    assert members == {"社工小方": "owner", "孔明亮": "member"}
    assert RosterShift.objects.count() == 9
    stamp, book = stamp_of_building(building), duty_book()
    who = {a.id: a.login for a in Account.objects.all()}
    monday = datetime.datetime(2026, 3, 2, 10, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
    assert who[book.holder(stamp, monday).account_id] == "fang.lan"
    assert who[book.holder(stamp, monday.replace(hour=23)).account_id] == "lu.shan"
    away = Absence.objects.get()
    assert (away.ends_at - away.starts_at).days == 7 and who[away.stand_in_id] == "kong.ming"

    links = tmp_path / "links.csv"
    assert links.stat().st_mode & 0o777 == 0o600
    rows = list(csv.reader(links.read_text(encoding="utf-8-sig").splitlines()))
    mine = next(r for r in rows if r and r[0] == "fang.lan")
    assert mine[3].startswith("https://linli.test/welcome/")
    token = mine[3].split("/welcome/")[1].strip("/")
    assert use_one_time_link(token=token, password="a good long password").login == "fang.lan"
    assert any(r and r[-1] == f"https://linli.test/join/{group.invite}/" for r in rows)
    assert sum(1 for r in rows if "/welcome/" in "".join(r)) == 5  # the administrator's link is on the screen
    assert "/welcome/" in capsys.readouterr().out


def test_the_same_file_changes_nothing_and_an_extended_one_adds(file, tmp_path, capsys):
    rows = small()
    assert linli("init", "--from", file(rows), "--links", tmp_path / "1.xlsx") == 0
    before = counts()
    assert linli("init", "--from", file(rows), "--links", tmp_path / "2.xlsx") == 0
    assert counts() == before
    rows["楼栋"].append({"社区": "青桐里社区", "网格": "第一网格", "小区": "青桐里", "楼栋": "5号楼"})
    rows["人员"].append({"登录名": "new.one", "姓名": "新来的"})
    rows["人员"][0]["手机"] = "19000000999"
    capsys.readouterr()
    assert linli("init", "--from", file(rows), "--links", tmp_path / "3.xlsx") == 0
    out = capsys.readouterr().out
    assert "楼栋 1" in out and "账号 1" in out and "第 3 行：fang.lan 已有账号" in out
    assert Building.objects.count() == before["Building"] + 1
    assert Account.objects.get(login="fang.lan").phone == "19000000201"
    page = load_workbook(tmp_path / "3.xlsx")["人员"]
    assert [r[0].value for r in page.iter_rows(min_row=2)] == ["new.one"]
    # The sheets that stay empty are no loss: only what is new has to be in the file.
    assert (
        linli(
            "init", "--from", file({"社区": [{"街道": "青桐街道", "编码": "990200001002", "名称": "新社区"}]})
        )
        == 0
    )
    assert Area.objects.filter(name="新社区").exists()


WRONG = [
    ("街道", {"编码": "12", "名称": "短码街道"}, "编码“12”不对"),
    ("街道", {"编码": "990200009000"}, "还没填“名称”"),
    ("社区", {"街道": "没有的街道", "编码": "990200001009", "名称": "某社区"}, "没有叫“没有的街道”的街道"),
    ("社区", {"街道": "青桐街道", "编码": "990200001001", "名称": "重码社区"}, "重复了"),
    ("网格", {"社区": "青桐里社区", "编码": 9.9e16, "名称": "第九网格"}, "数字太长"),
    ("单位", {"名称": "某公司", "类别": "公司"}, "没有“公司”这种单位"),
    ("楼栋", {"社区": "白杨村", "网格": "第二网格", "小区": "白杨", "楼栋": "2栋"}, "没有叫“第二网格”的网格"),
    (
        "楼栋",
        {"社区": "白杨村", "网格": "第一网格", "小区": "白杨", "楼栋": "3栋", "单元数": "很多"},
        "单元数“很多”不对",
    ),
    (
        "楼栋",
        {"社区": "白杨村", "网格": "第一网格", "小区": "白杨", "楼栋": "4栋", "物业": "没有的物业"},
        "没有“没有的物业”",
    ),
    ("住户", {"社区": "白杨村", "小区": "白杨", "楼栋": "99栋", "房号": "101"}, "没有楼栋“白杨99栋”"),
    ("人员", {"登录名": "张三", "姓名": "张三"}, "登录名“张三”不对"),
    ("人员", {"登录名": "fang.lan", "姓名": "又一个"}, "和第 3 行重复了"),
    ("人员", {"登录名": "bad.phone", "姓名": "甲", "手机": "12"}, "电话“12”不对"),
    ("岗位", {"登录名": "nobody", "岗位": "社区书记", "社区": "白杨村"}, "没有登录名“nobody”"),
    ("岗位", {"登录名": "dai.wei", "岗位": "皇帝", "社区": "白杨村"}, "没有“皇帝”这个岗位"),
    ("岗位", {"登录名": "dai.wei", "岗位": "社区书记", "街道": "青桐街道"}, "社区书记要设在社区"),
    ("岗位", {"登录名": "dai.wei", "岗位": "社区书记", "社区": "白杨村", "开始": "明天"}, "日期“明天”不对"),
    ("群", {"社区": "白杨村", "群名": "白杨村民群"}, "和第 5 行重复了"),
    ("群", {"社区": "白杨村", "群名": "某群", "方式": "QQ群"}, "方式“QQ群”不对"),
    ("群", {"社区": "白杨村", "群名": "另一群", "群主": "ghost"}, "没有登录名“ghost”"),
    (
        "值班",
        {"街道": "青桐街道", "星期": "八", "开始": "08:00", "结束": "09:00", "登录名": "lu.shan"},
        "星期“八”不对",
    ),
    (
        "值班",
        {"街道": "青桐街道", "开始": "08:00", "结束": "09:00", "登录名": "lu.shan"},
        "填一个，也只填一个",
    ),
    (
        "值班",
        {"街道": "青桐街道", "星期": "一", "开始": "25:00", "结束": "09:00", "登录名": "lu.shan"},
        "时间“25:00”不对",
    ),
    ("替班", {"登录名": "fang.lan", "开始": "2099-02-12", "结束": "2099-02-20"}, "已经有请假记录"),
    ("替班", {"登录名": "lu.shan", "开始": "2099-02-12", "结束": "2099-02-10"}, "结束时间要在开始之后"),
]


def test_every_wrong_row_is_named_at_once_and_nothing_is_written(file, tmp_path, capsys):
    rows, expected = small(), []
    for sheet, line, reason in WRONG:
        rows[sheet].append(line)
        expected.append((f"“{sheet}”表第 {len(rows[sheet]) + 2} 行：", reason))
    path = file(rows)
    before = counts()
    assert linli("init", "--from", path, "--links", tmp_path / "l.csv") == 1
    assert counts() == before
    assert not (tmp_path / "l.csv").exists()
    told = capsys.readouterr().err.splitlines()
    assert told[0] == f"✗ 表里有 {len(WRONG)} 处要改，什么都没有写入：", "\n".join(told)
    for where, reason in expected:
        assert [t for t in told if where in t and reason in t], f"{where}{reason}\n" + "\n".join(told)


def test_what_stands_on_a_wrong_row_is_not_told_again(file, capsys):
    rows = small()
    rows["街道"][0]["编码"] = "x"
    rows["人员"][0]["手机"] = "1"
    assert linli("init", "--from", file(rows)) == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 3, "\n".join(told)


def test_merged_cells_and_lacking_headings_are_told_plainly(file, capsys):
    path = file(small())
    book = load_workbook(path)
    book["网格"].merge_cells("B3:B4")
    book["人员"]["C1"].value = "名字"
    book["楼栋"].delete_cols(2)
    book.create_sheet("楼洞")["A1"].value = "x"
    book.save(path)
    assert linli("init", "--from", path) == 1
    told = capsys.readouterr().err
    assert "单元格 B3:B4 是合并的" in told
    assert "“人员”表第 1 行：不认识的列“名字”" in told and "缺少表头：姓名" in told
    assert "“楼栋”表第 1 行：第一行缺少表头：社区" in told
    assert "“楼洞”表：不认识这个工作表" in told
    assert "没有登录名" not in told and "没有楼栋" not in told
    assert Area.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"not a spreadsheet", b"PK\x03\x04 broken"])
def test_what_is_no_spreadsheet_is_refused(tmp_path, content, capsys):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert linli("init", "--from", path) == 1
    assert "另存为 .xlsx" in capsys.readouterr().err
    assert linli("init", "--from", tmp_path / "gone.xlsx") == 1


def test_cells_that_are_dates_and_times(file):
    rows = small()
    rows["值班"][0] |= {"开始": datetime.time(17, 30), "结束": datetime.time(9, 0)}
    rows["替班"][0] |= {"开始": datetime.date(2099, 2, 10), "结束": datetime.datetime(2099, 2, 16, 12, 0)}
    rows["岗位"][4]["开始"] = datetime.datetime(2099, 1, 1)
    assert linli("init", "--from", file(rows)) == 0
    assert RosterShift.objects.filter(starts=datetime.time(17, 30)).count() == 7
    assert Absence.objects.get().ends_at.hour == 4
    assert Post.objects.get(starts=datetime.date(2099, 1, 1))


def test_keys_are_made_and_bad_ones_refused(tmp_path, monkeypatch, capsys):
    path = tmp_path / "linli.env"
    assert linli("init", "--keys", path) == 0
    assert path.stat().st_mode & 0o777 == 0o600
    made = dict(line.split("=", 1) for line in path.read_text().splitlines())
    assert linli("init", "--keys", path) == 1
    for name, bad in (("LINLI_SECRET_KEY", "short"), ("LINLI_DATA_KEYS", "k1:00"), ("LINLI_DATA_KEYS", "")):
        with monkeypatch.context() as here:
            here.setenv(name, bad)
            assert linli("init") == 78
    assert Post.objects.count() == 0
    for name, good in made.items():
        monkeypatch.setenv(name, good)
    capsys.readouterr()
    assert linli("init") == 0
    text = capsys.readouterr()
    assert not any(value in text.out + text.err for value in made.values())


def test_a_new_link_for_somebody(file, capsys):
    assert linli("init", "--from", file(small())) == 0
    capsys.readouterr()
    assert linli("init", "--link", "kong.ming", "--url", "https://linli.test") == 0
    token = capsys.readouterr().out.split("/welcome/")[1].strip().strip("/")
    assert use_one_time_link(token=token, password="a good long password").login == "kong.ming"
    assert linli("init", "--link", "nobody") == 1
    assert linli("init", "--url", "javascript:alert(1)") == 1


def test_links_are_never_written_over(file, tmp_path, capsys):
    (tmp_path / "l.csv").write_text("mine")
    assert linli("init", "--from", file(small()), "--links", tmp_path / "l.csv") == 1
    assert (tmp_path / "l.csv").read_text() == "mine" and Area.objects.count() == 0
    assert linli("init", "--links", tmp_path / "l.txt") == 1
    assert os.listdir(tmp_path)
