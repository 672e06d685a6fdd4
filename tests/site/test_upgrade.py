"""`linli migrate` over a district as the first tables held it: nothing is lost, sealed is what was bare, added is what is new."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from linli.knowledge.actions.seed import shipped
from tests.settings import CLUSTER, DATABASE
from tests.site.older import PLACE, WORDS

ROOT = Path(__file__).resolve().parents[2]
#: counted anew from the orders, and folded into the stamps
ANEW = {"insight_cell", "calendars_version"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def own_database(tmp_path):
    """The environment of an installation of its own."""
    keep = ("PATH", "HOME", "LANG", "TMPDIR")
    env = {k: v for k, v in os.environ.items() if k in keep} | {
        "PYTHONPATH": str(ROOT), "LINLI_VAR": str(tmp_path), "LINLI_SECRET_KEY": "abcdefgh" * 8, "LINLI_DATA_KEYS": "k1:" + "0f" * 32,
        "DJANGO_SETTINGS_MODULE": "linli.site.settings",
    }  # fmt: skip
    if DATABASE == "sqlite":
        yield env
        return
    name = f"older_{os.getpid()}"
    with psycopg.connect(f"host={CLUSTER} user=linli dbname=postgres", autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'").format(sql.Identifier(name)))
        yield env | {"DATABASE_URL": f"postgres://linli@/{name}?host={CLUSTER}"}
        conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_from_the_first_tables_to_todays(own_database):
    done = subprocess.run([sys.executable, "-m", "tests.site.older"], env=own_database, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stderr.splitlines()[-1])
    assert found["code"] == 0 and found["again"] == 0, "no step is left"
    assert len(found["before"]) > 40 and all(found["before"].values()), "each of the first tables had a row"
    lost = {table for table, rows in found["before"].items() if found["after"].get(table, 0) < rows}
    assert lost <= ANEW
    assert found["message"] == found["voice"] == WORDS
    assert found["at_rest"].startswith("k1:") and "电梯" not in found["at_rest"]
    assert found["tokens"].startswith(PLACE) and "电梯" not in found["tokens"]
    assert found["step"] == "work"
    # What the product brings is there, what was the district's own is as it was.
    assert found["kind"] == "维修（本区叫法）" and found["kinds"] >= 20
    assert found["procedures"] == [[1, "superseded"], [2, "in_force"]] and found["documents"] >= 23
    assert found["entry"] == "锦绣路 8 号。" and found["entries"] == len(shipped()) + 1
