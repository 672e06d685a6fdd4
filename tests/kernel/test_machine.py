"""Transitions have names, and only what stands in the table happens."""

from enum import StrEnum
from types import SimpleNamespace

import pytest

from linli.kernel.errors import BadInput, WrongState
from linli.kernel.machine import Machine, Move


class Lamp(StrEnum):
    OFF = "off"
    ON = "on"
    BROKEN = "broken"


MOVES = Machine(
    Lamp,
    {
        "light": Move(from_={Lamp.OFF}, to=Lamp.ON),
        "dim": Move(from_={Lamp.ON}),
        "mend": Move(from_={Lamp.BROKEN}, to=Lamp.OFF, needs={"words", "tool"}),
    },
)


@pytest.mark.parametrize("state", Lamp)
@pytest.mark.parametrize("verb", MOVES.moves)
def test_a_verb_applies_in_its_states_only(verb, state):
    lamp = SimpleNamespace(state=state.value)
    given = {"words": "换了灯泡", "tool": "梯子"}
    if state in MOVES.moves[verb].from_:
        assert MOVES.apply(verb, lamp, **given) == state
        assert lamp.state == (MOVES.moves[verb].to or state)
    else:
        with pytest.raises(WrongState):
            MOVES.apply(verb, lamp, **given)
        assert lamp.state == state


def test_what_is_needed_must_be_given_and_not_empty():
    lamp = SimpleNamespace(state="broken")
    with pytest.raises(BadInput) as refused:
        MOVES.apply("mend", lamp, words="", tool="梯子")
    assert refused.value.code == "missing_words" and lamp.state == "broken"


def test_buttons_come_from_the_table():
    assert MOVES.verbs("off") == ["light"] and MOVES.verbs("on") == ["dim"] and MOVES.verbs("broken") == ["mend"]
    with pytest.raises(ValueError):
        MOVES.allows("light", "flying")
