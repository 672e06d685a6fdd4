"""A procedure rehearsed: what would happen to an order opened at a moment, with the lights. No Django, no database; the
engine in `orders` does the same, which tests compare rung by rung."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from linli.calendars.worktime import WorkTime
from linli.standards.flow import (
    ACTS,
    ANSWER,
    CLAIM,
    DISPATCH,
    END,
    PASS,
    RATE,
    TAKE_BACK,
    TAKEN_BACK_AT_MOST,
    WAIT,
    WHOM,
    Flow,
    Limit,
    Rung,
)

LONGEST = 1000  # steps of a rehearsal, so that a circle ends
DAY = 1440
LIGHTS = {"green": "绿灯", "yellow": "黄灯", "red": "红灯"}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a rehearsal. step: its code; limit, percent: the rung that is reached; outcome: what is chosen."""

    at: datetime
    step: str
    text: str
    light: str = ""
    limit: str = ""
    percent: float = 0
    outcome: str = ""


@dataclass(slots=True)
class Span:
    """One limit from its beginning to its end: the moments at which its light changes. `end` None: it still runs."""

    label: str
    lights: list[tuple[datetime, str]]
    end: datetime | None = None


@dataclass(slots=True)
class Rehearsal:
    """What happened, and the limits that ran."""

    lines: list[Happening] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)


def dry_run(
    flow: Flow, start: datetime, worktime: Callable[[str], WorkTime], *, kind_limit: tuple[int, str],
    moves: Mapping[datetime, str] | None = None, wait_days: int = 7,
) -> list[Happening]:  # fmt: skip
    """The lines of `rehearse`, with moves at given moments."""
    return rehearse(flow, start, worktime, kind_limit=kind_limit, moves=moves, wait_days=wait_days).lines


def rehearse(
    flow: Flow, start: datetime, worktime: Callable[[str], WorkTime], *, kind_limit: tuple[int, str],
    moves: Mapping[datetime, str] | None = None, ways: Mapping[str, str] | None = None, pace: float = 0.5, wait_days: int = 7,
) -> Rehearsal:  # fmt: skip
    """What happens to an order opened at `start` if nobody does anything but `moves` (moment → outcome) and `ways`.

    ways: step → the outcome by which it is left the first time that the order is there, when `pace` of the step's own
    limit is used (an hour later where it has none). `worktime` gives a calendar by its code, `kind_limit` the kind's own
    (amount, calendar). Steps that wait for a date get one after `wait_days`. Ends when nothing is due any more.
    """
    run = _Run(flow, worktime, kind_limit, wait_days, dict(ways or {}), pace)
    run.enter(flow.first, start)
    for limit in flow.starting("open"):
        run.begin(limit, start)
    if not any(s.type == CLAIM for s in flow.steps.values()):
        for limit in flow.starting("accept"):
            run.begin(limit, start)
    given = sorted((moves or {}).items())
    for _ in range(LONGEST):
        due = run.next_due()
        planned = min([*given[:1], *([run.planned] if run.planned else [])], default=None)
        if planned and (due is None or planned[0] <= due[0]):
            if given and planned == given[0]:
                given.pop(0)
            run.planned = None if planned == run.planned else run.planned
            run.move(*planned)
        elif due is not None:
            run.fire(due)
        else:
            break
        if run.over:
            break
    return run.found


@dataclass(slots=True)
class _Clock:
    """A limit that runs: since when, when it stood still, the rungs to come; `plan` None while it stands still."""

    limit: Limit
    work: WorkTime
    amount: float
    started: datetime
    span: Span
    rungs: list[Rung]
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    stopped: datetime | None = None
    plan: list[datetime] | None = None

    def go(self, at: datetime) -> None:
        """It runs, for the first time or again."""
        if self.stopped:
            self.pauses.append((self.stopped, at))
            self.stopped = None
        self.plan = [self._moment(r.percent / 100) for r in self.rungs]

    def _moment(self, part: float) -> datetime:
        at = self.work.share(self.started, self.amount, part)
        for begins, ends in self.pauses:
            if at > begins:
                at = self.work.push(at, begins, ends)
        return at

    def stand_still(self, at: datetime) -> None:
        """The limit waits with what it has left."""
        if self.plan is not None:
            self.stopped, self.plan = at, None


