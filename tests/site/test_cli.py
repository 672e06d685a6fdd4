"""The `linli` command: what there is, what it refuses, and what it says then."""

import os
import stat
import subprocess
import sys

import pytest

from linli.site import cli, keys
from linli.site.supervisor import EX_CONFIG
from tests.house.walk import ROOT

GOOD = {"LINLI_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "LINLI_DATA_KEYS": "k1:" + bytes(range(32)).hex(), "LINLI_DEMO": ""}


def linli(*words, **env):
    given = {k: v for k, v in os.environ.items() if not k.startswith("LINLI_") and k != "DATABASE_URL"}
    given.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "linli.site.cli", *words], cwd=ROOT, env=given | env, capture_output=True, text=True, timeout=180
    )


def test_help_lists_every_command():
    said = linli("--help")
    assert said.returncode == 0 and all(name in said.stdout for name in cli.COMMANDS)
    assert linli().returncode == 2


def test_an_unknown_command_is_said_plainly():
    said = linli("fly")
    assert said.returncode == 2 and "no command `fly`" in said.stderr and "Traceback" not in said.stderr


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_each_command_tells_what_it_does(name, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    assert ended.value.code == 0 and f"linli {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"LINLI_SECRET_KEY": ""}, "LINLI_SECRET_KEY is not set"),
        ({"LINLI_SECRET_KEY": "abcdefghijklmno123"}, "too short"),
        ({"LINLI_SECRET_KEY": "a" * 60}, "too simple"),
        ({"LINLI_SECRET_KEY": "demo-" + "k3yOfTheDemo" * 6}, "is the demo's"),
        ({"LINLI_DATA_KEYS": ""}, "LINLI_DATA_KEYS is not set"),
        ({"LINLI_DATA_KEYS": "k1:1234"}, "64 hex digits"),
        ({"LINLI_DATA_KEYS": "demo1:" + bytes(range(32)).hex()}, "holds a demo key"),
        ({"LINLI_DATA_KEYS": "k1:" + "00" * 32}, "not random"),
    ],
)
def test_serve_refuses_bad_keys(change, word, tmp_path):
    for command in ("serve", "live"):
        said = linli(command, **GOOD | {"LINLI_VAR": str(tmp_path)} | change)
        assert said.returncode == EX_CONFIG and word in said.stderr and "linli init" in said.stderr
        assert "Traceback" not in said.stderr


def test_serve_refuses_a_database_without_its_tables(tmp_path):
    said = linli("work", LINLI_VAR=str(tmp_path), **GOOD)
    assert said.returncode == EX_CONFIG and "linli migrate" in said.stderr


def test_the_demo_has_keys_of_its_own_that_nobody_else_may_use(tmp_path, monkeypatch):
    made = keys.of_demo(tmp_path)
    assert made == keys.of_demo(tmp_path)
    assert stat.S_IMODE((tmp_path / "demo-keys").stat().st_mode) == 0o600
    for name, value in made.items():
        monkeypatch.setenv(name, value)
    assert len(keys.problems()) == 3
    monkeypatch.setenv("LINLI_DEMO", "1")
    assert keys.problems() == []


def test_fresh_keys_are_good(monkeypatch):
    for name, value in keys.fresh().items():
        monkeypatch.setenv(name, value)
    assert keys.problems() == []


def test_demo_reset_takes_only_a_demo(tmp_path):
    (tmp_path / "linli.sqlite3").write_text("real people")
    said = linli("demo-reset", LINLI_VAR=str(tmp_path))
    assert said.returncode == 1 and (tmp_path / "linli.sqlite3").exists()
    keys.of_demo(tmp_path)
    assert linli("demo-reset", LINLI_VAR=str(tmp_path)).returncode == 0
    assert not (tmp_path / "linli.sqlite3").exists() and not (tmp_path / "demo-keys").exists()
