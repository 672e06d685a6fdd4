"""Files of judged sentences, and what training makes of them."""

import json

import pytest

from linli.language import examples, train
from linli.language.examples import Example
from linli.language.golden import golden
from linli.language.model import CARD, WEIGHTS

OTHER = [Example("今天天气好", "small_talk"), Example("路灯不亮", "appeal", "repair", "municipal"), Example("老年证怎么办", "question", "consult", "welfare")]


def test_what_is_written_is_read_again(tmp_path):
    file = tmp_path / "x.tsv"
    examples.write(file, [Example(" #3号楼\t电梯\n坏了", "appeal", "repair"), Example("\u200b\n", "appeal"), Example("早")])
    assert examples.read(file) == [Example("3号楼 电梯 坏了", "appeal", "repair", ""), Example("早")]


def test_an_unknown_label_is_refused(tmp_path, capsys):
    file = tmp_path / "x.tsv"
    for line, word in (("路灯不亮\tappeal\tlamp\t-\n", "lamp"), ("路灯不亮\tappeal\n", "columns")):
        file.write_text(line, encoding="utf-8")
        with pytest.raises(ValueError, match=word):
            examples.read(file)
        assert train.main(["--extra", str(file), "--out", str(tmp_path / "m")]) == train.EX_DATAERR
        assert word in capsys.readouterr().err
    assert not (tmp_path / "m").exists()


def test_the_later_judgement_stands_and_ours_gives_way():
    judged = [Example("路灯不亮", "small_talk"), Example("路灯不亮", "appeal", "safety", "municipal")]
    rows, extra = train.together(OTHER, judged)
    assert extra == 1 and rows[-1] == judged[-1] and len(rows) == 3


def test_golden_sentences_are_never_trained_on():
    assert not {g.text for g in golden()} & {e.text for e in examples.read()}


def test_the_command_makes_the_same_model_twice(tmp_path, monkeypatch):
    ours, read = examples.read()[::20], examples.read
    monkeypatch.setattr(examples, "read", lambda path=None: read(path) if path else ours)
    judged = tmp_path / "judged.tsv"
    examples.write(judged, [Example("小龙河的青苔又漫上来了", "appeal", "sanitation", "environment")])
    for name in "ab":
        assert train.main(["--extra", str(judged), "--out", str(tmp_path / name)]) == 0
    for file in (CARD, WEIGHTS):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    card = json.loads((tmp_path / "a" / CARD).read_text(encoding="utf-8"))
    assert (card["examples"], card["extra"]) == (len(ours) + 1, 1)
