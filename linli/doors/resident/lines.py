"""Messages as a template draws them: who, when, words, pictures, voice, card. A page of 50 costs six statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from linli.assistant.models import Ask
from linli.doors.resident import plain
from linli.files import selectors as files
from linli.files.models import Blob
from linli.groups import selectors as groups
from linli.groups import veil
from linli.groups.models import Member, Message
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.knowledge.models import Opinion
from linli.orders.models import Order, Voice
from linli.orders.states import Rating


@dataclass(slots=True)
class Line:
    """One message. kind: person, worker, me, bot. `day` is set on the first message of a day."""

    id: UUID
    kind: str
    name: str
    at: datetime
    text: str
    private: bool = False
    role: str = ""
    purged: bool = False
    pictures: list[tuple[int, Blob]] = field(default_factory=list)
    sounds: list[tuple[int, Blob]] = field(default_factory=list)
    card: dict[str, Any] = field(default_factory=dict)
    day: str = ""

    @property
    def dom(self) -> str:
        """The id of its element."""
        return f"m-{self.id}"


def lines(by: Actor, rows: Sequence[Message], me: Sequence[Member], *, days: bool = True) -> list[Line]:
    """The messages, in their order, for a reader who is these members (the first names her in her group)."""
    mine = {m.id for m in me}
    speakers = {m.id: m for m in veil.covered(by, groups.nicknames({r.member_id for r in rows} - mine).values())} | {m.id: m for m in me}
    texts = veil.texts(by, rows)
    blobs = files.get_blobs({UUID(b) for r in rows for b in r.blob_ids}) if any(r.blob_ids for r in rows) else {}
    cards = _Cards(rows, me)
    out: list[Line] = []
    before: date | None = None
    for row in rows:
        line = _line(row, texts[row.id], mine, speakers)
        found = [(n, blobs.get(UUID(b))) for n, b in enumerate(row.blob_ids)]
        line.pictures = [(n, b) for n, b in found if b and b.is_image]
        line.sounds = [(n, b) for n, b in found if b and b.is_audio]
        line.card = cards.card(row)
        today = clock.local_day(row.sent_at)
        if days and today != before:
            line.day, before = _day(today), today
        out.append(line)
    return out


def _day(day: date) -> str:
    """今天, 昨天, 11月3日."""
    near = {0: "今天", 1: "昨天"}.get((clock.today() - day).days)
    return near or f"{day.month}月{day.day}日"


def _line(row: Message, text: str, mine: set[UUID], speakers: dict[UUID, Member]) -> Line:
    private = row.audience != Message.GROUP
    purged = not row.text and bool(row.text_hash)
    if row.direction == Message.OUT:
        return Line(row.id, "bot", "小栖", row.sent_at, text, private, "社区机器人")
    who = speakers.get(row.member_id) if row.member_id else None
    if row.member_id in mine:
        return Line(row.id, "me", who.nickname if who else "", row.sent_at, text, private, purged=purged)
    kind = "worker" if who and who.staff else "person"
    return Line(row.id, kind, who.nickname if who else "群友", row.sent_at, text, private, "工作人员" if kind == "worker" else "", purged)


class _Cards:
    """What stands now under 小栖's words: looked up for all messages at once."""

    def __init__(self, rows: Sequence[Message], me: Sequence[Member]):
        self.mine = {m.id for m in me}
        cards = [r.card for r in rows if r.card]
        self.orders = _orders({UUID(c["order"]) for c in cards if c.get("order")}, me)
        asked = {UUID(c["ask"]) for c in cards if c.get("type") == "ask"}
        self.asks = Ask.objects.in_bulk(list(asked)) if asked else {}
        answers = [r.id for r in rows if r.card.get("type") == "answer"]
        said = Opinion.objects.filter(message_id__in=answers, member_id__in=self.mine) if answers else []
        self.opinions = {o.message_id: o.useful for o in said}

    def card(self, row: Message) -> dict[str, Any]:
        """The card of a message with its present state; {} for none."""
        kind = row.card.get("type", "")
        if kind in ("order", "result"):
            order = self.orders.get(UUID(row.card["order"]))
            return order_card(order, row.card.get("title", "")) if order else {}
        if kind == "ask":
            ask = self.asks.get(UUID(row.card["ask"]))
            return ask_card(row, ask, self.mine)
        if kind == "answer":
            return {**row.card, "day": date.fromisoformat(row.card["day"]), "said": self.opinions.get(row.id)}
        return dict(row.card)


def ask_card(row: Message, ask: Ask | None, mine: set[UUID]) -> dict[str, Any]:
    """小栖's question: buttons for the one who was asked, what she chose, nothing for the others."""
    if ask is None or ask.member_id not in mine:
        return {}
    chosen = {Ask.YES: row.card["yes"], Ask.NO: row.card["no"], Ask.EXPIRED: "没有点选，已按一件新的事记下"}
    return {"type": "ask", "yes": row.card["yes"], "no": row.card["no"], "open": ask.state == Ask.OPEN, "chosen": chosen.get(ask.state, "")}


def _orders(order_ids: set[UUID], me: Sequence[Member]) -> dict[UUID, Order]:
    """The orders behind cards with my own voice in each: one statement. A card stands only where its readers may see
    the order's title, so no more is asked here; who may rate is asked again by the action."""
    if not order_ids:
        return {}
    accounts = [m.account_id for m in me if m.account_id]
    own = Q(member_id__in=[m.id for m in me]) | Q(account_id__in=accounts)
    voice = Voice.objects.filter(own, order_id=OuterRef("pk"), state=Voice.ACTIVE).order_by("id")
    rows = Order.objects.filter(id__in=order_ids).annotate(
        my_voice=Subquery(voice.values("id")[:1]), my_rating=Subquery(voice.values("rating")[:1])
    )
    return {o.id: o for o in rows}


def order_card(order: Any, title: str = "") -> dict[str, Any]:
    """The small card of an order: its neutral title, its plain state, and my own rating if I am one of its voices."""
    mine = order.my_voice is not None
    return {
        "type": "order", "order": order.id, "title": f"{order.place_text} {title or order.title}".strip(), "mine": mine, "voice": order.my_voice,
        "state": plain.short(order, mine, order.my_rating), "tone": plain.tone(order),
        "may_rate": mine and plain.may_rate(order) and order.my_rating == Rating.UNRATED,
        "rated": plain.rated(order.my_rating) if mine else "",
    }  # fmt: skip
