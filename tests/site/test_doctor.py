"""`linli doctor` says what is wrong and how to mend it, shows no secret, and changes nothing."""

import json
import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from linli.accounts.models import Account
from linli.assistant.models import Errand
from linli.files import vault
from linli.files.models import Blob
from linli.grid.models import Post, RosterShift
from linli.groups.models import Group, Message
from linli.kernel import clock, ids
from linli.kernel.roles import Role
from linli.language import versions
from linli.language.model import ModelMissing
from linli.ledger import datagram
from linli.ledger.models import Delivery, Event
from linli.notices.models import Sending
from linli.site import cli
from linli.site.health import data, machine
from tests.assistant.scribe.fake import says, served
from tests.databases import forget
from tests.notices.outside.postbox import Postbox
from tests.settings import DATABASE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sound(monkeypatch, settings, tmp_path):
    """An installation without fault, but for what each test breaks."""
    settings.LINLI_VAR = tmp_path / "var"
    settings.LINLI_RUN = tmp_path / "var" / "run"
    settings.LINLI_FILES = tmp_path / "var" / "files"
    settings.LINLI_VAR.mkdir(mode=0o700)
    monkeypatch.setenv("LINLI_SECRET_KEY", "k9Yw2" * 4 + "qLzR7" * 4 + "bN0v3" * 4)
    monkeypatch.setenv("LINLI_DATA_KEYS", os.environ["LINLI_DATA_KEYS"] + ",k0:" + "0123456789abcdef" * 4)
    monkeypatch.setattr(machine.keys, "problems", lambda: [])
    monkeypatch.setattr(machine, "load", lambda: SimpleNamespace(version=2, digest="0" * 64))
    # The tests' database leaves the disk out for speed.
    told = {"PRAGMA synchronous": "2"} | {
        f"SHOW {n}": "on" for n in ("fsync", "synchronous_commit", "full_page_writes")
    }
    ask = data._one
    monkeypatch.setattr(data, "_one", lambda sql: told.get(sql) or ask(sql))


@pytest.fixture
def doctor(capsys):
    def run():
        forget()  # a doctor comes as a process of its own
        code = cli.main(["doctor", "--json"])
        body = json.loads(capsys.readouterr().out)
        assert body["ok"] == (code == 0)
        found = {}
        for finding in body["findings"]:
            assert finding["level"] == "ok" or finding["mend"] or "另有" in finding["what"], finding
            found.setdefault(finding["level"], []).append(f"{finding['part']}：{finding['what']}")
        return code, "\n".join(found.get("bad", [])), "\n".join(found.get("warn", [])), body

    return run


def test_a_sound_district_passes(cast, at, deliver, doctor):
    deliver()  # what setting the cast up left to do; it is as old as this run of the tests
    code, bad, _, body = doctor()
    assert code == 0, bad
    parts = {f["part"] for f in body["findings"]}
    assert parts == {
        "设置", "钥匙", "文件夹", "磁盘", "页面", "语言", "短信", "邮件", "助写", "学习", "进程", "数据库", "附件", "时间", "标准", "消息", "人员", "值班",
    }  # fmt: skip


def test_it_shows_no_secret(cast, at, capsys, monkeypatch):
    if DATABASE == "sqlite":
        monkeypatch.setenv("DATABASE_URL", "postgres://linli:hushhush@db.test/linli")
    cli.main(["doctor"])
    cli.main(["doctor", "--json"])
    out = capsys.readouterr().out
    for secret in (
        "hushhush",
        os.environ["LINLI_SECRET_KEY"],
        *os.environ["LINLI_DATA_KEYS"].replace(",", ":").split(":")[1::2],
    ):
        assert secret not in out
    assert "db.test" in out or DATABASE == "postgres"


def test_it_changes_nothing(cast, at, capsys):
    before = (Event.objects.count(), Account.objects.count(), Delivery.objects.count())
    cli.main(["doctor"])
    assert (Event.objects.count(), Account.objects.count(), Delivery.objects.count()) == before


def test_keys_that_the_data_needs(cast, at, doctor, monkeypatch):
    monkeypatch.setenv("LINLI_DATA_KEYS", "k0:" + "0123456789abcdef" * 4)
    code, bad, _, _ = doctor()
    assert code == 1 and "缺少钥匙 test1" in bad
    monkeypatch.setenv("LINLI_DATA_KEYS", "test1:" + "0123456789abcdef" * 4)
    code, bad, _, _ = doctor()
    assert code == 1 and "钥匙 test1 不对" in bad


