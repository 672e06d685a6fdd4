"""Is a backup whole? Everything is read back from the disk: the database's rows, every file, the manifest's own seal."""

from pathlib import Path

from linli.site.saving import manifest, postgres, sqlite, vaults
from linli.site.saving.canon import Columns, TableSum
from linli.site.saving.manifest import Broken, Manifest


def columns_of(known: Manifest) -> dict[str, Columns]:
    """The columns that were hashed, by table."""
    return {name: dict(sorted(row["columns"].items())) for name, row in known.tables.items()}


def compare(known: Manifest, sums: dict[str, TableSum]) -> list[str]:
    """Tables that are not what the manifest says, each as a plain sentence."""
    found = []
    for name, row in known.tables.items():
        total = sums.get(name)
        if total is None:
            found.append(f"缺少数据表 {name}")
        elif total.rows != row["rows"]:
            found.append(f"数据表 {name} 应有 {row['rows']} 行，实有 {total.rows} 行")
        elif total.fingerprint() != row["sha256"]:
            found.append(f"数据表 {name} 的内容变了")
    return found


def bytes_differ(folder: Path, known: Manifest) -> list[str]:
    """Files that are missing or changed, by their bytes alone; quick enough before each restore."""
    path = folder / known.database["file"]
    found = []
    if not path.is_file():
        found.append(f"缺少数据库文件 {path.name}")
    elif manifest.sha256_of(path) != known.database["sha256"]:
        found.append(f"数据库文件 {path.name} 的内容变了")
    return found + vaults.differences(known.files, folder / vaults.FOLDER)


def rows_differ(folder: Path, known: Manifest) -> list[str]:
    """Tables whose rows, read back from the backup, are not those of the snapshot."""
    engine = sqlite if known.vendor == sqlite.Snapshot.vendor else postgres
    try:
        if engine is sqlite:
            sqlite.verify(folder / sqlite.FILE)
        return compare(known, engine.sums_of_backup(folder, columns_of(known)))
    except Broken as exc:
        return [str(exc)]


def check(folder: Path) -> tuple[Manifest, list[str]]:
    """The manifest, and everything that is wrong with the backup. Raises Broken when there is no readable manifest."""
    known = manifest.read(folder)
    return known, bytes_differ(folder, known) or rows_differ(folder, known)
