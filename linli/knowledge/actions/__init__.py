"""The only writer of knowledge."""

from linli.knowledge.actions.entries import (
    Text,
    approve_entry,
    checked,
    draft_entry,
    expire_entries,
    export_entries,
    pending,
    retire_entry,
    return_entry,
    revise_entry,
    revised,
    save_entry,
    submit_entry,
    tell_useful,
    written,
)
from linli.knowledge.actions.facts import set_fact
from linli.knowledge.actions.gaps import answer_gap, close_gap, move_gap, open_gaps, settle_gap, word_gap
from linli.knowledge.actions.seed import seed_entries

__all__ = [
    "Text", "answer_gap", "approve_entry", "checked", "close_gap", "draft_entry", "expire_entries", "export_entries", "move_gap",
    "open_gaps", "pending", "retire_entry", "return_entry", "revise_entry", "revised", "save_entry", "seed_entries", "set_fact", "settle_gap",
    "submit_entry", "tell_useful", "word_gap", "written",
]  # fmt: skip
