"""The quiet hours, in which the product starts nothing by itself. No database."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

from django.conf import settings

from linli.kernel.clock import LOCAL


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `begins` to `ends` on the wall in China, usually over midnight; equal times mean never."""

    begins: time
    ends: time

    def holds(self, at: datetime) -> bool:
        """Is it quiet at this moment? The first moment is, the last is not."""
        now = at.astimezone(LOCAL).time()
        if self.begins <= self.ends:
            return self.begins <= now < self.ends
        return now >= self.begins or now < self.ends

    def after(self, at: datetime) -> datetime:
        """The moment itself, or the end (UTC) of the quiet hours in which it lies."""
        if not self.holds(at):
            return at.astimezone(UTC)
        local = at.astimezone(LOCAL)
        day = local.date() if local.time() < self.ends else local.date() + timedelta(days=1)
        return datetime.combine(day, self.ends, LOCAL).astimezone(UTC)


@lru_cache(maxsize=8)
def parse(text: str) -> Quiet:
    """Quiet of a text like 22:00-07:00; the empty text means never. Raises ValueError when malformed."""
    if not text.strip():
        return Quiet(time(), time())
    begins, dash, ends = text.partition("-")
    if not dash:
        raise ValueError(f"LINLI_QUIET must read like 22:00-07:00, not {text!r}")
    return Quiet(time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip()))


def hours() -> Quiet:
    """The quiet hours of this installation (LINLI_QUIET)."""
    return parse(settings.LINLI_QUIET)
