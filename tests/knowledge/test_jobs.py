"""Learning in the background: once per change of the base, never twice for the same, never longer than who began it."""

import subprocess
import sys
import time
from datetime import timedelta

import pytest

from linli.kernel import clock
from linli.knowledge import index, jobs
from linli.knowledge.models import Entry
from linli.language import apart

PARENT = """
import json, sys, time
from pathlib import Path
from linli.language import apart
entries = [(str(n), [f"第{n}件事怎么办", f"{n}号事项找谁办理"], "到窗口办") for n in range(400)]
print(apart.start_learning(entries, Path(sys.argv[1])).pid, flush=True)
time.sleep(0.5)
"""


@pytest.fixture
def few(cast, settings, tmp_path):
    """Two entries in force with wordings, and the learned file of nobody else."""
    settings.LINLI_LEARN, settings.LINLI_VAR = True, str(tmp_path)
    keep = [e.id for e in index.served().order_by("id")[:2]]
    Entry.objects.exclude(id__in=keep).delete()
    Entry.objects.update(wordings=["怎么弄这个", "这个找谁"])
    yield keep
    jobs._under_way.clear()


def started():
    return jobs._under_way.get("child")


def test_it_learns_once_per_change(few):
    jobs.learn_weights()
    child = started()
    assert child is not None and child.wait(timeout=300) == 0
    assert apart.mark_of(index.weights_file())
    jobs.learn_weights()
    assert started() is None, "nothing changed since, also for a worker that starts anew"
    Entry.objects.filter(id=few[0]).update(updated_at=clock.now() + timedelta(minutes=1))
    jobs.learn_weights()
    assert started() is not None
    started().wait(timeout=300)


def test_where_it_is_switched_off_nothing_starts(few, settings):
    settings.LINLI_LEARN = False
    jobs.learn_weights()
    assert started() is None and not index.weights_file().exists()


def test_it_ends_with_who_began_it(tmp_path):
    target = tmp_path / "weights.npz"
    said = subprocess.run([sys.executable, "-c", PARENT, str(target)], capture_output=True, text=True, check=True, timeout=120)
    pid = int(said.stdout)
    end = time.monotonic() + 30
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.1)
    assert not alive(pid) and not target.exists()


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
