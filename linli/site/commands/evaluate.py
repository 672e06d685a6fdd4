"""`linli evaluate`: figures of the very objects that the product runs, on files that are brought along."""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

from linli.language.evaluation.files import BadFile
from linli.language.model import ModelMissing
from linli.site.cli import evaluation

EX_USAGE, EX_DATAERR = 64, 65
# what: (what it judges, {option: (needed?, what it holds)}).
WHAT: dict[str, tuple[str, dict[str, tuple[bool, str]]]] = {
    "classify": (
        "labels of texts: --train and --test, --train alone in folds, or --test and --map for the shipped model",
        {
            "train": (False, "CSV with text columns and `label`"),
            "test": (False, "CSV with text columns and `label`"),
            "map": (False, "CSV with columns ours,theirs: judges the shipped model"),
            "folds": (False, "number of folds when there is no --test (default 5)"),
        },
    ),
    "answer": (
        "answers from a knowledge base",
        {
            "kb": (True, "CSV kb_id,question,answer"),
            "queries": (True, "CSV kb_id,query"),
            "wordings": (False, "CSV kb_id,query: other wordings that are learned"),
            "unanswerable": (False, "CSV question: what must be refused"),
        },
    ),
    "intent": (
        "appeals, chat and questions before the shipped model",
        {
            "appeals": (True, "CSV with text columns"),
            "chat": (True, "CSV with text columns"),
            "questions": (False, "CSV with text columns (or `query`, `question`)"),
        },
    ),
    "events": (
        "groups of one place and one event in a year of messages",
        {"messages": (True, "CSV id,title,body,time"), "gold": (True, "CSV event_id,id")},
    ),
    "golden": (
        "a model on the project's kept sentences",
        {
            "model": (False, "folder of a learned model (default: the shipped one)"),
            "against": (False, "folder of another model: in what is this one worse?"),
        },
    ),
}
RENAMED = {"map": "mapping"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """classify|answer|intent|events|golden with files, and --json"""
    kinds = parser.add_subparsers(dest="what", required=True, metavar="|".join(WHAT))
    for what, (about, options) in WHAT.items():
        sub = kinds.add_parser(what, help=about, description=about)
        for name, (needed, holds) in options.items():
            if name == "folds":
                sub.add_argument("--folds", type=int, default=5, metavar="N", help=holds)
            else:
                sub.add_argument(f"--{name}", default="", required=needed, metavar="FILE", help=holds)
        sub.add_argument("--json", action="store_true", help="exactly one JSON object on standard output")


def run(args: argparse.Namespace) -> int:
    """Prints the figures; 65 when a file is not what it should be."""
    options = {RENAMED.get(name, name): getattr(args, name) for name in WHAT[args.what][1]}
    try:
        found = evaluation(args.what)(**options)
    except (BadFile, ModelMissing, ValueError) as error:
        sys.stderr.write(f"linli evaluate {args.what}: {error}\n")
        return EX_DATAERR
    sys.stdout.write((json.dumps(rounded(found), ensure_ascii=False) if args.json else table(found)) + "\n")
    return 0


def rounded(value: Any) -> Any:
    """The same value with every fraction at five digits after the point."""
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, Mapping):
        return {str(k): rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, (list, tuple)) else value


def table(found: Mapping[str, Any]) -> str:
    """Figures for people, in Markdown, so that docs/understanding.md can hold them as they are: one line each, tables below."""
    plain = {k: v for k, v in found.items() if not isinstance(v, Mapping)}
    lines = [f"{k}: {shown(v)}" for k, v in plain.items()]
    for name, inner in found.items():
        if isinstance(inner, Mapping) and inner:
            lines += section(name, inner)
    return "\n".join(lines)


def section(name: str, inner: Mapping[str, Any]) -> list[str]:
    """A heading and the table under it; a mapping of tables becomes one section for each."""
    values = list(inner.values())
    if all(isinstance(v, Mapping) and v and all(isinstance(x, Mapping) for x in v.values()) for v in values):
        return [line for key, value in inner.items() for line in section(f"{name}, {key}", value)]
    if not all(isinstance(v, Mapping) for v in values):
        return ["", f"### {name}", "", *grid(["", ""], [[k, shown(v)] for k, v in inner.items()])]
    columns = list(dict.fromkeys(column for v in values for column in v))
    rows = [[key, *(shown(v[c]) if c in v else "" for c in columns)] for key, v in inner.items()]
    return ["", f"### {name}", "", *grid([BY.get(name.split(",")[0], ""), *columns], rows)]


BY = {"confusion": "true ↓ said →"}


def grid(head: list[str], rows: list[list[str]]) -> list[str]:
    """A Markdown table."""
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def shown(value: Any) -> str:
    """A fraction with three digits, anything else as it is."""
    if isinstance(value, list):
        return ", ".join(shown(v) for v in value)
    return f"{value:.3f}" if isinstance(value, float) else str(value)
