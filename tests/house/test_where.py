"""docs/where.md: whoever asks "where is it?" is sent to something that is there, and is sent once."""

import re

from tests.house.walk import ROOT

PAGE = (ROOT / "docs" / "where.md").read_text(encoding="utf-8")
PATH = re.compile(r"`((?:linli|tests|docs|bench|tools|deploy)/[\w/.*-]*)`")


def test_every_path_exists():
    paths = PATH.findall(PAGE)
    assert len(paths) > 100
    assert not [p for p in paths if not list(ROOT.glob(p.rstrip("/")))]


def test_no_question_is_asked_twice():
    asked = [re.sub(r"\W", "", line.split("|")[1].lower()) for line in PAGE.splitlines() if line.startswith("| ")]
    answers = [tuple(sorted(set(PATH.findall(line)))) for line in PAGE.splitlines() if line.startswith("| ")]
    assert len(asked) == len(set(asked))
    several = [a for a in answers if len(a) > 1]
    assert len(several) == len(set(several)), "two rows give the same answer"
