"""`linli import`: years of old orders, each once, in whatever spreadsheet; what is wrong is named by sheet and line; nothing acts."""

import json
import tracemalloc
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import Workbook

from linli.channels import actions as channels
from linli.channels.archive import book, mapping
from linli.channels.models import Batch, SheetMapping
from linli.demo.people import WORKERS
from linli.grid.atlas import PLACES
from linli.grid.models import Area
from linli.insight.actions import refresh_cells
from linli.insight.models import Cell
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.roles import Role
from linli.ledger import stamps
from linli.ledger.models import Event
from linli.notices.models import Notice
from linli.orders import selectors
from linli.orders.models import Clock, Order, OrderText, Score, Voice, Word
from linli.site import cli
from tests.orders.people import opened

OLD_XLS = Path(__file__).parent.parent / "channels" / "data" / "ledger-2016.xls"
HEAD = ["工单编号", "反映时间", "社区", "地址", "诉求类型", "诉求内容", "处理结果", "办结时间", "反映人", "联系电话"]
LIFT = ["GD20190501001", "2019-05-01 09:30", "锦绣苑社区", "锦绣苑3号楼2单元501室", "报修", "电梯坏了两天", "换了控制板", "2019-05-02", "周阿姨", "19000000001"]
LAMP = ["GD20190502001", 43587.5, "柳堤社区", "柳堤路", "市政", "路灯不亮，老人晚上摔了一跤", "", None, "", ""]


@pytest.fixture
def take(cast, at, tmp_path, capsys):
    """`take({"sheet": [rows]} or rows or bytes or a path, *options)` → code, counts, err."""

    def run(what, *options, name="old.xlsx"):
        path = tmp_path / name
        if isinstance(what, Path):
            path = what
        elif isinstance(what, bytes):
            path.write_bytes(what)
        else:
            made = Workbook()
            made.remove(made.active)
            for title, rows in (what if isinstance(what, dict) else {"台账": [HEAD, *what]}).items():
                page = made.create_sheet(title)
                for row in rows:
                    page.append(row)
            made.save(path)
        capsys.readouterr()
        code = cli.main(["import", "orders", str(path), "--json", *options])
        out, err = capsys.readouterr()
        return SimpleNamespace(code=code, counts=json.loads(out) if out.strip() else {}, err=err, path=path)

    return run


def test_old_orders_keep_their_times_and_numbers_and_nothing_acts(take, cast):
    done = take([LIFT, LAMP])
    assert (done.code, done.counts["new"], done.counts["wrong"]) == (0, 2, 0), done.err
    order = Order.objects.get(number="GD20190501001")
    assert f"{clock.local(order.opened_at):%Y-%m-%d %H:%M}" == "2019-05-01 09:30"
    assert (order.history, order.is_open, order.state, order.light, order.kind, order.thing) == (True, False, "closed", "none", "repair", "电梯")
    assert (order.building_id, order.unit, order.place_text) == (cast.building["jx3"].id, "2单元", "锦绣苑3号楼2单元")
    voice = order.voices.get()
    assert (voice.name, voice.phone) == ("周阿姨", "19000000001")
    assert voice.words == "电梯坏了两天\n地点：锦绣苑3号楼2单元501室"
    assert Word.objects.get(order_id=order.id).text == "换了控制板"
    assert not Clock.objects.exists() and not Notice.objects.exists() and not Score.objects.exists()
    lamp = Order.objects.get(number="GD20190502001")
    assert f"{clock.local(lamp.opened_at):%Y-%m-%d %H:%M}" == "2019-05-02 12:00"
    assert (lamp.community_id, lamp.place_text, lamp.thing) == (cast.community["liudi"].id, "柳堤路", "路灯")
    assert {e.verb for e in Event.objects.filter(subject_kind="order")} == {"orders.file_history"}


def test_they_feed_similar_orders_and_search_and_count_as_history_alone(take, cast):
    take([LIFT])
    while refresh_cells():
        pass
    counted = Cell.objects.get()
    assert (counted.history, counted.opened, counted.voices) == (1, 0, 0)
    [(old, words)] = selectors.similar_orders(SYSTEM, opened(cast))
    assert (old.number, words) == ("GD20190501001", "换了控制板")
    assert [o.number for o in selectors.search(cast.actor("zhao_hui"), "GD20190501001")] == ["GD20190501001"]


def test_the_same_file_twice_changes_nothing(take):
    first = take([LIFT, LAMP])
    before = (Order.objects.count(), Voice.objects.count(), Word.objects.count(), OrderText.objects.count())
    again = take(first.path)
    assert (again.code, again.counts["new"], again.counts["known"]) == (0, 0, 2)
    assert (Order.objects.count(), Voice.objects.count(), Word.objects.count(), OrderText.objects.count()) == before
    longer = take([LIFT, LAMP, ["GD3", *LIFT[1:]]])
    assert (longer.counts["new"], longer.counts["known"]) == (1, 2)


