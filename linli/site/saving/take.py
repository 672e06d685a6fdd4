"""Make one backup: snapshot, copy, count, files, manifest, proof; a folder has its final name only when it is whole."""

import re
import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from linli.kernel import clock
from linli.site.saving import check, manifest, postgres, ring, sqlite, vaults
from linli.site.saving.canon import TableSum
from linli.site.saving.manifest import Broken, Manifest

NAME = re.compile(r"linli-\d{8}-\d{6}(-\d+)?")
Snapshot = sqlite.Snapshot | postgres.Snapshot


@dataclass
class Taken:
    """What `take` made. `closed`: sealed data that the present keys do not open; the backup is whole all the same."""

    folder: Path
    manifest: Manifest
    pruned: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)


def version() -> str:
    """The product's version."""
    try:
        return metadata.version("linli")
    except metadata.PackageNotFoundError:
        return "unknown"


def of_entry(entry: dict[str, Any]) -> AbstractContextManager[Snapshot]:
    """A snapshot of the database of a DATABASES entry."""
    if entry["ENGINE"].endswith("sqlite3"):
        return sqlite.snapshot(Path(entry["NAME"]))
    return postgres.snapshot(postgres.conninfo(entry))


def take(into: Path, entry: dict[str, Any], files: Path, *, keep: int | None = None) -> Taken:
    """Back up a database and its files into a new folder below `into`, while people write. Raises Broken.

    keep: afterwards only so many of the newest backups stay there, this one among them.
    """
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    into = into.resolve()
    if files.resolve() in (into, *into.parents):
        raise Broken("备份不能放在正在使用的文件夹里面，请换一个地方（最好是另一块磁盘）。")
    _sweep(into)
    now = clock.local(clock.wall())
    final = _free(into, now.strftime("linli-%Y%m%d-%H%M%S"))
    part = into / f".{final.name}.part"
    part.mkdir(mode=0o700)
    try:
        known, samples = _write(part, now.isoformat(timespec="seconds"), entry, files, _newest(into))
        wrong = check.check(part)[1]
        if wrong:
            raise Broken("备份写完后核对不符：" + "；".join(wrong[:5]))
        part.rename(final)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    taken = Taken(final, known, closed=ring.closed(known.key_ids, samples))
    if keep is not None and not known.missing_files:
        taken.pruned = _prune(into, max(keep, 1))
    return taken


def _write(
    part: Path, made_at: str, entry: dict[str, Any], files: Path, before: tuple[Path, Manifest] | None
) -> tuple[Manifest, dict[str, str]]:
    known = Manifest(version=version(), made_at=made_at, vendor="")
    samples: dict[str, str] = {}
    with of_entry(entry) as snapshot:
        known.vendor = snapshot.vendor
        tables = snapshot.tables(ring.sealed_columns())
        if "django_migrations" not in tables:
            raise Broken("这个数据库里还没有 linli 的数据表，没有可备份的。")
        snapshot.copy_to(part)
        for name, columns in tables.items():
            total: TableSum = snapshot.sum(name, columns)
            known.tables[name] = {"rows": total.rows, "sha256": total.fingerprint(), "columns": columns}
            samples = total.samples | samples
        rows = snapshot.list("SELECT app, name FROM django_migrations ORDER BY app, name")
        known.migrations = [[str(a), str(n)] for a, n in rows]
        blobs = (
            [r[0] for r in snapshot.list("SELECT sha256 FROM files_blob")] if "files_blob" in tables else []
        )
    target = part / vaults.FOLDER
    target.mkdir(mode=0o700)
    known.missing_files = vaults.copy_all(blobs, files, target, before)
    known.files = vaults.look(target)
    of_files = {vaults.key_id(target / path) for path in known.files}
    known.key_ids = sorted(set(samples) | {k for k in of_files if k})
    path = part / snapshot.file
    known.database = {
        "file": path.name, "bytes": path.stat().st_size, "sha256": manifest.sha256_of(path),
    }  # fmt: skip
    known.write(part)
    return known, samples


def backups(into: Path) -> list[Path]:
    """The finished backups below a folder, oldest first."""
    return sorted(p for p in into.iterdir() if NAME.fullmatch(p.name) and (p / manifest.NAME).is_file())


def _newest(into: Path) -> tuple[Path, Manifest] | None:
    for path in reversed(backups(into)):
        try:
            return path, manifest.read(path)
        except Broken:
            continue
    return None


def _sweep(into: Path) -> None:
    """Halves that a killed backup left behind more than a day ago."""
    for path in into.glob(".linli-*.part"):
        if path.stat().st_mtime < clock.wall().timestamp() - 86_400:
            shutil.rmtree(path, ignore_errors=True)


def _free(into: Path, name: str) -> Path:
    path, n = into / name, 1
    while path.exists() or path.with_name(f".{path.name}.part").exists():
        n += 1
        path = into / f"{name}-{n}"
    return path


def _prune(into: Path, keep: int) -> list[str]:
    old = backups(into)[:-keep]
    for path in old:
        shutil.rmtree(path)
    return [p.name for p in old]
