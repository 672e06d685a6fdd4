"""All procedures at once: 5,000,000 open orders, 1 % due; a month's figures; a changed calendar; 300,000 old orders from a spreadsheet."""

import json
import os
import statistics
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import TruncMonth
from openpyxl import Workbook

from bench import common, many
from linli.calendars import actions as calendars
from linli.channels.archive import book
from linli.demo import cast as cast_module
from linli.grid.models import Area
from linli.insight import tables
from linli.insight.actions import mark_cells, refresh_cells
from linli.insight.figures import counts, sums
from linli.insight.models import Cell
from linli.insight.tables import BY, Chosen
from linli.kernel import clock, ids
from linli.kernel.actors import SYSTEM
from linli.kernel.bulk import insert_rows
from linli.ledger import delivery
from linli.orders.actions import advance_clocks, begin_replan, replan_clocks
from linli.orders.actions.stepping import starting_limits
from linli.orders.models import Clock, Order
from linli.orders.states import STATE_OF, Way
from linli.standards import selectors as standards

MONTHS = 24
WAYS = (Way.RESIDENT, Way.STAFF, Way.PROPERTY, Way.SUPERVISION)
HEAD = ("工单编号", "反映时间", "社区", "地址", "诉求类型", "诉求内容", "处理结果", "办结时间", "反映人", "联系电话")


def main(small: bool) -> dict[str, Any]:
    """One JSON object."""
    people = cast_module.load()
    count, moved, old = (200_000, 10_000, 15_000) if small else (5_000_000, 100_000, 300_000)
    filling = common.timed(lambda: _fill(count, moved, people))
    found: dict[str, Any] = {"open_orders": count, "procedures": len(standards.procedures()), "filling_s": round(filling, 1)}
    _say(found)
    found |= _ticks(count)
    _say(found)
    found |= _figures(people)
    _say(found)
    found |= _replan(moved)
    _say(found)
    found |= _import(old)
    return found | {"rows": common.counts(), "db": connection.vendor}


def _say(found: dict[str, Any]) -> None:
    """What is known so far, for whoever waits."""
    print(json.dumps(found, ensure_ascii=False), file=sys.stderr, flush=True)


# -- 5,000,000 open orders -----------------------------------------------------------------------------------------


def _fill(count: int, moved: int, people: Any) -> None:
    """Orders of every procedure in turn at their first step, over two years and all communities, each with the first clock of its
    flow; one per cent of the clocks is due now, the first `moved` run on the calendar of working hours."""
    flows = [_first(p) for p in standards.procedures()]
    areas = list(Area.objects.filter(level=Area.COMMUNITY).order_by("code"))
    now, postgres = clock.now(), connection.vendor == "postgresql"
    yes, no = ("true", "false") if postgres else ("1", "0")
    responsible = many._given(people.account["li_min"].id)
    days = MONTHS * 30

    def by(name: str) -> str:
        return "(CASE i % " + str(len(flows)) + " " + " ".join(f"WHEN {n} THEN '{f[name]}'" for n, f in enumerate(flows)) + " END)"

    day = f"(date '{clock.local_day(now)}' - (i % {days}))" if postgres else f"date('{clock.local_day(now)}', '-' || (i % {days}) || ' days')"
    opened = f"({day})::timestamptz + interval '4 hours'" if postgres else f"({day}) || ' 04:00:00'"
    done = f"(CASE WHEN i % 3 = 0 THEN {yes} WHEN i % 3 = 1 THEN {no} END)"
    with connection.cursor() as cursor:
        cursor.execute(f"""
            INSERT INTO orders_order (id, number, state, is_open, kind, category, procedure, procedure_version, clause, door,
              urgency, confidential, history, batch, title, thing, street_id, community_id, unit, place_text, responsible_id,
              responsible_via, opened_at, local_day, answer_due_at, solve_due_at, answered_in_time, ending, light, reopened, voice_count,
              satisfied, so_so, unsolved, not_reached, waits_answer, step, way, line, relation, due_at, waits_for, level,
              warning, seriousness, difficulty, returned, taken_back, urged, shown)
            SELECT {many._uuid("aaaa")}, 'B-' || i, {by("state")}, {yes}, {many._pick(many.KINDS, 3)}, {many._pick(many.CATEGORIES, 7)},
              {by("code")}, CAST({by("version")} AS integer), {by("clause")}, 'group', 0, {no}, {no}, '', {many._pick(many.THINGS, 5)} || ' · 报修',
              {many._pick(many.THINGS, 5)}, {many._communities(areas, "street_id")}, {many._communities(areas, "id")}, '',
              '锦绣苑' || (i % 90) || '号楼', {responsible}, 'worker', {opened}, {day}, {many._time(now + timedelta(days=30), 2_000_000)},
              {many._time(now + timedelta(days=60), 2_000_000)}, {done}, '', 'green', i % 50 / 49, 1 + i % 3, i % 4 / 3, 0, 0, 0, {yes},
              {by("step")}, {many._pick(tuple(WAYS), 11)}, '', '', {many._time(now + timedelta(days=30), 2_000_000)}, '', 0, 0, 0, 0, i % 40 / 39,
              0, 0, {no}
            FROM {many._series(count)}""")
        clocks = f"(CASE WHEN i % 100 = 7 THEN {_at(now - timedelta(minutes=1))} ELSE {_later(now + timedelta(days=30))} END)"
        ladder = "(CASE i % " + str(len(flows)) + " " + " ".join(f"WHEN {n} THEN '{f['ladder']}'" for n, f in enumerate(flows)) + " END)"
        cursor.execute(f"""
            INSERT INTO orders_clock (id, order_id, name, round, state, calendar, amount, pauses, until, clause, started_at, due_at, ladder, step, next_at, light)
            SELECT {many._uuid("bbbb")}, {many._uuid("aaaa")}, {by("clock")}, 0, 'running', (CASE WHEN i <= {moved} THEN 'hours' ELSE 'clock' END),
              960, '[]'{"::jsonb" if postgres else ""}, {by("until")}, {by("limit_clause")}, {_at(now)}, {clocks}, {ladder}{"::jsonb" if postgres else ""}, 0, {clocks}, 'green' FROM {many._series(count)}""")
        cursor.execute("ANALYZE" if not postgres else "ANALYZE orders_order, orders_clock")
    if postgres:
        # Outside a transaction: what the fill has left behind is no part of what is measured.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM orders_order, orders_clock")
            cursor.execute("CHECKPOINT")


