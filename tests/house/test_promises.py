"""docs/promises.md: a row per line of an issue, with the test or command that shows it. No row may point at nothing."""

import ast
import re

import pytest

from tests.house.walk import ROOT

PAGE = ROOT / "docs" / "promises.md"
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
COMMAND = re.compile(r"`(make [\w-]+|linli [\w-]+)[^`]*`")


def rows():
    """(line number, text) of the table's rows."""
    if not PAGE.exists():
        return []
    lines = enumerate(PAGE.read_text(encoding="utf-8").splitlines(), 1)
    return [(n, line) for n, line in lines if line.startswith("| ") and not re.match(r"\| (-|Promise|:)", line)]


def test_there_is_a_page_of_promises():
    assert PAGE.exists()


@pytest.mark.parametrize("number,line", rows(), ids=lambda v: f"line{v}" if isinstance(v, int) else "")
def test_a_promise_points_at_something_that_exists(number, line):
    tests, commands = TEST.findall(line), COMMAND.findall(line)
    assert tests or commands, f"docs/promises.md:{number} names neither a test nor a command"
    for path, name in tests:
        assert (ROOT / path).exists(), f"docs/promises.md:{number}: no {path}"
        if name:
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            names = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
            assert name in names, f"docs/promises.md:{number}: {path} has no {name}"
    for command in commands:
        tool, word = command.split()
        source = (ROOT / ("Makefile" if tool == "make" else "linli/site/cli.py")).read_text()
        wanted = rf"^{word}:" if tool == "make" else rf'"{word}"'
        assert re.search(wanted, source, re.MULTILINE), f"docs/promises.md:{number}: no `{command}`"
