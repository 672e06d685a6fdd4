"""Findings, and how they are said."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

OK, WARN, BAD = "ok", "warn", "bad"
MARKS = {OK: "✓", WARN: "!", BAD: "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """level: ok, warn (works, should be mended) or bad (does not work, or is not safe). `mend` is a plain instruction."""

    part: str
    level: str
    what: str
    mend: str = ""

    def line(self) -> str:
        """One line, and the mend below it."""
        return f"{MARKS[self.level]} {self.part}：{self.what}" + (f"\n    → {self.mend}" if self.mend else "")

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


Check = Callable[[], Iterable[Finding]]


def run(part: str, check: Check) -> list[Finding]:
    """The findings of one check; a check that breaks is itself a finding."""
    try:
        return list(check())
    except Exception as exc:
        what = f"没有查成（{type(exc).__name__}：{str(exc).splitlines()[0][:160] if str(exc) else ''}）"
        return [Finding(part, BAD, what, "先处理上面的 ✗；还是这样，请把这一行发给开发者。")]
