"""The first start makes everything, the second only lets the clock go on; nothing of it happens outside the demo."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from linli.demo import cast as casting
from linli.demo import start
from linli.groups.models import Message
from linli.kernel import clock
from linli.kernel.roles import LABELS, Role
from linli.ledger import clockrow
from linli.ledger.models import Event, VirtualClock
from linli.orders.models import Order


@pytest.fixture(autouse=True)
def demo(settings, tmp_path):
    settings.LINLI_DEMO, settings.LINLI_VAR = True, tmp_path


@pytest.mark.django_db(transaction=True)
def test_the_first_start_makes_all_and_the_second_goes_on():
    lines = []
    start.prepare(days=1, told=lines.append)
    assert casting.loaded() and Message.objects.exists() and Order.objects.exists()
    assert sum(line.endswith("秒") for line in lines) == 3
    began = VirtualClock.objects.get(id=1).virtual_at
    clockrow.heartbeat()
    stood = VirtualClock.objects.get(id=1).virtual_at
    count = Event.objects.count()
    again = []
    start.prepare(days=1, told=again.append)
    assert Event.objects.count() == count and VirtualClock.objects.get(id=1).virtual_at >= stood >= began
    assert sum(line.endswith("秒") for line in again) == 1
    start.reset()
    assert not casting.loaded() and not VirtualClock.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_start_that_is_interrupted_leaves_an_empty_database(monkeypatch):
    monkeypatch.setattr(start.past, "make_past", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        start.prepare(days=1, told=lambda line: None)
    assert not casting.loaded() and not Event.objects.exists()
    assert abs((clock.now() - clock.wall()).total_seconds()) < 5


def test_real_people_are_never_touched(settings):
    settings.LINLI_DEMO = False
    for call in (start.prepare, start.reset):
        with pytest.raises(ImproperlyConfigured):
            call()


def test_the_guide_names_somebody_for_each_role():
    text = "\n".join(start.guide())
    assert {role for role, _, _ in start.who()} == set(Role)
    assert all(label in text for label in LABELS.values())
    assert "linli-demo-2026" in text
