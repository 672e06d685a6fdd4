"""`linli init`: an empty district for real use; areas, people and duty from one xlsx."""

import argparse
import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError

from linli.accounts.models import Account
from linli.kernel.errors import LinliError
from linli.site import keys
from linli.site.saving.manifest import Broken
from linli.site.setup import links, template
from linli.site.setup import run as setup
from linli.site.static import collect
from linli.site.supervisor import EX_CONFIG


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--template, --keys, --from, --links, --link, --url, --admin, --admin-name, --hours"""
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--template", type=Path, metavar="FILE.xlsx", help="write the file to be filled in, nothing else"
    )
    what.add_argument(
        "--keys", metavar="FILE", nargs="?", const="-",
        help="write fresh keys as environment lines (to FILE, readable by you only, or to the screen), nothing else",
    )  # fmt: skip
    what.add_argument(
        "--link", metavar="LOGIN", help="print a new one-time link for a colleague, nothing else"
    )
    what.add_argument("--from", dest="file", type=Path, metavar="FILE.xlsx", help="take in the filled file")
    parser.add_argument(
        "--links", type=Path, metavar="FILE", help="write one-time links to a new .xlsx or .csv"
    )
    parser.add_argument("--url", default="", help="where people open the pages, https://…; for the links")
    parser.add_argument("--hours", type=int, default=72, help="how long the links work (default 72)")
    parser.add_argument(
        "--admin", default="admin", metavar="LOGIN", help="log-in name of the first administrator"
    )
    parser.add_argument("--admin-name", default="系统管理员", metavar="NAME", help="her name")


def run(args: argparse.Namespace) -> int:
    """0 = done; 1 = refused, nothing was changed; 78 = the keys are not fit for real use."""
    try:
        if args.template:
            return _template(args.template)
        if args.keys:
            return _keys(args.keys)
        if found := keys.problems():
            sys.stderr.writelines(f"✗ {line}\n" for line in found)
            return EX_CONFIG
        if settings.LINLI_DEMO:
            raise Broken("现在是演示模式（LINLI_DEMO=1）。正式使用请去掉它，并换一个 LINLI_VAR。")
        if args.link:
            return _link(args.link, links.base_url(args.url), args.hours)
        return _init(args)
    except setup.Refused as refused:
        sys.stderr.write(f"✗ 表里有 {len(refused.problems)} 处要改，什么都没有写入：\n")
        sys.stderr.writelines(f"  {problem}\n" for problem in refused.problems)
    except (Broken, LinliError) as exc:
        sys.stderr.write(f"✗ {exc}\n")
    except DatabaseError as exc:
        sys.stderr.write(
            f"✗ 数据库没有应答（{type(exc).__name__}）。请检查 DATABASE_URL；linli doctor 会说得更细。\n"
        )
    except OSError as exc:
        sys.stderr.write(f"✗ {exc.strerror or exc}：{exc.filename}\n")
    return 1


def _init(args: argparse.Namespace) -> int:
    base = links.base_url(args.url)
    os.umask(0o077)  # the database holds what people said: its file is for its owner only
    settings.LINLI_VAR.mkdir(parents=True, exist_ok=True, mode=0o700)
    out = links.LinksFile(args.links) if args.links else None
    try:
        call_command("migrate", verbosity=0)
    except BaseException:
        if out:
            out.drop()
        raise
    done = setup.init(
        args.file, out, base=base, hours=args.hours, admin=args.admin, admin_name=args.admin_name
    )  # fmt: skip
    collect()
    _tell(done, args)
    return 0


def _tell(done: setup.Done, args: argparse.Namespace) -> None:
    say = sys.stdout.write
    if args.file:
        new = "，".join(f"{name} {n}" for name, n in done.added.items())
        say(f"✓ 已导入：新增 {new}\n" if new else "✓ 表里的内容系统里都有，没有改动。\n")
    else:
        say("✓ 数据表、日历、标准和常用问答已备好。\n")
    for note in done.notes:
        say(f"! {note}\n")
    if args.links:
        say(f"✓ {done.people} 位同事的一次性链接在 {args.links}（只有您自己能读，发完请删掉）。\n")
    elif waiting := len(links.waiting()):
        say(f"! 还有 {waiting} 位同事没有密码。要给他们链接：linli init --links 链接.xlsx\n")
    if done.admin_link:
        say(
            f"\n首位管理员（登录名 {args.admin}）用这个链接设密码，{args.hours} 小时内有效，只能用一次：\n{done.admin_link}\n"
        )
    say("下一步：linli doctor\n")


def _template(path: Path) -> int:
    try:
        template.write(path)
    except FileExistsError:
        raise Broken(f"{path} 已经存在，没有覆盖。") from None
    sys.stdout.write(f"✓ 已写好 {path}。填好后运行：linli init --from {path} --links 链接.xlsx\n")
    return 0


def _keys(where: str) -> int:
    text = "".join(f"{name}={value}\n" for name, value in keys.fresh().items())
    if where == "-":
        sys.stdout.write(text)
        return 0
    try:
        fd = os.open(where, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Broken(f"{where} 已经存在，没有覆盖：丢了旧钥匙，旧数据就打不开了。") from None
    with os.fdopen(fd, "w") as handle:
        handle.write(text)
    sys.stdout.write(f"✓ 两把新钥匙已写到 {where}（只有您自己能读）。请另存一份，和备份分开放。\n")
    return 0


def _link(login: str, base: str, hours: int) -> int:
    account = Account.objects.filter(login=login, kind=Account.STAFF, is_active=True).first()
    if account is None:
        raise Broken(f"没有登录名是“{login}”的在岗同事。")
    sys.stdout.write(f"{links.link(account, base, hours)}\n")
    return 0