def _first(procedure: Any) -> dict[str, Any]:
    """The first step of a procedure and the first clock that begins with it."""
    flow = standards.flow(procedure.code, procedure.version)
    step = flow.step(flow.first)
    limit = next(iter(starting_limits(flow, step)), None)
    ladder = limit.rows() if limit and limit.ladder else [[80, "holder"], [100, "community_head"]]
    return {
        "code": procedure.code, "version": procedure.version, "clause": procedure.clause_code, "step": step.code,
        "state": STATE_OF[step.type].value, "clock": limit.code if limit else "solve", "until": limit.until if limit else "handle",
        "limit_clause": (limit.clause if limit else "") or procedure.clause_code,
        "ladder": json.dumps(ladder, ensure_ascii=True),
    }  # fmt: skip


def _at(at: datetime) -> str:
    return f"timestamptz '{at.isoformat()}'" if connection.vendor == "postgresql" else f"'{at:%Y-%m-%d %H:%M:%S}'"


def _later(at: datetime) -> str:
    if connection.vendor == "postgresql":
        return f"(timestamptz '{at.isoformat()}' + make_interval(secs => i % 2000000))"
    return f"datetime('{at:%Y-%m-%d %H:%M:%S}', '+' || (i % 2000000) || ' seconds')"


# -- the tick ------------------------------------------------------------------------------------------------------


def _ticks(count: int) -> dict[str, Any]:
    """One per cent is due: all of it, with its notices and deliveries; then what a tick costs that finds nothing."""
    due = count // 100
    began, cpu, ticked = time.perf_counter(), time.process_time(), 0
    while n := advance_clocks(limit=500):
        ticked += n
    ticking = time.perf_counter() - began
    delivery.deliver_all(limit=10**9)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    idle = [common.timed(advance_clocks) * 1000 for _ in range(30)]
    raw = [common.timed(lambda: list(Clock.objects.filter(id=None)[:1])) * 1000 for _ in range(30)]
    return {
        "due": due, "rungs": ticked, "per_due_ms": round(seconds * 1000 / ticked, 3), "cpu_per_due_ms": round(cpu * 1000 / ticked, 3), "ticking_per_due_ms": round(ticking * 1000 / ticked, 3),
        "idle_tick_ms": round(statistics.median(idle), 2), "raw_select_ms": round(statistics.median(raw), 2),
    }  # fmt: skip


# -- figures -------------------------------------------------------------------------------------------------------


def _figures(people: Any) -> dict[str, Any]:
    """A month for the whole district by place, kind, clause and way, and all months at once; beside them the same month counted from
    the orders themselves."""
    mark_cells(Order.objects.order_by().values_list("local_day", "street_id", "community_id").distinct())
    counting = common.timed(lambda: [0 for _ in iter(refresh_cells, 0)])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE insight_cell")
    actor = people.actor("yu_tao")
    since = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    until = clock.today().replace(day=1) - timedelta(days=1)
    took = {by: _middle(lambda by=by: tables.table(actor, Chosen(since, until, by))) for by in BY}
    took["clauses"] = _middle(lambda: tables.compliance(actor, Chosen(since, until)))
    rows = Cell.objects.annotate(month=TruncMonth("local_day")).order_by().values("month")
    took["all_months"] = _middle(lambda: list(rows.annotate(**sums())))
    one = Order.objects.filter(local_day__gte=since, local_day__lte=until).order_by().values("community_id")
    raw = common.timed(lambda: list(one.annotate(**counts(clock.now()))))
    month = tables.table(actor, Chosen(since, until))
    return {
        "monthly_s": round(max(took.values()), 3), "monthly_by_s": {k: round(v, 3) for k, v in took.items()}, "monthly_raw_s": round(raw, 3),
        "month_orders": month.total.opened, "cells": Cell.objects.count(), "cells_orders": Cell.objects.aggregate(n=Sum("opened"))["n"],
        "counting_all_s": round(counting, 1),
    }  # fmt: skip


