"""A pasted WeChat chat: what the machine needs from the paste to its orders and replies, besides the worker's taps.

`look_ms`: the paste is read and shown line by line; `take_ms`: confirmed, stored, understood, orders opened;
`results_ms`: the page with the replies to copy back. `machine_ms` is their sum, the worst paste counts.
"""

import random
import statistics
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client

from bench import common
from linli.channels.models import Paste
from linli.demo import cast as cast_module
from linli.kernel import clock, ids
from linli.orders.models import Order

SIZES = (10, 50, 200)
PASTES = 8  # of each size


def chat(lines: int, seed: int) -> str:
    """A copied chat: name, date and time, words, an empty line."""
    dice = random.Random(seed)
    at = clock.local(clock.now()) - timedelta(minutes=lines + 1)
    out = []
    for n, (_, text) in enumerate(common.stream(lines, seed)):
        at += timedelta(seconds=dice.randint(1, 59))
        out.append(f"{dice.choice('王李张刘陈杨赵黄')}{dice.choice(('阿姨', '先生', '师傅', '大爷'))}{n % 17} {at:%Y/%m/%d %H:%M:%S}\n{text}\n")
    return "\n".join(out)


def main(small: bool) -> dict[str, Any]:
    """One JSON object."""
    people = cast_module.load()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(people.account["zhang_jie"], backend="django.contrib.auth.backends.ModelBackend")
    group = str(people.group["jxr"].id)
    took: dict[int, list[tuple[float, float, float]]] = {}

    def one(size: int, seed: int) -> tuple[float, float, float]:
        form = {"group": group, "text": chat(size, seed), "key": str(ids.new())}
        look = common.timed(lambda: client.post("/desk/relay/look/", form))
        take = common.timed(lambda: client.post("/desk/relay/take/", form))
        paste = Paste.objects.latest("id")
        answers: list[Any] = []
        results = common.timed(lambda: answers.append(client.get(f"/desk/relay/{paste.id}/")))
        assert answers[0].status_code == 200, answers[0].status_code
        return look * 1000, take * 1000, results * 1000

    one(10, 0)
    for size in SIZES:
        took[size] = [one(size, size * 100 + n) for n in range(2 if small else PASTES)]
    raw = [common.timed(lambda: Order.objects.count()) * 1000 for _ in range(20)]
    worst = took[SIZES[-1]]
    return {
        "machine_ms": round(max(sum(t) for t in worst)), "lines": SIZES[-1],
        **{
            f"{name}_ms": {size: round(statistics.median(t[n] for t in took[size])) for size in SIZES}
            for n, name in enumerate(("look", "take", "results"))
        },
        "raw_select_ms": round(statistics.median(raw), 2), "rows": common.counts(), "db": connection.vendor,
    }  # fmt: skip
