"""Intake: store → understand → answer, order, second voice → deliveries done, by two processes at once.

`storing_ratio`: our storing (`groups.receive`, 100 a transaction) against bare `bulk_create` of the same rows by 100 into
the same table with the same indexes, alternating, in one process.
"""

import sys
import time
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from bench import common  # noqa: E402
from linli.assistant.intake import take_in  # noqa: E402
from linli.demo import cast as cast_module  # noqa: E402
from linli.groups import actions as groups  # noqa: E402
from linli.groups.inbound import Inbound  # noqa: E402
from linli.groups.models import Member, Message  # noqa: E402
from linli.insight.actions import refresh_cells  # noqa: E402
from linli.kernel import clock, ids  # noqa: E402
from linli.kernel.actors import SYSTEM  # noqa: E402
from linli.ledger import delivery  # noqa: E402

BATCH = 100
AHEAD = 800  # so many words may wait before a process turns from storing to understanding
TAKE = 400  # as the worker does


def inbound(count: int, tag: str, seed: int) -> list[Inbound]:
    """A stream of messages over the cast's groups and members."""
    people = cast_module.find()
    rooms: dict[Any, list[Any]] = {}
    for member in Member.objects.order_by("id"):
        rooms.setdefault(member.group_id, []).append(member)
    rows = [g for g in people.group.values() if g.id in rooms]
    out = []
    for n, (_, text) in enumerate(common.stream(count, seed)):
        group = rows[n % len(rows)]
        member = rooms[group.id][n // len(rows) % len(rooms[group.id])]
        out.append(
            Inbound(group.id, group.community_id, f"page:{group.id}", f"{tag}:{n}", text, member.id, clock.now())
        )
    return out


def work(rows: list[Inbound]) -> None:
    """One process: store a portion, take in, deliver; until nothing waits and no delivery is open."""
    start = 0
    while True:
        if start < len(rows):
            groups.receive(SYSTEM, rows[start : start + AHEAD])
            start += AHEAD
        busy = 0
        while n := take_in(limit=TAKE):
            busy += n
        while delivery.run_once():
            busy += 1
        if start >= len(rows) and not busy:
            if not Message.objects.filter(state=0).exists() and not delivery.open_count():
                break
            time.sleep(0.002)
    refresh_cells()


def storing(count: int) -> dict[str, float]:
    """Ours against bare bulk_create, portion by portion in turn."""
    ours, bare = inbound(count, "store", 1), inbound(count, "bare", 2)
    took = {"ours": 0.0, "bare": 0.0}
    for start in range(0, count, BATCH):
        a, b = ours[start : start + BATCH], bare[start : start + BATCH]
        rows = [
            Message(
                id=ids.new(), group_id=i.group_id, community_id=i.community_id, member_id=i.member_id, account=i.account,
                dedupe_key=i.dedupe_key, text=i.text, sent_at=i.sent_at, received_at=i.sent_at,
            )
            for i in b
        ]  # fmt: skip

        def raw(rows: list[Message] = rows) -> None:
            with transaction.atomic():
                Message.objects.bulk_create(rows)

        took["bare"] += common.timed(raw)
        took["ours"] += common.timed(lambda a=a: groups.receive(SYSTEM, a))
    Message.objects.filter(dedupe_key__startswith="store:").delete()
    Message.objects.filter(dedupe_key__startswith="bare:").delete()
    return {"storing_ratio": round(took["bare"] / took["ours"], 3), "raw_bulk_create_per_s": round(count / took["bare"]), "storing_per_s": round(count / took["ours"])}


def fill_groups(people: Any) -> None:
    """Fifty more members in each group: people speak now and then, so that 小栖's pace for one member is not what is
    measured."""
    for group in people.group.values():
        Member.objects.bulk_create(
            Member(group=group, sender_ref=f"bench:{n}", nickname=f"居民{n}", joined_at=clock.now()) for n in range(50)
        )


def main(small: bool) -> dict[str, Any]:
    """One JSON object."""
    fill_groups(cast_module.load())
    count = 6_000 if small else 60_000
    kept = storing(1_000 if small else 10_000)
    work(inbound(200, "warm", 3))
    before = common.counts()
    began = time.perf_counter()
    helper = common.child("bench.intake", "child", str(count // 2))
    assert helper.stdout is not None
    helper.stdout.readline()
    began = time.perf_counter()
    work(inbound(count // 2, "a", 4))
    helper.wait()
    seconds = time.perf_counter() - began
    after = common.counts()
    return {
        "messages_per_s": round(count / seconds), **kept, "processes": 2, "seconds": round(seconds, 2),
        "rows": {k: after[k] - before[k] for k in after}, "db": connection.vendor,
    }  # fmt: skip


if __name__ == "__main__" and sys.argv[1:2] == ["child"]:
    portion = inbound(int(sys.argv[2]), "b", 5)
    work(inbound(200, "warm-b", 6))
    print("ready", flush=True)
    work(portion)