class _Run:
    def __init__(
        self, flow: Flow, worktime: Callable[[str], WorkTime], kind_limit: tuple[int, str], wait_days: int, ways: dict[str, str], pace: float
    ):  # fmt: skip
        self.flow, self.worktime, self.kind_limit, self.wait_days = flow, worktime, kind_limit, wait_days
        self.ways, self.pace = ways, pace
        self.found = Rehearsal()
        self.running: dict[str, _Clock] = {}
        self.planned: tuple[datetime, str] | None = None
        self.step = flow.first
        self.taken_back = 0
        self.over = False

    def say(self, at: datetime, text: str, light: str = "", limit: str = "", percent: float = 0, outcome: str = "") -> None:
        self.found.lines.append(Happening(at, self.step, text, light, limit, percent, outcome))

    def begin(self, limit: Limit, at: datetime) -> None:
        self.stop(limit.code, at)
        amount, calendar = self.kind_limit if limit.by_kind else (limit.amount, limit.calendar)
        span = Span(limit.label, [(at, "green")])
        self.found.spans.append(span)
        clock = self.running[limit.code] = _Clock(limit, self.worktime(calendar), amount, at, span, list(limit.ladder))
        clock.go(at)

    def stop(self, code: str, at: datetime) -> None:
        if code in self.running:
            self.running.pop(code).span.end = at

    def enter(self, code: str, at: datetime) -> None:
        left, step = self.flow.steps[self.step], self.flow.steps[code]
        self.step, self.planned = code, None
        self.say(at, f"进入“{step.label}”")
        for clock in self.running.values():
            if step.pauses and clock.limit.code != ANSWER:
                clock.stand_still(at)
            elif left.pauses and not step.pauses and clock.plan is None:
                clock.go(at)
        for limit in self.flow.starting(f"step:{code}"):
            self.begin(limit, at)
        if step.type == WAIT and code not in self.flow.limits:
            self.begin(self.waiting(code), at)
        if step.type in (END, RATE):
            for running in list(self.running):
                self.stop(running, at)
            self.over = True
        if step.type == RATE:
            self.say(at + timedelta(days=step.days), f"{step.days} 天没人评价，记为未评价，结束")
        self.go_on(code, at)

    def waiting(self, code: str) -> Limit:
        """A step that waits for a date: yellow on that day, red a day later."""
        whole = (self.wait_days + 1) * DAY
        ladder = (Rung(100 * self.wait_days * DAY / whole, "responsible"), Rung(100, "community_head"), Rung(200, "street"))  # type: ignore[arg-type]
        return Limit("wait", f"等到约定的日期（这里按 {self.wait_days} 天）", whole, "clock", f"step:{code}", f"step:{code}", ladder)

    def go_on(self, code: str, at: datetime) -> None:
        """Somebody will choose the step's way, where one is given."""
        way = self.ways.pop(code, "")
        if not way:
            return
        own, later = self.flow.limits.get(code), at + timedelta(hours=1)
        if own is not None:
            amount, calendar = self.kind_limit if own.by_kind else (own.amount, own.calendar)
            later = self.worktime(calendar).share(at, amount, self.pace)
        self.planned = (later, way)

    def leave(self, at: datetime, to: str) -> None:
        claimed = self.flow.steps[self.step].type == CLAIM
        for code in [c for c, x in self.running.items() if x.limit.until in (f"step:{self.step}", "touch")]:
            self.stop(code, at)
        self.enter(to, at)
        if claimed:
            # Claimed again after it was taken back: what was promised at the first acceptance holds.
            for limit in self.flow.starting("accept"):
                if limit.code not in self.running:
                    self.begin(limit, at)

    def next_due(self) -> tuple[datetime, str] | None:
        return min(((x.plan[0], code) for code, x in self.running.items() if x.plan), default=None)

    def move(self, at: datetime, code: str, *, by_hand: bool = True) -> None:
        outcome = self.flow.steps[self.step].outcome(code)
        if outcome is None:
            return
        self.say(at, f"选“{outcome.label}”", outcome=code if by_hand else "")
        met = ({"answer"} if outcome.told else set()) | ({"handle"} if self.flow.gives_result(outcome) else set())
        for running in [c for c, x in self.running.items() if x.limit.until in met]:
            self.stop(running, at)
        self.leave(at, outcome.to)

    def fire(self, due: tuple[datetime, str]) -> None:
        at, code = due
        clock = self.running[code]
        rung = clock.rungs.pop(0)
        assert clock.plan is not None
        clock.plan.pop(0)
        light = "red" if rung.percent >= 100 else "yellow"
        if clock.span.lights[-1][1] != light:
            clock.span.lights.append((at, light))
        step = self.flow.steps[self.step]
        dispatched = rung.act == DISPATCH and step.type == CLAIM
        self.say(at, self.words(clock.limit, rung, light, dispatched), light, code, rung.percent)
        if dispatched:
            self.leave(at, step.outcomes[0].to)
        elif rung.act == TAKE_BACK:
            self.take_back(at)
        elif rung.act == PASS and code == self.step:
            self.move(at, rung.outcome, by_hand=False)

    def words(self, limit: Limit, rung: Rung, light: str, dispatched: bool) -> str:
        word, who = LIGHTS[light], WHOM.get(rung.whom, rung.whom)
        if dispatched:
            return f"“{limit.label}”到时没人领，{word}，指派给{who}"
        if rung.act == TAKE_BACK:
            last = self.taken_back >= TAKEN_BACK_AT_MOST
            return f"“{limit.label}”到时没有动静，{word}，{'已经收回过两次，由云平台中心接' if last else ACTS[TAKE_BACK]}"
        if rung.act == PASS:
            return f"“{limit.label}”到时，{word}，{ACTS[PASS]}"
        return f"“{limit.label}”到 {round(rung.percent)}%，{word}，{ACTS[rung.act]}：{who}"

    def take_back(self, at: datetime) -> None:
        self.taken_back += 1
        claim = next((c for c, s in self.flow.steps.items() if s.type == CLAIM), "")
        if claim and self.taken_back <= TAKEN_BACK_AT_MOST:
            self.leave(at, claim)
