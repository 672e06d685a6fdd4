"""Whom an order concerns that nobody reported hears on her own page what was done with it, and that she may object."""

from collections.abc import Sequence

from linli.groups import actions as groups
from linli.groups.actions.messages import Say
from linli.groups.models import Group, Message
from linli.kernel.actors import BOT
from linli.ledger.handlers import on
from linli.ledger.models import Event
from linli.orders.models import Concerned, Word

OPEN = "有一件和您有关的事，社区处理了。怎么处理的、为什么，写在“我的事”里；您不同意，可以在那里提出来，由另一个单位来看。"
OVER = "您提的异议，复核有结果了，写在“我的事”里。"


@on("orders.pass_step", "orders.handle_order", "orders.conclude_review", "orders.name_concerned", name="stories.concerned_hears", batch=50)
def concerned_hears(events: Sequence[Event]) -> None:
    """Told to her alone, without what it is about: somebody may look over her shoulder."""
    rows = {c.order_id: c for c in Concerned.objects.filter(order_id__in={e.subject_id for e in events}).select_related("order")}
    told = set(Word.objects.filter(event_id__in=[e.id for e in events], public=True).values_list("event_id", flat=True))
    groups_ = Group.objects.in_bulk({c.group_id for c in rows.values() if c.group_id})
    says = []
    for event in events:
        who = rows.get(event.subject_id)
        if who is None or who.member_id is None or who.group_id not in groups_:
            continue
        # Named before anything was done she hears when it is done.
        if event.id not in told and not event.facts.get("waits"):
            continue
        says.append(
            Say(group=groups_[who.group_id], text=OVER if event.verb == "orders.conclude_review" else OPEN, key=f"concerned:{event.id}",
                audience=Message.OWN, to_member_id=who.member_id, outcome="concerned", outcome_id=who.order_id)
        )  # fmt: skip
    groups.say_many(BOT, says)
