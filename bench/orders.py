"""Opening one order over the API; a list page and a word search among very many orders."""

import json
import statistics
from typing import Any

from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import common, many
from linli.demo import cast as cast_module
from linli.orders.models import Order
from linli.orders.selectors import search

WORDS = ("电梯", "路灯 坏了", "消防通道", "垃圾 没人管", "老人 下不去楼", "噪音", "w101", "电梯 w55", "停车", "门禁 w996")


def main(small: bool) -> dict[str, Any]:
    """One JSON object."""
    people = cast_module.load()
    count, opens = (100_000, 200) if small else (1_000_000, 1_000)
    filling = common.timed(lambda: many.fill_orders(count, people.account["li_min"].id))
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(people.account["zhao_hui"], backend="django.contrib.auth.backends.ModelBackend")
    building = str(people.building["jx3"].id)

    def post(n: int) -> None:
        body = {"kind": "repair", "words": f"3号楼2单元电梯坏了，第{n}次", "building_id": building, "thing": "电梯", "key": f"k{n}"}
        answer = client.post("/api/orders", json.dumps(body), content_type="application/json")
        assert answer.status_code == 201, answer.content

    post(0)
    with CaptureQueriesContext(connection) as opened:
        post(1)
    open_sql = len(opened)
    seconds = common.timed(lambda: [post(n) for n in range(2, opens + 2)])
    pages = ["/desk/orders/", "/desk/orders/?kind=repair", "/desk/orders/?light=red", "/desk/orders/?kind=noise&light=yellow"]
    cpu, listed = [], 0
    for n in range(40):
        path = pages[n % len(pages)]
        if n < len(pages):
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(path)
            assert answer.status_code == 200, path
            listed = max(listed, len(queries))
        else:
            cpu.append(common.cpu_ms(lambda path=path: client.get(path)))
    head = people.actor("zhao_hui")
    found = {words: len(search(head, words)) for words in WORDS}
    searching = [common.timed(lambda w=w: search(head, w)) * 1000 for w in WORDS * 3]
    raw = [common.timed(lambda: list(Order.objects.order_by("-id").values_list("id")[:20])) * 1000 for _ in range(20)]
    reset_queries()
    return {
        "open_sql": open_sql, "open_per_s": round(opens / seconds), "list_sql": listed,
        "list_cpu_ms": round(statistics.median(cpu), 1), "search_p50_ms": round(statistics.median(searching), 1),
        "search_p90_ms": round(common.percentile(searching, 0.9), 1), "search_hits": found,
        "raw_select_20_ms": round(statistics.median(raw), 2), "orders": Order.objects.count(),
        "filling_s": round(filling, 1), "seconds": round(seconds, 2), "rows": common.counts(), "db": connection.vendor,
    }  # fmt: skip
