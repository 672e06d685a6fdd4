"""The `linli` command. Its one table names each command's module, loaded only when the command is called."""

import argparse
import importlib
import importlib.util
import keyword
import os
import sys
from collections.abc import Callable

from linli.kernel import heap

# name: (what it does, does it need Django set up?). The module is linli.site.commands.<name with _>.
COMMANDS: dict[str, tuple[str, bool]] = {
    "serve": ("pages, live updates and workers on one port, until it is stopped", False),
    "web": ("only the pages (behind a proxy, beside `live` and `work`)", True),
    "live": ("only the live updates", False),
    "work": ("only one worker: messages, deliveries, clocks", True),
    "init": ("make an empty district for real use", True),
    "doctor": ("what is configured, reachable, missing, and how to mend it", True),
    "intake": ("read messages from a file or standard input", True),
    "keys": ("keys by which other systems use the API and Open311", True),
    "hooks": ("other systems that are called when something happens to an order", True),
    "import": ("old orders from spreadsheets, filed as history; take a batch back", True),
    "backup": ("write database and files into one checked archive", True),
    "restore": ("lay a backup into an empty place and prove it equal", True),
    "bench": ("measure this machine", False),
    "train": ("a text classifier from a labelled file", False),
    "classify": ("what a text means", False),
    "ask": ("what the knowledge base answers to a question", False),
    "model": ("the learned models of this district: list them, learn now, go back", True),
    "evaluate": ("figures of understanding and answering on given files", False),
    "demo": ("the demo district: made at the first time, then served", False),
    "demo-prepare": ("the first half of `demo`: tables, cast, 30 days of past", True),
    "simulate": ("the demo's people: groups talk, staff work; runs under `demo`", True),
    "demo-reset": ("forget the demo's data; the next `linli demo` begins at today", False),
    "migrate": ("bring the database's tables up to date", True),
}


# What `linli evaluate` judges: each by name too, since training imports much that an answer does not need.
EVALUATIONS: dict[str, str] = {
    "classify": "linli.language.evaluation.classify",
    "answer": "linli.language.evaluation.answer",
    "intent": "linli.language.evaluation.intent",
    "events": "linli.language.evaluation.events",
    "golden": "linli.language.evaluation.golden",
}


def evaluation(what: str) -> Callable[..., dict[str, object]]:
    """The `evaluate` function of one of `EVALUATIONS`."""
    found: Callable[..., dict[str, object]] = importlib.import_module(EVALUATIONS[what]).evaluate
    return found


def module_name(command: str) -> str:
    """The dotted name of a command's module; a word of Python's own gets an underscore."""
    name = command.replace("-", "_")
    return f"linli.site.commands.{name}_" if keyword.iskeyword(name) else f"linli.site.commands.{name}"


def _usage() -> str:
    lines = [f"  {name:<13} {text}" for name, (text, _) in COMMANDS.items()]
    return "usage: linli COMMAND [options]\n\n" + "\n".join(lines) + "\n\n`linli COMMAND --help` tells more.\n"


def main(argv: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(_usage())
        return 0 if words else 2
    name, rest = words[0], words[1:]
    if name not in COMMANDS:
        sys.stderr.write(f"linli: there is no command `{name}`.\n\n{_usage()}")
        return 2
    if importlib.util.find_spec(module_name(name)) is None:
        sys.stderr.write(f"linli: `{name}` is not there yet.\n")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    if COMMANDS[name][1]:
        try:
            importlib.import_module("django").setup()
        except ValueError as exc:
            # A number that is none, a DATABASE_URL of another kind: the reader of settings says which.
            sys.stderr.write(f"linli: a setting cannot be used: {exc}\n")
            return 78
    module = importlib.import_module(module_name(name))
    parser = argparse.ArgumentParser(prog=f"linli {name}", description=COMMANDS[name][0])
    module.add_arguments(parser)
    if argv is None:  # a process of its own
        heap.settle()
    return int(module.run(parser.parse_args(rest)) or 0)


if __name__ == "__main__":
    sys.exit(main())
