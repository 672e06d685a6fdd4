"""The only writer of groups."""

from linli.groups.actions.groups import (
    add_group,
    add_member,
    change_group,
    follow_building,
    join_group,
    leave_group,
    move_group,
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
from linli.groups.actions.people import (
    add_colleague,
    drop_owner,
    make_owner,
    remove_member,
)
from linli.groups.actions.senders import add_senders

__all__ = [
    "add_colleague", "add_group", "add_member", "add_senders", "change_group", "drop_owner", "finish",
    "follow_building", "join_group", "leave_group", "make_owner", "move_group", "move_members", "mute_group",
    "purge_small_talk", "receive", "remove_member", "renew_invite", "retry_message", "reword_message", "say",
    "say_many", "settle", "unmute_group",
]  # fmt: skip
