"""The gentle simulator: while the demo serves, groups talk and staff work, through actions only.

It follows the product's clock: somebody speaks every 20 to 60 of its seconds (ten times as seldom in the night), so it
stands still when the clock does and hurries when the clock hurries. It leaves alone what people who try the demo have
said: only orders whose every voice is its own are answered by it, and 周阿姨 and 陈师傅 are yours to play.

Control: `pause`, `resume`, `set_pace` write a small file under LINLI_VAR that the running simulator reads each turn;
`status` reads what it last told of itself.
"""

import heapq
import json
import logging
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from linli.calendars import selectors as calendars
from linli.demo import cast as casting
from linli.demo import talk, texts
from linli.demo.fates import LIMIT, WALL, Deck, Deeds, Step, steps_of
from linli.demo.talk import Said
from linli.demo.town import Town
from linli.groups.models import Message
from linli.kernel import clock, ids
from linli.ledger import clockrow
from linli.ledger.models import VirtualClock
from linli.orders.models import Order, Voice
from linli.standards import selectors as standards

log = logging.getLogger("linli.demo")
PAUSE = (20.0, 60.0)
NIGHT = 10.0
TURN = 0.5
FASTEST = 50.0
#: the stage of the story: nobody of the simulator reports anything here, and these two are for whoever tries the demo
YOURS = frozenset({"zhou", "chen"})
STAGE = "jx3"


@dataclass(order=True, slots=True)
class Due:
    """A step of an order's fate at a moment of the product's clock."""

    at: datetime
    order_id: UUID = field(compare=False)
    step: Step = field(compare=False)


def _file(name: str) -> Path:
    return Path(settings.LINLI_VAR) / name


def _write(name: str, data: dict[str, Any]) -> None:
    path = _file(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps(data))
    part.replace(path)


def _read(name: str) -> dict[str, Any]:
    try:
        return dict(json.loads(_file(name).read_text()))
    except (OSError, ValueError):
        return {}


def _control() -> dict[str, Any]:
    return {"paused": False, "pace": 1.0} | _read("simulator.json")


def pause() -> None:
    """Nobody of the demo says or does anything until `resume`, and its clock stands still: no light turns meanwhile."""
    row = VirtualClock.objects.filter(id=1).first()
    before = {"speed": row.speed} if row and row.speed else {}
    _write("simulator.json", _control() | {"paused": True} | before)
    clockrow.set_speed(0.0)


def resume() -> None:
    """Go on, clock and people, as fast as before."""
    control = _control()
    _write("simulator.json", control | {"paused": False})
    clockrow.set_speed(float(control.get("speed", 1.0)))


def set_pace(pace: float) -> None:
    """So many times as lively as usual, 0.1 to 50; beside it, `set_clock` makes time itself run faster."""
    _write("simulator.json", _control() | {"pace": min(max(float(pace), 0.1), FASTEST)})


def set_clock(speed: float) -> None:
    """How fast the demo's clock runs, 0 (stands still) to 3600 times the wall."""
    clockrow.set_speed(min(max(float(speed), 0.0), 3600.0))


def status() -> dict[str, Any]:
    """paused, pace, and of the running simulator: running, spoken, done, planned, clock (product's time)."""
    told = _read("simulator-status.json")
    seen = told.get("wall", 0.0)
    running = clock.wall().timestamp() - seen < 10
    facts = {k: told.get(k) for k in ("spoken", "done", "planned", "clock")}
    return _control() | facts | {"running": running}


