"""A person's words about an order go back to the same group and to every voice.

Answers and results stand at once on each voice's own page; the group hears of them outside the quiet hours (22:00–07:00)
or at once when the matter is urgent. A confidential order is told to its voices alone. Each voice is asked to rate.
"""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from linli.grid import selectors as places
from linli.groups import actions as groups
from linli.groups.actions.messages import Say
from linli.groups.models import Group, Message
from linli.kernel import clock
from linli.kernel.actors import BOT
from linli.ledger.handlers import NotYet, on
from linli.ledger.models import Event
from linli.notices import actions as notices
from linli.notices import quiet
from linli.orders.models import Order, Voice, Word
from linli.orders.states import MERGED, Door
from linli.ui import figures

TOLD = (
    "orders.answer_order", "orders.handle_order", "orders.void_order", "orders.conclude_review", "orders.pass_step",
    "orders.raise_order",
)  # fmt: skip
HEAD = {
    "orders.answer_order": "{person}答复：",
    "orders.handle_order": "{person}办好了，请看结果：",
    "orders.void_order": "{person}说明：",
    "orders.conclude_review": "复核的最终答复：",
    "orders.pass_step": "{person}答复：",
    "orders.raise_order": "{person}往上报了，由上一级继续办，原因：",
}
#: told on each one's own page only, never in the group
QUIET = ("orders.void_order", "orders.raise_order")
# Who came to the counter, called, filled in the form or scanned the code did not speak in the group: it hears only of
# what was said in it.
ALONE = (Door.COUNTER, Door.PHONE, Door.REPORT, Door.QR)
#: so often an order is followed into the one that it was merged into
DEEP = 10
NOT_DONE = {
    "no": "{person}如实答复，这件事办不了：", "not_ours": "{person}答复，这件事归别的单位管：",
    "refused": "{person}答复，这件事依法不能受理：", "beyond": "{person}答复，这件事超出了我们的职权：",
    "tried": "{person}答复，能做的都做了：", "untrue": "{person}核实后说明：", "rejected": "{person}说明：",
}  # fmt: skip


def _head(event: Event, person: str) -> str:
    text = NOT_DONE.get(event.facts.get("ending", ""), HEAD[event.verb])
    return text.format(person=person)


def _load(events: Sequence[Event]) -> tuple[dict[UUID, Order], dict[UUID, Word], dict[UUID, list[Voice]]]:
    orders = Order.objects.in_bulk({e.subject_id for e in events})
    words = {w.event_id: w for w in Word.objects.filter(event_id__in=[e.id for e in events])}
    voices: dict[UUID, list[Voice]] = defaultdict(list)
    for voice in Voice.objects.filter(order_id__in=list(orders), state=Voice.ACTIVE).order_by("id"):
        voices[voice.order_id].append(voice)
    return orders, words, voices


@on(*TOLD, name="stories.order_tells_its_voices", batch=50)
def order_tells_its_voices(events: Sequence[Event]) -> None:
    """Each voice hears on her own page at once, also at night: it is her own matter, and it makes no noise."""
    orders, words, voices = _load(events)
    events = [e for e in events if e.id in words and words[e.id].public]
    labels = places.staff_labels(e.actor_id for e in events)
    groups_ = Group.objects.in_bulk({v.group_id for vs in voices.values() for v in vs if v.group_id})
    says = []
    for event in events:
        order, word = orders[event.subject_id], words[event.id]
        person = labels.get(event.actor_id, "值班的同志") if event.actor_id else "值班的同志"
        card = _card(order, event)
        for voice in _once_each(voices[order.id]):
            group = groups_.get(voice.group_id) if voice.group_id else None
            if group is None or voice.member_id is None:
                continue
            says.append(
                Say(group=group, text=f"{_head(event, person)}{word.text}", key=f"own:{event.id}:{voice.member_id.hex}"[:80],
                    audience=Message.OWN, to_member_id=voice.member_id, card=card | {"voice": str(voice.id)},
                    blob_ids=list(word.blob_ids), outcome=event.verb.split(".")[1][:16], outcome_id=order.id)
            )  # fmt: skip
    groups.say_many(BOT, says)
    _notify(events, orders, voices)


def _once_each(voices: Sequence[Voice]) -> list[Voice]:
    """The first voice of each person: who spoke twice, or in two groups, hears once on her own page."""
    seen: dict[UUID, Voice] = {}
    for voice in sorted(voices, key=lambda v: v.member_id is None):
        seen.setdefault(voice.speaker, voice)
    return list(seen.values())


def _card(order: Order, event: Event) -> dict:
    rate = event.verb == "orders.handle_order"
    return {"type": "result" if rate else "order", "order": str(order.id), "title": order.title}


def _notify(events: Sequence[Event], orders: dict[UUID, Order], voices: dict[UUID, list[Voice]]) -> None:
    rows = []
    for event in events:
        order = orders[event.subject_id]
        accounts = sorted({v.account_id for v in voices[order.id] if v.account_id})
        if accounts:
            kind = "result_ready" if event.verb == "orders.handle_order" else "answer_given"
            rows.append(
                notices.NoticeDraft(
                    account_ids=list(accounts), kind=kind, subject_kind="order", subject_id=order.id,
                    dedupe_key=str(event.id), params={"number": order.number}, urgent=order.urgency > 0,
                )
            )  # fmt: skip
    notices.notify_many(by=BOT, rows=rows)


