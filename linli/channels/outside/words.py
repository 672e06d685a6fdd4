"""What a letter or text message says: an order's number, a neutral sentence, a link behind the sign-in. Never who, where, what."""

from dataclasses import dataclass

from django.conf import settings

from linli.accounts import selectors as accounts
from linli.grid.access import actor_for
from linli.kernel.actors import Actor
from linli.notices import selectors as inbox
from linli.notices.models import Notice, Sending, Way
from linli.notices.outside import actions as outside
from linli.orders import access
from linli.orders.models import Order

LISTED = 10


@dataclass(frozen=True, slots=True)
class Said:
    """to: address or number · subject, text: of the letter · short: the text message."""

    to: str
    subject: str
    text: str
    short: str


def of(sending: Sending) -> Said | None:
    """The words for this moment; None when there is nothing to say any more: read, switched off, stopped, no address."""
    account, way = accounts.staff_account(sending.account_id), outside.way_of(sending.account_id, sending.channel)
    if account is None or way is None or sending.channel not in outside.open_channels():
        return None
    wanted = {Way.DIGEST} if sending.digest_day else {Way.EACH}
    if way.how not in wanted and not (sending.urgent and way.how != Way.OFF):
        return None
    to = way.address if sending.channel == Way.MAIL else account.phone
    if not to:
        return None
    actor = actor_for(account, purpose="notice")
    if sending.digest_day:
        return _digest(actor, to)
    notice = inbox.visible_to(actor).filter(id=sending.notice_id, read_at__isnull=True).first()
    return _single(actor, to, notice) if notice else None


def _single(actor: Actor, to: str, notice: Notice) -> Said:
    number = numbers(actor, [notice])
    about = f"工单 {number[0]} " if number else "您"
    said = f"{about}有急事，请马上看" if notice.urgent else f"{about}有一条新消息"
    link = f"{settings.LINLI_ADDRESS}/desk/notices/{notice.id}/"
    return Said(to, f"邻里：{said}", f"{said}。登录以后看：\n{link}\n{_foot()}", f"{said}，登录以后看：{link}")


def _digest(actor: Actor, to: str) -> Said | None:
    count = inbox.unread_count(actor)
    if not count:
        return None
    listed = numbers(actor, inbox.inbox(actor, unread_only=True))
    said, link = f"您有 {count} 条消息还没看", f"{settings.LINLI_ADDRESS}/desk/notices/"
    which = f"说的是工单 {'、'.join(listed[:LISTED])}{' 等' if len(listed) > LISTED else ''}。\n" if listed else ""
    return Said(to, f"邻里：{said}", f"{said}。\n{which}登录以后看：\n{link}\n{_foot()}", f"{said}，登录以后看：{link}")


def _foot() -> str:
    return f"\n信里只写单号，不写人和事。想换一种提醒，或者不再收，在这里改：\n{settings.LINLI_ADDRESS}/desk/me/\n"


def numbers(actor: Actor, notices: list[Notice]) -> list[str]:
    """Numbers of the orders that these notices tell of, each once, in their order; none that is confidential or that she
    may not read any more."""
    wanted = list(dict.fromkeys(n.subject_id for n in notices if n.subject_kind == "order"))
    found = Order.objects.filter(confidential=False).in_bulk(wanted)
    return [found[i].number for i in wanted if i in found and access.reads(actor, found[i])]
