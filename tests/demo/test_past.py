"""A past of some days leaves no chart empty, is the same each time, and holds no names in its history."""

from collections import Counter
from datetime import datetime, timedelta
from unicodedata import category

import pytest
from django.db import transaction

from linli.demo import past
from linli.groups.models import Message
from linli.insight.models import Cell, Stale
from linli.kernel import clock
from linli.ledger.models import Delivery, Event
from linli.orders.models import Clock, Order, Request, Voice
from linli.orders.states import OrderState, Rating
from linli.standards.models import Kind
from linli.standards.seed import CATEGORIES
from tests.settings import DATABASE

pytestmark = pytest.mark.django_db
# What a long past shows of the story does not depend on the database; PostgreSQL lives through the shorter one.
DAYS = 12 if DATABASE == "sqlite" else 4
END = datetime(2026, 3, 3, 15, tzinfo=clock.LOCAL)


def values(name, rows=None):
    return Counter((Order.objects.all() if rows is None else rows).values_list(name, flat=True))


def test_the_past_fills_every_chart(cast):
    messages, made = past.make_past(DAYS, end=END)
    assert messages == Message.objects.count() and made == Order.objects.count() >= 4 * DAYS
    assert {"green", "yellow", "red"} <= set(values("light", Order.objects.filter(is_open=True)))
    assert {True, False} <= set(values("answered_in_time")) and Order.objects.filter(confidential=True).exists()
    assert {e.facts["percent"] for e in Event.objects.filter(verb="orders.warn_order")} >= {80, 100, 150}
    _is_settled()
    _keeps_its_times()
    if DAYS == 12:
        _shows_everything()


def _shows_everything():
    assert set(values("category")) == {code for code, _ in CATEGORIES}
    assert set(values("kind")) >= set(Kind.objects.filter(confidential=False, listed=True).exclude(code="look").values_list("code", flat=True))
    assert set(OrderState) <= set(values("state"))
    procedures = {"pool", "golden_eye", "repair", "joint", "task", "early_warning", "message_board", "deputies", "supervision"}
    assert procedures <= set(values("procedure")) and Request.objects.filter(state=Request.OPEN).exists()
    assert {"claimed", "dispatched", "section"} <= set(values("responsible_via"))
    assert Order.objects.filter(waits_for="wait_fund", is_open=True).exists() and Order.objects.filter(shown=True).count() == 2
    assert {"untrue", "done"} <= set(values("ending", Order.objects.filter(procedure="golden_eye")))
    assert set(Voice.objects.values_list("rating", flat=True)) == set(Rating)
    assert {"done", "no", "not_ours", "void"} <= set(values("ending"))
    assert {True, False} <= set(values("solved_in_time")) and {0, 1, 2} <= set(values("reopened"))
    assert {"group", "relay", "qr"} <= set(values("door"))
    assert {"worker", "roster", "stand_in", "transfer", "returned", "review"} <= set(values("responsible_via"))
    assert {e.facts["how"] for e in Event.objects.filter(verb="orders.close_order")} == {"rated", "unrated"}


def _is_settled():
    assert 25 * DAYS <= Message.objects.filter(direction=Message.IN).count() <= 42 * (DAYS + 1)
    assert Message.objects.exclude(state=Message.DONE).count() == 0
    assert Delivery.objects.filter(state=Delivery.FAILED).count() == 0
    assert not Clock.objects.filter(state=Clock.RUNNING, next_at__lte=END).exists()
    assert not Stale.objects.exists() and Cell.objects.exists()
    for event in Event.objects.all():
        assert not any(category(c) == "Lo" for c in str(event.facts)), event.verb


def _keeps_its_times():
    """Nothing happens after the end or before the beginning, nothing is said at night by 小栖 on its own."""
    for row in Order.objects.all():
        assert END - timedelta(days=DAYS + 1) < row.opened_at <= END
        for later in (row.answered_at, row.handled_at, row.closed_at):
            assert later is None or row.opened_at <= later <= END
    told = Message.objects.filter(outcome="told", card__order__in=[str(o.id) for o in Order.objects.filter(urgency=0)])
    assert told.exists() and all(7 <= clock.local(m.received_at).hour < 22 for m in told)


def test_the_same_seed_tells_the_same_story(cast):
    stories = []
    for _ in range(2):
        with transaction.atomic():
            past.make_past(1, end=END)
            orders = Order.objects.order_by("opened_at", "number")
            stories.append(list(orders.values_list("number", "kind", "state", "opened_at", "answered_at", "handled_at")))
            transaction.set_rollback(True)
    assert stories[0] == stories[1] != []


def test_a_past_fails_whole(cast, monkeypatch):
    before = Event.objects.count()
    monkeypatch.setattr(past.Past, "_morning", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        past.make_past(1, end=END)
    assert Event.objects.count() == before and not Message.objects.exists()
    assert abs(clock.now() - clock.wall()) < timedelta(seconds=5)
