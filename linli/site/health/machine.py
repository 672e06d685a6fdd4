"""Settings, keys, folders, static files, language model, running processes."""

import os
import shutil
import socket
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured

from linli.kernel import crypto
from linli.language.model import ModelMissing, load
from linli.notices.outside import mail
from linli.site import env, keys
from linli.site.health.report import BAD, OK, WARN, Finding

GB = 1024**3
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")
SETUP = "在源码目录运行 make setup"


def table() -> dict[str, str]:
    """Every setting as it is in force; of a secret only whether it is set."""
    shown = {}
    for setting in env.SETTINGS:
        value = env.get(setting.name)
        if setting.name == "DATABASE_URL":
            shown[setting.name] = _without_password(value) or "（空：用 SQLite）"
        elif setting.secret:
            shown[setting.name] = f"已设置（{len(value)} 字）" if value else "没有设置"
        else:
            shown[setting.name] = value
    return shown


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}" if url else ""


def check_settings() -> Iterator[Finding]:
    """Misspelt names, demo mode, TLS."""
    known = {s.name for s in env.SETTINGS}
    strange = sorted(n for n in os.environ if n.startswith("LINLI_") and n not in known)
    strange = [n for n in strange if not n.startswith("LINLI_TEST_") and n != "LINLI_NO_SKIP"]
    for name in strange:
        yield Finding("设置", WARN, f"不认识 {name}，它不起作用", "对照上面的表，看是不是写错了字。")
    if settings.LINLI_DEMO:
        yield Finding(
            "设置",
            WARN,
            "现在是演示模式：时间是虚拟的，谁都能登录",
            "给真实居民用之前去掉 LINLI_DEMO，并换一个 LINLI_VAR。",
        )
    public = [h for h in settings.ALLOWED_HOSTS if h not in LOOPBACK]
    if public and not settings.LINLI_HTTPS:
        mend = "前面放好 TLS（见 docs/install.md），再设 LINLI_HTTPS=1。"
        yield Finding("设置", WARN, f"对外的网址 {public[0]} 没有声明走 HTTPS", mend)
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding("设置", BAD, "LINLI_HOSTS 是 *，任何网址都能冒充", "写上真正的域名。")
    if env.get("LINLI_BIND") not in LOOPBACK:
        mend = "没有特别的理由，请改回 127.0.0.1，由前面的 Caddy 或 nginx 转发。"
        yield Finding("设置", WARN, f"服务直接开在 {env.get('LINLI_BIND')} 上", mend)
    if not strange:
        yield Finding("设置", OK, f"{len(known)} 项设置都认识")


def check_keys() -> Iterator[Finding]:
    """Are both secrets there, long enough and not the demo's?"""
    found = keys.problems()
    for line in found[:-1]:
        yield Finding("钥匙", BAD, line, found[-1])
    if not found:
        ids = "、".join(crypto.ring().keys)
        yield Finding(
            "钥匙",
            OK,
            f"登录签名已设置（{len(settings.SECRET_KEY)} 字）；数据钥匙编号 {ids}，当前用 {crypto.ring().current}",
        )


