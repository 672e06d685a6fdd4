"""Issue "Understanding" §3: train, classify, ask, evaluate need no database, no settings and no secret, not even a home."""

import csv
import json
import os
import subprocess
import sys

import pytest

from tests.house.walk import ROOT


@pytest.fixture
def linli(tmp_path):
    """`linli("ask", …)` in an environment of nothing but PATH; what it wrote, as JSON. Its empty home stays empty."""
    home, env = tmp_path / "home", {}
    home.mkdir()
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*words):
        command = [sys.executable, "-m", "linli.site.cli", *words, "--json"]
        said = subprocess.run(command, capture_output=True, text=True, check=False, cwd=home, env=env, timeout=300)
        assert said.returncode == 0, said.stderr
        assert said.stdout.count("\n") == 1, "exactly one JSON object on standard output, all else on standard error"
        return json.loads(said.stdout)

    yield run
    assert list(home.iterdir()) == []


def test_classify(linli):
    found = linli("classify", "3号楼2单元电梯又坏了，老人下不去楼")
    assert "appeal" in json.dumps(found) and "电梯" in json.dumps(found, ensure_ascii=False)


def test_ask(linli):
    found = linli("ask", "老年证怎么办？")["results"][0]
    assert found["verdict"] == "answer" and found["source"]


def test_train_and_evaluate(linli, tmp_path):
    texts = {"appeal": ["灯坏了", "电梯停了", "垃圾没人收", "水管漏了"], "small_talk": ["早上好", "谢谢大家", "吃了吗", "下雨了"]}
    file = tmp_path / "rows.csv"
    with file.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([("text", "label"), *((t, name) for name, ts in texts.items() for t in ts)])
    linli("train", "--task", "intent", "--data", str(file), "--out", str(tmp_path / "model.npz"))
    assert list(tmp_path.glob("model*"))
    found = linli("evaluate", "classify", "--train", str(file), "--folds", "2")
    assert {"macro_f1", "accuracy", "per_class", "ms_per_text", "left_out"} <= set(found)


def test_evaluate_answer_has_its_keys(linli, tmp_path):
    def table(name, heading, *rows):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows([heading, *rows])
        return str(path)

    kb = table("kb.csv", ("kb_id", "question", "answer"), ("a", "老年证怎么办", "去服务站"), ("b", "居住证怎么办", "去派出所"), ("c", "物业费怎么交", "找物业"))
    wordings = table("w.csv", ("kb_id", "query"), ("a", "办老年证要带什么"), ("b", "居住证在哪里办"))
    queries = table("q.csv", ("kb_id", "query"), ("a", "老年证咋办"), ("b", "居住证哪儿办"))
    unknown = table("u.csv", ("question",), ("健康证怎么办",), ("外星人落户",))
    found = linli("evaluate", "answer", "--kb", kb, "--wordings", wordings, "--queries", queries, "--unanswerable", unknown)
    assert {"hit1", "hit3", "mrr10", "refusal_auc", "p50_ms", "p99_ms", "mb"} <= set(found)
    assert found["hit1"] == found["mrr10"] == 1.0
