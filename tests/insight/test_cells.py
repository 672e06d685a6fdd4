"""Cells cannot drift: after any walk of actions they equal the slow recount, on both databases."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from linli.grid.selectors import stamp_of_building
from linli.insight import actions as insight
from linli.insight.figures import NAMES, Figures, sums
from linli.insight.models import Cell, Stale
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import LinliError, WrongState
from linli.orders import actions
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Order, Voice
from linli.orders.states import Rating
from linli.standards.seed import CATEGORIES, DAILY, SENSITIVE
from tests.insight.recount import cells, check

WORDS = "水管接好了，试了两次不漏，下周再来看一遍"


def settle(deliver) -> None:
    """What the worker would do within three seconds."""
    while actions.advance_clocks():
        pass
    deliver()
    while insight.refresh_cells():
        pass


def opened(cast, building="jx3", kind="repair", thing="水管", member=None, **more) -> Order:
    who = cast.member[member] if member else None
    voice = VoiceDraft(words="漏水", member_id=who.id if who else None, account_id=who.account_id if who else None)
    draft = Draft(kind=kind, stamp=stamp_of_building(cast.building[building]), voice=voice, thing=thing, **more)
    return actions.open_order(by=SYSTEM, draft=draft)


def cell(order: Order, category: str | None = None) -> Figures:
    """The figures of a category on the order's day and place, over its kinds, clauses and ways."""
    found = Figures()
    rows = Cell.objects.filter(local_day=order.local_day, community_id=order.community_id, category=category or order.category)
    found.add(rows.aggregate(**sums()))
    return found


