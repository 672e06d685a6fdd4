"""Ten kills with -9 from outside: nothing lost, nothing doubled. `make crash` plays 200 on each database."""

import time

import pytest

from bench.crash import play
from linli.site.cluster import TemporaryCluster, programs
from tests.settings import DATABASE

KILLS = 10


def test_ten_kills_lose_and_double_nothing(tmp_path):
    seed = int(time.time())
    if DATABASE == "postgres":
        if programs() is None:
            pytest.skip("PostgreSQL is not installed")
        with TemporaryCluster(durable=True) as cluster:
            told = play(KILLS, seed, str(tmp_path), cluster.url())
    else:
        told = play(KILLS, seed, str(tmp_path), "")
    assert sum(told["kills"].values()) == KILLS
    counted = told["counted"]
    assert min(counted["messages"], counted["orders"], counted["answers"], counted["notices"], counted["warnings"]) > 0, counted
    assert {k: n for k, n in told["lost_by"].items() if n} == {}, f"seed {seed}"
    assert {k: n for k, n in told["doubled_by"].items() if n} == {}, f"seed {seed}"
