"""From plans to 小栖's sentences: whom it tells, in public or alone, and when it had better say nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from linli.assistant import speech
from linli.assistant.desk import Desk
from linli.assistant.plans import Plan
from linli.grid import selectors as places
from linli.groups.actions.messages import Say
from linli.groups.models import Member, Message
from linli.kernel import clock
from linli.kernel.roles import NEVER_WORDS
from linli.knowledge import facts, index, telling
from linli.knowledge.models import Entry
from linli.orders.models import Order
from linli.orders.states import PLAIN, OrderState
from linli.standards import selectors as standards

PER_MINUTE = 6
REPEAT = timedelta(minutes=10)


def compose(desk: Desk, plans: Sequence[Plan], made: dict[int, Order]) -> list[Say]:
    """The replies of a batch. Too many to one member in a minute are left out; the words keep their outcome."""
    speaking = [p for p in plans if p.say and not p.silent]
    if not speaking:
        return []
    outsiders = _outsiders(desk, speaking)
    orders = [o for p in speaking for o in _orders(p, made)]
    labels = places.staff_labels(o.responsible_id for o in orders)
    recent, told = _recent_replies(desk, speaking)
    out = []
    for plan in speaking:
        member_id = plan.message.member_id
        if member_id and recent[member_id] >= PER_MINUTE:
            continue
        if plan.say in ("standing", "joined", "done", "final", "gathered") and not plan.data.get("place") and _said_already(plan, told):
            continue
        say = _say(desk, plan, made, labels, outsiders)
        if say:
            out.append(say)
            if member_id:
                recent[member_id] += 1
    return out


def _orders(plan: Plan, made: dict[int, Order]) -> Iterator[Order]:
    if plan.data.get("order"):
        yield plan.data["order"]
    for draft in plan.drafts:
        yield made[id(draft)]
    for candidate, _ in plan.joins:
        if candidate.order:
            yield candidate.order
    if plan.ask and plan.ask.order:
        yield plan.ask.order


def _recent_replies(desk: Desk, plans: Sequence[Plan]) -> tuple[Counter[UUID], set[tuple[UUID, UUID]]]:
    """How often each member was spoken to in the last minute, and (member, order) of the last minutes. One statement."""
    members = {p.message.member_id for p in plans if p.message.member_id}
    counts: Counter[UUID] = Counter()
    told: set[tuple[UUID, UUID]] = set()
    rows = Message.objects.filter(to_member_id__in=members, direction=Message.OUT, received_at__gt=desk.now - REPEAT)
    for member_id, order_id, at in rows.values_list("to_member_id", "outcome_id", "received_at"):
        if member_id and at > desk.now - timedelta(minutes=1):
            counts[member_id] += 1
        if member_id and order_id:
            told.add((member_id, order_id))
    return counts, told


def _said_already(plan: Plan, told: set[tuple[UUID, UUID]]) -> bool:
    """No repeats: the same member was told of the same order a few minutes ago."""
    if not plan.joins:
        return False
    candidate = plan.joins[0][0]
    return bool(candidate.order and plan.message.member_id and (plan.message.member_id, candidate.order.id) in told)


def _outsiders(desk: Desk, plans: Sequence[Plan]) -> set[UUID]:
    """The groups in which the property company or a firm reads along: there 小栖 calls nobody by name who reports something.
    One statement, and none where nobody reports anything."""
    rooms = {p.message.group_id for p in plans if p.drafts or p.joins}
    if not rooms:
        return set()
    staff = Member.objects.filter(group_id__in=rooms, staff=True, left_at=None).values_list("group_id", "account_id")
    return {g for g, a in staff if a and any(post.role in NEVER_WORDS for post in places.posts_of(a))}


def _say(desk: Desk, plan: Plan, made: dict[int, Order], labels: dict[UUID, str], outsiders: set[UUID]) -> Say | None:
    message = plan.message
    group = desk.groups[message.group_id]
    member = desk.members.get(message.member_id) if message.member_id else None
    reports = bool(plan.drafts or plan.joins) and not plan.private and message.audience == Message.GROUP
    name = member.nickname if member and not (reports and message.group_id in outsiders) else ""
    spoken_of = list(_orders(plan, made))
    order = spoken_of[0] if spoken_of else None
    text, card = _words(desk, plan, name, order, labels, len(spoken_of))
    # A confidential matter has no public reply, whichever way it came to be one.
    secret = any(o.confidential for o in spoken_of) or bool(plan.rate and plan.rate[0].secret)
    if (plan.private or secret) and member is None:
        return None
    audience = Message.MEMBER if plan.private or secret else Message.GROUP
    card = {} if secret else card
    if message.audience == Message.OWN and member:
        audience = Message.OWN  # said by a form or a code on the wall: the group was not there
    return Say(
        group=group, text=text, key=f"re:{message.id}", reply_to=message.id, card=card, audience=audience,
        to_member_id=member.id if member else None,
        outcome=plan.say, outcome_id=order.id if order else None,
    )  # fmt: skip


def _words(desk: Desk, plan: Plan, name: str, order: Order | None, labels: dict[UUID, str], count: int) -> tuple[str, dict]:
    say, now = plan.say, desk.now
    person = labels.get(order.responsible_id, "值班的同志") if order and order.responsible_id else "值班的同志"
    due = order.answer_due_at if order and order.waits_answer else None
    until = speech.hour(due, now) if due else ""
    card = order_card(order) if order and not plan.private else {}
    if say == "heard" and order:
        urgent = order.urgency > 0
        text = speech.heard_urgent(name, person, until) if urgent else speech.heard(name, person, order.responsible_via, until, where=_nowhere(desk, order))
        return text, card
    if say == "placed" and order:
        return speech.placed(name, order.place_text, person, until), card
    if say == "split" and order:
        return speech.split(name, matter_of(order), person, until), card
    if say == "emergency":
        return speech.heard_emergency(name, person), card
    if say == "danger":
        return speech.heard_danger(name, person), {}
    if say == "sensitive":
        return speech.heard_private(name, until), {}
    if say == "heard_many":
        return speech.heard_many(name, count, person, until), card
    if say == "perhaps":
        return speech.PERHAPS, {"type": "ask", "ask": str(plan.data["ask"]), "yes": speech.PERHAPS_YES, "no": speech.PERHAPS_NO}
    if say == "done" and order:
        return speech.done(name, matter_of(order)), card
    if say == "final" and order:
        return speech.final(name, matter_of(order)), {}
    if say == "gathered":
        return speech.gathered(name, person), {}
    if say == "joined" and order:
        return speech.joined(name, matter_of(order), due, now), card
    if say == "standing" and order:
        plain = PLAIN[OrderState(order.state)]
        return speech.standing(name, matter_of(order), plain, person, due, now), card
    if say == "same" and order:
        return speech.SAME.format(matter=matter_of(order)), {"type": "ask", "ask": str(plan.data["ask"]), "yes": speech.SAME_YES, "no": speech.SAME_NO}
    if say == "photo":
        return speech.PHOTO, {"type": "ask", "ask": str(plan.data["ask"]), "yes": speech.PHOTO_YES, "no": speech.PHOTO_NO}
    if say == "rated":
        return speech.rated(name, plan.data["rating"]), {}
    if say == "answer":
        return told_entry(plan.data["entry"], desk.community_id)
    if say == "close":
        return speech.CLOSE, {"type": "choices", "choices": [[str(e.id), e.question] for e in plan.data["entries"]]}
    if say == "answers" and order:
        return speech.ANSWERS.format(matter=matter_of(order)), {"type": "ask", "ask": str(plan.data["ask"]), "yes": speech.ANSWERS_YES, "no": speech.ANSWERS_NO}
    simple = {
        "handed": lambda: speech.handed(name, person, until), "person": lambda: speech.person_called(name, person, until),
        "listened": lambda: speech.listened(name, person, until), "looked": lambda: speech.looked(name, person, until),
        "machine": lambda: speech.MACHINE, "hello": lambda: speech.HELLO, "mute": lambda: speech.MUTED, "unmute": lambda: speech.UNMUTED,
    }  # fmt: skip
    return simple[say](), card


def _nowhere(desk: Desk, order: Order) -> bool:
    """Something stands or runs somewhere, and its words say no more than the community."""
    return bool(order.thing) and desk.is_nowhere(order.building_id, order.unit, order.place_text)


def told_entry(entry: Entry, community_id: UUID) -> tuple[str, dict]:
    """What 小栖 says of an entry at a place: its answer with the local facts and its source; or, where it is told by a
    question back, that question with a button for each choice."""
    text = telling.told(entry.answer, facts.of_place(community_id))
    if entry.choices:
        known = index.by_code(community_id)
        choices = [[str(known[code].id), label] for label, code in entry.choices if code in known]
        return text, {"type": "choices", "choices": choices}
    day = entry.read_on or clock.local_day(entry.updated_at)
    return text, {"type": "answer", "entry": str(entry.id), "source": telling.source_of(entry), "day": day.isoformat()}


def matter_of(order: Order) -> str:
    """Neutral name with its place: 锦绣苑3号楼2单元 电梯. A confidential matter is not named at all."""
    if order.confidential:
        return Order.PRIVATE_TITLE
    name = order.thing or standards.kinds()[order.kind].label
    return f"{order.place_text} {name}".strip()


def order_card(order: Order) -> dict:
    """The small card under 小栖's words: the order's neutral title; its state is looked up when shown."""
    return {"type": "order", "order": str(order.id), "title": order.title}
