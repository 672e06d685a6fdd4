"""Backup and restore on the database of the run: while people write, proved equal, a changed byte found."""

import json
import os
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from linli.accounts.actions import add_account
from linli.accounts.models import Account
from linli.files import vault
from linli.files.models import Blob
from linli.kernel import clock, crypto
from linli.kernel.actors import SYSTEM
from linli.ledger.models import Event
from linli.site import cli
from linli.site.saving import canon, manifest, postgres
from tests.settings import CLUSTER, DATABASE

pytestmark = pytest.mark.django_db(transaction=True)


def linli(*words: object) -> int:
    return cli.main([str(w) for w in words])


def keep(data: bytes) -> Blob:
    return Blob.objects.create(
        sha256=vault.put(data), size=len(data), media_type="audio/amr", created_at=clock.now()
    )


def only(folder: Path) -> Path:
    found = [p for p in folder.iterdir() if not p.name.startswith(".")]
    assert len(found) == 1
    return found[0]


@pytest.fixture
def elsewhere(tmp_path):
    """Arguments of an empty place on "another machine", and how to read the restored names of accounts there."""
    if DATABASE == "sqlite":

        def ask(query: str):
            with closing(sqlite3.connect(tmp_path / "new" / "linli.sqlite3")) as conn:
                return conn.execute(query).fetchall()

        yield ["--to", tmp_path / "new"], ask
        return
    info = f"host={CLUSTER} user=linli"
    name = f"other_{os.getpid()}"
    with psycopg.connect(f"{info} dbname=postgres", autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

        def ask(query: str):
            with psycopg.connect(f"{info} dbname={name}") as other:
                return other.execute(query).fetchall()

        yield ["--to", tmp_path / "new", "--database", f"postgresql://linli@/{name}?host={CLUSTER}"], ask
        conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_a_backup_is_whole_and_comes_back_equal_elsewhere(tmp_path, cast, elsewhere, capsys):
    where, ask = elsewhere
    blob = keep(b"#!AMR\n" + b"voice" * 100)
    assert linli("backup", tmp_path / "out") == 0
    made = only(tmp_path / "out")
    known = manifest.read(made)
    assert known.key_ids == ["test1"]
    assert known.tables["accounts_account"]["rows"] == Account.objects.count() > 20
    assert [p.name for p in (made / "files").rglob("*") if p.is_file()] == [blob.sha256]
    assert made.stat().st_mode & 0o777 == 0o700
    assert all(p.stat().st_mode & 0o077 == 0 for p in made.rglob("*") if p.is_file())
    key = crypto.ring().keys["test1"]
    for path in (p for p in made.rglob("*") if p.is_file()):
        held = path.read_bytes()
        assert key not in held and key.hex().encode() not in held and "赵晖".encode() not in held
    assert linli("restore", made, "--check") == 0
    assert linli("restore", made, *where) == 0
    assert "完全一致" in capsys.readouterr().out
    assert ask("SELECT count(*) FROM accounts_account")[0][0] == Account.objects.count()
    assert ask("SELECT count(*) FROM ledger_event")[0][0] == Event.objects.count()
    assert (tmp_path / "new" / "files").exists()
    # What is there already is never written over.
    assert linli("restore", made, *where) == 1
    assert "不会覆盖" in capsys.readouterr().err


def test_people_write_while_it_runs(tmp_path, cast, elsewhere):
    where, ask = elsewhere
    stop, made, slow = threading.Event(), [], []

    def write(n: int) -> None:
        try:
            for i in range(100_000):
                began = time.monotonic()
                keep(f"{n}-{i}".encode() * 50)
                made.append(add_account(by=SYSTEM, kind=Account.RESIDENT, name=f"写手{n}-{i}").id)
                slow.append(time.monotonic() - began)
                if stop.is_set():
                    return
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    try:
        while len(made) < 10:
            time.sleep(0.01)
        before = len(made)
        assert linli("backup", tmp_path / "out") == 0
        after = len(made)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert after > before, "nobody could write while the backup ran"
    assert linli("restore", only(tmp_path / "out"), *where) == 0
    known = manifest.read(only(tmp_path / "out"))
    # Each blob row of the snapshot has its file, and each account has its event: one moment, not a smear.
    assert len(known.files) == known.tables["files_blob"]["rows"] >= 3
    lonely = ask(
        "SELECT count(*) FROM accounts_account a WHERE NOT EXISTS"
        " (SELECT 1 FROM ledger_event e WHERE e.subject_id = a.id AND e.verb = 'accounts.add_account')"
    )
    assert lonely[0][0] == 0


def test_a_changed_byte_is_found(tmp_path, cast, capsys):
    keep(b"#!AMR\n" + b"x" * 1000)
    assert linli("backup", tmp_path / "out") == 0
    made = only(tmp_path / "out")
    for path in [p for p in made.rglob("*") if p.is_file()]:
        before = path.read_bytes()
        for at in (len(before) // 2, len(before) - 2):
            path.write_bytes(before[:at] + bytes([before[at] ^ 1]) + before[at + 1 :])
            assert linli("restore", made, "--check") == 1, f"{path.name}, byte {at}"
            assert linli("restore", made, "--to", tmp_path / "never") == 1
        path.write_bytes(before)
    assert not (tmp_path / "never").exists()
    assert linli("restore", made, "--check") == 0
    path = next(p for p in (made / "files").rglob("*") if p.is_file())
    path.unlink()
    capsys.readouterr()
    assert linli("restore", made, "--check") == 1
    assert path.name in capsys.readouterr().err


def test_rows_are_compared_and_not_only_the_file(tmp_path, cast):
    """Whoever changes a row and puts the file's hash right is found by the table's fingerprint."""
    assert linli("backup", tmp_path / "out") == 0
    made = only(tmp_path / "out")
    known = manifest.read(made)
    known.tables["grid_area"]["sha256"] = "0" * 64
    (made / manifest.NAME).unlink()
    known.write(made)
    assert linli("restore", made, "--check") == 1


def test_a_missing_key_is_named(tmp_path, cast, elsewhere, monkeypatch, capsys):
    where, _ = elsewhere
    assert linli("backup", tmp_path / "out", "--keys", tmp_path / "keys.env") == 0
    keys = tmp_path / "keys.env"
    assert keys.stat().st_mode & 0o777 == 0o600
    assert f"LINLI_DATA_KEYS={os.environ['LINLI_DATA_KEYS']}" in keys.read_text()
    monkeypatch.setenv("LINLI_DATA_KEYS", "other:" + "7a" * 32)
    assert linli("restore", only(tmp_path / "out"), *where) == 3
    assert "test1" in capsys.readouterr().err


def test_a_wrong_key_under_the_right_id_is_told(tmp_path, cast, monkeypatch, capsys):
    monkeypatch.setenv("LINLI_DATA_KEYS", "test1:" + "7a" * 32)
    assert linli("backup", tmp_path / "out") == 3
    assert "不是原来那一把" in capsys.readouterr().err


def test_keys_never_lie_with_the_backup(tmp_path, cast, capsys):
    assert linli("backup", tmp_path / "out", "--keys", tmp_path / "out" / "keys.env") == 1
    assert "--keys" in capsys.readouterr().err
    assert not (tmp_path / "out" / "keys.env").exists()


def test_old_backups_go_and_files_are_shared_between_those_that_stay(tmp_path, cast):
    blob = keep(b"#!AMR\n" + b"y" * 5000)
    for _ in range(4):
        assert linli("backup", tmp_path / "out", "--keep", 2) == 0
    left = sorted((tmp_path / "out").iterdir())
    assert len(left) == 2
    same = [p / "files" / blob.sha256[:2] / blob.sha256[2:4] / blob.sha256 for p in left]
    assert same[0].stat().st_ino == same[1].stat().st_ino
    assert same[0].stat().st_ino != vault.path_of(blob.sha256).stat().st_ino
    assert all(linli("restore", p, "--check") == 0 for p in left)


def test_a_file_that_was_lost_before_is_told(tmp_path, cast, capsys):
    blob = keep(b"#!AMR\n" + b"z" * 100)
    vault.path_of(blob.sha256).unlink()
    assert linli("backup", tmp_path / "out") == 1
    assert "丢失" in capsys.readouterr().err
    assert manifest.read(only(tmp_path / "out")).missing_files == [blob.sha256]


def test_a_backup_inside_the_living_files_is_refused(tmp_path, cast, capsys):
    assert linli("backup", Path(settings.LINLI_FILES) / "out") == 1
    assert "另一块磁盘" in capsys.readouterr().err


@pytest.mark.postgres
def test_without_pg_dump_the_error_says_what_to_install(tmp_path, cast, monkeypatch, capsys):
    monkeypatch.setattr(postgres.shutil, "which", lambda name: None)
    monkeypatch.setattr(postgres.Path, "glob", lambda self, pattern: iter(()))
    assert linli("backup", tmp_path / "out") == 1
    assert "postgresql-client" in capsys.readouterr().err
    assert not [p for p in os.listdir(tmp_path / "out") if p.startswith("linli-")]


def test_a_cut_manifest_and_a_foreign_folder_are_plain_errors(tmp_path, capsys):
    assert linli("restore", tmp_path, "--check") == 1
    assert "不是一份完整的备份" in capsys.readouterr().err
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 9, "seal": "x"}))
    assert linli("restore", tmp_path, "--check") == 1


