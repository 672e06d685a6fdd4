"""The tick: what it costs when nothing is due, and how long 10,000 due steps take with their notices and deliveries."""

import statistics
import time
from datetime import timedelta
from typing import Any

from django.db import connection

from bench import common, many
from linli.demo import cast as cast_module
from linli.insight.actions import refresh_cells
from linli.kernel import clock
from linli.ledger import delivery
from linli.notices.models import Notice
from linli.orders.actions import advance_clocks
from linli.orders.models import Clock, Order

DUE = 10_000


def main(small: bool) -> dict[str, Any]:
    """One JSON object."""
    people = cast_module.load()
    count = 100_000 if small else 1_000_000
    due = 2_000 if small else DUE
    filling = common.timed(lambda: _fill(count, people))
    idle = [common.timed(advance_clocks) * 1000 for _ in range(30)]
    raw = [common.timed(lambda: list(Clock.objects.filter(id=None)[:1])) * 1000 for _ in range(30)]
    # 10,000 steps fall due at one moment: the first so many orders' *answered* clocks.
    chosen = list(Clock.objects.filter(name="answer").order_by("next_at").values_list("id", flat=True)[:due])
    for start in range(0, due, 500):
        Clock.objects.filter(id__in=chosen[start : start + 500]).update(next_at=clock.now() - timedelta(minutes=1))
    began = time.perf_counter()
    done = 0
    while n := advance_clocks(limit=500):
        done += n
    ticked = time.perf_counter() - began
    delivery.deliver_all(limit=10**9)
    while refresh_cells():
        pass
    seconds = time.perf_counter() - began
    return {
        "idle_tick_ms": round(statistics.median(idle), 2), "raw_select_ms": round(statistics.median(raw), 2),
        "due_10000_s": round(seconds * DUE / due, 2), "ticking_10000_s": round(ticked * DUE / due, 2),
        "due": done, "open_orders": Order.objects.filter(is_open=True).count(), "clocks": Clock.objects.count(),
        "notices": Notice.objects.count(), "filling_s": round(filling, 1), "seconds": round(seconds, 2),
        "rows": common.counts(), "db": connection.vendor,
    }  # fmt: skip


def _fill(count: int, people: Any) -> None:
    many.fill_orders(count, people.account["li_min"].id, open_share=1)
    many.fill_clocks(count, clock.now() + timedelta(days=30))
