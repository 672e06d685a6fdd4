"""`linli serve` as it is really started: one port, hashed static files, children that come back, a clean end."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.browser import free_port
from tests.house.walk import ROOT
from tests.site.test_cli import GOOD, linli
from tests.site.test_supervisor import alive, gone


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A port, and the process that serves on it."""
    var = tmp_path_factory.mktemp("serve")
    env = {k: v for k, v in os.environ.items() if not k.startswith("LINLI_") and k != "DATABASE_URL"}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    env |= GOOD | {"LINLI_VAR": str(var), "LINLI_PORT": str(port := free_port())}
    assert linli("migrate", **{k: v for k, v in env.items() if k.startswith("LINLI_")}).returncode == 0
    process = subprocess.Popen([sys.executable, "-m", "linli.site.cli", "serve"], cwd=ROOT, env=env, stderr=subprocess.PIPE)
    try:
        wait_for(port)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port):
    until = time.monotonic() + 60
    while True:
        try:
            return get(port, "/styleguide")
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.1)


def get(port, path, **headers):
    conn = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    conn.request("GET", path, headers=headers)
    answer = conn.getresponse()
    body = answer.read()
    conn.close()
    return answer.status, answer.headers, body


def children(pid):
    return [int(p) for t in Path(f"/proc/{pid}/task").iterdir() for p in (t / "children").read_text().split()]


def test_static_files_are_hashed_kept_for_ever_and_compressed(served):
    port, _ = served
    status, _, page = get(port, "/styleguide")
    names = re.findall(r"/static/[\w./-]+\.(?:css|js)", page.decode())
    assert status == 200 and names
    for name in names:
        assert re.search(r"\.[0-9a-f]{12}\.", name), f"{name} has no hash"
        status, headers, body = get(port, name, **{"Accept-Encoding": "gzip, br"})
        assert status == 200 and "immutable" in headers["cache-control"]
        assert headers["content-encoding"] == "gzip" and body[:2] == b"\x1f\x8b"
        assert get(port, name, **{"If-None-Match": headers["etag"]})[0] == 304
        assert get(port, name)[2][:2] != b"\x1f\x8b"
    assert get(port, "/static/../../linli.sqlite3")[0] == 404
    assert get(port, "/static/%2e%2e/linli.sqlite3")[0] == 404


def test_the_live_door_is_on_the_same_port(served):
    assert get(served[0], "/live?t=nonsense")[0] == 403


def test_a_page_that_is_not_there_says_so_in_chinese(served):
    status, _, body = get(served[0], "/nowhere/")
    assert status == 404 and "没有找到" in body.decode()


def test_a_killed_web_process_comes_back_and_all_end_together(served):
    port, process = served
    before = children(process.pid)
    assert len(before) == 2
    web = next(p for p in before if b"\0web\0" in Path(f"/proc/{p}/cmdline").read_bytes())
    os.kill(web, signal.SIGKILL)
    assert gone(web)
    assert wait_for(port)[0] == 200
    after = children(process.pid)
    assert len(after) == 2 and web not in after and all(map(alive, after))
    began = time.monotonic()
    process.terminate()
    assert process.wait(20) == 0 and gone(*after) and time.monotonic() - began < 8


def test_a_port_that_another_program_has_is_refused_at_once(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        told = linli("serve", **GOOD, LINLI_VAR=str(tmp_path), LINLI_PORT=str(other.getsockname()[1]))
    assert told.returncode == 78 and "LINLI_PORT" in told.stderr and "database" not in told.stderr
