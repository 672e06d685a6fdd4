"""Opening one order over the API; a list page and a word search among very many orders."""

import http.client
import json
import statistics
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import common, many
from bench.served import served
from linli.accounts import actions as accounts
from linli.demo import cast as cast_module
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.ledger.models import Wake
from linli.orders.models import Order
from linli.orders.selectors import search

WORDS = ("电梯", "路灯 坏了", "消防通道", "垃圾 没人管", "老人 下不去楼", "噪音", "w101", "电梯 w55", "停车", "门禁 w996")


THREADS = 4  # clients at once of one web process


def _commit() -> None:
    """What any order costs at least: one row and one commit that waits for the disk."""
    with transaction.atomic():
        Wake.objects.create(topic="bench", at=clock.wall())


def _body(n: int, buildings: list[str]) -> str:
    return json.dumps({"kind": "repair", "words": f"3号楼2单元电梯坏了，第{n}次", "building_id": buildings[n // 1000 % 4], "thing": "电梯", "key": f"k{n}"})


def _open(port: int, key: str, buildings: list[str], first: int, count: int) -> float:
    """So many orders over HTTP by THREADS keep-alive connections of another system, with its key; the seconds it took."""

    def portion(start: int) -> None:
        conn = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        for n in range(start, start + count // THREADS):
            conn.request("POST", "/api/orders", _body(n, buildings).encode(), headers)
            answer = conn.getresponse()
            said = answer.read()
            if answer.status != 201:
                raise RuntimeError(f"{answer.status}: {said[:300]!r}")

    with ThreadPoolExecutor(THREADS) as pool:
        return common.timed(lambda: list(pool.map(portion, range(first, first + 1_000 * THREADS, 1_000))))


def main(small: bool) -> dict[str, Any]:
    """One JSON object."""
    people = cast_module.load()
    count, opens = (100_000, 200) if small else (1_000_000, 1_000)
    filling = common.timed(lambda: many.fill_orders(count, people.account["li_min"].id))
    buildings = [str(people.building[k].id) for k in ("jx3", "ld2", "hw1", "hp1")]

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(people.account["yu_tao"], backend="django.contrib.auth.backends.ModelBackend")

    def post(n: int) -> None:
        answer = client.post("/api/orders", _body(n, buildings), content_type="application/json")
        assert answer.status_code == 201, answer.content

    post(0)
    with CaptureQueriesContext(connection) as opened:
        post(1)
    open_sql = len(opened)
    alone = common.timed(lambda: [post(n) for n in range(2, opens // 2)])

    key = accounts.add_api_key(by=SYSTEM, account=people.account["yu_tao"], name="bench")[1]
    with served("web") as (port, _):
        _open(port, key, buildings, 5_000, THREADS * 10)  # each thread of the server has its connection then
        seconds = _open(port, key, buildings, 10_000, opens)
    raw_commits = [common.timed(_commit) * 1000 for _ in range(100)]
    place = people.community["jinxiu"].id
    pages = ["/desk/orders/", "/desk/orders/?kind=repair", "/desk/orders/?light=red", "/desk/orders/?kind=noise&light=yellow", f"/desk/orders/?area={place}&kind=noise&light=yellow"]
    # What a process keeps of places and posts is read at its first page.
    with CaptureQueriesContext(connection) as queries:
        client.get(pages[-1])
    first, cpu, listed = len(queries), [], 0
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
        "list_sql": listed, "list_sql_first_page": first,
        "list_cpu_ms": round(statistics.median(cpu), 1), "search_p50_ms": round(statistics.median(searching), 1),
        "search_p90_ms": round(common.percentile(searching, 0.9), 1), "search_hits": found,
        "raw_select_20_ms": round(statistics.median(raw), 2), "orders": Order.objects.count(),
        "filling_s": round(filling, 1), "seconds": round(seconds, 2), "rows": common.counts(), "db": connection.vendor,
    }  # fmt: skip