@on(*TOLD, name="stories.order_tells_its_group")
def order_tells_its_group(events: Sequence[Event]) -> None:
    """The groups hear, addressed to nobody by name; in the quiet hours it waits for the morning unless urgent."""
    orders, words, voices = _load(events)
    for event in events:
        order, word = orders[event.subject_id], words.get(event.id)
        if word is None or not word.public or order.confidential or event.verb in QUIET:
            continue
        now = clock.now()
        if not order.urgency and quiet.hours().holds(now):
            # The product's clock may run faster than the wall (demo); look again soon rather than compute wrongly.
            wait = (quiet.hours().after(now) - now).total_seconds()
            raise NotYet(clock.wall_after(wait))
        person = places.staff_labels([event.actor_id]).get(event.actor_id, "值班的同志") if event.actor_id else "值班的同志"
        heard = _went_with(order, event) if order.relation == MERGED else voices[order.id]
        told = {v.group_id for v in heard if v.group_id and v.door not in ALONE}
        told = {g for g in told if str(g) != event.facts.get("said_in")}
        for group in Group.objects.filter(id__in=told):
            groups.say(
                BOT,
                Say(group=group, text=f"{order.place_text} {order.title}\n{_head(event, person)}{word.text}",
                    key=f"told:{event.id}", card=_card(order, event), blob_ids=list(word.blob_ids),
                    outcome="told", outcome_id=order.id),
            )  # fmt: skip


def _went_with(order: Order, event: Event) -> list[Voice]:
    """Merged in the night, before its group heard: its voices are the other order's now. Whoever had spoken of the one matter before
    the answer was given hears it; nobody's group of what was made confidential."""
    here = order
    for _ in range(DEEP):
        if here.relation != MERGED or here.parent_id is None:
            break
        here = Order.objects.get(id=here.parent_id)
    if here.confidential:
        return []
    return list(Voice.objects.filter(order_id=here.id, state=Voice.ACTIVE, created_at__lte=event.at))


@on("orders.remove_voice", "orders.split_order", name="stories.voice_taken_out_is_told", batch=50)
def voice_taken_out_is_told(events: Sequence[Event]) -> None:
    """Whose words became a matter of their own reads it on her own page, with its hour; silence would be a broken promise."""
    moved = [(e, UUID(e.facts["order"]), UUID(v)) for e in events if e.facts.get("order") for v in _taken_out(e)]
    made = Order.objects.in_bulk({o for _, o, _ in moved})
    voices = Voice.objects.in_bulk({v for _, _, v in moved})
    groups_ = Group.objects.in_bulk({v.group_id for v in voices.values() if v.group_id})
    labels = places.staff_labels(o.responsible_id for o in made.values())
    says = []
    for event, order_id, voice_id in moved:
        voice, order = voices.get(voice_id), made.get(order_id)
        if voice is None or order is None or voice.member_id is None or voice.group_id not in groups_:
            continue
        person = labels.get(order.responsible_id, "值班的同志") if order.responsible_id else "值班的同志"
        until = figures.when(order.answer_due_at, full=True) if order.answer_due_at else ""
        text = f"社工核对过，您说的和邻居的不是一件事，已经给您单独记下（{order.title}）。{person}来办，{until} 前给您答复。"
        says.append(
            Say(group=groups_[voice.group_id], text=text, key=f"out:{event.id}:{voice.member_id.hex}"[:80], audience=Message.OWN,
                to_member_id=voice.member_id, card={"type": "order", "order": str(order.id), "title": order.title}, outcome="split",
                outcome_id=order.id)
        )  # fmt: skip
    groups.say_many(BOT, says)


def _taken_out(event: Event) -> list[str]:
    return event.facts.get("voices") or [event.facts["voice"]]


@on("orders.reopen_order", "orders.send_to_review", name="stories.order_says_it_is_open_again")
def order_says_it_is_open_again(events: Sequence[Event]) -> None:
    """Every voice learns on her own page that it goes on, and by when a person answers."""
    orders, _, voices = _load(events)
    groups_ = Group.objects.in_bulk({v.group_id for vs in voices.values() for v in vs if v.group_id})
    for event in events:
        order = orders[event.subject_id]
        text = (
            "这件事按“没解决”重新办理了，时限重新起算，有人会再答复您。"
            if event.verb == "orders.reopen_order"
            else "这件事已经重办过两次，现在由另一个单位复核，会给您最终的答复。"
        )
        groups.say_many(
            BOT,
            [
                Say(group=groups_[v.group_id], text=text, key=f"again:{event.id}:{v.member_id.hex}"[:80], audience=Message.OWN,
                    to_member_id=v.member_id, card={"type": "order", "order": str(order.id), "title": order.title},
                    outcome="again", outcome_id=order.id)
                for v in _once_each(voices[order.id]) if v.group_id in groups_ and v.member_id
            ],
        )  # fmt: skip
