"""The database, its keys, its files, its clock, and what got stuck in it."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Max

from linli.assistant.models import Errand
from linli.calendars import selectors as calendars
from linli.files import vault
from linli.files.models import Blob
from linli.groups.models import Message
from linli.kernel import clock
from linli.kernel.errors import LinliError, NotFound
from linli.language import versions
from linli.ledger import handlers
from linli.ledger.models import Delivery, Event
from linli.lessons import actions as lessons
from linli.lessons.models import ModelVersion
from linli.notices.models import Way
from linli.notices.outside import selectors as sendings
from linli.site import readiness
from linli.site.health.report import BAD, OK, WARN, Finding
from linli.site.saving import ring
from linli.standards.documents import DocumentState
from linli.standards.models import Document
from linli.standards.seed import lacking

FILES_LOOKED_AT, FILES_OPENED = 500, 20
MANY_LEFT = 10
REASONS = {
    "late": "太慢", "unreachable": "连不上", "refused": "被拒绝", "redirect": "被转走", "not": "答非所问", "too": "太长", "cut": "没说完",
    "empty": "空的", "resting": "出错太多，歇着", "changed": "改了事实", "same": "没有变化", "gone": "原话不在了", "conflict": "已经有了",
}  # fmt: skip
OLDEST_SQLITE, OLDEST_POSTGRES = (3, 37), 15


def ready() -> bool:
    """Can the tables be asked at all?"""
    return not readiness.problems()


def check_database() -> Iterator[Finding]:
    """Reached, new enough, up to date, and safe against a power cut."""
    try:
        connection.ensure_connection()
    except DatabaseError as exc:
        what = f"连不上：{str(exc).splitlines()[0]}"
        yield Finding(
            "数据库", BAD, what, "看数据库服务是不是在运行，DATABASE_URL 里的地址、用户、库名对不对。"
        )
        return
    if connection.vendor == "sqlite":
        yield from _sqlite()
    else:
        yield from _postgres()
    found = readiness.problems()
    for line in found:
        yield Finding("数据库", BAD, line, "先 linli backup，再 linli migrate；新装的运行 linli init。")
    if not found:
        yield Finding("数据库", OK, "数据表是最新的")


def _one(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _sqlite() -> Iterator[Finding]:
    level = OK if sqlite3.sqlite_version_info >= OLDEST_SQLITE else BAD
    mend = "" if level == OK else "请换 Debian 12 或更新的系统。"
    yield Finding(
        "数据库", level, f"SQLite {sqlite3.sqlite_version}，{settings.DATABASES['default']['NAME']}", mend
    )
    journal, sync = _one("PRAGMA journal_mode"), _one("PRAGMA synchronous")
    if journal == "wal" and sync in ("2", "3"):
        yield Finding("数据库", OK, "先写日志、每次落盘（WAL，synchronous=FULL）")
    else:
        mend = "数据库文件要放在本机磁盘上，不能放在网络盘。"
        yield Finding("数据库", BAD, f"断电会丢数据：journal_mode={journal}，synchronous={sync}", mend)


def _postgres() -> Iterator[Finding]:
    number = int(_one("SHOW server_version_num"))
    level = OK if number // 10_000 >= OLDEST_POSTGRES else BAD
    mend = "" if level == OK else f"请升级到 PostgreSQL {OLDEST_POSTGRES} 或更新的版本。"
    yield Finding("数据库", level, f"PostgreSQL {_one('SHOW server_version')}", mend)
    off = [n for n in ("fsync", "synchronous_commit", "full_page_writes") if _one(f"SHOW {n}") == "off"]
    if off:
        mend = "在 postgresql.conf 里打开：" + "，".join(f"{n} = on" for n in off)
        yield Finding("数据库", BAD, f"断电会丢数据：{'、'.join(off)} 是关的", mend)
    else:
        yield Finding("数据库", OK, "每次提交都落盘（fsync、synchronous_commit）")
    if (encoding := _one("SHOW server_encoding")) != "UTF8":
        yield Finding(
            "数据库", BAD, f"编码是 {encoding}，存不下所有汉字", "用 UTF8 编码重新建库（createdb -E UTF8）。"
        )


def check_keys_of_data() -> Iterator[Finding]:
    """Every key id that the data names must be in the ring, and open what it names."""
    samples: dict[str, str] = {}
    with connection.cursor() as cursor:
        for table, column in sorted(ring.sealed_columns()):
            column = connection.ops.quote_name(column)
            cut = f"instr({column}, ':')" if connection.vendor == "sqlite" else f"strpos({column}, ':')"
            cursor.execute(
                f"SELECT substr({column}, 1, {cut} - 1), min({column}) FROM {connection.ops.quote_name(table)}"  # noqa: S608
                f" WHERE {column} <> '' GROUP BY 1"
            )
            samples |= {str(key_id): str(value) for key_id, value in cursor.fetchall()}
    needed = set(samples) | {k for k in _keys_of_files() if k}
    closed = ring.closed(needed, samples)
    for line in closed:
        yield Finding("钥匙", BAD, line, "从单独保管的钥匙文件里找回，加到 LINLI_DATA_KEYS 后面。")
    if not closed:
        yield Finding("钥匙", OK, f"数据用到的钥匙都在（{'、'.join(sorted(needed)) or '还没有加密的数据'}）")


def _some_blobs() -> list[Blob]:
    newest = list(Blob.objects.order_by("-id")[: FILES_LOOKED_AT // 2])
    oldest = list(Blob.objects.order_by("id")[: FILES_LOOKED_AT // 2])
    return list({b.id: b for b in newest + oldest}.values())


def _keys_of_files() -> Iterator[str]:
    for blob in _some_blobs():
        try:
            yield vault.key_id_of(blob.sha256)
        except LinliError:
            continue


def check_files() -> Iterator[Finding]:
    """Pictures and voices: a sample is there, a few of them open."""
    blobs = _some_blobs()
    lost = [b for b in blobs if not vault.path_of(b.sha256).is_file()]
    if lost:
        mend = "从备份的 files/ 里找回同名的文件，放回原处。"
        yield Finding(
            "附件", BAD, f"抽查 {len(blobs)} 个，缺 {len(lost)} 个（例如 {lost[0].sha256[:12]}…）", mend
        )
    broken = 0
    for blob in [b for b in blobs if b not in lost][:FILES_OPENED]:
        try:
            vault.get(blob.sha256)
        except NotFound:
            continue
        except LinliError:
            broken += 1
    if broken:
        yield Finding(
            "附件",
            BAD,
            f"抽查打开 {FILES_OPENED} 个，{broken} 个打不开",
            "钥匙不对，或文件坏了；从备份里找回。",
        )
    if not lost and not broken:
        yield Finding("附件", OK, f"共 {Blob.objects.count()} 个，抽查 {len(blobs)} 个都在")


def check_clock() -> Iterator[Finding]:
    """Time must not run backwards, and the database's server must have the same."""
    last = Event.objects.aggregate(last=Max("at"))["last"]
    now = clock.now()
    if last and last > now + timedelta(minutes=2):
        what = f"系统时间（{clock.local(now):%m-%d %H:%M}）比最后一条记录还早"
        yield Finding("时间", BAD, what, "校准时间并打开自动对时：timedatectl set-ntp true")
    elif connection.vendor == "postgresql" and not settings.LINLI_DEMO and (apart := _apart()) > 5:
        yield Finding("时间", WARN, f"和数据库服务器差 {apart:.0f} 秒", "两台机器都打开自动对时。")
    else:
        yield Finding("时间", OK, f"北京时间 {clock.local(now):%Y-%m-%d %H:%M}")
    year = clock.today().year
    if not any(d.working is False and not d.provisional for d in calendars.list_special_days(year)):
        mend = "节假日公布后升级 linli 并运行 linli init，或在工作台的日历里填。"
        yield Finding("时间", WARN, f"{year} 年的放假安排还没有，时限按普通周算", mend)


