"""docs/install.md, walked: an empty folder, its own blocks, real processes, over HTTP to the first closed order."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from configparser import ConfigParser
from pathlib import Path

import psycopg
import pytest
from openpyxl import load_workbook
from psycopg import sql

from linli.site.cli import COMMANDS
from tests.settings import CLUSTER, DATABASE
from tests.site.district import fill, small
from tests.site.walker import Page, Person

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh (linli \w+|root)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
HOST = "linli.example.gov.cn"
PASSWORD = "a long password of my own"


def block(name: str) -> str:
    found = [text for mark, text in BLOCKS if mark == f"linli {name}"]
    assert len(found) == 1, f"docs/install.md must have one block `linli {name}`"
    return found[0]


class Machine:
    """A folder that plays the machine: the page's paths lead into it, its commands are run by a real shell."""

    def __init__(self, folder: Path, url: str):
        self.folder, self.url = folder, url
        for name in ("etc/linli", "var/lib/linli", "var/backups/linli", "bin"):
            (folder / name).mkdir(parents=True, mode=0o700)
        command = folder / "bin" / "linli"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m linli.site.cli "$@"\n')
        command.chmod(0o755)
        keep = ("PATH", "HOME", "LANG", "TMPDIR")
        self.env = {k: v for k, v in os.environ.items() if k in keep} | {"PYTHONPATH": str(ROOT)}
        self.env["PATH"] = f"{folder / 'bin'}:{self.env['PATH']}"
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            self.port = sock.getsockname()[1]
        self.env["LINLI_PORT"] = str(self.port)

    def here(self, text: str) -> str:
        text = text.replace("postgres://linli@/linli?host=/var/run/postgresql", self.url)
        return re.sub(r"(?<![\w.])/(etc|var/lib|var/backups)/linli\b", rf"{self.folder}/\1/linli", text)

    def shell(self, text: str, expect: int = 0) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.here(text)], cwd=self.folder, env=self.env, timeout=180,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == expect, f"{text}\n→ {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def run(self, *names: str, expect: int = 0) -> str:
        """The page's blocks, after the one that reads the settings."""
        return self.shell("\n".join([block("env"), *(block(n) for n in names)]), expect)

    def serve(self) -> subprocess.Popen[bytes]:
        log = (self.folder / "log").open("wb")
        text = self.here(block("env") + "exec " + block("serve"))
        return subprocess.Popen(
            ["bash", "-euc", text],
            cwd=self.folder,
            env=self.env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def log(self) -> str:
        return (self.folder / "log").read_text()


@pytest.fixture
def machine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("m")
    if DATABASE == "sqlite":
        yield Machine(folder, "")
        return
    name = f"walk_{os.getpid()}"
    with psycopg.connect(f"host={CLUSTER} user=linli dbname=postgres", autocommit=True) as conn:
        make = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
        conn.execute(sql.SQL(make).format(sql.Identifier(name)))
        # The run's cluster leaves the disk out for speed; an installation does not, and the doctor would say so.
        conn.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = on").format(sql.Identifier(name)))
        yield Machine(folder, f"postgres://linli@/{name}?host={CLUSTER}")
        conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def until(what, seconds: float = 20.0):  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        if time.monotonic() > end:
            return None
        time.sleep(0.1)


def welcome(machine: Machine, link: str) -> Person:
    """Open a one-time link, choose a password."""
    person = Person(machine.port, HOST)
    page = person.get(link.split(HOST, 1)[1])
    assert page.status == 200, page.text
    weak = person.send(page, page.form(name="password"), password="123", again="123")
    assert weak.status == 422
    home = person.send(page, page.form(name="password"), password=PASSWORD, again=PASSWORD)
    assert home.path.startswith("/desk/") and home.status == 200, (home.path, home.text[:500])
    again = Person(machine.port, HOST)
    page = again.get(link.split(HOST, 1)[1])
    if page.forms and page.status == 200:
        page = again.send(page, page.form(name="password"), password=PASSWORD, again=PASSWORD)
    assert page.status == 404, "a one-time link worked twice"
    return person


def order_of(person: Person) -> Page | None:
    """The first order on somebody's list."""
    page = person.get("/desk/orders/")
    assert page.status == 200, page.text[:500]
    found = re.search(r"/desk/orders/([0-9a-f-]{36})/", page.html)
    return person.get(f"/desk/orders/{found[1]}/") if found else None


def do(person: Person, page: Page, verb: str, **values: str) -> Page:
    """One step at the desk: the verb's form, filled in."""
    order = page.path.split("/orders/")[1].split("/")[0]
    at = f"/desk/orders/{order}/do/{verb}/"
    form = person.get(at)
    assert form.status == 200, f"{verb}: {form.text[:500]}"
    done = person.send(form, form.form(at), **values)
    assert done.status == 200 and "/do/" not in done.path, (
        f"{verb}: {done.status} {done.path} {done.text[:800]}"
    )
    return done


def test_from_an_empty_folder_to_the_first_closed_order(machine):
    machine.shell(block("keys"))
    if DATABASE == "postgres":
        machine.shell(block("postgres"))
    env = machine.folder / "etc/linli/linli.env"
    assert env.stat().st_mode & 0o777 == 0o600
    machine.run("template")
    fill(machine.folder / "var/lib/linli/district.xlsx", small())
    told = machine.run("init")
    admin = re.search(rf"https://{HOST}/welcome/\S+/", told)
    assert admin, told
    secrets = [line.split("=", 1)[1] for line in env.read_text().splitlines() if "KEY" in line]
    assert not any(s in told for s in secrets)
    said = machine.run("doctor", expect=0 if DATABASE == "sqlite" else 1)
    bad = [line for line in said.splitlines() if line.startswith("✗")]
    # Nothing is broken, but that the tests' PostgreSQL does not wait for the disk.
    assert all("断电会丢数据" in line for line in bad) and len(bad) == (DATABASE == "postgres"), said
    assert not any(s in said for s in secrets)

    server = machine.serve()
    try:
        guest = Person(machine.port, HOST)
        assert until(lambda: _answers(guest)), machine.log()
        _walk(machine, admin[0])
        assert "进程：后台处理在运行" in machine.shell(block("env") + "linli doctor || true")
        # Backup while it runs.
        said = machine.run("backup")
        assert "核对无误" in said and "备份完整" in said
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
    log = machine.log()
    assert "Traceback" not in log, log
    assert not any(word in log for word in ("电梯", "周阿姨", *secrets)), log
    var = machine.folder / "var/lib/linli/var"
    assert var.stat().st_mode & 0o077 == 0
    assert all(p.stat().st_mode & 0o077 == 0 for p in var.glob("linli.sqlite3*"))


def _answers(guest: Person) -> bool:
    try:
        return guest.get("/").status == 200
    except OSError:
        return False


def _walk(machine: Machine, admin: str) -> None:
    links = load_workbook(machine.folder / "var/lib/linli/links.xlsx")
    people = {r[0].value: r[3].value for r in links["人员"].iter_rows(min_row=2)}
    invites = {r[0].value: r[2].value for r in links["群"].iter_rows(min_row=2)}
    welcome(machine, admin)
    # In office hours the grid's worker, at night and on Sundays the street's officer: whoever is on duty now.
    workers = [welcome(machine, people[login]) for login in ("fang.lan", "lu.shan")]

    resident = Person(machine.port, HOST)
    page = resident.get(invites["青桐里3号楼"].split(HOST, 1)[1])
    talk = resident.send(page, page.form(name="nickname"), nickname="周阿姨")
    assert talk.path.startswith("/g/") and talk.status == 200, talk.text[:500]
    resident.send(talk, talk.form("/say/"), text="3号楼2单元电梯坏了")
    assert until(lambda: "已经告诉" in (t := resident.get(talk.path).text) or "收到" in t or "听到" in t), (
        resident.get(talk.path).text, machine.log(),
    )  # fmt: skip

    def on_duty() -> tuple[Person, Page] | None:
        for worker in workers:
            page = order_of(worker)
            if page and "accept" in page.html:
                return worker, page
        return None

    found = until(on_duty)
    assert found, [order_of(w).text[:600] if order_of(w) else None for w in workers]
    worker, order = found
    do(worker, order, "accept_order")
    do(worker, order, "answer_order", words="电梯公司已经出发，控制板要换，今天 20:00 前修好。")
    done = do(
        worker, order, "handle_order", words="控制板已经更换，电梯恢复运行，试运行十分钟正常。", ending="done"
    )
    assert "控制板已经更换" in done.text
    page = until(lambda: (p := resident.get("/mine/")) and "控制板已经更换" in p.text and p)
    assert page, resident.get("/mine/").text
    rated = resident.send(page, page.form("/rate/", "rating"), rating="satisfied")
    assert "满意" in rated.text
    closed = worker.get(order.path)
    assert closed.status == 200 and "已结束" in closed.text and "满意 1" in closed.text, closed.text[:600]


def test_serve_refuses_an_installation_without_good_keys(machine):
    """Secure by default: nothing is served with missing, short or demo keys, and not on an empty database."""
    (machine.folder / "etc/linli/linli.env").write_text(f"LINLI_VAR={machine.folder}/var/lib/linli/var\n")
    assert "LINLI_SECRET_KEY is not set" in machine.run("serve", expect=78)
    good = subprocess.run(
        [machine.folder / "bin/linli", "init", "--keys"], env=machine.env, capture_output=True, text=True
    )
    for bad in (
        "LINLI_SECRET_KEY=short",
        f"LINLI_SECRET_KEY=demo-{'x1y2z3' * 12}",
        "LINLI_DATA_KEYS=k1:abcd",
        "LINLI_DATA_KEYS=demo1:" + "5a" * 32,
    ):
        lines = f"LINLI_VAR={machine.folder}/var/lib/linli/var\n{good.stdout}{bad}\n"
        (machine.folder / "etc/linli/linli.env").write_text(lines)
        assert bad.split("=")[0] in machine.run("serve", expect=78)
    machine.run("init", expect=78)
    (machine.folder / "etc/linli/linli.env").write_text(
        f"LINLI_VAR={machine.folder}/var/lib/linli/var\n{good.stdout}"
    )
    (machine.folder / "var/lib/linli/var").mkdir()
    assert "linli migrate" in machine.run("serve", expect=78)


def test_every_block_is_sound_shell_and_names_real_commands():
    assert len(BLOCKS) > 12
    for _, text in BLOCKS:
        done = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
        assert done.returncode == 0, f"{text}\n{done.stderr}"
        for command in re.findall(r"(?:^|; |&& )linli ([a-z][a-z-]*)", text, re.MULTILINE):
            assert command in COMMANDS, command


def test_the_units_do_what_the_page_says():
    for name in ("linli.service", "linli-backup.service"):
        unit = ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str  # type: ignore[assignment, method-assign]
        unit.read(ROOT / "deploy" / name, encoding="utf-8")
        service = unit["Service"]
        assert service["EnvironmentFile"] == "/etc/linli/linli.env" and service["EnvironmentFile"] in PAGE
        program, command = service["ExecStart"].split()[:2]
        assert program == "/opt/linli/.venv/bin/linli" and program in PAGE and command in COMMANDS
        assert service["UMask"] == "0077" and service["NoNewPrivileges"] == "yes"
        assert "/var/lib/linli" in service["ReadWritePaths"]
    assert f"{block('backup').splitlines()[0]}" in (ROOT / "deploy/linli-backup.service").read_text().replace(
        "/opt/linli/.venv/bin/", ""
    )
    for name in ("Caddyfile", "nginx.conf"):
        text = (ROOT / "deploy" / name).read_text()
        assert (
            "/live" in text
            and HOST in text
            and ("flush_interval -1" in text or "proxy_buffering off" in text)
        )


def test_systemd_accepts_the_units(tmp_path):
    """Where systemd is; elsewhere the test above has read them."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze on this machine (Debian: apt-get install systemd)")
    for path in (ROOT / "deploy").glob("linli*"):
        shutil.copy(path, tmp_path)
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    told = [
        t
        for t in done.stderr.splitlines()
        if "linli" in t and "not executable" not in t and "Failed to" not in t
    ]
    assert not told, told
