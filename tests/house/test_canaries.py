"""Names, numbers, homes and words are planted at the doors; none of them may come out in an event, notice or wake."""

import contextlib
import json
import re

from linli.assistant import intake
from linli.groups import actions as groups
from linli.groups.inbound import Inbound
from linli.kernel import clock
from linli.kernel.errors import LinliError
from linli.ledger import delivery
from linli.ledger.models import Delivery, Event, Wake
from linli.notices.models import Notice
from linli.orders import actions as orders
from linli.orders.models import Order, Voice

NAME, PHONE, HOME, SECRET = "欧阳金丝雀", "19912345678", "1703室", "蓝色鹦鹉会飞"
UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
CANARIES = (NAME, "金丝雀", PHONE, "1703", SECRET, "鹦鹉")
WORDS = [
    f"3号楼2单元电梯又坏了，我是{NAME}，住{HOME}，电话{PHONE}，{SECRET}",
    f"老年证怎么办？{NAME} {PHONE} {SECRET}",
    f"人工 {PHONE} {SECRET}",
    f"楼上{HOME}的{NAME}天天在家里搞传销，{SECRET}",
    f"{SECRET}{SECRET}{NAME}",
]


def say(cast, words):
    """Through the page's door: stored, taken in, told."""
    member = cast.member["zhou"]
    actor = cast.actor("zhou")
    rows = [
        Inbound(member.group_id, member.group.community_id, f"page:{member.group_id}", f"{n}", text, member.id, clock.now())
        for n, text in enumerate(words)
    ]  # fmt: skip
    groups.receive(actor, rows)
    while intake.take_in():
        pass
    delivery.deliver_all()


def work(cast):
    """Whoever is responsible writes the canary into every field that takes words."""
    for order in Order.objects.all():
        person = next((k for k, a in cast.account.items() if a.id == order.responsible_id), "zhao_hui")
        this = {"by": cast.actor(person), "order_id": order.id}
        said = {"words": f"已到现场，{SECRET}，明天17:00前修好。{NAME} {PHONE}"}
        steps = [
            (orders.accept_order, {}),
            (orders.note_order, said),
            (orders.answer_order, said),
            (orders.correct_order, {"thing": SECRET, "unit": HOME}),
            (orders.handle_order, said),
        ]
        for voice in Voice.objects.filter(order_id=order.id):
            steps.append((orders.rate_order, said | {"voice_id": voice.id, "rating": "unsolved"}))
        for step, given in steps:
            with contextlib.suppress(LinliError):
                step(**this, **given)
        delivery.deliver_all()


def leaves(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value


def test_no_canary_comes_out_of_the_ledger(cast, at):
    say(cast, WORDS)
    assert Order.objects.count() >= 2, "the canaries did not become orders"
    work(cast)
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert {"orders.open_orders", "orders.accept_order", "orders.answer_order", "orders.handle_order"} <= verbs
    told = {
        "event": [json.dumps(f, ensure_ascii=False) for f in Event.objects.values_list("facts", flat=True)],
        "notice": [json.dumps(p, ensure_ascii=False) for p in Notice.objects.values_list("params", flat=True)],
        "wake": list(Wake.objects.values_list("topic", flat=True)),
        "delivery": list(Delivery.objects.values_list("error", flat=True)),
    }
    # An id may hold the room's four digits by chance.
    found = [(where, t) for where, texts in told.items() for t in texts if any(c in UUID.sub("", t) for c in CANARIES)]
    assert not found


CODE = re.compile(r"[A-Za-z0-9_.:+@/-]{0,64}|\d{2}:\d{2}-\d{2}:\d{2}", re.ASCII)


def test_facts_are_ids_codes_numbers_and_times(cast, at):
    say(cast, WORDS)
    work(cast)
    strange = {
        (verb, leaf)
        for verb, facts in Event.objects.values_list("verb", "facts")
        for leaf in leaves(facts)
        if isinstance(leaf, str) and not CODE.fullmatch(leaf)
    }
    assert not strange
    assert all(f["v"] == 1 for f in Event.objects.values_list("facts", flat=True))
