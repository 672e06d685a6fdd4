"""One verb, one name: the move, the function, the right, the event, and who listens."""

import ast

import pytest

from linli.ledger import handlers
from linli.orders import access
from linli.orders.states import MOVES, STATE_OF, VERB_LABELS, OrderState
from tests.house.walk import LINLI, called, functions, package, trees, where

# What happens as part of another verb has no function of its own, only a helper that records it.
PART_OF = {
    "reopen_order": "rate_order", "send_to_review": "rate_order", "close_order": "rate_order, close_unrated",
    "instruct_order": "supervise_order, open_children", "request_outcome": "pass_step, handle_order",
}  # fmt: skip
# Names that stand in databases: a handler may be added here, never renamed or taken out.
LASTING = {
    "insight.mark_cells", "orders.begin_replan", "stories.groups_follow_their_building",
    "stories.answered_question_leaves_the_queue", "stories.department_answers_the_asker",
    "stories.unknown_question_goes_to_its_department",
    "stories.concerned_hears", "stories.order_calls_its_people", "stories.sensitive_order_calls_the_street",
    "stories.order_says_it_is_open_again",
    "stories.order_tells_its_group", "stories.voice_taken_out_is_told",
    "stories.order_tells_its_voices",
    "stories.leaver_hands_her_orders_over",
    "stories.child_tells_its_parent", "stories.request_calls_its_decider", "stories.request_tells_its_asker",
}


def actions_of(app):
    """Names of all functions in a slice's actions, also its private ones."""
    return {
        f.name
        for path, tree in trees().items()
        if package(path) == app and (path.name == "actions.py" or path.parent.name == "actions")
        for f in functions(tree)
    }


@pytest.mark.parametrize("verb", sorted(MOVES.moves))
def test_a_move_has_its_function_and_its_label(verb):
    names = actions_of("orders")
    assert verb in names or verb in PART_OF
    assert verb in VERB_LABELS


@pytest.mark.parametrize("verb", sorted(set(MOVES.moves) - set(PART_OF)))
def test_a_move_has_its_right(verb):
    assert verb in access.RIGHTS


def test_every_right_is_of_a_verb_that_exists():
    known = actions_of("orders") | set(PART_OF) | {"read", "who_could_know"}
    assert set(access.RIGHTS) <= known
    assert access.OWN <= set(access.RIGHTS)


def test_every_state_can_be_reached_and_only_the_void_leads_nowhere():
    reached = {move.to for move in MOVES.moves.values() if move.to} | set(STATE_OF.values())
    assert reached == set(OrderState)
    assert [s for s in OrderState if not MOVES.verbs(s)] == [OrderState.VOID]


def recorded():
    """(file, node, enclosing function, verb) of each record() with a plain verb."""
    for path, tree in trees().items():
        for function in functions(tree):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and called(node).split(".")[-1] in ("record", "record_many"):
                    if len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                        yield path, node, function.name, node.args[1].value


def test_an_event_is_named_by_its_slice_and_its_function():
    wrong = []
    for path, node, function, verb in recorded():
        slice_, _, name = verb.partition(".")
        plural = function.removesuffix("_many")
        if slice_ != package(path) or (name not in (function, plural) and name not in actions_of(slice_)):
            wrong.append(f"{where(path, node)}: {verb} in {function}")
    # The ledger's clock writes `warn_order` out of `advance_clocks`: the tick warns many orders at once.
    assert [w for w in wrong if "orders.warn_order" not in w] == []


def test_handlers_have_lasting_names_and_listen_to_verbs_that_happen():
    assert LASTING <= set(handlers.names()), "a name that stands in databases is gone: deliveries would wait for ever"
    assert set(handlers.names()) <= LASTING, "name the new handler here: from now on it lasts"
    apps = {p.name for p in LINLI.iterdir()}
    for name in handlers.names() + [p.name for p in handlers.periodics()]:
        assert name.split(".")[0] in apps, f"{name}: <slice>.<what it does>"
    told = {verb for *_, verb in recorded()} | {f"orders.{verb}" for verb in VERB_LABELS} | {f"orders.{v}" for v in MOVES.moves}
    assert set(handlers.verbs()) <= told
