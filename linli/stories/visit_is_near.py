"""Who has agreed on a day at the window is reminded the day before (clause SX-1.3), once for each day that was agreed."""

from datetime import timedelta

from django.db import transaction

from linli.groups import actions as groups
from linli.groups.actions.messages import Say
from linli.groups.models import Group, Message
from linli.kernel import clock
from linli.kernel.actors import BOT
from linli.ledger.handlers import every
from linli.notices import actions as notices
from linli.orders.models import Clock, Order, Voice
from linli.standards.flow import APPOINTMENT
from linli.ui import figures

BEFORE = timedelta(days=1)


@every(600, name="stories.visit_is_near")
@transaction.atomic
def visit_is_near() -> None:
    """A word on her own page and a notice; both are written once, however often this looks."""
    now = clock.now()
    near = Clock.objects.filter(
        name=Clock.WAIT, state=Clock.RUNNING, until=f"step:{APPOINTMENT}", next_at__gt=now, next_at__lte=now + BEFORE
    ).values_list("order_id", flat=True)
    orders = {o.id: o for o in Order.objects.filter(id__in=list(near), step=APPOINTMENT, waits_until__isnull=False)}
    voices = list(Voice.objects.filter(order_id__in=list(orders), state=Voice.ACTIVE).order_by("id").defer("words", "name", "phone"))
    groups_ = Group.objects.in_bulk({v.group_id for v in voices if v.group_id})
    says, rows = [], []
    for voice in voices:
        order = orders[voice.order_id]
        assert order.waits_until is not None
        on = clock.local_day(order.waits_until).isoformat()
        if voice.account_id:
            rows.append(
                notices.NoticeDraft(
                    account_ids=[voice.account_id], kind="visit_near", subject_kind="order", subject_id=order.id,
                    dedupe_key=f"visit:{order.id}:{on}", params={"number": order.number, "time": on},
                )
            )  # fmt: skip
        if voice.member_id and voice.group_id in groups_:
            text = f"提醒您：{figures.day(order.waits_until)}上班时间到窗口办“{order.plain_title}”，请带好材料；来不了，请打电话改约。"
            says.append(
                Say(group=groups_[voice.group_id], text=text, key=f"visit:{order.id.hex}:{on}:{voice.member_id.hex[-12:]}", audience=Message.OWN,
                    to_member_id=voice.member_id, outcome="visit", outcome_id=order.id)
            )  # fmt: skip
    groups.say_many(BOT, says)
    notices.notify_many(by=BOT, rows=rows)
