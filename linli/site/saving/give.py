"""Lay a backup into an empty place and prove it equal."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linli.site import database
from linli.site.saving import check, postgres, ring, sqlite, vaults
from linli.site.saving.manifest import Broken, Manifest, read
from linli.site.saving.take import of_entry


@dataclass
class Given:
    """What lies where now. `wrong`: how it differs from the backup; `closed`: keys that are missing or do not open."""

    manifest: Manifest
    var: Path
    database: str
    wrong: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)


def give(backup: Path, var: Path, url: str = "") -> Given:
    """Restore into the folder `var` (the new LINLI_VAR), for a PostgreSQL backup into the empty database of `url`.

    Raises Broken, before anything is written, when the backup is not whole or the place is not empty.
    """
    known = read(backup)
    if wrong := check.bytes_differ(backup, known):
        raise Broken("这份备份不完整，没有恢复：" + "；".join(wrong[:5]))
    entry = _entry(known, var, url)
    files = var / "files"
    if files.exists() and any(files.iterdir()):
        raise Broken(f"{files} 里已经有文件。请换一个空的地方，恢复不会覆盖已有的数据。")
    var.mkdir(parents=True, exist_ok=True, mode=0o700)
    if known.vendor == sqlite.Snapshot.vendor:
        target = Path(entry["NAME"])
        part = target.with_name(target.name + ".part")
        _copy(backup / known.database["file"], part)
        os.replace(part, target)
        shown = str(target)
    else:
        postgres.load(backup, postgres.conninfo(entry))
        shown = entry["NAME"]
    for path in known.files:
        (files / path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _copy(backup / vaults.FOLDER / path, files / path)
    given = Given(known, var, shown)
    _prove(given, entry, files)
    return given


def _entry(known: Manifest, var: Path, url: str) -> dict[str, Any]:
    """The empty database that takes the backup, as a DATABASES entry. Raises Broken."""
    if known.vendor == sqlite.Snapshot.vendor:
        if url.startswith("postgres"):
            raise Broken("这份备份来自 SQLite，只能恢复到 SQLite；请去掉 --database。")
        entry = database.parse(url, var)
        if Path(entry["NAME"]).exists():
            raise Broken(f"{entry['NAME']} 已经有数据库。请换一个空的地方，恢复不会覆盖已有的数据。")
        return entry
    if not url.startswith("postgres"):
        raise Broken("这份备份来自 PostgreSQL：请先建一个空数据库，再用 --database postgres://… 指给它。")
    entry = database.parse(url, var)
    if not postgres.is_empty(postgres.conninfo(entry)):
        raise Broken(f"数据库 {entry['NAME']} 里已经有数据表。请换一个空的数据库，恢复不会覆盖已有的数据。")
    return entry


def _copy(source: Path, target: Path) -> None:
    """A copy of one's own, on the disk when this returns; a link would tie the living file to the backup."""
    shutil.copyfile(source, target)
    target.chmod(0o600)
    with target.open("rb") as handle:
        os.fsync(handle.fileno())


def _prove(given: Given, entry: dict[str, Any], files: Path) -> None:
    known = given.manifest
    if known.vendor == sqlite.Snapshot.vendor:
        sqlite.verify(Path(entry["NAME"]))
    samples: dict[str, str] = {}
    with of_entry(entry) as there:
        present = set(there.tables(set()))
        extra = present - set(known.tables)
        sums = {n: there.sum(n, c) for n, c in check.columns_of(known).items() if n in present}
        for total in sums.values():
            samples = total.samples | samples
    given.wrong = check.compare(known, sums) + [f"多出数据表 {name}" for name in sorted(extra)]
    given.wrong += vaults.differences(known.files, files)
    given.closed = ring.closed(known.key_ids, samples)
