"""The wheel: built without a network, holds the model, and what is unpacked from it understands."""

import base64
import csv
import hashlib
import os
import subprocess
import sys
import zipfile

import pytest

from tests.house.walk import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "pip", "wheel", "-q", "--no-index", "--no-deps", "--disable-pip-version-check", "-w", str(folder), str(ROOT)]
    subprocess.run(words, check=True, cwd=folder, timeout=300)
    return next(folder.glob("linli-*-py3-none-any.whl"))


def test_it_holds_the_model_and_the_front_end_and_nothing_of_the_machine(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"linli/language/model/weights.npz", "linli/language/model/card.json", "linli/ui/static/vendor/echarts.js"} <= names
    assert {"linli/knowledge/data/entries/people.csv", "linli/language/data/examples.tsv", "linli/ui/templates/ui/desk.html"} <= names
    assert all(n.startswith(("linli/", "linli-0.")) and "__pycache__" not in n and not n.endswith((".pyc", ".made")) for n in names)
    tracked = subprocess.run(["git", "ls-files", "linli"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    assert set(tracked) <= names


def test_its_record_names_each_file_with_its_digest(wheel):
    with zipfile.ZipFile(wheel) as opened:
        record = next(n for n in opened.namelist() if n.endswith(".dist-info/RECORD"))
        rows = {r[0]: r[1] for r in csv.reader(opened.read(record).decode().splitlines())}
        assert set(rows) == set(opened.namelist())
        for name, digest in rows.items():
            made = base64.urlsafe_b64encode(hashlib.sha256(opened.read(name)).digest()).rstrip(b"=").decode()
            assert name == record or digest == f"sha256={made}"


def test_what_is_unpacked_understands(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "lib")
    script = "import linli.site.cli as c; print(c.__file__); raise SystemExit(c.main(['classify', '3号楼2单元电梯又坏了']))"
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path / "lib"), "HOME": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path, env=env, timeout=120)
    assert str(tmp_path / "lib") in said.stdout and "intent appeal" in said.stdout and "电梯" in said.stdout
