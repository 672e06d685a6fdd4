"""UUIDv7: ordered by time, unique across threads."""

import threading
import time

from linli.kernel import ids


def test_ids_of_one_process_always_increase():
    made = [ids.new() for _ in range(20_000)]
    assert made == sorted(made) and len(set(made)) == len(made)


def test_the_layout_is_rfc_9562_version_7():
    before = time.time_ns() // 1_000_000
    made = ids.new()
    after = time.time_ns() // 1_000_000
    assert made.version == 7 and made.variant == "specified in RFC 4122"
    # The counter may run ahead of the clock by the ids made within one step; a few milliseconds at most.
    assert before <= made.int >> 80 <= after + 50


def test_threads_never_share_an_id():
    made: list[list] = [[] for _ in range(4)]
    threads = [threading.Thread(target=lambda box=box: box.extend(ids.new() for _ in range(5_000))) for box in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flat = [i for box in made for i in box]
    assert len(set(flat)) == 20_000 and all(box == sorted(box) for box in made)


def test_a_clock_that_goes_back_does_not_take_the_order_with_it(monkeypatch):
    first = ids.new()
    monkeypatch.setattr(ids.time, "time_ns", lambda: time.monotonic_ns() % 1_000_000_000)
    assert ids.new() > first
