"""Effects and "done" commit together: each delivery has its effect exactly once, whatever fails in between."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections, transaction

from linli.kernel import clock
from linli.kernel.actors import BOT, CLOCK
from linli.ledger import delivery, handlers
from linli.ledger.handlers import NotYet
from linli.ledger.models import Delivery, Event, Tick, Wake
from linli.ledger.record import Row, history, record, record_many

pytestmark = pytest.mark.django_db
VERB = "lamps.light"


def light(count=1, verb=VERB, **facts):
    with transaction.atomic():
        return record_many(BOT, verb, [Row("lamp", uuid4(), facts={"n": n, **facts}) for n in range(count)])


def effect(events):
    """Something in the database, once per event."""
    Wake.objects.bulk_create([Wake(topic=str(e.facts["n"]), at=clock.wall()) for e in events])


def effects():
    return sorted(int(t) for t in Wake.objects.values_list("topic", flat=True))


def in_threads(work, count=4):
    failed = []

    def run():
        try:
            work()
        except Exception as exc:
            failed.append(exc)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert not failed


@pytest.mark.django_db(transaction=True)
def test_history_and_change_commit_together_or_not_at_all(subscribe):
    subscribe(VERB, name="test.effect")(effect)
    with pytest.raises(RuntimeError, match="outside a transaction"):
        record(BOT, VERB, Row("lamp", uuid4()))
    with pytest.raises(KeyError), transaction.atomic():
        record(BOT, VERB, Row("lamp", uuid4()))
        raise KeyError
    assert not Event.objects.exists() and not Delivery.objects.exists()


def test_an_event_says_who_what_when_where(at):
    lamp, community = uuid4(), uuid4()
    with transaction.atomic():
        made = record(CLOCK, VERB, Row("lamp", lamp, community_id=community, facts={"watt": 5}))
    [event] = history(lamp)
    assert event.id == made.id and event.at == clock.now() and event.local_day == clock.today()
    assert (event.actor_kind, event.verb, event.subject_kind, event.community_id) == ("clock", VERB, "lamp", community)
    assert event.facts == {"v": 1, "watt": 5}


def test_each_subscriber_gets_its_own_delivery(subscribe):
    heard = []
    subscribe(VERB, name="test.one")(lambda events: heard.append("one"))
    subscribe(VERB, "lamps.dim", name="test.two")(lambda events: heard.append("two"))
    light()
    light(verb="lamps.dim")
    light(verb="lamps.sell")
    assert delivery.open_count() == 3
    assert delivery.deliver_all() == 3
    assert sorted(heard) == ["one", "two", "two"] and delivery.open_count() == 0
    assert delivery.deliver_all() == 0


def test_a_batch_comes_in_order_and_in_few_statements(subscribe, django_assert_max_num_queries):
    sizes = []
    subscribe(VERB, name="test.batch", batch=50)(lambda events: sizes.append([e.facts["n"] for e in events]))
    light(120)
    with django_assert_max_num_queries(40):
        delivery.deliver_all()
    assert [len(s) for s in sizes] == [50, 50, 20] and sum(sizes, []) == list(range(120))


def test_one_bad_event_does_not_hold_up_its_batch(subscribe):
    @subscribe(VERB, name="test.picky", batch=10)
    def picky(events):
        effect(events)
        if any(e.facts["n"] == 3 for e in events):
            raise ValueError("a canary's name")

    light(6)
    delivery.deliver_all()
    assert effects() == [0, 1, 2, 4, 5]
    [bad] = Delivery.objects.filter(state=Delivery.PENDING)
    assert bad.attempts == 1 and bad.error == "ValueError", "an error's words may hold personal data"
    assert bad.due_at > clock.wall()


def test_failures_wait_longer_each_time_and_end_before_a_person(subscribe):
    calls = []

    @subscribe(VERB, name="test.broken")
    def broken(events):
        calls.append(1)
        raise OSError

    light()
    pauses = []
    for _ in range(delivery.MAX_ATTEMPTS):
        before = clock.wall()
        delivery.deliver_all()
        row = Delivery.objects.get()
        pauses.append((row.due_at - before).total_seconds())
        Delivery.objects.update(due_at=clock.wall())
    # Each turn of a lone delivery calls twice: as a batch, then alone.
    assert row.state == Delivery.FAILED and row.attempts == delivery.MAX_ATTEMPTS
    assert pauses == sorted(pauses) and pauses[0] >= 1.5 and pauses[-1] <= 301
    assert delivery.deliver_all() == 0
    called = len(calls)
    assert delivery.retry_failed(row.id) and not delivery.retry_failed(row.id)
    delivery.deliver_all()
    assert len(calls) > called and Delivery.objects.get().attempts == 1


def test_not_yet_is_no_failure(subscribe):
    later = clock.wall() + timedelta(hours=9)
    subscribe(VERB, name="test.patient")(lambda events: (_ for _ in ()).throw(NotYet(later)))
    light()
    delivery.deliver_all()
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.due_at) == (Delivery.PENDING, 0, later)


def test_not_yet_of_one_does_not_hold_up_the_others(subscribe):
    later = clock.wall() + timedelta(hours=1)

    @subscribe(VERB, name="test.some", batch=10)
    def some(events):
        effect(events)
        if any(e.facts["n"] == 0 for e in events):
            raise NotYet(later)

    light(4)
    delivery.deliver_all()
    assert effects() == [1, 2, 3] and Delivery.objects.get(state=Delivery.PENDING).due_at == later


def test_a_handler_that_is_gone_keeps_its_deliveries_waiting(subscribe):
    subscribe(VERB, name="test.gone")(effect)
    light()
    handlers._by_name.clear()
    assert delivery.deliver_all() == 0 and delivery.open_count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_workers_have_each_effect_once(subscribe):
    subscribe(VERB, name="test.effect", batch=7)(effect)
    light(150)
    in_threads(delivery.deliver_all)
    delivery.deliver_all()
    assert effects() == list(range(150))
    assert not Delivery.objects.exclude(state=Delivery.DONE).exists()


@pytest.mark.django_db(transaction=True)
def test_a_busy_handler_does_not_keep_another_worker_idle(subscribe):
    if connections["default"].vendor != "postgresql":
        return  # SQLite has one pen: nobody can be beside a busy one
    held, go = threading.Event(), threading.Event()

    @subscribe("lamps.slow", name="test.slow")
    def slow(events):
        held.set()
        assert go.wait(20)

    subscribe(VERB, name="test.effect")(effect)
    light(verb="lamps.slow")
    light(3)
    thread = threading.Thread(target=lambda: (delivery.run_once(), connections.close_all()))
    thread.start()
    try:
        assert held.wait(20)
        delivery.deliver_all()
        assert effects() == [0, 1, 2]
    finally:
        go.set()
        thread.join(20)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_leaves_its_work_to_the_next(subscribe):
    class Killed(BaseException):
        """Not an Exception: nothing catches it, as nothing catches kill -9."""

    dying = [True]

    @subscribe(VERB, name="test.effect", batch=5)
    def mortal(events):
        effect(events)
        if dying:
            dying.clear()
            raise Killed

    light(5)
    with pytest.raises(Killed):
        delivery.run_once()
    assert effects() == [] and delivery.open_count() == 5
    delivery.deliver_all()
    assert effects() == [0, 1, 2, 3, 4]


def test_periodic_jobs_run_when_they_are_due(subscribe):
    ran = []
    handlers.every(60, name="test.minute")(lambda: ran.append(1))
    assert delivery.run_periodics() == 1 and delivery.run_periodics() == 0
    Tick.objects.update(next_at=clock.wall() - timedelta(hours=3))
    assert delivery.run_periodics() == 1 and delivery.run_periodics() == 0
    assert len(ran) == 2, "what was missed while nothing ran is not run again and again"


def test_a_failing_job_runs_again_and_holds_up_no_other(subscribe):
    ran = []
    handlers.every(60, name="test.broken")(lambda: 1 / 0)
    handlers.every(60, name="test.well")(lambda: ran.append(1))
    assert delivery.run_periodics() == 1 and ran == [1]
    Tick.objects.update(next_at=clock.wall())
    delivery.run_periodics()
    assert ran == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_periodic_job_has_one_winner(subscribe):
    ran = []
    handlers.every(3600, name="test.hour")(lambda: ran.append(1))
    together = threading.Barrier(6)

    def work():
        connections["default"].ensure_connection()
        together.wait(20)
        delivery.run_periodics()

    in_threads(work, 6)
    assert ran == [1]


def test_names_are_given_once(subscribe):
    subscribe(VERB, name="test.same")(effect)
    with pytest.raises(ValueError):
        subscribe(VERB, name="test.same")(effect)
    handlers.every(1, name="test.same")(effect)
    with pytest.raises(ValueError):
        handlers.every(1, name="test.same")(effect)