def test_rows_without_a_number_are_filed_once_too(take):
    rows = {"台账": [HEAD[1:], LIFT[1:], LIFT[1:], LAMP[1:]]}
    done = take(rows)
    assert (done.counts["new"], done.counts["known"]) == (2, 1)
    assert sorted(o.number for o in Order.objects.all()) == [f"{done.counts['batch']}-1-2", f"{done.counts['batch']}-1-4"]
    assert take(done.path).counts["new"] == 0


def test_one_command_takes_a_batch_back(take, capsys, deliver):
    kept = take([LIFT])
    batch = take([LAMP]).counts["batch"]
    while refresh_cells():
        pass
    assert cli.main(["import", "take-back", batch]) == 0
    assert "1 件" in capsys.readouterr().out
    assert [o.batch for o in Order.objects.all()] == [kept.counts["batch"]]
    assert Voice.objects.count() == Word.objects.count() == OrderText.objects.count() == 1
    while refresh_cells():
        pass
    assert [c.history for c in Cell.objects.all() if c.history] == [1]
    assert cli.main(["import", "take-back", batch]) == 0
    assert cli.main(["import", "take-back", "LS999"]) == 1
    assert take([LAMP]).counts["new"] == 1


def test_what_is_wrong_is_refused_by_sheet_and_line_and_the_rest_is_in(take):
    done = take({
        "3号楼": [HEAD, LIFT, [4.4e17, *LIFT[1:]], ["4.4E+17", *LIFT[1:]], ["GD4", "03/04/2019", *LIFT[2:]]],
        "5号楼": [HEAD, ["GD5", LIFT[1], "月亮社区", *LIFT[3:]], ["GD6", *LIFT[1:5], "", *LIFT[6:]], ["GD7", *LIFT[1:7], "2018-01-01", *LIFT[8:]],
                 ["GD8", *LIFT[1:9], "1.9E+10"], ["GD20190501001", *LIFT[1:5], "另一件事", *LIFT[6:]]],
        "说明": [["填表说明"], ["请按月填写"]],
    })  # fmt: skip
    assert done.code == 2 and (done.counts["new"], done.counts["wrong"]) == (1, 9), done.err
    said = [line for line in done.err.splitlines() if line.startswith("“")]
    assert [line.split("：")[0] for line in said] == [
        "“3号楼”第 3 行", "“3号楼”第 4 行", "“3号楼”第 5 行", "“5号楼”第 2 行", "“5号楼”第 3 行", "“5号楼”第 4 行", "“5号楼”第 5 行", "“5号楼”第 6 行", "“说明”",
    ]  # fmt: skip
    assert "4.4E+17" in said[0] and "4.4E+17" in said[1] and "编号" in said[7]
    assert "没有叫“月亮社区”的社区" in said[3]


def test_a_dry_run_files_nothing(take):
    done = take([LIFT, ["GD2", "昨天", *LIFT[2:]]], "--dry-run")
    assert (done.code, done.counts["good"], done.counts["wrong"], done.counts["batch"]) == (2, 1, 1, "")
    assert not Order.objects.exists() and not Batch.objects.exists() and not Event.objects.filter(verb__in=("channels.begin_batch", "channels.end_batch")).exists()


def test_the_old_format_with_a_sheet_per_building(take, cast):
    done = take(OLD_XLS)
    assert (done.code, done.counts["new"]) == (0, 3), done.err
    order = Order.objects.get(number__endswith="-1-4")
    assert (order.building_id, order.unit) == (cast.building["jx3"].id, "2单元")
    assert order.voices.get().name == "周䶮"
    assert f"{clock.local(order.closed_at):%Y-%m-%d %H:%M}" == "2016-05-04 15:00"


def test_gb18030_and_a_community_for_all_rows(take, cast):
    text = "受理编号,登记日期,楼号,诉求内容,姓名\n甲1,２０１９年５月１日,3号楼,水管漏水,周䶮\n甲2,2019.5.2,和平里,\ufffd,\n"
    done = take(text.replace("\ufffd", "垃圾没人收").encode("gb18030"), "--community", "锦绣苑", name="旧账.csv")
    assert (done.code, done.counts["new"]) == (0, 2), done.err
    assert {o.community_id for o in Order.objects.all()} == {cast.community["jinxiu"].id}
    assert Voice.objects.get(order__number="甲1").name == "周䶮"


