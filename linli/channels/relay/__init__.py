"""A WeChat group that no bot may enter: a worker copies its words in and 小栖's words back.

The life of a paste: `parse.read` (text → lines) → `align.known` (which the group holds already) → `keys` names each new
line for ever → `doors.relay` receives them → `actions.keep_paste`, `actions.mark_copied`.
"""
