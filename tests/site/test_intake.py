"""`linli intake`: files of messages, once each, in whatever form they come; what is wrong is named by its line."""

import csv
import gzip
import io
import json
import os
import tracemalloc
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from linli.channels.bulk import rows, source, store
from linli.groups.models import Group, Member, Message
from linli.kernel import clock
from linli.ledger import delivery
from linli.ledger.models import Event
from linli.notices.models import Notice
from linli.orders.models import Clock, Order, Voice
from linli.site import cli

JX3 = "锦绣苑3号楼"
TALK = """group,sender,time,text
锦绣苑3号楼,周阿姨,2026-03-02 09:40:00,3号楼2单元电梯又坏了，老人下不去楼
锦绣苑3号楼,陈师傅,2026-03-02 09:41:00,好的
锦绣苑3号楼,陈师傅,2026-03-02 09:41:00,好的
锦绣苑3号楼,小刘,2026-03-02 09:42:00,老年证怎么办？
锦绣苑3号楼,陈师傅,2026-03-02 09:43:00,🙂
"""
DATA = Path(os.environ.get("LINLI_EVAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))


@pytest.fixture
def take(cast, at, tmp_path, capsys, monkeypatch):
    """`take(text or bytes, *options)` → code, counts, err."""

    def run(what, *options, name="talk.csv"):
        if name == "-":
            data = what.encode() if isinstance(what, str) else what
            monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
            path = "-"
        else:
            path = tmp_path / name
            path.write_bytes(what.encode() if isinstance(what, str) else what)
        capsys.readouterr()
        code = cli.main(["intake", str(path), "--json", *options])
        out, err = capsys.readouterr()
        return SimpleNamespace(code=code, counts=json.loads(out) if out.strip() else {}, err=err)

    return run


def stored():
    return list(Message.objects.filter(direction=Message.IN).order_by("id"))


def test_rows_become_orders_and_answers_by_the_way_of_all_words(take, cast):
    done = take(TALK)
    assert (done.code, done.counts["rows"], done.counts["new"], done.counts["waiting"]) == (0, 5, 5, 0)
    assert [m.outcome for m in stored()][:3] == ["order", "small_talk", "small_talk"]
    order = Order.objects.get(thing="电梯")
    assert order.opened_at == clock.now()
    assert order.responsible_id == cast.account["li_min"].id
    assert Message.objects.filter(direction=Message.OUT, reply_to=stored()[0].id).exists()
    assert stored()[0].sent_at == clock.Frozen(clock.now() - timedelta(minutes=20)).at
    assert done.counts["open_deliveries"] == 0
    assert Notice.objects.filter(account_id=cast.account["li_min"].id).exists()


def test_the_same_file_again_or_overlapping_adds_only_the_new(take):
    take(TALK)
    again = take(TALK)
    assert (again.code, again.counts["new"], again.counts["known"]) == (0, 0, 5)
    lines = TALK.splitlines()
    more = "\n".join([lines[0], *lines[3:], f"{JX3},陈师傅,2026-03-02 09:50:00,好的"])
    assert take(more).counts["new"] == 1
    assert Order.objects.filter(thing="电梯").count() == 1
    assert len(stored()) == 6


def test_two_equal_lines_in_one_file_stay_two(take):
    text = f"group,sender,time,text\n{JX3},周阿姨,,好的\n{JX3},周阿姨,,好的\n{JX3},陈师傅,,好的\n"
    assert take(text).counts["new"] == 3
    assert take(text).counts["new"] == 0
    assert take(text + f"{JX3},周阿姨,,好的\n").counts["new"] == 1


def test_json_lines_map_key_and_standard_input(take, cast):
    records = [
        {"id": 7, "user": "周阿姨", "when": "2026-03-02T01:40:00Z", "title": "电梯", "body": "3号楼2单元电梯坏了"},
        {"id": 8, "user": None, "when": 1772415600, "title": "好的", "body": None},
    ]
    text = "\n".join(json.dumps(r, ensure_ascii=False) for r in records)
    options = ["--map", "sender=user,time=when,text=title+body,key=id", "--group", JX3]
    done = take(text, *options, name="-")
    assert (done.code, done.counts["new"]) == (0, 2), done.err
    first, second = stored()
    assert first.text == "电梯\n3号楼2单元电梯坏了"
    assert second.member_id is None and second.text == "好的"
    assert clock.local(first.sent_at).hour == 9
    records[0]["body"] = "改过的正文"
    again = take("\n".join(json.dumps(r, ensure_ascii=False) for r in records), *options, name="-")
    assert again.counts["new"] == 0


def test_old_rows_need_history_and_nothing_is_stored_without(take):
    old = TALK.replace("2026-03-02 09:40:00", "2026-02-20 09:40:00")
    done = take(old)
    assert done.code == 1
    assert "line 2" in done.err and "--history" in done.err and "Nothing was stored" in done.err
    assert not stored() and not Member.objects.filter(sender_ref__startswith="relay:").exists()


def test_history_is_counted_and_filed_and_nothing_acts(take, cast):
    old = TALK.replace("2026-03-02", "2025-03-02")
    before = Notice.objects.count()
    done = take(old, "--history")
    assert done.code == 0, done.err
    order = Order.objects.get()
    assert (order.history, order.is_open, order.state, order.batch) == (True, False, "closed", done.counts["batch"])
    assert clock.local_day(order.opened_at).isoformat() == "2025-03-02"
    assert not Clock.objects.exists()
    assert not Message.objects.filter(direction=Message.OUT).exists()
    assert Notice.objects.count() == before
    assert delivery.open_count() == 0
    assert done.counts["orders"] == 1 and done.counts["kinds"]
    assert {m.outcome for m in stored()} <= {"history", "history_asked", "small_talk"}
    assert take(old, "--history").counts["new"] == 0


def test_history_and_live_do_not_join(take):
    take(TALK.replace("2026-03-02", "2025-03-02"), "--history")
    take(TALK)
    assert Order.objects.filter(thing="电梯").count() == 2
    assert Voice.objects.filter(order__history=False, order__thing="电梯").count() == 1


def test_an_unknown_group_is_named_with_its_like(take, cast):
    done = take(TALK.replace("锦绣苑3号楼,陈", "锦绣苑三号楼,陈", 1))
    assert done.code == 1
    assert "锦绣苑三号楼" in done.err and "line 3" in done.err and "锦绣苑3号楼" in done.err
    assert not stored()
    Group.objects.filter(id=cast.group["ld7"].id).update(name=JX3)
    several = take(TALK)
    assert several.code == 1 and str(cast.group["ld7"].id) in several.err
    by_id = take(TALK.replace(f"\n{JX3},", f"\n{cast.group['jx3'].id},"))
    assert by_id.code == 0


def test_bad_lines_are_named_and_the_others_are_in(take):
    lines = [
        f"{JX3},周阿姨,2026-03-02 09:40:00,好的",
        f"{JX3},周阿姨,gestern,好的",
        f"{JX3},周阿姨,2026-03-02 09:40:00,",
        f"{JX3},周阿姨,2027-03-02 09:40:00,好的",
        f"{JX3},周阿姨,2026-03-02 09:40:00,好的,多,了",
        f"{JX3},周阿姨,2026-03-02 09:41:00,{'长' * 20_001}",
        f"{JX3},周阿姨,2026-03-02 09:41:00,{'长' * 700_000}",
        "",
        ',周阿姨,2026-03-02 09:41:00,"没有\n群"',
        f"{JX3},周阿姨,2026-03-02 09:42:00,好\x00的",
        f"{JX3},周阿姨,1900-03-02 09:42:00,好的",
    ]
    done = take("group,sender,time,text\n" + "\n".join(lines) + "\n")
    assert done.code == 2
    assert done.counts["new"] == 2
    for number in (3, 4, 5, 6, 7, 8, 10, 13):
        assert f"line {number}: " in done.err, (number, done.err)
    assert done.counts["wrong"] == 8
    assert [m.text for m in stored()] == ["好的", "好的"]


def test_bad_json_lines_are_named(take):
    good = json.dumps({"group": JX3, "sender": "周阿姨", "text": "好\ud800的\u0000"})
    text = "\n".join([good, "{", "[1]", "null", '{"group": "x"', "[" * 5000, json.dumps({"group": JX3}), good])
    done = take(text, name="talk.jsonl")
    assert (done.code, done.counts["new"], done.counts["wrong"]) == (2, 2, 6), done.err
    assert all("\x00" not in m.text for m in stored())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("packed", [False, True])
def test_encodings_and_packing(take, encoding, packed):
    data = TALK.encode(encoding)
    done = take(gzip.compress(data) if packed else data, name="talk.csv.gz" if packed else "talk.csv")
    assert (done.code, done.counts["new"], done.counts["encoding"]) == (0, 5, encoding), done.err
    assert encoding == "utf-8" or encoding.upper() in done.err
    assert stored()[1].text == "好的"


def test_a_line_in_another_encoding_is_named(take):
    data = TALK.encode() + f"{JX3},陈师傅,2026-03-02 09:44:00,".encode() + b"\xff\xfe\xb5\xe7\n"
    done = take(data)
    assert (done.code, done.counts["new"]) == (2, 5)
    assert "line 7: not UTF-8" in done.err


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"), (b"\n\n \n", "empty"), (b"[{}]", "one JSON object per line"), ("\ufeffa".encode("utf-16"), "UTF-16"),
        (gzip.compress(TALK.encode(), mtime=0)[:60], "torn"), (b"a,b\n1,2\n", "no column"), (b"group,sender\nx,y\n", "no column text"),
        (b"sender,text\nx,y\n", "--group"),
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_said_and_nothing_is_stored(take, data, said):
    done = take(data)
    assert done.code == 1
    assert said in done.err
    assert not stored()


def test_a_wrong_map_and_a_missing_file_are_said(take, capsys):
    assert "--map" in take(TALK, "--map", "text").err
    assert "no column nix" in take(TALK, "--map", "text=nix").err
    assert cli.main(["intake", "/nowhere/at/all.csv"]) == 1
    assert "No such file" in capsys.readouterr().err


def test_out_of_order_rows_and_broken_quotes(take):
    lines = TALK.splitlines()
    shuffled = "\n".join([lines[0], *reversed(lines[1:])])
    assert take(shuffled).counts["new"] == 5
    done = take(f'group,sender,time,text\n{JX3},周阿姨,,"没有结束的引号\n{JX3},陈师傅,,后面一行\n', name="b.csv")
    assert done.code == 0
    assert stored()[-1].text.endswith("后面一行")


def test_no_wait_only_stores(take):
    done = take(TALK, "--no-wait")
    assert done.counts["waiting"] == 5
    assert {m.state for m in stored()} == {Message.NEW}
    assert not Order.objects.exists()


def test_members_are_made_once_and_named_by_the_nickname(take, cast):
    take(TALK)
    take(TALK.replace("09:4", "09:3"))
    rows_ = Member.objects.filter(group=cast.group["jx3"], sender_ref__startswith="relay:")
    assert sorted(m.nickname for m in rows_) == ["周阿姨", "小刘", "陈师傅"]
    assert Event.objects.filter(verb="groups.add_member", subject_id=cast.group["jx3"].id).count() >= 3


def test_reading_takes_no_more_memory_for_a_longer_file(tmp_path, at):
    def peak(count):
        path = tmp_path / f"{count}.csv.gz"
        with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
            write = csv.writer(file)
            write.writerow(["group", "sender", "time", "text"])
            for n in range(count):
                write.writerow([JX3, f"邻居{n % 50}", "2026-03-02 09:40:00", f"第{n}句话，大家好"])
        tracemalloc.start()
        read = source.Source(path)
        assert sum(isinstance(r, rows.Row) for r in rows.read(read, rows.Columns())) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(20_000) < peak(2_000) + 300_000


@pytest.mark.parametrize(
    ("written", "then"),
    [
        ("2019-02-28 11:25:05", "2019-02-28T11:25:05+08:00"), ("2019/2/8 1:05", "2019-02-08T01:05:00+08:00"),
        ("2019年2月8日 1:05", "2019-02-08T01:05:00+08:00"), ("2019-02-28", "2019-02-28T00:00:00+08:00"),
        ("2019-02-28T03:25:05Z", "2019-02-28T11:25:05+08:00"), ("1551324305", "2019-02-28T11:25:05+08:00"),
        ("1551324305000", "2019-02-28T11:25:05+08:00"), ("２０１９－０２－２８ １１：２５", "2019-02-28T11:25:00+08:00"),
    ],
)  # fmt: skip
def test_times(written, then):
    assert clock.local(rows.parse_time(written)).isoformat() == then


@pytest.mark.shared_data
def test_a_city_s_year(take, cast):
    path = DATA / "hot_messages_4326.csv.gz"
    if not path.exists():
        pytest.skip("../shared/data is not on this machine")
    options = ["--map", "sender=user,text=title+body,key=id", "--group", "锦绣苑业主群", "--history"]
    done = take(path.read_bytes(), *options, name="year.csv.gz")
    assert (done.code, done.counts["rows"], done.counts["new"], done.counts["wrong"]) == (0, 4326, 4326, 0)
    assert (done.counts["waiting"], done.counts["stuck"], done.counts["open_deliveries"]) == (0, 0, 0)
    assert sum(done.counts["outcomes"].values()) == 4326
    assert Order.objects.filter(history=True).count() == done.counts["orders"] > 3000
    assert not Clock.objects.exists()
    assert not Message.objects.filter(direction=Message.OUT).exists()
    again = take(path.read_bytes(), *options, name="year.csv.gz")
    assert again.counts["new"] == 0
    assert store.OLD == timedelta(days=1)
