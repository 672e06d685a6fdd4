"""`linli intake`: messages from a file or standard input, by the same way as every other door."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q

from linli.assistant import intake
from linli.channels.bulk import rows, source, store
from linli.channels.bulk.source import Source, Unreadable
from linli.channels.bulk.store import Checked, Stored
from linli.groups.models import Message
from linli.kernel import clock, ids
from linli.kernel.actors import SYSTEM
from linli.ledger import delivery
from linli.orders.models import Order

NOTHING_STORED, SOME_LINES_WRONG = 1, 2
TAKE_IN_EVERY = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE|- [--map …] [--group NAME] [--history] [--no-wait] [--json]"""
    parser.add_argument("file", metavar="FILE|-", help="CSV with a header, or JSON lines; also .gz; - is standard input")
    parser.add_argument(
        "--map", default="", metavar="sender=user,text=title+body,key=id",
        help="which columns hold group, sender, time, text and (if there is one) a lasting key",
    )  # fmt: skip
    parser.add_argument("--group", default="", metavar="NAME", help="the group of every row, by name or id")
    parser.add_argument("--history", action="store_true", help="file as history: understood and counted, nothing acts")
    parser.add_argument("--no-wait", action="store_true", help="only store; a running worker takes the messages in")
    parser.add_argument("--json", action="store_true", help="the counts as one JSON object on standard output")


def run(args: argparse.Namespace) -> int:
    """0 all rows are in; 1 nothing was stored; 2 some lines were wrong or are stuck, the others are in."""
    try:
        columns = rows.Columns(args.map, rows.normalise(args.group))
        with source.of(args.file, sys.stdin.buffer) as read:
            counts = _take(read, columns, args)
    except Unreadable as exc:
        _tell(f"linli intake: {exc}")
        return NOTHING_STORED
    if args.json:
        print(json.dumps(counts, ensure_ascii=False))
    else:
        _table(counts)
    if counts["stuck"]:
        _tell(f"{counts['stuck']} messages are stored but could not be taken in: a person has to look (desk, 系统运行)")
    return SOME_LINES_WRONG if counts["wrong"] or counts["stuck"] else 0


def _take(read: Source, columns: rows.Columns, args: argparse.Namespace) -> dict[str, Any]:
    began = time.monotonic()
    checked = store.check(rows.read(read, columns), history=args.history)
    if read.encoding != "utf-8" or read.broken:
        _tell(f"read as {read.encoding.upper()}" + (f"; {read.broken} lines are in another encoding" if read.broken else ""))
    for wrong in checked.examples:
        _tell(f"line {wrong.number}: {wrong.why}")
    if checked.wrong > len(checked.examples):
        _tell(f"… and {checked.wrong - len(checked.examples)} more lines that were not taken")
    first, batch = ids.new(), f"intake-{ids.new()}" if args.history else ""
    done = store.store(
        SYSTEM, rows.read(read, columns), checked, history=args.history, batch=batch, after=_progress(checked, args.no_wait, began),
    )  # fmt: skip
    if not args.no_wait:
        _take_in(done)
        delivery.deliver_all()
    if sys.stderr.isatty():
        _tell("")
    return _counts(read, checked, done, first, batch, time.monotonic() - began)


def _progress(checked: Checked, no_wait: bool, began: float) -> Callable[[Stored], None]:
    def after(done: Stored) -> None:
        if done.rows % TAKE_IN_EVERY == 0:
            if not no_wait:
                # In portions, so that what waits stays small however long the file is.
                _take_in(done)
                delivery.deliver_all()
            pace = done.rows / max(time.monotonic() - began, 0.001)
            end = "\r" if sys.stderr.isatty() else "\n"
            sys.stderr.write(f"{done.rows:,} of {checked.rows:,} rows, {pace:,.0f}/s{end}")

    return after


def _take_in(done: Stored) -> None:
    """Until none of these communities' messages waits; another process that holds a lane is waited for."""
    for community_id in done.communities:
        waiting = Message.objects.filter(state=Message.NEW, community_id=community_id)
        while waiting.exists():
            if not intake.take_in(community_id=community_id, limit=200):
                time.sleep(0.02)


def _counts(read: Source, checked: Checked, done: Stored, first: Any, batch: str, seconds: float) -> dict[str, Any]:
    mine = Message.objects.filter(account__in=done.accounts, id__gt=first)
    states = mine.aggregate(
        waiting=Count("id", filter=Q(state=Message.NEW)), stuck=Count("id", filter=Q(state=Message.STUCK))
    )
    outcomes = dict(mine.filter(state=Message.DONE).values_list("outcome").annotate(n=Count("id")).order_by("-n"))
    filed = Order.objects.filter(batch=batch) if batch else Order.objects.none()
    return {
        "encoding": read.encoding, "rows": checked.rows, "wrong": checked.wrong, "new": done.new, "known": done.rows - done.new,
        "groups": len(checked.groups), "oldest": _local(checked.oldest), "newest": _local(checked.newest),
        "history": bool(batch), "batch": batch, "outcomes": outcomes, **states,
        "orders": filed.count() if batch else sum(n for k, n in outcomes.items() if k in ("order", "sensitive", "person", "handed")),
        "kinds": dict(filed.values_list("kind").annotate(n=Count("id")).order_by("-n")),
        "categories": dict(filed.values_list("category").annotate(n=Count("id")).order_by("-n")),
        "open_deliveries": delivery.open_count(), "seconds": round(seconds, 2),
        "rows_per_s": round(checked.rows / seconds) if seconds else 0,
    }  # fmt: skip


def _local(at: Any) -> str | None:
    return clock.local(at).strftime("%Y-%m-%d %H:%M") if at else None


def _table(counts: dict[str, Any]) -> None:
    for name, value in counts.items():
        if isinstance(value, dict):
            for key, n in value.items():
                print(f"{name:>16}  {key:<16} {n:>9,}")
        elif value not in ("", None):
            print(f"{name:>16}  {value:>9,}" if isinstance(value, int) and not isinstance(value, bool) else f"{name:>16}  {value}")


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
