"""What every test may use: `cast`, `at`, `deliver`, `site` and `page`; and the run's own rules about skipping.

A test says `@pytest.mark.django_db` (or uses `cast`) for the database; `transaction=True` when threads or commits matter.
"""

import dataclasses
import os
import pickle
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import ClassVar

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from pytest_django.plugin import blocking_manager_key

from linli.demo import cast as demo_cast
from linli.kernel import clock, heap
from linli.ledger import delivery
from linli.site.cluster import Missing, TemporaryCluster
from tests.databases import STAGE, forget, watch_writes
from tests.insight.scene import ENDS
from tests.insight.scene import march as march_scene
from tests.lessons.school import School
from tests.settings import CLUSTER, DATABASE, ROOT, SCRATCH, WORKER

pytest_plugins = ["tests.browser"]
MONDAY = datetime(2026, 3, 2, 10)
NO_SKIP = os.environ.get("LINLI_NO_SKIP") == "1"
_missing = pytest.StashKey[str]()
_cluster = pytest.StashKey[TemporaryCluster]()
_counts: Counter[str] = Counter()
_tests = count()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """The first process starts the cluster; xdist's workers are given its address by the environment. Tests' folders have short
    names, as a socket's may have 107 characters."""
    config.option.basetemp = config.option.basetemp or str(SCRATCH / "p")
    config.stash[_missing] = os.environ.get("LINLI_TEST_MISSING", "")
    if DATABASE == "postgres" and not _is_worker(config) and not config.option.collectonly:
        cluster = config.stash[_cluster] = TemporaryCluster(CLUSTER)
        try:
            cluster.start()
        except Missing as exc:
            config.stash[_missing] = os.environ["LINLI_TEST_MISSING"] = str(exc)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind, also after a failure."""
    if not _is_worker(config):
        if cluster := config.stash.get(_cluster, None):
            cluster.stop()
        for folder in (ROOT, SCRATCH):
            shutil.rmtree(folder, ignore_errors=True)


def _load_cast() -> None:
    with clock.frozen(MONDAY - timedelta(days=1)):
        demo_cast.load()


#: scenes: a test asks for one by the fixture of this name
_SCENES = {"march": march_scene}


def _kind(item: pytest.Item) -> str:
    names = set(getattr(item, "fixturenames", ()))
    if scene := names & set(_SCENES):
        return scene.pop()
    if "cast" in names:
        return "cast"
    if item.get_closest_marker("django_db") or names & {"db", "transactional_db", "site", "page"}:
        return "empty"
    return ""


def _transactional(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or bool(mark and mark.kwargs.get("transaction"))  # type: ignore[attr-defined]


#: tests there start processes of their own, with the run's database
_PROCESSES = ("tests/site/", "tests/demo/", "tests/ledger/", "tests/house/")


def _not_here(item: pytest.Item) -> bool:
    """Browsers run on SQLite, races on PostgreSQL; what may touch no database (pytest-django would stop it) is said once."""
    if DATABASE != "postgres":
        return item.get_closest_marker("postgres") is not None
    if item.get_closest_marker("once"):
        return True
    return item.get_closest_marker("browser") is not None or (not _kind(item) and not item.nodeid.startswith(_PROCESSES))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long ones (threads, servers) first, so that no worker is left alone with one at the end; like databases beside
    each other; what this database cannot run, or another one has said already, is left out."""
    gone = [item for item in items if _not_here(item)]
    config.hook.pytest_deselected(items=gone)
    items[:] = sorted((i for i in items if i not in gone), key=lambda i: (not _transactional(i), _kind(i)))
    for item in items:
        if config.stash[_missing] and _kind(item):
            item.add_marker(pytest.mark.skip(reason=config.stash[_missing]))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Lay the database that the test asks for, before its fixtures run."""
    kind = _kind(item)
    if not kind or any(mark.name == "skip" for mark in item.iter_markers()):
        return
    forget()
    with item.session.config.stash[blocking_manager_key].unblock():
        STAGE.want(kind, {"cast": _load_cast, **_SCENES})
    if _transactional(item):
        STAGE.now = ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):  # type: ignore[no-untyped-def]
    """Where nothing may be lacking (LINLI_NO_SKIP=1), a skip is a failure; private data may be absent anywhere."""
    report = yield
    if report.skipped and NO_SKIP and not hasattr(report, "wasxfail") and not item.get_closest_marker("shared_data"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which LINLI_NO_SKIP=1 forbids: {report.longrepr}"
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count for the run's last line."""
    if report.when == "call" or report.outcome != "passed":
        _counts[report.outcome] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line that `.ci/run` reads."""
    ran = _counts["passed"] + _counts["failed"]
    terminalreporter.write_line(
        f"linli tests on {DATABASE}: {ran} ran / {_counts['skipped']} skipped / {_counts['failed']} failed"
    )


def pytest_collection_finish() -> None:
    """All tests are loaded, as in a process of the product all code is."""
    heap.settle()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None) -> Iterator[None]:
    """The databases are laid by `pytest_runtest_setup`; nothing is left to do for pytest-django, nor to empty tables."""
    TransactionTestCase._fixture_teardown = lambda self: None  # type: ignore[method-assign]
    watch_writes()
    yield
    connections.close_all()


class _Copy(demo_cast.Cast):
    """A cast for one test: found once in a process (its rows are of the snapshot), each part copied when it is asked for."""

    __slots__ = ()
    found: ClassVar[dict[str, bytes]] = {}

    def __getattr__(self, name: str):  # type: ignore[no-untyped-def]
        if name not in self.found:
            raise AttributeError(name)
        setattr(self, name, pickle.loads(self.found[name]))
        return getattr(self, name)


@pytest.fixture
def cast(db):  # type: ignore[no-untyped-def]
    """The demo's named people and places: a fresh `linli.demo.cast.Cast`."""
    if not _Copy.found:
        cast = demo_cast.find()
        _Copy.found = {f.name: pickle.dumps(getattr(cast, f.name)) for f in dataclasses.fields(cast)}
    return object.__new__(_Copy)


@pytest.fixture
def at() -> Iterator[clock.Frozen]:
    """The clock stands at Monday 2 March 2026, 10:00 in China, until `at.move(minutes=5)` or `at.set(…)`."""
    with clock.frozen(MONDAY) as frozen:
        yield frozen


@pytest.fixture
def march(cast, at) -> None:  # type: ignore[no-untyped-def]
    """The cast after a busy March 2026, on its 29th at 10:00: see tests/insight/scene.py."""
    at.set(ENDS)


@pytest.fixture
def deliver():  # type: ignore[no-untyped-def]
    """`deliver()` runs every delivery that is due."""
    return delivery.deliver_all


@pytest.fixture
def school(tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    """Learning that really learns, from few sentences and at once: see tests/lessons/school.py."""
    with School(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture(autouse=True)
def _own_files():  # type: ignore[no-untyped-def]
    """Files, sockets and phone codes of a test go to its own folder, which is made by whoever puts something there."""
    before = settings.LINLI_FILES
    settings.LINLI_FILES = ROOT / WORKER / "files" / str(next(_tests))
    yield
    settings.LINLI_FILES = before
