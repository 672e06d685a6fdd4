"""`linli import orders`: years of old orders from spreadsheets, filed as history; `linli import take-back` removes a batch."""

import argparse
import json
import multiprocessing
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from linli.channels import actions
from linli.channels.archive import book, mapping, rows
from linli.channels.archive.headers import TARGETS
from linli.channels.archive.mapping import Columns
from linli.channels.archive.rows import PORTION, Places, Understand, Wrong, at_once
from linli.channels.bulk.source import Unreadable
from linli.channels.models import Batch, SheetMapping
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import LinliError
from linli.language import normalise, understand_many
from linli.ledger import delivery
from linli.orders import actions as orders

NOTHING_FILED, SOME_LINES_WRONG = 1, 2
SHOWN = 20
BAR = 30
#: bytes of all files from which a second process pays
LONG = 500_000
DELIVER_EVERY = 20
"""Portions after which waiting deliveries are done too, so that what waits stays small however long the file is."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """orders FILE… [--map NAME|FILE] [--dry-run] [--community NAME] [--street NAME] | take-back BATCH"""
    what = parser.add_subparsers(dest="what", required=True)
    old = what.add_parser("orders", help="old orders from .xlsx, .xls or .csv: closed, marked 历史, nothing acts on them")
    old.add_argument("files", nargs="+", metavar="FILE", type=Path)
    old.add_argument("--map", default="", metavar="NAME|FILE", help="a mapping saved at the desk, or a JSON file; without it columns are guessed and shown")
    old.add_argument("--dry-run", action="store_true", help="read and check everything, file nothing")
    old.add_argument("--community", default="", metavar="NAME", help="the community of every row, where no column says it")
    old.add_argument("--street", default="", metavar="NAME", help="only communities of this street; tells two of one name apart")
    old.add_argument("--json", action="store_true", help="the counts as one JSON object on standard output")
    back = what.add_parser("take-back", help="remove everything that one batch filed")
    back.add_argument("batch", metavar="BATCH", help="as it was printed: LS12, or intake-… of `linli intake --history`")


@dataclass(slots=True)
class Given:
    """What holds for all files of one call."""

    columns: Columns | None
    known: Places
    community: str
    understand: Understand


def run(args: argparse.Namespace) -> int:
    """0 all lines are in; 1 nothing was filed; 2 some lines were refused, the others are in."""
    if args.what == "take-back":
        return _take_back(args.batch)
    try:
        with _beside(sum(p.stat().st_size for p in args.files if p.exists())) as understand:
            given = _given(args, understand)
            done = [_file(path, given, args.dry_run) for path in args.files]
    except (Unreadable, LinliError) as exc:
        _tell(f"linli import: {exc}")
        return NOTHING_FILED
    if args.json:
        print(json.dumps(done if len(done) > 1 else done[0], ensure_ascii=False))
    return SOME_LINES_WRONG if any(d["wrong"] for d in done) else 0


@contextmanager
def _beside(size: int) -> Iterator[Understand]:
    """Long files are understood by a process of their own, beside this one that reads and files: half the time on two cores."""
    if size < LONG:
        yield at_once
        return
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield lambda texts, gazetteers: pool.submit(understand_many, texts, gazetteers).result


def _given(args: argparse.Namespace, understand: Understand) -> Given:
    street = _area(args.street, Area.STREET) if args.street else None
    known = Places(None, street.id if street else None)
    community = ""
    if args.community:
        community = str(known.community(args.community, "").id)
    return Given(_mapping(args.map) if args.map else None, known, community, understand)


def _area(name: str, level: str) -> Area:
    found = [a for a in places.areas(level) if normalise(a.name) == normalise(name)]
    if len(found) != 1:
        raise Unreadable(f"没有叫“{name}”的街道，有：{'、'.join(a.name for a in places.areas(level))}")
    return found[0]


def _mapping(name: str) -> Columns:
    saved = SheetMapping.objects.filter(name=name).first()
    if saved:
        return mapping.parse(saved.data)
    try:
        return mapping.parse(json.loads(Path(name).read_text(encoding="utf-8")))
    except (OSError, ValueError) as exc:
        names = "、".join(SheetMapping.objects.order_by("name").values_list("name", flat=True)) or "还没有"
        raise Unreadable(f"没有叫“{name}”的对照表，也没有这个文件。存过的：{names}") from exc


def _file(path: Path, given: Given, dry_run: bool) -> dict[str, Any]:
    began = time.monotonic()
    columns = given.columns or _guessed(path, given.known)
    if given.community:
        columns.community = given.community
    if missing := columns.missing():
        raise Unreadable(f"{path.name}：表里没有看出“{'、'.join(missing)}”是哪一列。请在工作台“导入历史工单”里对一次列，存个名字，再用 --map。")
    total = book.size(path)
    batch = None if dry_run else actions.begin_batch(by=SYSTEM, name=path.name, columns=columns, total=total)
    shown = lines = good = wrong = 0
    found = rows.read(path, columns, given.known, batch=batch.code if batch else "LS0", name=path.name, understand=given.understand)
    portions = 0
    while portion := list(islice(found, PORTION)):
        lines += len(portion)
        good += sum(1 for p in portion if not isinstance(p, Wrong))
        said = len(batch.problems) if batch else 0
        if batch:
            actions.file_portion(by=SYSTEM, batch=batch, found=portion)
            news = [Wrong(*p) for p in batch.problems[said:]]
        else:
            news = [p for p in portion if isinstance(p, Wrong)]
            wrong += len(news)
        for problem in news:
            shown += 1
            if shown <= SHOWN:
                _tell(f"{'' if not sys.stderr.isatty() else chr(13)}{problem}")
        portions += 1
        if batch and portions % DELIVER_EVERY == 0:
            delivery.deliver_all(limit=10**9)
        _bar(path.name, lines, total, began)
    if batch:
        actions.end_batch(by=SYSTEM, batch=batch)
        delivery.deliver_all(limit=10**9)
        wrong = batch.wrong
    if sys.stderr.isatty():
        _tell("")
    if wrong > SHOWN:
        _tell(f"……还有 {wrong - SHOWN} 行没有导入")
    seconds = time.monotonic() - began
    counts = {
        "file": path.name, "batch": batch.code if batch else "", "dry_run": dry_run, "lines": lines, "good": good,
        "new": batch.new if batch else 0, "known": batch.known if batch else 0, "wrong": wrong, "mapping": columns.data(),
        "seconds": round(seconds, 2), "lines_per_s": round(lines / seconds) if seconds else 0,
    }  # fmt: skip
    said_batch = f"批次 {batch.code}：新归档 {batch.new} 件，已经有的 {batch.known} 件，" if batch else f"试读：能归档 {good} 件，"
    _tell(f"{path.name}：{said_batch}没有导入 {wrong} 行，用了 {seconds:.1f} 秒")
    return counts


def _guessed(path: Path, known: Places) -> Columns:
    """Without a mapping the headings decide; what they were taken for is said, so that nobody has to trust it blindly."""
    seen = rows.look(path, path.name)
    columns = mapping.guess(seen.headings, [n for n, _ in seen.sheets], known.names())
    for target, labels in columns.columns.items():
        _tell(f"{TARGETS[target]} ← {'、'.join(labels)}")
    if columns.sheet:
        _tell(f"{mapping.SHEETS[columns.sheet]} ← 工作表的名字")
    return columns


def _bar(name: str, lines: int, total: int, began: float) -> None:
    pace = lines / max(time.monotonic() - began, 0.001)
    share = min(1.0, lines / total) if total else 0
    bar = "█" * round(share * BAR) + "░" * (BAR - round(share * BAR))
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{name[:24]} {bar} {lines:,} / {total:,} 行，每秒 {pace:,.0f} 行 ")
    elif lines % 10_000 < PORTION:
        sys.stderr.write(f"{name} {lines:,} / {total:,} 行，每秒 {pace:,.0f} 行\n")
    sys.stderr.flush()


def _take_back(code: str) -> int:
    batch = Batch.objects.filter(id=int(code[2:])).first() if code.startswith("LS") and code[2:].isdigit() else None
    if batch is None and not code.startswith("intake-"):
        _tell(f"linli import: 没有叫 {code} 的批次。")
        return NOTHING_FILED
    gone = 0
    if batch:
        gone = actions.take_back_batch(by=SYSTEM, batch=batch)
    else:
        while n := orders.take_back_history(by=SYSTEM, batch=code):
            gone += n
    delivery.deliver_all(limit=10**9)
    print(f"撤回了 {gone} 件历史工单。")
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
