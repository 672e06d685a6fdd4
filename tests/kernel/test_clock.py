"""UTC inside, China outside, and standing still when a test says so."""

from datetime import UTC, date, datetime, timedelta

from linli.kernel import clock


def test_a_frozen_clock_stands_until_it_is_moved():
    with clock.frozen(datetime(2026, 3, 2, 9)) as at:
        assert clock.now() == datetime(2026, 3, 2, 1, tzinfo=UTC) == clock.now()
        at.move(hours=1, minutes=5)
        assert clock.local(clock.now()).strftime("%H:%M") == "10:05"
        at.set(datetime(2026, 3, 3))
        assert clock.today() == date(2026, 3, 3)
    assert abs(clock.now() - clock.wall()) < timedelta(seconds=1)


def test_frozen_clocks_may_be_nested_and_are_put_back_after_an_error():
    with clock.frozen(datetime(2026, 3, 2, 9)):
        try:
            with clock.frozen(datetime(2027, 1, 1)):
                raise KeyError
        except KeyError:
            assert clock.today().year == 2026


def test_the_day_is_the_day_in_china():
    assert clock.local_day(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)
    assert clock.local_day(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == date(2026, 3, 1)


def test_the_wall_never_stands_still():
    with clock.frozen(datetime(2020, 1, 1)):
        assert clock.wall().year > 2020


def test_another_source_may_be_installed_and_taken_away():
    there = datetime(2030, 5, 5, tzinfo=UTC)
    clock.set_source(lambda: there)
    try:
        assert clock.now() == there
    finally:
        clock.set_source(None)
    assert clock.now() != there
