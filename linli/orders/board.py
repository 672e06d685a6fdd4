"""民情留言板: how a matter on the message board stands before everybody's eyes. One wording for the page, Open311 and whoever
else gives it out: the moderator's own, else the writer's words without names, phones and homes (MQ-2.5). The words as they were
written stay sealed with their voice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.accounts import selectors as accounts
from linli.language import public_words, without_people
from linli.ledger.models import Event
from linli.orders.actions.clocking import flow_to_show
from linli.orders.models import Order, Voice, Word

PROCEDURE = "message_board"
SAID = "（姓名略）"


@dataclass(slots=True)
class Told:
    """One answer that was given in public; `by_id` None: by a company's one-time link."""

    order_id: UUID
    event_id: UUID
    by_id: UUID | None
    at: datetime
    text: str


def wordings(orders: Sequence[Order]) -> dict[UUID, str]:
    """order id → the words of its first voice as everybody may read them. Three statements."""
    ids = [o.id for o in orders]
    edited = {w.order_id: w.text for w in Word.objects.filter(order_id__in=ids, verb="edit_wording").order_by("id")}
    voices = list(Voice.objects.filter(order_id__in=ids, state=Voice.ACTIVE).order_by("-id"))
    called = _called(voices)
    found = {v.order_id: public_words(v.words, called[v.order_id]) for v in voices}
    return found | {i: without_people(text, called.get(i, ()), SAID) for i, text in edited.items()}


def answers(orders: Sequence[Order]) -> list[Told]:
    """What was answered in public, oldest first: the outcomes that the procedure shows, nothing told to the writer alone. Four
    statements."""
    by_id = {o.id: o for o in orders}
    shown = {
        e.id for e in Event.objects.filter(subject_id__in=list(by_id), verb__in=("orders.pass_step", "orders.handle_order"))
        if _shows(by_id[e.subject_id], e)
    }  # fmt: skip
    rows = Word.objects.filter(order_id__in=list(by_id), event_id__in=shown).order_by("id")
    told = [(w, w.by_id if w.by_kind == "worker" else None) for w in rows]
    called, staff = names(list(by_id)), accounts.names(by for _, by in told if by)
    return [Told(w.order_id, w.event_id, by, w.at, public_words(w.text, called.get(w.order_id, ()), staff.values())) for w, by in told]


def names(order_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """order id → what its speakers are called: never to be given out. Two statements."""
    return _called(list(Voice.objects.filter(order_id__in=order_ids).only("order_id", "account_id", "name")))


def _called(voices: Sequence[Voice]) -> dict[UUID, list[str]]:
    known = accounts.names(v.account_id for v in voices if v.account_id)
    found: dict[UUID, list[str]] = {}
    for v in voices:
        found.setdefault(v.order_id, []).extend(n for n in (v.name, known.get(v.account_id, "") if v.account_id else "") if n)
    return found


def _shows(order: Order, event: Event) -> bool:
    step = flow_to_show(order).steps.get(event.facts.get("step_from", ""))
    outcome = step.outcome(event.facts.get("outcome", "")) if step else None
    return bool(outcome and outcome.shows)
