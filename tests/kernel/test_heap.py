"""Settling the heap, in a process of its own: what stands is frozen, garbage that comes later is still found."""

import subprocess
import sys

PLAY = """
import gc, weakref
from linli.kernel import heap
class Thing: pass
stays = Thing(); heap.settle()
assert gc.get_freeze_count() > 1000 and gc.get_threshold()[0] == heap.YOUNG
thing = Thing(); thing.own = thing; gone = weakref.ref(thing); del thing
stays.many = [[] for _ in range(2 * heap.YOUNG)]
assert gone() is None, "a cycle made later is collected by itself"
"""


def test_what_is_loaded_is_set_aside_and_later_garbage_is_found():
    done = subprocess.run([sys.executable, "-c", PLAY], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
