"""States are data and transitions have names (architecture.md §1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from linli.kernel.errors import BadInput, WrongState


@dataclass(frozen=True, slots=True)
class Move:
    """One named transition. `to` None keeps the state; `needs` are facts that must be given and not empty."""

    from_: frozenset[StrEnum] | set[StrEnum]
    to: StrEnum | None = None
    needs: frozenset[str] | set[str] = field(default_factory=frozenset)


class Machine:
    """A table verb → Move over one enum; buttons, diagram and exhaustive tests derive from it."""

    def __init__(self, states: type[StrEnum], moves: Mapping[str, Move]):
        self.states = states
        self.moves = dict(moves)

    def allows(self, verb: str, state: str) -> bool:
        """Does the verb apply in this state?"""
        return self.states(state) in self.moves[verb].from_

    def verbs(self, state: str) -> list[str]:
        """All verbs that apply in this state, in the table's order."""
        return [verb for verb in self.moves if self.allows(verb, state)]

    def apply(self, verb: str, thing: Any, **given: Any) -> str:
        """Check and set `thing.state`; return the state it came from.

        Raises WrongState when the verb does not apply, BadInput when something needed is missing.
        """
        move = self.moves[verb]
        before = thing.state
        if not self.allows(verb, before):
            raise WrongState()
        missing = sorted(name for name in move.needs if not given.get(name))
        if missing:
            raise BadInput(code=f"missing_{missing[0]}")
        if move.to is not None:
            thing.state = move.to.value
        return before
