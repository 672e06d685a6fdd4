"""Thirty days of past, lived through by the actions under a frozen clock, so that no chart is empty.

A heap of moments: words, steps of fates, the morning's housekeeping. Before each of them the ladder of every clock
that falls due is taken at its own minute. Small talk waits and goes in with the next word that somebody must hear:
intake costs by the batch. All of it is one transaction: a past is whole or it is not there.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from uuid import UUID

from django.db import transaction

from linli.assistant import actions as assistant
from linli.assistant import intake
from linli.assistant.models import Ask
from linli.calendars import selectors as calendars
from linli.demo import cast as casting
from linli.demo import talk, texts
from linli.demo.fates import LIMIT, WALL, Deck, Deeds, Step, steps_of
from linli.demo.others import Others
from linli.demo.people import STAND_INS, WORKERS
from linli.demo.places import GROUPS
from linli.demo.talk import Said
from linli.demo.town import Town
from linli.grid import actions as grid
from linli.groups import actions as groups
from linli.groups.models import Member, Message
from linli.insight import actions as insight
from linli.kernel import clock
from linli.kernel.actors import BOT, Actor
from linli.knowledge import actions as knowledge
from linli.ledger import delivery
from linli.orders import actions as orders
from linli.orders.models import Clock, Order
from linli.standards import selectors as standards

SEED = 20260302
#: minutes before the end at which orders are opened that nobody has answered yet: green, green, yellow, yellow, red, 150 %
WAITING = (15, 42, 98, 109, 138, 203)
#: a message that has become one of these is an order of its own
OPENED = frozenset({"order", "sensitive", "person", "handed"})
#: days before the end in which an order may stand unanswered, so that every light is seen
LATELY = 4


@dataclass(order=True, slots=True)
class Moment:
    """Something that happens at a time."""

    at: datetime
    number: int
    act: Callable[[], None] = field(compare=False)


class Past:
    """Lives through the days; `run()` returns how many messages and orders there are then."""

    def __init__(self, days: int, end: datetime, seed: int = SEED):
        self.rng = Random(seed)  # noqa: S311 - a story, not a secret
        self.town = Town(casting.find(), self.rng)
        self.deeds = Deeds(self.town)
        self.deck = Deck(self.rng)
        self.days, self.end = days, end
        self.first = clock.local_day(end) - timedelta(days=days)
        self.heap: list[Moment] = []
        self.numbers = count()
        self.words = count()
        self.waiting: list[tuple[Said, datetime]] = []
        self.stuck = 0

    def run(self) -> tuple[int, int]:
        """All days up to the end."""
        self._write_diary()
        with clock.frozen(datetime.combine(self.first, time(0, 1))) as self.clock:
            while self.heap and self.heap[0].at <= self.end:
                moment = heapq.heappop(self.heap)
                self._tick_to(moment.at)
                moment.act()
            self._tick_to(self.end)
            self._flush([])
            self._settle()
        return Message.objects.count(), Order.objects.count()

    # what will happen

    def _at(self, at: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self.heap, Moment(at, next(self.numbers), act))

    def _write_diary(self) -> None:
        """Everything that is known beforehand: words of each day, mornings, leave, and what waits at the end."""
        for n in range(self.days + 1):
            day = self.first + timedelta(days=n)
            self._at(_local(day, 7, 1), self._morning)
            self._at(_local(day, 22, 30), self._evening)
            for at, said in talk.day(self.town, self.rng, day, n):
                # What is open at the end is chosen below: appeals of the last hours would get in its way.
                if said.sort in ("talk", "question") or at < self.end - timedelta(minutes=max(WAITING) + 30):
                    self._at(at, lambda said=said: self._say(said))  # type: ignore[misc]
        for at, act in Others(self.town, self.first, self.end).moments():
            if at <= self.end:
                self._at(at, act)
        for said, back in zip(talk.unanswered(self.town), WAITING, strict=True):
            self._at(self.end - timedelta(minutes=back), lambda said=said: self._say(said, "waiting"))  # type: ignore[misc]
        forced = ((0.1, "reviewed"), (0.5, "in_review")) if self.days >= 12 else ((0.0, "reviewed"), (0.3, "in_review"))
        self.forced = [(self.first + timedelta(days=int(self.days * share)), fate) for share, fate in forced]
        self._plan_leave()

    def _plan_leave(self) -> None:
        """A day each, on working days one after the other; something comes in for the one who stands in."""
        work = calendars.get_calendar("work")
        day = self.first + timedelta(days=self.days // 3)
        for key, stand_in in sorted(STAND_INS.items()):
            day = clock.local_day(work.add(_local(day, 0, 0), 1))
            begins = _local(day, 0, 0)
            self._at(begins, lambda k=key, s=stand_in, b=begins: self._go_on_leave(k, s, b))  # type: ignore[misc]
            group = next((r.rstrip("*") for w in WORKERS if w.key == key for r in w.groups if r.endswith("*")), "")
            said = talk.appeal(self.town, self.rng, texts.CASES[2], group)
            self._at(_local(day, 10, 15), lambda said=said: self._say(said))  # type: ignore[misc]
            day += timedelta(days=1)

    def _go_on_leave(self, key: str, stand_in: str, begins: datetime) -> None:
        accounts = self.town.cast.account
        grid.add_absence(
            by=self.town.head_of(accounts[key].id), account_id=accounts[key].id, starts_at=begins,
            ends_at=begins + timedelta(days=1), stand_in_id=accounts[stand_in].id,
        )  # fmt: skip

    # how time passes

    def _tick_to(self, at: datetime) -> None:
        """Take every step of the ladders that is due on the way, each at its own minute."""
        while True:
            due = Clock.objects.filter(state=Clock.RUNNING, next_at__lte=at).order_by("next_at")
            first = due.values_list("next_at", flat=True).first()
            if first is None:
                break
            self.clock.set(max(first, self.clock.at))
            orders.advance_clocks()
        self.clock.set(max(at, self.clock.at))

    def _morning(self) -> None:
        """The quiet hours are over: what waited is told; what nobody rated in a week is closed."""
        orders.close_unrated()
        delivery.hurry()
        delivery.deliver_all()

    def _evening(self) -> None:
        self._flush([])
        groups.purge_small_talk()
        if (clock.local_day(self.end) - clock.local_day(self.clock.at)).days > LATELY:
            self._sweep()

    def _sweep(self) -> None:
        """What nobody planned for (a sentence taken as 没解决, say) is not left unanswered for weeks."""
        late = Clock.objects.filter(
            name=Clock.ANSWER, state=Clock.RUNNING, due_at__lt=self.clock.at - timedelta(hours=20), order__is_open=True
        )
        for order_id in late.values_list("order_id", flat=True):
            for step in steps_of("good", texts.PLAIN, self.rng):
                self._plan(order_id, step)

    # words

    def _say(self, said: Said, fate: str = "") -> None:
        """Small talk waits for company; a word that wants something goes in at once with what waited."""
        if said.sort == "talk":
            self.waiting.append((said, self.clock.at))
            return
        for message, heard in self._flush([said]):
            self._heard(message, heard, fate)

    def _flush(self, said: list[Said]) -> list[tuple[Message, Said]]:
        """Hand in `said` after what waited in the same communities (all that waited, when nothing is said)."""
        here = {GROUPS[s.group][1] for s in said}
        mine = [w for w in self.waiting if not said or GROUPS[w[0].group][1] in here]
        self.waiting = [w for w in self.waiting if w not in mine] if said else []
        batch = [*mine, *((s, self.clock.at) for s in said)]
        if not batch:
            return []
        rows = [
            self.town.inbound(s.group, s.speaker, s.text, at, f"past:{next(self.words)}", s.hint) for s, at in batch
        ]
        new = self.town.receive(rows)
        while intake.take_in(limit=100):
            pass
        fresh = Message.objects.in_bulk([m.id for m in new])
        heard = [(fresh[m.id], s) for m, (s, _) in zip(new, batch, strict=True)]
        for message, talk_ in heard[: len(mine)]:
            # Idle words that were taken for a matter: a person answers them like any other.
            if message.outcome in OPENED or message.outcome == "asked":
                self._heard(message, talk_, "good")
        return heard[len(mine) :]

    def _heard(self, message: Message, said: Said, fate: str) -> None:
        if message.outcome == "asked" and message.outcome_id:
            self._in(3, lambda: self._settle_ask(message, said))
        elif message.outcome == "answered" and message.member_id and self.rng.random() < 0.4:
            useful = self.rng.random() < 0.85
            self._in(2, lambda: self._useful(message, useful))
        if message.outcome not in OPENED or message.outcome_id is None:
            return
        for step in steps_of(fate or self._fate(said), said.case if said.case.answer else texts.PLAIN, self.rng):
            self._plan(message.outcome_id, step)
        if said.more:
            self._in(self.rng.uniform(15, 70), lambda: self._say(talk.second(self.town, said, self.rng)))

    def _fate(self, said: Said) -> str:
        """Most are drawn; a few are needed on certain days so that the desk shows them at the end."""
        today = clock.local_day(self.clock.at)
        if self.forced and said.sort == "appeal" and today >= self.forced[0][0]:
            return self.forced.pop(0)[1]
        left = (clock.local_day(self.end) - today).days
        if said.sort == "appeal" and 1 <= left <= 3 and self.stuck < 3:
            self.stuck += 1
            return "stuck"
        return self.deck.draw() if said.sort == "appeal" else self.rng.choice(("good", "good", "silent", "so_so"))

    def _in(self, minutes: float, act: Callable[[], None]) -> None:
        self._at(self.clock.at + timedelta(minutes=minutes), act)

    def _settle_ask(self, message: Message, said: Said) -> None:
        """Whoever only talked says so; whoever meant it says yes, and a person answers what becomes of it."""
        ask = Ask.objects.filter(id=message.outcome_id, state=Ask.OPEN).first()
        if ask is None:
            return
        meant = said.sort != "talk"
        account_id = Member.objects.values_list("account_id", flat=True).get(id=ask.member_id)
        by = Actor("resident", account_id) if account_id else BOT
        order = assistant.settle_ask(by=by, ask_id=ask.id, member_id=message.member_id, yes=meant)
        if order and (order.key or "").startswith("ask:"):
            for step in steps_of("good", said.case if said.case.answer else texts.PLAIN, self.rng):
                self._plan(order.id, step)

    def _useful(self, message: Message, useful: bool) -> None:
        reply = Message.objects.filter(reply_to=message.id, direction=Message.OUT).first()
        if reply and message.outcome_id and message.member_id:
            knowledge.tell_useful(
                by=BOT, entry_id=message.outcome_id, message_id=reply.id, member_id=message.member_id, useful=useful
            )

    # deeds

    def _plan(self, order_id: UUID, step: Step) -> None:
        self._at(self._when(order_id, step), lambda: self._do(order_id, step))

    def _when(self, order_id: UUID, step: Step) -> datetime:
        now = self.clock.at
        if step.unit == WALL:
            at = now + timedelta(minutes=step.after)
            hour = clock.local(at).hour
            asleep = step.verb.startswith("rate") and (hour >= 22 or hour < 7)
            return at + timedelta(hours=9) if asleep else at
        order = Order.objects.only("kind", "community_id").get(id=order_id)
        minutes = int(step.after * standards.kinds()[order.kind].solve_minutes if step.unit == LIMIT else step.after)
        return calendars.get_calendar("work").add(now, minutes) + timedelta(seconds=self.rng.randint(5, 400))

    def _do(self, order_id: UUID, step: Step) -> None:
        if not self.deeds.do(order_id, step):
            return
        if step.verb.startswith(("accept", "answer", "handle", "conclude")):
            delivery.deliver_all()
        for after in step.then:
            self._plan(order_id, after)

    def _settle(self) -> None:
        """What every few seconds would do while the demo runs."""
        assistant.expire_asks()
        orders.close_unrated()
        groups.purge_small_talk()
        delivery.deliver_all()
        while insight.refresh_cells():
            pass
        while insight.cluster_year():
            pass


def _local(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.LOCAL)


@transaction.atomic
def make_past(days: int = 30, *, end: datetime | None = None, seed: int = SEED) -> tuple[int, int]:
    """Live through so many days up to `end` (default: now, on the wall). Returns (messages, orders).

    The same seed, end and cast make the same story. The cast must be loaded.
    """
    return Past(days, end or clock.wall(), seed).run()


def has_past() -> bool:
    """Has anybody ever said anything here?"""
    return Message.objects.exists()
