"""Orders and races for the tests of this folder."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

from linli.grid.selectors import stamp_of_building
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import LinliError
from linli.orders import actions
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Order

WORDS = "控制板烧坏了，电梯公司下午五点前换好"


def voice_of(cast, who: str = "zhou", words: str = "2单元电梯坏了") -> VoiceDraft:
    """What somebody of the cast says in her group."""
    member = cast.member[who]
    return VoiceDraft(words=words, group_id=member.group_id, member_id=member.id, account_id=member.account_id)


def draft(cast, who: str = "zhou", *, kind: str = "repair", thing: str = "电梯", building: str = "jx3", **more: Any) -> Draft:
    """A matter of that building told by somebody."""
    return Draft(kind=kind, thing=thing, stamp=stamp_of_building(cast.building[building], "2单元"), voice=voice_of(cast, who), **more)


def opened(cast, *others: str, **what: Any) -> Order:
    """An order of 周阿姨's lift; `others` say the same."""
    order = actions.open_order(by=SYSTEM, draft=draft(cast, **what))
    if others:
        actions.add_voices(by=SYSTEM, order_id=order.id, voices=[voice_of(cast, who) for who in others])
    return Order.objects.get(id=order.id)


def race(*works: Callable[[], Any]) -> list[Any]:
    """Run each work in a thread of its own, all from one start; what it returned, or the typed error it raised. Any
    other error (a deadlock, a broken constraint) fails the test."""
    start = threading.Barrier(len(works))
    found: list[Any] = [None] * len(works)
    wrong: list[BaseException] = []

    def run(n: int, work: Callable[[], Any]) -> None:
        try:
            start.wait(20)
            found[n] = work()
        except LinliError as exc:
            found[n] = exc
        except BaseException as exc:
            wrong.append(exc)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, work)) for n, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    assert not wrong, wrong
    return found