def test_missing_and_short_keys(db, doctor, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("LINLI_SECRET_KEY", "short")
    monkeypatch.setenv("LINLI_DATA_KEYS", "")
    code, bad, _, body = doctor()
    assert code == 1 and "LINLI_SECRET_KEY" in bad and "LINLI_DATA_KEYS" in bad
    assert any("linli init --keys" in f["mend"] for f in body["findings"])


def test_files_that_are_gone_or_changed(cast, at, doctor):
    for n in range(2):
        name = vault.put(b"#!AMR\n" + bytes([n]) * 99)
        Blob.objects.create(sha256=name, size=105, media_type="audio/amr", created_at=clock.now())
    assert doctor()[0] == 0
    one, two = Blob.objects.order_by("id")
    vault.path_of(one.sha256).unlink()
    path = vault.path_of(two.sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    code, bad, _, _ = doctor()
    assert code == 1 and "缺 1 个" in bad and "1 个打不开" in bad


def test_words_and_deliveries_that_are_stuck(cast, at, doctor):
    group = Group.objects.order_by("id").first()
    row = {"group": group, "community_id": group.community_id, "account": "page:x", "sent_at": clock.now()}
    Message.objects.create(dedupe_key="1", state=Message.STUCK, received_at=clock.now(), **row)
    Message.objects.create(dedupe_key="2", received_at=clock.now() - timedelta(minutes=6), **row)
    Delivery.objects.create(
        event_id=ids.new(), handler="order-calls-its-people", state=2, due_at=clock.wall()
    )
    Delivery.objects.create(event_id=ids.new(), handler="gone-handler", due_at=clock.wall())
    code, bad, _, _ = doctor()
    assert code == 1
    assert "1 条居民的话卡住了" in bad and "等了 5 分钟" in bad
    assert "order-calls-its-people 有 1 件失败" in bad and "没有程序认领：gone-handler" in bad


def test_gaps_of_the_roster(cast, at, doctor):
    street = cast.street["jinxiu"]
    RosterShift.objects.filter(area=street, weekday=2).delete()
    Post.objects.filter(role=Role.DUTY_OFFICER, area=street).delete()
    code, _, warn, _ = doctor()
    assert code == 0 and "03-04 17:30 至 03-05 08:00 没有人值班：锦绣苑社区、柳堤社区" in warn
    Post.objects.filter(role=Role.CENTRE).delete()
    code, _, warn, _ = doctor()
    assert code == 0 and "没有云平台中心" in warn
    Post.objects.filter(role__in=[Role.COMMUNITY_HEAD, Role.STREET_LEADER]).delete()
    code, bad, _, _ = doctor()
    assert code == 1 and "没有人值班" in bad


def test_posts_that_are_lacking(cast, at, doctor):
    Post.objects.filter(role=Role.COMMUNITY_HEAD, area=cast.community["hewan"]).delete()
    Post.objects.filter(role=Role.ADMIN_SYSTEM).delete()
    code, bad, warn, _ = doctor()
    assert code == 1 and "没有系统管理员" in bad and "没有社区书记：河湾村" in warn


def test_folders_open_to_others(cast, at, doctor, settings):
    settings.LINLI_VAR.chmod(0o755)
    assert "开放" in doctor()[2]
    settings.LINLI_VAR.chmod(0o777)
    assert "开放" in doctor()[1]
    settings.LINLI_VAR = settings.LINLI_VAR / "nowhere"
    assert "没有" in doctor()[1]


def test_a_full_disk(cast, at, doctor, monkeypatch):
    monkeypatch.setattr(
        machine.shutil, "disk_usage", lambda p: SimpleNamespace(total=100 * 1024**3, free=10**8)
    )
    assert "磁盘" in doctor()[1]


def test_processes_by_their_sockets(cast, at, doctor, settings):
    assert "后台处理没有运行" in doctor()[2]
    settings.LINLI_RUN.mkdir()
    sock = datagram.listen("work", "1")
    (settings.LINLI_RUN / "live-dead.sock").touch()
    _, _, warn, body = doctor()
    assert "后台处理" not in warn and "实时推送没有运行" in warn
    datagram.close(sock)


def test_a_clock_that_went_back(cast, at, doctor):
    Event.objects.filter(id=Event.objects.order_by("-id").values("id")[0]["id"]).update(
        at=clock.now() + timedelta(days=1)
    )
    assert "比最后一条记录还早" in doctor()[1]


def test_a_language_model_that_is_not_there(cast, at, doctor, monkeypatch):
    def gone():
        raise ModelMissing("weights.npz")

    monkeypatch.setattr(machine, "load", gone)
    assert "语言模型不在" in doctor()[1]


def test_settings_that_are_unsafe_or_misspelt(cast, at, doctor, settings, monkeypatch):
    monkeypatch.setenv("LINLI_HOST", "x")
    settings.ALLOWED_HOSTS = ["linli.test"]
    settings.LINLI_DEMO = True
    code, _, warn, _ = doctor()
    assert code == 0 and "不认识 LINLI_HOST" in warn and "HTTPS" in warn and "演示模式" in warn
    settings.ALLOWED_HOSTS = ["*"]
    assert doctor()[0] == 1


def test_a_database_that_would_lose_data(cast, at, doctor, monkeypatch):
    ask = data._one
    off = {"PRAGMA synchronous": "0", "SHOW fsync": "off"}
    monkeypatch.setattr(data, "_one", lambda sql: off.get(sql) or ask(sql))
    code, bad, _, _ = doctor()
    assert code == 1 and "断电会丢数据" in bad


def test_a_database_that_cannot_be_reached(cast, at, doctor, monkeypatch):
    def gone():
        raise OperationalError("connection refused\nmore")

    monkeypatch.setattr(data.connection, "ensure_connection", gone)
    code, bad, _, body = doctor()
    assert code == 1 and "连不上：connection refused" in bad
    assert not any(f["part"] == "值班" for f in body["findings"]), "what cannot be asked is not asked"


def test_a_check_that_breaks_is_a_finding(cast, at, doctor, monkeypatch):
    def broken(self):
        raise RuntimeError("no disk")

    monkeypatch.setattr(machine.shutil, "disk_usage", broken)
    assert "没有查成（RuntimeError：no disk）" in doctor()[1]


def test_the_scribe_s_state_is_told_and_its_key_is_not(cast, at, doctor, settings, monkeypatch):
    _, bad, warn, body = doctor()
    assert "没有接语言模型" in str(body) and "助写" not in bad + warn
    monkeypatch.setenv("LINLI_SCRIBE_KEY", "sk-very-secret")
    with served(says("好")) as fake:
        settings.LINLI_SCRIBE_URL, settings.LINLI_SCRIBE_MODEL = fake.url, ""
        _, bad, warn, body = doctor()
        assert "没有写 LINLI_SCRIBE_MODEL" in bad and "连得上" in str(body) and "sk-very-secret" not in str(body)
        assert fake.asked == [], "it sends nothing"
        settings.LINLI_SCRIBE_MODEL = "fake"
    assert "连不上" in doctor()[2]
    settings.LINLI_SCRIBE_URL = "nonsense"
    assert "不是一个网址" in doctor()[1]
    now = clock.wall()
    left = [Errand(id=ids.new(), kind="reword", subject_id=ids.new(), state="left", reason=f"changed_{n % 2}", at=now) for n in range(12)]
    Errand.objects.bulk_create(left)
    assert "放弃 12 段（改了事实 6 次" in doctor()[2]


def test_mail_is_off_wrong_away_or_there(cast, at, doctor, settings):
    assert "没有开邮件提醒" in str(doctor()[3])
    settings.LINLI_MAIL_BACKEND, settings.LINLI_DIGEST = "pigeon", "half past eight"
    assert "不认识 LINLI_MAIL_BACKEND=pigeon" in (bad := doctor()[1]) and "不是钟点" in bad
    settings.LINLI_MAIL_BACKEND, settings.LINLI_DIGEST = "file", "08:30"
    assert "提醒只写到文件" in doctor()[2]
    settings.LINLI_MAIL_BACKEND, settings.LINLI_MAIL_URL = "smtp", "mail.example.cn"
    assert "不是一个邮件服务器" in doctor()[1]
    box = Postbox()
    settings.LINLI_MAIL_URL = f"smtp://linli:hushhush@127.0.0.1:{box.port}"
    _, bad, _, body = doctor()
    assert "没有写 LINLI_MAIL_FROM" in bad and f"127.0.0.1:{box.port} 连得上" in str(body) and "hushhush" not in str(body)
    box.close()
    assert "连不上" in doctor()[2] and box.heard == []
    lost = {"account_id": ids.new(), "channel": "mail", "made_at": clock.now(), "due_at": clock.wall()}
    Sending.objects.bulk_create(Sending(notice_id=ids.new(), state=s, **lost) for s in (Sending.FAILED, Sending.UNSURE, Sending.SENT))
    assert "近三十天有 2 条邮件没有发成" in doctor()[2]


def test_which_model_understands_is_told(cast, at, doctor, school):
    assert school.small in str(doctor()[3])
    next((school.home / school.small).glob("*.npz")).write_bytes(b"broken")
    versions.settle(school.home)
    assert "它的文件坏了" in doctor()[2]
