"""Name and number of somebody for whom a worker writes: sealed in the hint of the message, since a hint is no place for
personal data. The assistant opens them into the voice."""

from typing import Any

from linli.kernel import crypto


def seal_caller(name: str, phone: str) -> str:
    """What goes into a hint under "caller"; "" when nothing is known."""
    return crypto.ring().seal(f"{name}\n{phone}") if name or phone else ""


def open_caller(hint: dict[str, Any]) -> tuple[str, str]:
    """(name, phone) of a hint; empty where it tells none."""
    name, _, phone = crypto.ring().open(hint.get("caller", "")).partition("\n")
    return name, phone
