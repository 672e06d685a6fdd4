"""Two colleagues paste parts of one chat at the same moment: each word is stored, each once."""

import contextlib
import threading

import pytest

from linli.channels.relay import align
from linli.doors import relay
from linli.groups.models import Message
from linli.kernel import ids
from tests.orders.people import race

pytestmark = pytest.mark.django_db(transaction=True)
EARLY = "小肖 2026/3/2 9:10:02\n电梯又坏了，老人下不去楼\n"
LATE = "郭先生 2026/3/2 9:50:12\n今天停水吗？\n\n小肖 2026/3/2 9:51:02\n电梯又坏了，老人下不去楼\n"


@pytest.mark.parametrize("second, stored", [(LATE, 3), (EARLY, 1)])
def test_of_two_pastes_at_one_moment_no_word_is_taken_for_the_other_s(cast, at, monkeypatch, second, stored):
    group, actor, both, known = cast.group["jxr"], cast.actor("zhang_jie"), threading.Barrier(2), align.known

    def meanwhile(*given):
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(1)  # each has read what is stored before the other one stores; where they wait for each other, only one
        return known(*given)

    monkeypatch.setattr(align, "known", meanwhile)
    race(*[lambda text=text: relay.take(actor, group.id, text, str(ids.new()), relay.Wish()) for text in (EARLY, second)])
    assert Message.objects.filter(account=relay.keys.account(group.id)).count() == stored
