"""`linli evaluate`, `linli train`, `linli classify` on files that are brought along."""

import csv
import gzip
import json

import pytest

from linli.language.evaluation import scores
from linli.language.evaluation.files import BadFile, read_rows, text_columns, texts_of
from linli.language.examples import read
from linli.language.model import MODEL_DIR
from linli.language.train import build
from linli.site import cli

LIFT = ["电梯停在六楼不动", "电梯门关不上", "换了电梯按钮还是坏", "电梯里没有灯", "电梯年检过期了", "电梯晃得厉害"]
BUS = ["公交车等了一小时", "末班公交取消了", "公交站台没有雨棚", "公交司机不停靠", "这路公交太少", "公交卡刷不了"]


def write(path, rows):
    opened = gzip.open(path, "wt", encoding="utf-8", newline="") if path.suffix == ".gz" else path.open("w", encoding="utf-8-sig", newline="")
    with opened as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


@pytest.fixture
def labelled(tmp_path):
    rows = [{"row": str(i), "text": t, "label": name} for name, texts in (("梯", LIFT), ("车", BUS)) for i, t in enumerate(texts, 10 * (name == "车"))]
    return write(tmp_path / "train.csv.gz", rows)


def said(capsys, *words):
    code = cli.main(list(words))
    out = capsys.readouterr()
    return code, out.out, out.err


def test_rows_of_the_test_are_left_out_by_number_and_by_text(labelled, tmp_path, capsys):
    test = write(
        tmp_path / "test.csv",
        [
            {"row": "10", "title": "公交车", "body": "等了很久", "label": "车"},
            {"row": "", "title": LIFT[1], "body": "", "label": "梯"},
        ],
    )
    code, out, _ = said(capsys, "evaluate", "classify", "--train", labelled, "--test", test, "--json")
    found = json.loads(out)
    assert code == 0 and out.count("\n") == 1
    assert (found["left_out"], found["trained_on"], found["macro_f1"]) == (2, 10, 1.0)
    assert set(found["per_class"]) == {"梯", "车"} and found["ms_per_text"] > 0


def test_folds(labelled, capsys):
    code, out, _ = said(capsys, "evaluate", "classify", "--train", labelled, "--folds", "3", "--json")
    assert code == 0 and json.loads(out)["macro_f1"] > 0.6 and len(json.loads(out)["folds"]) == 3


def test_the_shipped_model_under_a_map(tmp_path, capsys):
    test = write(tmp_path / "t.csv", [{"title": "电梯又坏了", "label": "城建"}, {"title": "出租车拒载乱收钱", "label": "交通"}])
    mapping = write(tmp_path / "m.csv", [{"ours": "物业服务", "theirs": "城建"}, {"ours": "交通出行", "theirs": "交通"}])
    code, out, _ = said(capsys, "evaluate", "classify", "--test", test, "--map", mapping, "--json")
    assert code == 0 and json.loads(out)["macro_f1"] == 1.0
    wrong = write(tmp_path / "w.csv", [{"ours": "没有这类", "theirs": "城建"}])
    code, out, err = said(capsys, "evaluate", "classify", "--test", test, "--map", wrong, "--json")
    assert (code, out) == (65, "") and "没有这类" in err


def test_intent(tmp_path, capsys):
    appeals = write(tmp_path / "a.csv", [{"text": "3号楼电梯坏了没人修"}, {"text": "垃圾堆满了臭死了"}])
    chat = write(tmp_path / "c.csv", [{"text": "早上好"}, {"text": "晚饭吃了吗"}])
    questions = write(tmp_path / "q.csv", [{"text_seg": "老年证 怎么 办理"}])
    code, out, _ = said(capsys, "evaluate", "intent", "--appeals", appeals, "--chat", chat, "--questions", questions, "--json")
    found = json.loads(out)
    assert code == 0 and (found["auc"], found["recall_at_1pct"], found["macro_f1"]) == (1.0, 1.0, 1.0)


