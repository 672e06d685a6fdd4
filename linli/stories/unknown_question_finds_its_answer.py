"""What 小栖 could not answer goes to a named department as well as to the person on duty; whoever knows first answers the
asker, and once for all the knowledge base.

The department sees the question without who asked it (`language.neutral`); where that cannot be done by machine, it waits
for a person's wording.
"""

from collections.abc import Sequence
from uuid import UUID

from linli.kernel.actors import BOT, SYSTEM
from linli.knowledge import actions as knowledge
from linli.knowledge import departments, index
from linli.knowledge.actions.gaps import Unknown
from linli.knowledge.models import Gap
from linli.language import neutral, understand
from linli.ledger.handlers import on
from linli.ledger.models import Event
from linli.orders import actions as orders
from linli.orders.models import Order, Voice, Word
from linli.orders.states import MOVES

NEAR = 0.35
"""An entry that comes so near to the words says whose question it is."""


@on("orders.open_orders", name="stories.unknown_question_goes_to_its_department", batch=100)
def unknown_question_goes_to_its_department(events: Sequence[Event]) -> None:
    """A question that was handed to a person stands in a department's queue as well, once."""
    asked = Order.objects.filter(id__in=[e.subject_id for e in events], procedure="question", kind="consult", history=False)
    unknown = []
    for order in asked.order_by("id"):
        voice = Voice.objects.filter(order_id=order.id, state=Voice.ACTIVE).order_by("id").first()
        words = voice.words if voice else ""
        unknown.append(
            Unknown(order.id, order.street_id, order.community_id, department_of(words), neutral(words), order.opened_at)
        )
    if unknown:
        knowledge.open_gaps(by=BOT, unknown=unknown)


def department_of(words: str) -> str:
    """Whose question it is: the department of the nearest entry, else of what it is about, else the service hall's."""
    retriever, entries = index.current()
    for hit in retriever.answer(words).hits[:1]:
        entry = entries.get(hit.entry_id)
        if entry and entry.department in departments.NAMES and hit.score >= NEAR:
            return entry.department
    about = understand(words).categories[:1]
    return departments.BY_CATEGORY.get(about[0], departments.OTHERS) if about else departments.OTHERS


@on("knowledge.answer_gap", name="stories.department_answers_the_asker", batch=20)
def department_answers_the_asker(events: Sequence[Event]) -> None:
    """The department's words reach the asker by her order, unless somebody has answered her meanwhile."""
    gaps = Gap.objects.in_bulk([e.subject_id for e in events])
    for event in events:
        gap = gaps[event.subject_id]
        order = Order.objects.filter(id=gap.order_id).first()
        if order and order.answered_at is None and MOVES.allows("handle_order", order.state):
            orders.handle_order(by=SYSTEM, order_id=order.id, words=gap.answer, author=gap.answered_by)


@on("orders.answer_order", "orders.handle_order", name="stories.answered_question_leaves_the_queue", batch=100)
def answered_question_leaves_the_queue(events: Sequence[Event]) -> None:
    """The person on duty answered: the department has nothing to do any more, her words may become an entry."""
    questions = set(Order.objects.filter(id__in=[e.subject_id for e in events], procedure="question").values_list("id", flat=True))
    words = {w.event_id: w.text for w in Word.objects.filter(event_id__in=[e.id for e in events], order_id__in=questions)}
    for event in events:
        if event.subject_id in questions:
            author: UUID | None = event.actor_id if event.actor_kind == "worker" else None
            knowledge.settle_gap(by=SYSTEM, order_id=event.subject_id, author=author, words=words.get(event.id, ""))
