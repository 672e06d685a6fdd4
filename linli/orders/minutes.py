"""Whose minute it is: a clock's time outside a worker's duty hours is the roster's, never hers (orders.md)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from linli.grid.duty import DutyBook, Holder
from linli.orders import labels
from linli.orders.clocks import RED
from linli.orders.hands import stamp_of
from linli.orders.models import Clock, Order

OWN = ("responsible",)


@dataclass(frozen=True, slots=True)
class Minute:
    """One running clock as it is shown: what it waits for, time left, the light and whose it is."""

    name: str
    label: str
    due_at: datetime
    left: timedelta
    light: str
    word: str
    holder: Holder
    own: bool

    @property
    def late(self) -> bool:
        """The due time is past."""
        return self.left < timedelta()


def light(colour: str, own: bool, *, away: bool = False, clock: str = Clock.ANSWER) -> tuple[str, str]:
    """(shape, word) of a light: the responsible person's own colour in her duty time; else the roster's moon while an
    answer is awaited (somebody on duty owes it), and a dash for the solving, which waits for the working hours."""
    if own or colour == "none":
        return colour, ""
    word = labels.LIGHT_WORDS[colour]
    shape, who = ("roster", "代班" if away else "值班") if clock == Clock.ANSWER else ("none", "代班" if away else "下班")
    return shape, f"{who} · {word}" if colour in ("yellow", "red") else who


def of_order(order: Order, clocks: list[Clock], book: DutyBook, now: datetime) -> list[Minute]:
    """The running clocks of one order, the answer's first, then by due time."""
    holder = book.holder_of(order.responsible_id, stamp_of(order), now)
    own = holder.via in OWN
    away = bool(order.responsible_id and book.absent(order.responsible_id, now))
    found = []
    for row in sorted(clocks, key=lambda c: (c.name != Clock.ANSWER, c.due_at)):
        hers = row.late_of == order.responsible_id if row.light == RED and row.late_of else own
        shape, word = light(row.light, hers, away=away, clock=row.name)
        label = labels.clock(order, row.name)
        found.append(Minute(row.name, label, row.due_at, row.due_at - now, shape, word, holder, own))
    return found


def holder_label(holder: Holder, names: dict[UUID, str]) -> str:
    """李敏（代班）; who answers now and by which rule."""
    name = names.get(holder.account_id, "") if holder.account_id else ""
    via = "" if holder.via in OWN else labels.VIA.get(holder.via, "")
    return f"{name or '暂时没有人'}{f'（{via}）' if via else ''}"
