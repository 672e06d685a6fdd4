"""Walks an order through its procedure by the verbs alone, each step done by whoever of the cast has it at that moment.

A walk is a line of moves: `verify:true` the responsible person leaves the step `verify` by `true`; `claim:claimed` somebody
claims it; a move with `!` at its end happens by itself when its time is over; `rate:yes`, `rate:no` the voices are content,
or one of them is not; `rate:silent` nobody says anything. After each move the walk checks what must always hold.
"""

from datetime import timedelta
from typing import Any

from linli.grid.selectors import stamp_of_building
from linli.kernel import clock
from linli.kernel.actors import SYSTEM, Actor
from linli.orders import actions, clocks
from linli.orders.actions.clocking import Worktimes, flow_of
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Clock, Order, Request, Voice
from linli.orders.states import STATE_OF
from linli.standards.flow import CLAIM, END, PARTS, Flow, parse
from linli.standards.procedures import PROCEDURES

WORDS = "到现场看过了，控制板换好，下午五点恢复"
#: who has a step in 锦绣苑 (3号楼, office hours) and in 和平里 (1号楼)
JINXIU = {
    "place": "li_min", "head": "zhao_hui", "manager": "xu_jing", "street": "cao_wei", "section": "xie_lin", "stability_centre": "ge_jun",
    "centre": "yu_tao", "department": "fang_zheng", "district": "yuan_qing", "property": "shi_qiang", "line": "han_mei",
    "front_desk": "lu_xin", "guide": "qi_yue", "deputy": "bao_hua", "claimer": "li_min",
}  # fmt: skip
HEPING = JINXIU | {
    "place": "wei_na", "head": "chu_weimin", "street": "yan_hui", "section": "miao_kai", "claimer": "wei_na",
}  # fmt: skip
#: procedure → (who opens it, kind of matter, does somebody wait for the result?)
OPENING: dict[str, tuple[str, str, bool]] = {
    "group_appeal": ("", "repair", True), "sensitive": ("", "group_rental", True), "question": ("", "consult", True),
    "complaint": ("", "complaint", True), "pool": ("xu_jing", "sanitation", True), "patrol": ("you_gang", "sanitation", True),
    "golden_eye": ("he_feng", "sanitation", True), "early_warning": ("zhao_hui", "dispute", False),
    "hotline": ("yu_tao", "noise", True), "repair": ("lu_xin", "repair", True), "message_board": ("lu_xin", "message", True),
    "correction": ("ren_qi", "data", True), "emergency": ("hua_yu", "event", False), "bad_opinion": ("zhao_hui", "opinion", False),
    "sensor": ("", "alarm", False), "item": ("lu_xin", "item", True), "joint": ("cao_wei", "safety", True),
}  # fmt: skip


def flow(procedure: str) -> Flow:
    """The procedure as every district has it."""
    return parse(next(data for code, _, _, data in PROCEDURES if code == procedure))


