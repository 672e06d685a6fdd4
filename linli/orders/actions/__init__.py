"""The only writer of orders: one plain function per verb, each one transaction, each one event."""

from linli.orders.actions.batch import Done, do_many
from linli.orders.actions.campaigns import (
    add_find_kind,
    drop_find_kind,
    end_campaign,
    may_keep_finds,
    start_campaign,
)
from linli.orders.actions.claiming import claim_order, dispatch_order, suggest, take_back_order
from linli.orders.actions.doubts import suggest_fields
from linli.orders.actions.ending import close_unrated, rate_order
from linli.orders.actions.filing import Filed, file_history, take_back_history
from linli.orders.actions.finding import (
    edit_wording,
    leave_message,
    may_find,
    raise_opinion,
    raise_picked,
    report_find,
)
from linli.orders.actions.inviting import answer_link, invite_company, open_link, ways_by_link
from linli.orders.actions.joining import Task, merge_orders, open_children, split_order
from linli.orders.actions.leading import URGE_AGAIN, supervise_order, urge_order
from linli.orders.actions.leaving import hand_over_orders
from linli.orders.actions.looking import (
    call_voice,
    copy_order,
    export_orders,
    print_order,
    view_order,
    view_voices,
)
from linli.orders.actions.opening import open_order, open_orders
from linli.orders.actions.passing import (
    Given,
    conclude_review,
    handle_order,
    object_order,
    objection,
    pass_step,
)
from linli.orders.actions.replanning import begin_replan, replan_clocks
from linli.orders.actions.requests import (
    grant_request,
    refuse_request,
    request_extension,
    request_pause,
    resume_order,
)
from linli.orders.actions.voices import add_voices, add_voices_many, keep_words, move_voices, remove_voice
from linli.orders.actions.warning import advance_clocks
from linli.orders.actions.working import (
    accept_order,
    answer_order,
    assign_order,
    correct_order,
    note_order,
    raise_order,
    return_order,
    transfer_order,
    void_order,
)

__all__ = [
    "Done", "Filed", "Given", "Task", "URGE_AGAIN", "accept_order", "add_find_kind", "add_voices", "add_voices_many",
    "advance_clocks", "answer_link", "answer_order", "assign_order", "begin_replan", "call_voice", "claim_order",
    "close_unrated", "conclude_review", "copy_order", "correct_order", "dispatch_order", "do_many", "drop_find_kind", "end_campaign", "may_keep_finds", "start_campaign", "edit_wording",
    "export_orders",
    "file_history", "grant_request", "hand_over_orders", "handle_order", "invite_company", "keep_words", "leave_message",
    "may_find", "merge_orders", "move_voices", "note_order", "object_order", "objection", "open_children",
    "open_link", "open_order", "open_orders", "pass_step", "print_order", "raise_opinion", "raise_picked", "raise_order",
    "rate_order", "refuse_request", "remove_voice", "replan_clocks", "report_find", "request_extension",
    "request_pause", "resume_order", "return_order", "split_order", "suggest", "suggest_fields", "supervise_order",
    "take_back_history", "take_back_order", "transfer_order", "urge_order", "view_order", "view_voices", "void_order",
    "ways_by_link",
]  # fmt: skip