def check_folder() -> Iterator[Finding]:
    """LINLI_VAR: there, ours, closed to others, with room."""
    var = Path(settings.LINLI_VAR)
    if not var.is_dir():
        yield Finding("文件夹", BAD, f"没有 {var}", "运行 linli init，它会建好。")
        return
    if not os.access(var, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("文件夹", BAD, f"{var} 不能读写", f"chown -R 运行服务的用户 {var}")
        return
    mode = var.stat().st_mode & 0o777
    if mode & 0o007:
        level = BAD if mode & 0o002 else WARN
        yield Finding("文件夹", level, f"{var} 对这台机器上的其他用户开放（{mode:03o}）", f"chmod 700 {var}")
    else:
        yield Finding("文件夹", OK, f"{var} 可读写，权限 {mode:03o}")
    usage = shutil.disk_usage(var)
    share = usage.free / usage.total
    level = BAD if usage.free < GB or share < 0.03 else WARN if share < 0.1 else OK
    mend = "清理或扩容；写满以后居民的话就存不下了。" if level != OK else ""
    yield Finding("磁盘", level, f"还剩 {usage.free / GB:.1f} GB（{share:.0%}）", mend)


def check_static() -> Iterator[Finding]:
    """Styles and scripts; the charts' package from outside."""
    if finders.find("vendor/echarts.js") is None:
        yield Finding("页面", WARN, "图表用的前端包还没装，统计页没有图", SETUP)
    if (Path(settings.STATIC_ROOT) / "staticfiles.json").exists() or settings.LINLI_DEV:
        yield Finding("页面", OK, "样式和脚本已备好")
    else:
        yield Finding("页面", WARN, "样式和脚本还没收集", "linli init 或 linli serve 会自动收集。")


def check_model() -> Iterator[Finding]:
    """The language model that understands messages."""
    try:
        model = load()
    except ModelMissing as exc:
        yield Finding("语言", BAD, f"小栖的语言模型不在：{exc}", SETUP)
    else:
        yield Finding("语言", OK, f"语言模型已备好（版本 {model.version}，{model.digest[:8]}）")


def check_sms() -> Iterator[Finding]:
    """Where phone codes go."""
    if settings.LINLI_SMS_BACKEND not in ("console", "file"):
        yield Finding(
            "短信", BAD, f"不认识 LINLI_SMS_BACKEND={settings.LINLI_SMS_BACKEND}", "填 console 或 file。"
        )
        return
    where = "屏幕" if settings.LINLI_SMS_BACKEND == "console" else "文件"
    mend = "居民不验手机也能用群和自己的页面；要用短信，请先接短信服务商。"
    yield Finding("短信", WARN, f"验证码和提醒只写到{where}，不会发到手机", mend)


def check_mail() -> Iterator[Finding]:
    """Notices by mail: off, where letters go, and whether somebody is there. Sends nothing."""
    backend = settings.LINLI_MAIL_BACKEND
    try:
        time.fromisoformat(settings.LINLI_DIGEST)
    except ValueError:
        yield Finding("邮件", BAD, f"LINLI_DIGEST={settings.LINLI_DIGEST} 不是钟点", "写成 08:30 这样。")
    if backend not in mail.NAMES:
        yield Finding("邮件", BAD, f"不认识 LINLI_MAIL_BACKEND={backend}", f"填 {'、'.join(mail.NAMES)} 里的一个。")
    elif backend == "off":
        yield Finding("邮件", OK, "没有开邮件提醒，消息都在工作台里（出厂就是这样）")
    elif backend != "smtp":
        yield Finding("邮件", WARN, f"提醒只写到{'屏幕' if backend == 'console' else '文件'}，不会发到邮箱", "要真的发，填 smtp 和 LINLI_MAIL_URL。")
    else:
        yield from _mail_server()


def _mail_server() -> Iterator[Finding]:
    try:
        where = mail.server()
    except ImproperlyConfigured:
        yield Finding("邮件", BAD, "LINLI_MAIL_URL 不是一个邮件服务器", "写成 smtps://用户:密码@主机:465。")
        return
    if "@" not in settings.LINLI_MAIL_FROM:
        yield Finding("邮件", BAD, "没有写 LINLI_MAIL_FROM", "写上发信的邮箱地址。")
    try:
        socket.create_connection((where.host, where.port), timeout=3).close()
    except OSError as exc:
        yield Finding("邮件", WARN, f"{where.host}:{where.port} 连不上（{type(exc).__name__}）", "工作台里的消息不受影响；修好网络，一天以内的会自己补发。")
    else:
        yield Finding("邮件", OK, f"{where.host}:{where.port} 连得上")


def check_scribe() -> Iterator[Finding]:
    """The optional endpoint that may reword answers: off, or where it is and whether somebody is there. Sends it nothing."""
    url = settings.LINLI_SCRIBE_URL
    if not url:
        yield Finding("助写", OK, "没有接语言模型，答复都是原文（出厂就是这样）")
        return
    parts = urlsplit(url)
    where = f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield Finding("助写", BAD, "LINLI_SCRIBE_URL 不是一个网址", "写成 https://主机/v1，或者去掉它。")
        return
    if not settings.LINLI_SCRIBE_MODEL:
        yield Finding("助写", BAD, "没有写 LINLI_SCRIBE_MODEL", "写上那边模型的名字。")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        yield Finding("助写", WARN, f"{where} 没有走 HTTPS", "换成 https，或者只在本机、内网专线上用。")
    try:
        socket.create_connection((parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)), timeout=3).close()
    except OSError as exc:
        yield Finding("助写", WARN, f"{where} 连不上（{type(exc).__name__}）", "居民的答复不受影响，只是没有换个说法；修好网络或去掉 LINLI_SCRIBE_URL。")
    else:
        yield Finding("助写", OK, f"{where} 连得上，最多等 {settings.LINLI_SCRIBE_SECONDS:g} 秒；它写的都标“AI生成”")


def check_processes() -> Iterator[Finding]:
    """Is somebody behind the sockets in LINLI_RUN?"""
    for kind, name in (("work", "后台处理"), ("live", "实时推送")):
        alive = sum(_answers(path) for path in Path(settings.LINLI_RUN).glob(f"{kind}-*.sock"))
        if alive:
            yield Finding("进程", OK, f"{name}在运行（{alive} 个）")
        else:
            yield Finding("进程", WARN, f"{name}没有运行", "systemctl start linli，或者 linli serve")


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(str(path))
        except OSError:
            return False
        return True
