"""What runs apart finds what it finds here."""

import subprocess

import pytest

from linli.language import apart
from linli.language.events import Told, cluster

SAID = [
    ("1", "水泵", "3号楼的水泵半夜嗡嗡响，吵得睡不着", "2026-01-03"), ("2", "水泵", "3号楼水泵夜里嗡嗡响个不停", "2026-02-03"),
    ("3", "绿化", "绿化带的枯枝没有清走", "2026-01-05"), ("4", "水泵", "3号楼水泵半夜又嗡嗡响了，睡不着", ""),
]  # fmt: skip


def test_a_year_clustered_apart_is_the_clustering_that_is_judged():
    found = apart.clustered(SAID)
    assert found == cluster([Told(*row) for row in SAID]) and found[0] == [0, 1, 3]
    assert apart.clustered([]) == []


def test_a_process_that_fails_is_told_and_not_taken_for_nothing():
    with pytest.raises(subprocess.CalledProcessError):
        apart.clustered([("1", "水泵")])  # type: ignore[list-item]
