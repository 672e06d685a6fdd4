"""The only writer of standards; the library's verbs stand in `library.py`."""

from linli.standards.actions.procedures import (
    Text,
    approve_procedure,
    change_procedure,
    draft_procedure,
    return_procedure,
    submit_procedure,
    withdraw_procedure,
)

__all__ = [
    "Text", "approve_procedure", "change_procedure", "draft_procedure", "return_procedure", "submit_procedure",
    "withdraw_procedure",
]  # fmt: skip
