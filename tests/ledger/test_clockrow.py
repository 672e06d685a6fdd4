"""The demo's clock: one row, standing still while nothing runs."""

from datetime import UTC, datetime, timedelta

import pytest

from linli.kernel import clock
from linli.ledger import clockrow
from linli.ledger.models import VirtualClock

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 3, 2, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def wall(monkeypatch):
    """A wall clock in our hand."""
    now = [datetime(2026, 11, 1, tzinfo=UTC)]
    monkeypatch.setattr(clock, "wall", lambda: now[0])

    def move(**delta):
        now[0] += timedelta(**delta)
        clockrow._cache.clear()

    return move


def test_without_a_row_it_is_the_wall(wall):
    assert clockrow.virtual_now() == clock.wall()


def test_it_runs_from_where_it_is_put_at_its_speed(wall):
    clockrow.start(at=THEN, speed=60)
    wall(seconds=10)
    assert clockrow.virtual_now() == THEN + timedelta(minutes=10)
    clockrow.set_speed(0)
    wall(hours=5)
    assert clockrow.virtual_now() == THEN + timedelta(minutes=10)
    clockrow.set_speed(1)
    wall(seconds=30)
    assert clockrow.virtual_now() == THEN + timedelta(minutes=10, seconds=30)


def test_it_goes_on_from_the_minute_where_it_stopped(wall):
    clockrow.start(at=THEN)
    wall(seconds=90)
    clockrow.heartbeat()
    wall(days=3)
    clockrow.start()
    assert clockrow.virtual_now() == THEN + timedelta(seconds=90)
    assert VirtualClock.objects.count() == 1


def test_a_killed_demo_loses_a_heartbeat_at_most(wall):
    clockrow.start(at=THEN)
    for _ in range(60):
        wall(seconds=1)
        clockrow.heartbeat()
    wall(milliseconds=900)
    wall(days=1)
    clockrow.start()
    assert THEN + 59 * SECOND <= clockrow.virtual_now() <= THEN + 61 * SECOND
