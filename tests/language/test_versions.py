"""Learned models beside the shipped one: promoted, noticed by other processes, gone back from; a bad one harms nobody."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import linli.language
from linli.language import examples, train, understand, versions
from linli.language.model import CARD, MODEL_DIR, WEIGHTS, ModelMissing

FEW = examples.read()[::15]
WORD = "小龙河的青苔又漫上来了"


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """Two models, each trained on a few of our examples and one judgement from here."""
    folder = tmp_path_factory.mktemp("models")
    for name, judged in (("a", ("appeal", "sanitation", "environment")), ("b", ("small_talk", "", ""))):
        rows, extra = train.together(FEW, [examples.Example(WORD, *judged)])
        train.build(rows, folder / name, extra)
    return folder


@pytest.fixture
def home(tmp_path):
    versions.settle(tmp_path / "language")
    yield tmp_path / "language"
    versions.settle(None)


def test_without_a_promotion_the_shipped_model_is_used(home):
    assert versions.current(home) == versions.SHIPPED and versions.versions(home) == []
    assert versions.model().digest == json.loads((MODEL_DIR / CARD).read_text(encoding="utf-8"))["digest"]
    assert versions.model() is versions.model()


def test_a_promoted_model_decides_the_next_message_and_can_be_gone_back_from(home, learned):
    a = versions.promote(learned / "a", home)
    assert (versions.current(home), understand(WORD).intent) == (a, "appeal")
    b = versions.promote(learned / "b", home)
    assert (versions.current(home), understand(WORD).intent) == (b, "small_talk")
    assert {(v.name, v.extra) for v in versions.versions(home)} == {(a, 1), (b, 1)}
    assert versions.back(home) == a and understand(WORD).intent == "appeal"
    assert versions.back(home) == versions.SHIPPED and versions.back(home) == versions.SHIPPED
    assert versions.model().examples > len(FEW) + 1


def test_promoting_twice_is_promoting_once(home, learned):
    name = versions.promote(learned / "a", home)
    assert versions.promote(learned / "a", home) == name
    assert versions.back(home) == versions.SHIPPED


def test_another_process_notices_the_change(home, learned):
    code = (
        "import sys; from pathlib import Path; from linli.language import versions\n"
        "versions.settle(Path(sys.argv[1])); print(versions.model().digest[:12], flush=True)\n"
        "sys.stdin.readline(); print(versions.model().digest[:12], flush=True)"
    )
    root = Path(linli.language.__file__).parents[2]
    other = subprocess.Popen([sys.executable, "-c", code, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)
    assert other.stdin and other.stdout
    before = other.stdout.readline().strip()
    name = versions.promote(learned / "a", home)
    told, _ = other.communicate("\n")
    assert before == versions.model().digest[:12] or before != name
    assert told.strip() == name != before


def test_a_damaged_model_is_not_promoted(home, learned, tmp_path):
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in (CARD, WEIGHTS):
        (broken / file).write_bytes((learned / "a" / file).read_bytes()[:200])
    with pytest.raises(ModelMissing):
        versions.promote(broken, home)
    assert versions.current(home) == versions.SHIPPED


def test_a_version_that_breaks_later_is_passed_over(home, learned):
    name = versions.promote(learned / "a", home)
    whole = (home / name / WEIGHTS).read_bytes()
    for damaged in (b"", b"PK\x03\x04", whole[: len(whole) // 2], whole[:2000] + b"\x00" * 5000 + whole[7000:]):
        (home / name / WEIGHTS).write_bytes(damaged)
        versions.settle(home)
        assert versions.model().examples > len(FEW) + 1, "understanding goes on with the shipped model"
    (home / versions.POINTER).write_bytes(b"../../etc\n\xff")
    assert versions.current(home) == versions.SHIPPED and versions.model()


def test_versions_of_other_examples_are_outdated(home, learned):
    versions.promote(learned / "a", home)
    assert [v.outdated for v in versions.versions(home)] == [True], "trained on a part of our examples only"
