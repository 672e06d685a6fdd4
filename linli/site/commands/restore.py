"""`linli restore BACKUP --to DIR`: lay a backup into an empty place and prove it equal by counts and hashes."""

import argparse
import os
import sys
from pathlib import Path

from linli.site.saving import check
from linli.site.saving.give import Given, give
from linli.site.saving.manifest import Broken


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """BACKUP, --to, --database, --check"""
    parser.add_argument("backup", metavar="BACKUP", type=Path, help="the folder that `linli backup` made")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--to", type=Path, metavar="DIR", help="the new LINLI_VAR: files, and the SQLite database"
    )
    where.add_argument(
        "--check", action="store_true", help="restore nothing, only prove that the backup is whole"
    )
    parser.add_argument(
        "--database", default="", metavar="URL",
        help="for a PostgreSQL backup: an empty database, postgres://…; without it DATABASE_URL is taken",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """0 = equal; 1 = not restored or not equal; 3 = equal, but keys are missing in this environment."""
    try:
        if args.check:
            return _check(args.backup)
        return _tell(give(args.backup, args.to, _url(args)))
    except Broken as exc:
        sys.stderr.write(f"✗ {exc}\n")
    except OSError as exc:
        sys.stderr.write(f"✗ 没有恢复：{exc.strerror or exc}（{exc.filename or args.backup}）。\n")
    return 1


def _url(args: argparse.Namespace) -> str:
    """A SQLite backup goes below --to whatever DATABASE_URL says."""
    url = args.database or os.environ.get("DATABASE_URL", "")
    return (
        url
        if args.database or url.startswith("postgres") and (args.backup / "database.dump").exists()
        else ""
    )


def _check(folder: Path) -> int:
    known, wrong = check.check(folder)
    for line in wrong:
        sys.stderr.write(f"✗ {line}\n")
    if not wrong:
        sys.stdout.write(
            f"✓ 备份完整：{len(known.tables)} 张数据表、{len(known.files)} 个文件，与清单一致。\n"
        )
    return 1 if wrong else 0


def _tell(given: Given) -> int:
    known = given.manifest
    if given.wrong:
        sys.stderr.write("✗ 恢复出来的数据与备份不一致，请不要启用：\n")
        sys.stderr.writelines(f"  {line}\n" for line in given.wrong)
        return 1
    rows = sum(t["rows"] for t in known.tables.values())
    sys.stdout.write(
        f"✓ 已恢复，与备份完全一致：{len(known.tables)} 张数据表共 {rows} 行，{len(known.files)} 个文件。\n"
        f"  数据库：{given.database}    文件：{given.var / 'files'}\n"
        f"  启用时：LINLI_VAR={given.var}，LINLI_DATA_KEYS 里要有 {'、'.join(known.key_ids) or '（不需要钥匙）'}\n"
    )
    if known.missing_files:
        sys.stderr.write(f"! 有 {len(known.missing_files)} 个文件在备份之前就已经丢失。\n")
    for line in given.closed:
        sys.stderr.write(f"✗ {line}\n")
    return 3 if given.closed else 0