class Simulator:
    """`turn()` does what is due now; `run` below calls it twice a second."""

    def __init__(self, seed: int | None = None):
        self.rng = Random(seed)  # noqa: S311 - a story, not a secret
        self.town = Town(casting.find(), self.rng)
        self.deeds = Deeds(self.town)
        self.deck = Deck(self.rng)
        self.due: list[Due] = []
        self.planned: set[UUID] = set()
        self.said: dict[str, Said] = {}
        self.spoken = self.done = self.cases = 0
        self.next_word = self._next_word()
        for group, people in self.town.speakers.items():
            self.town.speakers[group] = [p for p in people if p not in YOURS] or people
        self._adopt()

    def _next_word(self) -> datetime:
        now = clock.now()
        night = NIGHT if clock.local(now).hour in (22, 23, 0, 1, 2, 3, 4, 5, 6) else 1.0
        return now + timedelta(seconds=self.rng.uniform(*PAUSE) * night / _control()["pace"])

    def turn(self) -> None:
        """Say what is due to be said, do what is due to be done."""
        now = clock.now()
        if now >= self.next_word:
            self._speak(now)
            self.next_word = self._next_word()
        self._notice_new()
        for _ in range(20):
            if not self.due or self.due[0].at > now:
                break
            due = heapq.heappop(self.due)
            if self.deeds.do(due.order_id, due.step):
                self.done += 1
                for step in due.step.then:
                    self._plan(due.order_id, step, now)

    def _speak(self, now: datetime) -> None:
        dice = self.rng.random()
        if dice < 0.82:
            said = talk.small_talk(self.town, self.rng)
        elif dice < 0.92:
            said = talk.question(self.town, self.rng)
        elif dice < 0.995:
            self.cases += 1
            case = texts.CASES[(self.cases * 7) % len(texts.CASES)]
            said = talk.appeal(self.town, self.rng, case, self.rng.choice([g for g in self.town.groups if g != STAGE]))
        else:
            kind = self.rng.choice(list(texts.SENSITIVE))
            said = talk.sensitive(self.town, self.rng, kind, self.rng.choice([g for g in self.town.groups if g != STAGE]))
        key = f"sim:{ids.new().hex}"
        self.said[f"demo:{key}"] = said
        self.town.receive([self.town.inbound(said.group, said.speaker, said.text, now, key, said.hint)])
        self.spoken += 1
        while len(self.said) > 500:
            self.said.pop(next(iter(self.said)))

    def _adopt(self) -> None:
        """Orders that stood open when the simulator started: half of its own go on within the next hours."""
        for order in Order.objects.filter(is_open=True, history=False).order_by("id"):
            self.planned.add(order.id)
            if self.rng.random() < 0.5 and self._is_ours(order):
                for step in steps_of("good", texts.PLAIN, self.rng):
                    self._plan(order.id, step, clock.now() + timedelta(minutes=self.rng.uniform(10, 180)))

    def _notice_new(self) -> None:
        """Give each new order of our own a fate."""
        for order in Order.objects.order_by("-id")[:30]:
            if order.id in self.planned:
                continue
            self.planned.add(order.id)
            key = self._our_key(order)
            said = self.said.get(key) if key else None
            if not key or order.history or not order.is_open or not self._is_ours(order):
                continue
            case = said.case if said and said.case.answer else texts.PLAIN
            for step in steps_of(self.deck.draw(), case, self.rng):
                self._plan(order.id, step, clock.now())

    @staticmethod
    def _our_key(order: Order) -> str:
        """The dedupe key of the message that opened an order, when it was the demo's; else ""."""
        voice = Voice.objects.filter(order_id=order.id).order_by("id").first()
        if voice is None or voice.message_id is None:
            return ""
        key = Message.objects.filter(id=voice.message_id).values_list("dedupe_key", flat=True).first() or ""
        return key if key.startswith("demo:") else ""

    @staticmethod
    def _is_ours(order: Order) -> bool:
        """Has nobody but the demo's own people spoken in it?"""
        spoken = list(Voice.objects.filter(order_id=order.id).values_list("message_id", flat=True))
        ours = Message.objects.filter(id__in=[m for m in spoken if m], dedupe_key__startswith="demo:").count()
        return ours == len(spoken)

    def _plan(self, order_id: UUID, step: Step, start: datetime) -> None:
        heapq.heappush(self.due, Due(self._when(order_id, step, start), order_id, step))

    @staticmethod
    def _when(order_id: UUID, step: Step, start: datetime) -> datetime:
        if step.unit == WALL:
            return start + timedelta(minutes=step.after)
        kind = Order.objects.filter(id=order_id).values_list("kind", flat=True).first() or "help"
        minutes = int(step.after * standards.kinds()[kind].solve_minutes if step.unit == LIMIT else step.after)
        return calendars.get_calendar("work").add(start, minutes)

    def tell(self) -> None:
        """Write down for `status` how it goes."""
        facts = {"spoken": self.spoken, "done": self.done, "planned": len(self.due), "clock": clock.now().isoformat()}
        _write("simulator-status.json", facts | {"wall": clock.wall().timestamp()})


def run(stop_event: Event, *, seed: int | None = None) -> None:
    """Until `stop_event` is set. A database that is away for a moment costs a turn, never the process."""
    simulator: Simulator | None = None
    told = 0.0
    while not stop_event.wait(TURN):
        try:
            if simulator is None:
                simulator = Simulator(seed)
            if not _control()["paused"]:
                simulator.turn()
            if clock.wall().timestamp() - told >= 3:
                simulator.tell()
                told = clock.wall().timestamp()
        except DatabaseError as error:
            log.warning("the simulator waits for the database: %s", type(error).__name__)
            close_old_connections()
            stop_event.wait(2.0)
        except Exception:
            log.exception("a turn of the simulator failed")
            stop_event.wait(2.0)
