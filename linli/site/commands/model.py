"""`linli model list|train|back`: which model understands the residents here, and the ones before it."""

import argparse
import json
import sys
import time

from linli.kernel.actors import SYSTEM
from linli.kernel.errors import LinliError
from linli.language import versions
from linli.lessons import actions, labels
from linli.lessons.models import ModelVersion
from linli.ui import figures

EX_TEMPFAIL, EX_REFUSED = 75, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """list, train or back; --json"""
    parser.add_argument("what", choices=("list", "train", "back"), help="list them · learn now and judge · go back to the one before")
    parser.add_argument("--json", action="store_true", help="exactly one JSON object on standard output")


def run(args: argparse.Namespace) -> int:
    """0 done; 1 the new model was refused or there is nothing to do; 75 the training came to nothing."""
    try:
        if args.what == "train":
            return _train(args.json)
        if args.what == "back":
            name = actions.back_model(by=SYSTEM)
            _say(args.json, {"used": name}, [f"换回了{_called(name)}，各进程听下一句话时就用它。"])
            return 0
    except LinliError as exc:
        _say(args.json, {"error": exc.code}, [f"linli model: {exc.message}"])
        return EX_REFUSED
    rows = list(ModelVersion.objects.order_by("-began_at")[:20])
    used = versions.current(actions.home())
    body = {"used": used, "fresh": actions.fresh(), "versions": [_row(r) for r in rows]}
    lines = [f"现在用的：{_called(used)}；人工判断过、还没学的：{body['fresh']} 条"]
    lines += [f"  {figures.moment(r.began_at)}  {labels.STATES[r.state]}  学了 {r.examples} 条  {r.version}" for r in rows]
    _say(args.json, body, lines)
    return 0


def _train(as_json: bool) -> int:
    row = actions.train_model(by=SYSTEM)
    until = time.monotonic() + actions.LONGEST.total_seconds()
    while row.state == ModelVersion.TRAINING:
        time.sleep(0.2)
        # Another process's clock may judge it first.
        actions.judge_model(by=SYSTEM, version_id=row.id, lost=time.monotonic() > until)
        row.refresh_from_db()
    lines = [f"{labels.STATES[row.state]}（学了 {row.examples} 条）", *(f"  {labels.reason(r)}" for r in row.reasons)]
    _say(as_json, _row(row), lines)
    return {ModelVersion.PROMOTED: 0, ModelVersion.REFUSED: EX_REFUSED}.get(row.state, EX_TEMPFAIL)


def _called(name: str) -> str:
    return f"学来的 {name}" if name else "出厂的那一版"


def _row(row: ModelVersion) -> dict[str, object]:
    return {
        "version": row.version, "state": row.state, "began_at": row.began_at.isoformat(), "examples": row.examples, "fresh": row.fresh,
        "accuracy": row.scores.get("accuracy", {}), "reasons": row.reasons,
    }  # fmt: skip


def _say(as_json: bool, body: dict[str, object], lines: list[str]) -> None:
    sys.stdout.write((json.dumps(body, ensure_ascii=False) if as_json else "\n".join(lines)) + "\n")
