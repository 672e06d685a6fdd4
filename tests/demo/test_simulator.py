"""The simulator speaks and works by the product's clock, can be stopped and hurried, and leaves people's own words alone."""

from datetime import datetime, timedelta
from threading import Event as Flag
from threading import Thread

import pytest

from linli.assistant import intake
from linli.demo import simulator
from linli.demo.simulator import STAGE, YOURS, Simulator
from linli.groups import actions as groups
from linli.groups.inbound import Inbound
from linli.groups.models import Message
from linli.kernel import clock
from linli.ledger.clockrow import start
from linli.ledger.models import VirtualClock
from linli.orders.models import Order
from linli.orders.states import OrderState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.LINLI_VAR = tmp_path


@pytest.fixture
def town(cast, at):
    return Simulator(seed=7)


def live(town, at, minutes, step=10):
    for _ in range(minutes * 60 // step):
        at.move(seconds=step)
        town.turn()
        while intake.take_in(limit=100):
            pass


def said():
    return Message.objects.filter(direction=Message.IN)


def test_somebody_speaks_every_20_to_60_seconds(town, at):
    live(town, at, 30)
    assert 25 <= said().count() <= 90
    assert said().count() == town.spoken


def test_when_the_clock_stands_still_nobody_speaks(town, at):
    for _ in range(50):
        town.turn()
    assert said().count() == 0


def test_the_night_is_quiet(cast, at):
    at.set(datetime(2026, 3, 2, 23))
    town = Simulator(seed=7)
    live(town, at, 30)
    assert said().count() <= 9


def test_a_pace_makes_it_livelier(cast, at):
    simulator.set_pace(4)
    town = Simulator(seed=7)
    live(town, at, 10, step=2)
    assert said().count() >= 40
    simulator.set_pace(10_000)
    assert simulator.status()["pace"] == simulator.FASTEST


def test_staff_take_up_and_end_what_the_simulator_has_opened(town, at):
    live(town, at, 120, step=30)
    assert Order.objects.count() >= 3
    at.move(days=3)
    for _ in range(40):
        town.turn()
        at.move(minutes=30)
    states = set(Order.objects.values_list("state", flat=True))
    assert states & {OrderState.HANDLED, OrderState.CLOSED} and town.done > 6


def test_your_own_words_are_left_to_you(cast, at, town):
    member = cast.member["zhou"]
    words = Inbound(
        group_id=member.group_id, community_id=cast.community["jinxiu"].id, account="page:x", dedupe_key="by hand",
        text="3号楼2单元电梯又坏了，老人下不去楼", member_id=member.id, sent_at=clock.now(),
    )  # fmt: skip
    groups.receive(cast.actor("zhou"), [words])
    live(town, at, 120, step=30)
    mine = Order.objects.get(building_id=cast.building["jx3"].id, thing="电梯")
    assert mine.state == OrderState.ASSIGNED and mine.answered_at is None
    speakers = set(said().exclude(dedupe_key="by hand").values_list("member_id", flat=True))
    assert not speakers & {m.id for k, m in cast.member.items() if k.partition("@")[0] in YOURS}
    others = Order.objects.filter(building_id=cast.group[STAGE].building_id).exclude(id=mine.id)
    assert not others.exclude(procedure="question").exists()


def test_what_stood_open_before_is_taken_up_again(cast, at):
    first = Simulator(seed=3)
    live(first, at, 90, step=30)
    still_open = Order.objects.filter(is_open=True).count()
    second = Simulator(seed=4)
    assert still_open and second.due and second.planned >= {o.id for o in Order.objects.filter(is_open=True)}


def test_control_and_status_go_through_the_folder():
    assert simulator.status() == {
        "paused": False, "pace": 1.0, "spoken": None, "done": None, "planned": None, "clock": None, "running": False,
    }  # fmt: skip
    simulator.pause()
    assert simulator.status()["paused"]
    simulator.resume()
    assert not simulator.status()["paused"]
    (simulator._file("simulator.json")).write_text("not json")
    assert simulator.status()["pace"] == 1.0


def test_the_clock_itself_can_be_hurried():
    start(at=clock.wall(), speed=1.0)
    simulator.set_clock(60)
    assert VirtualClock.objects.get(id=1).speed == 60
    simulator.set_clock(-5)
    assert VirtualClock.objects.get(id=1).speed == 0


@pytest.mark.django_db(transaction=True)
def test_it_runs_until_it_is_told_to_stop(cast, monkeypatch):
    turns = []
    monkeypatch.setattr(simulator, "TURN", 0.01)
    monkeypatch.setattr(simulator.Simulator, "turn", lambda self: turns.append(1))
    ending = Flag()
    thread = Thread(target=simulator.run, args=(ending,))
    thread.start()
    until = clock.wall() + timedelta(seconds=10)
    while not (turns and simulator.status()["running"]) and clock.wall() < until:
        ending.wait(0.02)
    ending.set()
    thread.join(10)
    assert turns and not thread.is_alive() and simulator.status()["running"]
