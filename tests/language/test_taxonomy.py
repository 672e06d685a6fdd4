"""Each label says what it means and where it ends; a border of a category gives sentences, and they are filed as it says."""

import json
import re

import pytest

from linli.language import CATEGORIES, INTENTS, understand
from linli.language.labels import DAILY, SENSITIVE
from linli.language.lexicon import DATA

TAXONOMY = json.loads((DATA / "taxonomy.json").read_text(encoding="utf-8"))
EXAMPLE = re.compile(r"\(([\u4e00-\u9fff，]+)\): (\w+)")
BORDERS = [(c["code"], *found) for c in TAXONOMY["categories"] for found in EXAMPLE.findall(c["border"])]


@pytest.mark.parametrize("head", ["intents", "kinds", "categories"])
def test_every_label_has_a_scope_and_a_border_that_names_another(head):
    codes = {*INTENTS, *DAILY, *SENSITIVE, *CATEGORIES}
    for label in TAXONOMY[head]:
        named = codes & set(re.findall(r"[a-z_]+", label["border"]))
        assert label["scope"] and named - ({label["code"]} if head != "categories" else set()) or label["code"] == "small_talk", label["code"]


def test_every_category_s_border_gives_a_sentence_beyond_it():
    assert {mine for mine, _, _ in BORDERS} == set(CATEGORIES) and all(mine != beyond for mine, _, beyond in BORDERS)
    assert {beyond for _, _, beyond in BORDERS} <= set(CATEGORIES)


@pytest.mark.parametrize(("mine", "words", "beyond"), BORDERS)
def test_what_lies_beyond_a_border_is_filed_there(mine, words, beyond):
    assert understand(words).category == beyond