def _apart() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return abs((cursor.fetchone()[0] - clock.wall()).total_seconds())


def check_standards() -> Iterator[Finding]:
    """What the product brings and the district, which writes its own version, has not taken in: for a person to decide."""
    for document, numbers in lacking():
        what = f"《{document.title}》是区里自己写的，产品新带来的条款没有放进去：{'、'.join(numbers)}"
        yield Finding("标准", OK, f"{what}（要用就在标准库起草新一版，原文在 linli/standards/data/library/{document.code}.json）")
    yield Finding("标准", OK, f"施行中的标准 {Document.objects.filter(state=DocumentState.IN_FORCE).count()} 份")


def check_stuck() -> Iterator[Finding]:
    """Words and deliveries that nobody brings to an end."""
    stuck = Message.objects.filter(state=Message.STUCK).count()
    if stuck:
        yield Finding(
            "消息",
            BAD,
            f"有 {stuck} 条居民的话卡住了，没有人收到",
            "请在工作台逐条看，转成工单；原因在日志里。",
        )
    late = Message.objects.filter(
        state=Message.NEW, received_at__lt=clock.now() - timedelta(minutes=5)
    ).count()
    if late:
        yield Finding(
            "消息",
            BAD,
            f"有 {late} 条居民的话等了 5 分钟还没处理",
            "看后台处理是不是在运行（上面的“进程”）。",
        )
    failed = (
        Delivery.objects.filter(state=Delivery.FAILED)
        .values("handler")
        .annotate(n=Count("id"))
        .order_by("handler")
    )
    for row in failed:
        mend = "看日志里的原因，改好后在工作台重试。"
        yield Finding("投递", BAD, f"{row['handler']} 有 {row['n']} 件失败", mend)
    lonely = Delivery.objects.filter(state=Delivery.PENDING).exclude(handler__in=handlers.names())
    if names := sorted(set(lonely.values_list("handler", flat=True)[:1000])):
        yield Finding("投递", BAD, f"没有程序认领：{'、'.join(names)}", "这个版本的程序比数据旧，请升级。")
    before = clock.wall() - timedelta(minutes=10)
    waiting = Delivery.objects.filter(state=Delivery.PENDING, due_at__lt=before).count()
    if waiting:
        yield Finding(
            "投递", WARN, f"有 {waiting} 件等了 10 分钟以上", "看后台处理是不是在运行、机器是不是太忙。"
        )
    if not (stuck or late or failed or names or waiting):
        yield Finding("消息", OK, "没有卡住的话，没有失败的投递")