def test_events(tmp_path, capsys):
    body = "业主夜里睡不着,灰尘落满阳台。"
    rows = [{"id": str(i), "title": f"{name}小区旁边的搅拌站轰鸣", "body": body, "time": "2026/2/3 10:00:00"} for i, name in enumerate(["锦绣", "锦绣", "银河湾"])]
    messages = write(tmp_path / "m.csv", [*rows, {"id": "9", "title": "公交太少", "body": "等一小时", "time": ""}])
    gold = write(tmp_path / "g.csv", [{"event_id": e, "id": i} for i, e in (("0", "A"), ("1", "A"), ("2", "B"))])
    code, out, _ = said(capsys, "evaluate", "events", "--messages", messages, "--gold", gold, "--json")
    found = json.loads(out)
    assert code == 0 and (found["pair_auc"], found["b3_f"], found["false_merges"]) == (1.0, 1.0, 0)


def test_a_trained_model_classifies(labelled, tmp_path, capsys):
    out = str(tmp_path / "model")
    code, told, _ = said(capsys, "train", "--task", "category", "--data", labelled, "--out", out, "--json")
    assert code == 0 and json.loads(told)["rows"] == 12
    code, told, _ = said(capsys, "classify", "--model", out, "--json", "我们电梯又停了", "公交怎么还不来")
    assert [r["label"] for r in json.loads(told)["results"]] == ["梯", "车"]
    code, told, err = said(capsys, "classify", "--model", str(tmp_path / "none"), "x")
    assert (code, told) == (78, "") and "none" in err


def test_classify_by_the_shipped_model(capsys, tmp_path):
    code, out, _ = said(capsys, "classify", "臭死了，什么时候来清", "--json")
    assert json.loads(out)["results"][0]["category"] == "环境卫生"
    data = write(tmp_path / "d.csv", [{"title": "早上好", "body": ""}])
    code, out, _ = said(capsys, "classify", "--data", data)
    assert code == 0 and "small_talk" in out


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"a,label\n1,2\n", "no text column"), (b"\xff\xfe\x00", "cannot be read"), (b"\x1f\x8bxx", "cannot be read"), (b"text\nx\n", "label")],
)
def test_a_wrong_file_is_told_without_a_traceback(content, word, tmp_path, capsys):
    path = tmp_path / "wrong.csv"
    path.write_bytes(content)
    code, out, err = said(capsys, "train", "--task", "category", "--data", str(path), "--out", str(tmp_path / "m"))
    assert (code, out) == (65, "") and word in err and "Traceback" not in err


def test_text_columns_have_an_order(tmp_path):
    assert text_columns([{"text_seg": "a", "title": "b"}]) == ("title",)
    assert text_columns([{"title": "b", "body": "c", "text": "d"}]) == ("text",)
    assert texts_of([{"text_seg": "电梯 坏 了"}]) == ["电梯坏了"]
    assert texts_of([{"title": "电梯", "body": "坏了"}, {"title": "灯", "body": ""}]) == ["电梯。坏了", "灯"]
    with pytest.raises(BadFile):
        read_rows(tmp_path / "absent.csv")


def test_measures():
    assert scores.auc([2, 3], [1, 2]) == 0.875 and scores.auc([], [1]) == 0.5
    assert scores.macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx(2 / 3)
    assert scores.b_cubed([1, 1, 2], [5, 5, 5]) == pytest.approx(2 * (5 / 9) / (1 + 5 / 9))
    assert scores.recall_at([0.9, 0.1], [0.5] * 100, 0.01) == 0.5


def test_figures_for_people_are_tables_for_the_docs_too(capsys):
    code, out, _ = said(capsys, "evaluate", "golden")
    assert code == 0 and "### confusion, intent\n\n| true ↓ said → | appeal |" in out
    assert "### macro_f1\n\n|  |  |\n| --- | --- |\n| intent | 0." in out
    heads = [line for line in out.splitlines() if line.startswith("### heads")]
    assert heads == ["### heads, intent", "### heads, kind", "### heads, category", "### heads, urgency"]


def test_golden_takes_a_learned_model_and_tells_in_what_it_is_worse(tmp_path, capsys):
    code, out, err = said(capsys, "evaluate", "golden", "--model", str(tmp_path), "--json")
    assert (code, out) == (65, "") and "make setup" in err
    build([e for e in read()[::12] if e.intent != "emergency"], tmp_path / "m")
    code, out, _ = said(capsys, "evaluate", "golden", "--model", str(tmp_path / "m"), "--against", str(MODEL_DIR), "--json")
    worse = json.loads(out)["worse"]
    assert code == 0 and {"head": "intent", "label": "emergency", "measure": "recall"}.items() <= worse[0].items()
