"""The worker: works when there is something, sleeps else, survives its database."""

import threading
import time

import pytest
from django.db import OperationalError, connections

from linli.ledger import wake
from linli.site import worker as module
from linli.site.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def running(monkeypatch, settings, tmp_path):
    """`running(step)` starts a worker whose turn is `step`; it must end at once when told to."""
    settings.LINLI_RUN = tmp_path
    started = []

    def start(step):
        worker = Worker()
        monkeypatch.setattr(worker, "step", step)

        def work():
            worker.run()
            connections.close_all()

        thread = threading.Thread(target=work)
        thread.start()
        started.append((worker, thread))
        return worker

    yield start
    for worker, thread in started:
        began = time.monotonic()
        worker.stop()
        thread.join(5)
        assert not thread.is_alive() and time.monotonic() - began < 1
    assert not list(tmp_path.glob("work-*.sock"))


def wait(condition, seconds=5):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_it_is_woken_after_a_commit_and_not_only_each_second(running):
    turns = []
    running(lambda: turns.append(time.monotonic()) or 0)
    wait(lambda: len(turns) == 1)
    time.sleep(0.1)
    asleep = len(turns)
    wake.nudge_workers()
    wait(lambda: len(turns) > asleep, 0.5)


def test_it_looks_each_second_also_when_nobody_wakes_it(running):
    turns = []
    running(lambda: turns.append(1) or 0)
    wait(lambda: len(turns) >= 3, 4)


def test_it_goes_on_while_there_is_work(running):
    left = [50]
    running(lambda: left.append(left.pop() - 1) or (1 if left[0] > 0 else 0))
    wait(lambda: left[0] <= 0, 2)


def test_it_survives_a_database_that_goes_away_and_comes_back(running):
    turns = []

    def step():
        turns.append(1)
        if len(turns) < 3:
            raise OperationalError("gone")
        return 0

    worker = running(step)
    wait(lambda: len(turns) >= 3, 10)
    wait(lambda: worker._pause == 0.0)


def test_a_turn_that_fails_is_no_end(running):
    turns = []

    def step():
        turns.append(1)
        if len(turns) == 1:
            raise KeyError("a bug")
        return 0

    running(step)
    wait(lambda: len(turns) >= 2)


def test_one_turn_does_words_deliveries_and_what_is_due(monkeypatch):
    done = []
    monkeypatch.setattr(module.intake, "take_in", lambda limit: done.append("words") or 3)
    monkeypatch.setattr(module.delivery, "run_once", lambda: done.append("deliveries") or 4)
    monkeypatch.setattr(module.delivery, "run_periodics", lambda: done.append("due") or 1)
    worker = Worker()
    assert worker.step() == 7 and worker.step() == 7
    assert done == ["words", "deliveries", "due", "words", "deliveries"]