# The same row, as SQLite stores it and as PostgreSQL's COPY writes it, has one form.
SAME = [
    ("uuid", "0193a1b2c3d47e5f8a9b0c1d2e3f4a5b", "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"),
    ("moment", "2026-03-02 02:00:00", "2026-03-02 02:00:00+00"),
    ("moment", "2026-03-02 02:00:00.120000", "2026-03-02 02:00:00.12+00"),
    ("moment", "2026-03-02 02:00:00.500000", "2026-03-02 10:00:00.5+08"),
    ("time", "20:00:00", "20:00:00"),
    ("bool", 1, "t"),
    ("bool", 0, "f"),
    ("int", 42, "42"),
    ("float", 0.1, "0.1"),
    ("float", 3.0, "3"),
    ("json", '{"v": 1, "a": [1, 2.5, null, "\\u6c49"]}', '{"a": [1, 2.5, null, "汉"], "v": 1}'),
    ("json", "{}", "{}"),
    ("text", "一行\n二行\t\\N", "一行\n二行\t\\N"),
    ("text", None, None),
    ("bytes", b"\x00\xff", "\\x00ff"),
]


@pytest.mark.parametrize(("kind", "in_sqlite", "in_postgres"), SAME)
def test_one_form_on_both_databases(kind, in_sqlite, in_postgres):
    sums = [canon.TableSum({"a": kind}), canon.TableSum({"a": kind})]
    sums[0].add_all([(in_sqlite,)])
    sums[1].add_all([(in_postgres,)])
    assert sums[0].fingerprint() == sums[1].fingerprint()


def test_copy_text_is_read_as_postgres_writes_it():
    assert canon.copy_line("a\\tb\t\\N\t\\\\N\t\tx\\ny") == ["a\tb", None, "\\N", "", "x\ny"]


def test_order_does_not_matter_and_each_row_does():
    def of(*rows):
        total = canon.TableSum({"a": "int", "b": "text"})
        total.add_all(rows)
        return total.fingerprint()

    assert of((1, "x"), (2, "y")) == of((2, "y"), (1, "x"))
    assert len({of(), of((1, "x")), of((1, "x"), (1, "x")), of((1, None)), of((1, "None"))}) == 5


def test_upload_path_is_covered(tmp_path, cast):
    """A picture stored by the action lies in the backup, readable again with the key."""
    data = b"#!AMR\n" + b"\x04" * 500
    blob = keep(data)
    assert linli("backup", tmp_path / "out") == 0
    settings.LINLI_FILES = only(tmp_path / "out") / "files"
    assert vault.get(blob.sha256) == data
