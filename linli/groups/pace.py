"""How fast one member may write before a form refuses, with the words still in its field. Far above what people type: what
is below it is always stored, and only 小栖's answers slow down (`assistant.replies`)."""

from datetime import timedelta

from linli.groups.models import Member, Message
from linli.kernel import clock
from linli.kernel.errors import TooMany

A_MINUTE = 30


def check_pace(member: Member, *, most: int = A_MINUTE, minutes: int = 1) -> None:
    """Raises TooMany when this member has said too much in the last minutes."""
    since = clock.now() - timedelta(minutes=minutes)
    rows = Message.objects.filter(group_id=member.group_id, member_id=member.id, received_at__gt=since)
    if rows.count() >= most:
        raise TooMany("发得有点快，歇一会儿再发。您写的内容还在。", "too_fast")
