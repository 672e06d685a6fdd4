"""The only writer of groups."""

from linli.groups.actions.groups import (
    add_group,
    add_member,
    change_group,
    join_group,
    leave_group,
    move_members,
    mute_group,
    renew_invite,
    unmute_group,
)
from linli.groups.actions.messages import (
    finish,
    purge_small_talk,
    receive,
    retry_message,
    reword_message,
    say,
    say_many,
    settle,
)
from linli.groups.actions.senders import add_senders

__all__ = [
    "add_group", "add_member", "add_senders", "change_group", "finish", "join_group", "leave_group", "move_members", "mute_group",
    "purge_small_talk", "receive", "renew_invite", "retry_message", "reword_message", "say", "say_many", "settle", "unmute_group",
]  # fmt: skip
