"""The processes of the crash play, each started by bench/crash.py with Django's settings in its environment."""

import json
import os
import random
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench import common  # noqa: E402
from bench.crash import PORTION, SPEED  # noqa: E402
from linli.assistant import actions as assistant  # noqa: E402
from linli.assistant.intake import take_in  # noqa: E402
from linli.demo import cast as cast_module  # noqa: E402
from linli.groups import actions as groups  # noqa: E402
from linli.groups.inbound import Inbound  # noqa: E402
from linli.groups.models import Message  # noqa: E402
from linli.insight.actions import refresh_cells  # noqa: E402
from linli.insight.models import Cell  # noqa: E402
from linli.kernel import clock  # noqa: E402
from linli.kernel.actors import CLOCK, SYSTEM  # noqa: E402
from linli.kernel.errors import LinliError  # noqa: E402
from linli.ledger import clockrow, delivery  # noqa: E402
from linli.ledger.models import Delivery, Event  # noqa: E402
from linli.notices.models import Notice  # noqa: E402
from linli.orders import actions as orders  # noqa: E402
from linli.orders.models import Clock, Order, Sequence, Voice  # noqa: E402

TOTAL = 100_000
ACKED = "acked.txt"


def prepare() -> int:
    """Tables, the cast, the fast clock."""
    call_command("migrate", verbosity=0)
    cast_module.load()
    clockrow.start(clock.wall(), SPEED)
    return 0


