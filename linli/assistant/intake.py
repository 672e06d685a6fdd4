"""The main job: waiting words of one community → understood → answer, order, second voice, hand-over → 小栖 speaks.

One batch is one transaction: its orders, voices, replies and outcomes commit together, so a process killed at any
point has either done a batch or not begun it. A message that breaks its batch is tried alone and, after three tries,
put before a person. The lane's lock keeps one community's words in one line.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import OperationalError, connection, transaction

from linli.assistant import actions as asks
from linli.assistant import errands, replies
from linli.assistant.decide import decide
from linli.assistant.desk import LOOK_BACK, Candidate, Desk
from linli.assistant.models import Ask
from linli.assistant.plans import Plan, own_voice, sign
from linli.grid.selectors import Stamp
from linli.groups import actions as groups
from linli.groups.models import Lane, Message
from linli.kernel import clock, ids
from linli.kernel.actors import BOT, Actor
from linli.kernel.bulk import insert_rows
from linli.kernel.errors import LinliError
from linli.language import ModelMissing, understand_many
from linli.orders import actions as orders
from linli.orders.drafts import VoiceDraft
from linli.orders.models import Order, Voice
from linli.orders.states import MOVES

log = logging.getLogger("linli.assistant")
ASK_MINUTES = 10
TRIES = 3
#: what of a waiting message is read
READ = (
    "id", "group_id", "community_id", "member_id", "kind", "text", "blob_ids", "hint", "audience", "sent_at", "history",
)  # fmt: skip


def take_in(*, limit: int = 100, community_id: UUID | None = None) -> int:
    """Give up to `limit` waiting messages of one community (that one, or any) their outcome. Returns how many; 0 = nothing
    waits (or another process has the lane)."""
    waiting = Message.objects.filter(state=Message.NEW).values_list("community_id", flat=True).distinct()
    for place in [community_id] if community_id else waiting:
        try:
            with transaction.atomic():
                messages = _claim(place, limit)
                if messages:
                    process(messages)
            if messages:
                return len(messages)
        except Exception:
            log.exception("a batch of messages failed; trying them one by one")
            return _one_by_one(place, limit)
    return 0


def _claim(community_id: UUID, limit: int) -> list[Message]:
    """Lock the lane; the waiting messages in their order, or none when somebody else has it."""
    if connection.features.has_select_for_update:
        lane = Lane.objects.select_for_update(skip_locked=True).filter(community_id=community_id).first()
        if lane is None:
            # Somebody holds it; or a community has none yet, then it is there at the next turn.
            Lane.objects.bulk_create([Lane(community_id=community_id)], ignore_conflicts=True)
            return []
    waiting = Message.objects.only(*READ).filter(community_id=community_id, state=Message.NEW).order_by("id")
    return list(waiting[:limit])


def _one_by_one(community_id: UUID, limit: int) -> int:
    done = 0
    for message_id in list(
        Message.objects.filter(community_id=community_id, state=Message.NEW).order_by("id").values_list("id", flat=True)[:limit]
    ):
        try:
            with transaction.atomic():
                mine = [m for m in _claim(community_id, limit) if m.id == message_id]
                if mine:
                    process(mine)
        except (ModelMissing, OperationalError):
            raise  # the house is not in order; no word is to blame, and none is put aside
        except Exception:
            log.exception("message %s failed", message_id)
            message = Message.objects.get(id=message_id)
            state = Message.STUCK if message.tries + 1 >= TRIES else Message.NEW
            Message.objects.filter(id=message_id, state=Message.NEW).update(tries=message.tries + 1, state=state)
        done += 1
    return done


def process(messages: Sequence[Message]) -> list[Plan]:
    """Decide and carry out, inside the caller's transaction. All messages are of one community."""
    desk = Desk(messages[0].community_id, messages)
    understood = understand_many([m.text for m in messages], [desk.gazetteer(m.group_id) for m in messages])
    desk.heard = list(zip(messages, understood, strict=True))
    desk.load_candidates(understood, messages)
    plans = [decide(desk, m, u) for m, u in zip(messages, understood, strict=True)]
    made = _open(plans)
    _split(plans)
    _join(desk, plans, made)
    _settle(plans, desk)
    _place(plans)
    _rate(plans)
    _ask(desk, plans)
    groups.say_many(BOT, replies.compose(desk, plans, made))
    errands.note(plans, made)
    _commands(plans)
    groups.finish([(p.message, p.outcome, _reference(p, made)) for p in plans])
    return plans


def _open(plans: Sequence[Plan]) -> dict[int, Order]:
    """Open all drafts at once; returns id(draft) → order."""
    drafts = [d for p in plans for d in p.drafts]
    if not drafts:
        return {}
    opened = orders.open_orders(by=BOT, drafts=drafts)
    return {id(d): o for d, o in zip(drafts, opened, strict=True)}


def order_of(candidate: Candidate, made: dict[int, Order]) -> Order:
    """The order that a candidate is or has become."""
    if candidate.order is None:
        candidate.order = made[id(candidate.draft)]
    return candidate.order


def _join(desk: Desk, plans: Sequence[Plan], made: dict[int, Order]) -> None:
    by_order: dict[UUID, list[VoiceDraft]] = {}
    for plan in plans:
        for candidate, voice in plan.joins:
            member = desk.members.get(voice.member_id) if voice.member_id else None
            sign(voice, member)
            if candidate.final and candidate.order:
                orders.keep_words(by=BOT, order_id=candidate.order.id, voices=[voice])
                continue
            by_order.setdefault(order_of(candidate, made).id, []).append(voice)
    if by_order:
        orders.add_voices_many(by=BOT, additions=by_order)


