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
    """Figures for people: one line each, tables of classes below."""
    plain = {k: v for k, v in found.items() if not isinstance(v, Mapping)}
    width = max([len(k) for k in plain], default=0)
    lines = [f"{k:<{width}}  {shown(v)}" for k, v in plain.items()]
    for name, inner in found.items():
        if isinstance(inner, Mapping) and inner:
            lines += ["", f"{name}:"]
            for key, value in inner.items():
                cells = value.items() if isinstance(value, Mapping) else [("", value)]
                lines.append(f"  {key:\u3000<8} " + "  ".join(f"{k} {shown(v)}".strip() for k, v in cells))
    return "\n".join(lines)


def shown(value: Any) -> str:
    """A fraction with four digits, anything else as it is."""
    if isinstance(value, list):
        return " ".join(shown(v) for v in value)
    return f"{value:.4f}" if isinstance(value, float) else str(value)
