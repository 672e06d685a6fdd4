"""The only source of time. UTC inside, Asia/Shanghai for people; in the demo a virtual clock (one row, see
`linli.ledger.clockrow`) that installs itself here with `set_source`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


def _wall() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _wall


def now() -> datetime:
    """The present moment, aware, UTC; virtual where a virtual clock is installed."""
    return _source()


def wall() -> datetime:
    """Real time, for leases, time-outs and measuring; never for anything that people see."""
    return _wall()


def set_source(source: Callable[[], datetime] | None) -> None:
    """Install another source of time (the demo's clock); None goes back to the wall."""
    global _source
    _source = source or _wall


def local(at: datetime) -> datetime:
    """The same moment on the wall in China."""
    return at.astimezone(LOCAL)


def local_day(at: datetime) -> date:
    """The calendar day in China on which the moment falls."""
    return at.astimezone(LOCAL).date()


def today() -> date:
    """The present day in China."""
    return local_day(now())


class Frozen:
    """A clock that stands still until it is moved; for tests and for making the demo's past."""

    def __init__(self, at: datetime):
        self.at = at.replace(tzinfo=LOCAL).astimezone(UTC) if at.tzinfo is None else at.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **delta: float) -> datetime:
        """Go forward by timedelta(**delta)."""
        self.at += timedelta(**delta)
        return self.at

    def set(self, at: datetime) -> datetime:
        """Go to a moment; naive means local time in China."""
        self.at = Frozen(at).at
        return self.at


@contextmanager
def frozen(at: datetime) -> Iterator[Frozen]:
    """`with frozen(datetime(2026, 3, 2, 9)) as c:` — naive datetimes are local time in China."""
    global _source
    before = _source
    clock = Frozen(at)
    _source = clock
    try:
        yield clock
    finally:
        _source = before


def wall_after(seconds: float) -> datetime:
    """The wall's moment so many seconds of *this* clock from now; at most a minute ahead while the clock is not the
    wall, because a virtual clock may jump or change its speed."""
    return _wall() + timedelta(seconds=seconds if _source is _wall else min(seconds, 60.0))
