"""SQLite: a snapshot is one read transaction; people go on writing meanwhile (write-ahead log)."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from linli.site.saving.canon import SEALED, Columns, TableSum, sqlite_kind
from linli.site.saving.manifest import Broken

FILE = "database.sqlite3"
_JSON = re.compile(r'JSON_VALID\("(\w+)"\)', re.IGNORECASE)


class Snapshot:
    """The rows of a database file as they were when it was opened."""

    vendor = "sqlite"
    file = FILE

    def __init__(self, connection: sqlite3.Connection):
        self.connection = connection

    def tables(self, sealed: set[tuple[str, str]]) -> dict[str, Columns]:
        """Every real table with its columns; indexes of word search and the like are made from them."""
        found: dict[str, Columns] = {}
        rows = self.connection.execute("PRAGMA main.table_list").fetchall()
        for name in sorted(r[1] for r in rows if r[2] == "table" and not r[1].startswith("sqlite_")):
            sql = self.connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()[
                0
            ]
            in_json = set(_JSON.findall(sql))
            kinds = {
                c[1]: SEALED if (name, c[1]) in sealed else sqlite_kind(c[2], c[1] in in_json)
                for c in self.connection.execute(f'PRAGMA table_info("{name}")')
            }
            found[name] = dict(sorted(kinds.items()))
        return found

    def sum(self, table: str, columns: Columns) -> TableSum:
        """Count and fingerprint one table."""
        total = TableSum(columns)
        names = ", ".join(f'"{c}"' for c in columns)
        total.add_all(self.connection.execute(f'SELECT {names} FROM "{table}"'))  # noqa: S608 - names of the schema
        return total

    def list(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a small query."""
        return self.connection.execute(sql).fetchall()

    def copy_to(self, folder: Path) -> None:
        """Write the snapshot as one plain database file, and let SQLite check it."""
        target = folder / FILE
        target.touch(mode=0o600, exist_ok=False)
        with closing(sqlite3.connect(target)) as copy:
            self.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            copy.execute("PRAGMA synchronous=FULL")
        verify(target)


@contextmanager
def snapshot(path: Path) -> Iterator[Snapshot]:
    """Open a database file for reading, as of now. Raises Broken when it is not there."""
    if not path.is_file():
        raise Broken(f"没有找到数据库文件 {path}。")
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute(
            "SELECT count(*) FROM sqlite_master"
        ).fetchone()  # the read lock is taken by the first read
        yield Snapshot(connection)


@contextmanager
def written(folder: Path) -> Iterator[Snapshot]:
    """The database file of a backup, never changed by looking at it."""
    path = folder / FILE
    if not path.is_file():
        raise Broken(f"备份里缺少 {FILE}。")
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True, isolation_level=None)) as connection:
        yield Snapshot(connection)


def sums_of_backup(folder: Path, tables: dict[str, Columns]) -> dict[str, TableSum]:
    """Fingerprints of what really lies in a backup. Raises Broken when the file cannot be read."""
    try:
        with written(folder) as there:
            return {name: there.sum(name, columns) for name, columns in tables.items()}
    except sqlite3.DatabaseError as exc:
        raise Broken(f"备份里的数据库读不出来：{exc}") from exc


def verify(path: Path) -> None:
    """SQLite's own check of pages and indexes. Raises Broken."""
    try:
        with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
            told = connection.execute("PRAGMA integrity_check(5)").fetchall()
    except sqlite3.DatabaseError as exc:
        raise Broken(f"数据库文件检查不通过：{exc}") from exc
    if told != [("ok",)]:
        raise Broken("数据库文件检查不通过：" + "；".join(str(t[0]) for t in told))
