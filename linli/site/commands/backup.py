"""`linli backup DIR`: database and files into one checked folder, while people write."""

import argparse
import sys
from pathlib import Path

from django.conf import settings

from linli.site.saving import ring
from linli.site.saving.manifest import Broken
from linli.site.saving.take import Taken, take


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """DIR, --keep, --keys"""
    parser.add_argument("dir", metavar="DIR", type=Path, help="the backup becomes a new folder in here")
    parser.add_argument(
        "--keep", type=int, metavar="N", help="afterwards keep only the newest N backups in DIR"
    )
    parser.add_argument(
        "--keys", type=Path, metavar="FILE", help="write the keys apart, readable by you only; never into DIR"
    )


def run(args: argparse.Namespace) -> int:
    """0 = whole and proved; 1 = not made, or files were missing already; 3 = whole, but the present keys do not open it."""
    try:
        if args.keep is not None and args.keep < 1:
            raise Broken("--keep 至少是 1。")
        if args.keys:
            _write_keys(args.keys, args.dir)
        taken = take(args.dir, settings.DATABASES["default"], Path(settings.LINLI_FILES), keep=args.keep)
    except Broken as exc:
        sys.stderr.write(f"✗ 备份没有成功。{exc}\n")
        return 1
    except OSError as exc:
        sys.stderr.write(f"✗ 备份没有成功：{exc.strerror or exc}（{exc.filename or args.dir}）。\n")
        return 1
    return _tell(taken)


def _write_keys(path: Path, folder: Path) -> None:
    if folder.resolve() in path.resolve().parents:
        raise Broken("钥匙不能和备份放在一起：谁拿到这个文件夹，谁就能打开里面的数据。请把 --keys 指到别处。")
    if not ring.held():
        raise Broken("环境里没有可用的 LINLI_DATA_KEYS，写不出钥匙。")
    try:
        ring.write(path)
    except FileExistsError:
        raise Broken(f"{path} 已经存在，没有覆盖。") from None
    sys.stdout.write(f"钥匙已单独写到 {path}（只有您自己能读）。请和备份分开保管。\n")


def _tell(taken: Taken) -> int:
    known = taken.manifest
    rows = sum(t["rows"] for t in known.tables.values())
    size = known.database["bytes"] + sum(f[0] for f in known.files.values())
    sys.stdout.write(
        f"✓ 备份完成并核对无误：{taken.folder}\n"
        f"  {len(known.tables)} 张数据表共 {rows} 行，{len(known.files)} 个文件，{size / 1_048_576:.1f} MB\n"
        f"  恢复时需要的钥匙：{'、'.join(known.key_ids) or '无'}（备份里不含钥匙）\n"
    )
    if taken.pruned:
        sys.stdout.write(f"  已删去旧备份：{'、'.join(taken.pruned)}\n")
    for line in taken.closed:
        sys.stderr.write(f"! {line}\n")
    if known.missing_files:
        sys.stderr.write(
            f"✗ 有 {len(known.missing_files)} 个文件在备份之前就已经丢失，清单里已注明（missing_files）。\n"
        )
        return 1
    return 3 if taken.closed else 0