def test_a_saved_mapping_and_one_in_a_file(take, tmp_path, cast):
    columns = mapping.parse({
        "columns": {"number": "号", "opened_at": "何时", "words": ["何事", "补充"], "community": "何地"}, "kinds": {"水电类": "repair"},
    })  # fmt: skip
    columns.columns["kind"] = ["哪类"]
    channels.save_mapping(by=cast.actor("zhao_hui"), name="老台账", columns=columns)
    # Not one of these columns would have been guessed.
    rows = {"一": [["号", "何时", "何地", "哪类", "何事", "补充"], ["A1", "2019-5-1", "锦绣苑", "水电类", "没水", "三天了"]]}
    assert take(rows, "--map", "老台账").counts["new"] == 1
    order = Order.objects.get()
    assert (order.kind, order.voices.get().words) == ("repair", "没水\n三天了")
    path = tmp_path / "map.json"
    path.write_text(json.dumps(SheetMapping.objects.get().data, ensure_ascii=False))
    assert take(rows, "--map", str(path)).counts["known"] == 1
    wrong = take(rows, "--map", "没有的")
    assert wrong.code == 1 and "老台账" in wrong.err


def test_without_the_columns_that_matter_nothing_is_filed(take):
    done = take({"一": [["姓名", "电话", "内容"], ["周阿姨", "19000000001", "漏水"]]})
    assert done.code == 1 and "反映时间" in done.err and "社区" in done.err
    assert not Order.objects.exists()


def test_two_communities_of_one_name_are_told_apart_by_the_street(take, cast):
    Area.objects.filter(id=cast.community["heping"].id).update(name="锦绣苑社区")
    stamps.renew([PLACES])
    assert "不止一个" in take([LIFT]).err
    assert take([LIFT], "--street", "锦绣街道").counts["new"] == 1
    assert Order.objects.get().community_id == cast.community["jinxiu"].id


def test_a_sensitive_matter_of_old_stays_confidential(take):
    take([[LIFT[0], *LIFT[1:4], "群租房", "五楼隔成八间出租", *LIFT[6:]]])
    order = Order.objects.get()
    assert order.confidential and order.thing == "" and "五楼" not in order.title


def test_a_long_file_is_read_in_flat_memory(tmp_path):
    made = Workbook(write_only=True)
    page = made.create_sheet("台账")
    page.append(HEAD)
    for n in range(3_000):
        page.append([f"GD{n}", *LIFT[1:]])
    made.save(tmp_path / "long.xlsx")

    def peak(most):
        tracemalloc.start()
        with book.opened(tmp_path / "long.xlsx") as sheets:
            for sheet in sheets:
                for n, _ in enumerate(sheet.rows):
                    if n > most:
                        break
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(3_000) < peak(700) * 1.5


def test_the_desk_s_batch_is_filed_by_the_worker_and_goes_on_after_a_break(cast, at, tmp_path, monkeypatch):
    made = Workbook()
    made.active.append(HEAD)
    for n in range(1200):
        made.active.append([f"GD{n}", *LIFT[1:]])
    made.active.append(["GDX", LIFT[1], "柳堤社区", *LIFT[3:]])
    made.save(tmp_path / "old.xlsx")
    head = cast.actor("zhao_hui")
    columns = mapping.guess([], [], [])
    columns.columns = {"number": ["工单编号"], "opened_at": ["反映时间"], "community": ["社区"], "words": ["诉求内容"]}
    data = (tmp_path / "old.xlsx").read_bytes()
    batch = channels.begin_batch(by=head, name="old.xlsx", columns=columns, total=1203, data=data)
    assert channels.file_batches() == 0, "nothing is filed before somebody has looked"
    channels.start_batch(by=head, batch=batch, columns=columns)
    assert channels.file_batches(seconds=0.0001) == 500
    channels._readers.clear()  # the worker died, another one goes on
    channels._BORN = "another"
    monkeypatch.setattr(clock, "wall", lambda: datetime.now(tz=clock.LOCAL) + timedelta(minutes=2))
    while channels.file_batches():
        pass
    batch.refresh_from_db()
    assert (batch.state, batch.lines, batch.new, batch.wrong) == (Batch.DONE, 1201, 1200, 1)
    assert batch.problems == [["Sheet", 1202, "“柳堤社区”不在您负责的范围里"]]
    assert batch.sha256 == ""
    with pytest.raises(NotFound):
        channels.take_back_batch(by=_other_head(cast), batch=batch)
    with pytest.raises(Forbidden):
        channels.take_back_batch(by=cast.actor("li_min"), batch=batch)
    assert channels.take_back_batch(by=head, batch=batch, at_most=500) == 500
    batch.refresh_from_db()
    assert batch.state == Batch.LEAVING and Order.objects.count() == 700
    channels.finish_leaving(seconds=60)
    batch.refresh_from_db()
    assert batch.state == Batch.GONE and not Order.objects.exists()


def _other_head(cast):
    key = next(w.key for w in WORKERS if any(p[0] == Role.COMMUNITY_HEAD and p[1] == "community:liudi" for p in w.posts))
    return cast.actor(key)
