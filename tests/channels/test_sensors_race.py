"""Two gateways tell the same alarm at the same moment: one order, nothing counted twice."""

from datetime import timedelta

import pytest

from linli.channels.models import Alarm
from linli.channels.sensors import actions
from linli.channels.sensors.actions import Reading
from linli.kernel import clock
from linli.kernel.errors import LinliError
from linli.orders.models import Order
from tests.channels.test_sensors import add
from tests.orders.people import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_batch_from_several_gateways_opens_one_order(cast, at):
    add(cast, "fire", "XF-1", "楼道烟感")
    add(cast, "lift", "DT-1", "电梯")
    batch = [Reading(code, clock.now() - timedelta(minutes=n), alarm=True) for n in range(3) for code in ("XF-1", "DT-1")]
    ways = [batch, batch[::-1]] * 3
    found = race(*[lambda rows=rows: actions.take_readings(by=cast.actor("yu_tao"), readings=rows) for rows in ways])
    assert not [f for f in found if isinstance(f, LinliError)]
    assert sum(f.new for f in found) == 6 and Order.objects.count() == 2
    assert sorted(Alarm.objects.values_list("times", flat=True)) == [3, 3]


def test_the_watch_and_a_gateway_open_one_order(cast, at):
    add(cast, "water", "SW-1", "车库")
    actions.take_readings(by=cast.actor("yu_tao"), readings=[Reading("SW-1", clock.now(), 40)])
    at.move(minutes=10)
    race(*[actions.watch_devices, lambda: actions.take_readings(by=cast.actor("yu_tao"), readings=[Reading("SW-1", clock.now(), 41)])] * 3)
    assert Order.objects.count() == 1 and Alarm.objects.get().rings == 1
