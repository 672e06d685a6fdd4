"""The only writer of orders: one plain function per verb, each one transaction, each one event."""

from linli.orders.actions.ending import close_unrated, conclude_review, rate_order
from linli.orders.actions.looking import (
    call_voice,
    copy_order,
    export_orders,
    print_order,
    view_order,
    view_voices,
)
from linli.orders.actions.opening import open_order, open_orders
from linli.orders.actions.voices import add_voices, add_voices_many, move_voices, remove_voice
from linli.orders.actions.warning import advance_clocks
from linli.orders.actions.working import (
    accept_order,
    answer_order,
    assign_order,
    correct_order,
    handle_order,
    note_order,
    return_order,
    transfer_order,
    void_order,
)

__all__ = [
    "accept_order", "add_voices", "add_voices_many", "advance_clocks", "answer_order", "assign_order", "close_unrated",
    "call_voice", "conclude_review", "copy_order", "correct_order", "export_orders", "handle_order", "move_voices", "note_order",
    "open_order", "open_orders", "print_order", "rate_order", "remove_voice", "return_order", "transfer_order",
    "view_order", "view_voices", "void_order",
]  # fmt: skip