class Walk:
    """Random steps through the actions, as rough as the machine allows; what is refused is no step."""

    def __init__(self, cast, at, seed: int):
        self.cast, self.at, self.rng = cast, at, Random(seed)

    def step(self) -> None:
        deed = self.rng.choice([
            self.open, self.open, self.history, self.voice, self.unvoice, self.answer, self.handle, self.handle, self.handle,
            self.rate, self.rate, self.rate, self.rate, self.correct, self.recategorise, self.void, self.conclude, self.turn_back, self.split, self.merge, self.child, self.supervise,
            self.time, self.time, self.pool, self.claim, self.claim, self.accept, self.wait,
        ])  # fmt: skip
        try:
            deed()
        except LinliError:
            pass

    def some(self, **filters) -> Order:
        found = list(Order.objects.filter(**filters).order_by("id"))
        if not found:
            raise WrongState()
        return self.rng.choice(found)

    def open(self) -> None:
        kind = self.rng.choice(DAILY + SENSITIVE)[0]
        building = self.rng.choice(["jx3", "jx5", "ld7", "hp1", "hw1"])
        opened(self.cast, building, kind, member=self.rng.choice(["zhou", "chen", "liu", None]))

    def history(self) -> None:
        opened(self.cast, self.rng.choice(["jx3", "hp1"]), history_at=clock.now())

    def pool(self) -> None:
        opened(self.cast, "jx3", procedure=self.rng.choice(["golden_eye", "pool", "hotline"]))

    def claim(self) -> None:
        actions.claim_order(by=self.cast.actor("li_min"), order_id=self.some(state="pooled").id)

    def accept(self) -> None:
        order = self.some(state="assigned", responsible_id__isnull=False)
        actions.accept_order(by=self.cast.actor(self.cast.key_of(order.responsible_id)), order_id=order.id)

    def wait(self) -> None:
        order = self.some(state="working", responsible_id__isnull=False)
        by = self.cast.actor(self.cast.key_of(order.responsible_id))
        row = actions.request_pause(by=by, order_id=order.id, words="等配件到货", waits_for="material", until=clock.now() + timedelta(days=2))
        actions.grant_request(by=self.cast.actor("cao_wei"), request_id=row.id)

    def voice(self) -> None:
        who = self.cast.member[self.rng.choice(["zhou", "chen", "liu", "ma"])]
        member = self.rng.choice([who.id, None])
        actions.add_voices(by=SYSTEM, order_id=self.some().id, voices=[VoiceDraft(words="还在漏", member_id=member)])

    def unvoice(self) -> None:
        order = self.some()
        voice = self.rng.choice(list(order.voices.filter(state=Voice.ACTIVE).order_by("id")) or [None])
        if voice:
            actions.remove_voice(by=SYSTEM, order_id=order.id, voice_id=voice.id, words="说的是另一件事")

    def answer(self) -> None:
        actions.answer_order(by=SYSTEM, order_id=self.some(is_open=True).id, words=WORDS)

    def handle(self) -> None:
        ending = self.rng.choice(["done", "done", "done", "no", "not_ours"])
        actions.handle_order(by=SYSTEM, order_id=self.some(is_open=True).id, words=WORDS, ending=ending)

    def rate(self) -> None:
        order = self.some(handled_at__isnull=False)
        voice = self.rng.choice(list(order.voices.order_by("id")) or [None])
        if voice is None:
            return  # a part that others do has no voice of its own
        rating = self.rng.choice([r for r in Rating if r != Rating.UNRATED])
        actions.rate_order(by=SYSTEM, order_id=order.id, voice_id=voice.id, rating=rating)

    def correct(self) -> None:
        actions.correct_order(by=SYSTEM, order_id=self.some(is_open=True).id, kind=self.rng.choice(DAILY)[0])

    def recategorise(self) -> None:
        order = self.some(is_open=True)
        actions.correct_order(by=SYSTEM, order_id=order.id, category=self.rng.choice(CATEGORIES)[0])

    def void(self) -> None:
        if self.rng.random() < 0.4:
            actions.void_order(by=SYSTEM, order_id=self.some(is_open=True).id, words="试着按的")

    def turn_back(self) -> None:
        order = self.some(is_open=True, responsible_id__isnull=False)
        actions.return_order(by=SYSTEM, order_id=order.id, words="不归我这里管")

    def split(self) -> None:
        order = self.some(is_open=True, voice_count__gt=1)
        voice = self.rng.choice(list(order.voices.filter(state=Voice.ACTIVE).order_by("id")))
        actions.split_order(by=SYSTEM, order_id=order.id, voice_ids=[voice.id], words="说的是两件事")

    def merge(self) -> None:
        one, other = self.some(is_open=True), self.some(is_open=True)
        actions.merge_orders(by=SYSTEM, order_ids=[one.id], into=other.id)

    def child(self) -> None:
        to = self.cast.account["wang_fang"].id
        actions.open_children(by=SYSTEM, order_id=self.some(is_open=True).id, tasks=[actions.Task(to, "请一起看看", 3)])

    def supervise(self) -> None:
        actions.supervise_order(by=self.cast.actor("cao_wei"), order_id=self.some(is_open=True).id, words="请三天内有结果")

    def conclude(self) -> None:
        actions.conclude_review(by=SYSTEM, order_id=self.some(state="review").id, words=WORDS)

    def time(self) -> None:
        self.at.move(minutes=self.rng.choice([1, 17, 60, 120, 600, 1800]))
        actions.close_unrated()


@pytest.mark.parametrize("seed", [1, 2, 4])
def test_cells_equal_a_slow_recount_after_any_walk(cast, at, deliver, seed):
    walk = Walk(cast, at, seed)
    for n in range(1, 181):
        walk.step()
        if n % 45 == 0:
            settle(deliver)
            check()
    total = {name: sum(row[name] for row in cells().values()) for name in NAMES}
    assert all(total[n] for n in ("opened", "history", "voices", "answered", "handled", "solved", "answer_due")), total


def test_a_day_ends_at_midnight_in_china(cast, at, deliver):
    at.set(datetime(2026, 3, 2, 23, 59))
    opened(cast)
    at.move(minutes=2)
    opened(cast)
    settle(deliver)
    assert [(str(day), row["opened"]) for (day, *_), row in sorted(cells().items())] == [("2026-03-02", 1), ("2026-03-03", 1)]


