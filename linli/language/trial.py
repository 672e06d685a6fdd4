"""Learns from what people decided, and tries the result: `python -m linli.language.trial OUT HOME`, decisions on standard input
(`apart.start_trial`).

HOME is where the versions are (`versions`): what is in use there is what the new model is compared with.

Runs apart from everything else and gives way to it. Decisions are JSON rows [text, intent, kind, category], "" for what was
not decided; they come by a pipe, so that nobody's words lie in a file. OUT gets the model and, last of all, `verdict.json`:
the golden set's figures of it and of the model in use, and in what it is worse.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from linli.language import examples, versions
from linli.language.apart import VERDICT
from linli.language.golden import Golden, golden, no_worse, score
from linli.language.model import Model, load
from linli.language.text import normalise
from linli.language.train import build, together

ALIKE = 0.6
"""A decision about words that share so many of their trigrams with a golden sentence is left out: the golden set must stay
unknown to what it judges."""


def trial(
    decisions: Iterable[Sequence[str]], out: Path, judged: Sequence[Golden] = (), own: Sequence[examples.Example] = (),
    shipped: Model | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Learn from our own examples (`own`: from these instead) and the decisions, write the model into `out`, compare it on the
    golden set (`judged`: on these instead) with the one in use and, lest small losses add up, with the shipped one."""
    rows = [examples.Example(*row) for row in decisions]
    taught = strangers(rows, judged or golden())
    every, extra = together(own or examples.read(), taught)
    digest = build(every, out, extra)
    used, first = versions.model(), shipped or load()
    before, after = score(used, judged), score(load(out), judged)
    worse = no_worse(after, before)
    if first.digest != used.digest:
        known = {(w.head, w.label, w.measure) for w in worse}
        worse += [w for w in no_worse(after, score(first, judged)) if (w.head, w.label, w.measure) not in known]
    found = {
        "digest": digest, "taught": extra, "left_out": len(rows) - len(taught), "scores": after.as_json(), "before": before.as_json(),
        "worse": [w._asdict() for w in worse],
    }  # fmt: skip
    part = out / f".{VERDICT}"
    part.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    part.replace(out / VERDICT)
    return found


def strangers(rows: Iterable[examples.Example], judged: Sequence[Golden]) -> list[examples.Example]:
    """The rows that no golden sentence is like."""
    known = [_grams(g.text) for g in judged]
    out = []
    for row in rows:
        mine = _grams(row.text)
        if mine and not any(len(mine & g) > ALIKE * len(mine | g) for g in known):
            out.append(row)
    return out


def _grams(text: str) -> set[str]:
    said = f" {normalise(text)} "
    return {said[i : i + 3] for i in range(len(said) - 2)}


def main() -> None:
    """See the module's words."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("--own", type=Path, default=examples.OWN, help="learn from these instead of the project's sentences")
    args = parser.parse_args()
    os.nice(15)
    versions.settle(args.home)
    trial(json.load(sys.stdin), args.out, own=examples.read(args.own))


if __name__ == "__main__":
    main()