def messages(seed: int) -> list[Inbound]:
    """The same long stream at each start: the n-th message always has the same key and words."""
    people = cast_module.find()
    members = sorted(people.member.values(), key=lambda m: str(m.id))
    rooms = {g.id: g for g in people.group.values()}
    out = []
    for n, (_, text) in enumerate(common.stream(TOTAL // 10, seed)):
        member = members[n % len(members)]
        group = rooms[member.group_id]
        out.append(Inbound(group.id, group.community_id, f"page:{group.id}", f"k{n}", text, member.id, clock.now()))
    return out


def feed(seed: str) -> int:
    """Store portions; write down the acknowledged ones; after a restart go on before the first that is not, and send
    some old ones again, as a client does that never saw the answer."""
    rows = messages(int(seed))
    path = Path(os.environ["LINLI_VAR"]) / ACKED
    done = [line for line in path.read_text().splitlines() if line] if path.exists() else []
    at = len(done) // PORTION * PORTION
    dice = random.Random(time.time_ns())
    (path.parent / f"feeding-{os.getpid()}").touch()
    with path.open("a") as acked:
        if path.stat().st_size and not path.read_text().endswith("\n"):
            acked.write("\n")
        while at < len(rows):
            portion = rows[at : at + PORTION]
            groups.receive(SYSTEM, portion)
            acked.write("".join(f"{i.dedupe_key}\n" for i in portion))
            acked.flush()
            os.fsync(acked.fileno())
            if at and dice.random() < 0.2:
                again = dice.randrange(0, at)
                groups.receive(SYSTEM, rows[again : again + PORTION])
            at += PORTION
            time.sleep(0.02)
    return 0


def answer() -> int:
    """A colleague who answers every second order and closes half of those, over and over, until terminated; the others
    are left to the clocks, so that the ladder is climbed too."""
    people = cast_module.find()
    actor = people.actor("yu_tao")
    while True:
        for order in Order.objects.filter(is_open=True, answered_at=None, confidential=False).order_by("id"):
            if int(order.id.hex[-1], 16) % 2:
                continue
            try:
                orders.answer_order(by=actor, order_id=order.id, words="维修公司已经到场，今天十七点前修好。")
                if int(order.id.hex[-2], 16) % 2:
                    orders.handle_order(by=actor, order_id=order.id, words="已经修好，试过三次都正常。")
            except LinliError:
                continue
        time.sleep(0.25)


def _settle() -> None:
    for _ in range(200):
        busy = take_in(limit=200) + delivery.deliver_all(limit=10**6) + orders.advance_clocks() + assistant.expire_asks()
        failed = Delivery.objects.filter(state=Delivery.PENDING)
        failed.update(due_at=clock.wall() - timedelta(seconds=1))
        if not busy and not failed.exists():
            break


def finish(seed: str) -> int:
    """Finish everything in peace, then count what was lost and what was doubled."""
    clockrow.set_speed(0.0)
    _settle()
    # Long enough ahead that who was never answered has climbed the whole ladder, however short the play was.
    clockrow.start(clock.now() + timedelta(hours=4), 0.0)
    _settle()
    # Nothing is marked by hand here: a mark that a kill has lost must show.
    while refresh_cells():
        pass
    print(json.dumps(judge(int(seed)), ensure_ascii=False))
    return 0


def judge(seed: int) -> dict[str, object]:
    """Each way in which a word, an effect or a step could be lost or doubled, counted."""
    path = Path(settings.LINLI_VAR) / ACKED
    acked = set(path.read_text().split()) if path.exists() else set()
    stored = Counter(Message.objects.filter(direction="in").values_list("dedupe_key", flat=True))
    lost = {
        "acked_not_stored": len(acked - set(stored)),
        "without_outcome": Message.objects.filter(direction="in").exclude(state=Message.DONE).count(),
        "stuck": Message.objects.filter(state=Message.STUCK).count(),
        "deliveries_open": Delivery.objects.exclude(state=Delivery.DONE).count(),
    }
    doubled = {"stored_twice": sum(n - 1 for n in stored.values() if n > 1)}
    made = Message.objects.filter(direction="in", outcome__in=("order", "sensitive", "person", "handed"))
    known = set(Order.objects.values_list("id", flat=True))
    lost["outcome_without_order"] = sum(1 for ref in made.values_list("outcome_id", flat=True) if ref not in known)
    joined = Message.objects.filter(direction="in", outcome="voice").values_list("id", "outcome_id")
    voices = Counter(Voice.objects.filter(message_id__isnull=False).values_list("message_id", "order_id"))
    lost["voice_without_row"] = sum(1 for pair in joined if not voices[pair])
    doubled["voices_twice"] = sum(n - 1 for n in voices.values() if n > 1)
    opened = Counter(Event.objects.filter(verb="orders.open_orders").values_list("subject_id", flat=True))
    lost["orders_without_event"] = sum(1 for o in Order.objects.values_list("id", flat=True) if not opened[o])
    doubled["opened_twice"] = sum(n - 1 for n in opened.values() if n > 1)
    numbers = Counter(Order.objects.values_list("number", flat=True))
    doubled["numbers_twice"] = sum(n - 1 for n in numbers.values() if n > 1)
    lost["numbers_skipped"] = sum(Sequence.objects.values_list("last", flat=True)) - Order.objects.count()
    _steps(lost, doubled)
    _told(lost, doubled)
    lost["cells_wrong"] = _cells()
    return {
        "lost": sum(lost.values()), "doubled": sum(doubled.values()), "lost_by": lost, "doubled_by": doubled,
        "counted": {**common.counts(), "acked": len(acked), "notices": Notice.objects.count(), "warnings": Event.objects.filter(verb="orders.warn_order").count()},
        "db": connection.vendor,
    }  # fmt: skip


def _steps(lost: dict[str, int], doubled: dict[str, int]) -> None:
    """Each step of each clock's ladder: one event, one notice to each person it names."""
    taken = Counter()
    told = Counter(Notice.objects.filter(kind__startswith="clock_").values_list("dedupe_key", "account_id"))
    missing = 0
    clocks = {(c.order_id, c.name, c.round): c for c in Clock.objects.all()}
    for event in Event.objects.filter(verb="orders.warn_order", actor_kind=CLOCK.kind):
        facts = event.facts
        row = clocks[(event.subject_id, facts["clock"], facts["round"])]
        taken[(row.id, facts["percent"])] += 1
        missing += sum(1 for to in facts["to"] if not any(str(a) == to and k.startswith(f"{row.id}:{facts['percent']}:") for k, a in told))
    lost["steps_without_event"] = sum(c.step for c in clocks.values()) - len(taken)
    lost["steps_untold"] = missing
    doubled["steps_twice"] = sum(n - 1 for n in taken.values() if n > 1)
    doubled["told_twice"] = sum(n - 1 for n in told.values() if n > 1)


def _told(lost: dict[str, int], doubled: dict[str, int]) -> None:
    """Each answer and result stands once in the group and once on each member's own page."""
    events = set(Event.objects.filter(verb__in=("orders.answer_order", "orders.handle_order")).values_list("id", flat=True))
    told = Counter(
        key.removeprefix("told:") for key in Message.objects.filter(dedupe_key__startswith="told:").values_list("dedupe_key", flat=True)
    )
    lost["results_untold"] = sum(1 for e in events if not told[str(e)])
    own = Counter(Message.objects.filter(dedupe_key__startswith="own:").values_list("dedupe_key", flat=True))
    doubled["own_twice"] = sum(n - 1 for n in own.values() if n > 1)


def _cells() -> int:
    """Cells that are not what their orders count to now."""
    # Said a second time here, not taken from the code that counts: an order that is a part of another one is no matter of its own.
    live = Order.objects.filter(history=False, relation__in=("", "split")).exclude(state="void")
    want = Counter(live.values_list("local_day", "community_id", "category"))
    have: Counter[tuple[object, ...]] = Counter()
    for cell in Cell.objects.all():
        have[cell.local_day, cell.community_id, cell.category] += cell.opened
    return sum(1 for key in want.keys() | have.keys() if want[key] != have[key])


PARTS = {"prepare": prepare, "feed": feed, "answer": answer, "finish": finish}
