"""After a form of the counter: what to say to the caller, the order, the personal links for her and for whom she spoke."""

from dataclasses import dataclass, field
from uuid import UUID

from linli.assistant.models import Ask
from linli.doors.resident import links
from linli.groups.models import Message
from linli.kernel import masking
from linli.kernel.actors import Actor
from linli.kernel.errors import NotFound
from linli.orders import access as order_access
from linli.orders import actions as orders
from linli.orders.models import Order, Voice


@dataclass(slots=True)
class Link:
    """One voice's own page: whose, its path, her number masked; `texted` when the number takes a message."""

    voice_id: UUID
    name: str
    path: str
    phone: str
    mobile: bool
    behalf: bool


@dataclass(slots=True)
class Done:
    """What came of it. `say`: 小栖's words, to be read to the caller. seen: orders that the worker may open."""

    orders: list[Order] = field(default_factory=list)
    seen: set[UUID] = field(default_factory=set)
    links: list[Link] = field(default_factory=list)
    say: str = ""
    ask: Ask | None = None
    card: dict = field(default_factory=dict)
    waiting: bool = False


def of_message(actor: Actor, message_id: UUID) -> Done:
    """By the message. Raises NotFound for everybody but the worker who wrote it."""
    message = Message.objects.filter(id=message_id, direction=Message.IN, account__startswith="counter:").first()
    if message is None or actor.id is None or message.hint.get("by") != str(actor.id):
        raise NotFound()
    voices = list(Voice.objects.filter(message_id=message.id).select_related("order").order_by("id"))
    voices += list(Voice.objects.filter(for_voice_id__in=[v.id for v in voices]).select_related("order"))
    done = _done(actor, voices)
    said = Message.objects.filter(group_id=message.group_id, reply_to=message.id, direction=Message.OUT).order_by("id").last()
    if said:
        done.say, done.card = said.text, said.card
        done.ask = Ask.objects.filter(message_id=message.id, state=Ask.OPEN).first()
    done.waiting = message.state == Message.NEW
    return done


def of_order(actor: Actor, order_id: UUID) -> Done:
    """By an order that was opened without a group: its last voices by counter or phone. Raises NotFound."""
    order = order_access.get(actor, order_id)
    rows = order.voices.filter(door__in=("counter", "phone"), message_id=None).select_related("order").order_by("-id")[:2]
    voices = sorted(rows, key=lambda v: v.id)
    return _done(actor, [v for v in voices if v.for_voice_id or v is voices[-1] or voices[-1].for_voice_id == v.id])


def _done(actor: Actor, voices: list[Voice]) -> Done:
    done = Done()
    for voice in voices:
        if voice.order not in done.orders:
            done.orders.append(voice.order)
        done.links.append(
            Link(voice.id, voice.name, links.personal_path(voice.id), masking.mask_phone(voice.phone), is_mobile(voice.phone), voice.for_voice_id is not None)
        )  # fmt: skip
    done.seen = {o.id for o in done.orders if order_access.reads(actor, o)}
    return done


def record_print(actor: Actor, done: Done) -> None:
    """The slip is printed: recorded for each order that the worker may see."""
    for order in done.orders:
        if order.id in done.seen and order_access.may(actor, "print_order", order):
            orders.print_order(by=actor, order=order)


def is_mobile(phone: str) -> bool:
    """Does the number take a text message?"""
    return len(phone) == 11 and phone[0] == "1" and phone[1] in "3456789"
