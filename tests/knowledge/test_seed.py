"""The entries that come with the product: enough of them, over all departments, each with its source; what is said of them is so."""

import re
from datetime import date

import pytest

from linli.knowledge import departments
from linli.knowledge.actions.seed import shipped, shipped_choices
from linli.knowledge.models import Entry
from tests.house.walk import ROOT


def read():
    return [r for r in shipped() if Entry.UNREAD not in r["source"] + r["article"]]


def test_at_least_three_hundred_over_every_department_each_once():
    rows = shipped()
    assert len(rows) >= 300 and len({r["code"] for r in rows}) == len({r["question"] for r in rows}) == len(rows)
    assert {r["department"] for r in rows} == set(departments.NAMES)


def test_each_source_that_was_read_says_which_edition_and_when():
    assert len(read()) >= 300
    for row in read():
        assert row["source"].strip() and row["article"].strip() and date.fromisoformat(row["read_on"]), row["code"]
    assert all(not r["read_on"] for r in shipped() if r not in read())


def test_a_question_back_leads_to_entries_that_are_there():
    codes = {r["code"] for r in shipped()}
    choices = [c for r in shipped() for c in shipped_choices(r)]
    assert choices and all(label and code in codes for label, code in choices)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "CHANGELOG.md"])
def test_the_pages_say_how_many_there_are_and_how_many_were_read(page):
    said = (ROOT / page).read_text(encoding="utf-8")
    line = next(part for part in said.split("\n- ") if re.search(r"\b538|538 条", part) or str(len(shipped())) in part)
    assert str(len(shipped())) in line and str(len(read())) in line and str(len(shipped()) - len(read())) in line
