"""Reads of standards; kinds and procedures in force are few and kept for a minute per process."""

from functools import lru_cache

from linli.kernel import clock
from linli.standards.models import Clause, Kind, Procedure


@lru_cache(maxsize=2)
def _kinds(_minute: int) -> dict[str, Kind]:
    return {k.code: k for k in Kind.objects.order_by("order")}


@lru_cache(maxsize=2)
def _procedures(_minute: int) -> dict[tuple[str, int], Procedure]:
    return {(p.code, p.version): p for p in Procedure.objects.order_by("code", "version")}


def _minute() -> int:
    return int(clock.wall().timestamp()) // 60


def kinds() -> dict[str, Kind]:
    """All kinds by code, in their order."""
    return _kinds(_minute())


def procedure(code: str, version: int | None = None) -> Procedure:
    """A version of a procedure, or the newest in force. Raises KeyError when there is none."""
    rows = _procedures(_minute())
    if version is not None:
        return rows[(code, version)]
    return max((p for p in rows.values() if p.code == code and p.in_force), key=lambda p: p.version)


def procedure_for(kind: str, *, question: bool = False) -> Procedure:
    """The procedure under which a new matter of this kind runs."""
    if question:
        return procedure("question")
    found = kinds()[kind]
    return procedure("complaint" if found.first == "street" else "sensitive" if found.confidential else "group_appeal")


def clause(code: str) -> Clause | None:
    """The newest version of a clause."""
    return Clause.objects.filter(code=code).order_by("-version").first()


def forget() -> None:
    """Drop what is kept, after a change."""
    _kinds.cache_clear()
    _procedures.cache_clear()