def _split(plans: Sequence[Plan]) -> None:
    """Who said that hers is another matter gets an order of her own for the words that were counted to a neighbour's."""
    for plan in plans:
        if plan.say != "split":
            continue
        voice = Voice.objects.filter(order_id=plan.data["from"], member_id=plan.message.member_id, state=Voice.ACTIVE).order_by("-id").first()
        if voice is None:
            continue
        orders.remove_voice(by=BOT, order_id=plan.data["from"], voice_id=voice.id, words="本人说是另一件事", stamp=plan.data["stamp"])
        plan.data["order"] = Order.objects.filter(key=f"out:{voice.id}").first()


def _settle(plans: Sequence[Plan], desk: Desk) -> None:
    """What was said to 小栖's open question settles it as its button does; a matter of her own stands where she said."""
    for plan in plans:
        if "settles" not in plan.data:
            continue
        member = desk.members[plan.message.member_id] if plan.message.member_id else None
        by = Actor("worker" if member.staff else "resident", member.account_id) if member and member.account_id else BOT
        try:
            order = asks.settle_ask(by=by, ask_id=plan.data["settles"], member_id=plan.message.member_id, yes=plan.data["yes"])
        except LinliError:
            # What a colleague may not answer any more stays what it is: a word in the group; her button says why.
            plan.outcome = "small_talk"
            continue
        stamp = plan.data.get("place")
        if order and stamp and stamp.building_id and not plan.data["yes"] and order.building_id is None and MOVES.allows("correct_order", order.state):
            order = _put_at(order, stamp)
        plan.data["order"] = order


def _place(plans: Sequence[Plan]) -> None:
    """Where it is was said after the matter: the order stands there from now on, unless it is further on by now. Only hers, and the
    same thing at the same place as a neighbour's, it becomes a voice of that one."""
    for plan in plans:
        if plan.say != "placed":
            continue
        order, stamp = plan.joins[0][0].order, plan.data["place"]
        assert order is not None
        if not MOVES.allows("correct_order", order.state):
            plan.say = "standing"
            continue
        placed = plan.data["order"] = _put_at(order, stamp)
        if placed.confidential or placed.voices.exclude(member_id=plan.message.member_id).exists() or not MOVES.allows("merge_orders", placed.state):
            continue
        same = Order.objects.filter(
            community_id=placed.community_id, building_id=placed.building_id, unit=placed.unit, place_text=placed.place_text, thing=placed.thing, kind=placed.kind, procedure=placed.procedure, is_open=True,
            confidential=False, history=False, opened_at__gt=clock.now() - LOOK_BACK, voice_count__gt=0,
        ).exclude(id=placed.id).exclude(thing="").order_by("-id")  # fmt: skip
        into = next((o for o in same[:5] if MOVES.allows("merge_orders", o.state)), None)
        if into:
            plan.data["order"], plan.say = orders.merge_orders(by=BOT, order_ids=[placed.id], into=into.id), "joined"


def _put_at(order: Order, stamp: Stamp) -> Order:
    """The order at the place that its reporter has said."""
    return orders.correct_order(
        by=BOT, order_id=order.id, building_id=stamp.building_id, unit=stamp.unit, place=None if stamp.building_id else stamp.text
    )


def _rate(plans: Sequence[Plan]) -> None:
    for plan in plans:
        if plan.rate is None or plan.message.member_id is None:
            continue
        candidate, rating = plan.rate
        voice = own_voice(candidate, plan.message.member_id)
        assert candidate.order is not None
        if voice is not None:
            orders.rate_order(by=BOT, order_id=candidate.order.id, voice_id=voice.id, rating=rating, how="spoken")


def _ask(desk: Desk, plans: Sequence[Plan]) -> None:
    rows = []
    for plan in plans:
        if plan.outcome != "asked":
            continue
        assert plan.message.member_id is not None
        row = Ask(
            id=ids.new(), message_id=plan.message.id, member_id=plan.message.member_id,
            order_id=plan.ask.order.id if plan.ask and plan.ask.order else None,
            kind=plan.data.get("kind") or (Ask.SAME if plan.ask else Ask.MATTER),
            expires_at=desk.now + timedelta(minutes=ASK_MINUTES),
        )  # fmt: skip
        plan.data["ask"] = row.id
        rows.append(row)
    insert_rows(rows)


def _commands(plans: Sequence[Plan]) -> None:
    for plan in plans:
        if plan.outcome == "command":
            act = groups.mute_group if plan.data["command"] == "mute" else groups.unmute_group
            act(by=BOT, group_id=plan.message.group_id)


def _reference(plan: Plan, made: dict[int, Order]) -> UUID | None:
    if plan.drafts:
        return made[id(plan.drafts[0])].id
    if plan.data.get("place") and plan.data.get("order"):
        return plan.data["order"].id
    if plan.joins:
        return order_of(plan.joins[0][0], made).id
    if plan.rate and plan.rate[0].order:
        return plan.rate[0].order.id
    if plan.data.get("order"):
        return plan.data["order"].id
    if plan.outcome == "answered":
        return plan.data["entry"].id
    return plan.data.get("ask")
