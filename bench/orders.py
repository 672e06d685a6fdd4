"""Opening one order over the API; a list page and a word search among very many orders."""

import json
import statistics
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, connections, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import common, many
from linli.demo import cast as cast_module
from linli.kernel import clock
from linli.ledger.models import Wake
from linli.orders.models import Order
from linli.orders.selectors import search

WORDS = ("电梯", "路灯 坏了", "消防通道", "垃圾 没人管", "老人 下不去楼", "噪音", "w101", "电梯 w55", "停车", "门禁 w996")


THREADS = 4  # clients at once, in one process: a2wsgi's page threads do the same


def _commit() -> None:
    """What any order costs at least: one row and one commit that waits for the disk."""
    with transaction.atomic():
        Wake.objects.create(topic="bench", at=clock.wall())


def main(small: bool) -> dict[str, Any]:
    """One JSON object."""
    people = cast_module.load()
    count, opens = (100_000, 200) if small else (1_000_000, 1_000)
    filling = common.timed(lambda: many.fill_orders(count, people.account["li_min"].id))
    buildings = [str(people.building[k].id) for k in ("jx3", "ld2", "hw1", "hp1")]

    def signed_in() -> Client:
        found = Client(SERVER_NAME="127.0.0.1")
        found.force_login(people.account["yu_tao"], backend="django.contrib.auth.backends.ModelBackend")
        return found

    client = signed_in()

    def post(n: int, client: Client = client) -> None:
        body = {"kind": "repair", "words": f"3号楼2单元电梯坏了，第{n}次", "building_id": buildings[n // 1000 % 4], "thing": "电梯", "key": f"k{n}"}
        answer = client.post("/api/orders", json.dumps(body), content_type="application/json")
        assert answer.status_code == 201, answer.content

    post(0)
    with CaptureQueriesContext(connection) as opened:
        post(1)
    open_sql = len(opened)
    alone = common.timed(lambda: [post(n) for n in range(2, opens // 2)])

    def portion(first: int) -> None:
        mine = signed_in()
        for n in range(first, first + opens // THREADS):
            post(n, mine)
        connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        seconds = common.timed(lambda: list(pool.map(portion, range(10_000, 10_000 + 1_000 * THREADS, 1_000))))
    raw_commits = [common.timed(_commit) * 1000 for _ in range(100)]
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
        "open_sql": open_sql, "open_per_s": round(opens / seconds), "open_threads": THREADS,
        "open_alone_per_s": round((opens // 2 - 2) / alone), "raw_commit_ms": round(statistics.median(raw_commits), 2),
        "list_sql": listed,
        "list_cpu_ms": round(statistics.median(cpu), 1), "search_p50_ms": round(statistics.median(searching), 1),
        "search_p90_ms": round(common.percentile(searching, 0.9), 1), "search_hits": found,
        "raw_select_20_ms": round(statistics.median(raw), 2), "orders": Order.objects.count(),
        "filling_s": round(filling, 1), "seconds": round(seconds, 2), "rows": common.counts(), "db": connection.vendor,
    }  # fmt: skip