def test_time_alone_makes_an_order_late(cast, at, deliver):
    order = opened(cast)
    settle(deliver)
    assert cell(order).answer_due == 0
    at.move(minutes=120)
    settle(deliver)
    now = cell(order)
    assert (now.answer_due, now.answered_in_time, now.solve_due) == (1, 0, 0)
    at.move(days=10)
    settle(deliver)
    assert cell(order).solve_due == 1
    actions.answer_order(by=SYSTEM, order_id=order.id, words=WORDS)
    settle(deliver)
    late = cell(order)
    assert (late.answered, late.answer_due, late.answered_in_time) == (1, 1, 0)


def test_not_solved_reopens_and_is_no_longer_solved(cast, at, deliver):
    order = opened(cast, member="zhou")
    actions.handle_order(by=SYSTEM, order_id=order.id, words=WORDS)
    settle(deliver)
    now = cell(order)
    assert (now.handled, now.solved, now.solved_in_time, now.unrated, now.reopened) == (1, 1, 1, 1, 0)
    voice = order.voices.get()
    actions.rate_order(by=SYSTEM, order_id=order.id, voice_id=voice.id, rating="unsolved")
    settle(deliver)
    now = cell(order)
    assert (now.handled, now.solved, now.solved_in_time, now.unrated, now.reopened) == (0, 0, 0, 0, 1)
    actions.handle_order(by=SYSTEM, order_id=order.id, words=WORDS)
    actions.rate_order(by=SYSTEM, order_id=order.id, voice_id=voice.id, rating="satisfied")
    settle(deliver)
    now = cell(order)
    assert (now.solved, now.satisfied, now.unsolved, now.reopened, now.opened) == (1, 1, 0, 1, 1)


def test_silence_and_a_dead_line_are_never_satisfaction(cast, at, deliver):
    silent, missed = opened(cast, "jx3"), opened(cast, "jx5")
    for order in (silent, missed):
        actions.handle_order(by=SYSTEM, order_id=order.id, words=WORDS)
    actions.rate_order(by=SYSTEM, order_id=missed.id, voice_id=missed.voices.get().id, rating="not_reached", how="phone")
    at.move(days=8)
    actions.close_unrated()
    settle(deliver)
    now = cell(silent)
    assert (now.satisfied, now.so_so, now.unsolved, now.not_reached, now.unrated) == (0, 0, 0, 1, 1)


def test_an_honest_no_is_no_failure_and_no_success(cast, at, deliver):
    order = opened(cast)
    actions.handle_order(by=SYSTEM, order_id=order.id, words=WORDS, ending="no")
    at.move(days=30)
    settle(deliver)
    now = cell(order)
    assert (now.handled, now.declined, now.solved, now.solve_due) == (1, 1, 0, 0)


def test_a_corrected_category_moves_its_count(cast, at, deliver):
    order = opened(cast)
    settle(deliver)
    before = order.category
    assert cell(order).opened == 1
    actions.correct_order(by=SYSTEM, order_id=order.id, category="health")
    settle(deliver)
    assert (cell(order, before).opened, cell(order, "health").opened) == (0, 1)
    actions.correct_order(by=SYSTEM, order_id=order.id, kind="parking")
    actions.correct_order(by=SYSTEM, order_id=order.id, category="culture")
    settle(deliver)
    assert {k[2]: v["opened"] for k, v in cells().items()} == {"culture": 1}


def test_history_is_counted_apart_and_a_void_order_not_at_all(cast, at, deliver):
    opened(cast, history_at=clock.now())
    void = opened(cast)
    actions.void_order(by=SYSTEM, order_id=void.id, words="试着按的")
    settle(deliver)
    now = cell(void)
    assert now.history == 1
    assert all(getattr(now, name) == 0 for name in NAMES if name != "history")


def test_refreshing_again_changes_nothing(cast, at, deliver):
    opened(cast)
    settle(deliver)
    before = cells()
    assert insight.refresh_cells() == 0
    insight.mark_cells(Cell.objects.values_list("local_day", "street_id", "community_id"))
    assert insight.refresh_cells() == 1
    assert cells() == before


@pytest.mark.django_db
def test_marking_is_once_for_each_cell():
    key = (clock.today(), UUID(int=1), UUID(int=2))
    insight.mark_cells([key, key])
    insight.mark_cells([key])
    assert Stale.objects.count() == 1
    while insight.refresh_cells():
        pass
    assert not cells() and not Stale.objects.exists()
