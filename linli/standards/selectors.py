"""Reads of standards; kinds and procedures are few and kept in this process under their stamp."""

from threading import Lock
from typing import Any

from linli.calendars.models import Calendar
from linli.kernel.errors import WrongState
from linli.ledger import stamps
from linli.standards import shelf
from linli.standards.flow import BROKEN, Flow, parse
from linli.standards.models import Clause, Kind, Procedure

STAMP = stamps.watch("standards", "standards.")
_lock = Lock()
_kept: dict[str, Any] = {}


class BrokenProcedure(WrongState):
    """A procedure's version is gone or cannot be read: nothing that needs its steps can be done."""

    code, message = "broken_procedure", "这件事的流程读不出来，走不到下一步。请告诉云平台中心，由中心指派人接着办。"


class _Library:
    def __init__(self) -> None:
        self.kinds: dict[str, Kind] = {k.code: k for k in Kind.objects.order_by("order")}
        written = Procedure.objects.exclude(state__in=(Procedure.DRAFT, Procedure.REVIEW)).order_by("code", "version")
        self.procedures: dict[tuple[str, int], Procedure] = {(p.code, p.version): p for p in written}
        self.in_force: dict[str, Procedure] = {p.code: p for p in self.procedures.values() if p.state == Procedure.IN_FORCE}
        self.flows: dict[tuple[str, int], Flow] = {}


def _library() -> _Library:
    stamp = stamps.current(STAMP)
    found: _Library | None = _kept.get(stamp)
    if found is None:
        with _lock:
            found = _kept.get(stamp)
            if found is None:
                found = _Library()
                _kept.clear()
                _kept[stamp] = found
    return found


def kinds() -> dict[str, Kind]:
    """All kinds by code, in their order."""
    return _library().kinds


def listed_kinds() -> list[Kind]:
    """The kinds from which people choose when they take a word in."""
    return [k for k in kinds().values() if k.listed]


def procedure(code: str, version: int | None = None) -> Procedure:
    """A version of a procedure, or the one in force. Raises BrokenProcedure when there is none."""
    library = _library()
    found = library.procedures.get((code, version)) if version is not None else library.in_force.get(code)
    if found is None:
        raise BrokenProcedure()
    return found


def procedures() -> list[Procedure]:
    """The procedures in force, by code."""
    return list(_library().in_force.values())


def versions() -> list[Procedure]:
    """Every version of every procedure, by code and version."""
    return list(_library().procedures.values())


def flow(code: str, version: int) -> Flow:
    """A version of a procedure, ready to run. Raises BrokenProcedure when there is none or it cannot be read."""
    library = _library()
    found = library.flows.get((code, version))
    if found is None:
        try:
            found = library.flows[(code, version)] = parse(library.procedures[(code, version)].data)
        except BROKEN as exc:
            raise BrokenProcedure() from exc
    return found


def procedure_for(kind: str, *, question: bool = False) -> Procedure:
    """The procedure under which a resident's word of this kind runs."""
    if question:
        return procedure("question")
    found = kinds()[kind]
    own = _library().in_force.get(found.procedure) if found.procedure else None
    if own is not None:
        return own
    return procedure("complaint" if found.first == "street" else "sensitive" if found.confidential else "group_appeal")


def calendar_kinds() -> dict[str, str]:
    """Code → kind of the district's calendars, on which limits may run."""
    return {c.code: c.kind for c in Calendar.objects.filter(area_code="").order_by("code")}


def clause(code: str) -> Clause | None:
    """The clause in force that a code names."""
    return shelf.clause(code)


def clauses() -> dict[str, Clause]:
    """All clauses in force by their codes."""
    return shelf.clauses()


def forget() -> None:
    """Drop what is kept (tests: another database)."""
    _kept.clear()
    shelf.forget()
