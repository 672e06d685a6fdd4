"""事项办理: a day at the window is agreed, shown to whoever applied, and she is reminded of it the day before, once."""

from datetime import datetime

import pytest
from django.urls import reverse

from linli.groups.models import Message
from linli.kernel import clock
from linli.notices.models import Notice
from linli.orders import actions
from linli.orders.actions import Given
from linli.orders.models import Order
from linli.stories.visit_is_near import visit_is_near
from tests.desk import sign_in, text
from tests.stories.procedures.driver import Walk

pytestmark = pytest.mark.django_db
WORDS = "请带身份证和户口本，到社区一楼 2 号窗口。"


def agreed(cast, at, day="2026-03-05"):
    order = Walk(cast, at, "item").order
    client = sign_in(cast, "lu_xin")
    answer = client.post(reverse("order_pass", args=[order.id, "visit"]), {"words": WORDS, "until": day, "step": "check"})
    assert answer.status_code in (200, 302)
    return Order.objects.get(id=order.id)


def reminders():
    visit_is_near()
    return [m.text for m in Message.objects.filter(outcome="visit").order_by("id")]


def test_the_day_is_chosen_at_the_step_and_shown_to_whoever_applied(cast, at):
    order = agreed(cast, at)
    assert order.step == "appointment" and clock.local(order.waits_until) == datetime(2026, 3, 5, 17, 30, tzinfo=clock.LOCAL)
    shown = text(sign_in(cast, "zhou").get(reverse("mine")))
    assert "约好了：3月5日（周四）上班时间到窗口办" in shown and WORDS in shown
    late = sign_in(cast, "lu_xin").post(reverse("order_pass", args=[Walk(cast, at, "item").order.id, "visit"]), {"words": WORDS, "until": "2026-03-01"})
    assert "请填下一个日期" in text(late)


def test_she_is_reminded_the_day_before_once(cast, at):
    order = agreed(cast, at)
    at.set(datetime(2026, 3, 4, 17, 29))
    assert reminders() == []
    at.set(datetime(2026, 3, 4, 17, 30))
    assert len(reminders()) == 1 and "3月5日（周四）" in reminders()[0]
    at.move(hours=3)
    assert len(reminders()) == 1
    message = Message.objects.get(outcome="visit")
    assert message.audience == Message.OWN and message.to_member_id == cast.member["zhou"].id
    assert Notice.objects.filter(kind="visit_near", subject_id=order.id, account_id=cast.account["zhou"].id).count() == 1


def test_another_day_has_a_reminder_of_its_own_and_who_came_has_none(cast, at):
    order = agreed(cast, at)
    lu = cast.actor("lu_xin")
    given = Given(words="改到下周一，材料不变，2 号窗口。", until=datetime(2026, 3, 9, 17, 30, tzinfo=clock.LOCAL))
    actions.pass_step(by=lu, order_id=order.id, outcome="again", given=given)
    at.set(datetime(2026, 3, 4, 20))
    assert reminders() == [], "not for the day that was given up"
    at.set(datetime(2026, 3, 8, 18))
    assert len(reminders()) == 1 and "3月9日（周一）" in reminders()[0]
    other = agreed(cast, at, "2026-03-12")
    actions.pass_step(by=lu, order_id=other.id, outcome="came")
    at.set(datetime(2026, 3, 11, 20))
    assert len(reminders()) == 1, "she has been there"