def check_errands() -> Iterator[Finding]:
    """What the optional scribe did in the last week; nothing while there is none and was none."""
    counts = dict(Errand.objects.order_by().values_list("state").annotate(n=Count("id")))
    if not counts:
        return
    reasons = Errand.objects.filter(state=Errand.LEFT).order_by().values_list("reason").annotate(n=Count("id")).order_by("-n", "reason")
    why = "、".join(f"{REASONS.get(r.partition('_')[0], r)} {n} 次" for r, n in reasons[:3])
    done, left = counts.get(Errand.DONE, 0), counts.get(Errand.LEFT, 0)
    what = f"近一周写成 {done} 段，放弃 {left} 段{f'（{why}）' if why else ''}；放弃的，居民看到的就是原文"
    if left > MANY_LEFT and left > done * 3:
        yield Finding("助写", WARN, what, "这个语言模型帮不上忙：看地址、钥匙、模型名，或者去掉 LINLI_SCRIBE_URL。")
    else:
        yield Finding("助写", OK, what)


def check_sendings() -> Iterator[Finding]:
    """Notices that were to go out by mail or text message and did not, or nobody knows; nothing where all went well."""
    for channel, n in sorted(sendings.lost().items()):
        name = "邮件" if channel == Way.MAIL else "短信"
        yield Finding("提醒", WARN, f"近三十天有 {n} 条{name}没有发成，或者说不准发没发", "这些消息都在各人的工作台里；看看邮件服务器和登记的地址。")


def check_learning() -> Iterator[Finding]:
    """Which model understands here, and how the last training ended."""
    used = versions.current(lessons.home())
    last = ModelVersion.objects.order_by("-began_at").first()
    what = f"用的是{f'学来的 {used}' if used else '出厂的那一版'}；人工判断还没学的 {lessons.fresh()} 条"
    if last is not None and last.state == ModelVersion.FAILED:
        yield Finding("学习", WARN, f"{what}；上一次没学成", "看日志里的原因，再运行 linli model train。")
    elif used and versions.model().digest[: len(used)] != used:
        yield Finding("学习", WARN, f"{what}；但它的文件坏了或不在，现在用出厂的", "运行 linli model back，或者 linli model train。")
    else:
        yield Finding("学习", OK, what)