class Walk:
    """One order on its way."""

    def __init__(self, cast: Any, at: clock.Frozen, procedure: str, line: str = ""):
        self.cast, self.at, self.procedure = cast, at, procedure
        self.found_by_helper = line.startswith("found:")
        self.here = HEPING if procedure == "golden_eye" else JINXIU
        self.order = self._open()
        self.seen: list[str] = []
        self.check()

    # -- opening -----------------------------------------------------------------------------------------------

    def _open(self) -> Order:
        if self.procedure == "task":
            lead = Walk(self.cast, self.at, "joint")
            made = actions.open_children(
                by=lead.holder(), order_id=lead.order.id, tasks=[actions.Task(self.cast.account["fang_zheng"].id, "请民警到场维持秩序")]
            )
            return self._fresh(made[0])
        if self.procedure in ("supervision", "inspection"):
            about = Walk(self.cast, self.at, "group_appeal")
            by = self.cast.actor("cao_wei" if self.procedure == "supervision" else "qi_yue")
            made_one = actions.supervise_order(by=by, order_id=about.order.id, words="请说明为什么还没修好", inspection=self.procedure == "inspection")
            return self._fresh(made_one)
        if self.procedure == "deputies":
            return self._fresh(self._picked())
        opener, kind, voiced = OPENING[self.procedure]
        opener = "you_gang" if self.found_by_helper else opener
        voice = None
        if voiced:
            who = "bai" if self.here is HEPING else "zhou"
            member = self.cast.member[who]
            voice = VoiceDraft(words="2单元电梯坏了", group_id=member.group_id, member_id=member.id, account_id=member.account_id)
        draft = Draft(
            kind=kind, stamp=stamp_of_building(self.cast.building["hp1" if self.here is HEPING else "jx3"], "2单元"), voice=voice,
            procedure=self.procedure if opener or self.procedure == "sensor" else "", question=self.procedure == "question",
        )  # fmt: skip
        by = self.cast.actor(opener) if opener else SYSTEM
        return self._fresh(actions.open_order(by=by, draft=draft))

    def _picked(self) -> Order:
        """Three neighbours asked for it, then a deputy takes it up with one tap, as she does on her page."""
        stamp = stamp_of_building(self.cast.building["jx3"])
        for who in ("zhou", "chen", "liu"):
            member = self.cast.member[who]
            voice = VoiceDraft(words="电梯太旧了", group_id=member.group_id, member_id=member.id, account_id=member.account_id)
            actions.open_order(by=SYSTEM, draft=Draft(kind="repair", stamp=stamp, voice=voice, thing="电梯"))
        return actions.raise_picked(by=self.cast.actor("bao_hua"), community_id=str(self.cast.community["jinxiu"].id), thing="电梯")

    @staticmethod
    def _fresh(order: Order) -> Order:
        return Order.objects.get(id=order.id)

    # -- moves -------------------------------------------------------------------------------------------------

    def go(self, line: str) -> "Walk":
        """Do the moves of the line, one after the other."""
        for move in line.split():
            self.move(move)
        return self

    def move(self, move: str) -> None:
        """One move; see the module."""
        step, _, outcome = move.rstrip("!").partition(":")
        assert self.order.step == step, f"{self.seen} ended at {self.order.step}, {move} wanted"
        if step == "rate":
            self._rate(outcome)
        elif move.endswith("!"):
            self._let_it_happen(step)
        elif flow_of(self.order).step(step).type == CLAIM:
            actions.claim_order(by=self.actor_of(self.here["claimer"]), order_id=self.order.id)
        else:
            self.out(outcome)
        self.order = self._fresh(self.order)
        self.seen.append(f"{step}:{outcome}")
        if step != "rate":
            wanted = flow_of(self.order).step(step).outcome(outcome)
            assert wanted is not None and self.order.step in (wanted.to, "end"), move
        self.check()

    def out(self, code: str, by: Actor | None = None, **more: Any) -> None:
        """The responsible person (or `by`) leaves the step by an outcome, with all that it asks for."""
        here = flow_of(self.order).step(self.order.step)
        outcome = here.outcome(code)
        assert outcome is not None, f"{here.code} has no {code}"
        given = actions.Given(words=WORDS if "words" in outcome.needs else "")
        if outcome.needs & {"photo", "paper"}:
            given.blobs = ["0" * 64]
        given.parts = {code: WORDS for code in PARTS if code in outcome.needs}
        if "law" in outcome.needs:
            given.law = "信访工作条例第三十一条"
        if "date" in outcome.needs:
            given.until = clock.now() + timedelta(days=30)
        if "person" in outcome.needs:
            given.person = self.cast.account["fang_zheng"].id
        if here.type == "assess" and code.startswith("level"):
            n = int(code[-1])
            given.seriousness, given.difficulty = next(
                (i + 1, j + 1) for i, line in enumerate(here.matrix) for j, level in enumerate(line) if level == n
            )
        for name, value in more.items():
            setattr(given, name, value)
        by = by or self.holder()
        actions.pass_step(by=by, order_id=self.order.id, outcome=code, given=given, at_step=here.code)
        if outcome.second:
            row = Request.objects.get(order_id=self.order.id, kind=Request.OUTCOME, state=Request.OPEN)
            assert self._fresh(self.order).step == here.code, "it has to wait for the second person"
            actions.grant_request(by=self.cast.actor("cao_wei"), request_id=row.id)

    def holder(self) -> Actor:
        """Whoever has it now, as an actor of a page."""
        key = self.cast.key_of(self.order.responsible_id)
        assert key, f"{self.order.step}: nobody of the cast has it"
        return self.actor_of(key)

    def actor_of(self, key: str) -> Actor:
        """Somebody of the cast as a page would know her."""
        found: Actor = self.cast.actor(key)
        return found

    def _rate(self, how: str) -> None:
        if how == "silent":
            self.at.move(days=flow_of(self.order).rate_days, seconds=1)
            actions.close_unrated()
            return
        for voice in Voice.objects.filter(order_id=self.order.id, state=Voice.ACTIVE).order_by("id"):
            by = self.cast.actor(self.cast.key_of(voice.account_id))
            actions.rate_order(by=by, order_id=self.order.id, voice_id=voice.id, rating="satisfied" if how == "yes" else "unsolved")
            if how == "no":
                return

    def _let_it_happen(self, step: str) -> None:
        """Time goes on from due moment to due moment until the step is left."""
        for _ in range(40):
            moments = [m for m in Clock.objects.filter(order_id=self.order.id, state=Clock.RUNNING).values_list("next_at", flat=True) if m]
            assert moments, f"nothing will ever happen at {step}"
            self.at.set(max(min(moments), clock.now()))
            self.ticks()
            self.order = self._fresh(self.order)
            if self.order.step != step:
                return
        raise AssertionError(f"{step} does not end by itself")

    @staticmethod
    def ticks() -> None:
        """All that is due by now."""
        for _ in range(50):
            if not actions.advance_clocks():
                return
        raise AssertionError("the tick does not come to rest")

    def pass_time(self, **delta: float) -> None:
        """Time goes on and what is due happens."""
        self.at.move(**delta)
        self.ticks()
        self.order = self._fresh(self.order)
        self.check()

    # -- what must always hold ---------------------------------------------------------------------------------

    def check(self) -> None:
        """State and step agree, somebody has it, the stored light is what the clocks say, and an end is an end."""
        self.ticks()
        order = self.order = self._fresh(self.order)
        step = flow_of(order).step(order.step)
        if step.type == END:
            assert order.state == ("void" if step.ending == "void" else "closed")
            assert not order.is_open and order.closed_at and order.ending and order.light == clocks.NONE
            assert not Clock.objects.filter(order_id=order.id, state__in=(Clock.RUNNING, Clock.PAUSED)).exists()
            assert not Request.objects.filter(order_id=order.id, state=Request.OPEN).exists()
            return
        if not (order.state in ("working", "waiting") and step.type == "task"):
            assert order.state == STATE_OF[step.type]
        if step.type == CLAIM:
            assert order.responsible_id is None
        else:
            assert order.responsible_id, f"nobody has {order.step}"
        self.check_lights()

    def check_lights(self) -> None:
        """Stored at each change, and what one function makes of the clocks."""
        now, worktimes = clock.now(), Worktimes()
        lights = []
        for row in Clock.objects.filter(order_id=self.order.id, state=Clock.RUNNING):
            moments = clocks.plan(
                worktimes.of(row.calendar, self.order), row.started_at, row.amount, row.ladder, clocks.read_pauses(row.pauses)
            )
            reached = sum(1 for m in moments if m <= now)
            assert row.step == reached, f"{row.name}: {row.step} of {reached} rungs"
            assert row.light == clocks.light_of(row.ladder, reached)
            assert row.next_at == (moments[reached] if reached < len(moments) else None)
            lights.append(row.light)
        assert self.order.light == clocks.worst(lights)

    @property
    def end(self) -> str:
        """Where it ended and how: `end/done`."""
        assert not self.order.is_open, f"still at {self.order.step}"
        return f"{self.order.step}/{self.order.ending}"

    def clock(self, name: str) -> Clock:
        """Its newest clock of that name."""
        found = Clock.objects.filter(order_id=self.order.id, name=name).order_by("-round").first()
        assert found is not None, f"no clock {name}"
        return found
