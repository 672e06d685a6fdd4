"""PostgreSQL: one exported snapshot for pg_dump and for our own counting; people go on writing meanwhile."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from linli.site.database import driver_arguments
from linli.site.saving.canon import POSTGRES_TYPES, SEALED, TEXT, Columns, TableSum, copy_line
from linli.site.saving.manifest import Broken

FILE = "database.dump"
_COPY = re.compile(r'^COPY (?:"?\w+"?\.)?"?(\w+)"? \((.*)\) FROM stdin;$')


def program(name: str) -> str:
    """pg_dump or pg_restore: the newest that Debian installed, else the PATH's. Raises Broken when it is lacking."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: float(p.parts[-3]))
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        raise Broken(f"这台机器上没有 {name}。请先安装：apt-get install postgresql-client")
    return path


def conninfo(entry: dict[str, Any]) -> str:
    """A connection string from a DATABASES entry."""
    return make_conninfo(**driver_arguments(entry))


def _run(arguments: list[str], info: str) -> None:
    """A client program on that database; the password goes by the environment, where no `ps` shows it."""
    parts = conninfo_to_dict(info)
    environment = os.environ | {"PGTZ": "UTC"}
    if password := parts.pop("password", None):
        environment["PGPASSWORD"] = str(password)
    command = [program(arguments[0]), *arguments[1:], "--dbname", make_conninfo(**{k: str(v) for k, v in parts.items()})]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace")  # noqa: S603
    if done.returncode:
        raise Broken(f"{arguments[0]} 没有成功：{done.stderr.strip()[-600:]}")


class Snapshot:
    """The rows of a database as they were when the transaction began."""

    vendor = "postgresql"
    file = FILE

    def __init__(self, connection: psycopg.Connection, info: str):
        self.connection, self.info = connection, info

    def tables(self, sealed: set[tuple[str, str]]) -> dict[str, Columns]:
        """Every table of the current schema with its columns."""
        found: dict[str, Columns] = {}
        rows = self.connection.execute(
            "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'"
        ).fetchall()
        for table, column, kind in sorted(rows):
            kind = SEALED if (table, column) in sealed else POSTGRES_TYPES.get(kind, TEXT)
            found.setdefault(table, {})[column] = kind
        return found

    def sum(self, table: str, columns: Columns) -> TableSum:
        """Count and fingerprint one table."""
        total = TableSum(columns)
        names = sql.SQL(", ").join(sql.Identifier(c) for c in columns)
        query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(names, sql.Identifier(table))
        with self.connection.cursor() as cursor, cursor.copy(query) as copy:
            total.add_all(copy.rows())
        return total

    def list(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a small query."""
        return self.connection.execute(query).fetchall()  # type: ignore[call-overload]

    def copy_to(self, folder: Path) -> None:
        """pg_dump of this very snapshot, in its custom format."""
        row = self.connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        target = folder / FILE
        target.touch(mode=0o600, exist_ok=False)
        arguments = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(target)]
        _run([*arguments, f"--snapshot={row[0]}"], self.info)
        with target.open("rb") as handle:
            os.fsync(handle.fileno())


@contextmanager
def snapshot(info: str) -> Iterator[Snapshot]:
    """One read-only transaction over the database. Raises Broken when it cannot be reached."""
    try:
        connection = psycopg.connect(info, autocommit=True)
    except psycopg.OperationalError as exc:
        raise Broken(f"连不上数据库：{exc}") from exc
    with connection:
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Snapshot(connection, info)


def sums_of_backup(folder: Path, tables: dict[str, Columns]) -> dict[str, TableSum]:
    """Fingerprints of what really lies in the dump, read without any server. Raises Broken."""
    path = folder / FILE
    if not path.is_file():
        raise Broken(f"备份里缺少 {FILE}。")
    command = [program("pg_restore"), "--data-only", "--file=-", str(path)]
    sums = {name: TableSum(columns) for name, columns in tables.items()}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:  # noqa: S603
        assert reading.stdout is not None and reading.stderr is not None
        for line in reading.stdout:
            match = (
                _COPY.match(line.decode("utf-8", "replace").rstrip("\n"))
                if line.startswith(b"COPY ")
                else None
            )
            if match:
                total = sums.get(match[1])
                if total is None:
                    raise Broken(f"备份里多出一张表：{match[1]}。")
                names = [c.strip('"') for c in match[2].split(", ")]
                if sorted(names) != list(total.columns):
                    raise Broken(f"备份里 {match[1]} 的栏目和清单不符。")
                total.add_all(_rows(reading.stdout, [names.index(c) for c in total.columns]))
        told = reading.stderr.read().decode(errors="replace")
    if reading.returncode:
        raise Broken(f"备份里的数据库读不出来：{told.strip()[-400:]}")
    return sums


def _rows(lines: Any, order: list[int]) -> Iterator[list[str | None]]:
    for line in lines:
        text = line.decode("utf-8", "replace").removesuffix("\n")
        if text == "\\.":
            return
        values = copy_line(text)
        if len(values) != len(order):
            raise Broken("备份里的数据库有一行残缺。")
        yield [values[i] for i in order]
    raise Broken("备份里的数据库没有写完。")


def is_empty(info: str) -> bool:
    """No table at all in the current schema. Raises Broken when the database cannot be reached."""
    with snapshot(info) as there:
        return not there.tables(set())


def load(folder: Path, info: str) -> None:
    """pg_restore into an empty database, all or nothing."""
    arguments = ["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run([*arguments, str(folder / FILE)], info)
