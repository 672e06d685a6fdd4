"""Real processes: what dies is started again, and nothing outlives the one who started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.house.walk import ROOT

PROGRAM = """
import sys
from linli.site.supervisor import Child, Supervisor
code = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\\\n'); time.sleep(60) if len(sys.argv) < 3 else sys.exit(int(sys.argv[2]))"
children = [Child(name, [sys.executable, "-c", code, *words.split()]) for name, words in zip("ab", sys.argv[1:])]
sys.exit(Supervisor(children).run())
"""


@pytest.fixture
def supervise(tmp_path):
    """`supervise("one", "two 78")` → (the process, a function that waits for n starts of a child and gives their ids)."""
    started = []

    def start(*children):
        words = [f"{tmp_path}/{c}" for c in children]
        process = subprocess.Popen([sys.executable, "-c", PROGRAM, *words], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def starts(path: Path, count: int) -> list[int]:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = [int(n) for n in path.read_text().split()] if path.exists() else []
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError(f"only {found} of {count} starts")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except OSError:
        return False


def gone(*pids: int) -> bool:
    until = time.monotonic() + 20
    while any(alive(p) for p in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_a_dead_child_is_started_again_and_the_other_goes_on(supervise, tmp_path):
    supervise("one", "two")
    [one], [two] = starts(tmp_path / "one", 1), starts(tmp_path / "two", 1)
    os.kill(one, signal.SIGKILL)
    assert starts(tmp_path / "one", 2)[1] != one
    assert alive(two) and starts(tmp_path / "two", 1) == [two]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_all_end_when_it_is_told_to(supervise, tmp_path, how):
    process = supervise("one", "two")
    pids = starts(tmp_path / "one", 1) + starts(tmp_path / "two", 1)
    process.send_signal(how)
    assert process.wait(15) == 0 and gone(*pids)


def test_all_end_with_a_parent_that_is_killed(supervise, tmp_path):
    process = supervise("one", "two")
    pids = starts(tmp_path / "one", 1) + starts(tmp_path / "two", 1)
    process.kill()
    assert gone(*pids)


def test_a_child_that_cannot_start_so_ends_it_all(supervise, tmp_path):
    process = supervise("one", "two 78")
    assert process.wait(15) == 78 and gone(*starts(tmp_path / "one", 1))


def test_a_child_that_dies_again_and_again_is_started_ever_more_slowly(supervise, tmp_path):
    process = supervise("one 3")
    starts(tmp_path / "one", 3)
    time.sleep(1.0)
    assert len((tmp_path / "one").read_text().split()) <= 4
    process.terminate()
    process.wait(15)
    assert "ended with 3" in process.stderr.read()
