"""More people say the same thing; and a worker takes out one who meant something else."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F

from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import NotFound
from linli.language import search_tokens
from linli.ledger.record import record
from linli.orders import access
from linli.orders.actions.common import clean_words, row_of, tell, touch
from linli.orders.actions.opening import voice_row
from linli.orders.drafts import VoiceDraft
from linli.orders.models import Order, OrderText, Voice
from linli.orders.states import MOVES


@transaction.atomic
def add_voices(*, by: Actor, order_id: UUID, voices: Sequence[VoiceDraft]) -> list[Voice]:
    """Add speakers to an order that is not over. The same message never counts twice; a person who speaks again gets
    another row of words but is counted once. Raises NotFound, Forbidden, WrongState."""
    order = access.get_locked(by, order_id, "add_voices")
    MOVES.apply("add_voices", order)
    now = clock.now()
    have = set(order.voices.filter(message_id__isnull=False).values_list("message_id", flat=True))
    people = set(order.voices.filter(state=Voice.ACTIVE, member_id__isnull=False).values_list("member_id", flat=True))
    rows, new_people = [], 0
    for draft in voices:
        if draft.message_id and draft.message_id in have:
            continue
        rows.append(voice_row(order, draft, now))
        if draft.member_id is None or draft.member_id not in people:
            new_people += 1
            people.add(draft.member_id)
    if not rows:
        return []
    Voice.objects.bulk_create(rows)
    Order.objects.filter(id=order.id).update(voice_count=F("voice_count") + new_people)
    extra = " ".join(dict.fromkeys(t for v in voices for t in search_tokens(v.words)))
    text = OrderText.objects.filter(order_id=order.id).first()
    if text and extra:
        text.tokens = f"{text.tokens} {extra}"[:4000]
        text.save(update_fields=["tokens"])
    record(by, "orders.add_voices", row_of(order, {"voices": [str(r.id) for r in rows], "people": new_people}))
    touch(order)
    return rows


@transaction.atomic
def remove_voice(*, by: Actor, order_id: UUID, voice_id: UUID, words: str) -> Order:
    """Take a speaker out of an order (it was another matter), with the reason. Raises NotFound for another's voice."""
    order = access.get_locked(by, order_id, "remove_voice")
    reason = clean_words(words, "移出的原因")
    MOVES.apply("remove_voice", order, words=reason)
    voice = Voice.objects.filter(id=voice_id, order_id=order.id, state=Voice.ACTIVE).first()
    if voice is None:
        raise NotFound("没有找到这个发声。")
    voice.state = Voice.REMOVED
    voice.save(update_fields=["state"])
    others = order.voices.filter(state=Voice.ACTIVE, member_id=voice.member_id).exclude(member_id=None)
    if not others.exists():
        order.voice_count = max(order.voice_count - 1, 0)
        order.save(update_fields=["voice_count"])
    tell(by, "remove_voice", order, {"voice": str(voice.id)}, words=reason)
    return order