def _middle(call: Any) -> float:
    return statistics.median(common.timed(call) for _ in range(5))


# -- a changed calendar --------------------------------------------------------------------------------------------


def _replan(moved: int) -> dict[str, Any]:
    """Tomorrow becomes a holiday: every clock on working hours is planned again, order by order, with its event."""
    for n in range(1, 8):
        calendars.set_special_day(by=SYSTEM, day=clock.today() + timedelta(days=n), working=n > 5)
    begin_replan()
    began, cpu, done = time.perf_counter(), time.process_time(), 0
    while n := replan_clocks():
        done += n
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    delivered = common.timed(lambda: delivery.deliver_all(limit=10**9))
    rows = list(Clock.objects.filter(calendar="hours").values_list("id", flat=True)[:1000])
    raw = common.timed(lambda: Clock.objects.filter(id__in=rows).update(due_at=clock.now() + timedelta(days=3)))
    return {
        "replanned": done, "replan_100000_s": round(seconds * 100_000 / max(done, 1), 2), "replan_cpu_100000_s": round(cpu * 100_000 / max(done, 1), 2), "replan_deliveries_s": round(delivered * 100_000 / max(done, 1), 2),
        "raw_update_100000_s": round(raw * 100, 2), "moved": moved,
    }  # fmt: skip


# -- old orders ----------------------------------------------------------------------------------------------------


def _import(count: int) -> dict[str, Any]:
    """`linli import orders` in a process of its own, so that its memory is its own; beside it bare reading and bare storing."""
    path = Path(os.environ["LINLI_VAR"]) / "old.xlsx"
    _write(path, count)
    with book.opened(path) as sheets:
        reading = common.timed(lambda: [sum(1 for _ in s.rows) for s in sheets])
    storing = common.timed(lambda: _store(count))
    began = time.perf_counter()
    peak = [0]
    with common.child("linli.site.cli", "import", "orders", str(path), "--json") as process:
        while process.poll() is None:
            peak.append(_rss(process.pid))
            time.sleep(0.5)
        told = json.loads((process.stdout.read() if process.stdout else "").strip().splitlines()[-1])
    seconds = time.perf_counter() - began
    half = max(peak[: len(peak) // 2 or 1])
    scale = 300_000 / count
    return {
        "imported": told["new"], "refused": told["wrong"], "import_300000_s": round(seconds * scale, 1), "import_peak_mb": round(max(peak) / 1024),
        "import_half_way_mb": round(half / 1024), "raw_read_300000_s": round(reading * scale, 1), "raw_store_300000_s": round(storing * scale, 1),
    }  # fmt: skip


def _rss(pid: int) -> int:
    """kB of a process now; 0 when it is gone."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def _write(path: Path, count: int) -> None:
    """Six sheets, a year each; every hundredth row is broken by the spreadsheet."""
    made, texts = Workbook(write_only=True), [text for intent, text in common.stream(20_000) if intent == "appeal"]
    names = [a.name for a in Area.objects.filter(level=Area.COMMUNITY).order_by("code")]
    first = date(2018, 1, 1)
    for year in range(6):
        page = made.create_sheet(str(2018 + year))
        page.append(HEAD)
        for n in range(count // 6):
            day = first + timedelta(days=year * 365 + n % 365)
            number: Any = 4.4e17 if n % 100 == 99 else f"GD{year}{n:07d}"
            page.append([
                number, datetime(day.year, day.month, day.day, 9, n % 60), names[n % len(names)], f"{n % 12 + 1}号楼{n % 3 + 1}单元{n % 9 + 1}01室",
                ("报修", "卫生", "其他")[n % 3], f"{texts[n % len(texts)]}（第{n}次）", "已安排人处理，回访过了", f"{day + timedelta(days=2)}", "周阿姨", "19000000001",
            ])  # fmt: skip
    made.save(path)


def _store(count: int) -> None:
    """As many bare orders in the same portions, without voices, words, search or events: what the table alone costs."""
    like = Order.objects.order_by("id").first()
    assert like is not None
    for start in range(0, count, 500):
        rows = []
        for n in range(start, min(start + 500, count)):
            row = Order(**{f.attname: getattr(like, f.attname) for f in Order._meta.concrete_fields})
            row.id, row.number, row.key, row.is_open, row.history, row.state = ids.new(), f"RAW-{n}", f"raw:{n}", False, True, "closed"
            rows.append(row)
        insert_rows(rows)
