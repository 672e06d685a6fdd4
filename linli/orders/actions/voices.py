"""More people say the same thing; and a worker takes out one who meant something else."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.grid.selectors import Stamp
from linli.kernel import clock
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.bulk import insert_rows, update_rows
from linli.kernel.errors import NotFound, WrongState
from linli.ledger.record import record_many
from linli.orders import access, search
from linli.orders.actions import clocking
from linli.orders.actions.common import clean_words, count_ratings, row_of, tell, touch
from linli.orders.actions.ending import close_rated
from linli.orders.actions.opening import open_order, voice_row
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.hands import stamp_of
from linli.orders.models import Concerned, Order, OrderText, Voice
from linli.orders.states import MOVES
from linli.standards.selectors import BrokenProcedure


def add_voices(*, by: Actor, order_id: UUID, voices: Sequence[VoiceDraft]) -> list[Voice]:
    """More speakers for one order; see `add_voices_many`."""
    return add_voices_many(by=by, additions={order_id: voices})


@transaction.atomic
def add_voices_many(*, by: Actor, additions: Mapping[UUID, Sequence[VoiceDraft]]) -> list[Voice]:
    """Add speakers to orders that are not over. The same message never counts twice; a person who speaks again gets
    another row of words but is counted once. Raises NotFound, Forbidden, WrongState, then nothing is added."""
    return _add(by, {o.id: o for o in access.get_many_locked(by, sorted(additions), "add_voices")}, additions)


@transaction.atomic
def add_outside_voices(*, by: Actor, additions: Mapping[UUID, Sequence[VoiceDraft]], deadlines: Mapping[UUID, datetime]) -> list[Voice]:
    """Callers of another body (the city's hotline) whose matter is an order of ours already: further speakers, and where that
    body's deadline is the earlier one, it holds. Raises as `add_voices_many`."""
    orders = {o.id: o for o in access.get_many_locked(by, sorted(additions), "add_outside_voices")}
    for order_id, due_at in deadlines.items():
        clocking.bring_forward(orders[order_id], due_at, clock.now())
    return _add(by, orders, additions)


def _add(by: Actor, orders: Mapping[UUID, Order], additions: Mapping[UUID, Sequence[VoiceDraft]]) -> list[Voice]:
    for order in orders.values():
        MOVES.apply("add_voices", order)
    now = clock.now()
    have: set[tuple[UUID, UUID | None]] = set()
    people: set[tuple[UUID, UUID]] = set()
    known = Voice.objects.filter(order_id__in=list(orders))
    for order_id, message_id, member_id, account_id, state in known.values_list(
        "order_id", "message_id", "member_id", "account_id", "state"
    ):
        have.add((order_id, message_id))
        if state == Voice.ACTIVE:
            people |= {(order_id, i) for i in (member_id, account_id) if i}
    rows: list[Voice] = []
    events = []
    counts, words = [], {}
    for order_id, drafts in additions.items():
        order, mine, new_people = orders[order_id], [], 0
        for draft in drafts:
            if draft.message_id and (order_id, draft.message_id) in have:
                continue
            have.add((order_id, draft.message_id))
            first = voice_row(order, draft, now)
            mine.append(first)
            new_people += _is_new(order_id, draft, people)
            if draft.behalf:
                second = voice_row(order, draft.behalf, now)
                second.for_voice_id = first.id
                mine.append(second)
                new_people += _is_new(order_id, draft.behalf, people)
        if mine:
            rows += mine
            counts.append((order_id, order.voice_count + new_people))
            words[order_id] = search.merged(*(search.tokens(d.words) for d in drafts))
            events.append(row_of(order, {"voices": [str(v.id) for v in mine], "people": new_people}))
    if not rows:
        return []
    insert_rows(rows)
    update_rows(Order, ["voice_count"], counts)
    texts = OrderText.objects.filter(order_id__in=list(words)).values_list("id", "order_id", "tokens")
    update_rows(OrderText, ["tokens"], [(pk, search.merged(tokens, words[order_id])) for pk, order_id, tokens in texts])
    record_many(by, "orders.add_voices", events)
    touch(*orders.values())
    return rows


def _is_new(order_id: UUID, draft: VoiceDraft, people: set[tuple[UUID, UUID]]) -> bool:
    """Has this person not spoken of the order yet? From now on she has. Somebody without a trace is always new."""
    keys = {(order_id, i) for i in (draft.member_id, draft.account_id) if i}
    new = not keys & people
    people |= keys
    return new


@transaction.atomic
def remove_voice(*, by: Actor, order_id: UUID, voice_id: UUID, words: str, own: bool = True, stamp: Stamp | None = None) -> Order:
    """Take a speaker out of an order (it was another matter), with the reason. Raises NotFound for another's voice.

    `own`: what she said becomes an order of its own (same kind, at `stamp` or the same place), so that no word is lost;
    False where it was no matter at all. The last voice of an order goes without: then the order itself is the mistake.
    """
    order = access.get_locked(by, order_id, "remove_voice")
    reason = clean_words(words, "移出的原因")
    MOVES.apply("remove_voice", order, words=reason)
    voice = Voice.objects.filter(id=voice_id, order_id=order.id, state=Voice.ACTIVE).first()
    if voice is None:
        raise NotFound("没有找到这个发声。")
    voice.state = Voice.REMOVED
    voice.save(update_fields=["state"])
    others = list(order.voices.filter(state=Voice.ACTIVE).defer("words", "name", "phone"))
    if all(v.speaker != voice.speaker for v in others):
        order.voice_count = max(order.voice_count - 1, 0)
    count_ratings(order)
    order.save(update_fields=["voice_count", "satisfied", "so_so", "unsolved", "not_reached"])
    facts: dict[str, str] = {"voice": str(voice.id)}
    if own and others:
        facts["order"] = str(_of_its_own(order, voice, stamp or stamp_of(order)).id)
    tell(by, "remove_voice", order, facts, words=reason)
    close_rated(by, order)
    return order


@transaction.atomic
def keep_words(*, by: Actor, order_id: UUID, voices: Sequence[VoiceDraft]) -> Order:
    """What its speaker says of a matter after the final letter (TSCL-5.6): kept word for word, sealed, with the order that is over;
    no clock, no figure, nobody is called. Raises WrongState for an order that no final letter has ended."""
    order = access.get_locked(by, order_id, "keep_words")
    if order.is_open or order.ending != "reviewed":
        raise WrongState()
    have = set(Voice.objects.filter(order_id=order.id).values_list("message_id", flat=True))
    rows = [voice_row(order, d, clock.now()) for d in voices if d.message_id is None or d.message_id not in have]
    if rows:
        insert_rows(rows)
        record_many(by, "orders.keep_words", [row_of(order, {"voices": [str(v.id) for v in rows]})])
        touch(order)
    return order


def _of_its_own(order: Order, voice: Voice, stamp: Stamp) -> Order:
    said = VoiceDraft(
        words=voice.words, group_id=voice.group_id, member_id=voice.member_id, account_id=voice.account_id,
        message_id=voice.message_id, home_id=voice.home_id, name=voice.name, phone=voice.phone, door=voice.door,
        blob_ids=list(voice.blob_ids),
    )  # fmt: skip
    draft = Draft(
        kind=order.kind, stamp=stamp, voice=said, thing=order.thing, category=order.category, urgency=order.urgency,
        question=order.procedure == "question", key=f"out:{voice.id}",
    )  # fmt: skip
    return open_order(by=SYSTEM, draft=draft)


@transaction.atomic
def move_voices(*, by: Actor, source: UUID, target: UUID) -> int:
    """Somebody came back to her old account by her number: her matters go with her, also those that concern her; where she had spoken
    under both, she is one person from now on. Returns how many voices moved."""
    Concerned.objects.filter(account_id=source).update(account_id=target)
    orders = access.get_many_locked(SYSTEM, sorted(set(Voice.objects.filter(account_id=source).values_list("order_id", flat=True))), "read")
    moved = Voice.objects.filter(account_id=source, order__in=orders).update(account_id=target)
    if not orders:
        return moved
    for order in orders:
        order.voice_count = len({v.speaker for v in order.voices.filter(state=Voice.ACTIVE).defer("words", "name", "phone")})
        count_ratings(order)
        order.save(update_fields=["voice_count", "satisfied", "so_so", "unsolved", "not_reached"])
    record_many(by, "orders.move_voices", [row_of(o, {}) for o in orders])
    touch(*orders)
    for order in orders:
        with suppress(BrokenProcedure):  # she signs in all the same
            close_rated(by, order)
    return moved
